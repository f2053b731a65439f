"""What was sold beyond what may be sold: nothing is revoked, the lines beyond are named."""

from collections.abc import Iterator

from core.engine.ledger import Ledger, LineEntry


def is_denied(line: LineEntry) -> bool:
    """Return whether the item may not be sold beyond stock at all."""
    return line.item is not None and line.item.backorder == "deny"


def limit_of(line: LineEntry) -> int | None:
    """Return how many units of the item may be backordered; None is no limit."""
    return 0 if is_denied(line) else line.item.oversell_limit if line.item else None


def oversold_lines(ledger: Ledger) -> Iterator[LineEntry]:
    """Yield the first line beyond each item's limit and every later one that is short, over all pools."""
    backordered: dict[str, int] = {}
    for entry in ledger.orders:
        for line in entry.lines:
            limit = limit_of(line)
            if limit is None or not line.backordered:
                continue
            total = backordered[line.line.sku] = backordered.get(line.line.sku, 0) + line.backordered
            if total > limit:
                yield line
