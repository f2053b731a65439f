"""Events for other tools: their names, their bytes, and an endpoint that stops answering."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from core.hooks.outgoing import PATIENCE, PAUSES, Answer, Endpoint, Event, answered, new_secret, pause
from tests.core.shop_builders import NOW

ENDPOINT = Endpoint(
    id=1, shop="fern", url="https://erp.example.com", events=("order.ready",), state="on", created_at=NOW
)
EVENT = Event(type="order.ready", order="1001", once="a", at=NOW, data={"name": "#1001"})


def test_an_event_has_one_name_however_often_it_is_told():
    assert EVENT.key("fern") == replace(EVENT, at=NOW + timedelta(days=1)).key("fern")
    others = [EVENT.key("moss"), *(replace(EVENT, **{part: "b"}).key("fern") for part in ("type", "order", "once"))]
    assert len({EVENT.key("fern"), *others}) == 5


def test_an_event_says_what_when_and_of_which_version():
    told = json.loads(EVENT.body())
    assert (told["type"], told["timestamp"], told["data"]) == ("order.ready", NOW.isoformat(), {"name": "#1001"})


def test_no_secret_is_made_twice_and_tries_end():
    assert new_secret() != new_secret()
    assert [pause(tries) for tries in (1, len(PAUSES), len(PAUSES) + 1)] == [PAUSES[0], PAUSES[-1], None]


@pytest.mark.parametrize(
    ("before", "answer", "after"),
    [
        ({"failing_since": NOW, "error": "x"}, Answer(status=204), ("on", None, None)),
        ({}, Answer(status=500), ("on", NOW, "it answered 500")),
        ({}, Answer(status=None, error="no answer"), ("on", NOW, "no answer")),
        ({}, Answer(status=410), ("failing", NOW, "it answered 410: it is gone for good")),
        ({"failing_since": NOW - PATIENCE}, Answer(status=503), ("failing", NOW - PATIENCE, "it took nothing for 3 days: it answered 503")),
        ({"failing_since": NOW - PATIENCE, "state": "failing"}, Answer(status=503), ("failing", NOW - PATIENCE, "it answered 503")),
    ],
)  # fmt: skip
def test_an_endpoint_is_left_alone_after_days_of_refusals(before, answer, after):
    made = answered(replace(ENDPOINT, **before), answer, NOW)
    assert (made.state, made.failing_since, made.error) == after


@pytest.mark.parametrize(
    ("silent", "answer", "rest"),
    [
        (0, Answer(status=None), 30), (300, Answer(status=None), 300), (90_000, Answer(status=None), 3600),
        (300, Answer(status=500), None), (0, Answer(status=429, wait=120.0), 120), (300, Answer(status=200), None),
    ],
)  # fmt: skip
def test_an_endpoint_that_is_silent_rests_as_long_as_it_has_been(silent, answer, rest):
    failing = replace(ENDPOINT, failing_since=NOW - timedelta(seconds=silent), rests_until=NOW)
    assert answered(failing, answer, NOW).rests_until == (None if rest is None else NOW + timedelta(seconds=rest))
