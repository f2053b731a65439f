"""WooCommerce: one store over its REST interface and webhooks.

`connector` is the store as the house knows shops; behind it
* hear: `translate`, `subscriptions`
* read: `orders` with `order_snapshot`, `items`, `profiles`; every value through `fields`
* write: `effects` names what does each action: `shipments`, `closing` with `refunding`, `substituting`, `promises`,
  `selling`, `coupons`, `leaving`; all know their own by `marks`
* the line: `client`, `refusals`; the way in: `approval`, `access`. `companion` is a plugin for the store's theme
"""

from connectors.woocommerce import approval
from connectors.woocommerce.access import store_address
from connectors.woocommerce.connector import WooCommerceConnector
from connectors.woocommerce.connector import open_store as open  # noqa: A004  # read as `woocommerce.open(...)`
from connectors.woocommerce.effects import SUPPORT

__all__ = ["SUPPORT", "WooCommerceConnector", "approval", "open", "store_address"]
