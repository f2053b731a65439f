"""A real browser, for tests that drive one."""

from contextlib import contextmanager

from playwright.sync_api import expect, sync_playwright

PATIENCE = 60_000
"""Milliseconds in which a page may come to what is expected of it: a busy machine is slow, and that is no failure."""


@contextmanager
def chromium():
    """Chromium, as long as the block runs."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield browser
        browser.close()
