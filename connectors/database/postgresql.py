"""Lines to a PostgreSQL server: how long they are waited for, what is said on each, what a pooler in front forbids."""

import time
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import InvalidatePoolError

from core.errors import ConfigurationError

PATIENCE: dict[str, Any] = {
    "connect_timeout": 5, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}  # fmt: skip
"""Seconds, and the last in milliseconds: a PostgreSQL that a broken line hides is noticed, not waited for two hours."""
SERVER_PATIENCE = {
    "tcp_keepalives_idle": "10", "tcp_keepalives_interval": "5", "tcp_keepalives_count": "3",
    "tcp_user_timeout": "25000", "idle_in_transaction_session_timeout": "300s",
}  # fmt: skip
"""The same for the server's end, which by itself keeps what a lost machine had locked for two hours, from everybody;
and what a process had locked that was stopped, for as long as it is. No plan takes as long between two statements."""
DURABLE = """SELECT set_config('synchronous_commit', 'on', %s) WHERE current_setting('synchronous_commit') = 'off'"""
"""Whoever is answered may rely on it, even where the server was told to be quick; what waits for standbys stays so.
For the transaction (true) or for as long as the connection lives (false)."""
OURS = "backorder"
"""The name by which a server knows our connections."""
KEPT_OPEN = 12
"""Connections that a process keeps once its threads spoke through as many: each new one is a new process there."""
FRESH = 0.1
"""Seconds within which a connection is used again without a look whether it is still alive: that is a fourth of what a
question costs, and whoever comes so soon after the server broke down would not have been answered before either."""
USED = "used"
"""Among a connection's notes: when it was given back last."""
POOLED = "pooled"
"""Among a connection's notes: a pooler gives each transaction whatever line to the server is free."""


def make_engine(url: URL) -> Engine:
    """Return the way to the server at `url`; nothing is connected yet."""
    arguments = {**PATIENCE, "application_name": OURS}
    engine = create_engine(url, pool_size=KEPT_OPEN, max_overflow=60, connect_args=arguments, hide_parameters=True)

    # Before SQLAlchemy looks at the server, which fails on an encoding without text.
    @event.listens_for(engine, "connect", insert=True)
    def prepare(connection: Any, record: Any) -> None:  # noqa: ANN401  # a driver's connection and its note in the pool
        _check_encoding(connection.info.parameter_status("server_encoding"))
        if is_pooled(connection):
            # What is said once would be said to a line that the next transaction may not get, and that others do.
            record.info[POOLED] = True
            connection.prepare_threshold = None
        else:
            for name, value in SERVER_PATIENCE.items():
                connection.execute("SELECT set_config(%s, %s, false)", (name, value))
            connection.execute(DURABLE, (False,))
        connection.commit()

    _look_at_old_ones(engine)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.info.get(POOLED) and not connection.get_execution_options().get("postgresql_readonly"):
            connection.exec_driver_sql(DURABLE, (True,))

    return engine


def _look_at_old_ones(engine: Engine) -> None:
    """Let nobody have a connection that broke while it lay in the pool, as after the server's restart."""

    @event.listens_for(engine, "checkin")
    def note(_connection: object, record: Any) -> None:  # noqa: ANN401  # a connection's note in the pool
        record.info[USED] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def look(connection: Any, record: Any, _given: object) -> None:  # noqa: ANN401  # as above, and a driver's connection
        if time.monotonic() - record.info.get(USED, time.monotonic()) > FRESH:
            try:
                engine.dialect.do_ping(connection)
            except engine.dialect.loaded_dbapi.Error as problem:
                # All that are as old as this one are opened anew.
                raise InvalidatePoolError from problem


def _check_encoding(name: str) -> None:
    """Raise ConfigurationError where the database could not keep every customer's name."""
    if name != "UTF8":
        raise ConfigurationError(
            f"BACKORDER_DATABASE_URL: its encoding is {name}: make the database with ENCODING 'UTF8' TEMPLATE template0"
        )


def refuse_pooler(engine: Engine) -> None:
    """Raise ConfigurationError behind a pooler: PostgreSQL's own programs leave its lines unfit for others."""
    with engine.connect() as connection:
        if connection.info.get(POOLED):
            raise ConfigurationError("BACKORDER_DATABASE_URL: names a pooler: name the server itself for this command")


def is_pooled(connection: Any) -> bool:  # noqa: ANN401  # a driver's connection to PostgreSQL
    """Whether another program, such as PgBouncer, shares its lines to the server: it gives us a number of its own."""
    (own,) = connection.execute("SELECT pg_backend_pid()").fetchone()
    return bool(own != connection.info.backend_pid)
