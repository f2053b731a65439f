"""Whose work it still is: the holder's check is asked, the nearest one's, and nobody's where nothing is leased."""

import pytest

from core.in_hand import held_by, still_ours
from core.ports.clockwork import LeaseLost


def lost():
    raise LeaseLost("another worker has it")


def test_what_nobody_leased_is_ours():
    still_ours()


def test_the_nearest_holder_is_asked_and_the_one_before_again_afterwards():
    asked = []
    with held_by(lambda: asked.append("outer")):
        with held_by(lost), pytest.raises(LeaseLost, match="another worker"):
            still_ours()
        still_ours()
    still_ours()
    assert asked == ["outer"]


def test_a_block_that_fails_leaves_no_holder_behind():
    with pytest.raises(ZeroDivisionError), held_by(lost):
        raise ZeroDivisionError
    still_ours()
