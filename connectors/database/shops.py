"""Connected shops and their secrets."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, islice

from sqlalchemy import bindparam, delete, func, or_, select, update

from connectors.database import codec, tables, traces
from connectors.database.transaction import Transaction
from core.records import Shop

_shops = tables.shops
SLOTS = 8
"""Names asked for at once: a statement of one length is built once, and every group of deliveries asks."""
_NAMED = (
    select(_shops.c.id, _shops.c.address, _shops.c.record)
    .where(
        or_(
            _shops.c.id.in_([bindparam(f"id{slot}", type_=_shops.c.id.type) for slot in range(SLOTS)]),
            _shops.c.address.in_([bindparam(f"address{slot}", type_=_shops.c.address.type) for slot in range(SLOTS)]),
        )
    )
    .order_by(_shops.c.connected_at)
)


@dataclass(frozen=True, slots=True)
class ShopTable:
    """Implements `core.ports.shops.Shops`."""

    transaction: Transaction

    def add(self, shop: Shop, credentials: Mapping[str, str]) -> None:
        """Store a shop; one with the same id is replaced, its orders stay."""
        row = {"id": shop.id, "connected_at": shop.connected_at, **_row(shop)}
        row["credentials"] = self._locked(shop.id, credentials)
        self.transaction.upsert(_shops, row)
        self.transaction.insert_new(tables.inbox_lanes, {"shop": shop.id, "fence": 0, "served": 0})
        self.transaction.insert_new(tables.outbox_turns, {"shop": shop.id, "served": 0})

    def get(self, shop: str) -> Shop | None:
        """Return the shop with this id."""
        record = self.transaction.run(select(_shops.c.record).where(_shops.c.id == shop)).scalar()
        return None if record is None else codec.read_shop(record)

    def find(self, name: str) -> Shop | None:
        """Return the shop by id, domain or store URL, with or without scheme and trailing slash.

        Where two shops have the same address, the one that was connected last.
        """
        return self.named({name}).get(name)

    def named(self, names: Collection[str]) -> dict[str, Shop]:
        """Return the shops that `find` would return, by those names."""
        found: dict[str, Shop] = {}
        rest = iter(names)
        while some := tuple(islice(rest, SLOTS)):
            found.update(self._named(some))
        return found

    def _named(self, names: Sequence[str]) -> Iterator[tuple[str, Shop]]:
        # An empty address would be that of nobody, and must not match a shop that has none.
        addresses = {name: address(name) or name for name in names}
        asked = list(islice(cycle(addresses.items()), SLOTS))
        slots = {f"id{slot}": name for slot, (name, _) in enumerate(asked)}
        slots |= {f"address{slot}": where for slot, (_, where) in enumerate(asked)}
        rows = self.transaction.run(_NAMED, slots).all()
        # Of two with one address the one that was connected last; an id goes before an address.
        by_address, by_id = {row.address: row.record for row in rows}, {row.id: row.record for row in rows}
        for name, where in addresses.items():
            record = by_id.get(name) or by_address.get(where)
            if record is not None:
                yield name, codec.read_shop(record)

    def all(self) -> tuple[Shop, ...]:
        """Return every shop, by id."""
        records = self.transaction.run(select(_shops.c.record).order_by(_shops.c.id)).scalars()
        return tuple(codec.read_shop(record) for record in records)

    def save(self, shop: Shop) -> None:
        """Write back a changed shop; one that was erased meanwhile stays erased."""
        self.transaction.run(update(_shops).where(_shops.c.id == shop.id), _row(shop))

    def lock(self, shop: str) -> None:
        """Wait until this transaction alone may replan the shop. SQLite's writer is alone already."""
        if not self.transaction.sqlite:
            key = func.hashtextextended(f"backorder shop {shop}", 0)
            self.transaction.run(select(func.pg_advisory_xact_lock(key)))

    def credentials(self, shop: str) -> dict[str, str]:
        """Return the decrypted credentials; empty when erased. Raises ConfigurationError when no key fits."""
        locked = self.transaction.run(select(_shops.c.credentials).where(_shops.c.id == shop)).scalar()
        return {} if locked is None else self.transaction.vault.open(shop, locked)

    def put_credentials(self, shop: str, credentials: Mapping[str, str]) -> None:
        """Replace the credentials; empty erases them."""
        changed = {"credentials": self._locked(shop, credentials)}
        self.transaction.run(update(_shops).where(_shops.c.id == shop), changed)

    def erase(self, shop: str) -> None:
        """Delete the shop and everything stored about it."""
        traces.mark(self.transaction.connection)
        # Deliveries that are just being written down hold the row: wait for them, then nothing new can come in.
        self.transaction.run(select(_shops.c.id).where(_shops.c.id == shop).with_for_update())
        for table in reversed(tables.metadata.sorted_tables):
            if "shop" in table.c:
                self.transaction.run(delete(table).where(table.c.shop == shop))
        self.transaction.run(delete(_shops).where(_shops.c.id == shop))

    def _locked(self, shop: str, credentials: Mapping[str, str]) -> bytes | None:
        return self.transaction.vault.lock(shop, credentials) if credentials else None


def address(name: str) -> str:
    """Return a domain or store URL without scheme and trailing slashes, in lower case."""
    bare = name.strip().lower()
    for scheme in ("https://", "http://"):
        bare = bare.removeprefix(scheme)
    return bare.rstrip("/")


def _row(shop: Shop) -> dict[str, object]:
    return {"address": address(shop.domain), "record": codec.write(shop)}
