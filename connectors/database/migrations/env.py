"""How Alembic runs here: on the connection that `connectors.database.migrate` hands over, within its transaction."""

from alembic import context
from sqlalchemy import Column, Text
from sqlalchemy.types import TypeEngine

from connectors.database import tables
from connectors.database.columns import Key


def differs(
    context: object, inspected: Column[str], column: Column[str], found: TypeEngine[str], wanted: TypeEngine[str]
) -> bool | None:
    """Compare keys by their collation, which Alembic takes for another type; leave the rest to it."""
    if not isinstance(wanted, Key):
        return None
    collation = "C" if given["connection"].dialect.name == "postgresql" else None
    return not (isinstance(found, Text) and found.collation == collation)


given = context.config.attributes
context.configure(
    connection=given["connection"],
    target_metadata=tables.metadata,
    transactional_ddl=True,
    render_as_batch=True,
    compare_type=differs,
    on_version_apply=given["on_version_apply"],
)
context.run_migrations()
