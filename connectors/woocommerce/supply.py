"""Incoming supply. WooCommerce has no purchase orders: people enter it, import a file, or use our API."""


def incoming() -> None:
    """Return None: the platform has no incoming supply."""
