"""What every figure of a report is called and what it counts: one table for pages, files and the API."""

from dataclasses import dataclass
from typing import Literal

from core.sentences import sentence

Kind = Literal["share", "units", "number", "money"]

GROUPS: dict[str, str] = {
    "stock": sentence("Served from stock"),
    "waiting": sentence("Backorders"),
    "promises": sentence("Promises"),
    "losses": sentence("Customers lost, and consoled"),
    "splits": sentence("Parts sent ahead"),
    "preorders": "Pre-orders",
}
FIRST = sentence("counted when its order was planned first")
FINAL = sentence("of orders placed in the period of which nothing is open any more")
ENDED = sentence("of the orders whose wait ended in the period")


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """How a figure is named and what it counts. `good`: whether more of it is better; None where that depends."""

    group: str
    name: str
    kind: Kind
    means: str
    good: bool | None = None


def _stock(name: str, kind: str, how: str) -> Meaning:
    return Meaning(
        group="stock",
        name=name,
        kind="share",
        means=sentence("%(kind)s, %(how)s; pre-orders apart", kind=kind, how=how),
        good=True,
    )


MEANINGS: dict[str, Meaning] = {
    "unit_fill_first": _stock(
        sentence("Units filled at once"), sentence("units that stock on hand covered, of units asked for"), FIRST
    ),
    "line_fill_first": _stock(
        sentence("Lines filled at once"), sentence("order lines covered in full, of all lines"), FIRST
    ),
    "order_fill_first": _stock(
        sentence("Orders filled at once"), sentence("orders of which every line was covered in full"), FIRST
    ),
    "unit_fill_final": _stock(
        sentence("Units filled in the end"), sentence("units shipped, of units asked for"), FINAL
    ),
    "line_fill_final": _stock(
        sentence("Lines filled in the end"), sentence("order lines shipped in full, of all lines"), FINAL
    ),
    "order_fill_final": _stock(
        sentence("Orders filled in the end"), sentence("orders of which every line was shipped in full"), FINAL
    ),
    "backorder_rate": Meaning(
        group="waiting",
        name=sentence("Backorder rate"),
        kind="share",
        good=False,
        means=sentence("units that had to wait at any time, of units asked for in orders placed in the period"),
    ),
    "units_waiting": Meaning(
        group="waiting",
        name=sentence("Units waiting"),
        kind="units",
        good=False,
        means=sentence("at the end of the period's last day"),
    ),
    "mean_units_waiting": Meaning(
        group="waiting",
        name=sentence("Units waiting on an average day"),
        kind="number",
        good=False,
        means=sentence("time-weighted: the units waiting at the end of each day, added up and divided by the days"),
    ),
    "unit_days": Meaning(
        group="waiting",
        name=sentence("Unit-days waited"),
        kind="units",
        good=False,
        means=sentence("each unit counts once for every day at whose end it waited"),
    ),
    "on_time_in_full": Meaning(
        group="promises",
        name=sentence("On time, in full"),
        kind="share",
        good=True,
        means=sentence(
            "orders complete on or before the first day promised, of those promised for a day of the period; "
            "cancelled orders left out"
        ),
    ),
    "before_range": Meaning(
        group="promises",
        name=sentence("Complete before the range"),
        kind="share",
        means=sentence("of orders whose range of days, told first, ended in the period"),
    ),
    "within_range": Meaning(
        group="promises",
        name=sentence("Complete within the range"),
        kind="share",
        good=True,
        means=sentence("of the same orders"),
    ),
    "after_range": Meaning(
        group="promises",
        name=sentence("Complete after the range"),
        kind="share",
        good=False,
        means=sentence("of the same orders; those not complete yet are among them"),
    ),
    "cancelled": Meaning(
        group="losses",
        name=sentence("Cancelled while waiting"),
        kind="share",
        good=False,
        means=sentence("cancelled in full or in the part that waited, %(ended)s", ended=ENDED),
    ),
    "consolations": Meaning(
        group="losses",
        name=sentence("Consolations made"),
        kind="units",
        means=sentence("codes really made at the shop in the period"),
    ),
    "consolation_cost": Meaning(
        group="losses",
        name=sentence("Their cost at most"),
        kind="money",
        means=sentence("as estimated when they were made, whether used or not"),
    ),
    "cancelled_with_offer": Meaning(
        group="losses",
        name=sentence("Cancelled with a consolation"),
        kind="share",
        good=False,
        means=sentence("%(ended)s and that had one", ended=ENDED),
    ),
    "cancelled_without_offer": Meaning(
        group="losses",
        name=sentence("Cancelled without"),
        kind="share",
        good=False,
        means=sentence("%(ended)s and that had none", ended=ENDED),
    ),
    "splits": Meaning(
        group="splits",
        name=sentence("Orders split"),
        kind="units",
        means=sentence("of which a part left in the period while the rest waited"),
    ),
    "split_freight": Meaning(
        group="splits",
        name=sentence("Freight for them"),
        kind="money",
        means=sentence("what the policy says a second parcel costs, for each; unknown where it says nothing"),
    ),
    "split_kept": Meaning(
        group="splits",
        name=sentence("Kept"),
        kind="share",
        good=True,
        means=sentence("of the orders split, those that are complete by now"),
    ),
    "freight_per_kept": Meaning(
        group="splits",
        name=sentence("Freight for each order kept"),
        kind="money",
        good=False,
        means=sentence("the freight divided by the orders kept"),
    ),
    "lost_split": Meaning(
        group="splits",
        name=sentence("Lost though split"),
        kind="share",
        good=False,
        means=sentence("cancelled while waiting, %(ended)s and of which a part had been sent", ended=ENDED),
    ),
    "lost_whole": Meaning(
        group="splits",
        name=sentence("Lost waiting whole"),
        kind="share",
        good=False,
        means=sentence("cancelled while waiting, %(ended)s and of which nothing had been sent", ended=ENDED),
    ),
    "preorder_orders": Meaning(
        group="preorders",
        name=sentence("Orders"),
        kind="units",
        means=sentence("placed in the period for what was not released yet"),
    ),
    "preorder_units": Meaning(
        group="preorders", name=sentence("Units"), kind="units", means=sentence("asked for in them")
    ),
    "preorder_shipped": Meaning(
        group="preorders", name=sentence("Units shipped since"), kind="share", means=sentence("of those units")
    ),
    "preorder_lost": Meaning(
        group="preorders",
        name=sentence("Units cancelled"),
        kind="share",
        good=False,
        means=sentence("of those units, later than on the day of the order"),
    ),
}
