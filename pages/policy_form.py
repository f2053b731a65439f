"""The settings as a form: every setting of the policy with plain words and its unit, and what was typed. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from core.shop_policy import PolicyProblem, ShopPolicy, merge

Kind = Literal["tick", "number", "text", "choice", "ticks", "tiers"]
Typed = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One setting. `key` is its dotted name in the policy; `unit` stands beside the field."""

    key: str
    kind: Kind
    label: str
    help: str = ""
    unit: str = ""
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Settings that belong together."""

    title: str
    intro: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of a form: the policy with all good values, and the problems by key."""

    policy: ShopPolicy
    problems: dict[str, str] = field(default_factory=dict)


CURRENCY = "in the shop's currency"

GROUPS: tuple[Group, ...] = (
    Group(
        title="Who is served first",
        intro="When there is too little for everybody, this decides who gets the units on hand.",
        fields=(
            Field(
                key="allocation", kind="choice", label="Share scarce units by",
                options=(
                    ("first_come", "First come, first served: the oldest order gets the first unit"),
                    ("tiers", "Tiers, then first come: orders with a better tier go first"),
                    ("completion_first", "Complete orders first: as many whole orders as possible"),
                    ("fair_share", "A fair share for everyone"),
                ),
            ),
            Field(
                key="tiers_by_tag", kind="tiers", label="Tiers by the shop's order tags",
                help="One a line, such as vip = -1. Lower numbers go first; orders without such a tag have tier 0. "
                "Only used when units are shared by tiers.",
            ),
            Field(
                key="release", kind="choice", label="Units of orders that cannot leave yet",
                options=(
                    ("need_date", "Lend them to others when new stock covers them in time (nobody gets later)"),
                    ("strict", "Keep them for their order"),
                ),
            ),
        ),
    ),
    Group(
        title="Shipping a part",
        intro="What is in stock can leave before the rest, where a second parcel is worth it.",
        fields=(
            Field(key="ship_part.enabled", kind="tick", label="Ship what is ready before the rest"),
            Field(
                key="ship_part.min_part_value", kind="text", label="Only when the part is worth at least",
                unit=CURRENCY, help="0 ships every part.",
            ),
            Field(key="ship_part.max_parcels", kind="number", label="At most", unit="parcels for one order"),
            Field(
                key="together_by_tag", kind="text", label="Never split orders with the tag",
                help="Put this tag on an order in the shop, and it leaves in one parcel.",
            ),
            Field(
                key="fulfil", kind="choice", label="Who ships the part",
                options=(
                    ("hold_and_release", "Your people or warehouse: we hold what waits, they ship what is not held"),
                    ("create", "We record the part as shipped in the shop (cannot be undone)"),
                ),
            ),
        ),
    ),
    Group(
        title="Something for the wait",
        intro="A small gift to customers who wait long. It never replaces a refund.",
        fields=(
            Field(key="offers.enabled", kind="tick", label="Make offers by themselves"),
            Field(
                key="offers.kind", kind="choice", label="What the customer gets",
                options=(
                    ("discount_code", "A discount code for the next order"),
                    ("free_shipping", "Free shipping for the next order"),
                    ("store_credit", "Store credit"),
                ),
            ),
            Field(key="offers.percent", kind="number", label="Worth", unit="% of what waits, or off the next order"),
            Field(key="offers.min_wait_days", kind="number", label="When the wait is at least", unit="days"),
            Field(key="offers.valid_days", kind="number", label="Good for", unit="days"),
            Field(key="offers.per_order", kind="number", label="At most", unit="offers for one order"),
            Field(
                key="offers.monthly_budget", kind="text", label="In a month, spend at most", unit=CURRENCY,
                help="Empty: no limit.",
            ),
        ),
    ),
    Group(
        title="Very large orders",
        intro="One order that would empty the shelf can be looked at differently.",
        fields=(
            Field(key="large_order.enabled", kind="tick", label="Treat very large orders differently"),
            Field(
                key="large_order.share", kind="text", label="Large is more than this share of the stock on hand",
                help="From 0 to 1: 0.5 is half of the stock.",
            ),
            Field(
                key="large_order.answer", kind="choice", label="Then",
                options=(
                    ("accept", "Serve it like any other"),
                    ("cap", "Serve that share now; the rest keeps its place"),
                    ("review", "Ask me"),
                    ("decline", "Do not serve it"),
                ),
            ),
        ),
    ),
    Group(
        title="Telling customers",
        intro="Messages are drafted for you to read in the outbox; nothing is sent before mail is set up.",
        fields=(
            Field(key="notices.enabled", kind="tick", label="Draft messages when something changes for a customer"),
            Field(
                key="notices.tolerance_days", kind="number", label="A date has moved when it moved more than",
                unit="days",
            ),
            Field(
                key="notices.heartbeat_days", kind="number", label="While nothing changes, write every", unit="days"
            ),
            Field(
                key="notices.wording_seen", kind="tick", label="I have read the drafts in the outbox; let mails go",
                help="Before that, and while the shop is only observed, none leaves.",
            ),
            Field(key="notices.paused", kind="tick", label="Pause all messages"),
            Field(key="notices.quiet_from", kind="number", label="Send none from", unit="o'clock, the shop's time"),
            Field(
                key="notices.quiet_until", kind="number", label="until", unit="o'clock",
                help="Equal hours: no quiet time.",
            ),
            Field(
                key="notices.per_week", kind="number", label="To one customer, at most", unit="mails a week",
                help="What a law asks for, and the first message about an order, leave in any case.",
            ),
            Field(
                key="notices.window_minutes", kind="number", label="Gather changes for", unit="minutes into one mail"
            ),
        ),
    ),
    Group(
        title="Laws on late orders",
        intro="The clocks of these rules run for orders to these countries. This is no legal advice.",
        fields=(
            Field(
                key="laws", kind="ticks", label="Keep the clocks of",
                options=(
                    ("us_ftc_435", "United States: mail order rule, 16 CFR 435"),
                    ("eu_2011_83", "European Union: directive 2011/83, article 18"),
                    ("uk_cra_2015", "United Kingdom: Consumer Rights Act 2015, section 28"),
                ),
            ),
            Field(
                key="law_clock.stated_days", kind="number", label="Your shop says before buying: ships within",
                unit="days", help="0: it states no time.",
            ),
            Field(key="law_clock.transit_days", kind="number", label="Delivery then takes at most", unit="days"),
            Field(key="law_clock.lead_days", kind="number", label="Warn before the limit", unit="days"),
            Field(
                key="law_clock.exempt_tag", kind="text", label="No clock for orders with the tag",
                help="For orders of businesses and for subscriptions.",
            ),
        ),
    ),
)  # fmt: skip

FIELDS: tuple[Field, ...] = tuple(entry for group in GROUPS for entry in group.fields)


def typed_of(flat: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the form's values for stored settings, given under dotted keys."""
    return {entry.key: _shown(entry, flat[entry.key]) for entry in FIELDS}


def answered(policy: ShopPolicy, typed: Typed) -> Answer:
    """Return the policy with every good value taken in; each bad one is a problem beside its field."""
    problems: dict[str, str] = {}
    for entry in FIELDS:
        try:
            policy = merge(policy, _nested(entry.key, _value(entry, typed.get(entry.key, ()))))
        except PolicyProblem as problem:
            words = str(problem).removeprefix(f"{problem.key}: ")
            problems[entry.key] = f"{words[:1].upper()}{words[1:]}."
    return Answer(policy=policy, problems=problems)


def _shown(entry: Field, value: Any) -> list[str]:  # noqa: ANN401  # a setting of any kind
    match entry.kind:
        case "tick":
            return ["1"] if value else []
        case "ticks":
            return [str(one) for one in value]
        case "tiers":
            return ["\n".join(f"{tag} = {tier}" for tag, tier in value.items())]
        case _:
            return ["" if value is None else str(value)]


def _value(entry: Field, texts: Sequence[str]) -> object:
    """Return what was typed as the policy wants it; what cannot be understood goes through as text and is refused."""
    text = texts[0].strip() if texts else ""
    match entry.kind:
        case "tick":
            return bool(texts)
        case "ticks":
            return list(texts)
        case "number":
            return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text
        case "tiers":
            return _tiers(text)
        case _:
            return None if entry.key == "offers.monthly_budget" and not text else text


def _tiers(text: str) -> dict[str, object]:
    tiers: dict[str, object] = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        tag, _, tier = line.rpartition("=")
        try:
            tiers[tag.strip() or line] = int(tier)
        except ValueError:
            tiers[line] = tier
    return tiers


def _nested(key: str, value: object) -> dict[str, object]:
    outer, _, inner = key.partition(".")
    return {outer: {inner: value}} if inner else {outer: value}
