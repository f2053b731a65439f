"""A merchant's colour becomes shades that can be read, whatever it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.messages.colours import CONTRAST, DARK_PAPER, LIGHT_PAPER, accents, contrast


@given(st.integers(0, 0xFFFFFF))
def test_every_colour_can_be_read_by_day_and_by_night(number):
    light, dark = accents(f"#{number:06x}")
    assert contrast(light, LIGHT_PAPER) >= CONTRAST
    assert contrast(light, "#ffffff") >= CONTRAST
    assert contrast(dark, DARK_PAPER) >= CONTRAST
    assert contrast(dark, "#151817") >= CONTRAST


@pytest.mark.parametrize(("one", "other", "ratio"), [("#000000", "#ffffff", 21), ("#777777", "#777777", 1),
                                                    ("#767676", "#ffffff", 4.54)])  # fmt: skip
def test_contrast_is_what_the_guidelines_measure(one, other, ratio):
    assert contrast(one, other) == contrast(other, one) == pytest.approx(ratio, abs=0.01)


def test_a_colour_that_can_be_read_already_stays():
    assert accents("#1d5c58")[0] == "#1d5c58"
