"""Reading incoming supply: inventory transfers, and the shipments in which their units travel.

The only expected date on the platform is a shipment's tracking.arrivesAt. A transfer's units that are in no shipment
yet come some day: a row without a date.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from connectors.shopify.answers import Json, read_value
from connectors.shopify.client import Client
from connectors.shopify.ids import bare
from connectors.shopify.understood import understood
from core.facts import Incoming
from core.records import IncomingRecord
from core.zones import zone_of

TRANSFERS = 5
LINES = 100
SHIPMENTS = 10
# A draft is not ordered, a finished or cancelled transfer brings nothing more. One state a call: the platform's search
# takes one value a filter, and reading every transfer of past years would cost more each year.
COMING = {"READY_TO_SHIP": "status:ready_to_ship", "IN_PROGRESS": "status:in_progress"}


@dataclass(slots=True)
class Units:
    """Units of one item, added up over lines: `missing` have not been received."""

    sku: str = ""
    ordered: int = 0
    missing: int = 0


class Supply:
    """Reads the incoming supply of one shop."""

    def __init__(self, client: Client, shop: str) -> None:
        self._client = client
        self._shop = shop

    def read(self) -> tuple[IncomingRecord, ...] | None:
        """Return the rows, one per shipment (or rest of a transfer) and item; None where a scope is missing."""
        rows: dict[str, list[IncomingRecord]] = {}
        for status, query in COMING.items():
            sizes: Json = {"first": TRANSFERS, "query": query, "lines": LINES, "shipments": SHIPMENTS, "after": None}
            while True:
                answer = self._client.ask("transfers", sizes)
                if any(error.code == "ACCESS_DENIED" for error in answer.errors):
                    return None
                page = read_value(answer, root="inventoryTransfers")
                with understood("incoming supply"):
                    zone = _zone(answer.data)
                    found = [node for node in page["nodes"] if node["status"] == status]
                    rows |= {node["id"]: list(self._transfer(node, zone)) for node in found}
                    more, sizes["after"] = page["pageInfo"]["hasNextPage"], page["pageInfo"]["endCursor"]
                if not more:
                    break
        return tuple(row for transfer in rows.values() for row in transfer)

    def _transfer(self, node: Json, zone: tzinfo) -> Iterator[IncomingRecord]:
        place = ((node.get("destination") or {}).get("location") or {}).get("id")
        if not place:
            return
        ordered: defaultdict[str, Units] = defaultdict(Units)
        for line in self._transfer_lines(node):
            _add(ordered, line, int(line["totalQuantity"]))
        for shipment in self._shipments(node):
            units: defaultdict[str, Units] = defaultdict(Units)
            for line in self._shipment_lines(shipment):
                _add(units, line, int(line["quantity"]), int(line["unreceivedQuantity"]))
                _add(ordered, line, -int(line["quantity"]))
            if shipment["status"] != "RECEIVED":
                eta = arrival((shipment.get("tracking") or {}).get("arrivesAt"), zone)
                yield from self._rows(f"shipment-{bare(shipment['id'])}", bare(place), units, eta)
        rest = {item: replace(row, missing=row.ordered) for item, row in ordered.items() if row.ordered > 0}
        yield from self._rows(f"transfer-{bare(node['id'])}", bare(place), rest, None)

    def _rows(
        self, supply: str, location: str, units: Mapping[str, Units], eta: date | None
    ) -> Iterator[IncomingRecord]:
        for item, row in sorted(units.items()):
            incoming = Incoming(
                id=supply, sku=row.sku or item, location=location, ordered=row.ordered,
                received=max(0, row.ordered - row.missing), eta=eta, latest=eta,
            )  # fmt: skip
            yield IncomingRecord(shop=self._shop, incoming=incoming, source="platform", item=item)

    def _shipments(self, node: Json) -> Iterator[Json]:
        sizes = {"id": node["id"], "first": SHIPMENTS, "lines": LINES}
        return self._client.rest(node["shipments"], "transfer_shipments", ("inventoryTransfer", "shipments"), sizes)

    def _transfer_lines(self, node: Json) -> Iterator[Json]:
        sizes = {"id": node["id"], "first": LINES}
        return self._client.rest(node["lineItems"], "transfer_lines", ("inventoryTransfer", "lineItems"), sizes)

    def _shipment_lines(self, node: Json) -> Iterator[Json]:
        """Yield a shipment's lines; where a first page is full, all of them are read from the start."""
        lines = (node["lineItems"] or {"nodes": []})["nodes"]
        if len(lines) < LINES:
            return iter(lines)
        path, sizes = ("inventoryShipment", "lineItems"), {"id": node["id"], "first": LINES}
        empty = {"nodes": [], "pageInfo": {"hasNextPage": True, "endCursor": None}}
        return self._client.rest(empty, "shipment_lines", path, sizes)


def arrival(told: Any, zone: tzinfo) -> date | None:  # noqa: ANN401  # JSON
    """Return the day of arrival: the later of the UTC day and the shop's own.

    A day typed in the shop becomes its local midnight, which may be the day before in UTC; a day set by an app is
    often UTC midnight. A date that errs must err late.
    """
    if not told:
        return None
    moment = datetime.fromisoformat(str(told))
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(moment.astimezone(UTC).date(), moment.astimezone(zone).date())


def _add(units: defaultdict[str, Units], line: Json, ordered: int, missing: int = 0) -> None:
    """Add a line's units to those of its item; the line of a deleted item brings nothing."""
    item = line.get("inventoryItem")
    if item:
        row = units[bare(item["id"])]
        row.sku = item.get("sku") or row.sku
        row.ordered += ordered
        row.missing += missing


def _zone(data: Json) -> tzinfo:
    return zone_of(str((data.get("shop") or {}).get("ianaTimezone") or "UTC"))
