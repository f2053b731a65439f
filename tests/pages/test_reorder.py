"""What to order: the list, an item's reasons and terms, files that run nothing, drafts that become supply."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.forecast.records import BuyingTerms
from core.records import NewNotice
from pages.spreadsheets import cell, unguarded
from tests.pages.builders import NOW, PLACES, forecast, item, line, order


@pytest.fixture
def shopkeeper(client, lively):
    return client


def test_the_list_says_what_to_order_now_and_which_habit_costs(shopkeeper):
    page = shopkeeper.get("/reorder").text
    assert page.index("Rope, 20 m") < page.index("Camp mug, enamel")
    assert "Order now" in page
    assert "raise the reorder point" in page


def test_an_items_page_shows_past_weeks_expected_ones_and_why(shopkeeper):
    page = shopkeeper.get("/reorder/fern/item/camp-mug").text
    assert page.count('class="p-shipped"') == 53
    assert "17 against a reorder point of 90, a level of 118" in page
    assert shopkeeper.get("/reorder/fern/item/nothing").status_code == 404
    assert shopkeeper.get("/reorder/moss/item/camp-mug").status_code == 404


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=1+1", "'=1+1"),
        ("@x", "'@x"),
        ("-3 mugs", "'-3 mugs"),
        ("+4", "'+4"),
        ("\tx", "'\tx"),
        ("\0=1", "'\0=1"),
        (" =1+1", "' =1+1"),
        ("\N{FULLWIDTH EQUALS SIGN}1+1", "'\N{FULLWIDTH EQUALS SIGN}1+1"),
        ("'=1", "''=1"),
        ("'tis a mug", "'tis a mug"),
        ("mug", "mug"),
        (-3, -3),
        (None, ""),
    ],
)
def test_a_file_holds_no_formulas(value, written):
    assert cell(value) == written
    assert unguarded(str(written)) == str("" if value is None else value)


def test_the_file_has_a_row_for_each_item_of_the_list(shopkeeper):
    answer = shopkeeper.get("/reorder.csv")
    assert answer.mimetype == "text/csv"
    assert [row.split(",")[0] for row in answer.text.splitlines()[1:3]] == ["rope", "camp-mug"]


ASKED = {
    "": ["rope", "camp-mug"], "when=now": ["rope", "camp-mug"], "when=soon": [], "q=ENAMEL": ["camp-mug"],
    "q=northern": ["rope", "camp-mug"], "q=rope&when=now": ["rope"], "q=nothing": [], "when=whenever": ["rope", "camp-mug"],
}  # fmt: skip


def test_the_list_and_its_file_hold_what_is_asked_for(shopkeeper):
    for asked, skus in ASKED.items():
        rows = [row.split(",")[0] for row in shopkeeper.get(f"/reorder.csv?{asked}").text.splitlines()[1:]]
        page = shopkeeper.get(f"/reorder?{asked}").text
        assert (asked, [sku for sku in rows if sku in {"rope", "camp-mug"}]) == (asked, skus)
        assert ("Nothing of this needs an order" in page) is (not rows)
        assert "Northern Mill: " in page


def test_a_draft_that_is_sent_becomes_incoming_supply_and_is_ordered_no_more(shopkeeper, send, books):
    path = "/reorder/fern/draft?supplier=Northern+Mill"
    assert "Rope, 20 m" in shopkeeper.get(path).text
    assert send(shopkeeper, path, number="PO-200", **{"units-rope": "400", "units-camp-mug": "0"}).status_code == 303
    with books.read() as unit:
        (row,) = unit.supply.get("fern", "PO-200")
        assert unit.planning.run("fern").wanted
    assert (row.incoming.sku, row.incoming.ordered, row.supplier, row.incoming.eta) == (
        "rope",
        400,
        "Northern Mill",
        date(2026, 12, 10),
    )
    assert "Rope, 20 m" not in shopkeeper.get(path).text
    assert send(shopkeeper, path, number="PO-200", **{"units-camp-mug": "5"}).status_code == 422


def test_a_draft_is_sent_once_whatever_is_pressed_twice_and_holds_what_the_person_saw(shopkeeper, send, books):
    path = "/reorder/fern/draft?supplier=northern+mill+"
    page = shopkeeper.get(path).text
    number = re.search(r'name="number" value="([^"]+)"', page)[1]
    assert number == "PO-20261123-northern-mill"
    # What is printed names the order and who orders; no hint of how to fill the form in stands beside it.
    assert f"Order {number} of Fern &amp; Fable</h2>" in page
    assert page.index("<form id=") < page.index("0 leaves an item out")
    typed = {"number": number, "units-camp-mug": "36"}
    assert send(shopkeeper, path, **typed).status_code == 303
    # The same again is the same order, another one under its number is not.
    assert send(shopkeeper, path, **typed).status_code == 303
    answer = send(shopkeeper, path, **typed | {"units-camp-mug": "48"})
    assert (answer.status_code, "in the list of incoming stock already" in answer.text) == (422, True)
    assert f"{number}-2" in shopkeeper.get(path).text
    with books.read() as unit:
        assert [(row.incoming.sku, row.incoming.ordered) for row in unit.supply.get("fern", number)] == [
            ("camp-mug", 36)
        ]
    answer = send(shopkeeper, path, **{"units-gone": "3"})
    assert (answer.status_code, "gone is no longer in the shop" in answer.text) == (422, True)


def test_of_two_people_with_the_same_draft_the_second_is_asked_to_look_again(shopkeeper, send, books):
    path = "/reorder/fern/draft?supplier=northern+mill"
    seen = re.search(r'name="coming" value="([^"]+)"', shopkeeper.get(path).text)[1]
    typed = {"coming": seen, "units-rope": "400", "units-camp-mug": "36"}
    assert send(shopkeeper, path, number="PO-1", **typed).status_code == 303
    for number in ("PO-1", "PO-2"):
        # Whoever is told to choose another number first would order all of it twice.
        answer = send(shopkeeper, path, number=number, **typed | {"units-rope": "300"})
        assert (answer.status_code, "entered since you opened this" in answer.text) == (422, True)
    now = re.search(r'name="coming" value="([^"]+)"', answer.text)[1]
    assert send(shopkeeper, path, number="PO-2", **typed | {"coming": now}).status_code == 303
    with books.read() as unit:
        assert [row.supplier for row in (*unit.supply.get("fern", "PO-1"), *unit.supply.get("fern", "PO-2"))] == [
            "Northern Mill"] * 4  # fmt: skip


def test_a_draft_is_bound_for_where_online_orders_ship_from(shopkeeper, send, books):
    with books.write() as unit:
        known = unit.shops.get("fern")
        unit.shops.save(replace(known, places=(replace(PLACES[0], ships_online=False), PLACES[1])))
    path = "/reorder/fern/draft?supplier=Northern+Mill"
    assert send(shopkeeper, path, number="PO-8", **{"units-rope": "12"}).status_code == 303
    with books.read() as unit:
        assert [row.incoming.location for row in unit.supply.get("fern", "PO-8")] == [PLACES[1].id]
    # So is what is entered by hand, unless another place is chosen.
    assert '<option value="south" selected>' in shopkeeper.get("/incoming").text


def test_a_draft_of_hundreds_of_items_becomes_supply_whole(shopkeeper, send, books):
    skus = [f"part-{number:03d}" for number in range(520)]
    with books.write() as unit:
        for sku in skus:
            unit.items.put("fern", item(sku, (1, 0)))
            unit.planning.put_terms(BuyingTerms(shop="fern", sku=sku, supplier="Big Mill", pack=50))
        unit.planning.put([(forecast(sku), f"0{sku}") for sku in skus], since={})
    path = "/reorder/fern/draft?supplier=Big+Mill"
    fields = dict(re.findall(r'name="((?:units-|number|coming)[^"]*)" value="([^"]+)"', shopkeeper.get(path).text))
    assert len(fields) == 520 + 2
    assert send(shopkeeper, path, **fields).status_code == 303
    with books.read() as unit:
        rows = unit.supply.get("fern", fields["number"])
    assert ({row.incoming.sku for row in rows}, {row.incoming.ordered for row in rows}) == (set(skus), {150})
    assert "Nothing to order here" in shopkeeper.get(path).text


def test_a_draft_that_was_entered_too_early_is_taken_back_as_a_whole(shopkeeper, send, books):
    path = "/reorder/fern/draft?supplier=Northern+Mill"
    send(shopkeeper, path, number="PO-7", **{"units-rope": "12", "units-camp-mug": "36"})
    row = "?id=PO-7&sku=rope&location=main"
    assert "Delete all 2 rows of PO-7" in shopkeeper.get(f"/incoming/fern/row{row}").text
    assert send(shopkeeper, f"/incoming/fern/delete{row}", whole="1").status_code == 303
    with books.read() as unit:
        assert unit.supply.get("fern", "PO-7") == ()
        assert unit.planning.run("fern").wanted
    assert 'name="units-rope"' in shopkeeper.get(path).text


def test_the_file_and_the_text_for_the_supplier_say_what_was_typed(shopkeeper, send, books):
    path, typed = "/reorder/fern/draft?supplier=Northern+Mill", {"units-rope": "12", "units-camp-mug": "0"}
    answer = send(shopkeeper, path, number="=PO-7", **typed, **{"as": "csv"})
    assert answer.text.splitlines()[1:] == ['\'=PO-7,Northern Mill,rope,"Rope, 20 m",12,1,,,2026-12-10']
    answer = send(shopkeeper, path, number="PO-7", **typed, **{"as": "text"})
    assert answer.mimetype == "text/plain"
    assert "12 x Rope, 20 m (SKU rope), wanted on" in answer.text
    assert "Together" not in answer.text
    with books.write() as unit:
        unit.planning.put_terms(BuyingTerms(shop="fern", sku="rope", supplier="Northern Mill", cost=310))
    answer = send(shopkeeper, path, number="PO-7", **typed, **{"as": "text"})
    assert ", at €3.10 each\n\nTogether: €37.20\n" in answer.text
    assert (
        shopkeeper.get("/reorder/fern/draft.csv?supplier=Northern+Mill").text.count("PO-20261123-northern-mill,") == 2
    )


def test_a_kit_and_what_the_shop_does_not_count_are_not_ordered_and_say_so(shopkeeper, send, books):
    with books.write() as unit:
        seen = item("gift-wrap", (0, 0))
        unit.items.put("fern", replace(seen, tracked=False))
        unit.planning.put_terms(BuyingTerms(shop="fern", sku="tent-peg", parts={"camp-mug": 3}))
    assert "does not count its stock" in shopkeeper.get("/reorder/fern/item/gift-wrap").text
    assert "its parts are, 3 x camp-mug" in shopkeeper.get("/reorder/fern/item/tent-peg").text
    assert "tent-peg" not in shopkeeper.get("/reorder.csv").text
    # Three mugs for each of the nine pegs that are owed and not there, beside the mugs' own 51.
    assert "78 units sold and not shipped yet" in shopkeeper.get("/reorder/fern/item/camp-mug").text


def test_nothing_is_ordered_of_what_the_shop_sells_no_more_whoever_waits_for_it(shopkeeper, books):
    before = shopkeeper.get("/reorder").text
    with books.write() as unit:
        seen = unit.items.get("fern", "camp-mug").snapshot
        unit.items.put("fern", replace(seen, gone=True, read_at=NOW + timedelta(days=1)))
    page, files = shopkeeper.get("/reorder").text, shopkeeper.get("/reorder.csv").text.splitlines()
    assert "he shop sells it no more: nothing is ordered" in shopkeeper.get("/reorder/fern/item/camp-mug").text
    assert [("Camp mug, enamel" in text) for text in (before, page, *files)] == [True, *[False] * (1 + len(files))]
    # What is not shown is not counted either.
    shown = page.count('data-label="When"')
    assert f"<caption>{shown} item" in page
    assert shown == before.count('data-label="When"') - 1


def test_what_is_waited_for_in_vain_stands_by_what_it_is_worth(shopkeeper, books):
    def listed():
        return [row.split(",")[0] for row in shopkeeper.get("/reorder.csv").text.splitlines()[1:]]

    with books.write() as unit:
        unit.items.put("fern", item("piano", (0, 0), unit_price=900_000))
        unit.items.put("fern", item("pebble", (0, 0), unit_price=1))
        unit.orders.put(order("9001", line("a", "piano", 3), line("b", "pebble", 50)))
    assert listed().index("piano") < listed().index("pebble")


def test_stock_from_which_no_online_order_ships_leaves_nobody_waiting_unseen(shopkeeper, books):
    def listed():
        return [row.split(",")[:6] for row in shopkeeper.get("/reorder.csv").text.splitlines() if row[:3] == "hat"]

    with books.write() as unit:
        unit.items.put("fern", item("hat", (2, 300), unit_price=2000))
        unit.orders.put(order("9002", line("a", "hat", 12, on_hand=2)))
        unit.planning.put([(forecast("hat", rate=7.0), "2")], since={})
    assert listed() == []
    with books.write() as unit:
        known = unit.shops.get("fern")
        unit.shops.save(replace(known, places=(PLACES[0], replace(PLACES[1], ships_online=False))))
    assert listed() == [["hat", "Hat", "", "now", "10", "302"]]
    page = shopkeeper.get("/reorder/fern/item/hat").text
    assert "300 units lie where no online order is shipped from: to move some may do instead" in page


def test_what_is_gone_today_is_not_gone_now(shopkeeper, books):
    with books.write() as unit:
        unit.items.put("fern", item("last", (1, 0)))
        unit.planning.put([(forecast("last"), "0")], since={})
        unit.items.put("fern", item("none", (0, 0)))
        unit.planning.put([(forecast("none"), "0")], since={})
    for sku, word in (("last", "today"), ("none", "now")):
        assert f"<dd>{word}</dd>" in shopkeeper.get(f"/reorder/fern/item/{sku}").text


def test_the_list_says_who_is_written_to_and_where_to_change_it(shopkeeper, send, books):
    assert "a mail goes to help@example.com" in shopkeeper.get("/reorder").text
    with books.write() as unit:
        known = unit.shops.get("fern")
        unit.shops.save(replace(known, email=None))
    assert "the shop gives no address" in shopkeeper.get("/reorder").text


def test_a_draft_with_a_wrong_number_is_shown_again_and_nothing_is_entered(shopkeeper, send, books):
    answer = send(shopkeeper, "/reorder/fern/draft?supplier=Northern+Mill", number="PO-201", **{"units-rope": "many"})
    assert answer.status_code == 422
    assert "Give a whole number of units" in answer.text
    with books.read() as unit:
        assert unit.supply.get("fern", "PO-201") == ()


def test_terms_are_stored_and_a_new_forecast_is_asked_for(shopkeeper, send, books):
    typed = {
        "supplier": "Southern Mill",
        "lead_days": "20",
        "minimum": "24",
        "pack": "12",
        "cost": "3.10",
        "service": "0.9",
        "parts": "lantern = 2",
        "made_to_order": "1",
    }
    assert send(shopkeeper, "/reorder/fern/item/rope", **typed).status_code == 303
    with books.read() as unit:
        terms, run = unit.planning.terms_of("fern", "rope"), unit.planning.run("fern")
    assert (terms.supplier, terms.lead_days, terms.minimum, terms.pack, terms.cost, terms.service, terms.parts) == (
        "Southern Mill", 20, 24, 12, 310, "0.9", {"lantern": 2})  # fmt: skip
    assert run.wanted
    assert terms.made_to_order
    assert 'name="made_to_order" value="1" checked' in shopkeeper.get("/reorder/fern/item/rope").text
    assert send(shopkeeper, "/reorder/fern/item/rope", **(typed | {"made_to_order": ""})).status_code == 303
    with books.read() as unit:
        assert not unit.planning.terms_of("fern", "rope").made_to_order


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("lead_days", "soon"),
        ("lead_days", "-1"),
        ("pack", "0"),
        ("cost", "a lot"),
        ("cost", "1.005"),
        ("service", "1.5"),
        ("parts", "rope = 2"),
        ("parts", "x"),
    ],
)
def test_terms_that_mean_nothing_are_refused_beside_their_field(shopkeeper, send, field, text):
    answer = send(shopkeeper, "/reorder/fern/item/rope", **{field: text})
    assert answer.status_code == 422
    assert f'id="{field}-wrong"' in answer.text


def test_a_person_may_ask_for_the_past_as_far_as_it_goes(shopkeeper, send, books):
    assert "past be read, at the end" in shopkeeper.get("/reorder").text
    assert send(shopkeeper, "/reorder", past="1").status_code == 303
    assert "past be read, at the end" not in shopkeeper.get("/reorder").text
    with books.read() as unit:
        run = unit.planning.run("fern")
    assert run.wanted
    assert (NOW - run.history_from).days == 1095


def test_the_nights_mail_lies_in_the_outbox_and_leads_to_what_to_order(shopkeeper, books):
    with books.write() as unit:
        unit.notices.add([NewNotice(shop="fern", order="", kind="digest", key="digest:2026-11-23", to="help@example.com", at=NOW, due=NOW,
                         facts={"subject": "To order now: 1 item", "body": "- 40 x Rope (rope): nothing is left"})])  # fmt: skip
    page = shopkeeper.get("/outbox").text
    assert "To order now: 1 item" in page
    assert '<a href="/reorder">for you: what to order</a>' in page
