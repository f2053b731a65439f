"""The summary, the reorder suggestions and the log."""

from datetime import timedelta

import pytest

from core.actions import Code
from tests.connectors.database.paper_shop import fill


def test_the_summary_counts_what_is_covered_and_what_waits(ask):
    # Open: 8 mugs of which 5 are covered, 2 of which none is; closed: 2 shipped. 24.50 each.
    found = ask("GET", "/reports/summary")
    assert found["orders"] == {"open": 2, "not_planned": 0, "closed_recently": 1}
    assert (found["unit_fill_rate"], found["line_fill_rate"], found["order_fill_rate"]) == (0.5833, 0.3333, 0.3333)
    assert (found["backorder_rate"], found["units_waiting"]) == (1.0, 5)
    assert found["value_waiting"] == {"amount": "122.50", "currency": "EUR"}
    assert [(row["days"], row["orders"], row["units"]) for row in found["ageing"]][:3] == [
        ("0-7", 1, 2),
        ("8-14", 1, 3),
        ("15-30", 0, 0),
    ]
    assert found["promise_kept_rate"] is None


def test_every_figure_is_defined(ask):
    found = ask("GET", "/reports/summary")
    figures = set(found) - {"as_of", "orders", "offers", "definitions"} | {f"offers.{name}" for name in found["offers"]}
    assert figures == set(found["definitions"])


def test_where_nothing_is_known_figures_are_null(ask, keep, make, books):
    with books.write() as unit:
        unit.shops.erase("moss")
    keep(make.shop("moss"), shop="moss")
    with books.write() as unit:
        import hashlib

        digest = hashlib.sha256(b"moss-token-0123456789").hexdigest()
        unit.access.add_token(shop="moss", token_hash=digest, at=make.now)
    found = ask("GET", "/reports/summary", shop="moss")
    for name in ("unit_fill_rate", "line_fill_rate", "order_fill_rate", "backorder_rate", "promise_kept_rate"):
        assert found[name] is None
    assert found["units_waiting"] == 0
    assert found["offers"]["effect"] == {"cancelled_with_offer": None, "cancelled_without_offer": None}


def test_waiting_units_without_a_price_have_no_value_rather_than_none(ask, keep, make):
    keep(*(make.order(order, make.line("a", "mug", 2, price=None)) for order in ("1001", "1002")))
    assert ask("GET", "/reports/summary")["value_waiting"] is None


def test_orders_in_another_currency_are_not_added_up(ask, keep, make):
    keep(make.order("1001", make.line("a", "mug", 2), currency="JPY"))
    assert ask("GET", "/reports/summary")["value_waiting"] == {"amount": "49.00", "currency": "EUR"}


def test_kept_promises_are_counted_from_closed_orders_with_a_date(ask, keep, make):
    today = make.now.date()
    keep(
        make.order("1", make.line("a", "mug", 1, shipped=1), status="closed", promised=today),
        make.order("2", make.line("a", "mug", 1, shipped=1), status="closed", promised=today - timedelta(days=1)),
        make.order("3", make.line("a", "mug", 1), status="cancelled", promised=today),
        make.order("4", make.line("a", "mug", 1, shipped=1), status="closed", promised=today, days=91),
    )
    assert ask("GET", "/reports/summary")["promise_kept_rate"] == 0.5


def test_offers_that_were_made_are_counted_with_what_they_may_cost(ask, keep, make, books):
    keep(
        make.order("1005", make.line("a", "mug", 2), offers=("sorry-a",)),
        make.order("6", make.line("a", "mug", 2), offers=("b",), status="cancelled"),
    )
    code = Code(order="1005", code="sorry-a", offer="discount_code", percent=10, starts_at=make.now, ends_at=make.now, title="t", customer=None, email=None, worth=490)  # fmt: skip
    with books.write() as unit:
        unit.outbox.want("fern", "1005", [(code, "c", "long wait")], now=make.now, act=True)
    assert ask("GET", "/reports/summary")["offers"]["made"] == 0
    with books.write() as unit:
        unit.outbox.done(
            unit.outbox.claim(now=make.now, lease=timedelta(minutes=1), per_shop=1), now=make.now, reference="c"
        )
    offers = ask("GET", "/reports/summary")["offers"]
    assert (offers["made"], offers["cost_estimate"]) == (1, {"amount": "4.90", "currency": "EUR"})
    assert offers["effect"]["cancelled_with_offer"] == 1.0


def test_what_no_supply_covers_is_suggested_for_reorder(ask, keep, make):
    keep(
        *(make.item(sku, unit_price=100) for sku in ("Käse", "a/b c", "mug")),
        make.order("1010", make.line("a", "Käse", 7)),
        make.order("1011", make.line("a", "a/b c", 3, on_hand=1)),
        make.order("1012", make.line("a", "mug", 12)),
    )
    found = ask("GET", "/reorder")["items"]
    assert [(row["sku"], row["units"], row["backordered"], row["incoming"]) for row in found] == [
        ("mug", 3, 17, 14),
        ("Käse", 7, 7, 0),
        ("a/b c", 2, 2, 0),
    ]
    assert found[1]["reasons"] == [
        "7 units sold and not in stock; nothing is on its way: 7 more would serve everyone who waits"
    ]


def test_nothing_is_suggested_where_supply_covers_all(ask):
    assert ask("GET", "/reorder") == {"items": [], "next": None}


def test_suggestions_page_by_sku(ask, keep, make):
    keep(*(make.item(f"s{n}") for n in range(3)), *(make.order(f"20{n}", make.line("a", f"s{n}", 1)) for n in range(3)))
    first = ask("GET", "/reorder?limit=2")
    second = ask("GET", f"/reorder?limit=2&cursor={first['next']}")
    assert [row["sku"] for row in (*first["items"], *second["items"])] == ["s0", "s1", "s2"]
    assert second["next"] is None


@pytest.mark.parametrize(("query", "whats"), [("", ["two", "one"]), ("?order=1001", ["one"]), ("?order=none", [])])
def test_the_log_is_newest_first_and_can_keep_to_one_order(ask, books, make, query, whats):
    with books.write() as unit:
        unit.audit.write(
            shop="fern", at=make.now, actor="engine", what="one", order="1001", why="w", outcome="done", detail={"n": 1}
        )
        unit.audit.write(shop="fern", at=make.now, actor="engine", what="two", sku="mug")
        unit.audit.write(shop="moss", at=make.now, actor="engine", what="other", order="1001")
    assert [entry["what"] for entry in ask("GET", f"/activity{query}")["items"]] == whats


def test_the_report_of_a_period_comes_with_definitions_and_the_period_before(ask, books, keep, make):
    keep(make.shop(timezone="UTC"))
    fill(books)
    found = ask("GET", "/reports?from=2026-11-02&to=2026-11-08")
    assert (found["period"], found["before"]) == (
        {"first": "2026-11-02", "last": "2026-11-08"},
        {"first": "2026-10-26", "last": "2026-11-01"},
    )
    filled = found["figures"]["unit_fill_first"]
    assert (filled["value"], filled["part"], filled["whole"], filled["before"]) == (0.6875, 22, 32, None)
    mugs = found["items"][0]
    assert (mugs["asked"], mugs["waited"], mugs["rate"], mugs["weeks"], mugs["cancelled"]) == (19, 7, 0.3684, 1, 3)
    assert found["waiting"][1] == {"on": "2026-11-03", "units": 7}


def test_a_report_of_no_period_names_the_key(ask):
    assert ask("GET", "/reports?from=soon", status=422)["key"] == "from"
    for blank in ("", "%1E", "%20", "2026-11-02%20"):
        assert ask("GET", f"/reports?from={blank}", status=422)["key"] == "from"
    assert ask("GET", "/reports?to=2026-11-08&days=1101", status=422)["key"] == "days"
    assert ask("GET", "/reports?to=2999-01-01", status=409)["key"] == "to"
