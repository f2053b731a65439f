"""What the docs say must be so: every setting and command appears, the tables are those of the code."""

import ast
import re
from pathlib import Path

import pytest

from core.settings import meanings

ROOT = Path(__file__).parents[1]
NAMES = {"shopify": "Shopify", "woocommerce": "WooCommerce"}


def settings_table():
    rows = ["| setting | default | what it is |", "|---|---|---|"]
    for name, (meaning, default, secret) in meanings().items():
        kept = " (secret: also from a file)" if secret else ""
        rows.append(f"| `BACKORDER_{name.upper()}` | {f'`{default}`' if default else ''} | {meaning}{kept} |")
    return "\n".join(rows)


def capability_table():
    import plugging

    rows = ["| capability | Shopify | WooCommerce |", "|---|---|---|"]
    for capability in plugging.SUPPORTS["shopify"]:
        cells = [plugging.SUPPORTS[platform][capability] for platform in ("shopify", "woocommerce")]
        rows.append(f"| {capability.value} | " + " | ".join(f"**{c.level}**: {c.how}" for c in cells) + " |")
    return "\n".join([*rows, "", *one_sided()])


def one_sided():
    """What is tried on one platform's shop alone, with the reasons that the scenarios give."""
    rows = ["Every scenario is tried on both platforms, but for these:", "", "| what | on | why |", "|---|---|---|"]
    for path in sorted((ROOT / "tests" / "scenarios").glob("test_*.py")):
        for test in ast.parse(path.read_text()).body:
            for mark in getattr(test, "decorator_list", ()):
                if isinstance(mark, ast.Call) and isinstance(mark.func, ast.Name) and mark.func.id == "only":
                    platform, reason = mark.args[0].value, mark.keywords[0].value.value
                    what = test.name.removeprefix("test_").replace("_", " ")
                    rows.append(f"| {what} | {NAMES[platform]} | {reason} |")
    return rows


TABLES = [
    ("settings.md", "Settings", settings_table),
    ("capabilities.md", "What each platform can do", capability_table),
]


@pytest.mark.parametrize(("page", "title", "table"), TABLES, ids=[page for page, _, _ in TABLES])
def test_a_table_in_the_docs_is_the_one_of_the_code(page, title, table):
    assert title in (ROOT / "docs" / page).read_text()
    assert table() in (ROOT / "docs" / page).read_text()


def test_every_command_is_in_the_docs():
    import app

    written = (ROOT / "docs" / "commands.md").read_text()
    assert [name for name in app.create_app({}).cli.commands if f"`{name}" not in written] == []


def test_the_readme_leads_to_every_page_of_the_docs():
    readme = (ROOT / "README.md").read_text()
    assert [page.name for page in sorted((ROOT / "docs").glob("*.md")) if f"(docs/{page.name})" not in readme] == []


def rooms():
    """The folders of the product's code."""
    tops = ("core", "connectors", "webhooks", "pages", "worker")
    return [path.parent for top in tops for path in sorted((ROOT / top).rglob("__init__.py"))]


def test_the_readme_names_every_room():
    """Top rooms, the rooms of core and the connectors; what lies deeper is named by the room around it."""
    readme = (ROOT / "README.md").read_text()
    near = [room for room in rooms() if len(room.relative_to(ROOT).parts) <= 2]
    assert [str(room) for room in near if not re.search(rf"[`/]{room.name}[`/]", readme)] == []


@pytest.mark.parametrize("room", rooms(), ids=lambda room: str(room.relative_to(ROOT)))
def test_a_room_names_only_what_lies_in_it(room):
    """Where a room's docstring lists its modules, each of them is there."""
    said = ast.get_docstring(ast.parse((room / "__init__.py").read_text())) or ""
    _, _, listed = said.partition("\n* ")
    named = [name for name in re.findall(r"`([a-z_]+)`", listed) if name != "__init__"]
    assert [name for name in named if not (room / f"{name}.py").exists() and not (room / name).is_dir()] == []


if __name__ == "__main__":  # `make docs`
    for page, title, table in TABLES:
        (ROOT / "docs" / page).write_text(f"# {title}\n\n{table()}\n")
