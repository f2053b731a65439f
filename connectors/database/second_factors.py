"""People's second factors. Their secrets are locked like a shop's; of recovery codes only digests are kept."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Table, and_, case, delete, func, insert, select, update

from connectors.database import tables
from connectors.database.transaction import Transaction
from core.access.people import SecondFactor

_factors = tables.second_factors
_codes = tables.recovery_codes


@dataclass(frozen=True, slots=True)
class SecondFactorTables:
    """Implements `core.ports.people.SecondFactors`."""

    transaction: Transaction

    def of(self, shop: str, person: str) -> SecondFactor | None:
        """Return the person's second factor, confirmed or not yet."""
        row = self.transaction.run(select(_factors).where(_whose(_factors, shop, person))).first()
        if row is None:
            return None
        codes = select(func.count()).select_from(_codes).where(_whose(_codes, shop, person))
        left = self.transaction.run(codes).scalar_one()
        secret = self.transaction.vault.open(shop, row.credentials)["secret"]
        return SecondFactor(secret=secret, confirmed=row.confirmed, recovery_left=left)

    def begin(self, shop: str, person: str, secret: str) -> None:
        """Keep a secret that is not confirmed yet, in place of another one such. One that is confirmed stays."""
        self.transaction.run(delete(_factors).where(_whose(_factors, shop, person), _factors.c.confirmed.is_(False)))
        locked = self.transaction.vault.lock(shop, {"secret": secret})
        counts = {"last_step": 0, "tries": 0, "tries_from": 0}
        row = {"shop": shop, "person": person, "credentials": locked, "confirmed": False, **counts}
        self.transaction.insert_new(_factors, row)

    def confirm(self, shop: str, person: str, recovery: Sequence[str]) -> None:
        """Let it count from now on, with the digests of its recovery codes."""
        self.transaction.run(update(_factors).where(_whose(_factors, shop, person)).values(confirmed=True))
        self.transaction.run(insert(_codes), [{"shop": shop, "person": person, "digest": one} for one in recovery])

    def spend_step(self, shop: str, person: str, step: int) -> bool:
        """Take the code of this step of the clock; False where it, or a later one, was taken before."""
        # One statement: of two who bring the same code at once only one finds the step unspent.
        unspent = update(_factors).where(_whose(_factors, shop, person), _factors.c.last_step < step)
        return self.transaction.run(unspent.values(last_step=step)).rowcount > 0

    def count_try(self, shop: str, person: str, *, step: int, window: int) -> int:
        """Count that a code was tried at this step of the clock; return how many were within `window` steps."""
        # One statement: those who try many at once are counted one after the other.
        over = _factors.c.tries_from + window <= step
        tried = update(_factors).where(_whose(_factors, shop, person)).values(
            tries=case((over, 1), else_=_factors.c.tries + 1),
            tries_from=case((over, step), else_=_factors.c.tries_from),
        )  # fmt: skip
        return self.transaction.run(tried.returning(_factors.c.tries)).scalar() or 0

    def forget_tries(self, shop: str, person: str) -> None:
        """Begin to count anew."""
        self.transaction.run(update(_factors).where(_whose(_factors, shop, person)).values(tries=0))

    def spend_recovery(self, shop: str, person: str, digest: str) -> bool:
        """Take a recovery code; False where there is none such."""
        spent = delete(_codes).where(_whose(_codes, shop, person), _codes.c.digest == digest)
        return self.transaction.run(spent).rowcount > 0

    def end(self, shop: str, person: str) -> bool:
        """Forget it, recovery codes and all; False where there was none."""
        self.transaction.run(delete(_codes).where(_whose(_codes, shop, person)))
        return self.transaction.run(delete(_factors).where(_whose(_factors, shop, person))).rowcount > 0

    def people(self, shop: str) -> tuple[str, ...]:
        """Everybody whose second factor counts, by name."""
        counted = select(_factors.c.person).where(_factors.c.shop == shop, _factors.c.confirmed.is_(True))
        return tuple(self.transaction.run(counted.order_by(_factors.c.person)).scalars())


def _whose(table: Table, shop: str, person: str) -> ColumnElement[bool]:
    return and_(table.c.shop == shop, table.c.person == person)
