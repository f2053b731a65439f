"""The REST routes: each WordPress pattern with its methods, who may, and what answers."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from connectors.simulator.woocommerce import (
    coupons,
    customers,
    fulfillments,
    notes,
    orders,
    products,
    refunds,
    site,
    variations,
    webhooks,
)
from connectors.simulator.woocommerce.rest import Answer, Call, RestError
from connectors.simulator.woocommerce.state import State

Handler = Callable[..., Answer]
WRITES = ("POST", "PUT", "PATCH")
ORDER = r"/wc/v3/orders/(?P<order_id>[\d]+)"


@dataclass(frozen=True, slots=True)
class Route:
    """One pattern. `doers`: for each method what it does (`list`, `view`, ...) and what answers."""

    pattern: str
    doers: Mapping[str, tuple[str, Handler]]


def table(*, fulfillments_on: bool) -> tuple[Route, ...]:
    """The routes of a store; those of fulfillments only where the feature is on."""
    routes = (
        *_rows("orders", orders),
        Route(r"/wc/v3/orders/statuses", {"GET": ("list", orders.status_names)}),
        Route(r"/wc/v3/reports/orders/totals", {"GET": ("list", orders.status_totals)}),
        *_below_order("notes", notes),
        *_below_order("refunds", refunds),
        *_rows("products", products),
        *_variations(),
        *_rows("coupons", coupons, batch=False),
        *_rows("webhooks", webhooks),
        Route(r"/wc/v3/customers", {"GET": ("list", customers.listed)}),
        Route(r"/wc/v3/customers/(?P<id>[\d]+)", {"GET": ("view", _numbered(customers.get))}),
        Route(r"/wc/v3/settings/(?P<group_id>[\w-]+)", {"GET": ("list", site.settings)}),
        Route(r"/wc/v3/settings/(?P<group_id>[\w-]+)/(?P<id>[\w-]+)", {"GET": ("view", site.setting)}),
        Route(r"/wc/v3/data/currencies/current", {"GET": ("view", site.currency)}),
        Route(r"/wc/v3/payment_gateways/(?P<id>[\w-]+)", {"GET": ("view", site.payment_gateway)}),
        Route(r"/wc/v3/system_status", {"GET": ("list", site.system_status)}),
    )
    return routes + (_fulfillments() if fulfillments_on else ())


def find(routes: tuple[Route, ...], path: str) -> tuple[Route, tuple[str, ...]] | None:
    """The route of a path below `/wp-json`, with the parts that its pattern names."""
    for route in routes:
        if match := re.fullmatch(route.pattern, path):
            return route, match.groups()
    return None


def _rows(name: str, module: object, *, batch: bool = True) -> tuple[Route, ...]:
    def of(doer: str) -> Handler:
        handler: Handler = getattr(module, doer)
        return _numbered(handler)

    update = ("edit", of("update"))
    one = {"GET": ("view", of("get")), **dict.fromkeys(WRITES, update), "DELETE": ("delete", of("delete"))}
    routes = (
        Route(rf"/wc/v3/{name}", {"GET": ("list", of("listed")), "POST": ("create", of("create"))}),
        Route(rf"/wc/v3/{name}/(?P<id>[\d]+)", one),
    )
    many = (Route(rf"/wc/v3/{name}/batch", dict.fromkeys(WRITES, ("batch", of("many")))),) if batch else ()
    return routes + many


def _below_order(name: str, module: object) -> tuple[Route, ...]:
    def of(doer: str) -> Handler:
        return partial(_of_order, getattr(module, doer))

    return (
        Route(f"{ORDER}/{name}", {"GET": ("list", of("listed")), "POST": ("create", of("create"))}),
        Route(f"{ORDER}/{name}/(?P<id>[\\d]+)", {"GET": ("view", of("get")), "DELETE": ("delete", of("delete"))}),
    )


def _variations() -> tuple[Route, ...]:
    base = r"/wc/v3/products/(?P<product_id>[\d]+)/variations"
    edit = dict.fromkeys(WRITES, ("edit", _numbered(variations.update)))
    one = {"GET": ("view", _numbered(variations.get)), **edit, "DELETE": ("delete", _numbered(variations.delete))}
    some = {"GET": ("list", _numbered(variations.listed)), "POST": ("create", _numbered(variations.create))}
    return (
        Route(base, some),
        Route(rf"{base}/(?P<id>[\d]+)", one),
        Route(f"{base}/batch", dict.fromkeys(WRITES, ("batch", _numbered(variations.many)))),
        Route("/wc/v3/variations", {"GET": ("list", variations.every)}),
    )


def _fulfillments() -> tuple[Route, ...]:
    base = f"{ORDER}/fulfillments"
    update = dict.fromkeys(WRITES, ("edit", partial(_of_order, fulfillments.update)))
    view, delete = partial(_of_order, fulfillments.get), partial(_of_order, fulfillments.delete)
    some = {
        "GET": ("list", partial(_of_order, fulfillments.listed)),
        "POST": ("create", partial(_of_order, fulfillments.create)),
    }
    return (
        Route(base, some),
        Route(rf"{base}/(?P<fulfillment_id>[\d]+)", {"GET": ("view", view), **update, "DELETE": ("delete", delete)}),
        Route(
            rf"{base}/(?P<fulfillment_id>[\d]+)/metadata",
            {"GET": ("view", partial(_of_order, fulfillments.get_metadata))},
        ),
    )


def _numbered(handler: Handler) -> Handler:
    def numbered(state: State, call: Call, *parts: str) -> Answer:
        return handler(state, call, *(int(part) for part in parts))

    return numbered


def _of_order(handler: Handler, state: State, call: Call, order_id: str, *parts: str) -> Answer:
    order = state.orders.get(int(order_id))
    if order is None:
        raise RestError(404, "woocommerce_rest_order_invalid_id", "Invalid order ID.")
    return handler(state, call, order, *(int(part) for part in parts))
