"""A database error that is logged tells no customer's data: statements come without their values."""

import pytest
from sqlalchemy import exc, insert

from connectors.database import tables


def test_an_error_does_not_repeat_the_values_of_its_statement(kept):
    with pytest.raises(exc.IntegrityError) as caught, kept.write() as unit:
        unit.shops.transaction.run(insert(tables.shops).values(id="someone@shop.example"))
    words = str(caught.value)
    assert "SQL parameters hidden" in words
    # What PostgreSQL itself adds stands below DETAIL, which the log leaves out.
    assert "someone@shop.example" not in words.split("DETAIL:", maxsplit=1)[0]
