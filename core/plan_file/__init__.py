"""The plan file: `parse` reads a document of facts, `render` writes the plan, `run` is the whole command."""

from typing import Any

from core.engine.collector import at_rest
from core.engine.planner import completion_bound, plan
from core.facts import Facts
from core.plan import Allocated, Free, LinePlan, OrderPlan, Plan
from core.plan_file.columns import read_columns
from core.plan_file.facts_reading import PlanFileProblems, decoded, parse
from core.plan_file.layout import Members, as_text, exception_document, instant, members_of, on_one_line, row_by_row
from core.plan_file.plain_text import plan_text
from core.reasons import merchant_sentence

__all__ = [
    "PlanFileProblems",
    "as_document",
    "exception_document",
    "explained_document",
    "parse",
    "plan_document",
    "render",
    "run",
]

FAILED = 2


def run(read: str | bytes, *, lines: bool, explain: bool) -> tuple[str, str, int]:
    """Return standard output, standard error and the exit code of the command for what was read.

    With `lines` there is one document a line; a bad one is answered on its own line and fails the whole in the end.
    """
    raw = read if isinstance(read, bytes) else read.encode("utf-8", "surrogatepass")
    if lines:
        return _run_lines(raw, explain=explain)
    with at_rest():
        try:
            return row_by_row(_answer(raw, explain=explain)), "", 0
        except PlanFileProblems as found:
            return "", "".join(f"{problem}\n" for problem in found.problems), FAILED


def _run_lines(raw: bytes, *, explain: bool) -> tuple[str, str, int]:
    answers = []
    code = 0
    for line in raw.removeprefix(b"\xef\xbb\xbf").split(b"\n"):
        if not line.strip():
            continue
        try:
            answers.append(on_one_line(_answer(line.removesuffix(b"\r"), explain=explain)))
        except PlanFileProblems as found:
            answers.append(on_one_line({"problems": list(map(as_text, found.problems))}))
            code = FAILED
    return "".join(answers), "", code


def _answer(raw: bytes, *, explain: bool) -> Members:
    """Return the plan's document for one of facts. Raises PlanFileProblems."""
    document = decoded(raw)
    columns = None if explain else read_columns(document)
    if columns:
        return plan_text(columns)
    facts = parse(document)
    return members_of(_document(plan(facts), facts, explain=explain))


def render(made: Plan, facts: Facts, explain: bool = False) -> str:  # noqa: FBT001, FBT002  # reads as a switch
    """Return the plan as one JSON document, a line for each order, row of free units and exception.

    The plan must be one of these facts: its orders stand in their order.
    """
    if tuple(order.id for order in made.orders) != tuple(order.id for order in facts.orders):
        raise ValueError("the plan is not one of these facts")
    return row_by_row(members_of(_document(made, facts, explain=explain))).removesuffix("\n")


def plan_document(made: Plan, *, explain: bool = False) -> dict[str, Any]:
    """Return the whole plan as JSON-ready values; `explain` adds the reasons as sentences to each order."""
    return {
        "as_of": instant(made.as_of),
        "orders": [_explained(order) if explain else as_document(order) for order in made.orders],
        "free": [_free(row) for row in made.free],
        "exceptions": [exception_document(exception) for exception in made.exceptions],
    }


def explained_document(made: Plan, facts: Facts) -> dict[str, Any]:
    """Return the whole plan with its reasons as sentences and, under `completion_first`, how good it is."""
    document = plan_document(made, explain=True)
    if facts.policy.allocation == "completion_first":
        complete = sum(not order.backordered and any(line.open for line in order.lines) for order in made.orders)
        document["completion"] = {"complete": complete, "at_most": completion_bound(facts)}
    return document


def _document(made: Plan, facts: Facts, *, explain: bool) -> dict[str, Any]:
    return explained_document(made, facts) if explain else plan_document(made)


def as_document(order: OrderPlan) -> dict[str, Any]:
    """Return one order's plan as JSON-ready values."""
    return {
        "id": order.id,
        "decision": order.decision,
        "reasons": [str(reason) for reason in order.reasons],
        "release_now": order.release_now,
        "completes_on": _day(order),
        "lines": [_line(line) for line in order.lines],
    }


def _explained(order: OrderPlan) -> dict[str, Any]:
    return {**as_document(order), "explanations": [merchant_sentence(reason) for reason in order.reasons]}


def _line(line: LinePlan) -> dict[str, Any]:
    return {
        "id": line.id,
        "sku": line.sku,
        "open": line.open,
        "ahead": line.ahead,
        "on_hand": line.on_hand,
        "backordered": line.backordered,
        "release_now": line.release_now,
        "completes_on": _day(line),
        "allocations": [_allocation(allocated) for allocated in line.allocations],
    }


def _allocation(allocated: Allocated) -> dict[str, Any]:
    return {
        "supply": allocated.supply,
        "location": allocated.location,
        "units": allocated.units,
        "on": allocated.on.isoformat() if allocated.on else None,
    }


def _free(row: Free) -> dict[str, Any]:
    return {"sku": row.sku, "pool": row.pool, "on_hand": row.on_hand, "incoming": row.incoming}


def _day(dated: OrderPlan | LinePlan) -> str | None:
    return dated.completes_on.isoformat() if dated.completes_on else None
