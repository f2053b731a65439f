"""Up, ready, and the gauges."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.actions import Tag
from core.errors import Unavailable
from core.settings import Settings

BY_SHOP = ("actions_put_back", "mails_put_back", "shop_compared_age_seconds")


def ago(seconds):
    return datetime.now(UTC) - timedelta(seconds=seconds)


@pytest.fixture
def beat(books):
    def say(seconds):
        with books.write() as unit:
            unit.clockwork.beat("w1", now=ago(seconds))

    return say


@pytest.fixture
def deliver(books, two_shops):
    def store(seconds):
        with books.write() as unit:
            unit.inbox.add(shop="fern", topic="orders/updated", key="k", body=b"{}", at=ago(seconds))

    return store


class Broken:
    """Books whose database is away."""

    def problems(self):
        raise ConnectionError("no database")

    read = write = backup = problems


def test_the_process_is_up_even_without_a_database(small_app_of):
    answer = small_app_of(books=Broken()).test_client().get("/healthz")
    assert (answer.status_code, answer.data) == (200, b"ok")


def test_ready_needs_a_database(small_app_of):
    answer = small_app_of(books=Broken()).test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {"ready": False, "reasons": ["the database does not answer (ConnectionError)"]}


def test_a_database_that_goes_away_meanwhile_is_told_in_its_own_words_and_without_a_trace(small_app_of, caplog):
    class Leaving:
        def problems(self):
            return ()

        def read(self):
            raise Unavailable("the database cannot be used now: disk I/O error")

    answer = small_app_of(books=Leaving()).test_client().get("/readyz")
    assert (answer.status_code, answer.json["reasons"]) == (503, ["the database cannot be used now: disk I/O error"])
    assert caplog.records == []


def test_ready_needs_the_books_in_order(small_app_of, house_of, beat):
    class Unmigrated:
        def problems(self):
            return ("the database is not migrated: run `flask --app app db upgrade`",)

    answer = small_app_of(books=Unmigrated()).test_client().get("/readyz")
    assert (answer.status_code, answer.json["reasons"]) == (
        503,
        ["the database is not migrated: run `flask --app app db upgrade`"],
    )


@pytest.mark.parametrize(
    ("beats", "waits", "reason"),
    [
        (1, None, None),
        (55, 115, None),
        (65, None, "the worker has not been heard for"),
        (1, 125, "the oldest delivery has waited for"),
        (None, None, "no worker has been heard yet"),
    ],
)
def test_ready_needs_a_worker_that_keeps_up(small_app, beat, deliver, beats, waits, reason):
    if beats is not None:
        beat(beats)
    if waits is not None:
        deliver(waits)
    answer = small_app.test_client().get("/readyz")
    assert answer.status_code == (503 if reason else 200)
    assert answer.json["ready"] == (reason is None)
    assert all(said.startswith(reason) for said in answer.json["reasons"])
    assert bool(answer.json["reasons"]) == bool(reason)


@pytest.fixture
def metered(small_app_of, house_of):
    settings = replace(house_of().settings, metrics_token="gauge-token")
    return small_app_of(settings=settings).test_client()


def test_metrics_are_closed_without_a_token_set(small_app):
    assert small_app.test_client().get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer wrong",
        "gauge-token",
        "Basic gauge-token",
        "Bearer gauge-token ",
        "Bearer g\u00e4uge",
        "Bearer \u00ff",
    ],
)
def test_a_wrong_metrics_token_is_401(metered, header):
    answer = metered.get("/metrics", headers={"Authorization": header} if header is not None else {})
    assert answer.status_code == 401
    assert "Bearer" in answer.headers["WWW-Authenticate"]


def test_the_gauges_are_read_from_the_books(metered, books, deliver, beat, make):
    deliver(30)
    beat(20)
    with books.write() as unit:
        for shop, since in (("moss", 200), ("fern", 100)):
            tag = (Tag(order="1001", tags=("t",)), "t", "waits")
            unit.outbox.want(shop, "1001", [tag], now=ago(since), act=True)
            if shop == "moss":
                action = unit.outbox.claim(now=ago(150), lease=timedelta(minutes=1), per_shop=1)
                unit.outbox.retry(action, at=ago(-600), error="the shop asks for a pause")
        unit.shops.save(replace(unit.shops.get("fern"), synced_at=None, connected_at=make.now - timedelta(hours=1)))
        unit.shops.save(replace(unit.shops.get("moss"), synced_at=make.now - timedelta(minutes=1)))
    answer = metered.get("/metrics", headers={"Authorization": "Bearer gauge-token"})
    assert answer.mimetype == "text/plain"
    lines = dict(line.rsplit(" ", 1) for line in answer.get_data(as_text=True).splitlines() if not line.startswith("#"))
    assert 30 <= float(lines["backorder_inbox_oldest_seconds"]) < 60
    assert 20 <= float(lines["backorder_worker_heartbeat_age_seconds"]) < 50
    assert float(lines['backorder_actions{shop="fern",state="pending"}']) == 1
    # What has no sample before its first failure has not risen then, and no alert is told.
    assert {float(lines[f'backorder_actions{{shop="{shop}",state="failed"}}']) for shop in ("fern", "moss")} == {0}
    assert sum(float(value) for name, value in lines.items() if name.startswith('backorder_orders{column="')) >= 2
    assert float(lines['backorder_deliveries{shop="fern",state="new"}']) == 1
    assert float(lines['backorder_deliveries{shop="fern",state="dead"}']) == 0
    assert float(lines['backorder_shop_connected{shop="fern"}']) == 1
    assert 100 <= float(lines["backorder_outbox_oldest_seconds"]) < 130
    told = {name: [float(lines[f'backorder_{name}{{shop="{shop}"}}']) for shop in ("fern", "moss")] for name in BY_SHOP}
    assert told == {"actions_put_back": [0, 1], "mails_put_back": [0, 0], "shop_compared_age_seconds": [3600, 60]}


def test_a_shop_that_must_be_reconnected_shows(metered, books, two_shops):
    with books.write() as unit:
        unit.shops.save(replace(unit.shops.get("fern"), state="reconnect", problem="the key was refused"))
        unit.shops.save(replace(unit.shops.get("moss"), state="uninstalled"))
    text = metered.get("/metrics", headers={"Authorization": "Bearer gauge-token"}).get_data(as_text=True)
    assert 'backorder_shop_connected{shop="fern"} 0.0' in text
    assert 'backorder_shop_connected{shop="moss"}' not in text


def test_two_apps_count_apart(small_app_of, house_of):
    settings = Settings(secret_key="k", metrics_token="t")
    for _ in range(2):
        answer = small_app_of(settings=settings).test_client().get("/metrics", headers={"Authorization": "Bearer t"})
        assert answer.status_code == 200
