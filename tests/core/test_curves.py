"""Units over time against the formula itself, moment by moment: what is open to all, what fences keep, what is claimed."""

from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from core.engine.curves import Curve
from core.engine.ledger import NEVER, NOW, Claim, Fence, Lot, Queue
from tests.draws import examples

CLASSES = ("win", "standard", "fill")
moments = st.sampled_from([NOW, 1, 4, 9, NEVER])
lots = st.lists(st.tuples(moments, st.integers(1, 6)), max_size=4)
fences = st.lists(
    st.tuples(st.sampled_from(CLASSES[:2]), st.sampled_from([1, 4, 6, NEVER]), st.integers(1, 6)), max_size=3
)
takings = st.lists(st.tuples(st.sampled_from(CLASSES), st.integers(0, 6), st.integers(1, 4)), max_size=6)
DOUBTFUL = "in doubt"


def lot(at, units, supply="sure"):
    return Lot(supply=supply, location="main", at=at, left=units, is_stock=at == NOW)


def queue_of(open_lots, fenced, taken):
    """A queue of which some units are taken already, by number of the lot."""
    queue = Queue(
        "mug", "all", lots=[lot(at, units, DOUBTFUL if units == 6 and at else "sure") for at, units in open_lots]
    )
    queue.fences = [Fence(name, until, [lot(NOW, units)]) for name, until, units in fenced]
    for name, number, units in taken:
        usable = [*queue.lots, *queue.fenced_lots(name)]
        if usable:
            chosen = usable[number % len(usable)]
            got = min(units, chosen.left)
            chosen.left -= got
            line = SimpleNamespace(order=SimpleNamespace(order=SimpleNamespace(order_class=name)))
            queue.claims.append(Claim(line, queue, 1, units, 0, taken=[(chosen, got)]))
    return queue


def there(lot_, moment, doubtful):
    return lot_.at <= moment and not (doubtful and lot_.supply == DOUBTFUL)


def slowly(queue, order_class, moment, doubtful, more):
    """What the class can have at one moment, by the formula; `more` is claimed by class besides what was taken."""
    everything = [*queue.lots, *(one for fence in queue.fences for one in fence.lots)]
    whole = {id(one): one.left for one in everything}
    claimed = dict.fromkeys(CLASSES, 0)
    for claim in queue.claims:
        for taken, units in claim.taken:
            whole[id(taken)] += units
            claimed[claim.line.order.order.order_class] += units if there(taken, moment, doubtful) else 0
    behind = dict.fromkeys(CLASSES, 0)
    for_all = sum(whole[id(one)] for one in queue.lots if there(one, moment, doubtful))
    for fence in queue.fences:
        units = sum(whole[id(one)] for one in fence.lots)
        if fence.until <= moment:
            for_all += units
        else:
            behind[fence.order_class] += units
    for name in CLASSES:
        claimed[name] += more.get(name, 0)
        for_all -= max(0, claimed[name] - behind[name])
    return for_all + max(0, behind[order_class] - claimed[order_class])


@given(
    lots,
    fences,
    takings,
    st.booleans(),
    st.dictionaries(st.sampled_from(CLASSES), st.integers(1, 9)),
    st.sampled_from([1, 5, 9, 12]),
)
@examples(60)
def test_what_a_class_can_have_and_keep_is_the_least_of_all_later_moments(
    given_lots, fenced, taken, doubts, more, later
):
    queue = queue_of(given_lots, fenced, taken)
    doubtful = frozenset({("mug", DOUBTFUL, "main"), ("cup", "sure", "main")}) if doubts else frozenset()
    curve = Curve(queue, doubtful)
    dated = {one.at for one in queue.all_lots()} | {fence.until for fence in queue.fences}
    assert curve.moments == sorted({NOW, *dated} - {NEVER})

    def check(extra, since=NOW):
        for name in CLASSES:
            at_each = [
                slowly(queue, name, moment, doubts, extra if moment >= since else {}) for moment in curve.moments
            ]
            assert curve.lasting(name) == [min(at_each[number:]) for number in range(len(at_each))]

    check({})
    for name, units in more.items():
        curve.claim(name, [units] * len(curve.moments))
    check(more)
    for name, units in more.items():
        curve.claim(name, [units] * len(curve.moments), -1)
    check({})
    for name, units in more.items():
        row = curve.step(later, units)
        assert row == [units if moment >= later else 0 for moment in curve.moments]
        curve.claim(name, row)
    if more:
        assert curve.moments == sorted({NOW, *dated, later} - {NEVER})
    check(more, since=later)
