"""Two shops with the same ids everywhere: what one does leaves the other as it was."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from connectors.database import tables
from core.access.people import Seat
from core.hooks import announcing
from core.items.item_rules import ItemRules
from core.ports.replies import Reply
from core.records import NewNotice
from core.reports.records import WaitingRow
from core.snapshots import Customer

OURS = sorted(table.name for table in tables.metadata.sorted_tables if "shop" in table.c)
SECRETS = {"tokens", "links"}
"""Found by the hash of a secret before anybody knows the shop."""


@pytest.fixture
def full(kept, make):
    """Books in which both shops have a row in every table, under the same ids."""
    for shop in ("fern", "moss"):
        with kept.write() as unit:
            unit.orders.put(make.order("1", make.line("1", "mug"), shop=shop, customer=Customer(id="c")))
            unit.orders.redact(shop, ["9"], None, None)
            unit.items.put(shop, make.item("mug", "MUG", aliases=("red",)))
            unit.supply.put(make.supply("PO-1", shop=shop))
            unit.arrivals.put(make.arrival("PO-1", shop=shop))
            unit.inbox.add(shop=shop, topic="t", key="k", body=b"b", at=make.now)
            unit.outbox.want(shop, "1", [(make.tag(), "tag", "r"), (make.hold(), "hold", "r")], now=make.now, act=True)
            unit.audit.write(shop=shop, at=make.now, actor="a", what="w", order="1")
            unit.notices.add(
                [NewNotice(shop=shop, order="1", kind="k", key="n", to=None, facts={}, at=make.now, due=make.now)]
            )
            heads = {"message_id": "<1@x>", "sender": "Shop"}
            unit.mails.add(shop, "c@example.com", make.worded(), headers=heads, now=make.now)
            unit.mails.stop(shop, "c@example.com", "all", why="bounced", at=make.now)
            step = make.law_case()
            unit.laws.put(shop, step.case, wakes_at=make.now)
            unit.laws.log(shop, step.case, step.edges, at=make.now)
            unit.consolations.put(make.consolation(shop=shop))
            unit.access.add_token(shop=shop, token_hash=f"token-{shop}", at=make.now)
            unit.demand.put([make.demand(shop=shop)])
            unit.demand.put_sold_out([make.sold_out(shop=shop)])
            unit.demand.put_shelves([make.shelf(shop=shop)])
            unit.reports.note_waiting([make.waiting(shop=shop)])
            unit.planning.put_terms(make.terms(shop=shop))
            unit.planning.put([(make.forecast(shop=shop), "0")], since={})
            unit.planning.ask(shop)
            unit.reports.note_waiting([WaitingRow(shop=shop, order="1", line="1", item="mug", on=make.day, units=2)])
            unit.sessions.open("browser", Seat(shop=shop, person="A", role="staff"), browser="b", at=make.now)
            unit.second_factors.begin(shop, "A", "a secret")
            unit.second_factors.confirm(shop, "A", ["digest"])
            unit.replies.claim(make.asked(shop=shop), now=make.now)
            hook = unit.hooks.add(shop, "https://hooks.example.com/", ["order.ready"], "whsec_c2VjcmV0", at=make.now)
            unit.hooks.send(hook, announcing.test("a", make.now), now=make.now)
            unit.views.put(shop, "Late", "/?age=9")
            unit.access.add_link(shop=shop, link_hash=f"link-{shop}", expires_at=make.now + timedelta(days=1))
    return kept


def rows(books, shop):
    with books.read() as unit:
        run = unit.shops.transaction.run
        found = {
            name: run(select(tables.metadata.tables[name]).where(tables.metadata.tables[name].c.shop == shop)).all()
            for name in OURS
        }
        found["shops"] = run(select(tables.shops).where(tables.shops.c.id == shop)).all()
    return found


def test_both_shops_stand_in_every_table(full):
    for shop in ("fern", "moss"):
        assert [name for name, found in rows(full, shop).items() if not found] == []


def test_erasing_leaves_no_row_of_the_shop_in_any_table(full):
    with full.write() as unit:
        unit.shops.erase("fern")
    assert {name: found for name, found in rows(full, "fern").items() if found} == {}


CHANGES = {
    "erase": lambda unit, make: unit.shops.erase("fern"),
    "credentials": lambda unit, make: unit.shops.put_credentials("fern", {}),
    "order": lambda unit, make: unit.orders.put(make.order("1", status="closed")),
    "redact": lambda unit, make: unit.orders.redact("fern", ["1"], "c", None),
    "item": lambda unit, make: unit.items.put("fern", make.item("mug", "CUP")),
    "rules": lambda unit, make: unit.items.put_rules("fern", "MUG", ItemRules(substitutes=("CUP",))),
    "supply": lambda unit, make: unit.supply.put(make.supply("PO-1", ordered=1)),
    "supply gone": lambda unit, make: unit.supply.delete("fern", "PO-1"),
    "platform supply": lambda unit, make: unit.supply.replace_platform("fern", []),
    "unwanted": lambda unit, make: unit.outbox.want("fern", "1", [], now=make.now, act=True),
    "skipped": lambda unit, make: unit.outbox.skip_all("fern", now=make.now, why="x"),
    "pending": lambda unit, make: unit.outbox.make_pending("fern", now=make.now),
    "hastened": lambda unit, make: unit.outbox.hasten("fern", until=make.now - make.second),
    "delivery": lambda unit, make: unit.inbox.add(shop="fern", topic="backorder/x", key="k", body=b"new", at=make.now),
    "notice": lambda unit, make: unit.notices.add(
        [NewNotice(shop="fern", order="1", kind="k", key="m", to=None, facts={}, at=make.now, due=make.now)]
    ),
    "demand": lambda unit, make: unit.demand.put([make.demand(ordered=9)]),
    "sold out": lambda unit, make: unit.demand.put_sold_out([make.sold_out(closed=True)]),
    "shelf": lambda unit, make: unit.demand.put_shelves([make.shelf(on_hand=9)]),
    "waiting": lambda unit, make: unit.reports.note_waiting([make.waiting(units=9)]),
    "terms": lambda unit, make: unit.planning.put_terms(make.terms(pack=6)),
    "forecast": lambda unit, make: unit.planning.put([(make.forecast(rate=9.0), "1")], since={}),
    "forecasts gone": lambda unit, make: unit.planning.forget("fern", before=make.day + make.second * 86_400),
    "run": lambda unit, make: unit.planning.claim("fern", today=make.day, now=make.now, until=make.now + make.second),
    "signed out": lambda unit, make: unit.sessions.end("browser", shop="fern"),
    "view": lambda unit, make: unit.views.put("fern", "Late", "/"),
    "reply": lambda unit, make: unit.replies.keep(
        make.asked(), Reply(fingerprint="f", status=202, body="x"), order="1"
    ),
    "reply gone": lambda unit, make: unit.replies.drop(make.asked()),
    "view gone": lambda unit, make: unit.views.forget("fern", "Late"),
    "worded": lambda unit, make: unit.notices.word(unit.notices.of_order("fern", "1")[0], subject="x", body="y"),
    "settled": lambda unit, make: unit.notices.settle(unit.notices.of_order("fern", "1"), "sent", mail=1),
    "mail": lambda unit, make: unit.mails.sent(
        unit.mails.claim(now=make.now, lease=timedelta(minutes=1)), now=make.now
    ),
    "stop": lambda unit, make: unit.mails.stop("fern", "c@example.com", "marketing", why="x", at=make.now),
    "law": lambda unit, make: unit.laws.put("fern", make.law_case("1").case, wakes_at=None),
    "link": lambda unit, make: unit.access.use_link("link-fern", now=make.now),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_one_shop_does_changes_no_row_of_the_other(full, make, change):
    before = rows(full, "moss")
    with full.write() as unit:
        CHANGES[change](unit, make)
    assert rows(full, "moss") == before


def test_reading_one_shop_shows_nothing_of_the_other(full, make):
    with full.write() as unit:
        unit.shops.erase("fern")
        assert (
            unit.orders.open_all("fern")
            == unit.orders.with_items("fern", ["mug"])
            == unit.orders.with_items("fern", ["red"])
            == ()
        )
        assert unit.orders.page("fern", state=None, cursor=None, limit=9).items == unit.items.all("fern") == ()
        assert unit.items.by_platform_id("fern", ["mug", "red"]) == unit.outbox.counts("fern") == {}
        assert unit.supply.all("fern") == unit.outbox.recent("fern", limit=9) == unit.outbox.of_order("fern", "1") == ()
        assert unit.audit.page("fern").items == unit.notices.of_order("fern", "1") == unit.inbox.dead("fern") == ()
        assert not unit.outbox.in_flight("fern")


def test_every_table_of_a_shops_own_has_the_shop_in_its_unique_keys():
    for table in tables.metadata.sorted_tables:
        if "shop" not in table.c or table.name in SECRETS:
            continue
        keys = [list(table.primary_key.columns.keys())]
        keys += [
            list(entry.columns.keys()) for entry in table.constraints if type(entry).__name__ == "UniqueConstraint"
        ]
        keys += [list(index.columns.keys()) for index in table.indexes if index.unique]
        assert [key for key in keys if "shop" not in key and key != ["id"]] == [], table.name


def test_no_column_holds_a_fraction():
    from sqlalchemy import Float, Numeric

    columns = [column for table in tables.metadata.sorted_tables for column in table.c]
    assert [column for column in columns if isinstance(column.type, Float | Numeric)] == []
