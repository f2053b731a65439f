"""What we may ask of a platform.

Actions state the wanted end ("this many units of these lines under our hold"), never a step, so that carrying
one out twice, or after its answer was lost, ends in the same state.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar, Literal

from core.item_actions import Announce, ItemAction, SellOn

OfferKind = Literal["discount_code", "free_shipping", "store_credit", "gift_card"]
MONEY: frozenset[OfferKind] = frozenset({"store_credit", "gift_card"})
"""Consolations that are money in the customer's hand once they are given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """These tags of ours stand on the order (others stay)."""

    kind: ClassVar[str] = "tag"
    harmless_to_repeat: ClassVar[bool] = True
    order: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Untag:
    """These tags of ours do not stand on the order."""

    kind: ClassVar[str] = "untag"
    harmless_to_repeat: ClassVar[bool] = True
    order: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Exactly `held` units per line id stand under our hold: more than before. `ready` may ship now.

    `note` is for people. `says`: what of `core.desired_state.order_note` it tells them; empty where an
    order's own note does.
    """

    kind: ClassVar[str] = "hold"
    harmless_to_repeat: ClassVar[bool] = False
    order: str
    held: dict[str, int]
    ready: dict[str, int]
    handle: str
    note: str
    says: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """Exactly `held` units per line id stand under our hold: fewer than before, possibly none."""

    kind: ClassVar[str] = "release"
    harmless_to_repeat: ClassVar[bool] = False
    order: str
    held: dict[str, int]
    ready: dict[str, int]
    handle: str
    note: str
    says: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fulfil:
    """At least `shipped` units in all per line id are recorded as shipped; `reference` marks our parcel.

    `tracking`, of a parcel that is made now: any of `company`, `number` and `url`.
    """

    kind: ClassVar[str] = "fulfil"
    harmless_to_repeat: ClassVar[bool] = False
    order: str
    shipped: dict[str, int]
    reference: str
    notify_customer: bool = False
    tracking: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One consolation of `offer` kind exists under `code`, usable once, by this customer only.

    Amounts are in the shop's currency, as text, "0" for none: a discount of `amount` is no percentage, and the code
    asks for goods of `minimum` at least. `combines`: other codes may be used beside it. `worth` is in minor units.
    Store credit and gift cards give `amount` of `currency`; credit has no code for people, `code` is only its name.
    """

    kind: ClassVar[str] = "code"
    harmless_to_repeat: ClassVar[bool] = False
    order: str
    code: str
    offer: OfferKind
    percent: int
    starts_at: datetime
    ends_at: datetime
    title: str
    customer: str | None
    email: str | None
    worth: int = 0
    amount: str = "0"
    minimum: str = "0"
    combines: bool = False
    currency: str = ""

    @property
    def is_money(self) -> bool:
        """Whether money is given, and no code that takes something off."""
        return self.offer in MONEY

    @property
    def is_amount(self) -> bool:
        """Whether a sum of money is taken off, and no percentage."""
        return self.offer == "discount_code" and Decimal(self.amount) > 0

    @property
    def has_minimum(self) -> bool:
        """Whether the code asks for goods of some value."""
        return Decimal(self.minimum) > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class EndCode:
    """Our `code` cannot be used any more, where nobody has used it. Cannot be undone from here.

    Of store credit, which `customer` was given, and of a gift card, what nobody has spent yet is taken back.
    """

    kind: ClassVar[str] = "end_code"
    order: str
    code: str
    offer: OfferKind = "discount_code"
    customer: str | None = None

    @property
    def harmless_to_repeat(self) -> bool:
        """Whether it may be sent again at once: credit is taken back by a sum, which may still be on its way."""
        return self.offer != "store_credit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Our note with this `marker` at the order says `text`, to the merchant or to the customer.

    With an empty text none of this marker stands for the merchant any more; a customer has read it.
    """

    kind: ClassVar[str] = "note"
    harmless_to_repeat: ClassVar[bool] = False
    order: str
    marker: str
    text: str
    to_customer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Publish:
    """What a shop's pages may show the customer: units that can ship, units that wait, and the day they are expected.

    With nothing waiting, none of it stands there any more.
    """

    kind: ClassVar[str] = "publish"
    harmless_to_repeat: ClassVar[bool] = True
    order: str
    ready: int
    waiting: int
    expected_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """What waits of these lines must ship by that day; lines that ship together, by the latest of their days."""

    kind: ClassVar[str] = "deadline"
    harmless_to_repeat: ClassVar[bool] = True
    order: str
    lines: dict[str, date]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remove:
    """At most `left` unshipped units per line id remain wanted; the money for the rest is not moved by this."""

    kind: ClassVar[str] = "remove"
    harmless_to_repeat: ClassVar[bool] = True
    order: str
    left: dict[str, int]
    restock: bool
    note: str
    notify_customer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel:
    """The order is cancelled for lack of stock, with what was paid given back if `refund`. Cannot be undone.

    `to_credit`: the money becomes store credit instead of going back to where it came from.
    """

    kind: ClassVar[str] = "cancel"
    harmless_to_repeat: ClassVar[bool] = False
    order: str
    restock: bool
    refund: bool
    note: str
    notify_customer: bool = False
    to_credit: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """One refund under `key` (a UUID, made when it was decided) of these unshipped units exists. Cannot be undone.

    `to_credit`: the money becomes store credit instead of going back to where it came from.
    """

    kind: ClassVar[str] = "refund"
    harmless_to_repeat: ClassVar[bool] = False
    order: str
    units: dict[str, int]
    restock: bool
    key: str
    note: str
    notify_customer: bool = False
    to_credit: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Substitute:
    """`units` unshipped units of the line are units of another `item` instead, at no higher price. Cannot be undone.

    `before`: units of that item on the order when it was decided; with it the order has so many more. `worth` is what
    the units cost on the line, in minor units. Where the other item costs less, the difference is given back once,
    under `key` (a UUID, made when it was decided).
    """

    kind: ClassVar[str] = "substitute"
    harmless_to_repeat: ClassVar[bool] = False
    order: str
    line: str
    units: int
    item: str
    before: int
    worth: int
    key: str
    note: str
    notify_customer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Clear:
    """No tag, hold or metadata key of ours stands on the order, and no code of these that nobody used (on leaving)."""

    kind: ClassVar[str] = "clear"
    harmless_to_repeat: ClassVar[bool] = True
    order: str
    codes: tuple[str, ...] = ()


Action = (
    Tag | Untag | Hold | Release | Fulfil | Code | EndCode | Note | Publish | Deadline | Remove | Cancel | Refund
    | Substitute | Clear | ItemAction
)  # fmt: skip
ACTIONS: dict[str, type[Action]] = {
    action.kind: action
    for action in (
        Tag, Untag, Hold, Release, Fulfil, Code, Note, Publish, Deadline, Remove, Cancel, Refund, Substitute, Clear,
        EndCode, SellOn, Announce,
    )
}  # fmt: skip
FOR_GOOD = frozenset({Cancel.kind, Refund.kind, Substitute.kind})
"""What cannot be undone."""


def must_end(action: Action) -> bool:
    """Whether it is followed to its end once it was sent, wanted any more or not: it may have moved money."""
    return action.kind in FOR_GOOD or (isinstance(action, Code) and action.is_money)
