"""What the books keep of connected shops."""

from collections.abc import Collection, Mapping
from typing import Protocol

from core.records import Shop


class Shops(Protocol):
    """Connected shops and their secrets."""

    def add(self, shop: Shop, credentials: Mapping[str, str]) -> None:
        """Store a shop; one with the same id is replaced, its orders stay."""

    def get(self, shop: str) -> Shop | None:
        """Return the shop with this id."""

    def find(self, name: str) -> Shop | None:
        """Return the shop by id, domain or store URL (with or without scheme and trailing slash)."""

    def named(self, names: Collection[str]) -> dict[str, Shop]:
        """Return the shops that `find` would return, by those names."""

    def all(self) -> tuple[Shop, ...]:
        """Return every shop, by id."""

    def save(self, shop: Shop) -> None:
        """Write back a changed shop (not its credentials)."""

    def lock(self, shop: str) -> None:
        """Wait until this transaction alone may replan the shop; held until it ends."""

    def credentials(self, shop: str) -> dict[str, str]:
        """Return the decrypted credentials; empty when erased."""

    def put_credentials(self, shop: str, credentials: Mapping[str, str]) -> None:
        """Replace the credentials; empty erases them."""

    def erase(self, shop: str) -> None:
        """Delete the shop and everything stored about it."""
