"""The description and the API held against each other by schemathesis: made-up requests, answers as described."""

import json
import re

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from limits import RateLimitItemPerMinute
from schemathesis.openapi.checks import RejectedPositiveData

from pages.api import limiting
from pages.api.openapi import description

OPERATIONS = [(path, method) for path, methods in description()["paths"].items() for method in methods]
ONLY_THE_BOOKS_KNOW = re.compile(r"cursor|sku|location|source|lines.*|on|id|eta|latest|received|from|to|body|declined.*|late\..*|stock\..*|parts.*|substitutes.*|(policy\.)?reorder\.closed_by_supplier.*", re.DOTALL)  # fmt: skip
"""What a request may name wrongly although its shape is right: no schema can tell."""


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
        try:
            case.call_and_validate(headers=allowed)
        except* RejectedPositiveData:
            refused = json.loads(case.call(headers=allowed).content)
            assert ONLY_THE_BOOKS_KNOW.fullmatch(refused.get("key", "on")), (case.body, refused)

    hold()
