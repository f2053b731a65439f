"""Bulk operations: a query without pages, whose whole answer becomes a file of JSON lines."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from graphql import (
    ArgumentNode,
    FieldNode,
    GraphQLError,
    IntValueNode,
    NameNode,
    Visitor,
    parse,
    print_ast,
    visit,
)

from connectors.simulator.shopify.connections import WITHOUT_PAGES
from connectors.simulator.shopify.graphql_errors import Refused
from connectors.simulator.shopify.state import Json, State, gid

MOST_AT_ONCE, MOST_CONNECTIONS, DEEPEST = 5, 5, 2
Execute = Callable[[str], Json]


@dataclass(slots=True, kw_only=True)
class Operation:
    """One bulk operation; `lines` is its file."""

    id: int
    query: str
    created_at: datetime
    lines: str
    status: str = "RUNNING"
    completed_at: datetime | None = None

    @property
    def file(self) -> str:
        """The name of the file."""
        return f"bulk-{self.id}.jsonl"


def run(state: State, args: Json) -> Json:
    """Begin an operation. Its file holds what stands now. Raises Refused as the platform does."""
    text = args["query"]
    if sum(made.status == "RUNNING" for made in state.bulk.values()) >= MOST_AT_ONCE:
        raise Refused("A bulk query operation for this app and shop is already in progress.", code="LIMIT_REACHED")
    _check(text)
    told = state.execute(_whole(text))
    if told.get("errors"):
        raise Refused(f"Invalid bulk query: {told['errors'][0]['message']}", code="INVALID")
    rows = [row for root in told["data"].values() for row in _flat(root, None, grouped=bool(args.get("groupObjects")))]
    lines = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
    made = Operation(id=state.new_id("BulkOperation"), query=text, created_at=state.now(), lines=lines)
    state.bulk[made.id] = made
    if not state.bulk_slow:
        finish(state, made)
    return {"bulkOperation": shown(state, made)}


def finish(state: State, made: Operation) -> None:
    """End an operation: its file can be fetched."""
    made.status, made.completed_at = "COMPLETED", state.now()
    state.news("bulk_operations/finish", lambda: _told(state, made))


def shown(state: State, made: Operation) -> Json:
    """Return a BulkOperation."""
    ready = made.status == "COMPLETED" and bool(made.lines)
    return {
        "__typename": "BulkOperation",
        "id": gid("BulkOperation", made.id),
        "status": made.status,
        "query": made.query,
        "createdAt": made.created_at.isoformat(),
        "completedAt": made.completed_at and made.completed_at.isoformat(),
        "errorCode": None,
        "url": f"{state.address}/{made.file}" if ready else None,
    }


def _told(state: State, made: Operation) -> Json:
    return {
        "admin_graphql_api_id": gid("BulkOperation", made.id),
        "completed_at": state.now().isoformat(),
        "created_at": made.created_at.isoformat(),
        "error_code": None,
        "status": "completed",
        "type": "query",
    }


class _Rules(Visitor):
    """What the platform refuses in a bulk query."""

    def __init__(self) -> None:
        super().__init__()
        self.connections = self.depth = self.deepest = 0
        self.problem = ""

    def enter_field(self, node: FieldNode, *_: object) -> None:
        fields = _names(node)
        if "nodes" in fields:
            self.problem = "Bulk queries need `edges { node { ... } }`; `nodes` is not supported."
        if "edges" in fields:
            self.connections += 1
            self.depth += 1
            self.deepest = max(self.deepest, self.depth)
        if node.name.value == "node" and "id" not in fields and self._has_connection(node):
            self.problem = "The parent 'node' field of a nested connection must select the 'id' field."

    def leave_field(self, node: FieldNode, *_: object) -> None:
        self.depth -= "edges" in _names(node)

    def enter_fragment_spread(self, *_: object) -> None:
        self.problem = "The simulator takes no named fragments in a bulk query."

    def enter_variable(self, *_: object) -> None:
        self.problem = "Bulk queries take no variables."

    def _has_connection(self, node: FieldNode) -> bool:
        parts = node.selection_set.selections if node.selection_set else ()
        return any(isinstance(part, FieldNode) and "edges" in _names(part) for part in parts)


def _names(node: FieldNode) -> set[str]:
    parts = node.selection_set.selections if node.selection_set else ()
    return {part.name.value for part in parts if isinstance(part, FieldNode)}


def _check(text: str) -> None:
    try:
        document = parse(text)
    except GraphQLError as problem:
        raise Refused(f"Invalid bulk query: {problem.message}", code="INVALID") from None
    rules = _Rules()
    visit(document, rules)
    if not rules.connections and not rules.problem:
        rules.problem = "Bulk queries must contain at least one connection."
    if rules.connections > MOST_CONNECTIONS:
        rules.problem = "Bulk queries cannot contain more than 5 connections."
    if rules.deepest > DEEPEST:
        rules.problem = "Bulk queries cannot contain connections with a nesting depth greater than 2."
    if rules.problem:
        raise Refused(rules.problem, field=("query",), code="INVALID")


def _whole(text: str) -> str:
    """Return the query with every connection asked for whole."""
    return print_ast(visit(parse(text), _Widening()))


class _Widening(Visitor):
    def enter_field(self, node: FieldNode, *_: object) -> FieldNode | None:
        if "edges" not in _names(node):
            return None
        size = ArgumentNode(name=NameNode(value="first"), value=IntValueNode(value=str(WITHOUT_PAGES)))
        return replace(node, arguments=(*(one for one in node.arguments or () if one.name.value != "first"), size))


def _parted(node: Json) -> tuple[Json, list[Json]]:
    """Return a row and the connections in it, also those of an object that it holds: they become rows of their own."""
    row: Json = {}
    inside: list[Json] = []
    for name, value in node.items():
        if isinstance(value, dict) and "edges" in value:
            inside.append(value)
        elif isinstance(value, dict):
            row[name], below = _parted(value)
            inside += below
        else:
            row[name] = value
    return row, inside


def _flat(connection: Any, parent: str | None, *, grouped: bool) -> Iterator[Json]:  # noqa: ANN401  # JSON
    """Yield a connection's rows, each followed by those below it (not grouped: all of those at the end)."""
    later: list[Json] = []
    for edge in connection["edges"]:
        node = edge["node"]
        row, inside = _parted(node)
        yield row | ({"__parentId": parent} if parent else {})
        for value in inside:
            below = _flat(value, row.get("id"), grouped=grouped)
            if grouped:
                yield from below
            else:
                later += below
    yield from later
