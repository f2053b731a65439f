"""Incoming supply: what a shipment brings and when, and what of a transfer travels in no shipment yet."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from connectors.shopify.supply import arrival

SHOP = {"id": "gid://shopify/Shop/1", "ianaTimezone": "Europe/Berlin"}


def t_line(item, units, sku="MUG"):
    return {
        "id": f"gid://shopify/InventoryTransferLineItem/{item}",
        "totalQuantity": units,
        "inventoryItem": {"id": f"gid://shopify/InventoryItem/{item}", "sku": sku} if item else None,
    }


def s_line(item, units, missing, sku="MUG"):
    return {
        "id": f"gid://shopify/InventoryShipmentLineItem/{item}",
        "quantity": units,
        "unreceivedQuantity": missing,
        "inventoryItem": {"id": f"gid://shopify/InventoryItem/{item}", "sku": sku},
    }


def shipment(number, *lines, status="IN_TRANSIT", arrives="2026-12-08T00:00:00Z"):
    return {
        "id": f"gid://shopify/InventoryShipment/{number}",
        "status": status,
        "tracking": {"arrivesAt": arrives} if arrives else None,
        "lineItems": {"nodes": list(lines)},
    }


@pytest.fixture
def transfer(node):
    def make(number, lines, shipments=(), *, status="IN_PROGRESS", location=5):
        place = {"id": node.gid("Location", location)} if location else None
        return {
            "id": node.gid("InventoryTransfer", number),
            "status": status,
            "destination": {"name": "Main", "location": place},
            "lineItems": node.page(*lines),
            "shipments": node.page(*shipments),
        }

    return make


@pytest.fixture
def read(shop, connector, node):
    def run(*transfers):
        ready = [row for row in transfers if row["status"] == "READY_TO_SHIP"]
        rest = [row for row in transfers if row["status"] != "READY_TO_SHIP"]
        shop.answer("Transfers", {"shop": SHOP, "inventoryTransfers": node.page(*ready)})
        shop.answer("Transfers", {"shop": SHOP, "inventoryTransfers": node.page(*rest)})
        return [
            (
                r.incoming.id,
                r.incoming.sku,
                r.item,
                r.incoming.location,
                r.incoming.ordered,
                r.incoming.received,
                r.incoming.eta,
            )
            for r in connector.incoming()
        ]

    return run


def test_a_shipment_brings_its_missing_units_on_its_day(read, transfer):
    rows = read(transfer(1, [t_line(911, 10)], [shipment(3, s_line(911, 10, 4), status="PARTIALLY_RECEIVED")]))
    assert rows == [("shipment-3", "MUG", "911", "5", 10, 6, date(2026, 12, 8))]


def test_the_rest_of_a_transfer_comes_some_day(read, transfer):
    rows = read(
        transfer(
            1,
            [t_line(911, 10), t_line(912, 5, sku="")],
            [shipment(3, s_line(911, 6, 6)), shipment(4, s_line(911, 1, 0), status="RECEIVED")],
        ),
        transfer(2, [t_line(911, 7)], status="READY_TO_SHIP"),
    )
    assert rows == [
        ("transfer-2", "MUG", "911", "5", 7, 0, None),
        ("shipment-3", "MUG", "911", "5", 6, 0, date(2026, 12, 8)),
        ("transfer-1", "MUG", "911", "5", 3, 0, None),
        ("transfer-1", "912", "912", "5", 5, 0, None),
    ]


def test_lines_of_one_item_are_one_row(read, transfer):
    rows = read(transfer(1, [t_line(911, 4), t_line(911, 6)], [shipment(3, s_line(911, 4, 4), s_line(911, 6, 5))]))
    assert rows == [("shipment-3", "MUG", "911", "5", 10, 1, date(2026, 12, 8))]


@pytest.mark.parametrize("status", ["DRAFT", "TRANSFERRED", "CANCELED", "OTHER"])
def test_drafts_and_finished_transfers_bring_nothing(read, transfer, status):
    assert read(transfer(1, [t_line(911, 10)], status=status)) == []


def test_a_transfer_to_nowhere_and_a_deleted_item_bring_nothing(read, transfer):
    assert read(transfer(1, [t_line(911, 10)], location=None), transfer(2, [t_line(None, 3)])) == []


def test_a_transfer_listed_twice_counts_once(shop, connector, node, transfer):
    both = [transfer(1, [t_line(911, 10)]), transfer(2, [t_line(911, 4)], status="READY_TO_SHIP")]
    for _ in range(2):
        shop.answer("Transfers", {"shop": SHOP, "inventoryTransfers": node.page(*both)})
    assert sorted(row.incoming.ordered for row in connector.incoming()) == [4, 10]
    assert [asked["query"] for asked in shop.asked("Transfers")] == ["status:ready_to_ship", "status:in_progress"]


@pytest.mark.parametrize("path", [["inventoryTransfers"], ["inventoryTransfers", "nodes", 0, "shipments"]])
def test_without_the_scopes_there_is_no_platform_supply(shop, connector, path):
    error = {"message": "Access denied", "extensions": {"code": "ACCESS_DENIED"}, "path": path}
    shop.answer_raw("Transfers", {"data": None, "errors": [error]})
    assert connector.incoming() is None


def test_long_transfers_are_read_to_the_end(shop, connector, node, transfer):
    long = transfer(1, [])
    long["lineItems"] = node.page(t_line(911, 200), more="T1")
    full = shipment(3, *[s_line(1000 + n, 1, 1, sku=f"S{n}") for n in range(100)])
    long["shipments"] = node.page(full, more="S1")
    shop.answer("Transfers", {"shop": SHOP, "inventoryTransfers": node.page()})
    shop.answer("Transfers", {"shop": SHOP, "inventoryTransfers": node.page(long, more="P1")})
    shop.answer("Transfers", {"shop": SHOP, "inventoryTransfers": node.page()})
    shop.answer("TransferLines", {"inventoryTransfer": {"id": long["id"], "lineItems": node.page(t_line(912, 2))}})
    shop.answer(
        "ShipmentLines",
        {"inventoryShipment": {"id": full["id"], "lineItems": node.page(s_line(911, 20, 20), more="L1")}},
        {"inventoryShipment": {"id": full["id"], "lineItems": node.page(s_line(911, 30, 30))}},
    )
    shop.answer(
        "TransferShipments",
        {
            "inventoryTransfer": {
                "id": long["id"],
                "shipments": node.page(shipment(4, s_line(911, 50, 50), arrives=None)),
            }
        },
    )
    rows = {(row.incoming.id, row.item): row.incoming for row in connector.incoming()}
    assert rows["shipment-3", "911"].ordered == 50
    assert rows["shipment-4", "911"].eta is None
    assert rows["transfer-1", "911"].ordered == 100
    assert rows["transfer-1", "912"].ordered == 2


@pytest.mark.parametrize(
    ("told", "zone", "day"),
    [
        ("2026-12-08T00:00:00Z", "UTC", date(2026, 12, 8)),
        ("2026-12-07T23:00:00Z", "Europe/Berlin", date(2026, 12, 8)),
        ("2026-12-08T00:00:00Z", "America/New_York", date(2026, 12, 8)),
        ("2026-12-08T05:00:00Z", "America/New_York", date(2026, 12, 8)),
        ("2026-12-07T15:00:00Z", "Asia/Tokyo", date(2026, 12, 8)),
        ("2026-12-08T00:00:00+01:00", "Europe/Berlin", date(2026, 12, 8)),
        ("2026-12-08T00:00:00", "UTC", date(2026, 12, 8)),
        (None, "UTC", None),
    ],
)
def test_an_arrival_day_errs_late(told, zone, day):
    assert arrival(told, ZoneInfo(zone)) == day


def test_an_unknown_time_zone_is_taken_as_utc(shop, connector, node, transfer):
    odd = {"id": "x", "ianaTimezone": "Moon/Base"}
    shop.answer("Transfers", {"shop": odd, "inventoryTransfers": node.page()})
    shop.answer(
        "Transfers",
        {"shop": odd, "inventoryTransfers": node.page(transfer(1, [t_line(911, 1)], [shipment(3, s_line(911, 1, 1))]))},
    )
    assert [row.incoming.eta for row in connector.incoming()] == [date(2026, 12, 8)]
