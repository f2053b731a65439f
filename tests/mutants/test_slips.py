"""Slips on small pieces of code, and that a module made of one is the code as it was but for it."""

import pytest

from tests.mutants.slips import slips_of


def told(source):
    return [(slip.old, slip.new) for slip in slips_of(source, "made.py")]


@pytest.mark.parametrize(
    ("source", "slips"),
    [
        ("f = a < b", ["a <= b", "a >= b"]),
        ("f = a is not b", ["a is b"]),
        ("f = 1 <= a < b", ["1 < a < b", "1 > a < b", "1 <= a <= b", "1 <= a >= b", "2"]),
        ("f = a and b", ["a or b", "b", "a"]),
        ("f = a or b or c", ["a and b and c", "b or c", "a or c", "a or b"]),
        ("f = not a", ["a"]),
        ("f = a + b", ["a - b"]),
        ("f = a @ b", []),
        ("f = a if b else c", ["c if b else a"]),
        ("f = 'a'", ["'a~'"]),
        ("f = True", ["False"]),
        ("f = None", []),
        ("f = min(a, b)", ["max(a, b)", "b", "a"]),
        ("f = sorted(a, key=b)", ["list(a)", "sorted(a)"]),
        ("f = zip(a, strict=True)", []),
        ("f = b(strict=a, c=1)", ["b(strict=a)", "2"]),
        ("f = [a for a in b if a if b]", ["(_ for a in b if b)", "(_ for a in b if a)"]),
        ("f: a | b = c", []),
        ("f = Literal['a', 'b']", []),
        ("f(a)", ["pass"]),
        ("'Said.'", []),
        ("a += b", ["a -= b", "pass"]),
        ("while a:\n    break", ["while not a:", "pass"]),
        ("if a:\n    raise b", ["if not a:", "pass"]),
    ],
)
def test_each_small_change_is_made_once(source, slips):
    assert [new for _, new in told(source) if (source[:4] != "f = " or new != "pass")] == slips


def test_a_slip_is_told_with_its_function_and_lines_and_leaves_the_rest_as_it_was():
    source = "def outer(a):\n    def inner():\n        return a + 2\n    return (\n        inner() * 3\n    )\n"
    found = list(slips_of(source, "made.py"))
    assert [(slip.place.function, slip.place.first, slip.place.last, slip.new) for slip in found] == [
        ("outer()", 3, 3, "a - 2"),
        ("outer()", 3, 3, "3"),
        ("outer()", 4, 6, "inner() // 3"),
        ("outer()", 4, 6, "4"),
    ]
    results = []
    for slip in found:
        names = {}
        exec(slip.code, names)
        results.append(names["outer"](5))
    assert results == [(5 - 2) * 3, (5 + 3) * 3, 7 // 3, 7 * 4]


def test_what_a_class_holds_is_named_by_it():
    source = "class Box:\n    size = 1\n    def most(self):\n        return 2\n"
    assert [(slip.place.function, slip.new) for slip in slips_of(source, "made.py")] == [
        ("Box.", "pass"),
        ("Box.", "2"),
        ("Box.most()", "3"),
    ]
