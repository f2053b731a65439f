"""Deliveries over real HTTP while OpenTelemetry looks at the app, as `opentelemetry-instrument` brings it in."""

import flask
import pytest
import requests
from opentelemetry import trace
from opentelemetry.instrumentation.flask import FlaskInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

import app as composition
from connectors.simulator.serving import serve
from core.records import Delivery
from tests.webhooks.conftest import BODY, NOW, SIGNATURE, TOPIC, signed
from webhooks.spans import seen
from worker.spans import taking_in

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


@pytest.fixture
def spans(monkeypatch):
    """What has been seen of apps made from now on."""
    kept, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(kept))
    monkeypatch.setattr(trace, "get_tracer_provider", lambda: provider)
    FlaskInstrumentor().instrument(tracer_provider=provider)
    monkeypatch.setattr(composition, "Flask", flask.Flask)
    yield kept.get_finished_spans
    FlaskInstrumentor().uninstrument()
    provider.shutdown()


def test_a_delivery_is_a_span_of_the_callers_trace_and_named_without_the_shop(spans, service_of):
    service = service_of()
    headers = {SIGNATURE["woocommerce"]: signed(BODY, "store-secret"), TOPIC["woocommerce"]: "order.created"}
    headers["traceparent"] = f"00-{TRACE}-{PARENT}-01"
    with serve(service.app) as running:
        answers = [
            requests.post(f"{running.url}/webhooks/woocommerce/moss", data=BODY, headers=headers, timeout=60),
            requests.post(f"{running.url}/webhooks/shopify", data=BODY, timeout=60),
            requests.get(f"{running.url}/healthz", timeout=60),
        ]
    assert [answer.status_code for answer in answers] == [200, 401, 200]
    assert service.written() == [("moss", "order.created")]
    named = {span.name: span for span in spans()}
    taken, refused = named.pop("POST /webhooks/woocommerce/<shop>"), named.pop("POST /webhooks/shopify")
    assert list(named) == ["GET /healthz"]
    assert (f"{taken.context.trace_id:032x}", f"{taken.parent.span_id:016x}") == (TRACE, PARENT)
    assert (taken.attributes["http.status_code"], refused.attributes["http.status_code"]) == (200, 401)
    assert (refused.parent, refused.attributes["http.route"]) == (None, "/webhooks/shopify")
    service.work()
    (work,) = (span for span in spans() if span.name == "take in deliveries")
    assert [link.context.span_id for link in work.links] == [taken.context.span_id]
    assert [link.context.trace_id for link in work.links] == [taken.context.trace_id]
    assert work.attributes["backorder.shop"] == "moss"


@pytest.mark.parametrize("trace", [None, "", "00-0-0-01", "no trace at all"])
def test_a_delivery_from_elsewhere_or_before_is_taken_in_without_a_link(spans, trace):
    delivery = Delivery(id=7, shop="moss", topic="t", key="k", body=b"", received_at=NOW, trace=trace)
    with taking_in("moss", [delivery]):
        pass
    (work,) = spans()
    assert (work.links, work.attributes["backorder.deliveries"]) == ((), (7,))


def test_where_nothing_looks_the_doors_stand_bare(service):
    assert seen(service.app, service.client, ()) is service.client
