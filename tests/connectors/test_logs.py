"""What is logged is one JSON object a line, and names neither secrets nor people."""

import io
import json
import logging
import sys

import pytest
import structlog
from structlog.contextvars import bound_contextvars

from connectors import logs


@pytest.fixture
def said(monkeypatch):
    """Everything logged so far, one document a line."""
    before, lines = list(logging.getLogger().handlers), io.StringIO()
    monkeypatch.setattr(sys, "stderr", lines)
    logs.set_up("INFO")
    yield lambda: [json.loads(line) for line in lines.getvalue().splitlines()]
    structlog.reset_defaults()
    logging.getLogger().handlers[:] = before


def test_what_is_worked_on_stands_in_every_line(said):
    with bound_contextvars(shop="fern", order="1001", deliveries=[7]):
        structlog.get_logger("x").warning("put back", problem="later")
    (line,) = said()
    assert {
        "shop": "fern",
        "order": "1001",
        "deliveries": [7],
        "problem": "later",
        "level": "warning",
    }.items() <= line.items()


def test_a_librarys_word_is_a_line_too_and_bears_the_context(said):
    with bound_contextvars(shop="fern"):
        logging.getLogger("somebody.else").warning("odd: %s", 5)
        logging.getLogger("somebody.else").info("nothing special")
    (line,) = said()
    assert {"event": "odd: 5", "logger": "somebody.else", "shop": "fern", "level": "warning"}.items() <= line.items()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("customer someone@shop.example is not valid", "customer *** is not valid"),
        ("<a.b+c@mail.shop.example>", "<***>"),
        ("'email': 'a@b.example'", "'email': '***'"),
        ("GET https://s.example/wp-json?consumer_secret=cs_1&x=2 failed", "GET https://s.example/wp-json?*** failed"),
        ("null value\nDETAIL:  Failing row contains (1, Customer 12).", "null value\nDETAIL: ***"),
        ("https://s.example/plain and 5@3", "https://s.example/plain and 5@3"),
    ],
)
def test_people_and_queries_are_blanked_in_every_text(said, text, shown):
    structlog.get_logger("x").warning(text, problem=text)
    (line,) = said()
    assert (line["event"], line["problem"]) == (shown, shown)


def test_people_and_secrets_are_blanked_in_tracebacks_and_fields(said):
    try:
        {}["someone@shop.example"]
    except KeyError:
        structlog.get_logger("x").exception("failed", token="t0k3n", email="not an address")
        logging.getLogger("lib").exception("failed as well")
    for line in said():
        assert "KeyError: '***'" in line["exception"]
        assert "someone" not in str(line)
        assert "t0k3n" not in str(line)
        assert "not an address" not in str(line)


def test_setting_up_twice_says_nothing_twice(said, monkeypatch):
    lines = io.StringIO()
    monkeypatch.setattr(sys, "stderr", lines)
    logs.set_up("INFO")
    logs.set_up("INFO")
    logging.getLogger("lib").error("once")
    assert len(lines.getvalue().splitlines()) == 1
    assert said() == []


def test_a_line_and_its_end_are_one_write_so_that_no_other_comes_between(monkeypatch):
    written = []

    class Watched(io.StringIO):
        def write(self, text):
            written.append(text)
            return super().write(text)

    monkeypatch.setattr(sys, "stderr", Watched())
    before = list(logging.getLogger().handlers)
    logs.set_up("INFO")
    structlog.get_logger("x").warning("ours")
    logging.getLogger("lib").warning("theirs")
    structlog.reset_defaults()
    logging.getLogger().handlers[:] = before
    assert [(json.loads(line)["event"], line[-1]) for line in written] == [("ours", "\n"), ("theirs", "\n")]
