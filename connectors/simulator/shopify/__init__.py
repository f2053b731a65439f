"""A Shopify shop on localhost: its Admin API, its webhooks, its customers and its merchant."""

from connectors.simulator.shopify.app import ShopifyShop, mall

__all__ = ["ShopifyShop", "mall"]
