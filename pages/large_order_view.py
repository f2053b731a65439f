"""A very large order on its page: why it is one, who waits because of it, what its customer may choose."""

from dataclasses import dataclass

from core.large.impact import Hit, who_waits
from core.large.large_orders import Standing, excess_of, standing, todo
from core.messages import offer_letter
from core.messages.correspondence import Speech
from core.ports.books import Unit
from core.records import OrderRecord, Shop
from core.records.proposals import Proposal
from pages.languages import _, later
from pages.letters import spoken_to
from pages.retelling import retold
from pages.visitor import visit
from pages.words import Badge

HITS_SHOWN = 25
STANDINGS: dict[Standing, str] = {
    "usual": later("It is served like any other."),
    "accepted": later("Accepted as it is."),
    "scheduled": later("Taken with the date that the supply gives."),
    "capped": later("Served a share of the stock first; the rest keeps its place."),
    "counter": later("Waits for your decision."),
    "offered": later("Waits for the customer's choice; the units are kept meanwhile."),
    "lapsed": later("The offer has expired: it waits for your decision, behind all others."),
    "review": later("Waits for your decision; it keeps its place and nothing of it ships before."),
    "declined": later("Declined: its units are free for others."),
}

ICONS: dict[Standing, str] = {
    "counter": "needs", "offered": "waiting", "lapsed": "needs", "review": "needs", "declined": "closed"
}  # fmt: skip
"""Those of the others are settled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """One option as people read it."""

    key: str
    title: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LargeOrderView:
    """Everything that the page says of it. `hits` are those who wait because of it, `others` how many more.

    They are looked for only while it is `undecided`.
    """

    standing: Badge
    undecided: bool
    why: tuple[str, ...]
    todo: tuple[str, ...]
    proposal: Proposal | None
    options: tuple[Offered, ...]
    hits: tuple[Hit, ...]
    others: int


def large_order_view(unit: Unit, record: OrderRecord, shop: Shop) -> LargeOrderView | None:
    """Return the view, None for an order that is not, and was never, treated as very large."""
    where, why = standing(record, shop), tuple(retold(one.sentence) for one in excess_of(record, shop))
    if record.snapshot.status != "open" or (where == "usual" and not why and record.proposal is None):
        return None
    undecided = where in {"review", "lapsed", "offered", "counter"}
    hits = who_waits(unit, shop, record, visit().house.now()) if undecided else ()
    return LargeOrderView(
        standing=Badge(icon=ICONS.get(where, "ready"), word=_(STANDINGS[where])), undecided=undecided, why=why,
        todo=tuple(map(retold, todo(record))), proposal=record.proposal,
        options=offered(record, spoken_to(shop)), hits=hits[:HITS_SHOWN], others=max(0, len(hits) - HITS_SHOWN),
    )  # fmt: skip


def offered(record: OrderRecord, speech: Speech) -> tuple[Offered, ...]:
    """Return the options that were put to the customer, none where none were."""
    if record.proposal is None:
        return ()
    facts = (offer_letter.option_facts(option, record.snapshot.currency) for option in record.proposal.options)
    return tuple(
        Offered(key=said["key"], title=offer_letter.title(said, speech), words=offer_letter.words(said, speech))
        for said in facts
    )
