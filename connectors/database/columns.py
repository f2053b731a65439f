"""Column types that mean the same on both databases: aware UTC instants, text that any database can hold."""

from datetime import UTC, date, datetime

from sqlalchemy import DateTime, Dialect, Integer, Text, TypeDecorator
from sqlalchemy.types import TypeEngine


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept in UTC. SQLite has no zones: it stores the UTC wall time."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return what the driver takes. Raises ValueError on an instant without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone before it can be stored")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the instant, aware and in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Day(TypeDecorator[date]):
    """A calendar day, kept as its ordinal: both databases subtract and compare whole numbers alike."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> int | None:  # noqa: ARG002  # its signature
        """Return what the driver takes."""
        return None if value is None else value.toordinal()

    def process_result_value(self, value: int | None, dialect: Dialect) -> date | None:  # noqa: ARG002  # its signature
        """Return the day."""
        return None if value is None else date.fromordinal(value)


class Words(TypeDecorator[str]):
    """Text. What PostgreSQL cannot hold (U+0000, lone surrogates) is replaced by U+FFFD, on both databases alike."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002  # its signature
        """Return text that both databases can hold."""
        return None if value is None else storable(value)


class Key(Words):
    """Text that is looked up and sorted: by code points, whatever the database's own language is."""

    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[str]:
        """Return the database's type. SQLite compares code points anyway."""
        return dialect.type_descriptor(Text(collation="C" if dialect.name == "postgresql" else None))


def storable(text: str) -> str:
    """Return the text with U+0000 and lone surrogates replaced."""
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.replace("\x00", "�") if "\x00" in text else text
