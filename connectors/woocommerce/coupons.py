"""Consolation codes as coupons: looked up first, usable once, gone at the end of their time."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from connectors.woocommerce.client import Client
from connectors.woocommerce.fields import Json, own_id, text
from connectors.woocommerce.marks import ORDER
from core.actions import Code
from core.errors import PayloadChanged, Rejected, Unsupported
from core.outcomes import Already, Done, Outcome
from core.sentences import sentence

# Offsets that no `Etc/GMT` name has, under a zone that keeps them all year.
ODD_ZONES = {
    -9.5: "Pacific/Marquesas",
    3.5: "Asia/Tehran",
    4.5: "Asia/Kabul",
    5.5: "Asia/Kolkata",
    5.75: "Asia/Kathmandu",
    6.5: "Asia/Yangon",
    8.75: "Australia/Eucla",
    9.5: "Australia/Darwin",
}


def make_code(client: Client, action: Code) -> Outcome:
    """Make the coupon stand. Raises Unsupported for money, which WooCommerce has no account for."""
    if action.is_money:
        raise Unsupported(sentence("WooCommerce has neither store credit nor gift cards."))
    found = _standing(client, action.code)
    if found is not None:
        return Already(reference=found)
    zone = zone_of(client.index())
    try:
        made = client.post("coupons", _coupon(action, zone))
    except Rejected:
        # Two that raced: the other one was first. Codes decide, not the store's translated words.
        found = _standing(client, action.code)
        if found is None:
            raise
        return Already(reference=found)
    return Done(reference=str(made.get("id", "")))


def zone_name(index: Mapping[str, Any]) -> str:
    """Return the store's time zone by name, as its index tells it; UTC where only an odd offset is known."""
    named = text(index.get("timezone_string"))
    if named and _known(named) is not None:
        return named
    hours = _offset(index)
    if hours == 0:
        return "UTC"
    # The signs of these names are the other way round: Etc/GMT+5 is five hours behind.
    return f"Etc/GMT{-hours:+.0f}" if hours.is_integer() and -12 <= hours <= 14 else ODD_ZONES.get(hours, "UTC")


def zone_of(index: object) -> tzinfo:
    """Return the store's time zone: by name, which knows summer time, else its fixed offset."""
    if not isinstance(index, dict):
        raise PayloadChanged("the store's index is no object")
    named = _known(text(index.get("timezone_string")))
    return named or timezone(timedelta(hours=_offset(index)))


def _coupon(action: Code, zone: tzinfo) -> Json:
    """Return the coupon's body.

    `date_expires` is in the store's local time: `date_expires_gmt` is silently ignored, and a coupon that was given
    only that would never expire.
    """
    free = action.offer == "free_shipping"
    percent = not free and not action.is_amount
    return {
        "code": action.code,
        "description": action.title,
        "discount_type": "percent" if percent else "fixed_cart",
        "amount": str(action.percent) if percent else "0" if free else action.amount,
        "minimum_amount": action.minimum,
        "free_shipping": free,
        "individual_use": not action.combines,
        "usage_limit": 1,
        "usage_limit_per_user": 1,
        "email_restrictions": [action.email] if action.email else [],
        "date_expires": local_time(action.ends_at, zone),
        "meta_data": [{"key": ORDER, "value": action.order}],
    }


def local_time(moment: datetime, zone: tzinfo) -> str:
    """Return the instant as the store's own clock shows it, without a zone."""
    return f"{moment.astimezone(UTC).astimezone(zone):%Y-%m-%dT%H:%M:%S}"


def _standing(client: Client, code: str) -> str | None:
    """Return the id of the coupon with this code, which the store keeps in lower case."""
    for row in client.get_list("coupons", code=code):
        if text(row.get("code")).lower() == code.lower():
            return own_id(row)
    return None


def _offset(index: Mapping[str, Any]) -> float:
    try:
        hours = float(index.get("gmt_offset") or 0)
    except (TypeError, ValueError):
        return 0.0
    return hours if -12 <= hours <= 14 else 0.0


def _known(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ValueError, OSError, LookupError):
        return None
