"""Speaks Shopify: the GraphQL Admin API, its webhooks' bodies, its access tokens and its installation.

`connector` is the shop as the house knows it; behind it
* hear: `translate`, `subscriptions`
* read: `orders` with `order_snapshot` and `fulfilment_orders`, `items`, `supply`; `many_orders` by `bulk`
* write: `effects` names a module for each action: `holding`, `fulfilling`, `closing`, `substituting`, `promises`,
  `selling`, `codes`, `store_credit`, `gift_cards`, `leaving`; all know their own by `marks`
* the line: `client` sends `documents` at a pace (`pacing`, `costs`); `answers`, `understood`, `races` read answers
* the way in: `entrance`, `access`, `tokens`, `scopes`
"""

from connectors.shopify.access import App, shop_domain
from connectors.shopify.connector import ShopifyConnector
from connectors.shopify.connector import open_shop as open  # noqa: A004  # read as `shopify.open`
from connectors.shopify.effects import SUPPORT

__all__ = ["SUPPORT", "App", "ShopifyConnector", "open", "shop_domain"]
