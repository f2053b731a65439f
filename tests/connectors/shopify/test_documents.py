"""Every document that we send fits both schema versions, uses nothing deprecated, and costs less than one call may."""

import importlib.util
import sys
from functools import cache
from pathlib import Path

import graphql
import pytest

from connectors.shopify import costs, documents, fulfilment_orders, items, orders, pacing, supply
from connectors.simulator.shopify.cost import Meter

VERSIONS = ("2026-07", "2026-10")
SCHEMAS = Path(__file__).parents[3] / "connectors" / "simulator" / "schema"
CALL_LIMIT = 1000
SIZES = {
    "OrderWhole": orders.WHOLE,
    "OrdersChanged": {"first": orders.ORDERS, **orders.LISTED},
    "Fulfilments": {"parcels": 100, "lines": 250},
    "FulfilmentOrders": {"first": fulfilment_orders.PAGE, "lines": fulfilment_orders.LINES},
    "Transfers": {"first": supply.TRANSFERS, "lines": supply.LINES, "shipments": supply.SHIPMENTS},
    "TransferShipments": {"first": supply.SHIPMENTS, "lines": supply.LINES},
    "Variants": {"first": items.VARIANTS, "levels": items.LEVELS},
    "StockItemById": {"levels": items.LEVELS},
}


@cache
def schema(version):
    return graphql.build_schema((SCHEMAS / f"admin_{version}.graphql").read_text("utf-8"))


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", documents.names())
def test_every_document_is_valid(name, version):
    parsed = graphql.parse(documents.text(name))
    assert graphql.validate(schema(version), parsed) == []
    assert len([node for node in parsed.definitions if isinstance(node, graphql.OperationDefinitionNode)]) == 1


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", documents.names())
def test_no_document_selects_anything_deprecated(name, version):
    rules = [graphql.NoDeprecatedCustomRule]
    assert graphql.validate(schema(version), graphql.parse(documents.text(name)), rules) == []


@pytest.mark.parametrize("name", documents.names())
def test_no_document_asks_for_the_holding_app(name):
    # It needs a scope of its own and comes back as an error beside the data.
    assert "heldByApp" not in documents.text(name)


@pytest.mark.parametrize("name", documents.names())
def test_every_document_costs_less_than_one_call_may(name):
    assert costs.estimate(name, sizes_of(name)) <= CALL_LIMIT * 0.75


@pytest.mark.parametrize("name", documents.names())
def test_what_a_document_costs_is_known_before_it_is_sent(name):
    parsed = graphql.parse(documents.text(name))
    exact = Meter(schema("2026-10"), parsed, dict(sizes_of(name))).cost(graphql.get_operation_ast(parsed))
    assert costs.estimate(name, sizes_of(name)) == exact


def sizes_of(name):
    operation = graphql.get_operation_ast(graphql.parse(documents.text(name)))
    return pacing.sizes_of(SIZES.get(operation.name.value, {"first": 100}))


@pytest.mark.parametrize("version", VERSIONS)
def test_the_schema_holds_only_what_is_needed(version):
    text = (SCHEMAS / f"admin_{version}.graphql").read_text("utf-8")
    assert len(text) < 150_000
    assert pruning().prune(text, [fragments(), *map(operation, documents.names())]) == text
    assert graphql.validate_schema(schema(version)) == []


def test_pruning_leaves_out_what_no_document_touches():
    text = """
        schema { query: QueryRoot }
        interface Node { id: ID! }
        interface DisplayableError { message: String! }
        interface LegacyInteroperability { legacyResourceId: ID! }
        type QueryRoot { shop: Shop! theme(id: ID!): Theme }
        type Shop implements Node { id: ID! name: String! themes: [Theme!]! old: String @deprecated(reason: "x") }
        type Theme { id: ID! }
    """
    pruned = graphql.build_schema(pruning().prune(text, ["{ shop { name } }"]))
    assert set(pruned.type_map["Shop"].fields) == {"id", "name"}
    assert set(pruned.query_type.fields) == {"shop"}
    assert "Theme" not in pruned.type_map


def pruning():
    spec = importlib.util.spec_from_file_location("prune_schema", Path(__file__).parent / "prune_schema.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["prune_schema"] = module
    spec.loader.exec_module(module)
    return module


def fragments():
    return (documents.HERE / "fragments.graphql").read_text("utf-8")


def operation(name):
    return (documents.HERE / f"{name}.graphql").read_text("utf-8")
