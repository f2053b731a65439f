"""The description and the API held against each other by schemathesis: made-up requests, answers as described."""

import secrets

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from limits import RateLimitItemPerMinute
from schemathesis import GenerationMode

from pages.api import limiting
from pages.api.openapi import description

OPERATIONS = [(path, method) for path, methods in description()["paths"].items() for method in methods]
GOOD, BAD = GenerationMode.POSITIVE, GenerationMode.NEGATIVE
"""Requests as described, and requests that break the description in one place."""


@pytest.fixture
def described(small_app, two_shops, tokens, monkeypatch):
    monkeypatch.setattr(limiting, "OFTEN", RateLimitItemPerMinute(1_000_000))
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", small_app)


def hammer(operation, kind, token, **how):
    """Call the operation with so many made-up requests; each answer must be as described."""

    # An empty list is sent as nothing at all, so that nothing is wrong with what arrives.
    made_up = operation.as_strategy(generation_mode=kind).filter(lambda case: [] not in (case.query or {}).values())

    @given(case=made_up)
    @settings(deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck), **how)
    def hold(case):
        if kind is GOOD and "Idempotency-Key" in case.headers:
            case.headers["Idempotency-Key"] = secrets.token_hex(8)  # one made up twice would be for another body
        case.call_and_validate(headers={"Authorization": f"Bearer {token}"})

    hold()


def kinds_of(operation):
    """What may be made up for it: where nothing is asked, nothing can be asked in a wrong way."""
    return [GOOD, BAD] if operation.body or operation.query or operation.path_parameters else [GOOD]


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_every_answer_is_as_described(described, tokens, path, method):
    # The same few each time: what many others find stands in the tests of its own as a table.
    for kind in kinds_of(described[path][method]):
        hammer(described[path][method], kind, tokens["fern"], max_examples=4, derandomize=True)


@pytest.mark.soak
@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_every_answer_to_hundreds_of_others_is_as_described(described, tokens, path, method):
    for kind in kinds_of(described[path][method]):
        hammer(described[path][method], kind, tokens["fern"], max_examples=300, derandomize=False)
