"""Every code has words, and docs/plan-file.md says what the engine does."""

import ast
import json
import re
from pathlib import Path

import pytest

from core import plan_file
from core.engine import decisions, plan_exceptions
from core.plan import LinePlan, OrderPlan
from core.plan_file import fields as plan_fields
from core.reasons import Reason, customer_sentence, merchant_sentence
from tests.core.builders import facts, incoming, item, line, order, planned, stock

PAGE = (Path(__file__).parents[2] / "docs" / "plan-file.md").read_text()
README = (Path(__file__).parents[2] / "README.md").read_text()
KINDS = {
    "The document": plan_fields.DOCUMENT,
    "An order": plan_fields.ORDER,
    "A line": plan_fields.LINE,
    "A location": plan_fields.LOCATION,
    "An item, and a component of a kit": plan_fields.ITEM | plan_fields.COMPONENT,
    "Stock": plan_fields.STOCK,
    "Incoming supply": plan_fields.INCOMING,
    "The policy, and a ring fence": plan_fields.POLICY | plan_fields.FENCE,
}


def exception_codes():
    """All codes that the engine's module of exceptions can write."""
    tree = ast.parse(Path(plan_exceptions.__file__).read_text())
    words = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return {word for word in words if re.fullmatch(r"[A-Z]+(_[A-Z]+)*", word)}


def one_of_each():
    """A plan in which everything is wrong."""
    return planned(
        order(line("mug", 2, committed=1), line("pen", 2), order_class="win", promised="2026-11-25"),
        stock("mug", -1), incoming("mug", 4, "2026-11-01"), item("pen", oversell_limit=1),
    )  # fmt: skip


def section(title):
    return PAGE.split(f"### {title}\n", 1)[1].split("\n#", 1)[0]


@pytest.mark.parametrize("reason", Reason)
def test_a_reason_has_a_sentence_for_the_merchant_and_one_for_the_customer(reason):
    for sentence in (merchant_sentence(reason), customer_sentence(reason)):
        assert re.fullmatch(r"[A-Z][^!\n]*[^!.\s]\.", sentence)
        assert reason not in sentence


@pytest.mark.parametrize("reason", Reason)
def test_a_reason_stands_in_the_docs_with_both_sentences(reason):
    assert f"| `{reason}` | {merchant_sentence(reason)} | {customer_sentence(reason)} |" in section("Reasons")


def test_the_docs_list_no_reason_that_does_not_exist():
    assert re.findall(r"^\| `(\w+)` \|", section("Reasons"), re.MULTILINE) == list(map(str, Reason))


def test_the_docs_say_which_reasons_are_the_engines():
    given = set(re.findall(r"Reason\.(\w+)", Path(decisions.__file__).read_text()))
    first = list(Reason)[: len(given)]
    assert set(map(str, first)) == given
    assert f"up to `{first[-1]}`" in section("Reasons")


def test_an_exception_of_each_code_can_happen():
    assert {problem.code for problem in one_of_each().exceptions} == exception_codes()


@pytest.mark.parametrize("problem", one_of_each().exceptions, ids=lambda problem: problem.code)
def test_an_exception_stands_in_the_docs_with_the_keys_that_it_has(problem):
    row = re.search(rf"^\| `{problem.code}` \| (.*?) \|", section("Exceptions"), re.MULTILINE)
    keys = plan_file.exception_document(problem).keys() - {"code", "detail"}
    assert set(re.findall(r"`(\w+)`", row[1])) == keys
    assert problem.detail.strip()
    assert "!" not in problem.detail


def test_the_docs_list_no_exception_that_does_not_exist():
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", section("Exceptions"), re.MULTILINE)) == exception_codes()


@pytest.mark.parametrize("title", KINDS)
def test_every_key_of_the_plan_file_stands_in_the_docs_with_its_default(title):
    told = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", section(title), re.MULTILINE))
    assert told.keys() == KINDS[title].keys()
    for key, (check, default) in KINDS[title].items():
        if default is plan_fields.REQUIRED:
            assert told[key] == "required"
        elif check is not plan_fields.as_is and (default is not None or told[key].startswith("`")):
            written = default if isinstance(default, str) else json.dumps(default)
            assert told[key].strip("`") == written


@pytest.mark.parametrize("made", [OrderPlan, LinePlan])
def test_every_key_of_the_plan_stands_in_the_docs(made):
    told = PAGE.split("## The plan\n", 1)[1]
    assert [key for key in made.__dataclass_fields__ if f"`{key}`" not in told] == []


def test_the_example_in_the_docs_gives_the_plan_in_the_docs():
    given, plan = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    printed, problems, code = plan_file.run(given, lines=False, explain=False)
    assert (json.loads(printed), problems, code) == (json.loads(plan), "", 0)


def test_the_problem_in_the_docs_is_told_in_these_words():
    rows = [{"id": str(n), "placed_at": "2026-11-20T10:00:00Z", "lines": []} for n in range(4)]
    rows[3]["lines"] = [{"id": "1", "sku": "mug", "ordered": "five"}]
    _, problems, _ = plan_file.run(
        json.dumps({"as_of": "2026-11-23T09:00:00Z", "orders": rows}), lines=False, explain=False
    )
    assert f"```\n{problems}```" in PAGE


def test_the_readme_leads_to_the_page():
    assert "(docs/plan-file.md)" in README


def test_explanations_are_the_merchants_sentences():
    given = facts(order(line("mug", 8)), stock("mug", 5))
    made = planned(order(line("mug", 8)), stock("mug", 5))
    (told,) = plan_file.plan_document(made, explain=True)["orders"]
    assert json.loads(plan_file.render(made, given, explain=True))["orders"] == [told]
    assert told["explanations"] == [merchant_sentence(Reason(code)) for code in told["reasons"]]
