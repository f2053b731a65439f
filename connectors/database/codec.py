"""Records to JSON text and back, and bodies packed. Actions are read by their kind."""

import zlib
from collections.abc import Mapping
from typing import Any

import msgspec

from connectors.database.columns import storable
from core.actions import ACTIONS, Action
from core.consolation.consolations import Consolation
from core.delay_laws.cases import Case, Edge
from core.forecast.records import BuyingTerms, ItemForecast
from core.items.item_gate import ItemGate
from core.items.item_rules import ItemRules
from core.records import IncomingRecord, OrderRecord, Shop
from core.snapshots import ItemSnapshot

_orders = msgspec.json.Decoder(OrderRecord)
_shops = msgspec.json.Decoder(Shop)
_items = msgspec.json.Decoder(ItemSnapshot)
_rules = msgspec.json.Decoder(ItemRules)
_gates = msgspec.json.Decoder(ItemGate)
_supply = msgspec.json.Decoder(IncomingRecord)
_terms = msgspec.json.Decoder(BuyingTerms)
_forecasts = msgspec.json.Decoder(ItemForecast)
_cases = msgspec.json.Decoder(Case)
_edges = msgspec.json.Decoder(Edge)
_consolations = msgspec.json.Decoder(Consolation)
_details = msgspec.json.Decoder(dict[str, Any])
_actions: dict[str, msgspec.json.Decoder[Action]] = {kind: msgspec.json.Decoder(made) for kind, made in ACTIONS.items()}

NUL = "\\u0000"
"""As JSON writes it."""

read_order = _orders.decode
read_shop = _shops.decode
read_item = _items.decode
read_rules = _rules.decode
read_gate = _gates.decode
read_supply = _supply.decode
read_terms = _terms.decode
read_forecast = _forecasts.decode
read_detail = _details.decode
read_case = _cases.decode
read_edge = _edges.decode
read_consolation = _consolations.decode


def write(record: object) -> str:
    """Return the record as JSON text, without what is no text to people: U+0000 and lone surrogates."""
    try:
        text = msgspec.json.encode(record).decode()
    except UnicodeEncodeError:
        text = NUL
    # Strangers' JSON may hold either; both databases are to give back the same.
    return msgspec.json.encode(_mended(msgspec.to_builtins(record))).decode() if NUL in text else text


def read_action(kind: str, text: str) -> Action:
    """Return the action of this kind."""
    return _actions[kind].decode(text)


def pack(body: bytes) -> bytes:
    """Return the body packed: level 1 makes JSON about eight times smaller and costs next to nothing."""
    return zlib.compress(body, 1)


def unpack(packed: bytes | None) -> bytes:
    """Return the body; empty when it was forgotten."""
    return b"" if packed is None else zlib.decompress(packed)


def _mended(value: Any) -> Any:  # noqa: ANN401  # JSON of any shape
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, Mapping):
        return {_mended(key): _mended(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_mended(entry) for entry in value]
    return value
