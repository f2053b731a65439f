"""One run against a real shop before it is trusted: reads everything, writes on one order and takes it back."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice

import click

from core.actions import Code, EndCode, Hold, Note, Publish, Release, Tag, Untag
from core.codes import offer_code
from core.desired_state import order_note
from core.desired_state.desired import HANDLE
from core.desired_state.our_tags import REVIEW
from core.errors import BackorderError, Rejected
from core.house import House
from core.money import major
from core.outcomes import Already, Blocked, Done, Outcome
from core.ports.connector import ShopConnector
from core.records import Shop
from core.snapshots import OrderSnapshot
from pages.commands.speaking import Command, furnished, plainly, shop_named, stop
from pages.words import OFFERS

A_FEW = 3
EXPECTED_IN = timedelta(days=14)
Step = tuple[str, Callable[[], str]]


@click.command("rehearse", cls=Command)
@click.argument("shop")
@click.option("--order", "named", required=True, help="The id, in the shop, of an open order made for this.")
@plainly
def rehearse(shop: str, named: str) -> None:
    """Try every reversible call on one order of a shop that is only observed."""
    house = furnished()
    found = shop_named(house, shop)
    if found.policy.mode != "observe":
        stop(f"{found.domain} is acted on: switch it to observe first, or two would write at once")
    failed = 0
    for what, step in _steps(house, found, house.open_shop(found), named):
        try:
            click.echo(f"ok      {what}: {step()}")
        except BackorderError as problem:
            failed += 1
            click.echo(f"FAILED  {what}: {problem}")
    if failed:
        stop(f"{failed} of these failed: mend them and run this again")


@dataclass(frozen=True, slots=True)
class _Trial:
    connector: ShopConnector
    order: str

    def read(self) -> OrderSnapshot:
        seen = self.connector.read_order(self.order)
        if seen.status != "open" or not any(line.open and line.ships for line in seen.lines):
            raise Rejected("it is not open, or nothing of it is left to ship: name another order")
        return seen

    def held(self, seen: OrderSnapshot, units: int) -> Hold | Release:
        line = next(line.id for line in seen.lines if line.open and line.ships)
        kind = Hold if units else Release
        held = {line: units} if units else {}
        return kind(order=self.order, held=held, ready={}, handle=f"{HANDLE}-{self.order}", note="A rehearsal.")

    def twice(self, action: object) -> str:
        """Do it, then again: the second time must find it done."""
        first, second = (self._done(action) for _ in range(2))
        if not isinstance(second, Already):
            raise Rejected("a repeat wrote once more")
        return "done, and a repeat writes nothing" if isinstance(first, Done) else "stood there, and stays"

    def _done(self, action: object) -> Outcome:
        outcome = self.connector.carry_out(action)  # type: ignore[arg-type]  # one of the actions above
        if isinstance(outcome, Blocked):
            raise Rejected(outcome.reason)
        return outcome


def _steps(house: House, shop: Shop, connector: ShopConnector, named: str) -> Iterator[Step]:
    trial = _Trial(connector, named)
    today = house.now().date()
    yield "key and scopes", lambda: _scopes(connector)
    yield "items", lambda: f"{len(list(islice(connector.all_items(), A_FEW)))} read"
    yield "open orders", lambda: f"{len(list(islice(connector.orders_changed(None), A_FEW)))} read"
    yield "incoming supply", lambda: _supply(connector)
    yield "the order", lambda: f"{trial.read().name}, {sum(line.open for line in trial.read().lines)} units open"
    yield "tag", lambda: trial.twice(Tag(order=named, tags=(REVIEW,)))
    yield "tag taken off", lambda: trial.twice(Untag(order=named, tags=(REVIEW,)))
    yield "hold of one unit", lambda: trial.twice(trial.held(trial.read(), 1))
    yield "hold released", lambda: trial.twice(trial.held(trial.read(), 0))
    told = Publish(order=named, ready=1, waiting=1, expected_on=today + EXPECTED_IN)
    yield "expected day shown", lambda: trial.twice(told)
    yield "expected day taken off", lambda: trial.twice(Publish(order=named, ready=1, waiting=0, expected_on=None))
    noted = Note(order=named, marker=order_note.MARKER, text="Backorder: a rehearsal.")
    yield "note", lambda: trial.twice(noted)
    yield "note taken off", lambda: trial.twice(replace(noted, text=""))
    gift = _gift(house, shop, trial)
    if gift is not None:
        name = OFFERS[gift.offer]
        yield name, lambda: trial.twice(gift)
        yield f"{name} taken back", lambda: trial.twice(_end_of(gift))
    yield "nothing of ours is left", lambda: _clean(shop, trial.read())


def _gift(house: House, shop: Shop, trial: _Trial) -> Code | None:
    """Return the smallest gift of the kind that the policy names; None where it makes no offers."""
    if not shop.policy.offers.enabled:
        return None
    now, offers = house.now(), shop.policy.offers
    code = offer_code(house.settings.code_key, shop=shop.id, order=trial.order, kind=offers.kind, n=0)
    return Code(
        order=trial.order, code=code, offer=offers.kind, percent=1, starts_at=now, ends_at=now + EXPECTED_IN,
        title="A rehearsal", customer=trial.read().customer.id, email=None, worth=1, amount=major(1, shop.currency),
        currency=shop.currency,
    )  # fmt: skip


def _end_of(gift: Code) -> EndCode:
    return EndCode(order=gift.order, code=gift.code, offer=gift.offer, customer=gift.customer)


def _scopes(connector: ShopConnector) -> str:
    seen = connector.profile()
    return " ".join((f"{seen.name}, {seen.currency}.", *seen.lacks))


def _supply(connector: ShopConnector) -> str:
    rows = connector.incoming()
    return "the platform has none" if rows is None else f"{len(rows)} rows read"


def _clean(shop: Shop, seen: OrderSnapshot) -> str:
    if seen.outside.tags or seen.outside.held:
        raise Rejected(f"look at {seen.name} in {shop.domain}: it still carries what is ours")
    return seen.name


COMMANDS = (rehearse,)
