"""Where everything is kept: facts, inbox, outbox and the audit log, on SQLite or PostgreSQL."""

from connectors.database import migrate
from connectors.database.books import DatabaseBooks, open_books

__all__ = ["DatabaseBooks", "migrate", "open_books"]
