"""The schema. Every table of a shop's own carries the shop in its keys; money and units are whole numbers.

Records are kept whole as JSON text; beside it stand the columns that are looked up or counted. Text, not a JSON type:
PostgreSQL's refuses U+0000, and both databases give back exactly what was stored.

Each subject has its module. Ask this package for a table, never the module: `metadata` is then whole.
"""

from connectors.database.tables.audit import OF_SETTINGS, audit
from connectors.database.tables.clockwork import beats, offices
from connectors.database.tables.consolations import consolations
from connectors.database.tables.demand import demand, shelf, sold_out, waiting
from connectors.database.tables.forecasts import buying_terms, forecast_runs, forecasts
from connectors.database.tables.hooks import hook_endpoints, hook_messages
from connectors.database.tables.inbox import deliveries, inbox_lanes
from connectors.database.tables.laws import law_cases, law_edges
from connectors.database.tables.messages import mail_stops, mails, notices
from connectors.database.tables.orders import order_items, order_marks, orders, redactions
from connectors.database.tables.outbox import actions, outbox_turns
from connectors.database.tables.people import (
    approvals,
    links,
    recovery_codes,
    saved_views,
    second_factors,
    sessions,
    tokens,
)
from connectors.database.tables.replies import replies
from connectors.database.tables.schema import metadata
from connectors.database.tables.shops import shops
from connectors.database.tables.stock import arrivals, item_aliases, items, supply

__all__ = [
    "OF_SETTINGS",
    "actions",
    "approvals",
    "arrivals",
    "audit",
    "beats",
    "buying_terms",
    "consolations",
    "deliveries",
    "demand",
    "forecast_runs",
    "forecasts",
    "hook_endpoints",
    "hook_messages",
    "inbox_lanes",
    "item_aliases",
    "items",
    "law_cases",
    "law_edges",
    "links",
    "mail_stops",
    "mails",
    "metadata",
    "notices",
    "offices",
    "order_items",
    "order_marks",
    "orders",
    "outbox_turns",
    "recovery_codes",
    "redactions",
    "replies",
    "saved_views",
    "second_factors",
    "sessions",
    "shelf",
    "shops",
    "sold_out",
    "supply",
    "tokens",
    "waiting",
]
