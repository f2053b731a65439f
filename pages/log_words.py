"""The log in words: who did what, why and how it ended. Entries keep codes; people read sentences."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.reasons import Reason, merchant_sentence
from core.records import AuditEntry
from pages.printing import printer
from pages.words import DECISIONS

WHO: dict[str, str] = {
    "engine": "Plan",
    "backorder": "Backorder",
    "merchant": "Merchant",
    "person": "Operator",
    "api": "API",
    "platform": "Shop",
    "customer": "Customer",
}

DONE: dict[str, tuple[str, str]] = {
    "tag": ("Tagged the order in the shop", "Tag the order in the shop"),
    "untag": ("Took tags of ours off the order", "Take tags of ours off the order"),
    "hold": ("Held in the shop what waits", "Hold in the shop what waits"),
    "release": ("Let go in the shop what is ready", "Let go in the shop what is ready"),
    "fulfil": ("Recorded what is ready as shipped", "Record what is ready as shipped"),
    "code": ("Made a code for the wait", "Make a code for the wait"),
    "note": ("Brought our note on the order up to date", "Bring our note on the order up to date"),
    "publish": ("Showed the expected day in the shop", "Show the expected day in the shop"),
    "deadline": ("Set the day by which the rest must ship", "Set the day by which the rest must ship"),
    "remove": ("Took units off the order that will not come", "Take units off the order that will not come"),
    "cancel": ("Cancelled the order in the shop", "Cancel the order in the shop"),
    "refund": ("Gave money back in the shop", "Give money back in the shop"),
    "substitute": ("Swapped units for a substitute in the shop", "Swap units for a substitute in the shop"),
    "announce": ("Told a day on the item's pages", "Tell a day on the item's pages"),
    "sell_on": ("Takes backorders on the item again", "Take backorders on the item again"),
    "stop_backorders": ("Stopped backorders on the item", "Stop backorders on the item"),
    "end_code": ("Ended a code that nobody had used", "End a code that nobody has used"),
    "clear": ("Removed everything of ours", "Remove everything of ours"),
}
"""What an action's entry says when it was done, and what it says when it was not."""

CHOSEN: dict[str, str] = {
    "accept": "Accepted the order",
    "decline": "Declined the order",
    "together": "Chose one parcel for the whole order",
    "ship_part": "Chose to ship what is in stock",
    "hold": "Put the order on hold",
    "release": "Released the order",
    "offer": "Made an offer for the wait",
    "cancel": "Asked to cancel the order",
    "cancel_waiting": "Asked to cancel what waits",
    "keep": "Kept what was to be cancelled",
    "cap": "Accepted the order with a cap",
    "counter": "Offered the customer choices",
    "let_go": "Released our hold",
    "unmark": "Took our marks off the order",
    "end_codes": "Ended the unused codes",
    "promise": "Promised the customer a day",
    "end_promise": "Took back the day that was promised by hand",
    "hand_back": "Handed the order back to Backorder",
}
DONE_BY_HAND = {"noted": "Wrote a note", "signed in": "Signed in"}
OUTCOMES = {"observe": "Only observed for now.", "act": "Acting at once.", "stood there already": "It stood there."}


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """One entry in words. `more` is why, and how it ended where that is not simply done."""

    who: str
    what: str
    more: str | None


def logged(entry: AuditEntry) -> Logged:
    """Return an entry of the log in words; what an older version wrote stays readable as it is."""
    who = who_of(entry.actor)
    if entry.actor == "engine" and entry.outcome in DECISIONS:
        return Logged(who=who, what=_decided(entry), more=_why(entry))
    if entry.actor == "backorder" and entry.what in DONE:
        return Logged(who=who, what=_acted(entry), more=_joined(_ended(entry), _why(entry)))
    words = DONE_BY_HAND.get(entry.what, "")
    if entry.what.startswith("chose "):
        words = CHOSEN.get(entry.what.removeprefix("chose "), "")
        on = _date(entry.detail.get("on"))
        words = f"Promised the customer {printer().day(on)}" if on else words
    return Logged(who=who, what=words or _sentence(entry.what), more=_joined(_ended(entry), _why(entry)))


def who_of(actor: str) -> str:
    """Return who acted, by name where the log has one."""
    kind, _, name = actor.partition(":")
    return name or WHO.get(kind, kind)


def tells_news(entry: AuditEntry) -> bool:
    """Whether people would see a difference: an order that is ready today is planned for today again tomorrow."""
    before, after = entry.detail.get("before"), entry.detail.get("after")
    if entry.actor != "engine" or not isinstance(before, Mapping) or not isinstance(after, Mapping):
        return True
    return _outlook(before) != _outlook(after)


def _decided(entry: AuditEntry) -> str:
    before, after = entry.detail.get("before"), entry.detail.get("after")
    if not isinstance(after, Mapping):
        return f"Decided: {_lower(DECISIONS[entry.outcome or ''][1])}"
    now = _outlook(after)
    if not isinstance(before, Mapping) or before.get("decision") != after.get("decision"):
        return f"Decided: {now}"
    return f"Planned anew: {now} (before: {_outlook(before)})"


def _outlook(plan: Mapping[str, Any]) -> str:
    """Return what one side of a decision's entry says, such as `3 units can ship now, the rest on Fri 4 Dec`."""
    decision, units, on = plan.get("decision"), plan.get("release_now"), _date(plan.get("completes_on"))
    when = f"on {printer().day(on)}" if on else "without a date"
    if decision == "ship_part" and isinstance(units, int):
        return f"{printer().units(units)} can ship now, the rest {when}"
    if decision == "wait":
        return f"waits until {printer().day(on)}" if on else "waits, no date yet"
    return _lower(DECISIONS[decision][1]) if decision in DECISIONS else str(decision)


def _acted(entry: AuditEntry) -> str:
    done, wanted = DONE[entry.what]
    state, colon, _ = (entry.outcome or "").partition(":")
    return f"{_sentence(state)}: {_lower(wanted)}" if colon and state in {"failed", "skipped"} else done


def _ended(entry: AuditEntry) -> str | None:
    outcome = entry.outcome
    if outcome in {None, "done"}:
        return None
    state, _, problem = (outcome or "").partition(": ")
    if state in {"failed", "skipped"} and problem:
        return _full_stop(problem)
    return OUTCOMES.get(outcome or "") or outcome


def _why(entry: AuditEntry) -> str | None:
    if entry.actor != "engine" or not entry.why:
        return entry.why
    return " ".join(_reason(code) for code in entry.why.split(" "))


def _reason(code: str) -> str:
    """Return a reason code as its sentence; an older version's code stays as it is."""
    return merchant_sentence(Reason(code)) if code in set(map(str, Reason)) else code


def _date(text: object) -> date | None:
    return date.fromisoformat(text) if isinstance(text, str) else None


def _joined(*parts: str | None) -> str | None:
    return " ".join(part for part in parts if part) or None


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _full_stop(words: str) -> str:
    return _sentence(words) + ("" if words.endswith(".") else ".")
