"""Suppliers' names as people type them."""


def supplier_key(name: str | None) -> str | None:
    """Return a supplier's name as names are compared: without case and blanks around."""
    return name.strip().casefold() or None if name else None
