"""The check-list for a development store (docs/shopify.md), walked through at the simulated shop in its own order."""

import pytest

from core.records import Shop
from tests.scenarios.conftest import Service, ShopifySide

SECRETS = {"BACKORDER_SHOPIFY_CLIENT_SECRET": "new-secret,app-secret"}
EMAIL = "customer12@example.com"

pytestmark = pytest.mark.soak


def known(side) -> Shop | None:
    with side.house.books.read() as unit:
        return unit.shops.get(side.record.id)


def log(side):
    with side.house.books.read() as unit:
        return {entry.what for entry in unit.audit.page(side.record.id).items}


@pytest.fixture
def side(tmp_path, sqlite_url):
    made = ShopifySide()
    made.service = Service(tmp_path, BACKORDER_DATABASE_URL=sqlite_url, **made.settings, **SECRETS)
    made.connect(made.service.house, mode="observe")
    yield made
    made.close()


def test_every_step_of_the_check_list_holds(side):
    side.shop.add_product("MUG", "Enamel mug", "12.50", 1)
    side.settle()
    # 5: on the board, and nothing written yet
    order = side.shop.checkout([("MUG", 3)], customer=EMAIL)
    side.settle()
    line = str(side.shop.line(order, "MUG"))
    assert (side.order(order)["decision"], side.writes()) == ("ship_part", [])
    # 6: acted on
    side.put_policy({"mode": "act"})
    side.settle()
    assert side.tags_outside(order) >= {"backorder-waiting", "backorder-part-ready"}
    assert side.held_outside(order) == {line: 2}
    assert side.notes(order) == [note for note in side.notes(order) if note.startswith("Backorder: 2 units wait")]
    # 7: a person's act wins, until the order itself changes
    side.let_go(order)
    side.settle()
    assert side.held_outside(order) == {}
    side.edit(order, "MUG", 4)
    side.settle()
    assert side.held_outside(order) == {line: 3}
    # 8: stock comes, and every mark goes
    side.shop.restock("MUG", 3)
    side.settle()
    row = side.shop.state.order(order)
    marks = (side.held_outside(order), side.tags_outside(order), row.metafields, row.note or "")
    assert marks == ({}, set(), {}, "")
    # 12: the secret is replaced while deliveries go on
    side.shop.rotate_secret("new-secret")
    again = side.shop.checkout([("MUG", 2)], customer=EMAIL)
    side.settle()
    assert side.order(again)["decision"]
    assert {sent.status for sent in side.shop.hooks.deliveries} == {200}
    # 13: a scope is taken away
    side.shop.change_scopes([scope for scope in side.shop.scopes if scope != "write_discounts"])
    side.settle()
    assert any("write_discounts" in sentence for sentence in known(side).lacks)
    # 15: the privacy topics
    side.shop.request_customer_data(EMAIL)
    side.shop.redact_customer(EMAIL)
    side.settle()
    assert log(side) >= {"a customer asks for their data", "a customer's personal data was blanked"}
    assert EMAIL not in side.everything_stored()
    # 14: removed, silent, and back again without doubles
    side.shop.uninstall()
    side.settle()
    calls = len(side.shop.journal.entries())
    side.service.hands.run_until_idle()
    assert (known(side).state, len(side.shop.journal.entries())) == ("uninstalled", calls)
    before = len(side.writes())
    side.shop.reinstall("token")
    side.connect(side.house, mode="act")
    side.settle()
    assert (side.order(again)["decision"] is not None, len(side.writes())) == (True, before)
    side.shop.uninstall()
    side.shop.redact_shop()
    side.settle()
    assert known(side) is None
