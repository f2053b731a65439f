"""What every figure of a report is called and what it counts: one table for pages, files and the API."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["share", "units", "number", "money"]

GROUPS: dict[str, str] = {
    "stock": "Served from stock",
    "waiting": "Backorders",
    "promises": "Promises",
    "losses": "Customers lost, and consoled",
    "splits": "Parts sent ahead",
    "preorders": "Pre-orders",
}
FIRST = "counted when its order was planned first"
FINAL = "of orders placed in the period of which nothing is open any more"
ENDED = "of the orders whose wait ended in the period"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """How a figure is named and what it counts. `good`: whether more of it is better; None where that depends."""

    group: str
    name: str
    kind: Kind
    means: str
    good: bool | None = None


def _stock(name: str, kind: str, how: str) -> Meaning:
    return Meaning(group="stock", name=name, kind="share", means=f"{kind}, {how}; pre-orders apart", good=True)


MEANINGS: dict[str, Meaning] = {
    "unit_fill_first": _stock("Units filled at once", "units that stock on hand covered, of units asked for", FIRST),
    "line_fill_first": _stock("Lines filled at once", "order lines covered in full, of all lines", FIRST),
    "order_fill_first": _stock("Orders filled at once", "orders of which every line was covered in full", FIRST),
    "unit_fill_final": _stock("Units filled in the end", "units shipped, of units asked for", FINAL),
    "line_fill_final": _stock("Lines filled in the end", "order lines shipped in full, of all lines", FINAL),
    "order_fill_final": _stock("Orders filled in the end", "orders of which every line was shipped in full", FINAL),
    "backorder_rate": Meaning(
        group="waiting", name="Backorder rate", kind="share", good=False,
        means="units that had to wait at any time, of units asked for in orders placed in the period",
    ),
    "units_waiting": Meaning(
        group="waiting", name="Units waiting", kind="units", good=False, means="at the end of the period's last day",
    ),
    "mean_units_waiting": Meaning(
        group="waiting", name="Units waiting on a mean day", kind="number", good=False,
        means="time-weighted: the units waiting at the end of each day, added up and divided by the days",
    ),
    "unit_days": Meaning(
        group="waiting", name="Unit-days waited", kind="units", good=False,
        means="each unit counts once for every day at whose end it waited",
    ),
    "on_time_in_full": Meaning(
        group="promises", name="On time, in full", kind="share", good=True,
        means="orders complete on or before the first day promised, of those promised for a day of the period; "
        "cancelled orders left out",
    ),
    "before_range": Meaning(
        group="promises", name="Complete before the range", kind="share",
        means="of orders whose range of days, told first, ended in the period",
    ),
    "within_range": Meaning(
        group="promises", name="Complete within the range", kind="share", good=True, means="of the same orders",
    ),
    "after_range": Meaning(
        group="promises", name="Complete after the range", kind="share", good=False,
        means="of the same orders; those not complete yet are among them",
    ),
    "cancelled": Meaning(
        group="losses", name="Cancelled while waiting", kind="share", good=False,
        means=f"cancelled in full or in the part that waited, {ENDED}",
    ),
    "consolations": Meaning(
        group="losses", name="Consolations made", kind="units", means="codes really made at the shop in the period",
    ),
    "consolation_cost": Meaning(
        group="losses", name="Their cost at most", kind="money", good=False,
        means="as estimated when they were made, whether used or not",
    ),
    "cancelled_with_offer": Meaning(
        group="losses", name="Cancelled with a consolation", kind="share", good=False,
        means=f"{ENDED} and that had one",
    ),
    "cancelled_without_offer": Meaning(
        group="losses", name="Cancelled without", kind="share", good=False, means=f"{ENDED} and that had none",
    ),
    "splits": Meaning(
        group="splits", name="Orders split", kind="units",
        means="of which a part left in the period while the rest waited",
    ),
    "split_freight": Meaning(
        group="splits", name="Freight for them", kind="money", good=False,
        means="what the policy says a second parcel costs, for each; unknown where it says nothing",
    ),
    "split_kept": Meaning(
        group="splits", name="Kept", kind="units", good=True,
        means="of the orders split, those that are complete by now",
    ),
    "freight_per_kept": Meaning(
        group="splits", name="Freight for each order kept", kind="money", good=False,
        means="the freight divided by the orders kept",
    ),
    "lost_split": Meaning(
        group="splits", name="Lost though split", kind="share", good=False,
        means=f"cancelled while waiting, {ENDED} and of which a part had been sent",
    ),
    "lost_whole": Meaning(
        group="splits", name="Lost waiting whole", kind="share", good=False,
        means=f"cancelled while waiting, {ENDED} and of which nothing had been sent",
    ),
    "preorder_orders": Meaning(
        group="preorders", name="Orders", kind="units", means="placed in the period for what was not released yet",
    ),
    "preorder_units": Meaning(group="preorders", name="Units", kind="units", means="asked for in them"),
    "preorder_shipped": Meaning(group="preorders", name="Units shipped since", kind="units", means="of those units"),
    "preorder_lost": Meaning(
        group="preorders", name="Units cancelled", kind="units", good=False, means="later than on the day of the order",
    ),
}  # fmt: skip
