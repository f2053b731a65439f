"""The night's mail to the merchant, word for word."""

from datetime import date

from core.forecast.digest import Needed, digest
from core.forecast.records import Alarm, Suggestion

TODAY = date(2026, 11, 23)


def needed(sku, units, *, out=None, left=5, waits=0, supplier="Mill"):
    made = Suggestion(sku=sku, urgency="now", units=units, position=0, runs_out_on=out, arrives_on=date(2026, 12, 7), would_wait=waits,
                      value=None, reasons=())  # fmt: skip
    return Needed(title=sku.capitalize(), left=left, supplier=supplier, suggestion=made)


def test_the_mail_names_what_to_order_of_whom_and_what_happens_otherwise():
    alarm = Alarm(kind="item", name="mug", rate=0.4, weeks=6, units=43, lost=4, mean_wait=None, cost=None,
                  mend="raise the reorder point", why="43 of 105 units had to wait.")  # fmt: skip
    rows = [
        needed("rope", 40, out=date(2026, 12, 1), supplier=None),
        needed("mug", 90, out=TODAY, left=0, waits=12),
        needed("jug", 9, out=TODAY, left=1, waits=2),
        needed("cup", 5),
    ]
    made = digest("Fern & Fable", rows, [alarm], TODAY, page="https://b.example/reorder")
    assert (made.key, made.subject) == ("digest:2026-11-23", "To order now: 4 items")
    assert made.body == (
        "Fern & Fable: 4 items should be ordered now.\n\n"
        "Mill:\n- 90 x Mug (mug): nothing is left; customers would wait for 12 until an order could be here\n"
        "- 9 x Jug (jug): runs out today; customers would wait for 2 until an order could be here\n"
        "- 5 x Cup (cup): lasts over a year\n\n"
        "No supplier named:\n- 40 x Rope (rope): runs out on 1 December 2026\n\n"
        "All of it, and a draft of the order to each supplier: https://b.example/reorder\n\n"
        "Backorders that have become a habit:\n- mug: raise the reorder point. 43 of 105 units had to wait.\n"
    )


def test_a_long_list_is_cut_and_says_so():
    made = digest("Fern", [needed(f"item-{number}", 1) for number in range(13)], [], TODAY, page="")
    assert made.body.count("\n- ") == 10
    assert "And 3 more.\n" in made.body


def test_a_night_without_anything_to_order_writes_nothing_but_of_a_habit_that_is_new():
    alarm = Alarm(kind="item", name="mug", rate=0.4, weeks=6, units=43, lost=4, mean_wait=None, cost=None,
                  mend="promise longer", why="43 of 105 units had to wait.")  # fmt: skip
    assert digest("Fern", [], [], TODAY, page="") is None
    assert digest("Fern", [], [alarm], TODAY, page="", known={"mug"}) is None
    made = digest("Fern", [], [alarm], TODAY, page="https://b.example/reorder", known={"cup"})
    assert made.subject == "Backorders that have become a habit: mug"
    assert made.body == (
        "Fern: nothing has to be ordered now.\n\n"
        "Backorders that have become a habit:\n- mug: promise longer. 43 of 105 units had to wait.\n\n"
        "What would mend them: https://b.example/reorder\n"
    )
