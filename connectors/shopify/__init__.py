"""Speaks Shopify: the GraphQL Admin API, its webhooks' bodies and its access tokens."""

from connectors.shopify.access import shop_domain
from connectors.shopify.connector import ShopifyConnector
from connectors.shopify.connector import open_shop as open  # noqa: A004  # read as `shopify.open`
from connectors.shopify.effects import SUPPORT

__all__ = ["SUPPORT", "ShopifyConnector", "open", "shop_domain"]
