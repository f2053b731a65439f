"""An old copy is put back and compared with shops that have moved on: nothing is done a second time."""


def test_what_was_done_since_the_copy_is_found_and_not_done_again(side, tmp_path):
    side.set_policy(offers={"enabled": True, "min_wait_days": 0})
    side.settle()
    first = side.checkout(("MUG", 8))
    side.settle()
    house = side.service.house
    house.books.backup(str(tmp_path / "copy"))
    # Since then: an order that waits too, goods for the first one, and an order that needs nothing.
    second = side.checkout(("MUG", 4))
    side.settle()
    side.shop.restock("MUG", 2)
    side.settle()
    held = {order: side.held_outside(order) for order in (first, second)}
    assert [sum(units.values()) for units in held.values()] == [1, 4]
    before, codes = len(side.writes()), sorted(side.codes_outside())
    assert len(codes) == 2

    house.books.put_back(str(tmp_path / "copy"))
    assert house.desk.begin_anew() == 1
    side.settle()

    assert {order: side.held_outside(order) for order in (first, second)} == held
    assert sorted(side.codes_outside()) == codes
    for order in (first, second):
        assert side.doubles(order) == []
        document = side.order(order)
        assert document["hands_off"] == {}
        assert {action["state"] for action in document["actions"]} <= {"done", "skipped"}
    # What the shop's pages show is said once more; it says the same.
    more = side.writes()[before:]
    assert len(more) <= 2, more


def test_an_action_that_waited_in_the_copy_and_was_done_since_is_not_done_again(side, tmp_path):
    order = side.checkout(("MUG", 8))
    side.shop.hooks.flush()
    hands, house = side.service.hands, side.service.house
    while hands.take_in():
        pass
    with house.books.read() as unit:
        assert unit.outbox.counts(side.record.id)["pending"] > 0
    house.books.backup(str(tmp_path / "copy"))
    side.settle()
    before = len(side.writes())
    house.books.put_back(str(tmp_path / "copy"))
    house.desk.begin_anew()
    side.settle()
    assert sum(side.held_outside(order).values()) == 3
    assert side.doubles(order) == []
    assert len(side.writes()) - before <= 1
