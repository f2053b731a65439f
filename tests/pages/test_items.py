"""Items: stock by location, what comes, and who waits in which order."""

from datetime import date

import pytest

from pages import items as item_pages

DECEMBER = date(2026, 12, 8)


def test_the_list_shows_what_is_there_wanted_and_coming(client, lively):
    row = client.get("/items").text.split("Camp mug, enamel")[1].split("</tr>")[0]
    numbers = [cell.split("<")[0] for cell in row.split('class="n"')[1:]]
    assert [number.rpartition(">")[2] for number in numbers] == ["8", "51", "", "60"]
    assert "<strong>43</strong>" in row
    assert "Fri 4 Dec" in row


def test_an_item_is_found_by_its_whole_sku(client, lively):
    assert "Camp mug, enamel" in client.get("/items?q=camp-mug").text
    assert "No item has the SKU “camp”." in client.get("/items?q=camp").text


def test_items_go_on_page_after_page(client, keep, make, monkeypatch):
    monkeypatch.setattr(item_pages, "A_PAGE", 2)
    keep(*(make.item(f"sku-{n}") for n in range(5)))
    first = client.get("/items").text
    assert "sku-1" in first
    assert "sku-2" not in first
    second = client.get(first.split('class="button" href="')[1].split('"')[0]).text
    assert "sku-2" in second


def test_an_items_page_shows_stock_by_location_and_the_queue(client, lively):
    page = client.get("/items/fern/camp-mug").text
    assert "Main warehouse" in page
    assert "South store" in page
    queue = page.split('id="queue-head"')[1]
    places = [queue.index(name) for name in ("#1002", "#1003", "#1004")]
    assert places == sorted(places)
    assert "PO-107" in page


def test_stock_that_excludes_reserved_units_is_shown_physically(client, keep, make):
    seen, plan = make.line("a", "mug", 3, on_hand=3)
    from dataclasses import replace

    keep(make.item("mug", (2, 0), excludes_reserved=True), make.order("1", (replace(seen, reserved=3), plan)))
    assert "<dt>On hand</dt><dd>5<small>physically there" in client.get("/items/fern/mug").text


def test_units_that_nothing_covers_are_to_buy(client, keep, make):
    keep(make.item("mug", (2, 0)), make.order("1", make.line("a", "mug", 9, on_hand=2)))
    page = client.get("/items/fern/mug").text
    assert "7 units to buy" in page


def test_stock_below_zero_is_pointed_out(client, lively):
    assert "below zero: count it in the shop" in client.get("/items/fern/tent-peg").text


@pytest.mark.parametrize("sku", ["a/b", "a//b", "/lead", "50% off & more?", "größe 42", "a b#c", "."])
def test_an_sku_may_hold_any_character(client, keep, make, sku):
    keep(make.item(sku, (4, 0), title="Strange"))
    link = client.get("/items").text.split('scope="row"><a href="')[1].split('"')[0]
    assert client.get(link).status_code == 200


def test_an_unknown_item_is_a_404(client):
    assert client.get("/items/fern/nothing").status_code == 404


def test_an_item_that_is_not_counted_says_so(client, keep, make):
    keep(make.item("card", (), tracked=False))
    assert "the shop does not track it" in client.get("/items/fern/card").text
    assert "not counted" in client.get("/items").text


def test_supply_that_the_platform_knows_by_its_own_id_belongs_to_its_item(client, keep, make):
    from dataclasses import replace

    keep(make.item("mug-2", (0, 0)), replace(make.supply("T-1", "mug", 9, DECEMBER), item="item-mug-2"))
    assert "T-1" in client.get("/items/fern/mug-2").text


def test_the_items_own_rules_are_set_on_its_page(client, keep, make, send, books):
    keep(make.item("mug", (5, 0)))
    send(client, "/items/fern/rules", sku="mug", preorder_until="2026-12-24", substitutes="cup, bowl")
    page = client.get("/items/fern/mug").text
    assert 'value="2026-12-24"' in page
    assert 'value="cup, bowl"' in page
    send(client, "/items/fern/rules", sku="mug", preorder_until="soon", substitutes="")
    assert "must be a date" in client.get("/items/fern/mug").text
    assert send(client, "/items/fern/rules", sku="nothing").status_code == 404


def test_pre_orders_have_their_own_list_and_are_not_counted_as_waiting(client, keep, make):
    from datetime import date

    keep(make.order("1001", make.line("a", "mug", 2), preorders={"a": date(2026, 12, 24)}, exceptions=()))
    assert "#1001" in client.get("/orders?state=preorder").text
    assert "Pre-order" in client.get("/orders?state=preorder").text
    assert "#1001" not in client.get("/orders?state=backordered").text
    assert "not released yet" in client.get("/").text


def test_an_item_that_took_too_long_shows_who_stopped_it_and_both_ways_back(client, keep, make, books, send):
    from core.items.item_gate import ItemGate

    keep(make.item("mug", (0, 0), backorder="deny", backorder_setting="DENY"))
    stood = ItemGate(state="stopped", setting="CONTINUE", since=DECEMBER, wrote_at=make.now)
    with books.write() as unit:
        unit.items.put_gate("fern", "mug", stood)
    page = client.get("/items/fern/mug").text
    assert "Stopped by Backorder since Tue 8 Dec" in page
    assert "No dated supply brings a next unit." in page
    assert "backorders stopped" in client.get("/items?stopped=1").text
    assert "Backorders stopped" in client.get("/").text
    send(client, "/items/fern/backorders", sku="mug", do="take")
    assert "Hand back to Backorder" in client.get("/items/fern/mug").text
    assert "Take backorders on the item again" in client.get("/outbox").text
    send(client, "/items/fern/backorders", sku="mug", do="hand_back")
    refused = send(client, "/items/fern/backorders", sku="mug", do="hand_back")
    assert refused.status_code == 303
    assert "nothing to hand back" in client.get("/items/fern/mug").text
