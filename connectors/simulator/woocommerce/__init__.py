"""A WooCommerce store on localhost: its REST API, its webhooks, its shoppers and its staff."""

from connectors.simulator.woocommerce.store import WooCommerceStore

__all__ = ["WooCommerceStore"]
