"""docs/asvs.csv: each requirement of OWASP ASVS 5.0, level 1 and 2, has a test that is there, a reason, or is open.

docs/holds.csv: what else must hold, each with its test.
"""

import ast
import csv
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
REGISTER = list(csv.DictReader((ROOT / "docs/asvs.csv").read_text("utf-8").splitlines()))
HOLDS = list(csv.DictReader((ROOT / "docs/holds.csv").read_text("utf-8").splitlines()))
# How many requirements of both levels each chapter of the standard has.
CHAPTERS = {1: 27, 2: 11, 3: 19, 4: 10, 5: 9, 6: 35, 7: 18, 8: 7, 9: 7, 10: 29, 11: 14, 12: 9, 13: 13, 14: 9, 15: 13,
            16: 16, 17: 7}  # fmt: skip
OPEN: set[str] = set()


def place(row):
    return [int(number) for number in row["requirement"].split(".")]


def test_every_requirement_of_both_levels_stands_once_and_in_order():
    places = [place(row) for row in REGISTER]
    assert places == sorted(places)
    assert len({row["requirement"] for row in REGISTER}) == len(REGISTER)
    assert Counter(chapter for chapter, *_ in places) == CHAPTERS
    assert {row["level"] for row in REGISTER} == {"1", "2"}


def test_what_is_open_is_known_to_be():
    assert {row["requirement"] for row in REGISTER if row["stands by"] == "open"} == OPEN
    assert {row["stands by"] for row in REGISTER} <= {"test", "reason", "open"}
    assert [row["requirement"] for row in REGISTER if len(row["evidence"]) < 10 or not row["about"]] == []


def test_what_must_hold_is_said_once():
    said = [row["must hold"] for row in HOLDS]
    assert len(set(said)) == len(said) > 50
    assert [row for row in HOLDS if not row["about"] or not row["test"]] == []


STANDS_BY = {row["evidence"] for row in REGISTER if row["stands by"] == "test"} | {row["test"] for row in HOLDS}


@pytest.mark.parametrize("evidence", sorted(STANDS_BY))
def test_a_test_that_a_requirement_stands_by_is_there(evidence):
    path, _, name = evidence.partition("::")
    functions = {
        node.name for node in ast.parse((ROOT / path).read_text("utf-8")).body if isinstance(node, ast.FunctionDef)
    }
    assert name in functions


def test_what_ruff_is_said_to_guard_is_switched_on():
    style = (ROOT / "pyproject.toml").read_text("utf-8")
    assert 'select = ["ALL"]' in style
    for room in ("pages", "webhooks", "worker", "core", "connectors"):
        assert f'"{room}/**" = [' not in style
