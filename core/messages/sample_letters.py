"""A made-up customer's message of each kind, for the merchant to see its words with facts in them. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from core.messages.correspondence import Letter, Told
from core.records import Shop

ORDER = "sample"
NAME = "#1001"
ADDRESS = "customer12@example.com"
COUNTRIES = {"en": "US", "de": "DE", "fr": "FR", "es": "ES", "ja": "JP", "ar": "AE"}


def sample(shop: Shop, kind: str, language: str, now: datetime) -> Letter:
    """Return a letter of the kind as it would be written today."""
    told = Told(kind=kind, order=ORDER, name=NAME, facts=_facts(kind, shop.currency, now))
    return Letter(
        shop=shop, told=(told,), locale=language, country=COUNTRIES.get(language), now=now, customer="Customer 12",
        address=ADDRESS,
    )  # fmt: skip


def _facts(kind: str, currency: str, now: datetime) -> Mapping[str, Any]:
    def day(after: int) -> str:
        return (now.date() + timedelta(days=after)).isoformat()

    first, last = (None, None) if kind == "ready" else (day(9), day(13))
    mug = {"title": "Camp mug, enamel", "ordered": 8, "shipped": 0, "kept": 0, "from": first, "until": last}
    mug |= {"now": 8, "waits": 0} if kind == "ready" else {"now": 5, "waits": 3}
    rope = {"title": "Rope, 20 m", "ordered": 2, "shipped": 0, "now": 2, "waits": 0, "kept": 0}
    option = {"freight": 490, "currency": currency, "swaps": [], "on": day(13), "price": 8000}
    return {
        "lines": [mug, {**rope, "from": None, "until": None}], "on": day(13), "was": day(6), "known": day(6),
        "revised": day(13), "delay": "short", "silence": "consents" if kind == "delay_option" else "cancels",
        "answer_by": day(5), "refund_by": day(7), "sent": 5, "total": 10, "code": "sorry-7kq2", "percent": 10,
        "offer": "discount_code", "ends": day(60), "until": (now + timedelta(days=3)).isoformat(),
        "at": now.isoformat(), "withdrawn": [{"title": "Camp mug, enamel", "units": 3}],
        "options": [
            {**option, "key": "part", "now": 5, "later": 3},
            {**option, "key": "all", "now": 0, "later": 8, "freight": 0},
        ],
    }  # fmt: skip
