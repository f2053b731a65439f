"""A list asks the database once for each kind of fact, however many rows it shows."""

from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, event

from core.policy.reading import merge
from core.policy.shop_policy import ShopPolicy
from tests.pages.api.conftest import december

pytestmark = pytest.mark.usefixtures("one_day")

LISTS = ("/orders", "/items", "/reorder", "/incoming", "/reports/summary")


@contextmanager
def statements():
    """Yield the list of the statements that are executed meanwhile."""
    seen = []

    def note(*call):
        seen.append(call[2])

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@pytest.mark.parametrize("path", LISTS)
def test_a_long_list_takes_as_many_statements_as_a_short_one(path, ask, keep, make):
    def taken(rows):
        names = [f"cup-{number}" for number in range(rows)]
        keep(
            *(make.item(name) for name in names), *(make.supply(f"S-{name}", name, 3, december(5)) for name in names),
            *(make.order(f"7{n}", make.line("a", name, 4), offers=(f"o{n}",)) for n, name in enumerate(names)),
        )  # fmt: skip
        with statements() as seen:
            shown = ask("GET", path)
        return len(seen), len(shown.get("items", names))

    ask("GET", path)  # the token's first use of the day is written down
    (few, short), (many, long) = taken(3), taken(9)
    assert (many, long) == (few, short + 6)


def test_what_the_rule_says_of_many_orders_is_read_once_too(ask, keep, make, books):
    offers = {"enabled": True, "per_customer": 1, "monthly_budget": "1.00", "min_wait_days": 0}
    keep(make.shop(policy=merge(ShopPolicy(), {"offers": offers})))

    def taken(rows):
        keep(*(make.order(f"7{n}", make.line("a", "mug", 4, waits=(("PO-1", 4, december(5)),))) for n in range(rows)))
        with statements() as seen:
            shown = ask("GET", "/orders")["items"]
        assert sum(order["consolation"] is not None for order in shown) >= rows
        return len(seen)

    ask("GET", "/orders")
    assert taken(3) == taken(9)


def test_an_item_shows_the_lines_of_all_that_draw_on_its_stock_and_each_order_once(ask, keep, make):
    keep(make.item("jug", (0, 0), aliases=("item-red", "item-blue")), make.item("pot"))
    lines = [make.line("a", "red", 2), make.line("b", "blue", 1), make.line("c", "pot", 1)]
    keep(make.order("5", *lines, days=3))
    first, second = (item for item in ask("GET", "/items")["items"] if item["sku"] in {"jug", "pot"})
    assert [row["line"] for row in first["waiting"]] == ["a", "b"]
    assert (first["demand"], second["demand"]) == (3, 1)
