"""Names, SKUs and addresses are the same however they are typed."""

import pytest

from core.names import folded


@pytest.mark.parametrize(
    ("typed", "compared"),
    [
        (" Mug-Blue\t", "mug-blue"),
        ("Straße", "strasse"),
        ("mug blue", "mug blue"),
        ("  ", None),
        ("", None),
        (None, None),
    ],
)
def test_case_and_blanks_around_do_not_count_and_nothing_is_no_name(typed, compared):
    assert folded(typed) == compared
