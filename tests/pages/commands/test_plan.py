"""`plan`: the engine alone on a document, from a file or from standard input."""

import json

import pytest

from tests.pages.commands.terminal import run, started

FACTS = {
    "as_of": "2026-11-23T09:00:00Z",
    "stock": [{"sku": "mug", "on_hand": 5}],
    "orders": [{"id": "1", "placed_at": "2026-11-20T10:00:00Z", "lines": [{"id": "1", "sku": "mug", "ordered": 8}]}],
}


@pytest.fixture
def facts(tmp_path):
    file = tmp_path / "facts.json"
    file.write_text(json.dumps(FACTS))
    return file


@pytest.mark.parametrize("given", ["the file", "standard input"])
def test_a_plan_needs_no_database_and_leaves_nothing_behind(checkout, facts, given):
    before = sorted(checkout.rglob("*"))
    words, typed = ((facts,), b"") if given == "the file" else (("-",), facts.read_bytes())
    # A database that cannot be and a setting that is wrong are none of its business.
    code, printed, problems = run(
        checkout,
        "plan",
        *words,
        given=typed,
        BACKORDER_DATABASE_URL="postgresql://127.0.0.1:1/none",
        BACKORDER_SETTLE_SECONDS="x",
    )
    assert (code, problems) == (0, "")
    assert json.loads(printed)["orders"][0]["decision"] == "ship_part"
    assert sorted(checkout.rglob("*")) == before


def test_a_plan_with_reasons_as_sentences(terminal_of, facts):
    done = terminal_of().type("plan", facts, "--explain")
    assert "Stock on hand does not cover every unit." in json.loads(done.stdout)["orders"][0]["explanations"]


def test_many_plans_one_a_line(terminal_of):
    done = terminal_of().type(
        "plan", "-", "--lines", given=f"{json.dumps(FACTS)}\r\n\n{{}}\n{json.dumps(FACTS)}".encode()
    )
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [list(row) == ["problems"] for row in rows] == [False, True, False]
    assert (done.exit_code, done.stderr) == (2, "")


@pytest.mark.parametrize(
    ("given", "place"),
    [
        (b"", "document:"),
        (b"\xff\xfe\x00", "document: must be UTF-8, but byte 0 is not"),
        (b"[]", "document: must be an object"),
        (b"[" * 200_000, "document: is nested too deeply"),
        (b'{"as_of": "2026-11-23T09:00:00Z", "orders": [], "colour": 1}', "colour: unknown key"),
        ('{"as_of": "caf\u00e9", "orders": []}'.encode(), "as_of: must be an instant"),
    ],
)
def test_a_bad_document_is_a_line_for_each_problem(terminal_of, given, place):
    done = terminal_of().type("plan", "-", given=given)
    assert (done.exit_code, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith(place)


@pytest.mark.parametrize(("name", "why"), [("none.json", "No such file or directory"), (".", "Is a directory")])
def test_a_file_that_cannot_be_read_is_one_line(terminal_of, tmp_path, name, why):
    told = terminal_of().refused("plan", tmp_path / name, code=2)
    assert told == f"{tmp_path / name}: cannot be read: {why}"


def test_a_reader_that_has_read_enough_ends_the_command_in_silence(checkout, facts):
    with started(checkout, "plan", facts) as process:
        process.stdout.close()
        assert process.stderr.read() == b""
