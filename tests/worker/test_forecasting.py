"""The nightly run over real books: once a day, taken up again after a kill, from the shop's own past."""

import os
import signal
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from connectors.mail.office import Office
from connectors.mail.transports import Memory
from core.errors import NotFound, Rejected, Unavailable
from core.house import House
from core.settings import Settings
from tests.pages.builders import NOW, item, line, order, shop, supply
from worker import forecasting, leases, post
from worker.forecasting import forecast_next

DAY = timedelta(days=1)


@pytest.fixture
def world(books):
    """A shop with a year of mugs in its books, its house, and the orders that its platform would list."""
    return world_of(books)


@pytest.fixture
def any_world(any_books):
    """The same on a database of each kind."""
    return world_of(any_books)


def world_of(books):
    past = [order(str(n), line("a", "mug", 2, shipped=2), days=7 * n + 1, status="closed") for n in range(1, 40)]
    with books.write() as unit:
        unit.shops.add(shop(), {"token": "t"})
        for sku in ("cup", "mug", "pot"):
            unit.items.put("fern", item(sku, (0, 0), unit_price=900))
        for record in past:
            unit.orders.put(record)
        unit.supply.put(supply("PO-1", "mug", 5, NOW.date() + 5 * DAY))
    state = SimpleNamespace(now=NOW, listed=[], asked=[], out=Memory())
    state.office = Office(link=lambda *_: "", unsubscribe=lambda *_: "", transport=state.out, sender="shop@example.com")

    def open_shop(_):
        def past_orders(since, *, reading, skip):
            assert reading is None
            state.asked.append(since)
            for seen in state.listed:
                if isinstance(seen, BaseException):
                    raise seen
                if seen.version >= since:
                    yield seen

        return SimpleNamespace(past_orders=past_orders, begin_past=lambda since: None)

    state.books = books
    state.house = House(settings=Settings(secret_key="for tests only"), books=books, now=lambda: state.now, open_shop=open_shop,
                        desk=None, hooks=None, post=state.office, words=None, supports={})  # fmt: skip
    return state


def stored(world):
    with world.books.read() as unit:
        return unit.planning.run("fern"), unit.planning.many("fern", ["cup", "mug", "pot"])


def test_one_run_a_day_makes_every_items_forecast_from_the_books(world):
    assert forecast_next(world.house)
    assert not forecast_next(world.house)
    run, found = stored(world)
    assert run.done_on == NOW.date()
    assert set(found) == {"cup", "mug", "pot"}
    assert 1 < found["mug"].rate < 3
    assert found["pot"].order_up_to == 0
    with world.books.read() as unit:
        assert [sku for _, sku in unit.planning.ranks("fern", below="2")] == ["mug"]
        assert [row.supply for row in unit.arrivals.open("fern")] == ["PO-1"]
        assert {row.sku for row in unit.demand.sold_out("fern", NOW.date())} == {"cup", "mug", "pot"}
        assert {sku: (seen.on_hand, seen.coming) for sku, seen in unit.demand.shelves("fern").items()} == {
            "cup": (0, 0), "mug": (0, 5), "pot": (0, 0)}  # fmt: skip
        (mail,) = unit.notices.page("fern", cursor=None, limit=9).items
    # Two mugs a week are asked for and none is there: the merchant is written to, once a day.
    assert (mail.kind, mail.order, mail.state, mail.to) == ("digest", "", "queued", "help@example.com")
    assert "x Mug (mug): nothing is left" in mail.body
    assert post.send_next(world.house)
    (message,) = world.out.taken
    assert (message["To"], message["Subject"]) == ("help@example.com", mail.facts["subject"])
    assert "Backorder writes this for" in message.get_body(("plain",)).get_content()
    assert "you ordered from" not in str(message)
    world.now += DAY
    assert forecast_next(world.house)
    assert stored(world)[0].done_on == NOW.date() + DAY


def test_the_shop_that_has_waited_longest_comes_first(world):
    with world.books.write() as unit:
        unit.shops.add(shop("moss", "woocommerce"), {"token": "t"})
    assert forecast_next(world.house)
    world.now += DAY
    assert forecast_next(world.house)
    with world.books.read() as unit:
        assert [unit.planning.run(one).done_on for one in ("fern", "moss")] == [NOW.date(), NOW.date() + DAY]


def test_a_shop_that_was_never_read_gets_no_forecast_of_nothing(world):
    with world.books.write() as unit:
        unit.shops.save(replace(unit.shops.get("fern"), synced_at=None))
    assert not forecast_next(world.house)
    with world.books.write() as unit:
        unit.shops.save(replace(unit.shops.get("fern"), synced_at=NOW))
    assert forecast_next(world.house)


def test_an_item_is_as_old_as_the_platform_says_else_as_the_shops_memory(world):
    with world.books.write() as unit:
        unit.items.put("fern", replace(item("cup", (0, 0)), created_on=NOW.date() - 9 * DAY))
    for patterns in (["new", "none"], ["new", "none", "new"]):
        assert forecast_next(world.house)
        with world.books.write() as unit:
            found = unit.planning.many("fern", ["cup", "pot", "late"])
            unit.items.put("fern", item("late", (0, 0)))
            unit.planning.ask("fern")
        assert [found[sku].pattern for sku in ("cup", "pot", "late") if sku in found] == patterns


def test_a_night_begins_where_the_shop_is_and_forgets_what_is_gone(world, monkeypatch):
    kept, held = leases.kept, []
    monkeypatch.setattr(leases, "kept", lambda *given: (held.append(1), kept(*given))[1])
    assert forecast_next(world.house)
    with world.books.write() as unit:
        unit.shops.save(replace(unit.shops.get("fern"), timezone="Pacific/Kiritimati"))
        unit.items.put("fern", replace(item("mug", (0, 5)), gone=True))
    assert not forecast_next(world.house)
    world.now += timedelta(hours=2)  # an hour past midnight there
    assert forecast_next(world.house)
    run, found = stored(world)
    assert (run.done_on, set(found), held) == (NOW.date() + DAY, {"cup", "pot"}, [1, 1])
    with world.books.write() as unit:
        unit.shops.save(replace(unit.shops.get("fern"), state="uninstalled"))
        unit.planning.ask("fern")
    assert not forecast_next(world.house)


def test_a_run_killed_half_way_is_taken_up_where_it_was(any_world, monkeypatch):
    world = any_world
    monkeypatch.setattr(forecasting, "A_BATCH", 1)
    real = forecasting.rank_of

    def killed(sku, *rest):  # pragma: no cover  # in another process
        if sku == "mug":
            os.kill(os.getpid(), signal.SIGKILL)
        return real(sku, *rest)

    monkeypatch.setattr(forecasting, "rank_of", killed)
    child = os.fork()
    if child == 0:  # pragma: no cover  # another process
        try:
            forecast_next(world.house)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    run, found = stored(world)
    assert (run.position, set(found), run.done_on) == ("cup", {"cup"}, None)
    ranked = []
    monkeypatch.setattr(forecasting, "rank_of", lambda sku, *rest: ranked.append(sku) or real(sku, *rest))
    assert not forecast_next(world.house)
    with world.books.write() as unit:
        unit.planning.renew(run, until=datetime.now(UTC))
    assert forecast_next(world.house)
    assert ranked == ["mug", "pot"]
    # A year of orders in which nobody asked for pots: the kill makes them no newer than that.
    assert stored(world)[1]["pot"].pattern == "none"
    assert stored(world)[0].done_on == NOW.date()


def test_the_shops_past_is_read_once_as_demand_and_again_changes_nothing(world):
    seen = [order(f"old-{n}", line("a", "cup", 3, shipped=3), days=100 + n).snapshot for n in range(300)]
    world.listed = sorted((replace(one, version=one.placed_at) for one in seen), key=lambda one: one.version)
    for _ in range(2):
        with world.books.write() as unit:
            unit.planning.ask("fern", history_from=NOW - 500 * DAY)
        assert forecast_next(world.house)
        with world.books.read() as unit:
            rows = [row for row in unit.demand.since("fern", NOW.date() - 500 * DAY) if row.item == "item-cup"]
        assert (len(rows), sum(row.units for row in rows)) == (300, 900)
    run, _ = stored(world)
    assert (run.history_from, run.history_orders) == (None, 300)


def test_orders_read_again_after_a_kill_are_counted_once(world):
    seen = [order(f"old-{n}", line("a", "cup", 3, shipped=3), days=100).snapshot for n in range(300)]
    world.listed = [*(replace(one, version=one.placed_at) for one in seen), SystemExit()]
    with world.books.write() as unit:
        unit.planning.ask("fern", history_from=NOW - 500 * DAY)
    with pytest.raises(SystemExit):
        forecast_next(world.house)
    run, _ = stored(world)
    assert run.history_orders == 200
    with world.books.write() as unit:
        unit.planning.renew(run, until=datetime.now(UTC))
    world.listed.pop()
    assert forecast_next(world.house)
    assert stored(world)[0].history_orders == 300


def test_a_shop_that_refuses_its_past_gets_a_forecast_all_the_same(world):
    world.listed = [Rejected("the scope for old orders is missing")]
    with world.books.write() as unit:
        unit.planning.ask("fern", history_from=NOW - 500 * DAY)
    assert forecast_next(world.house)
    with world.books.read() as unit:
        said = [entry.outcome for entry in unit.audit.page("fern").items]
    assert "0 orders; then refused: the scope for old orders is missing" in said
    assert stored(world)[0].done_on == NOW.date()


def test_what_the_platform_puts_together_is_asked_for_once_and_read_on_where_it_was_cut_off(world):
    seen = [order(str(n), line("a", "cup", 3), days=n, status="closed") for n in range(1, 451)]
    listed, asked = [one.snapshot for one in seen], []

    def past_orders(since, *, reading, skip):
        asked.append((reading, skip))
        if len(asked) == 1:
            raise NotFound("the file is gone")
        yield from listed[skip : skip + 250]
        if len(asked) == 2:
            raise Unavailable("the connection broke", retry_after=0.0)
        yield from listed[skip + 250 :]

    names = iter(("first", "second"))
    connector = SimpleNamespace(past_orders=past_orders, begin_past=lambda since: next(names))
    world.house = replace(world.house, open_shop=lambda _: connector)
    with world.books.write() as unit:
        unit.planning.ask("fern", history_from=NOW - 500 * DAY)
    assert forecast_next(world.house)
    with world.books.write() as unit:
        run = unit.planning.run("fern")
        unit.planning.release(replace(run, leased_until=datetime.now(UTC)))
    assert forecast_next(world.house)
    assert forecast_next(world.house)
    assert asked == [("first", 0), ("second", 0), ("second", 200)]
    run, _ = stored(world)
    assert (run.history_from, run.history_orders) == (None, 450)
    with world.books.read() as unit:
        assert unit.shops.get("fern").past_reading is None
        assert len([row for row in unit.demand.since("fern", NOW.date() - 500 * DAY) if row.item == "item-cup"]) == 450
