"""Whole sets of settings to start from: each a patch of a shop's policy. What a preset does not name stays."""

from dataclasses import dataclass
from typing import Any

from core.policy.reading import merge
from core.policy.shop_policy import ShopPolicy
from core.sentences import sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A start that fits one kind of shop. `words` say what it does, for the merchant."""

    title: str
    words: str
    patch: dict[str, Any]

    def applied(self, policy: ShopPolicy) -> ShopPolicy:
        """Return the policy with the preset's settings in it."""
        return merge(policy, self.patch)


PRESETS: dict[str, Preset] = {
    "small_shop": Preset(
        title=sentence("Small shop"),
        words=sentence(
            "One person packs: what is worth a second parcel leaves, at most two for one order, and you are asked "
            "about very large orders. Customers are told, and get a small code for a long wait."
        ),
        patch={
            "allocation": "first_come",
            "release": "need_date",
            "ship_part": {"enabled": True, "min_part_value": "20", "max_parcels": 2},
            "promises": {"promise": "latest", "working_days": ["mon", "tue", "wed", "thu", "fri"]},
            "offers": {"enabled": True, "percent": 10, "min_wait_days": 21, "per_order": 1, "monthly_budget": "100"},
            "large_order": {"enabled": True, "share": "0.5", "answer": "review"},
            "notices": {"enabled": True},
        },
    ),
    "made_to_order": Preset(
        title=sentence("Made to order"),
        words=sentence(
            "Most is made after it is sold: orders leave whole, waits are no exception and bring no gift, dates are "
            "cautious, and customers hear from you every two weeks while nothing changes."
        ),
        patch={
            "allocation": "first_come",
            "release": "strict",
            "ship_part": {"enabled": False},
            "promises": {"promise": "latest", "dock_to_stock_days": 1},
            "offers": {"enabled": False},
            "large_order": {"enabled": False},
            "notices": {"enabled": True, "heartbeat_days": 14},
        },
    ),
    "wholesale_first": Preset(
        title=sentence("Wholesale first"),
        words=sentence(
            "Orders tagged wholesale go before others, and one order may not empty the shelf: it gets half of it now "
            "and a date for the rest."
        ),
        patch={
            "allocation": "tiers",
            "tiers_by_tag": {"wholesale": -1},
            "release": "need_date",
            "ship_part": {"enabled": True, "min_part_value": "100", "max_parcels": 5},
            "large_order": {"enabled": True, "share": "0.5", "answer": "cap", "min_units": 10},
        },
    ),
    "strict_law": Preset(
        title=sentence("Strict law"),
        words=sentence(
            "The clocks of the delay laws of the United States, the European Union and the United Kingdom run, dates "
            "are cautious, parts leave rather than miss a limit, and customers are told of every change."
        ),
        patch={
            "laws": ["us_ftc_435", "eu_2011_83", "uk_cra_2015"],
            "promises": {"promise": "latest", "overdue_days": 7},
            "ship_part": {"enabled": True},
            "notices": {"enabled": True, "tolerance_days": 0},
        },
    ),
}


def imported(policy: ShopPolicy, document: object) -> ShopPolicy:
    """Return the policy with a file's settings in it, but the mode: a file must not begin to act by itself.

    Raises PolicyProblem on a key or value that cannot be taken.
    """
    given = {key: value for key, value in document.items() if key != "mode"} if isinstance(document, dict) else document
    return merge(policy, given)


def undone(policy: ShopPolicy, changed: dict[str, Any]) -> tuple[ShopPolicy, tuple[str, ...]]:
    """Return the policy with a logged change taken back, and the keys that were changed again since: those stay.

    `changed` holds dotted keys with the values before and after. Raises PolicyProblem where a value of then can no
    longer be taken.
    """
    kept = []
    for key, both in changed.items():
        if value_at(policy, key) != both["after"]:
            kept.append(key)
            continue
        policy = merge(policy, nested(key, both["before"]))
    return policy, tuple(kept)


def value_at(policy: ShopPolicy, key: str) -> object:
    """Return a setting by its dotted key as JSON has it; None where there is no such setting (any more)."""
    found: object = policy
    for name in key.split("."):
        found = getattr(found, name, None)
    return list(found) if isinstance(found, tuple) else found


def nested(key: str, value: object) -> dict[str, object]:
    """Return a patch that sets one dotted key."""
    outer, _, inner = key.partition(".")
    return {outer: {inner: value}} if inner else {outer: value}
