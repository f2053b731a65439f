"""What was forgotten is found in no file of the database: its pages are overwritten, and here its journal is emptied.

SQLite's `secure_delete` blanks what is taken out of the pages. The write-ahead journal goes on holding them as they
were before, until it is written over. PostgreSQL has its own ways: see docs/operations.md.
"""

from contextlib import closing

import structlog
from sqlalchemy import Connection

from connectors.database.engine import BUSY_SECONDS, Door, sqlite_module

FORGETS = "forgets"
PATIENCE_MS = 500
"""How long readers are waited for: nobody writes meanwhile."""
log = structlog.get_logger(__name__)


def mark(connection: Connection) -> None:
    """Note that what this transaction takes out shall be gone for good once it is done."""
    connection.info[FORGETS] = True


def taken(connection: Connection) -> bool:
    """Return whether that was noted, and begin anew."""
    return bool(connection.info.pop(FORGETS, False))


def wipe(*files: Door) -> None:
    """Write each journal's pages to where they belong in its file, and empty it.

    Where somebody reads for long it stays as it is: the purge of the next hour tries again.
    """
    for door in files:
        with door.turn_to_write(), closing(door.writing.raw_connection()) as bare, closing(bare.cursor()) as cursor:
            try:
                cursor.execute(f"PRAGMA busy_timeout={PATIENCE_MS}")
                kept = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
                cursor.execute(f"PRAGMA busy_timeout={int(BUSY_SECONDS * 1000)}")
            except sqlite_module().Error as problem:
                # What was to be forgotten is out of the tables already: the transaction is done whatever happens here.
                log.warning("journal not emptied", problem=str(problem))
            else:
                if kept:
                    log.info("journal not emptied", problem="somebody reads the database")
