"""The settings as a form: every setting of the policy with plain words and its unit, and what was typed. Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from core.shop_policy import MAY_BE_NULL, WEEK, PolicyProblem, ShopPolicy, merge

Kind = Literal["tick", "number", "text", "choice", "ticks", "tiers", "amounts", "days"]
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
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

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
            Field(
                key="lending_age_days", kind="number", label="An order lends nothing any more once it is older than",
                unit="days", help="0: orders of any age lend. Nothing is lent against a delivery that is overdue.",
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
            Field(
                key="ship_part.min_fill_share", kind="text", label="Only when it is at least this share of the order",
                help="From 0 to 1, by value: 0.25 is a quarter of what is still to ship.",
            ),
            Field(key="ship_part.min_units", kind="number", label="Of one item, send at least", unit="units at a time"),
            Field(key="ship_part.max_parcels", kind="number", label="At most", unit="parcels for one order"),
            Field(
                key="ship_part.parcel_cost", kind="text", label="A second parcel costs about", unit=CURRENCY,
                help="Then a part leaves only where letting it wait would cost more. 0: nothing is weighed.",
            ),
            Field(
                key="ship_part.margin", kind="text", label="Of a price, the share that you earn",
                help="From 0 to 1: 0.4 is 40 %. What you lose when a customer cancels because it takes too long.",
            ),
            Field(
                key="ship_part.day_price", kind="text", label="A day of waiting costs", unit=CURRENCY,
                help="Beside the risk of losing the order: good will, for instance.",
            ),
            Field(
                key="ship_part.day_price_by_tag", kind="amounts", label="A day costs more for the order tags",
                help="One a line, such as vip = 1.50.",
            ),
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
            Field(
                key="parcels.notify_customer", kind="tick", label="The shop writes to the customer about such a part",
            ),
            Field(key="parcels.carrier", kind="text", label="It leaves with", help="The carrier's name; may be empty."),
            Field(
                key="parcels.tracking_number", kind="text", label="Its tracking number or reference",
                help="{order} stands for the order's name, {parcel} for the parcel's place in it: {order}-{parcel}.",
            ),
            Field(
                key="parcels.tracking_url", kind="text", label="Where it can be followed",
                help="{number} stands for the number: https://track.example.com/?ref={number}. May be empty.",
            ),
        ),
    ),
    Group(
        title="Dates",
        intro="How the day on which stock arrives becomes the day on which an order leaves. How late your suppliers "
        "come is learned from what you receive.",
        fields=(
            Field(
                key="promises.promise", kind="choice", label="Promise the date on which it leaves",
                options=(("likely", "Likely, half of the time"), ("latest", "At the latest, nine times in ten")),
            ),
            Field(
                key="promises.dock_to_stock_days", kind="number", label="From arrival to shelf", unit="working days",
            ),
            Field(
                key="promises.working_days", kind="ticks", label="Parcels leave on",
                options=tuple(zip(WEEK, WEEKDAYS, strict=True)),
            ),
            Field(
                key="promises.holidays", kind="days", label="Closed on",
                help="One a line, such as 2026-12-24, or 12-25 for every year.",
            ),
            Field(
                key="promises.cut_off_hour", kind="number", label="What is ready leaves the same day until",
                unit="o'clock (1 to 24)", help="24: all day.",
            ),
            Field(
                key="promises.ship_by", kind="tick", label="Set the promised date as ship-by date of what waits",
                help="Shopify only: the people who pack see it on the fulfilment.",
            ),
            Field(
                key="promises.overdue_days", kind="number", label="A delivery gives no date any more when overdue for",
                unit="days", help="Until then the date is estimated from how late deliveries came before.",
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
            Field(
                key="offers.amount", kind="text", label="Or a fixed amount off", unit=CURRENCY,
                help="0: the percentage above. For discount codes only.",
            ),
            Field(
                key="offers.minimum", kind="text", label="For a next order of at least", unit=CURRENCY, help="0: any.",
            ),
            Field(key="offers.combines", kind="tick", label="Other codes may be used beside it"),
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
                help="From 0 to 1: 0.5 is half of the stock. Empty: not looked at. Any test that is exceeded makes an "
                "order large.",
            ),
            Field(
                key="large_order.share_of_atp", kind="text", label="Or more than this share of what can be promised",
                help="Stock and dated supply, less what earlier orders want. From 0 to 1; empty: not looked at.",
            ),
            Field(
                key="large_order.times_usual", kind="text", label="Or more than so many times the usual largest",
                help="95 of 100 past orders of the item are smaller. Empty: not looked at.",
            ),
            Field(
                key="large_order.days_of_cover", kind="number", label="Or more than the item sells in",
                unit="days", help="0: not looked at.",
            ),
            Field(key="large_order.min_units", kind="number", label="A line is never large below", unit="units"),
            Field(
                key="large_order.answer", kind="choice", label="Then",
                options=(
                    ("accept", "Serve it like any other"),
                    ("schedule", "Take it and keep the date that the supply gives; ask me where there is none"),
                    ("cap", "Serve that share now; the rest keeps its place"),
                    ("counter", "Offer the customer choices with prices; they expire"),
                    ("review", "Ask me"),
                    ("decline", "Ask me, and suggest to decline it; or cancel it at once, see Cancelling"),
                ),
            ),
            Field(key="large_order.offer_days", kind="number", label="An offer to its customer stands", unit="days"),
            Field(
                key="large_order.second_freight", kind="text", label="A second parcel costs the customer", unit=CURRENCY
            ),
        ),
    ),
    Group(
        title="Cancelling",
        intro="You can cancel an order, or what waits of it, on its page. It is carried out in the shop and cannot be "
        "undone.",
        fields=(
            Field(key="cancelling.by_customer", kind="tick", label="Customers may cancel what waits on their page"),
            Field(
                key="cancelling.declined", kind="tick", label="A declined order is cancelled in the shop at once",
                help='With "decline" as the answer to very large orders, nobody is asked: they are cancelled as they '
                "come in.",
            ),
            Field(
                key="cancelling.refund_to", kind="choice", label="What was paid",
                options=(
                    ("payment", "Goes back the way it came"),
                    ("store_credit", "Becomes store credit (WooCommerce has none: it goes back the way it came)"),
                ),
            ),
            Field(key="cancelling.notify_customer", kind="tick", label="The shop writes to the customer about it"),
        ),
    ),
    Group(
        title="The longest wait",
        intro="An item can stop taking backorders while a next unit would take too long, and take them again by "
        "itself. Only items that the shop sells beyond their stock are touched, and none that you set by hand since.",
        fields=(
            Field(key="wait_gate.enabled", kind="tick", label="Stop backorders on items whose wait gets too long"),
            Field(
                key="wait_gate.max_days", kind="number", label="Stop when a next unit would take more than",
                unit="days", help="Also where no delivery with a date brings one.",
            ),
            Field(
                key="wait_gate.again_days", kind="number", label="Take them again once it would take at most",
                unit="days", help="Less than the first number keeps an item from changing every day.",
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
        ),
    ),
    Group(
        title="Buying",
        intro="What the nightly forecast keeps stock for. Items may have terms of their own on their reorder page.",
        fields=(
            Field(
                key="reorder.target", kind="choice", label="Keep so much stock that",
                options=(
                    ("fill_rate", "This share of units ships at once"),
                    ("cycle_service", "This share of order cycles ends without a shortage"),
                    ("cost", "Waiting and holding together cost least"),
                ),
            ),
            Field(key="reorder.service", kind="text", label="The share", help="From 0 to 1: 0.95 is 95 of 100."),
            Field(key="reorder.lead_days", kind="number", label="Suppliers usually need", unit="days"),
            Field(key="reorder.review_days", kind="number", label="We order every", unit="days"),
            Field(
                key="reorder.holding_percent", kind="number", label="Stock costs a year",
                unit="% of what it cost to buy",
            ),
            Field(
                key="reorder.wait_cost", kind="text", label="A unit that a customer waits for costs a day",
                unit=CURRENCY,
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
        case "tiers" | "amounts":
            return ["\n".join(f"{tag} = {tier}" for tag, tier in value.items())]
        case "days":
            return ["\n".join(value)]
        case _:
            return ["" if value is None else str(value)]


def _value(entry: Field, texts: Sequence[str]) -> object:
    """Return what was typed as the policy wants it; what cannot be understood goes through as text and is refused."""
    text = texts[0].strip() if texts else ""
    if entry.key in MAY_BE_NULL and not text:
        return None
    if entry.kind in {"tick", "ticks"}:
        return bool(texts) if entry.kind == "tick" else list(texts)
    return READ[entry.kind](text) if entry.kind in READ else text


def _number(text: str) -> object:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text


def _by_tag(text: str) -> dict[str, str]:
    """Return what was typed after each tag; a line without a sign is a tag with itself behind it, and is refused."""
    found: dict[str, str] = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        tag, _, value = line.rpartition("=")
        found[tag.strip() or line] = value.strip() if tag.strip() else line
    return found


def _whole(text: str) -> object:
    try:
        return int(text)
    except ValueError:
        return text


# How each kind of field is read that does not mean what it says as text.
READ: dict[str, Callable[[str], object]] = {
    "number": _number,
    "tiers": lambda text: {tag: _whole(tier) for tag, tier in _by_tag(text).items()},
    "amounts": _by_tag,
    "days": lambda text: re.split(r"[\s,;]+", text) if text else [],
}


def _nested(key: str, value: object) -> dict[str, object]:
    outer, _, inner = key.partition(".")
    return {outer: {inner: value}} if inner else {outer: value}
