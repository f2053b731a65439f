"""Where each shop's nightly run stands: due, under way under a lease with a fencing token, or done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, and_, case, literal, or_, select, update

from connectors.database import tables
from connectors.database.transaction import Transaction
from connectors.database.turns import unleased
from core.forecast.records import Run
from core.ports.clockwork import LeaseLost

_runs = tables.forecast_runs
BEGUN = ""
"""The position of a run that has stored nothing yet; a run that is done has none."""


@dataclass(frozen=True, slots=True)
class RunTable:
    """The run's part of `core.forecast.ports.Planning`."""

    transaction: Transaction

    def run(self, shop: str) -> Run:
        """Where the shop's nightly run stands."""
        row = self.transaction.run(select(_runs).where(_runs.c.shop == shop)).first()
        return Run(shop=shop) if row is None else _run(row)

    def runs(self) -> Mapping[str, Run]:
        """Where every shop's run stands, by shop, without its report; nothing of shops that had none yet."""
        lean = select(*(column for column in _runs.c if column is not _runs.c.report), literal("{}").label("report"))
        return {row.shop: _run(row) for row in self.transaction.run(lean)}

    def ask(self, shop: str, *, history_from: datetime | None = None) -> None:
        """Ask for a new run, and for reading the shop's own past first where `history_from` says from when."""
        self._make(shop)
        change: dict[str, object] = {"wanted": True}
        if history_from is not None:
            change |= {"history_from": history_from, "history_orders": 0}
        self.transaction.run(update(_runs).where(_runs.c.shop == shop).values(**change))

    def claim(self, shop: str, *, today: date, now: datetime, until: datetime) -> Run | None:
        """Lease the shop's run when it is due and nobody has it."""
        self._make(shop)
        begun = and_(_runs.c.position.is_not(None), _runs.c.running_on == today, _runs.c.wanted.is_(False))
        due = or_(
            _runs.c.done_on.is_(None), _runs.c.done_on < today, _runs.c.wanted.is_(True), _runs.c.position.is_not(None)
        )
        taken = (
            update(_runs)
            .where(_runs.c.shop == shop, due, unleased(_runs, now))
            .values(
                position=case((begun, _runs.c.position), else_=literal(BEGUN)), running_on=today, wanted=False,
                fence=_runs.c.fence + 1, leased_until=until,
            )
        )  # fmt: skip
        row = self.transaction.run(taken.returning(*_runs.c)).first()
        return None if row is None else _run(row)

    def renew(self, run: Run, *, until: datetime) -> None:
        """Keep the lease until then. Raises LeaseLost."""
        self._mine(run, leased_until=until)

    def progress(self, run: Run) -> None:
        """Store how far the run has come. Raises LeaseLost when another worker has it."""
        self._mine(
            run, position=run.position, history_from=run.history_from, history_orders=run.history_orders
        )  # fmt: skip

    def finish(self, run: Run, *, report: str) -> None:
        """End the run with its report. Raises LeaseLost."""
        self._mine(run, done_on=run.running_on, position=None, leased_until=None, report=report)

    def release(self, run: Run) -> None:
        """Give the run back unfinished, for now."""
        self._mine(run, leased_until=run.leased_until)

    def _make(self, shop: str) -> None:
        blank = {"shop": shop, "fence": 0, "wanted": False, "history_orders": 0, "report": "{}"}
        self.transaction.insert_new(_runs, blank)

    def _mine(self, run: Run, **change: object) -> None:
        held = update(_runs).where(
            _runs.c.shop == run.shop, _runs.c.fence == run.fence, _runs.c.leased_until.is_not(None)
        )
        if not self.transaction.run(held.values(**change)).rowcount:
            raise LeaseLost(run.shop)


def _run(row: Row[Any]) -> Run:
    return Run(
        shop=row.shop, done_on=row.done_on, running_on=row.running_on, position=row.position, fence=row.fence,
        leased_until=row.leased_until, wanted=row.wanted, history_from=row.history_from,
        history_orders=row.history_orders, report=row.report,
    )  # fmt: skip
