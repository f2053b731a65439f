"""Registered customers, read only: enough for the payload of `customer.updated`."""

from connectors.simulator.woocommerce import payloads, rest
from connectors.simulator.woocommerce.rest import Answer, Call, RestError
from connectors.simulator.woocommerce.rows import Customer, Json
from connectors.simulator.woocommerce.state import State


def listed(state: State, call: Call) -> Answer:
    """A page of customers; `email` finds the one with this address."""
    email = call.query.get("email")
    rows = [row for row in state.customers.values() if email in {None, row.email}]
    return rest.page(state, call, rest.chosen(call, rows), lambda row: shown(state, row))


def get(state: State, call: Call, customer_id: int) -> Answer:  # noqa: ARG001  # one shape for all routes
    """One customer."""
    row = state.customers.get(customer_id)
    if row is None:
        raise RestError(404, "woocommerce_rest_invalid_id", "Invalid resource ID.")
    return Answer(shown(state, row))


def shown(state: State, row: Customer) -> dict[str, Json]:
    """One customer as JSON."""
    return {
        "id": row.id,
        "date_created": payloads.local(state, row.created),
        "date_created_gmt": payloads.gmt(row.created),
        "date_modified": payloads.local(state, row.modified),
        "date_modified_gmt": payloads.gmt(row.modified),
        "email": row.email,
        "first_name": row.address.get("first_name", ""),
        "last_name": row.address.get("last_name", ""),
        "role": "customer",
        "username": row.email.split("@")[0],
        "billing": _address({**row.address, "email": row.email}, "email", "phone"),
        "shipping": _address({}, "phone"),
        "is_paying_customer": True,
        "avatar_url": "",
        "meta_data": [],
        "_links": payloads.links(state, "customers", row.id),
    }


def _address(fields: dict[str, str], *more: str) -> dict[str, str]:
    """An address; unlike in orders, the state comes after the country."""
    order = ("first_name", "last_name", "company", "address_1", "address_2", "city", "postcode", "country", "state")
    return {name: fields.get(name, "") for name in (*order, *more)}
