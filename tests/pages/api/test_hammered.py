"""The description and the API held against each other by schemathesis: made-up requests, answers as described."""

import secrets

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from limits import RateLimitItemPerMinute

from pages.api import limiting
from pages.api.openapi import description

OPERATIONS = [(path, method) for path, methods in description()["paths"].items() for method in methods]


@pytest.fixture
def described(small_app, two_shops, tokens, monkeypatch):
    monkeypatch.setattr(limiting, "OFTEN", RateLimitItemPerMinute(1_000_000))
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", small_app)


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_every_answer_is_as_described(described, tokens, path, method):
    allowed = {"Authorization": f"Bearer {tokens['fern']}"}

    @given(case=described[path][method].as_strategy())
    @settings(max_examples=8, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    def hold(case):
        if "Idempotency-Key" in case.headers:
            case.headers["Idempotency-Key"] = secrets.token_hex(8)  # one made up twice would be for another body
        case.call_and_validate(headers=allowed)

    hold()
