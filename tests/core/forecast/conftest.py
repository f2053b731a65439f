"""A small shop's past in domain words: sales by week of one item among ordinary others, and the night over it."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from core.dates.arrivals import Arrival
from core.forecast.nightly import Known, run
from core.forecast.records import BuyingTerms, DemandRow, Position, SoldOut
from core.policy.reading import merge
from core.policy.shop_policy import ShopPolicy
from core.records import ItemRecord, Shop
from core.snapshots import ItemSnapshot

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
OTHERS = 20


def shop(**settings):
    return Shop(id="fern", platform="shopify", domain="fern.example.com", origin="https://fern.example.com", name="Fern",
                currency="EUR", timezone="UTC", connected_at=NOW, policy=merge(ShopPolicy(), {"reorder": settings}))  # fmt: skip


def item(sku, price=2000, gone=False):
    seen = ItemSnapshot(platform_id=f"p-{sku}", sku=sku, title=sku, read_at=NOW, unit_price=price, gone=gone)
    return ItemRecord(shop="fern", sku=sku, snapshot=seen)


def weekly(sku, weeks, *, backordered=0, lines=1):
    """Rows for units sold in each week, oldest first; the last week ended yesterday."""
    rows = []
    for ago, units in enumerate(reversed(list(weeks))):
        on = TODAY - timedelta(days=1 + 7 * ago + 3)
        for number in range(lines if units else 0):
            share = units // lines + (number < units % lines)
            if share:
                rows.append(DemandRow(shop="fern", order=f"{sku}-{ago}-{number}", line="1", item=f"p-{sku}", on=on,
                                      ordered=share, backordered=min(share, backordered), price=2000))  # fmt: skip
    return rows


def others(weeks=52):
    """Ordinary items, each with its own pace: what a shop sells besides."""
    return [
        row
        for n in range(OTHERS)
        for row in weekly(f"other-{n}", [(7 * n * w + n * n) % (3 + n) for w in range(weeks)])
    ]


def night(
    weeks=(), *, rows=None, terms=(), arrivals=(), sold_out=(), born=None, settings=None, extra=(), with_others=52
):
    rows = weekly("mug", weeks) if rows is None else rows
    known = Known(
        shop=shop(**(settings or {})), today=TODAY, rows=[*rows, *others(with_others)] if with_others else rows,
        items=[item("mug"), *(item(f"other-{n}", price=500 * (n + 1)) for n in range(OTHERS if with_others else 0)), *extra],
        arrivals=tuple(arrivals), terms={one.sku: one for one in terms}, sold_out=tuple(sold_out),
        born={"mug": TODAY - timedelta(weeks=52)} if born is None else born,
    )  # fmt: skip
    return run(known)


def mug(*arguments, **options):
    return next(one for one in night(*arguments, **options).forecasts if one.sku == "mug")


@pytest.fixture
def make():
    return SimpleNamespace(today=TODAY, shop=shop, item=item, weekly=weekly, others=others, night=night, mug=mug, day=timedelta(days=1),
                           terms=lambda **fields: BuyingTerms(shop="fern", sku="mug", **fields), position=Position, row=DemandRow,
                           buying=lambda sku, **fields: BuyingTerms(shop="fern", sku=sku, **fields),
                           arrival=lambda n, days, late=0, sku="mug", supplier="Mill": Arrival(
                               shop="fern", supply=f"PO-{n}", sku=sku, location="main", supplier=supplier,
                               noted_on=TODAY - timedelta(days=100), first_on=TODAY - timedelta(days=100 - days + late),
                               last_on=TODAY - timedelta(days=100 - days + late),
                               received_on=TODAY - timedelta(days=100 - days)),
                           sold_out=lambda on, closed=True: SoldOut(shop="fern", sku="mug", on=on, closed=closed))  # fmt: skip
