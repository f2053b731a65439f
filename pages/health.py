"""Whether the service is up, ready, and how it is doing: for load balancers and Prometheus."""

import hmac
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from flask import Flask, Response, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector

from core.house import House

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
    reasons = _reasons(_house())
    return jsonify(ready=not reasons, reasons=reasons), 503 if reasons else 200


def metrics() -> ResponseReturnValue:
    """Answer with the gauges, for those with the token."""
    token = _house().settings.metrics_token
    if not token:
        return Response("set BACKORDER_METRICS_TOKEN to open this page\n", 404, content_type="text/plain")
    given = request.headers.get("Authorization", "")
    # As bytes: compare_digest raises on text that is not ASCII.
    if not hmac.compare_digest(given.encode("utf-8", "replace"), f"Bearer {token}".encode()):
        challenge = {"WWW-Authenticate": 'Bearer realm="Backorder metrics"'}
        return Response("wrong token\n", 401, challenge, content_type="text/plain")
    registry = CollectorRegistry()
    registry.register(Gauges(_house()))
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


class Gauges(Collector):
    """Reads the books when Prometheus asks: nothing is counted beside the rows."""

    def __init__(self, house: House) -> None:
        self._house = house

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Yield nothing: the registry need not read the books to learn the names."""
        yield from ()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield the gauges as of now."""
        actions = GaugeMetricFamily("backorder_actions", "Actions by state", labels=("shop", "state"))
        orders = GaugeMetricFamily("backorder_orders", "Open orders by board column", labels=("shop", "column"))
        with self._house.books.read() as unit:
            oldest, beat = unit.inbox.oldest_waiting(), unit.clockwork.last_beat()
            for shop in unit.shops.all():
                for state, count in sorted(unit.outbox.counts(shop.id).items()):
                    actions.add_metric((shop.id, state), count)
                for column, count in sorted(unit.orders.board_counts(shop.id).items()):
                    orders.add_metric((shop.id, column), count)
        yield _age("backorder_inbox_oldest_seconds", "Age of the oldest due delivery", oldest, otherwise=0)
        yield _age("backorder_worker_heartbeat_age_seconds", "Since a worker was heard", beat, otherwise=None)
        yield actions
        yield orders


def _age(name: str, text: str, then: datetime | None, *, otherwise: float | None) -> GaugeMetricFamily:
    """Return a gauge of the seconds since `then`; without it `otherwise`, and where that is None no sample."""
    gauge = GaugeMetricFamily(name, text)
    seconds = max(0.0, (datetime.now(UTC) - then).total_seconds()) if then else otherwise
    if seconds is not None:
        gauge.add_metric((), seconds)
    return gauge


def _house() -> House:
    given: House = current_app.extensions["backorder"]
    return given


def _reasons(house: House) -> list[str]:
    try:
        return [*house.books.problems()] or _late(house)
    except Exception as problem:  # whatever the database's driver raises: we are not ready
        current_app.logger.warning("not ready", exc_info=problem)
        return [f"the database does not answer ({type(problem).__name__})"]


def _late(house: House) -> list[str]:
    # Workers beat, and deliveries are dated, by machine time; the demo's business time runs ahead of it.
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
