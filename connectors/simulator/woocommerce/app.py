"""The store as a WSGI app: the REST API below `/wp-json`, the consent pages below `/wc-auth`, faults and journal."""

import json
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from werkzeug.datastructures import Headers
from werkzeug.wrappers import Request, Response

from connectors.simulator.faults import Fault, Faults
from connectors.simulator.journal import Journal
from connectors.simulator.serving import CUT
from connectors.simulator.woocommerce import authentication, payloads, routes, site
from connectors.simulator.woocommerce.rest import Answer, Call, RestError
from connectors.simulator.woocommerce.rows import Json
from connectors.simulator.woocommerce.state import State
from connectors.simulator.woocommerce.wc_auth import Consent, Page

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

API = "/wp-json"
CALM = {
    "X-Robots-Tag": "noindex",
    "X-Content-Type-Options": "nosniff",
    "Access-Control-Expose-Headers": "X-WP-Total, X-WP-TotalPages, Link",
    "Access-Control-Allow-Headers": "Authorization, X-WP-Nonce, Content-Disposition, Content-MD5, Content-Type",
    "Expires": "Wed, 11 Jan 1984 05:00:00 GMT",
    "Cache-Control": "no-cache, must-revalidate, max-age=0, no-store, private",
}
NO_ROUTE = "No route was found matching the URL and request method."
DETAIL_LENGTH = 300
SECRETS = frozenset({"secret", "consumer_secret"})


@dataclass(kw_only=True)
class StoreApp:
    """Answers for one store. A handler runs under the store's lock; pings and slow answers do not."""

    state: State
    faults: Faults
    journal: Journal
    consent: Consent
    wall: Callable[[], float] = time.time

    def __post_init__(self) -> None:
        self._routes = routes.table(fulfillments_on=self.state.fulfillments_on)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        request = Request(environ)
        if not self.state.home:
            self.state.home = f"{_scheme(request)}://{request.host}{request.script_root}"
        return self._answer(request)(environ, start_response)

    def _answer(self, request: Request) -> Response:
        path = request.path.rstrip("/")
        if path == API or path.startswith(f"{API}/"):
            return self._api(request, path.removeprefix(API))
        query = request.args.to_dict()
        if path == "/wc-auth/v1/authorize":
            return _page(self.consent.authorize(query))
        if path == "/wc-auth/v1/access_granted":
            return _page(self.consent.grant(query))
        return _page(Page("<h1>Page not found</h1>", 404))

    def _api(self, request: Request, path: str) -> Response:
        name = f"{request.method} {path.removeprefix('/wc/v3') or '/'}"
        fault = self.faults.take(name)
        if fault is not None and not fault.carried_out:
            response = _faulty(fault)
        else:
            response = self._carried_out(request, path, fault)
        self._note(request, name, path, response)
        return response

    def _carried_out(self, request: Request, path: str, fault: Fault | None) -> Response:
        if fault is not None:
            fault.wait()
        response = self._rest(request, path)
        if fault is not None and fault.kind == "lost":
            response.headers[CUT] = "1"
        elif fault is not None and fault.kind == "truncated":
            response.set_data(response.get_data()[: len(response.get_data()) // 2])
        return response

    def _rest(self, request: Request, path: str) -> Response:
        found = routes.find(self._routes, path)
        allow = list(found[0].doers) if found else []
        try:
            with self.state.lock:
                answer = self._handled(request, path, found)
        except RestError as refused:
            answer = Answer(refused.body(), refused.status)
        if answer.after is not None:
            answer.after()
        return self._response(answer, allow)

    def _handled(self, request: Request, path: str, found: "tuple[routes.Route, tuple[str, ...]] | None") -> Answer:
        if not path:
            methods = {"/": ["GET"], "/wc/v3": ["GET"], **{route.pattern: route.doers for route in self._routes}}
            return Answer(site.index(self.state, methods))
        key = authentication.authenticate(
            self.state,
            method=str(request.method),
            path=request.path,
            query=request.args.to_dict(),
            basic=request.authorization,
            https="https" in {_scheme(request), self.state.home.partition(":")[0]},
            now=self.wall(),
        )
        if request.method == "OPTIONS":
            return Answer(site.described(found[0].doers) if found else [])
        method = "GET" if request.method == "HEAD" else str(request.method)
        if found is None or method not in found[0].doers:
            raise RestError(404, "rest_no_route", NO_ROUTE)
        route, parts = found
        verb, handler = route.doers[method]
        if key is None or key.user_id in self.state.demoted:
            raise authentication.refused(verb, known=key is not None)
        call = Call(method=method, path=request.path, query=_query(request), body=_body(request), user=key)
        return _trimmed(handler(self.state, call, *parts), call.query.get("_fields"))

    def _response(self, answer: Answer, allow: list[str]) -> Response:
        headers = Headers({**CALM, **({"Allow": ", ".join(allow)} if allow else {})})
        headers.add("Link", f'<{self.state.home}{API}/>; rel="https://api.w.org/"')
        for name, value in answer.headers.items():
            headers.add(name, value)
        body = payloads.encoded(answer.body)
        return Response(body, answer.status, headers, content_type="application/json; charset=UTF-8")

    def _note(self, request: Request, name: str, path: str, response: Response) -> None:
        order = re.match(r"/wc/v3/orders/(\d+)", path)
        cut = CUT in response.headers
        self.journal.record(
            at=self.state.now(),
            name=name,
            order=order.group(1) if order else None,
            detail=_detail(request),
            status=0 if cut else response.status_code,
            write=request.method not in authentication.READING and response.status_code < 400,
        )


def _scheme(request: Request) -> str:
    """Whether the front server spoke https, as it says."""
    return request.headers.get("X-Forwarded-Proto", request.scheme)


def _query(request: Request) -> dict[str, str]:
    """The query as PHP reads it: `status[]=a&status[]=b` is a list, here joined by commas."""
    found: dict[str, str] = {}
    for name, values in request.args.lists():
        bare = re.sub(r"\[\d*\]$", "", name)
        listed = [found[bare], *values] if bare != name and bare in found else values
        found[bare] = ",".join(listed) if bare != name else values[-1]
    return found


def _body(request: Request) -> dict[str, Any]:
    """The JSON object of the request; none counts as empty. Raises RestError 400 for what is not JSON."""
    raw = request.get_data()
    if not raw:
        return {}
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        raise RestError(400, "rest_invalid_json", "Invalid JSON body passed.") from None
    return body if isinstance(body, dict) else {}


def _trimmed(answer: Answer, fields: str | None) -> Answer:
    """The answer with only the top-level fields that `_fields` asks for."""
    if not fields:
        return answer
    wanted = {part.strip().split(".")[0] for part in fields.split(",")}

    def trim(row: Json) -> Json:
        return {name: value for name, value in row.items() if name in wanted} if isinstance(row, dict) else row

    body = [trim(row) for row in answer.body] if isinstance(answer.body, list) else trim(answer.body)
    return Answer(body, answer.status, answer.headers, answer.after)


def _faulty(fault: Fault) -> Response:
    """An answer that carries nothing out: the host's "later", a crash, a refusal, or a page for people."""
    if fault.kind == "html":
        return Response("<!DOCTYPE html><title>Maintenance</title>", 200, content_type="text/html; charset=UTF-8")
    status, code, message = {
        "throttle": (429, "too_many_requests", "Too many requests."),
        "error": (500, "internal_server_error", "There has been a critical error on this website."),
        "refuse": (400, "woocommerce_rest_refused", "The store refused this request."),
    }[fault.kind]
    body = payloads.encoded(RestError(status, code, message).body())
    response = Response(body, status, content_type="application/json; charset=UTF-8")
    if fault.kind == "throttle" and fault.seconds:
        response.headers["Retry-After"] = str(-int(-fault.seconds // 1))
    return response


def _detail(request: Request) -> str:
    """What was asked, short, without secrets and signatures."""
    body = request.get_data()
    if body:
        try:
            fields = json.loads(body)
        except (ValueError, RecursionError):
            return f"{len(body)} bytes that are not JSON"
        if isinstance(fields, dict):
            fields = {name: value for name, value in fields.items() if name not in SECRETS}
        return json.dumps(fields)[:DETAIL_LENGTH]
    asked = [(name, value) for name, value in request.args.items() if not name.startswith(("oauth_", "consumer_"))]
    return "&".join(f"{name}={value}" for name, value in asked)[:DETAIL_LENGTH]


def _page(page: Page) -> Response:
    response = Response(page.html, page.status, content_type="text/html; charset=UTF-8")
    if page.location:
        response.headers["Location"] = page.location
    return response
