"""tests/audit.py finds a known weakness, and never says "clean" without having looked: against a list of our own."""

import json
from contextlib import closing

import pytest
from flask import Flask, request

from connectors.simulator.serving import serve
from tests import audit

WEAK = {audit.KNOWN: "KNOWN-1", ("jinja2", "2.10"): "PYSEC-2019-217"}
PINS = {("jinja2", "2.10"), ("flask", "3.1.2"), ("numpy", "2.4.6"), ("numpy", "2.5.5")}


@pytest.fixture
def database():
    """A list of known weaknesses behind an address, and what it is to know and answer."""
    app = Flask("osv")
    app.config.update(knows=WEAK, status=200)

    @app.post("/v1/query")
    def query():
        asked = json.loads(request.data)
        name, version = asked["package"]["name"], asked["version"]
        found = app.config["knows"].get((name, version))
        affected = [{"package": {"name": name, "ecosystem": "PyPI"}, "versions": [version]}]
        return {"vulns": [{"id": found, "affected": affected}]} if found else {}, app.config["status"]

    with closing(serve(app)) as server:
        yield app.config, f"{server.url}/v1/query"


def test_a_pin_with_a_known_weakness_is_found_and_one_without_is_not(database):
    assert audit.verdict(PINS, database[1]) == (1, ["jinja2==2.10: PYSEC-2019-217"])


@pytest.mark.parametrize(
    ("said", "so"),
    [({"knows": {}}, "the database calls django==2.2.0 clean"), ({"status": 500}, "the database was not read")],
    ids=["a database that knows nothing", "a database that fails"],
)
def test_who_knows_or_says_nothing_calls_nothing_clean(database, said, so):
    database[0].update(said)
    code, lines = audit.verdict({("flask", "3.1.2")}, database[1])
    assert code == 2
    assert so in lines[0]


def test_only_pins_that_were_all_looked_up_are_called_clean(tmp_path, monkeypatch):
    (tmp_path / "empty.txt").write_text("# nothing\nflask\n")
    assert audit.pinned([tmp_path / "empty.txt"]) == set()
    assert audit.verdict(set()) == (2, ["nothing was compared: there is no pin in the lists"])
    answers = {pin: [] for pin in PINS} | {audit.KNOWN: ["KNOWN-1"]}
    monkeypatch.setattr(audit, "looked_up", lambda *_: answers)
    assert audit.verdict(PINS) == (0, ["4 pins were looked up, none is known to be weak"])
    del answers["flask", "3.1.2"]
    assert audit.verdict(PINS) == (2, ["not looked up: flask==3.1.2"])


def test_every_line_of_our_lists_that_names_a_library_is_a_pin():
    lines = [line for file in audit.PINS for line in file.read_text("utf-8").splitlines() if line[:1].isalnum()]
    assert len(audit.pinned(list(audit.PINS))) > 100
    assert {line.split("==")[0].lower() for line in lines} == {name for name, _ in audit.pinned(list(audit.PINS))}
