"""The shop as a WSGI app: its Admin API and its token service."""

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from connectors.simulator.faults import Fault, Faults
from connectors.simulator.journal import Journal
from connectors.simulator.serving import CUT
from connectors.simulator.shopify import bulk, engine, mutations, queries
from connectors.simulator.shopify.cost import Bucket
from connectors.simulator.shopify.engine import Asked
from connectors.simulator.shopify.oauth import Denied, Tokens
from connectors.simulator.shopify.state import Json
from connectors.simulator.shopify.telling import SCOPES, Telling

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

BAD_TOKEN = "[API] Invalid API key or access token (unrecognized login or wrong password)"  # noqa: S105  # a message
PHRASES = {200: "OK", 302: "Found", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 429: "Too Many Requests"}
DETAIL = 300
LARGEST_BODY = 1_000_000

Answer = tuple[int, dict[str, str], bytes]


class ShopifyShop(Telling):
    """One shop with one installed app. Serve `wsgi` and point the service at `{url}/{domain}` or at `{url}`.

    `now` dates everything in the shop; tokens expire by it too. `access_token` never expires.
    """

    def __init__(
        self,
        *,
        domain: str,
        access_token: str,
        client_id: str,
        client_secret: str,
        now: Callable[[], datetime],
        name: str = "Demo shop",
        currency: str = "EUR",
        timezone: str = "Europe/Berlin",
        seed: int = 0,
    ) -> None:
        tokens = Tokens(
            client_id=client_id,
            client_secret=client_secret,
            permanent=access_token,
            scopes=list(SCOPES),
            clock=now,
            seed=seed,
        )
        super().__init__(domain=domain, tokens=tokens, now=now, currency=currency, seed=seed)
        self.name = name
        self.timezone = timezone
        self.faults = Faults(seed=seed)
        self.journal = Journal()
        self.bucket = Bucket()
        self.state.execute = self._execute

    def wsgi(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one HTTP request."""
        status, headers, body = self._answer(environ)
        date = format_datetime(self.state.now().astimezone(UTC), usegmt=True)
        sent = {"Date": date, "X-Request-Id": self.state.new_uuid(), "Content-Length": str(len(body)), **headers}
        start_response(f"{status} {PHRASES.get(status, 'Error')}", list(sent.items()))
        return [body]

    def _answer(self, environ: "WSGIEnvironment") -> Answer:
        path = str(environ.get("PATH_INFO", "")).removeprefix(f"/{self.domain}")
        call = (environ["REQUEST_METHOD"], *path.strip("/").split("/"))
        match call:
            case ("GET", name) if name.startswith("bulk-"):
                return self._file(name)
            case ("POST", "admin", "api", version, "graphql.json"):
                self.state.address = _address(environ)
                return self._api(version, environ)
            case ("POST", "admin", "oauth", "access_token"):
                return self._token(_body(environ))
            case ("GET", "admin", "oauth", "authorize"):
                return self._authorise(dict(parse_qsl(str(environ.get("QUERY_STRING", "")))))
            case _:
                return _json(404, {"errors": "Not Found"})

    def _file(self, name: str) -> Answer:
        """Return a bulk operation's file. Its address is all that is needed to fetch it."""
        fault = self.faults.take("bulk file")
        made = next((made for made in self.state.bulk.values() if made.file == name), None)
        if fault is not None and not fault.carried_out:
            return self._spoiled(fault, None, 0)
        if made is None or made.status != "COMPLETED":
            return _json(404, {"errors": "Not Found"})
        self._note("bulk file", name, 200, fault)
        return _faulty((200, {"Content-Type": "application/jsonl"}, made.lines.encode()), fault)

    def _execute(self, text: str) -> Json:
        """Carry a bulk operation's query out, whole and free of charge."""
        asked = engine.understand(engine.VERSIONS[-1], text, {}, None)
        return asked.problem or engine.carry_out(asked, self._roots(), 0, Bucket(), granted=tuple(self.scopes))

    def finish_bulk(self) -> None:
        """Let every bulk operation that runs come to its end."""
        with self.state.action():
            for made in self.state.bulk.values():
                if made.status == "RUNNING":
                    bulk.finish(self.state, made)

    def _token(self, body: bytes) -> Answer:
        fault = self.faults.take("oauth access_token")
        if fault is not None and not fault.carried_out:
            return self._spoiled(fault, None, 0)
        try:
            asked = json.loads(body)
        except ValueError:
            asked = dict(parse_qsl(body.decode(errors="replace")))
        try:
            status, told = 200, self.tokens.grant(asked if isinstance(asked, dict) else {})
        except Denied as problem:
            status, told = 400, {"error": str(problem)}
        self._note("oauth/access_token", str(asked.get("grant_type", "code")), status, fault)
        return _faulty(_json(status, told), fault)

    def _authorise(self, query: dict[str, str]) -> Answer:
        try:
            return 302, {"Location": self.tokens.authorise(self.domain, query)}, b""
        except Denied as problem:
            return _json(400, {"error": str(problem)})

    def _api(self, asked_version: str, environ: "WSGIEnvironment") -> Answer:
        version = engine.served_version(asked_version)
        if version is None:
            return _json(404, {"errors": "Not Found"})
        if not self.tokens.accepts(str(environ.get("HTTP_X_SHOPIFY_ACCESS_TOKEN", ""))):
            return _json(401, {"errors": BAD_TOKEN})
        try:
            body = json.loads(_body(environ))
            asked = engine.understand(version, body["query"], body.get("variables"), body.get("operationName"))
        except (ValueError, KeyError, TypeError, AttributeError):
            return _json(400, {"errors": {"query": "Required parameter missing or invalid"}})
        status, headers, answer = self._graphql(asked)
        return status, {**headers, "X-Shopify-API-Version": version}, answer

    def _graphql(self, asked: Asked) -> Answer:
        points = engine.price(asked)
        fault = self.faults.take(f"{asked.name} {' '.join(asked.fields)}")
        if fault is not None and not fault.carried_out:
            answer = self._spoiled(fault, asked, points)
        else:
            answer = _json(200, self._carried_out(asked, points))
        order = self._order_of(asked.variables)
        detail = json.dumps(asked.variables, ensure_ascii=False)[:DETAIL]
        self._note(" ".join(asked.fields) or asked.name, detail, answer[0], fault, order=order, write=asked.write)
        return _faulty(answer, fault)

    def _carried_out(self, asked: Asked, points: int) -> Json:
        problem = asked.problem or engine.too_costly(points)
        if problem is not None:
            return problem
        if not self.bucket.pay(points):
            return engine.throttled(points, self.bucket)
        with self.state.lock:
            return engine.carry_out(asked, self._roots(), points, self.bucket, granted=tuple(self.scopes))

    def _roots(self) -> dict[str, Json]:
        return {
            "query": queries.root(self.state, self._shop(), self.scopes),
            "mutation": mutations.root(self.state),
        }

    def _shop(self) -> Json:
        return {
            "__typename": "Shop",
            "id": f"gid://shopify/Shop/{queries.SHOP_ID}",
            "name": self.name,
            "myshopifyDomain": self.domain,
            "email": "shop@example.com",
            "contactEmail": "shop@example.com",
            "currencyCode": self.state.currency,
            "ianaTimezone": self.timezone,
            "enabledPresentmentCurrencies": [self.state.currency],
            "url": f"https://{self.domain}",
        }

    def _spoiled(self, fault: Fault, asked: Asked | None, points: int) -> Answer:
        """Return the answer of a fault that comes before anything happens."""
        if fault.kind == "throttle" and (fault.seconds or asked is None):
            status, headers, body = _json(429, {"errors": "Exceeded calls per second for api client."})
            return status, {**headers, "Retry-After": str(max(1, round(fault.seconds)))}, body
        if fault.kind == "throttle":
            return _json(200, engine.throttled(points, self.bucket))
        if fault.kind == "html":
            return 200, {"Content-Type": "text/html"}, b"<!DOCTYPE html><title>One moment</title>"
        if fault.kind == "refuse" and asked is not None:
            return _json(200, asked.problem or engine.refused(asked, "The simulator was told to refuse this"))
        return _json(403 if fault.kind == "refuse" else 500, {"errors": "Internal Server Error"})

    def _note(  # the fields are explained at the journal's Entry
        self, name: str, detail: str, status: int, fault: Fault | None, *, order: str | None = None, write: bool = False
    ) -> None:
        cut = fault is not None and fault.kind == "lost"
        self.journal.record(
            at=self.state.now(), name=name, detail=detail, status=0 if cut else status, write=write, order=order
        )

    def _order_of(self, value: Any) -> str | None:  # noqa: ANN401  # walks JSON
        """Return the bare id of the order that a call's variables are about."""
        if isinstance(value, dict | list):
            inside = value.values() if isinstance(value, dict) else value
            return next((found for part in inside if (found := self._order_of(part))), None)
        kind, _, number = value.rpartition("/") if isinstance(value, str) else ("", "", "")
        if kind == "gid://shopify/Order":
            return str(number)
        if kind == "gid://shopify/FulfillmentOrder" and number.isascii() and number.isdigit():
            row = self.state.fulfilment_orders.get(int(number))
            return str(row.order) if row else None
        return None


def _address(environ: "WSGIEnvironment") -> str:
    """Return where this shop was called, as far as its own name in the path."""
    path = str(environ.get("PATH_INFO", "")).partition("/admin/")[0]
    return f"{environ['wsgi.url_scheme']}://{environ['HTTP_HOST']}{environ.get('SCRIPT_NAME', '')}{path}"


def _body(environ: "WSGIEnvironment") -> bytes:
    length = int(environ.get("CONTENT_LENGTH") or 0)
    return bytes(environ["wsgi.input"].read(min(length, LARGEST_BODY)))


def _json(status: int, value: Json) -> Answer:
    return status, {"Content-Type": "application/json; charset=utf-8"}, json.dumps(value).encode()


def _faulty(answer: Answer, fault: Fault | None) -> Answer:
    """Return the answer as a fault leaves it once the call was carried out."""
    status, headers, body = answer
    if fault is None:
        return answer
    fault.wait()
    if fault.kind == "lost":
        return status, {**headers, CUT: "1"}, body
    return (status, headers, body[: len(body) // 2]) if fault.kind == "truncated" else answer


def mall(*shops: ShopifyShop) -> "WSGIApplication":
    """Return one app for several shops, each below its own domain: `/{domain}/admin/...`."""
    by_domain = {shop.domain: shop for shop in shops}

    def route(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        shop = by_domain.get(str(environ.get("PATH_INFO", "")).lstrip("/").split("/", 1)[0])
        if shop is not None:
            return shop.wsgi(environ, start_response)
        start_response("404 Not Found", [("Content-Type", "application/json")])
        return [b'{"errors": "Not Found"}']

    return route
