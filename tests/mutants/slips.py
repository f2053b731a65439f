"""Slips of the pen: every small change of a module that still compiles, one at a time.

A comparison or a condition turned round, one part of it left out, a number one more, a flag flipped, `min` for `max`,
a sum for a difference, a keyword or a whole statement left out. Types, decorators and defaults stay as they are.
"""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import CodeType
from typing import Any, TypeVar

T = TypeVar("T")

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
SUMS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.Pow: ast.Mult,
}
NAMES = {"min": "max", "max": "min", "any": "all", "all": "any", "sorted": "list"}
UNTOUCHED = {"annotation", "returns", "decorator_list", "type_params", "format_spec", "defaults", "kw_defaults"}
SAME = {"strict"}
LEFT_OUT = (ast.Assign, ast.AugAssign, ast.Continue, ast.Break, ast.Raise)


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: `function` is its dotted name and (), empty for the module itself, and its lines."""

    function: str
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """One change: what stood there and stands there now, and the module's code with it."""

    place: Place
    old: str
    new: str
    code: CodeType


def slips_of(source: str, file: str) -> Iterator[Slip]:
    """Return every slip of this source."""
    tree = ast.parse(source)
    yield from _slips(tree, tree, Place("", 1, 1), file)


def _slips(tree: ast.Module, parent: ast.AST, place: Place, file: str) -> Iterator[Slip]:
    for field, value in ast.iter_fields(parent):
        rows = value if isinstance(value, list) else [value]
        for number, child in enumerate(rows):
            if field in UNTOUCHED or not isinstance(child, ast.AST) or _says_nothing_new(child):
                continue
            within = _within(place, child)
            for other in _others(child):
                ast.copy_location(other, child if hasattr(child, "lineno") else parent)
                changed = [*rows[:number], other, *rows[number + 1 :]]
                setattr(parent, field, changed if isinstance(value, list) else other)
                code = compile(ast.fix_missing_locations(tree), file, "exec")
                yield Slip(place=within, old=_text(child), new=_text(other), code=code)
            setattr(parent, field, value)
            yield from _slips(tree, child, within, file)


def _says_nothing_new(node: ast.AST) -> bool:
    """Say whether this is a docstring, a type, or a keyword that only says what cannot happen."""
    if isinstance(node, ast.keyword):
        return node.arg in SAME
    if isinstance(node, ast.Subscript):
        return isinstance(node.value, ast.Name) and node.value.id == "Literal"
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _within(place: Place, node: ast.AST) -> Place:
    if not isinstance(node, ast.stmt):
        return place
    body = getattr(node, "body", None)
    last = body[0].lineno - 1 if body else node.end_lineno or node.lineno
    inner = isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not place.function.endswith("()")
    name = node.name + ("()" if isinstance(node, ast.FunctionDef) else ".") if inner else ""  # type: ignore[attr-defined]
    return Place(place.function + name, node.lineno, max(last, node.lineno))


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.comprehension):
        return ast.unparse(ast.GeneratorExp(elt=ast.Name(id="_"), generators=[node]))
    return ast.unparse(node).split("\n")[0]


def _others(node: ast.AST) -> Iterator[ast.AST]:
    """Return what could stand in the node's place."""
    yield from OTHERS.get(type(node), _none)(node)
    if isinstance(node, LEFT_OUT) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)):
        yield ast.Pass()


def _none(_: ast.AST) -> Iterator[ast.AST]:
    return iter(())


def _comparisons(node: ast.Compare) -> Iterator[ast.AST]:
    for number, op in enumerate(node.ops):
        for other in COMPARISONS[type(op)]:
            yield ast.Compare(node.left, [*node.ops[:number], other(), *node.ops[number + 1 :]], node.comparators)


def _conditions(node: ast.BoolOp) -> Iterator[ast.AST]:
    yield ast.BoolOp(ast.And() if isinstance(node.op, ast.Or) else ast.Or(), node.values)
    for left in _one_left_out(node.values):
        yield ast.BoolOp(node.op, left) if len(left) > 1 else left[0]


def _one_left_out(rows: list[T]) -> Iterator[list[T]]:
    return ([*rows[:number], *rows[number + 1 :]] for number in range(len(rows)))


def _signs(node: ast.UnaryOp) -> Iterator[ast.AST]:
    yield node.operand


def _branches(node: ast.IfExp) -> Iterator[ast.AST]:
    yield ast.IfExp(node.test, node.orelse, node.body)


def _loops(node: ast.comprehension) -> Iterator[ast.AST]:
    for left in _one_left_out(node.ifs):
        yield ast.comprehension(node.target, node.iter, left, node.is_async)


def _tests(node: ast.If | ast.While) -> Iterator[ast.AST]:
    if not isinstance(node.test, (ast.Compare, ast.UnaryOp)):
        yield type(node)(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse)


def _sums(node: ast.BinOp | ast.AugAssign) -> Iterator[ast.AST]:
    if type(node.op) not in SUMS:
        return
    other = SUMS[type(node.op)]()
    if isinstance(node, ast.AugAssign):
        yield ast.AugAssign(node.target, other, node.value)
    else:
        yield ast.BinOp(node.left, other, node.right)


def _constants(node: ast.Constant) -> Iterator[ast.AST]:
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node.value, (int, float)):
        yield ast.Constant(node.value + 1)
    elif isinstance(node.value, str):
        yield ast.Constant(node.value + "~")


def _calls(node: ast.Call) -> Iterator[ast.AST]:
    if isinstance(node.func, ast.Name) and node.func.id in NAMES:
        kept = [] if node.func.id == "sorted" else node.keywords
        yield ast.Call(ast.Name(NAMES[node.func.id], ast.Load()), node.args, kept)
        if node.func.id in {"min", "max"} and len(node.args) > 1:
            for left in _one_left_out(node.args):
                yield ast.Call(node.func, left, node.keywords) if len(left) > 1 else left[0]
    for keyword, left in zip(node.keywords, _one_left_out(node.keywords), strict=True):
        if keyword.arg and keyword.arg not in SAME:
            yield ast.Call(node.func, node.args, left)


OTHERS: dict[type[ast.AST], Callable[[Any], Iterator[ast.AST]]] = {
    ast.Compare: _comparisons,
    ast.BoolOp: _conditions,
    ast.UnaryOp: _signs,
    ast.BinOp: _sums,
    ast.AugAssign: _sums,
    ast.IfExp: _branches,
    ast.comprehension: _loops,
    ast.If: _tests,
    ast.While: _tests,
    ast.Constant: _constants,
    ast.Call: _calls,
}
