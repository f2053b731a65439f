"""Bulk queries: a whole list in one file of JSON lines, children below their parent with its id."""

import json
from collections.abc import Callable, Iterator

from graphql import FieldNode, GraphQLError, OperationDefinitionNode, SelectionSetNode, execute_sync, parse, validate

from connectors.simulator.shopify import engine
from connectors.simulator.shopify.connections import everything
from connectors.simulator.shopify.graphql_errors import Refused
from connectors.simulator.shopify.rows import BulkOperation
from connectors.simulator.shopify.state import Json, State, gid

MOST_CONNECTIONS, DEEPEST = 5, 2
Roots = Callable[[], Json]


def run(state: State, args: Json) -> Json:
    """Begin a bulk query; one at a time runs. Raises Refused."""
    running = next((row for row in state.bulk.values() if row.status in {"CREATED", "RUNNING"}), None)
    if running is not None:
        raise Refused(
            f"A bulk query operation for this app and shop is already in progress: {gid('BulkOperation', running.id)}.",
            field=("query",),
            code="OPERATION_IN_PROGRESS",
        )
    _check(args["query"])
    made = BulkOperation(id=state.new_id("BulkOperation"), query=args["query"], status="CREATED")
    state.bulk[made.id] = made
    return {"bulkOperation": shown(state, made)}


def finish(state: State, row: BulkOperation, roots: Json) -> None:
    """Carry a begun one out, as time would."""
    if row.status not in {"CREATED", "RUNNING"}:
        return
    with everything():
        result = execute_sync(
            engine.schema(engine.VERSIONS[-1]), parse(row.query), root_value=roots, field_resolver=engine.resolve
        )
    if result.errors or result.data is None:
        row.status, row.error = "FAILED", "INTERNAL_SERVER_ERROR"
        return
    row.lines = [json.dumps(line) for line in _flat(result.data)]
    row.status = "COMPLETED"
    state.news("bulk_operations/finish", lambda: {"admin_graphql_api_id": gid("BulkOperation", row.id)})


def shown(state: State, row: BulkOperation) -> Json:
    """Return a BulkOperation."""
    done = row.status == "COMPLETED"
    return {
        "__typename": "BulkOperation",
        "id": gid("BulkOperation", row.id),
        "status": row.status,
        "errorCode": row.error,
        "objectCount": len(row.lines),
        "url": f"{state.home}/bulk/{row.id}.jsonl" if done and row.lines else None,
        "partialDataUrl": None,
    }


def _check(query: str) -> None:
    try:
        document = parse(query)
    except GraphQLError as problem:
        raise Refused(f"Invalid bulk query: {problem.message}", field=("query",), code="INVALID") from None
    problems = [one.message for one in validate(engine.schema(engine.VERSIONS[-1]), document)]
    operation = document.definitions[0]
    if problems or not isinstance(operation, OperationDefinitionNode):
        raise Refused(f"Invalid bulk query: {'; '.join(problems)}", field=("query",), code="INVALID")
    depths = list(_depths(operation.selection_set, 0))
    if len(depths) > MOST_CONNECTIONS:
        raise Refused("Bulk queries cannot contain more than 5 connections.", field=("query",), code="INVALID")
    if max(depths, default=0) > DEEPEST:
        message = "Bulk queries cannot contain connections with a nesting depth greater than 2."
        raise Refused(message, field=("query",), code="INVALID")


def _depths(selection: SelectionSetNode | None, depth: int) -> Iterator[int]:
    """Yield the depth of every connection; one that lists its rows as `nodes` is refused."""
    for node in selection.selections if selection else ():
        if not isinstance(node, FieldNode):
            continue
        names = {part.name.value for part in _fields(node)}
        if "nodes" in names and names <= {"nodes", "pageInfo"}:
            raise Refused("Bulk queries must use edges and node.", field=("query",), code="INVALID")
        inside = depth + ("edges" in names)
        if "edges" in names:
            yield inside
        yield from _depths(node.selection_set, inside)


def _fields(node: FieldNode) -> list[FieldNode]:
    return [
        part for part in (node.selection_set.selections if node.selection_set else ()) if isinstance(part, FieldNode)
    ]


def _flat(data: Json) -> Iterator[Json]:
    for value in data.values():
        yield from _rows(value, None)


def _rows(connection: Json, parent: str | None) -> Iterator[Json]:
    for edge in connection["edges"]:
        node: Json = edge["node"]
        below = {name: value for name, value in node.items() if isinstance(value, dict) and "edges" in value}
        plain = {name: value for name, value in node.items() if name not in below}
        yield plain if parent is None else {**plain, "__parentId": parent}
        for inside in below.values():
            yield from _rows(inside, node["id"])
