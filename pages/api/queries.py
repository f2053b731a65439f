"""The names in a query: one that the description does not know is refused, not passed over.

Whoever writes `?sate=open` would else be given every order.
"""

from functools import cache

from flask import request

from pages.api.openapi import PATHS
from pages.api.problems import KeyProblem


def refuse_unknown() -> None:
    """Raise KeyProblem for a name that the operation does not describe; those that describe none take any."""
    known = _described().get((request.endpoint or "").removeprefix("api."), ())
    unknown = [name for name in request.args if known and name not in known]
    if unknown and request.method != "OPTIONS":
        raise KeyProblem(unknown[0][:100] or "query", f"is not known here; known: {', '.join(known)}")


@cache
def _described() -> dict[str, tuple[str, ...]]:
    """Return each operation's names of the query."""
    operations = [operation for methods in PATHS.values() for operation in methods.values()]
    return {
        operation["operationId"]: tuple(one["name"] for one in operation.get("parameters", ()) if one["in"] == "query")
        for operation in operations
    }
