"""The plugin for the store: small, without settings, and it reads what we write."""

import re
from pathlib import Path

import pytest

from connectors import woocommerce
from connectors.woocommerce import marks

PLUGIN = Path(woocommerce.__file__).parent / "companion" / "backorder-companion.php"


@pytest.fixture
def code():
    return PLUGIN.read_text(encoding="utf-8")


def test_it_is_a_few_dozen_lines_that_wordpress_knows_for_a_plugin(code):
    head = code.partition("*/")[0]
    assert len(code.splitlines()) <= 70
    assert head.startswith("<?php\n/**\n * Plugin Name: Backorder companion\n")
    for field in ("Description", "Version", "Requires at least", "Requires PHP", "Requires Plugins", "License"):
        assert f" * {field}: " in head


def test_it_cannot_be_opened_alone_and_keeps_nothing(code):
    assert "defined( 'ABSPATH' ) || exit;" in code
    for keeps in (
        "_option(",
        "register_setting",
        "add_menu_page",
        "update_",
        "delete_",
        "$wpdb",
        "$_GET",
        "$_POST",
        "wp_remote",
    ):
        assert keeps not in code


def test_it_reads_only_what_we_write(code):
    keys = set(re.findall(r"'(_[a-z_]+)'", code))
    assert keys == {marks.WAITING, marks.EXPECTED}
    assert keys <= set(marks.ON_ORDERS)


def test_its_status_fits_the_stores_column_and_is_an_open_one_here(code):
    (slug,) = re.findall(r"const BACKORDER_STATUS = '([a-z-]+)'", code)
    assert slug.startswith("wc-")
    assert len(slug) <= 20
    assert slug.removeprefix("wc-") not in woocommerce_statuses()


def woocommerce_statuses():
    from connectors.woocommerce.order_snapshot import STATUSES, UNPAID

    return {*STATUSES, *UNPAID}


def test_all_that_it_prints_is_escaped(code):
    (printed,) = re.findall(r"^\s*echo (.+);$", code, re.MULTILINE)
    assert printed.count("esc_html( $said )") == printed.count("$said") == 2
