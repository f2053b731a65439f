"""Pages as the API hands them out: nodes or edges, with cursors that stay true while rows are added."""

import base64
import binascii
import json
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from connectors.simulator.shopify.graphql_errors import bad_request, invalid_argument
from connectors.simulator.shopify.state import Json

Row = TypeVar("Row")
Key = tuple[Any, ...]
LARGEST_PAGE = 250
WITHOUT_PAGES = 10**6
"""What a bulk operation asks for, which knows no pages."""


def connection(rows: Iterable[Row], args: Json, show: Callable[[Row], Json], key: Callable[[Row], Key]) -> Json:
    """Return one page of `rows` in the order of `key` (a tuple of texts and numbers that is unique per row).

    Raises GraphQLError without `first`, for more than 250, and for a cursor that is not ours.
    """
    size = _size(args)
    backwards = bool(args.get("reverse"))
    ordered = sorted(rows, key=key, reverse=backwards)
    if (after := args.get("after")) is not None:
        mark = _read(after)
        ordered = [row for row in ordered if (key(row) < mark if backwards else key(row) > mark)]
    page = ordered[:size]
    shown = [show(row) for row in page]
    cursors = [_cursor(key(row)) for row in page]
    return {
        "nodes": shown,
        "edges": [{"cursor": cursor, "node": node} for cursor, node in zip(cursors, shown, strict=True)],
        "pageInfo": {
            "hasNextPage": len(ordered) > size,
            "hasPreviousPage": args.get("after") is not None,
            "startCursor": cursors[0] if cursors else None,
            "endCursor": cursors[-1] if cursors else None,
        },
    }


def _size(args: Json) -> int:
    size = args.get("first")
    if size is None:
        raise bad_request("you must provide one of first or last")
    if not 0 <= size <= LARGEST_PAGE and size != WITHOUT_PAGES:
        raise invalid_argument(f"first must be between 0 and {LARGEST_PAGE}")
    return int(size)


def _cursor(key: Key) -> str:
    return base64.urlsafe_b64encode(json.dumps(list(key)).encode()).decode()


def _read(cursor: str) -> Key:
    try:
        return tuple(json.loads(base64.urlsafe_b64decode(cursor)))
    except (binascii.Error, ValueError):
        raise invalid_argument("Invalid cursor for current pagination sort.") from None
