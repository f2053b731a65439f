"""How Alembic runs here: on the connection that `connectors.database.migrate` hands over, within its transaction."""

from alembic import context

from connectors.database import tables

given = context.config.attributes
context.configure(
    connection=given["connection"],
    target_metadata=tables.metadata,
    transactional_ddl=True,
    render_as_batch=True,
    compare_type=True,
    on_version_apply=given["on_version_apply"],
)
context.run_migrations()
