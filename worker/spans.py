"""A worker's work as spans, where OpenTelemetry looks at this process: what it calls meanwhile stands below them."""

import sys
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext

from core.records import Delivery


def taking_in(shop: str, deliveries: Sequence[Delivery]) -> AbstractContextManager[object]:
    """Return the span in which deliveries are taken in, linked to those in which they came; none where nobody looks."""
    if "opentelemetry.trace" not in sys.modules:
        return nullcontext()
    # Not before: only who starts us by `opentelemetry-instrument` has it.
    from opentelemetry.trace import Link, get_current_span, get_tracer  # noqa: PLC0415
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator  # noqa: PLC0415

    read = TraceContextTextMapPropagator().extract
    came = [get_current_span(read({"traceparent": one.trace})) for one in deliveries if one.trace]
    links = [Link(span.get_span_context()) for span in came if span.get_span_context().is_valid]
    told: Mapping[str, str | Sequence[int]] = {
        "backorder.shop": shop, "backorder.deliveries": [one.id for one in deliveries],
    }  # fmt: skip
    return get_tracer("backorder").start_as_current_span("take in deliveries", links=links, attributes=told)
