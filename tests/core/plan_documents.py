"""Sentences of the plan file as small documents, each with the numbers that it must give.

A key of what is wanted is a path: `order.field`, `order.line.field`, `free.SKU` or `free.SKU.POOL`, `exceptions.CODE`, or
`pegs.order.line` as (supply, units, date), or `order.lines.field` for all lines. Text instead is the place that a problem names.
"""

import json
from unittest.mock import patch

from core import plan_file
from core.engine import planner

TODAY, SOON, LATER, LAST = "2026-11-23", "2026-12-01", "2026-12-05", "2026-12-10"
EARLIER, NEXT, NEXT_BUT_ONE = "2026-11-01T00:00:00Z", "2026-11-21T00:00:00Z", "2026-11-22T00:00:00Z"


def order(id, *lines, at="2026-11-20T10:00:00Z", **more):
    return {"id": id, "placed_at": at, "lines": list(lines), **more}


def line(sku, ordered, id="l", **more):
    return {"id": id, "sku": sku, "ordered": ordered, **more}


def stock(sku, on_hand, **more):
    return {"sku": sku, "on_hand": on_hand, **more}


def supply(id, sku, ordered, eta=None, **more):
    return {"id": id, "sku": sku, "ordered": ordered, "eta": eta, **more}


def fenced(order_class, units, until=None):
    row = {"class": order_class, "sku": "mug", "units": units} | ({"until": until} if until else {})
    return {"policy": {"ring_fences": [row]}}


KIT = [{"sku": "set", "components": [{"sku": "cup", "units": 2}, {"sku": "mug", "units": 1}]}]
POOLS = {"locations": [{"id": "x", "rank": 2}, {"id": "y", "rank": 1}, {"id": "z", "pool": "far"}]}
EIGHT = line("mug", 8)


def found(plan, path):
    kind, *rest = path.split(".")
    if kind == "free":
        pool = rest[1] if len(rest) > 1 else "all"
        row = next(row for row in plan["free"] if (row["sku"], row["pool"]) == (rest[0], pool))
        return {key: row[key] for key in ("on_hand", "incoming")}
    if kind == "exceptions":
        named = [row for row in plan["exceptions"] if row["code"] == rest[0]]
        return [{key: value for key, value in row.items() if key != "detail"} for row in named]
    order, *path_in_order = rest if kind == "pegs" else (kind, *rest)
    planned = next(row for row in plan["orders"] if row["id"] == order)
    if len(path_in_order) == 1 and kind != "pegs":
        return planned[path_in_order[0]]
    if path_in_order[0] == "lines":
        return [row[path_in_order[1]] for row in planned["lines"]]
    line = next(row for row in planned["lines"] if row["id"] == path_in_order[0])
    if kind == "pegs":
        return [(peg["supply"], peg["units"], peg["on"]) for peg in line["allocations"]]
    return line[path_in_order[1]]


def told(document, wanted):
    """What the plan says at the paths of what is wanted; where that is text, as much of the problem that it names.

    The engine in turns must say the same, also where the closed form would do.
    """
    text = json.dumps({"as_of": "2026-11-23T09:00:00Z", **document})
    printed, problems, code = plan_file.run(text, lines=False, explain=False)
    if isinstance(wanted, str):
        return problems[: len(wanted)] if (printed, code) == ("", 2) else ""
    with patch.object(planner, "is_plain", return_value=False):
        assert plan_file.run(text, lines=False, explain=False)[0] == printed
    plan = json.loads(printed)
    return {path: found(plan, path) for path in wanted}
