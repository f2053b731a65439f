"""The orders of a plan file by columns: read and checked all at once where they are plain, and not at all otherwise.

A value is checked once for all rows that hold it, by its field's own check. Where anything is wrong or not plain,
nothing is said here: `core.plan_file.facts_reading` reads the document again and names it.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, repeat
from operator import is_, itemgetter
from typing import Any

import numpy as np

from core.engine.closed_form import SPECIAL_CLASSES, Ints, is_plain
from core.engine.order_of_service import EPOCH, rank_of
from core.facts import Facts
from core.plan_file.facts_reading import facts_of
from core.plan_file.field_reading import LONGEST_TEXT, REQUIRED, Check, text
from core.plan_file.fields import LINE, ORDER, Fields, as_is

Row = dict[str, Any]

# What ties queues together or keeps units from leaving; see `closed_form.is_plain_order`.
PLAIN = {"ship": "as_ready", "hold": None, "promised_on": None, "committed": 0, "min_ship": None}
MISSING = object()


class NotPlain(Exception):  # nothing is wrong: the document is read another way
    """The document is not for this reader."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Plain orders and their lines as they stand in the document; `facts` is all else.

    `sizes` is how many lines each order has, `owner` the number of each line's order, `pools` what it draws on, `turns`
    the numbers of the lines in the order of service.
    """

    facts: Facts
    orders: list[str]
    sizes: list[int]
    lines: list[str]
    skus: list[str]
    pools: list[str]
    open: Ints
    owner: Ints
    turns: Ints


def read_columns(document: str) -> Columns | None:
    """Return the document by columns, None where it has a problem or is not plain."""
    try:
        tree = json.loads(document)
        return _columns(tree, document)
    except (ValueError, KeyError, TypeError, RecursionError, NotPlain):
        return None


def _columns(tree: object, document: str) -> Columns:
    if type(tree) is not dict or type(tree.get("orders")) is not list:
        raise NotPlain
    rest = {key: value for key, value in tree.items() if key != "orders"}
    facts = facts_of(rest | {"orders": []})
    if facts is None or not is_plain(facts):
        raise NotPlain
    orders: list[Row] = tree["orders"]
    head = _read(orders, ORDER)
    if not set(map(type, head["lines"])) <= {list}:
        raise NotPlain
    lines: list[Row] = [*chain.from_iterable(head["lines"])]
    body = _read(lines, LINE)
    if _doubles_a_key(document, _members(rest) + 1 + sum(map(len, orders)) + sum(map(len, lines))):
        raise NotPlain
    if len(set(head["id"])) < len(orders) or SPECIAL_CLASSES.intersection(head["class"]):
        raise NotPlain
    return _joined(facts, head, body)


def _joined(facts: Facts, head: Mapping[str, list[Any]], body: Mapping[str, list[Any]]) -> Columns:
    """Return the columns of the orders and those of their lines as one."""
    sizes = [*map(len, head["lines"])]
    owner = np.repeat(np.arange(len(sizes)), sizes)
    pools = [*chain.from_iterable(map(repeat, _pools(facts, head["location"]), sizes))]
    turns = _turns_of_orders(head, by_tier=facts.policy.allocation == "tiers")
    return Columns(
        facts=facts,
        orders=head["id"],
        sizes=sizes,
        lines=body["id"],
        skus=body["sku"],
        pools=pools,
        open=_open(body, np.array(head["cancelled"], dtype=np.int64)[owner]),
        owner=owner,
        turns=_turns_of_lines(sizes, body["id"], turns),
    )


def _read(rows: Sequence[Row], fields: Fields) -> Mapping[str, list[Any]]:
    """Return a column for every field. Raises NotPlain, Unfit, or TypeError for a value that no field takes."""
    if not set(map(type, rows)) <= {dict}:
        raise NotPlain
    shapes = set(map(tuple, rows))
    present, common = set().union(*shapes), fields.keys() & set(fields).intersection(*shapes)
    needed = {key for key, (_, default) in fields.items() if default is REQUIRED}
    if (shapes and not needed <= common) or not present <= fields.keys():
        raise NotPlain
    columns: dict[str, list[Any]] = {}
    for key, (check, default) in fields.items():
        if key not in present:
            columns[key] = [default] * len(rows)
            continue
        column = [*map(itemgetter(key), rows)] if key in common else [row.get(key, MISSING) for row in rows]
        columns[key] = column if check is as_is else _fit(column, check, default)
        if key in PLAIN and set(columns[key]) - {PLAIN[key]}:
            raise NotPlain
    return columns


def _fit(column: list[Any], check: Check, default: object) -> list[Any]:
    """Return what the check makes of the column, the default where there is no value. Raises Unfit."""
    # To a set, 1, 1.0 and True are the same.
    if len(set(map(type, column)) - {type(MISSING), type(None)}) > 1:
        raise NotPlain
    if check is text and set(map(type, column)) == {str} and max(map(len, column)) <= LONGEST_TEXT:
        return column  # What is written without a backslash has no lone surrogates.
    made = {value: default if value is MISSING else check(value) for value in set(column)}
    if all(map(is_, made, made.values())):
        return column
    return [*map(made.__getitem__, column)]


def _pools(facts: Facts, locations: Iterable[str | None]) -> list[str]:
    pools: dict[str | None, str] = {place.id: place.pool for place in facts.locations}
    pools[None] = facts.locations[0].pool
    return [*map(pools.__getitem__, locations)]


def _turns_of_orders(head: Mapping[str, list[Any]], *, by_tier: bool) -> Ints:
    """Return the numbers of the orders in the order of service."""
    ids = head["id"]
    by_id = np.array(sorted(range(len(ids)), key=ids.__getitem__), dtype=np.int64)
    placed = _ints(head["placed_at"], _microseconds)[by_id]
    rank = _ints(head["class"], rank_of)[by_id]
    tier = np.array(head["tier"] if by_tier else [0] * len(ids), dtype=np.int64)[by_id]
    turns: Ints = by_id[np.lexsort((placed, tier, rank))]
    return turns


def _ints(column: Sequence[Any], number: Callable[[Any], int]) -> Ints:
    """Return a number for each value, asked for once."""
    known = {value: number(value) for value in set(column)}
    return np.array([*map(known.__getitem__, column)], dtype=np.int64)


def _turns_of_lines(sizes: Sequence[int], ids: Sequence[str], turns: Ints) -> Ints:
    """Return the numbers of the lines in the order of service: by orders, and within an order by id."""
    by_id = np.arange(len(ids))
    counts = np.array(sizes, dtype=np.int64)
    starts = np.cumsum(counts) - counts
    for start, size in zip(starts.tolist(), sizes, strict=True):
        if size > 1:
            own = ids[start : start + size]
            if len(set(own)) < size:
                raise NotPlain
            if sorted(own) != own:
                by_id[start : start + size] = sorted(range(start, start + size), key=ids.__getitem__)
    counts, starts = counts[turns], starts[turns]
    # Order after order: its lines stand from its start on.
    found: Ints = by_id[np.arange(len(ids)) + np.repeat(starts - (np.cumsum(counts) - counts), counts)]
    return found


def _microseconds(placed: datetime) -> int:
    since = placed - EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def _open(body: Mapping[str, list[int]], closed: Ints) -> Ints:
    units = np.array(body["ordered"], dtype=np.int64)
    for key in ("cancelled", "refunded", "shipped"):
        units -= np.array(body[key], dtype=np.int64)
    return np.where(closed, 0, units.clip(0))


def _doubles_a_key(document: str, members: int) -> bool:
    """Return whether a key may stand twice in some object of the document, which keeps `members` of them.

    Without a backslash and without a gap before a colon, every member of the text has one `":`, and text that begins
    with a colon has one too: with just as many as members kept, none was lost.
    """
    if "\\" in document or any(f"{gap}:" in document for gap in " \t\n\r"):
        return True
    return document.count('":') != members


def _members(value: object) -> int:
    """Return how many members all objects within the value have."""
    if isinstance(value, dict):
        return len(value) + sum(map(_members, value.values()))
    return sum(map(_members, value)) if isinstance(value, list) else 0
