"""Deliveries as spans, where OpenTelemetry looks at this process.

Its package for Flask makes a span in the framework, which a delivery never sees; its package for WSGI makes one around
any door, and is there wherever the other is.
"""

from typing import TYPE_CHECKING

from flask import Flask

from webhooks.exchange import TRACE

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication, WSGIEnvironment

    from opentelemetry.trace import Span


def seen(app: Flask, doors: "WSGIApplication", routes: tuple[str, ...]) -> "WSGIApplication":
    """Return `doors` with a span around each delivery, or as they are where nothing looks at `app`.

    A route that ends in a slash goes on with the name of a shop, which is no part of the span's name.
    """
    if not getattr(app, "_is_instrumented_by_opentelemetry", False):
        return doors
    # Not before: only who starts us by `opentelemetry-instrument` has it.
    from opentelemetry.instrumentation.wsgi import OpenTelemetryMiddleware  # noqa: PLC0415

    def named(span: "Span", environ: "WSGIEnvironment") -> None:
        path, method = environ.get("PATH_INFO", ""), environ["REQUEST_METHOD"]
        route = next((one for one in routes if path == one or (one.endswith("/") and path.startswith(one))), "")
        if route:
            whole = f"{route}<shop>" if route.endswith("/") else route
            span.update_name(f"{method} {whole}")
            span.set_attribute("http.route", whole)
            here = span.get_span_context()
            environ[TRACE] = f"00-{here.trace_id:032x}-{here.span_id:016x}-{here.trace_flags:02x}"

    watched: WSGIApplication = OpenTelemetryMiddleware(doors, request_hook=named)
    return watched
