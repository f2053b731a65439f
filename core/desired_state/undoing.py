"""Taking back what we did at the shop, on a person's word, and keeping our hands off until they hand it back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from core.actions import Code, EndCode
from core.errors import NotAllowed
from core.ports.books import Unit
from core.records import OrderRecord, Shop
from core.sentences import sentence

LET_GO = "let_go"
UNMARKED = "unmarked"


def holds(record: OrderRecord) -> bool:
    """Return whether units stand under our hold, or would once we act."""
    return LET_GO not in record.manual and bool(record.snapshot.outside.held or record.expected_held)


def marks(record: OrderRecord) -> bool:
    """Return whether a tag or note of ours or the expected day stands on the order."""
    marked = record.snapshot.outside.tags or record.shown or record.noted
    return UNMARKED not in record.manual and bool(marked)


def usable_codes(record: OrderRecord) -> tuple[str, ...]:
    """Return the codes made for the order that we have not ended."""
    return tuple(code for code in record.offers if code not in record.codes_ended)


def left_alone(record: OrderRecord) -> bool:
    """Return whether there is something to hand back: released here or in the shop, or without our marks."""
    return bool({LET_GO, UNMARKED} & set(record.manual)) or any(record.hands_off.values())


def _let_go(record: OrderRecord) -> OrderRecord:
    if not holds(record):
        raise NotAllowed(sentence("nothing of the order is under our hold"))
    return replace(record, manual={**record.manual, LET_GO: "1"})


def _unmark(record: OrderRecord) -> OrderRecord:
    if not marks(record):
        raise NotAllowed(sentence("no mark of ours stands on the order"))
    return replace(record, manual={**record.manual, UNMARKED: "1"})


def hand_back(record: OrderRecord) -> OrderRecord:
    """Return the record with nothing of it left alone any more. Raises NotAllowed where nothing was."""
    if not left_alone(record):
        raise NotAllowed(sentence("the order is not left alone: there is nothing to hand back"))
    kept = {name: value for name, value in record.manual.items() if name not in {LET_GO, UNMARKED}}
    return replace(record, manual=kept, hands_off={}, shape="")


def end_codes(unit: Unit, shop: Shop, record: OrderRecord, *, now: datetime) -> None:
    """Queue the end of every code of the order that nobody has used yet. Raises NotAllowed where there is none."""
    codes = usable_codes(record)
    if not codes:
        raise NotAllowed(sentence("no code of the order is left to be ended"))
    act = shop.policy.mode == "act"
    rows = unit.outbox.of_order(shop.id, record.id)
    made = {row.action.code: row.action for row in rows if isinstance(row.action, Code)}
    asked = sentence("A person asked for it.")
    queued = [
        unit.outbox.add_manual(
            shop.id, record.id, _end_of(code, made.get(code), record), f"end_code:{code}", asked,
            now=now, act=act,
        )
        for code in codes
    ]  # fmt: skip
    if not any(queued):
        raise NotAllowed(sentence("this is under way already"))


def _end_of(code: str, made: Code | None, record: OrderRecord) -> EndCode:
    return EndCode(
        order=record.id, code=code, offer=made.offer if made else "discount_code",
        customer=made.customer if made else None,
    )  # fmt: skip


CHOICES: dict[str, Callable[[OrderRecord], OrderRecord]] = {
    "let_go": _let_go,
    "unmark": _unmark,
    "hand_back": hand_back,
}
END_CODES = "end_codes"
