"""Speaks Shopify: the GraphQL Admin API, its webhooks' bodies, its access tokens and its installation."""

from connectors.shopify.access import App, shop_domain
from connectors.shopify.connector import ShopifyConnector
from connectors.shopify.connector import open_shop as open  # noqa: A004  # read as `shopify.open`
from connectors.shopify.effects import SUPPORT

__all__ = ["SUPPORT", "App", "ShopifyConnector", "open", "shop_domain"]
