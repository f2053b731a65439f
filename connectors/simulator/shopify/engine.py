"""Reads, checks, prices and carries out GraphQL documents against the platform's own schema."""

import logging
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLResolveInfo,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    build_schema,
    execute_sync,
    get_operation_ast,
    parse,
    validate,
)
from graphql.execution.values import get_directive_values, get_variable_values

from connectors.simulator.shopify import scopes
from connectors.simulator.shopify.cost import LARGEST_QUERY, Bucket, Meter
from connectors.simulator.shopify.state import Json

SCHEMAS = Path(__file__).resolve().parent.parent / "schema"
VERSIONS = tuple(sorted(path.stem.removeprefix("admin_") for path in SCHEMAS.glob("admin_*.graphql")))
LIMITS_PAGE = "https://shopify.dev/api/usage/rate-limits"
LOG = logging.getLogger(__name__)


def served_version(asked: str) -> str | None:
    """Return the version that answers: an old one falls forward to the oldest that is served; None is unknown."""
    if asked in VERSIONS:
        return asked
    return VERSIONS[0] if re.fullmatch(r"\d{4}-\d{2}", asked) and asked < VERSIONS[0] else None


@cache
def schema(version: str) -> GraphQLSchema:
    """Return the schema of a served version, built once per process."""
    text = (SCHEMAS / f"admin_{version}.graphql").read_text(encoding="utf-8")
    return build_schema(text, assume_valid=True, assume_valid_sdl=True)


@lru_cache(maxsize=1024)
def _checked(version: str, text: str) -> tuple[DocumentNode | None, tuple[GraphQLError, ...]]:
    try:
        document = parse(text)
    except GraphQLError as problem:
        return None, (problem,)
    return document, tuple(validate(schema(version), document))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One call as understood. `fields` are the root fields; `problem` is the answer where it cannot be carried out."""

    version: str
    document: DocumentNode | None
    operation: OperationDefinitionNode | None
    variables: Json
    name: str
    fields: tuple[str, ...]
    problem: Json | None = None

    @property
    def write(self) -> bool:
        """Whether it changes things."""
        return self.operation is not None and self.operation.operation is OperationType.MUTATION


def understand(version: str, text: object, variables: object, operation_name: object) -> Asked:
    """Return what is asked for; its `problem` holds the errors of a document that is not valid."""
    document, errors = _checked(version, text) if isinstance(text, str) else (None, (GraphQLError("No query"),))
    given = variables if isinstance(variables, dict) else {}
    if document is None or errors:
        problem = {"errors": [_shown(error, "undefinedField") for error in errors]}
        return _asked(version, document, None, given, problem)
    operation = get_operation_ast(document, operation_name if isinstance(operation_name, str) else None)
    if operation is None:
        return _asked(version, document, None, given, {"errors": [{"message": "An operation name is required"}]})
    coerced = get_variable_values(schema(version), operation.variable_definitions or (), given)
    if isinstance(coerced, list):
        problem = {"errors": [_shown(error, "INVALID_VARIABLE") for error in coerced]}
        return _asked(version, document, operation, given, problem)
    return _asked(version, document, operation, given, None)


def _asked(
    version: str,
    document: DocumentNode | None,
    operation: OperationDefinitionNode | None,
    variables: Json,
    problem: Json | None,
) -> Asked:
    selections = operation.selection_set.selections if operation is not None else ()
    fields = tuple(node.name.value for node in selections if isinstance(node, FieldNode))
    name = operation.name.value if operation is not None and operation.name is not None else ""
    return Asked(
        version=version,
        document=document,
        operation=operation,
        variables=variables,
        name=name,
        fields=fields,
        problem=problem,
    )


def price(asked: Asked) -> int:
    """Return what it costs, in points."""
    if asked.operation is None or asked.document is None:
        return 0
    return Meter(schema(asked.version), asked.document, asked.variables).cost(asked.operation)


def too_costly(points: int) -> Json | None:
    """Return the answer to a query that is never carried out for its size."""
    if points <= LARGEST_QUERY:
        return None
    extensions = {
        "code": "MAX_COST_EXCEEDED",
        "cost": points,
        "maxCost": LARGEST_QUERY,
        "documentation": LIMITS_PAGE,
    }
    message = f"Query cost is {points}, which exceeds the single query max cost limit ({LARGEST_QUERY})."
    return {"errors": [{"message": message, "extensions": extensions}]}


def throttled(points: int, bucket: Bucket) -> Json:
    """Return the answer to a call that the bucket cannot pay: HTTP 200 all the same."""
    extensions = {"code": "THROTTLED", "documentation": LIMITS_PAGE}
    return {
        "errors": [{"message": "Throttled", "extensions": extensions}],
        "extensions": _cost(points, None, bucket),
    }


def _cost(points: int, paid: int | None, bucket: Bucket) -> Json:
    return {"cost": {"requestedQueryCost": points, "actualQueryCost": paid, "throttleStatus": bucket.status()}}


def carry_out(
    asked: Asked, roots: Mapping[str, Json], points: int, bucket: Bucket, *, granted: Collection[str]
) -> Json:
    """Carry it out and return the answer with its cost. `roots` are the root fields of `query` and `mutation`.

    `granted`: the app's scopes; fields that need another one are refused, one by one.
    """
    if asked.document is None or asked.operation is None:
        raise ValueError("only a call without a problem can be carried out")
    result = execute_sync(
        schema(asked.version),
        asked.document,
        root_value=roots[asked.operation.operation.value],
        variable_values=asked.variables,
        operation_name=asked.name or None,
        context_value=granted,
        field_resolver=resolve,
        type_resolver=lambda value, _info, _kind: value["__typename"],
    )
    paid = Meter(schema(asked.version), asked.document, asked.variables).spent(asked.operation, result.data)
    bucket.give_back(points - paid)
    answer: Json = {"data": result.data, "extensions": _cost(points, paid, bucket)}
    if result.errors:
        answer["errors"] = [_shown(error, "INTERNAL_SERVER_ERROR") for error in result.errors]
    return answer


def resolve(source: Mapping[str, Any], info: GraphQLResolveInfo[Any], **args: object) -> Any:  # noqa: ANN401  # JSON
    """Return a field of one of our tables; what is callable gets the field's arguments, and its key if it has one."""
    scopes.check(info.parent_type.name, info.field_name, info.context)
    try:
        value = source[info.field_name]
    except KeyError:
        raise GraphQLError(f"The simulator does not know {info.parent_type.name}.{info.field_name}") from None
    if isinstance(value, Callable):  # type: ignore[arg-type]  # an ABC, not a type
        return value(args | _key(info))
    return value


def _key(info: GraphQLResolveInfo[Any]) -> Json:
    """Return the key of an @idempotent field, under that name."""
    directive = info.schema.get_directive("idempotent")
    found = get_directive_values(directive, info.field_nodes[0], info.variable_values) if directive else None
    return {"@idempotent": found["key"]} if found else {}


def _shown(error: GraphQLError, code: str) -> Json:
    if error.original_error is not None:
        LOG.error("the simulator failed: %s", error.message, exc_info=error.original_error)
    shown: Json = dict(error.formatted)
    shown.setdefault("extensions", {"code": code})
    return shown


def refused(asked: Asked, message: str) -> Json:
    """Return the platform's refusal: userErrors of every field of a write, an error beside no data of a read."""
    if not asked.write:
        denied = {"message": message, "path": [*asked.fields[:1]], "extensions": {"code": "ACCESS_DENIED"}}
        return {"data": None, "errors": [denied]}
    mutation = schema(asked.version).mutation_type
    payloads: Json = {}
    for name in asked.fields:
        payload: Any = mutation.fields[name].type if mutation else None
        errors = next(field for field in payload.fields if field.lower().endswith("usererrors"))
        payloads[name] = dict.fromkeys(payload.fields) | {
            errors: [{"field": None, "message": message, "code": None, "extraInfo": None}]
        }
    return {"data": payloads}
