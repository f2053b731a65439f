"""What a store says of itself: the open index with its routes, settings, currency and system status."""

from collections.abc import Iterable, Mapping

from connectors.simulator.woocommerce import payloads
from connectors.simulator.woocommerce.refunds import WITHOUT_REFUNDS
from connectors.simulator.woocommerce.rest import Answer, Call, RestError
from connectors.simulator.woocommerce.rows import Json
from connectors.simulator.woocommerce.state import HOLD_STOCK_MINUTES, State
from connectors.simulator.woocommerce.storefront import PAYMENTS

NAMESPACE = "wc/v3"
HPOS = "Automattic\\WooCommerce\\Internal\\DataStores\\Orders\\OrdersTableDataStore"
LEGACY = "WC_Order_Data_Store_CPT"
ONLY_READ = ["GET", "POST", "PUT", "PATCH"]


def index(state: State, routes: Mapping[str, Iterable[str]]) -> dict[str, Json]:
    """The index of the REST API, open to anyone. `routes`: the methods of each route's pattern."""
    place = getattr(state.zone, "key", "")
    offset = state.now().astimezone(state.zone).utcoffset()
    hours = (offset.total_seconds() if offset else 0) / 3600
    return {
        "name": state.name,
        "description": "",
        "url": state.home,
        "home": state.home,
        "gmt_offset": int(hours) if hours == int(hours) else hours,
        "timezone_string": place,
        "page_for_posts": 0,
        "page_on_front": 0,
        "show_on_front": "posts",
        "namespaces": ["oembed/1.0", "wc/v1", "wc/v2", NAMESPACE, "wc/store/v1", "wp/v2"],
        "authentication": [],
        "routes": {pattern: described(methods) for pattern, methods in routes.items()},
        "site_logo": 0,
        "site_icon": 0,
        "site_icon_url": "",
        "_links": {"help": [{"href": "https://developer.wordpress.org/rest-api/"}]},
    }


def described(methods: Iterable[str]) -> dict[str, Json]:
    """What OPTIONS answers for a known route."""
    listed = list(methods)
    return {
        "namespace": NAMESPACE,
        "methods": listed,
        "endpoints": [{"methods": [name], "args": {}} for name in listed],
    }


def settings(state: State, call: Call, group: str) -> Answer:  # noqa: ARG001  # one shape for all routes
    """The settings of one group."""
    return Answer([_setting(state, group, name, value) for name, value in _group(state, group).items()])


def setting(state: State, call: Call, group: str, name: str) -> Answer:  # noqa: ARG001  # one shape for all routes
    """One setting."""
    values = _group(state, group)
    if name not in values:
        raise RestError(404, "rest_setting_setting_invalid", "Invalid setting.")
    return Answer(_setting(state, group, name, values[name]))


def payment_gateway(state: State, call: Call, name: str) -> Answer:  # noqa: ARG001  # one shape for all routes
    """One payment method, with what it can do."""
    if name not in PAYMENTS:
        raise RestError(404, "woocommerce_rest_payment_gateway_invalid", "Resource does not exist.")
    supports = ["products"] if name in WITHOUT_REFUNDS else ["products", "refunds"]
    title = PAYMENTS[name]
    row = payloads.links(state, "payment_gateways", name, ONLY_READ)
    told = {"id": name, "title": title, "enabled": True, "method_title": title, "method_supports": supports}
    return Answer({**told, "_links": row})


def currency(state: State, call: Call) -> Answer:  # noqa: ARG001  # one shape for all routes
    """The store's currency."""
    row = payloads.links(state, "data/currencies", state.currency, ["GET"])
    symbol = payloads.SYMBOLS.get(state.currency, state.currency)
    return Answer({"code": state.currency, "name": state.currency, "symbol": symbol, "_links": row})


def system_status(state: State, call: Call) -> Answer:  # noqa: ARG001  # one shape for all routes
    """The report on versions and features, trimmed to what a client may ask for."""
    features = ["analytics", "marketplace", *([] if state.legacy else ["custom_order_tables"])]
    return Answer(
        {
            "environment": {
                "home_url": state.home,
                "site_url": state.home,
                "version": state.version,
                "wp_version": "6.9.1",
                "wp_cron": True,
                "language": "en_US",
                "default_timezone": "UTC",
            },
            "settings": {
                "currency": state.currency,
                "currency_symbol": payloads.SYMBOLS.get(state.currency, state.currency),
                "number_of_decimals": state.decimals,
                "order_datastore": LEGACY if state.legacy else HPOS,
                "HPOS_enabled": not state.legacy,
                "HPOS_sync_enabled": False,
                "enabled_features": features + (["fulfillments"] if state.fulfillments_on else []),
            },
            "security": {"secure_connection": state.home.startswith("https:"), "hide_errors": True},
            "active_plugins": [
                {"plugin": "woocommerce/woocommerce.php", "name": "WooCommerce", "version": state.version}
            ],
        }
    )


def _group(state: State, group: str) -> dict[str, str]:
    groups = {
        "general": {
            "woocommerce_store_city": "New York",
            "woocommerce_default_country": "US:NY",
            "woocommerce_calc_taxes": "no",
            "woocommerce_enable_coupons": "yes",
            "woocommerce_currency": state.currency,
            "woocommerce_price_num_decimals": str(state.decimals),
        },
        "products": {
            "woocommerce_manage_stock": "yes",
            "woocommerce_hold_stock_minutes": str(HOLD_STOCK_MINUTES),
            "woocommerce_notify_no_stock_amount": "0",
        },
    }
    if group not in groups:
        raise RestError(404, "rest_setting_setting_group_invalid", "Invalid setting group.")
    return groups[group]


def _setting(state: State, group: str, name: str, value: str) -> dict[str, Json]:
    label = name.removeprefix("woocommerce_").replace("_", " ").capitalize()
    return {
        "id": name,
        "label": label,
        "description": "",
        "type": "text",
        "default": "",
        "tip": "",
        "value": value,
        "_links": payloads.links(state, f"settings/{group}", name, ONLY_READ),
    }
