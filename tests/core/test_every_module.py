"""Core stands by itself: every module of it can be read, whatever else of the product is there."""

import importlib
import pkgutil

import core
from core.access.entrance import Guest


def test_every_module_says_what_it_is_for():
    names = [found.name for found in pkgutil.walk_packages(core.__path__, "core.")]
    assert "core.ports.connector" in names
    assert [name for name in names if not importlib.import_module(name).__doc__] == []


def test_a_guests_proof_is_not_shown():
    assert "hush" not in repr(Guest(domain="fern.example.com", person="12", token="hush"))
