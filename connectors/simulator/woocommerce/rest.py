"""The habits that all REST routes share: calls and answers, errors, paging, dates and filters in the query."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from connectors.simulator.woocommerce.rows import Json, Key
from connectors.simulator.woocommerce.state import State

PER_PAGE_LIMIT = 100
Row = TypeVar("Row")


class RestError(Exception):
    """A refusal as the API words it. `data` beyond the status goes into the body's `data`."""

    def __init__(self, status: int, code: str | int, message: str, **data: Json) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.data = data

    def body(self) -> dict[str, Json]:
        """The error as JSON; refund errors carry their status bare, as `data: 500`."""
        data: Json = self.status if self.data.get("bare") else {"status": self.status, **self.data}
        return {"code": self.code, "message": self.message, "data": data}


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request to a route: its query, its JSON body and whose key it carries."""

    method: str
    path: str
    query: dict[str, str]
    body: dict[str, Any]
    user: Key

    def flag(self, name: str) -> bool:
        """Whether a yes-or-no parameter of the query or the body says yes."""
        value = self.query.get(name, self.body.get(name))
        return str(value).lower() in {"1", "true", "yes"}

    def whole(self, name: str, default: int) -> int:
        """A whole-number parameter of the query. Raises RestError 400 for anything else."""
        text = self.query.get(name)
        if text is None:
            return default
        try:
            return int(text)
        except ValueError:
            raise invalid(name, f"{name} is not of type integer.", "rest_invalid_type") from None


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: a body for JSON, the status, further headers. `after` runs once the store is unlocked."""

    body: Json
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    after: Callable[[], None] | None = None


def invalid(name: str, message: str, code: str = "rest_invalid_param") -> RestError:
    """The refusal of one parameter, worded twice as WordPress does."""
    details = {name: {"code": code, "message": message, "data": None}}
    text = f"Invalid parameter(s): {name}"
    return RestError(400, "rest_invalid_param", text, params={name: message}, details=details)


def one_of(name: str, value: str, allowed: Sequence[str]) -> None:
    """Refuse a value that is not in the list, which the message repeats."""
    if value not in allowed:
        listed = f"{', '.join(allowed[:-1])}, and {allowed[-1]}"
        raise invalid(name, f"{name} is not one of {listed}.", "rest_not_in_enum")


def ids_in(text: str) -> tuple[int, ...]:
    """The ids in a comma list; what is not a number counts as 0, which nothing has."""
    return tuple(int(part) if part.strip().isdigit() else 0 for part in text.split(",") if part.strip())


def instant(state: State, call: Call, name: str) -> datetime | None:
    """A date in the query as an instant. Without a zone it is the store's local time, unless `dates_are_gmt`.

    Clients that send UTC without saying so silently get wrong lists from a store west of Greenwich.
    """
    text = call.query.get(name)
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise invalid(name, "Invalid date.", "rest_invalid_date") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC if call.flag("dates_are_gmt") else state.zone)
    return moment.astimezone(UTC)


def between(state: State, call: Call, rows: Iterable[Row], names: tuple[str, str], field_name: str) -> list[Row]:
    """The rows whose date lies strictly after and before what the two parameters say."""
    start, end = (instant(state, call, name) for name in names)
    return [
        row
        for row in rows
        if (start is None or getattr(row, field_name) > start) and (end is None or getattr(row, field_name) < end)
    ]


def chosen(call: Call, rows: Iterable[Row]) -> list[Row]:
    """The rows that `include` and `exclude` leave."""
    found = list(rows)
    if include := ids_in(call.query.get("include", "")):
        found = [row for row in found if row.id in include]  # type: ignore[attr-defined]  # every row has an id
    if exclude := ids_in(call.query.get("exclude", "")):
        found = [row for row in found if row.id not in exclude]  # type: ignore[attr-defined]  # every row has an id
    return found


def ordered(call: Call, rows: list[Row]) -> list[Row]:
    """The rows by date, id, modified date or in the order of `include`; newest first unless `order=asc`."""
    by, way = call.query.get("orderby", "date"), call.query.get("order", "desc")
    one_of("orderby", by, ("date", "id", "include", "title", "slug", "modified"))
    one_of("order", way, ("asc", "desc"))
    if by == "include":
        place = {row_id: at for at, row_id in enumerate(ids_in(call.query.get("include", "")))}
        return sorted(rows, key=lambda row: place.get(row.id, len(place)))  # type: ignore[attr-defined]  # has an id
    names = {"date": "created", "modified": "modified", "title": "name", "slug": "slug"}
    field_name = names.get(by, "id")
    return sorted(rows, key=lambda row: (getattr(row, field_name, row.id), row.id), reverse=way == "desc")  # type: ignore[attr-defined]  # has an id


def page(state: State, call: Call, rows: Sequence[Row], render: Callable[[Row], Json]) -> Answer:
    """One page of rows with the totals in headers; a page beyond the end is an empty list, not an error."""
    number, size = call.whole("page", 1), call.whole("per_page", 10)
    if number < 1:
        raise invalid("page", "page must be greater than or equal to 1", "rest_out_of_bounds")
    if not 1 <= size <= PER_PAGE_LIMIT:
        words = f"per_page must be between 1 (inclusive) and {PER_PAGE_LIMIT} (inclusive)"
        raise invalid("per_page", words, "rest_out_of_bounds")
    start = call.whole("offset", (number - 1) * size)
    pages = -(-len(rows) // size)
    headers = {"X-WP-Total": str(len(rows)), "X-WP-TotalPages": str(pages)}
    if link := _link(state, call, number, pages):
        headers["Link"] = link
    return Answer([render(row) for row in rows[start : start + size]], 200, headers)


def _link(state: State, call: Call, number: int, pages: int) -> str:
    """Links to the pages beside this one. They repeat the whole query, signature and consumer key included."""
    links = []
    if number > 1 and pages:
        links.append(f'<{_at(state, call, min(number - 1, pages))}>; rel="prev"')
    if number < pages:
        links.append(f'<{_at(state, call, number + 1)}>; rel="next"')
    return ", ".join(links)


def _at(state: State, call: Call, number: int) -> str:
    return f"{state.home}{call.path}?{urlencode({**call.query, 'page': str(number)})}"


def batch(
    call: Call,
    *,
    create: Callable[[Call], Answer],
    update: Callable[[Call, int], Answer],
    delete: Callable[[Call, int], Answer],
) -> Answer:
    """Many changes in one call: each succeeds or fails by itself, and the answer is 200 all the same."""
    groups = {name: call.body.get(name) or [] for name in ("create", "update", "delete")}
    if sum(len(rows) for rows in groups.values()) > PER_PAGE_LIMIT:
        words = f"Unable to accept more than {PER_PAGE_LIMIT} items for this request."
        raise RestError(413, "woocommerce_rest_request_entity_too_large", words)
    result: dict[str, Json] = {}
    for name, rows in groups.items():
        done = [_one(call, name, row, (create, update, delete)) for row in rows]
        if done:
            result[name] = done
    # PHP has one kind of array: one without entries is a list.
    return Answer(result or [])


def _one(call: Call, name: str, row: Json, doers: tuple[Callable[..., Answer], ...]) -> Json:
    create, update, delete = doers
    row_id = int(row.get("id", 0)) if isinstance(row, dict) else int(row)
    body = row if isinstance(row, dict) else {}
    inner = Call(method="POST", path=call.path, query={"force": "true"}, body=body, user=call.user)
    try:
        if name == "create":
            return create(inner).body
        return (update if name == "update" else delete)(inner, row_id).body
    except RestError as refused:
        # An unknown id answers 404 alone and 400 inside a batch.
        status = 400 if name == "update" and refused.status == 404 else refused.status
        error = {**refused.body(), "data": {**refused.data, "status": status}}
        return {"id": row_id, "error": error}
