"""What a delivery tells us to look at. A delivery is never believed: it names what to read again."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderHint:
    """Read this order again."""

    platform_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FulfilmentHint:
    """Read the order of this fulfilment order again: its connector's `order_of_fulfilment` says which one that is."""

    platform_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemHint:
    """Read this stock-keeping item (platform id) again."""

    platform_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyHint:
    """Incoming supply changed at the platform: read all of it again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopHint:
    """Locations, currency, name or granted scopes changed: read the profile again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncHint:
    """Compare with the shop: everything that changed since the last sync, and all open orders."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyHint:
    """What the platform put together for us is ready: whatever waits for it need not wait longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhooksHint:
    """Look whether the shop still tells us everything; where it did not, compare."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Uninstalled:
    """The merchant removed us at the platform: forget the tokens, stop every call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RedactCustomer:
    """Blank name, mail and address of this customer everywhere; `orders` are the platform ids concerned."""

    customer: str | None
    email: str | None
    orders: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RedactShop:
    """Erase everything stored about the shop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerDataRequest:
    """The merchant must hand this customer their data; shown on the activity page."""

    customer: str | None
    email: str | None
    orders: tuple[str, ...]


Hint = (
    OrderHint
    | FulfilmentHint
    | ItemHint
    | SupplyHint
    | ShopHint
    | SyncHint
    | ReadyHint
    | WebhooksHint
    | Uninstalled
    | RedactCustomer
    | RedactShop
    | CustomerDataRequest
)
