"""The log in words: who did what, why and how it ended. Entries keep codes; people read sentences."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.reasons import Reason, merchant_sentence
from core.records import AuditEntry
from pages.languages import _, later
from pages.message_words import TITLES
from pages.printing import printer
from pages.retelling import capital, full_stop, inside, retold
from pages.words import DECISIONS

WHO: dict[str, str] = {
    "engine": later("Plan"),
    "backorder": later("Backorder"),
    "merchant": later("Merchant"),
    "person": later("Operator"),
    "api": later("API"),
    "platform": later("Shop"),
    "customer": later("Customer"),
}

DONE: dict[str, tuple[str, str]] = {
    "tag": (later("Tagged the order in the shop"), later("Tag the order in the shop")),
    "untag": (later("Took tags of ours off the order"), later("Take tags of ours off the order")),
    "hold": (later("Held in the shop what waits"), later("Hold in the shop what waits")),
    "release": (later("Let go in the shop what is ready"), later("Let go in the shop what is ready")),
    "fulfil": (later("Recorded what is ready as shipped"), later("Record what is ready as shipped")),
    "code": (later("Made a code for the wait"), later("Make a code for the wait")),
    "note": (later("Brought our note on the order up to date"), later("Bring our note on the order up to date")),
    "publish": (later("Showed the expected day in the shop"), later("Show the expected day in the shop")),
    "deadline": (later("Set the day by which the rest must ship"), later("Set the day by which the rest must ship")),
    "remove": (
        later("Took units off the order that will not come"),
        later("Take units off the order that will not come"),
    ),
    "cancel": (later("Cancelled the order in the shop"), later("Cancel the order in the shop")),
    "refund": (later("Gave money back in the shop"), later("Give money back in the shop")),
    "substitute": (
        later("Swapped units for a substitute in the shop"),
        later("Swap units for a substitute in the shop"),
    ),
    "announce": (later("Told a day on the item's pages"), later("Tell a day on the item's pages")),
    "sell_on": (later("Takes backorders on the item again"), later("Take backorders on the item again")),
    "stop_backorders": (later("Stopped backorders on the item"), later("Stop backorders on the item")),
    "end_code": (later("Ended a code that nobody had used"), later("End a code that nobody has used")),
    "clear": (later("Removed everything of ours"), later("Remove everything of ours")),
}
"""What an action's entry says when it was done, and what it says when it was not."""


def to_do(kind: str) -> str:
    """Return what an action of this kind would do, as it is said before it is done."""
    return inside(_(DONE[kind][1])) if kind in DONE else kind


CHOSEN: dict[str, str] = {
    "accept": later("Accepted the order"),
    "decline": later("Declined the order"),
    "together": later("Chose one parcel for the whole order"),
    "ship_part": later("Chose to ship what is in stock"),
    "hold": later("Put the order on hold"),
    "release": later("Released the order"),
    "offer": later("Made an offer for the wait"),
    "cancel": later("Asked to cancel the order"),
    "cancel_waiting": later("Asked to cancel what waits"),
    "keep": later("Kept what was to be cancelled"),
    "cap": later("Accepted the order with a cap"),
    "counter": later("Offered the customer choices"),
    "let_go": later("Released our hold"),
    "unmark": later("Took our marks off the order"),
    "end_codes": later("Ended the unused codes"),
    "promise": later("Promised the customer a day"),
    "end_promise": later("Took back the day that was promised by hand"),
    "hand_back": later("Handed the order back to Backorder"),
}
WRITTEN: dict[str, str] = {
    "noted": later("Wrote a note"),
    "signed in": later("Signed in"),
    "signed somebody out": later("Signed somebody out"),
    "switched the second factor on": later("Switched the second factor on"),
    "switched the second factor off": later("Switched the second factor off"),
    "switched somebody's second factor off": later("Switched somebody's second factor off"),
    "made a sign-in link": later("Made a sign-in link"),
    "connected": later("Connected"),
    "connected the shop": later("Connected the shop"),
    "disconnected": later("Disconnected"),
    "installed the app": later("Installed the app"),
    "uninstalled": later("Uninstalled"),
    "restored from a copy": later("Restored from a copy"),
    "changed the settings": later("Changed the settings"),
    "switched to acting": later("Switched to acting"),
    "switched to observing": later("Switched to observing"),
    "put the first steps away": later("Put the first steps away"),
    "left a message out": later("Left a message out"),
    "held a message for a day": later("Held a message for a day"),
    "changed the words of a message": later("Changed the words of a message"),
    "restored the words of a message": later("Restored the words of a message"),
    "changed how the shop shows itself in messages": later("Changed how the shop shows itself in messages"),
    "let mail to an address that bounced go again": later("Let mail to an address that bounced go again"),
    "sent an order to a supplier": later("Sent an order to a supplier"),
    "added incoming stock": later("Added incoming stock"),
    "changed incoming stock": later("Changed incoming stock"),
    "changed incoming supply": later("Changed incoming supply"),
    "received incoming stock": later("Received incoming stock"),
    "split incoming stock": later("Split incoming stock"),
    "deleted incoming stock": later("Deleted incoming stock"),
    "imported incoming stock": later("Imported incoming stock"),
    "changed the item's rules": later("Changed the item's rules"),
    "handed the item's backorders back": later("Handed the item's backorders back"),
    "took backorders on the item again": later("Took backorders on the item again"),
    "somebody lets the item be backordered again": later("Somebody lets the item be backordered again"),
    "changed how an item is bought": later("Changed how an item is bought"),
    "asked for a new forecast": later("Asked for a new forecast"),
    "asked to read the shop's past": later("Asked to read the shop's past"),
    "made the forecast": later("Made the forecast"),
    "read the shop's past": later("Read the shop's past"),
    "asked to take in a delivery again": later("Asked to take in a delivery again"),
    "asked to try failed actions again": later("Asked to try failed actions again"),
    "asked to try again": later("Asked to try again"),
    "webhook mended": later("Webhook mended"),
    "webhook secret rotated": later("Webhook secret rotated"),
    "added a webhook": later("Added a webhook"),
    "tested a webhook": later("Tested a webhook"),
    "switched a webhook on": later("Switched a webhook on"),
    "switched a webhook off": later("Switched a webhook off"),
    "renewed a webhook's secret": later("Renewed a webhook's secret"),
    "removed a webhook": later("Removed a webhook"),
    "mail sent": later("Mail sent"),
    "wrote to the merchant": later("Wrote to the merchant"),
    "made an API token": later("Made an API token"),
    "ended an API token": later("Ended an API token"),
    "added incoming supply": later("Added incoming supply"),
    "removed incoming supply": later("Removed incoming supply"),
    "withdrew from the contract": later("Withdrew from the contract"),
    "delay law": later("Delay law"),
    "somebody took our hold away": later("Somebody took our hold away"),
    "the order was moved to another location": later("The order was moved to another location"),
    "a customer asks for their data": later("A customer asks for their data"),
    "a customer's personal data was blanked": later("A customer's personal data was blanked"),
    "downloaded a customer's data": later("Downloaded a customer's data"),
    "answered": later("Answered the offer"),
    "answered the delay notice": later("Answered the delay notice"),
    "cancelled what waits": later("Cancelled what waits"),
    "swapped what waits": later("Swapped what waits"),
    "took a swap back": later("Took a swap back"),
    "took a cancellation back": later("Took a cancellation back"),
    "went back to the usual shipping": later("Went back to the usual shipping"),
}
"""What other entries say, by what stands in the log, or before its colon."""
MESSAGES = {
    # For translators: the message's title follows, such as "The date has changed".
    "told the customer": later("Told the customer: %(message)s"),
    "handed to your tool": later("Handed to your tool: %(message)s"),
}
"""What entries about a message say; the log names its kind by a code."""
OUTCOMES = {
    "observe": later("Only observed for now."),
    "act": later("Acting at once."),
    "stood there already": later("It stood there."),
}


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
    return Logged(who=who, what=_written(entry), more=_joined(_ended(entry), _why(entry)))


def who_of(actor: str) -> str:
    """Return who acted, by name where the log has one."""
    kind, _colon, name = actor.partition(":")
    return name or _(WHO.get(kind, kind))


def tells_news(entry: AuditEntry) -> bool:
    """Whether people would see a difference: an order that is ready today is planned for today again tomorrow."""
    before, after = entry.detail.get("before"), entry.detail.get("after")
    if entry.actor != "engine" or not isinstance(before, Mapping) or not isinstance(after, Mapping):
        return True
    return _outlook(before) != _outlook(after)


def _written(entry: AuditEntry) -> str:
    if entry.what.startswith("chose "):
        on = _date(entry.detail.get("on"))
        if on:
            return _("Promised the customer %(day)s", day=printer().day(on))
        return _(CHOSEN.get(entry.what.removeprefix("chose "), capital(entry.what)))
    kind, colon, rest = entry.what.partition(": ")
    if kind in MESSAGES and rest in TITLES:
        return _(MESSAGES[kind], message=_(TITLES[rest]))
    return f"{_(WRITTEN[kind])}{colon}{rest}" if kind in WRITTEN else capital(retold(entry.what))


def _decided(entry: AuditEntry) -> str:
    before, after = entry.detail.get("before"), entry.detail.get("after")
    if not isinstance(after, Mapping):
        return _("Decided: %(what)s", what=inside(_(DECISIONS[entry.outcome or ""][1])))
    now = _outlook(after)
    if not isinstance(before, Mapping) or before.get("decision") != after.get("decision"):
        return _("Decided: %(what)s", what=now)
    return _("Planned anew: %(what)s (before: %(before)s)", what=now, before=_outlook(before))


def _outlook(plan: Mapping[str, Any]) -> str:
    """Return what one side of a decision's entry says, such as `3 units can ship now, the rest on Fri 4 Dec`."""
    decision, units, on = plan.get("decision"), plan.get("release_now"), _date(plan.get("completes_on"))
    day = printer().day(on)
    if decision == "ship_part" and isinstance(units, int):
        part = {"units": printer().units(units), "day": day}
        if on:
            return _("%(units)s can ship now, the rest on %(day)s", **part)
        return _("%(units)s can ship now, the rest without a date", **part)
    if decision == "wait":
        return _("waits until %(day)s", day=day) if on else _("waits, no date yet")
    return inside(_(DECISIONS[decision][1])) if decision in DECISIONS else str(decision)


def _acted(entry: AuditEntry) -> str:
    done, wanted = DONE[entry.what]
    state, colon, _problem = (entry.outcome or "").partition(":")
    if colon and state == "failed":
        return _("Failed: %(what)s", what=inside(_(wanted)))
    return _("Skipped: %(what)s", what=inside(_(wanted))) if colon and state == "skipped" else _(done)


def _ended(entry: AuditEntry) -> str | None:
    outcome = entry.outcome
    if outcome in {None, "done"}:
        return None
    state, _colon, problem = (outcome or "").partition(": ")
    if state in {"failed", "skipped"} and problem:
        return full_stop(retold(problem))
    return _(OUTCOMES[outcome]) if outcome in OUTCOMES else retold(outcome or "")


def _why(entry: AuditEntry) -> str | None:
    if entry.actor != "engine" or not entry.why:
        return retold(entry.why) if entry.why else None
    return " ".join(_reason(code) for code in entry.why.split(" "))


def _reason(code: str) -> str:
    """Return a reason code as its sentence; an older version's code stays as it is."""
    return retold(merchant_sentence(Reason(code))) if code in set(map(str, Reason)) else code


def _date(text: object) -> date | None:
    return date.fromisoformat(text) if isinstance(text, str) else None


def _joined(*parts: str | None) -> str | None:
    return " ".join(part for part in parts if part) or None
