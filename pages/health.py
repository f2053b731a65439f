"""Whether the service is up, ready, and how it is doing: for load balancers and Prometheus."""

import hmac
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import get_args

from flask import Flask, Response, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector

from core.errors import Unavailable
from core.house import House
from core.ports.books import Unit
from core.records import ActionState, Shop
from pages.visitor import house
from pages.words import COLUMNS

SILENT = timedelta(seconds=60)
STALE = timedelta(seconds=120)


def register(app: Flask) -> None:
    """Put /healthz, /readyz and /metrics into `app`."""
    app.add_url_rule("/healthz", "healthz", up, methods=["GET"])
    app.add_url_rule("/readyz", "readyz", ready, methods=["GET"])
    app.add_url_rule("/metrics", "metrics", metrics, methods=["GET"])


def up() -> ResponseReturnValue:
    """Answer `ok`: the process serves requests."""
    return Response("ok", content_type="text/plain; charset=utf-8")


def ready() -> ResponseReturnValue:
    """Answer 200 when all is well, else 503 with the reasons."""
    reasons = _reasons(house())
    return jsonify(ready=not reasons, reasons=reasons), 503 if reasons else 200


def metrics() -> ResponseReturnValue:
    """Answer with the gauges, for those with the token."""
    token = house().settings.metrics_token
    if not token:
        return Response("set BACKORDER_METRICS_TOKEN to open this page\n", 404, content_type="text/plain")
    given = request.headers.get("Authorization", "")
    # As bytes: compare_digest raises on text that is not ASCII.
    if not hmac.compare_digest(given.encode("utf-8", "replace"), f"Bearer {token}".encode()):
        challenge = {"WWW-Authenticate": 'Bearer realm="Backorder metrics"'}
        return Response("wrong token\n", 401, challenge, content_type="text/plain")
    registry = CollectorRegistry()
    registry.register(Gauges(house()))
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


GAUGES = {
    "backorder_inbox_oldest_seconds": ("Age of the oldest delivery that is due and not taken in", ()),
    "backorder_outbox_oldest_seconds": ("For how long the first action that may leave has been due", ()),
    "backorder_worker_heartbeat_age_seconds": ("Since any worker was heard; no sample before the first one", ()),
    "backorder_deliveries": ("Deliveries that wait (new) and that could not be taken in (dead)", ("shop", "state")),
    "backorder_actions": ("Actions by state", ("shop", "state")),
    "backorder_actions_put_back": ("Actions that the shop did not take yet and that are tried again", ("shop",)),
    "backorder_mails_put_back": ("Mails that the mail server did not take yet and that are tried again", ("shop",)),
    "backorder_orders": ("Open orders by column of the board", ("shop", "column")),
    "backorder_shop_connected": ("1 while the shop is connected, 0 when its owner must reconnect it", ("shop",)),
    "backorder_shop_compared_age_seconds": (
        "Since the shop was last compared with the books, at first since it was connected",
        ("shop",),
    ),
}
"""Every metric: what it says and its labels. Few on purpose: each is on the dashboard or wakes somebody."""


class Gauges(Collector):
    """Reads the books when Prometheus asks: nothing is counted beside the rows."""

    def __init__(self, house: House) -> None:
        self._house = house

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Yield nothing: the registry need not read the books to learn the names."""
        yield from ()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield the gauges as of now."""
        found = {name: GaugeMetricFamily(name, text, labels=labels) for name, (text, labels) in GAUGES.items()}
        with self._house.books.read() as unit:
            shops = unit.shops.all()
            for name, seconds in _ages(unit):
                found[name].add_metric((), seconds)
            for name, labels, value in _counts(unit, [shop.id for shop in shops]):
                found[name].add_metric(labels, value)
        for shop in shops:
            for name, number in _standing(shop, self._house.now()):
                found[name].add_metric((shop.id,), number)
        yield from found.values()


def _ages(unit: Unit) -> Iterator[tuple[str, float]]:
    # Workers beat, and rows become due, by machine time; the demo's business time runs ahead of it.
    now = datetime.now(UTC)
    beat = unit.clockwork.last_beat()
    yield "backorder_inbox_oldest_seconds", _seconds(unit.inbox.oldest_waiting() or now, now)
    yield "backorder_outbox_oldest_seconds", _seconds(unit.outbox.next_due() or now, now)
    if beat is not None:
        yield "backorder_worker_heartbeat_age_seconds", _seconds(beat, now)


def _counts(unit: Unit, shops: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...], int]]:
    """Yield a sample for each shop and state, be it 0: what appears with its first failure has not risen."""
    states = (
        ("backorder_deliveries", ("new", "dead"), unit.census.deliveries()),
        ("backorder_actions", get_args(ActionState), unit.census.actions()),
        ("backorder_orders", (*COLUMNS, "preorder"), unit.census.orders()),
    )
    for name, known, counted in states:
        yield from ((name, pair, counted.get(pair, 0)) for pair in product(shops, known))
    put_back = (
        ("backorder_actions_put_back", unit.census.actions_put_back()),
        ("backorder_mails_put_back", unit.census.mails_put_back()),
    )
    for name, numbers in put_back:
        yield from ((name, (shop,), numbers.get(shop, 0)) for shop in shops)


def _standing(shop: Shop, now: datetime) -> Iterator[tuple[str, float]]:
    if shop.state != "uninstalled":
        yield "backorder_shop_connected", shop.state == "connected"
        yield "backorder_shop_compared_age_seconds", _seconds(shop.synced_at or shop.connected_at, now)


def _seconds(then: datetime, now: datetime) -> float:
    return max(0.0, (now - then).total_seconds())


def _reasons(house: House) -> list[str]:
    try:
        return [*house.books.problems()] or _late(house)
    except Unavailable as problem:
        return [str(problem)]
    except Exception as problem:  # whatever the database's driver raises: we are not ready
        current_app.logger.warning("not ready", exc_info=problem)
        return [f"the database does not answer ({type(problem).__name__})"]


def _late(house: House) -> list[str]:
    now = datetime.now(UTC)
    with house.books.read() as unit:
        beat, oldest = unit.clockwork.last_beat(), unit.inbox.oldest_waiting()
    reasons = []
    if beat is None:
        reasons.append("no worker has been heard yet: start one with `flask --app app worker`")
    elif now - beat > SILENT:
        seconds = round((now - beat).total_seconds())
        reasons.append(f"the worker has not been heard for {seconds} seconds: is it running?")
    if oldest is not None and now - oldest > STALE:
        seconds = round((now - oldest).total_seconds())
        reasons.append(f"the oldest delivery has waited for {seconds} seconds: the worker does not keep up")
    return reasons
