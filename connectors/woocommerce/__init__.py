"""WooCommerce: one store over its REST interface and webhooks."""

from connectors.woocommerce import approval
from connectors.woocommerce.access import store_address
from connectors.woocommerce.connector import SUPPORT, WooCommerceConnector
from connectors.woocommerce.connector import open_store as open  # noqa: A004  # read as `woocommerce.open(...)`

__all__ = ["SUPPORT", "WooCommerceConnector", "approval", "open", "store_address"]
