"""The house rules, read off the code itself."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests import marks, merchant_words

ROOT = Path(__file__).parents[1]
ROOMS = ("core", "connectors", "webhooks", "pages", "worker")
SOURCES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "versions" not in path.parts)
ROOTS = ("app", "plugging")
SOURCES += [ROOT / f"{name}.py" for name in ROOTS]
LONG_FUNCTIONS = {
    "connectors/simulator/woocommerce/store.py": "the constructor names everything that a test may choose of a store",
}
LONGEST_MODULE = 300
LONGEST_FUNCTION = 50
FORBIDDEN_NAMES = {"utils", "helpers", "manager", "info", "misc", "common"}
PLATFORMS = ("shopify", "woocommerce")
PLATFORM_NAMERS = {"core/settings.py", "core/records/__init__.py", "core/house.py"}


def name_of(path):
    return path.relative_to(ROOT).as_posix()


def test_a_module_is_short_enough_to_read():
    lengths = {name_of(path): len(path.read_text().splitlines()) for path in SOURCES}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_MODULE} == {}


def test_a_function_is_short_enough_to_see():
    functions = {
        f"{name_of(path)}: {node.name}": node.end_lineno - node.lineno
        for path in SOURCES
        if name_of(path) not in LONG_FUNCTIONS
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef)
    }
    assert {name: lines for name, lines in functions.items() if lines > LONGEST_FUNCTION} == {}


def test_no_module_has_a_name_that_says_nothing():
    assert [name_of(p) for p in SOURCES if p.stem in FORBIDDEN_NAMES] == []


def test_core_decides_alone():
    allowed = set(sys.stdlib_module_names) | {"core", "numpy"}
    for path in (ROOT / "core").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) else []
            assert {name.split(".")[0] for name in names} <= allowed, name_of(path)


def test_core_decides_without_knowing_a_platform():
    for path in (ROOT / "core").rglob("*.py"):
        if name_of(path) not in PLATFORM_NAMERS:
            text = path.read_text().lower()
            assert [platform for platform in PLATFORMS if platform in text] == [], name_of(path)


def test_nothing_reaches_up_to_the_composition_root():
    for path in SOURCES[: -len(ROOTS)]:
        for node in ast.walk(ast.parse(path.read_text())):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            modules += [node.module] if isinstance(node, ast.ImportFrom) else []
            assert not set(ROOTS) & set(modules), name_of(path)


def test_the_import_contracts_hold():
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_requirements_name_no_place_to_fetch_from():
    for path in (ROOT / "requirements").glob("*.txt"):
        assert "://" not in path.read_text(), name_of(path)
        assert "--index" not in path.read_text(), name_of(path)


def test_no_sentence_is_said_within_an_f_string_where_the_collector_does_not_look():
    found = [
        f"{path}:{inner.lineno}"
        for path in (
            *(ROOT / "pages").rglob("*.py"),
            *(ROOT / "core").rglob("*.py"),
            *(ROOT / "connectors").rglob("*.py"),
        )
        for text in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(text, ast.JoinedStr)
        for inner in ast.walk(text)
        if isinstance(inner, ast.Call) and getattr(inner.func, "id", "") in merchant_words.NAMES
        if inner.args and isinstance(inner.args[0], ast.Constant)
    ]
    assert found == []


@pytest.mark.parametrize("path", sorted(marks.TEMPLATES.glob("*.html")), ids=name_of)
def test_every_word_of_a_merchants_page_is_marked_for_translation(path):
    if path.stem not in marks.CUSTOMERS:
        assert marks.unmarked(path.read_text()) == []


def test_the_catalogues_hold_exactly_the_sentences_of_the_code():
    wanted = {entry.id for entry in merchant_words.collected() if entry.id}
    for language in merchant_words.LANGUAGES:
        assert {entry.id for entry in merchant_words.catalogue(language) if entry.id} == wanted, "run `make words`"


def test_every_property_can_be_tried_more_often():
    own = {"draws.py", "test_hammered.py", Path(__file__).name}
    others = [path for path in (ROOT / "tests").rglob("*.py") if path.name not in own]
    assert [name_of(path) for path in others if "max_examples" in path.read_text()] == [], (
        "write @examples of tests/draws"
    )
