"""The directory: which shops deliveries are for, as of a moment ago. Most are for the shops of those before them."""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager

from connectors.database.inbox import Packed, matched
from connectors.database.shops import ShopTable
from connectors.database.transaction import Transaction
from core.records import Shop

FRESH = 0.05
"""Seconds after which what another process changed is seen. What this one changes is seen at once."""


class Directory:
    """Looks shops up through `reading`, a transaction of the books."""

    def __init__(self, reading: Callable[[], AbstractContextManager[Transaction]]) -> None:
        self._reading = reading
        self._shops: dict[str, Shop] = {}
        self._credentials: dict[str, Mapping[str, str]] = {}
        self._until = 0.0

    def addressed(self, letters: Sequence[Packed]) -> Sequence[Shop | None]:
        """Return for each letter the shop it is for; None where no such shop of its platform is known."""
        self._freshen()
        known = self._shops
        if unknown := {letter.shop for letter in letters} - known.keys():
            with self._reading() as books:
                known.update(ShopTable(books).named(unknown))
        return matched(letters, known)

    def recognised(self, name: str) -> tuple[Shop | None, Mapping[str, str]]:
        """Return the shop of this name and its credentials; None and nothing for a name that is not known."""
        self._freshen()
        shops, credentials = self._shops, self._credentials
        shop = shops.get(name)
        if shop is None or shop.id not in credentials:
            with self._reading() as books:
                shop = ShopTable(books).find(name)
                if shop is None:
                    return None, {}
                shops[name], credentials[shop.id] = shop, ShopTable(books).credentials(shop.id)
        return shop, credentials[shop.id]

    def forget(self) -> None:
        """Look anew: something was changed."""
        # New ones, not emptied ones: who is looking right now keeps what it found before, for itself.
        self._shops, self._credentials = {}, {}

    def _freshen(self) -> None:
        if self._until < time.monotonic():
            self.forget()
            self._until = time.monotonic() + FRESH
