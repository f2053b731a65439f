"""What stands on an item: whether it is sold beyond its stock (`backorders`), and the day for a next unit."""

from connectors.woocommerce import marks
from connectors.woocommerce.client import Client
from connectors.woocommerce.fields import Json, identity, text
from connectors.woocommerce.orders import PLAIN_ID
from core.errors import NotFound
from core.item_actions import Announce, SellOn
from core.outcomes import Already, Blocked, Done, Outcome
from core.sentences import sentence

STOPPED = "no"


def sell_on(client: Client, wanted: SellOn) -> Outcome:
    """Set it where what stands there is what we know; a person's own word is left alone."""
    shown = _shown(client, wanted.item)
    before, after = (STOPPED, wanted.setting) if wanted.beyond else (wanted.setting, STOPPED)
    stands = text(shown.get("backorders"))
    if shown.get("manage_stock") is not True:
        return Blocked(reason=sentence("The store does not count this item's units any more."))
    if stands == after:
        return Already()
    if stands != before:
        return Blocked(reason=sentence("Somebody changed at the store whether backorders are taken."))
    client.put(_place(shown, wanted.item), {"backorders": after})
    return Done()


def announce(client: Client, wanted: Announce) -> Outcome:
    """Make the item's metadata name the day on which a unit ordered now could leave; without one no key stands."""
    try:
        shown = _shown(client, wanted.item)
    except NotFound:
        return (
            Already()
            if wanted.expected_on is None
            else Blocked(reason=sentence("The item is not in the store any more."))
        )
    day = wanted.expected_on.isoformat() if wanted.expected_on else None
    if marks.meta_of(shown).get(marks.EXPECTED) == day:
        return Already()
    client.put(_place(shown, wanted.item), marks.written({marks.EXPECTED: day}))
    return Done()


def _shown(client: Client, item: str) -> Json:
    """Read a product, or a variation, which is read like one. Raises NotFound."""
    if not PLAIN_ID.fullmatch(item):
        raise NotFound(sentence("A store's product ids are numbers."))
    return client.get_object(f"products/{item}")


def _place(shown: Json, item: str) -> str:
    """Return where the item is written: a variation below its parent only."""
    parent = identity(shown, "parent_id") if shown.get("type") == "variation" else ""
    return f"products/{parent}/variations/{item}" if parent else f"products/{item}"
