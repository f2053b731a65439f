"""Order notes: what the store and people write on an order. No note ever fires a webhook."""

from connectors.simulator.woocommerce import payloads
from connectors.simulator.woocommerce.rest import Answer, Call, RestError
from connectors.simulator.woocommerce.rows import Note, Order
from connectors.simulator.woocommerce.state import SYSTEM, State


def listed(state: State, call: Call, order: Order) -> Answer:
    """The notes of an order, newest first; not paged. `type` may ask for `customer` or `internal` ones."""
    wanted = call.query.get("type", "any")
    kinds = {"customer": (True,), "internal": (False,)}.get(wanted, (True, False))
    found = [note for note in reversed(order.notes) if note.to_customer in kinds]
    return Answer([payloads.note(state, order, note) for note in found])


def create(state: State, call: Call, order: Order) -> Answer:
    """Add a note. Notes by a key are signed `WooCommerce` unless `added_by_user` is asked for."""
    text = call.body.get("note")
    if not isinstance(text, str) or not text:
        raise RestError(400, "rest_missing_callback_param", "Missing parameter(s): note", params=["note"])
    author = "admin" if call.body.get("added_by_user") else SYSTEM
    note = state.note(order, text, author=author, to_customer=bool(call.body.get("customer_note")))
    where = payloads.rest_url(state, f"orders/{order.id}/notes/{note.id}")
    return Answer(payloads.note(state, order, note), 201, {"Location": where})


def get(state: State, call: Call, order: Order, note_id: int) -> Answer:  # noqa: ARG001  # one shape for all routes
    """One note."""
    return Answer(payloads.note(state, order, _found(order, note_id)))


def delete(state: State, call: Call, order: Order, note_id: int) -> Answer:
    """Remove a note for good; without `force` the platform refuses."""
    note = _found(order, note_id)
    if not call.flag("force"):
        raise RestError(501, "woocommerce_rest_trash_not_supported", "Order notes do not support trashing.")
    order.notes.remove(note)
    return Answer(payloads.note(state, order, note))


def _found(order: Order, note_id: int) -> Note:
    for note in order.notes:
        if note.id == note_id:
            return note
    raise RestError(404, "woocommerce_rest_invalid_id", "Invalid resource ID.")
