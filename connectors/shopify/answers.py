"""What the platform's answer to one GraphQL call means: data, a refusal, a pause, or something unknown.

A top-level `errors` list does not mean that nothing was done: a hold that succeeded was seen beside an error for one
field that its answer selected. So a write is judged by its payload first.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from core.errors import NotFound, OutcomeUnknown, PayloadChanged, RateLimited, Rejected, Unavailable
from core.sentences import sentence

Json = dict[str, Any]
IDEMPOTENCY = re.compile(r"IDEMPOTENCY_[A-Z_]+")

# Refused before anything ran, when they stand for the whole call or for a mutation's root field.
NOT_RUN = frozenset(
    {
        "ACCESS_DENIED", "RESOURCE_NOT_FOUND", "INVALID_VARIABLE", "INVALID_FIELD_ARGUMENTS", "BAD_REQUEST",
        "MAX_COST_EXCEEDED", "MAX_INPUT_SIZE_EXCEEDED", "GRAPHQL_VALIDATION_FAILED", "GRAPHQL_PARSE_FAILED",
    }
)  # fmt: skip


class TooCostly(Rejected):
    """The document asks for more than one call may cost: ask for smaller pages."""


class Refused(Rejected):
    """The payload's user errors: `codes` of those that have one, and the sentence of the first."""

    def __init__(self, message: str, codes: frozenset[str] = frozenset()) -> None:
        super().__init__(message)
        self.codes = codes


@dataclass(frozen=True, slots=True)
class ApiError:
    """One top-level error. `path` names the field that it concerns; empty for the whole call."""

    message: str
    code: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The data as far as there is any, and the errors beside it."""

    data: Json
    errors: tuple[ApiError, ...]

    def denied(self, *fields: str) -> bool:
        """Whether one of these fields needs a scope that we were not granted."""
        return any(error.code == "ACCESS_DENIED" and set(fields) & set(error.path) for error in self.errors)


def unknown(order: str) -> NotFound:
    """Return what is raised about an order that the platform does not know."""
    return NotFound(sentence("Shopify does not know order %(order)s", order=order))


def read_answer(document: Any) -> Answer:  # noqa: ANN401  # read from JSON
    """Return the answer. Raises RateLimited when throttled, TooCostly, and PayloadChanged on what is no answer."""
    if not isinstance(document, dict) or not ("data" in document or "errors" in document):
        raise PayloadChanged(sentence("Shopify's answer is neither data nor errors"))
    data = document.get("data")
    answer = Answer(data if isinstance(data, dict) else {}, _errors(document.get("errors")))
    codes = {error.code for error in answer.errors}
    if "THROTTLED" in codes:
        raise RateLimited(
            sentence("Shopify asked for a pause: the call limit is used up"), retry_after=_pause(document)
        )
    if "MAX_COST_EXCEEDED" in codes:
        raise TooCostly(sentence("Shopify refused a read as too large"))
    return answer


def read_value(answer: Answer, *, root: str) -> Any:  # noqa: ANN401  # read from JSON
    """Return a query's root field, None where the object does not exist. Raises where an error explains the None.

    An answer without the field says nothing: taken for None, the order would count as deleted.
    """
    if root not in answer.data and not answer.errors:
        raise Unavailable(sentence("Shopify's answer could not be read"))
    if (value := answer.data.get(root)) is not None:
        return value
    for error in answer.errors:
        if error.code == "RESOURCE_NOT_FOUND":
            continue
        if error.code in {"INTERNAL_SERVER_ERROR", "TIMEOUT"}:
            raise Unavailable(sentence("Shopify failed to answer: %(short)s", short=_short(error.message)))
        raise Rejected(sentence("Shopify refused: %(short)s", short=_short(error.message)))
    return None


def read_payload(answer: Answer, *, root: str) -> Json:
    """Return a mutation's payload. Raises Refused for user errors, Rejected when it did not run, OutcomeUnknown."""
    payload = answer.data.get(root)
    if isinstance(payload, dict):
        _raise_user_errors(payload)
        return payload
    for error in answer.errors:
        # A document that does not fit the schema is refused under a code that begins in lower case, or under none.
        unfit = not answer.data and (not error.code or error.code[0].islower())
        if len(error.path) <= 1 or unfit:
            if error.code == "RESOURCE_NOT_FOUND":
                raise NotFound(sentence("Shopify does not know it: %(short)s", short=_short(error.message)))
            if error.code in NOT_RUN or unfit:
                raise Rejected(sentence("Shopify refused: %(short)s", short=_short(error.message)))
    told = _short(answer.errors[0].message) if answer.errors else sentence("no payload")
    raise OutcomeUnknown(sentence("Shopify answered without saying whether it was done: %(told)s", told=told))


def _raise_user_errors(payload: Json) -> None:
    told = [*(payload.get("userErrors") or ()), *(payload.get("orderCancelUserErrors") or ())]
    errors = [error for error in told if isinstance(error, dict)]
    if errors:
        codes = frozenset(code for error in errors for code in _codes(error))
        raise Refused(sentence("Shopify refused: %(short)s", short=_short(errors[0].get("message"))), codes)


def _codes(error: Json) -> Iterator[str]:
    """Yield the error's own code, or that of a spent idempotency key, which some payloads tell in words only."""
    if error.get("code"):
        yield str(error["code"])
    else:
        yield from IDEMPOTENCY.findall(str(error.get("message")))


def _errors(told: Any) -> tuple[ApiError, ...]:  # noqa: ANN401  # read from JSON
    """Return the errors; a bare string, as some refusals are, counts as one."""
    if not told:
        return ()
    if not isinstance(told, list):
        return (ApiError(_short(told), "", ()),)
    return tuple(_error(entry) for entry in told)


def _error(entry: Any) -> ApiError:  # noqa: ANN401  # read from JSON
    if not isinstance(entry, dict):
        return ApiError(_short(entry), "", ())
    extensions = entry.get("extensions")
    code = extensions.get("code") if isinstance(extensions, dict) else None
    path = entry.get("path")
    parts = tuple(str(part) for part in path) if isinstance(path, list) else ()
    return ApiError(_short(entry.get("message")), str(code or ""), parts)


def _pause(document: Json) -> float:
    """Return seconds until the bucket holds what the call costs: (cost - available) / restore rate."""
    try:
        cost = document["extensions"]["cost"]
        bucket = cost["throttleStatus"]
        missing = float(cost["requestedQueryCost"]) - float(bucket["currentlyAvailable"])
        return min(60.0, max(1.0, missing / float(bucket["restoreRate"])))
    except (KeyError, TypeError, ValueError, OverflowError, ZeroDivisionError):
        return 2.0


def _short(message: Any) -> str:  # noqa: ANN401  # read from JSON
    return " ".join(str(message).split())[:200]
