"""The description is valid, and true of every route."""

import re

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from pages.api import VIEWS
from pages.api.openapi import description


def test_the_description_is_valid_openapi(small_app):
    served = small_app.test_client().get("/api/v1/openapi.json").json
    assert served == description()
    assert list(OpenAPIV31SpecValidator(served).iter_errors()) == []


def test_every_route_is_described_and_every_described_route_exists(small_app):
    routes = {
        (method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule.removeprefix("/api/v1")), rule.endpoint)
        for rule in small_app.url_map.iter_rules()
        if rule.rule.startswith("/api")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    described = {
        (method.upper(), path, f"api.{operation['operationId']}")
        for path, operations in description()["paths"].items()
        for method, operation in operations.items()
    }
    assert routes == described
    assert len(routes) == len(VIEWS)


def test_every_named_schema_is_used():
    text = str(description())
    for name in description()["components"]["schemas"]:
        assert f"#/components/schemas/{name}'" in text


@pytest.mark.parametrize(
    "operation",
    [o for methods in description()["paths"].values() for o in methods.values()],
    ids=lambda o: o["operationId"],
)
def test_every_operation_says_what_its_errors_look_like(operation):
    for status, response in operation["responses"].items():
        if int(status) >= 400:
            assert list(response["content"]) == ["application/problem+json"]
