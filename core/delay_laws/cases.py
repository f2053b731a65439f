"""One order under one law: where it stands, what moved it, and the evidence of every move."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from core.delay_laws.packs import Pack
from core.policy.shop_policy import Law


class State(StrEnum):
    """Where an order stands. What is finished: shipped, refunded."""

    PROMISED = "promised"
    AT_RISK = "at_risk"
    NOTICE_SENT = "notice_sent"
    CONSENTED_SILENT = "consented_silent"
    CONSENTED_EXPRESS = "consented_express"
    RENEWED_NOTICE_SENT = "renewed_notice_sent"
    OVERDUE = "overdue"
    EXTRA_PERIOD = "extra_period"
    CANCEL_REQUESTED = "cancel_requested"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"
    REFUND_DUE = "refund_due"
    REFUNDED = "refunded"
    SHIPPED = "shipped"


ENDED = frozenset({State.CANCELLED, State.REFUND_DUE, State.REFUNDED, State.SHIPPED})
ASKED = frozenset({State.NOTICE_SENT, State.RENEWED_NOTICE_SENT})
AGREED = frozenset({State.CONSENTED_EXPRESS, State.EXTRA_PERIOD})
"""Its customer said so; silence is another thing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What proves a move: what was sent or received, to or from whom, when, with the hash of its content.

    A move that only time made is proved by the rule and the days named in `what`, and by `message_id`, where a notice
    had been sent.
    """

    what: str
    at: datetime | None = None
    address: str | None = None
    content_hash: str | None = None
    message_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """One move, on its day, under a named rule."""

    before: State
    after: State
    on: date
    rule: str
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One order's clock.

    `limit_on` is T as the law measures it, `ship_by` the last day of shipment that keeps it. `covered_until`: until
    when waiting is in order (None: without limit, by express consent to a delay without a date). `asked_until`: the new
    date of the notice that is out (None: no date). `answer_by`: the day at whose end silence acts.
    `silent_consents` counts how often silence extended. `late_adopted`: it was late already when we began to watch.
    """

    law: Law
    version: str
    order: str
    ordered_on: date
    limit_on: date
    ship_by: date
    state: State = State.PROMISED
    covered_until: date | None
    asked_until: date | None = None
    answer_by: date | None = None
    silence_consents: bool = False
    silent_consents: int = 0
    notices: int = 0
    last_message: str | None = None
    vested_on: date | None = None
    refund_due_on: date | None = None
    late_adopted: bool = False

    @property
    def over(self) -> bool:
        """Whether nothing can happen any more."""
        return self.state in {State.SHIPPED, State.REFUNDED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A case after something happened, and the moves that led there."""

    case: Case
    edges: tuple[Edge, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the buyer was told when ordering: days in the shop's time zone.

    `stated_on` is the last day of the stated time of shipment; `transit_days` what delivery takes at most after it.
    """

    ordered_on: date
    stated_on: date | None = None
    seller_credit: bool = False
    transit_days: int = 0


def last_message(cases: Iterable[Case]) -> str | None:
    """Return the Message-ID of the notice that these cases of one order rest on."""
    return next((case.last_message for case in cases if case.last_message), None)


def opened(pack: Pack, order: str, terms: Terms, *, today: date | None = None) -> Case:
    """Return the order's case under the pack.

    `today` is given when an order is older than our watch: where its time is over already, nobody knows what its buyer
    was told, so a person must look, and nothing is cancelled by itself.
    """
    stated = terms.stated_on
    if stated is not None and pack.measures == "delivery":
        stated += timedelta(days=terms.transit_days)
    limit = pack.limit(terms.ordered_on, stated_on=stated, seller_credit=terms.seller_credit)
    ship_by = limit if pack.measures == "shipment" else limit - timedelta(days=terms.transit_days)
    ship_by = max(ship_by, terms.ordered_on)
    late = today is not None and today > ship_by
    return Case(
        law=pack.law, version=pack.version, order=order, ordered_on=terms.ordered_on, limit_on=limit, ship_by=ship_by,
        covered_until=ship_by, late_adopted=late, state=State.OVERDUE if late else State.PROMISED,
    )  # fmt: skip
