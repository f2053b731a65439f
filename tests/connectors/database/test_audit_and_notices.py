from datetime import timedelta

import pytest

from core.records import NewNotice


def write(kept, make, what, *, shop="fern", **fields):
    with kept.write() as unit:
        unit.audit.write(shop=shop, at=make.now, actor="backorder", what=what, **fields)


def test_an_entry_comes_back_as_it_was_written(kept, make):
    write(
        kept, make, "hold", order="1", sku="MUG", why="short", outcome="done", detail={"units": 2, "words": ["a", None]}
    )
    with kept.read() as unit:
        (entry,) = unit.audit.page("fern").items
    assert (entry.shop, entry.at, entry.actor, entry.what) == ("fern", make.now, "backorder", "hold")
    assert (entry.order, entry.sku, entry.why, entry.outcome) == ("1", "MUG", "short", "done")
    assert entry.detail == {"units": 2, "words": ["a", None]}


@pytest.mark.parametrize("order", [None, "1"])
def test_the_log_is_paged_newest_first(kept, make, order):
    for number in range(5):
        write(kept, make, f"w{number}", order="1" if number % 2 else "2")
    write(kept, make, "other", shop="moss", order="1")
    found, cursor = [], None
    while True:
        with kept.read() as unit:
            page = unit.audit.page("fern", order=order, cursor=cursor, limit=2)
        found += [entry.what for entry in page.items]
        cursor = page.next
        if cursor is None:
            break
        write(kept, make, "between", order="1")
    assert found == (["w3", "w1"] if order else ["w4", "w3", "w2", "w1", "w0"])


def test_words_that_no_database_can_hold_are_mended(kept, make):
    write(kept, make, "nul \x00", why="half \ud800", detail={"k\x00": "\udfff"})
    with kept.read() as unit:
        (entry,) = unit.audit.page("fern").items
    assert (entry.what, entry.why) == ("nul �", "half �")
    assert list(entry.detail.values()) == ["�"]


def draft(kept, make, key="delay-1", *, shop="fern", order="1", at=0):
    with kept.write() as unit:
        return unit.notices.add([NewNotice(shop=shop, order=order, kind="delay", key=key, to="c@example.com", facts={"units": 3},
                                at=make.now + timedelta(seconds=at), due=make.now)])  # fmt: skip


def test_a_notice_is_drafted_once_by_its_key(kept, make):
    assert draft(kept, make)
    assert not draft(kept, make, order="2")
    assert draft(kept, make, shop="moss")
    with kept.read() as unit:
        (notice,) = unit.notices.of_order("fern", "1")
    assert (notice.kind, notice.key, notice.to, notice.facts) == ("delay", "delay-1", "c@example.com", {"units": 3})
    assert (notice.body, notice.state, notice.created_at, notice.error) == ("", "draft", make.now, None)


def test_of_drafts_stored_together_those_are_new_whose_key_nobody_took(kept, make):
    draft(kept, make, "a")
    new = [
        NewNotice(shop="fern", order=order, kind="delay", key=key, to=None, facts={"order": order}, at=make.now, due=make.now)
        for order, key in (("1", "a"), ("2", "b"), ("3", "b"), ("4", "c"))
    ]  # fmt: skip
    with kept.write() as unit:
        assert unit.notices.add(new) == {"b", "c"}
        assert [row.facts for row in reversed(unit.notices.page("fern", cursor=None, limit=9).items)] == [
            {"units": 3}, {"order": "2"}, {"order": "4"},
        ]  # fmt: skip


def test_notices_of_an_order_come_oldest_first_and_of_the_shop_newest_first(kept, make):
    for key in ("a", "b", "c"):
        draft(kept, make, key)
    draft(kept, make, "d", order="2")
    with kept.read() as unit:
        assert [row.key for row in unit.notices.of_order("fern", "1")] == ["a", "b", "c"]
        first = unit.notices.page("fern", cursor=None, limit=3)
        second = unit.notices.page("fern", cursor=first.next, limit=3)
        assert unit.notices.page("moss", cursor=None, limit=3).items == ()
    assert [row.key for row in first.items] == ["d", "c", "b"]
    assert [row.key for row in second.items] == ["a"]
    assert second.next is None


def test_the_log_is_searched_by_any_word_of_an_entry(kept, make):
    with kept.write() as unit:
        unit.audit.write(
            shop="fern", at=make.now, actor="merchant", what="noted", order="1", why="Called about 50% off"
        )
        unit.audit.write(shop="fern", at=make.now, actor="engine", what="decided", order="2", detail={"to": "Mug_1"})
        unit.audit.write(shop="moss", at=make.now, actor="merchant", what="noted", order="1")
    with kept.read() as unit:

        def orders(**asked):
            return [entry.order for entry in unit.audit.page("fern", **asked).items]

        assert orders(text="CALLED") == orders(text="0% o") == orders(what="noted") == ["1"]
        assert orders(text="mug_1") == orders(text="decid") == ["2"]
        assert orders(text="zebra") == orders(text="_ug") == orders(what="noted", order="2") == []
