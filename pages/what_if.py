"""What if: a supply comes late, an order is declined, stock changes. Who is hit, before it happens."""

from dataclasses import dataclass, field

from flask import render_template, request
from flask.typing import ResponseReturnValue

from core.errors import Misuse
from core.planning.preview import consequences
from core.planning.replanning import state_of
from core.planning.what_if import MOST_DAYS, MOST_UNITS, Scenario
from core.ports.books import Unit
from core.records import OrderRecord
from pages.languages import _
from pages.log_words import to_do
from pages.printing import printer
from pages.retelling import retold, stopped
from pages.visitor import merchant_blueprint, visit

CHANGES_SHOWN = 200

blueprint = merchant_blueprint("what_if", __name__)
blueprint.add_app_template_filter(to_do)


@dataclass(slots=True, kw_only=True)
class Asked:
    """What was typed, what it means, and what is wrong with it, by field."""

    typed: dict[str, str]
    problems: dict[str, str] = field(default_factory=dict)
    declined: frozenset[str] = frozenset()
    late: dict[str, int] = field(default_factory=dict)
    stock: dict[str, int] = field(default_factory=dict)

    @property
    def scenario(self) -> Scenario | None:
        """The scenario, None where nothing or something wrong is asked."""
        if self.problems or not (self.declined or self.late or self.stock):
            return None
        return Scenario(late=self.late, declined=self.declined, stock=self.stock)


@blueprint.get("/what-if")
def what_if() -> ResponseReturnValue:
    """Show who would be hit by what is asked in the address: `supply` and `days`, `order`, `sku` and `units`."""
    here = visit()
    with here.house.books.read() as unit:
        records = unit.orders.open_all(here.shop.id)
        supply = [row for row in unit.supply.all(here.shop.id) if row.incoming.remaining]
        asked = _asked(unit, records, {row.incoming.id for row in supply})
        changes = None
        if asked.scenario:
            try:
                changes = consequences(
                    state_of(unit, here.shop, records, weighing=True), asked.scenario, as_of=here.house.now(),
                    support=here.house.support_of(here.shop.platform),
                )  # fmt: skip
            except Misuse as refused:
                asked.problems["sku"] = stopped(retold(str(refused)))
    shown = changes or ()
    page = render_template(
        "pages/what_if.html", here="/what-if", asked=asked, supply=supply, changes=shown[:CHANGES_SHOWN],
        count=None if changes is None else len(shown), worse=sum(change.worse for change in shown),
    )  # fmt: skip
    return page, 422 if asked.problems else 200


def _asked(unit: Unit, records: tuple[OrderRecord, ...], supply: set[str]) -> Asked:
    asked = Asked(typed={name: request.args.get(name, "").strip()[:200] for name in FIELDS})
    _read_supply(asked, supply)
    _read_order(asked, records)
    _read_stock(asked, unit)
    return asked


FIELDS = ("supply", "days", "order", "sku", "units")


def _read_supply(asked: Asked, known: set[str]) -> None:
    name, days = asked.typed["supply"], asked.typed["days"]
    if not name:
        return
    number = _whole(days, MOST_DAYS)
    if name not in known:
        asked.problems["supply"] = _("Nothing with this number is on its way.")
    elif not number or number < 0:
        asked.problems["days"] = _(
            "Say how many days later it comes, from 1 to %(most_days)s.", most_days=printer().number(MOST_DAYS)
        )
    else:
        asked.late = {name: number}


def _read_order(asked: Asked, records: tuple[OrderRecord, ...]) -> None:
    sought = asked.typed["order"]
    if not sought:
        return
    names = {sought, f"#{sought}"}
    found = next((record.id for record in records if record.id == sought or record.snapshot.name in names), None)
    if found is None:
        asked.problems["order"] = _("No open order has this name or number.")
    else:
        asked.declined = frozenset({found})


def _read_stock(asked: Asked, unit: Unit) -> None:
    sku = asked.typed["sku"]
    if not sku:
        return
    number = _whole(asked.typed["units"], MOST_UNITS)
    if unit.items.get(visit().shop.id, sku) is None:
        asked.problems["sku"] = _("No item has this SKU.")
    elif not number:
        asked.problems["units"] = _("Say by how many units the stock changes, such as -3 or 20.")
    else:
        asked.stock = {sku: number}


def _whole(text: str, most: int) -> int | None:
    """Return the whole number that was typed, None where it is none or too large."""
    digits = text.removeprefix("-").removeprefix("−").removeprefix("+")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 10 or int(digits) > most:
        return None
    return -int(digits) if text[0] in "-−" else int(digits)
