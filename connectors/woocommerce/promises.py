"""The expected day in the order's metadata, for themes and plugins. What waits and what is ready stands beside it."""

from connectors.woocommerce import marks
from connectors.woocommerce.client import Client
from core.actions import Publish
from core.outcomes import Already, Done, Outcome


def publish(client: Client, wanted: Publish) -> Outcome:
    """Make the metadata name the day on which the rest is expected; with nothing waiting, or no day, no key stands."""
    day = wanted.expected_on.isoformat() if wanted.waiting and wanted.expected_on else None
    meta = marks.meta_of(client.get_object(f"orders/{wanted.order}"))
    if meta.get(marks.EXPECTED) == day:
        return Already()
    client.put(f"orders/{wanted.order}", marks.written({marks.EXPECTED: day}))
    return Done()
