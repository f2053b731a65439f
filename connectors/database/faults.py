"""The driver's errors in our words: other rooms do not know the driver."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import exc

from connectors.database.engine import sqlite_module
from core.errors import Misuse, Unavailable
from core.sentences import sentence

OF_THE_SERVER = ("42P01", "42501", "25006", "25P03", "XX")
"""How PostgreSQL's states begin that are no fault of a statement: a table that is not there yet, or not ours to use;
a server that takes no writes, as a standby does; one that waited too long for the next statement; files of its own that
are damaged."""


@contextmanager
def understood() -> Iterator[None]:
    """Raise `Unavailable` for a database that does not answer, `Misuse` for a row of a shop that is not there."""
    try:
        yield
    except exc.IntegrityError as problem:
        if "foreign key" not in str(problem.orig).lower():
            raise
        raise Misuse(sentence("the shop is not connected, or no longer: nothing was stored")) from problem
    except (exc.OperationalError, exc.InterfaceError, exc.TimeoutError, sqlite_module().DatabaseError) as problem:
        # The last where a whole file is copied or first opened, of which SQLAlchemy sees nothing.
        raise Unavailable(
            sentence("the database cannot be used now: %(first_line)s", first_line=first_line(problem))
        ) from problem
    except exc.DatabaseError as problem:
        # SQLite calls a file that is none of its own so.
        state = getattr(problem.orig, "sqlstate", None) or ""
        if type(problem) is not exc.DatabaseError and not state.startswith(OF_THE_SERVER):
            raise
        raise Unavailable(
            sentence("the database cannot be used now: %(first_line)s", first_line=first_line(problem))
        ) from problem


def first_line(problem: Exception) -> str:
    """Return the driver's own words in one line, without the statement and its values."""
    words = str(problem.orig if isinstance(problem, exc.DBAPIError) else problem).strip()
    return words.splitlines()[0][:200] if words else type(problem).__name__
