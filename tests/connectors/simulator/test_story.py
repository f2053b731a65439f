"""The demo's story on the two simulated shops, without a service that listens."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from connectors.simulator.demo import set_stage
from connectors.simulator.demo_clock import DemoClock
from connectors.simulator.script import SHELVES, STORIES, TITLES, in_words, script
from connectors.simulator.story import DemoStory
from core.errors import Misuse

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def stage_of():
    """Open a stage whose time only moves when it is told to; what the merchant types in is in `typed`."""
    stages = []

    def make(seed=7, story="everyday"):
        typed = []
        stage = set_stage(
            seed=seed, story=story, speed=0, start=START, enter_supply=lambda _, row: typed.append(row)
        )  # fmt: skip
        stages.append(stage)
        return stage, typed

    yield make
    for stage in stages:
        stage.close()


@pytest.fixture
def stage(stage_of):
    return stage_of()[0]


def people_of(stage):
    return [stall.people for stall in stage.story._stalls.values()]


def played(stage, days):
    """Every sentence of the story, oldest first."""
    told = []
    for _ in range(days):
        before = stage.story.events()
        stage.story.advance(1)
        after = stage.story.events()
        fresh = next(n for n in range(len(after) + 1) if after[n:] == before[: len(after) - n])
        told += reversed(after[:fresh])
    return told


@pytest.mark.parametrize("story", STORIES)
def test_the_same_seed_is_the_same_script(story):
    assert script(7, story) == script(7, story)
    assert script(7, story) != script(8, story)


def test_the_same_seed_is_the_same_story_word_by_word(stage_of):
    first, second = (played(stage_of()[0], 12) for _ in range(2))
    assert first == second
    assert len(first) > 60
    assert played(stage_of(seed=8)[0], 3) != first[: len(first) // 4]


def test_an_unknown_story_is_refused():
    with pytest.raises(Misuse, match="everyday, late-container, flash-sale"):
        set_stage(seed=7, story="nonsense", speed=0, enter_supply=lambda *_: None)


def test_before_time_moves_the_first_customer_wants_more_than_there_is(stage):
    stage.story.catch_up()
    told = "\n".join(stage.story.events())
    assert "Harbour Outfitters: order #1001, 8 x Enamel mug." in told
    assert "8 x Stoneware teapot." in told
    assert [people.free(SHELVES[people.side][0].sku) < 0 for people in people_of(stage)] == [True, True]


def test_the_story_names_things_not_codes_and_no_people(stage):
    told = "\n".join(played(stage, 15))
    assert not [sku for sku in TITLES if sku in told]
    assert "Customer" not in told


def test_units_add_up_whatever_the_visitor_does(stage):
    for day in range(24):
        stage.story.advance(1)
        press = (stage.story.make_late, stage.story.sell_out, stage.story.cancel_order)[day % 3]
        press(("shopify", "woocommerce")[day % 2])
        for people in people_of(stage):
            assert min(people.on_hand(product.sku) for product in SHELVES[people.side]) >= 0
    for stall in stage.story._stalls.values():
        received = Counter()
        for shipment in stall.shipments:
            received[shipment.sku] += shipment.units if shipment.received else 0
        assert received.total() > 0
        for product in SHELVES[stall.people.side]:
            there = product.on_hand + received[product.sku]
            assert stall.people.on_hand(product.sku) == there - shipped(stage, stall.people.side, product.sku)


def shipped(stage, side, sku):
    """Units of an item that have left a shop, as its own rows tell."""
    shopify, store = stage.shops
    if side == "shopify":
        return sum(line.fulfilled for row in shopify.state.orders.values() for line in row.lines if line.sku == sku)
    done = [row for row in store.state.orders.values() if row.status == "completed"]
    return sum(line.quantity for row in done for line in row.lines if line.name == TITLES[sku])


def test_supply_arrives_on_its_day_and_is_ticked_off(stage_of):
    stage, typed = stage_of()
    told = played(stage, 11)
    assert "Quiet Kiln Pottery: PO-101 came in, 11 x Stoneware teapot." in told
    rows = [row for row in typed if row.id == "PO-101"]
    assert [(row.received, row.eta.isoformat()) for row in rows] == [(0, "2026-12-02"), (11, "2026-12-02")]


def test_a_shipment_is_late_in_the_shop_that_is_asked_for(stage):
    stage.story.catch_up()
    words = "shipment-1001 is 9 days late, 13 x Enamel mug now due 11 Dec."
    assert stage.story.make_late("shopify") == f"Harbour Outfitters: {words}"
    assert stage.story.make_late("woocommerce").startswith("Quiet Kiln Pottery: PO-101 is 9 days late")
    assert stage.story.events()[1].endswith(words)


def test_selling_out_leaves_nothing_and_the_next_purchase_covers_it(stage):
    stage.story.catch_up()
    people = people_of(stage)[0]
    told = stage.story.sell_out("shopify")
    assert "only 9 are left" in told
    assert people.free("KETTLE") == -4
    while stage.story.sell_out("shopify") != "Everything is sold out already.":
        pass
    assert all(people.free(product.sku) <= 0 for product in SHELVES["shopify"])
    assert stage.story.sell_out("woocommerce").startswith("Quiet Kiln Pottery")
    stage.story.advance(40)
    assert people.free("KETTLE") > 0


def test_only_an_order_of_which_nothing_has_left_is_cancelled(stage):
    played(stage, 2)
    left = {row.name for row in stage.shops[0].state.orders.values() if row.fulfilments}
    assert left
    cancelled = 0
    while "the customer cancelled" in (told := stage.story.cancel_order("shopify")):
        cancelled += 1
        assert not [name for name in left if f"order {name}." in told]
    assert cancelled
    assert told.startswith("No order is left")


def test_the_warehouse_leaves_a_fresh_order_and_what_is_not_there(stage):
    stage.story.advance(1)
    assert not [told for told in stage.story.events() if "warehouse" in told]
    stage.story.advance(1)
    shops = [told.partition(":")[0] for told in stage.story.events() if "warehouse" in told]
    assert set(shops) == {"Harbour Outfitters", "Quiet Kiln Pottery"}
    first = stage.shops[0].state.orders[1001]
    assert [line.fulfilled for line in first.lines] == [0]


def test_without_supply_on_its_way_nothing_can_be_late(stage_of):
    stage, _ = stage_of()
    assert stage.story.make_late() == "No shipment is on its way that could be late."
    assert stage.story.headline() == "Day 1: The shops have just opened."


def test_a_story_of_late_containers_tells_of_them(stage_of):
    assert [told for told in played(stage_of(story="late-container")[0], 5) if "days late" in told]


def test_a_scene_that_fails_does_not_end_the_story(stage, caplog, monkeypatch):
    failed = []

    def fail():
        failed.append(1)
        stage.story._stop.set()
        raise RuntimeError("the stage is dark")

    monkeypatch.setattr("connectors.simulator.story.TICK", 0.001)
    monkeypatch.setattr(stage.story, "catch_up", fail)
    stage.story._play()
    assert failed == [1]


@pytest.mark.parametrize(
    ("speed", "words"),
    [(0, "Time stands still"), (1, "a day takes 20 seconds."), (20, "a day takes 1 second."), (8, "takes 2.5 seconds")],
)
def test_the_pace_is_told(speed, words):
    assert words in DemoClock(speed=speed).pace()


@pytest.mark.parametrize(("speed", "rounds"), [(0, 1), (1, 1), (10, 3), (20, 6)])
def test_the_faster_time_runs_the_more_rounds_a_fresh_order_is_left_alone(stage_of, speed, rounds):
    clock, shops = DemoClock(speed=speed, start=START), people_of(stage_of()[0])
    story = DemoStory(clock=clock, people=shops, events=())
    assert [stall.rounds.maxlen for stall in story._stalls.values()] == [rounds, rounds]


def test_a_standing_clock_moves_when_told():
    clock = DemoClock(speed=0, start=START)
    assert (clock.now(), clock.day()) == (START, 1)
    assert clock.advance(3).date().isoformat() == "2026-11-26"
    assert clock.day() == 4


def test_lines_are_told_by_their_titles():
    assert in_words((("MUG", 3), ("JUG", 1))) == "3 x Enamel mug, 1 x Milk jug"
