"""What every table is declared with: the one schema, the names of its keys, and a shop's own column."""

from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, MetaData, text

from connectors.database.columns import Key

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMES)
SERIAL = BigInteger().with_variant(Integer, "sqlite")


def shop_key(*, primary: bool = False) -> Column[str]:
    """Return the column of a shop's own row: whose it is."""
    return Column("shop", Key, ForeignKey("shops.id"), primary_key=primary, nullable=False)


def where(condition: str) -> dict[str, Any]:
    """Return what makes an index cover only the rows of this condition, on either database."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}
