"""What a platform may be able to do for us, and how far."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Capability(StrEnum):
    """What a platform may or may not be able to do for us."""

    TAGS = "tags"
    HOLD = "hold"
    PARTIAL_FULFILMENT = "partial_fulfilment"
    DISCOUNT_CODE = "discount_code"
    FREE_SHIPPING = "free_shipping"
    STORE_CREDIT = "store_credit"
    GIFT_CARD = "gift_card"
    NOTE = "note"
    CUSTOMER_NOTE = "customer_note"
    PROMISE = "promise"
    DEADLINE = "deadline"
    LINE_REMOVAL = "line_removal"
    CANCEL = "cancel"
    REFUND = "refund"
    REFUND_TO_CREDIT = "refund_to_credit"
    SUBSTITUTION = "substitution"
    SECOND_FREIGHT = "second_freight"
    INCOMING_SUPPLY = "incoming_supply"
    LOCATIONS = "locations"
    BACKORDERS = "backorders"
    ITEM_PROMISE = "item_promise"


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """How far a platform goes: `full` is enforced by it, `said` is written where people read it, `none` is absent."""

    level: Literal["full", "said", "none"]
    how: str
