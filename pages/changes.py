"""What every change by a merchant leaves behind in its transaction: a line in the log and a wake-up to plan anew."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

from flask import abort

from core.planning import wake_ups
from core.policy.shop_policy import ShopPolicy, as_document
from core.ports.books import Unit
from core.records import Shop
from pages.visitor import actor, visit


@contextmanager
def changing_shop() -> Iterator[Unit]:
    """Open a writing transaction that alone may change the shop shown.

    Without the lock, a worker that is planning just now could read before our change and finish the wake-up after it.
    """
    here = visit()
    with here.house.books.write() as unit:
        unit.shops.lock(here.shop.id)
        yield unit


def shop_now(unit: Unit) -> Shop:
    """Return the shop shown as it is in this transaction: it may have changed since the page was asked for."""
    return unit.shops.get(visit().shop.id) or abort(404)


def machine_time() -> datetime:
    """Return the real time, by which workers take from the queues; business time may be simulated."""
    return datetime.now(UTC)


def note_doing(
    unit: Unit, what: str, *, order: str | None = None, sku: str | None = None, why: str | None = None,
    outcome: str | None = None, detail: Mapping[str, object] | None = None,
) -> None:  # fmt: skip
    """Write into the log what the merchant did in the shop shown."""
    here = visit()
    unit.audit.write(
        shop=here.shop.id, at=here.house.now(), actor=actor(), what=what, order=order, sku=sku, why=why,
        outcome=outcome, detail=detail,
    )  # fmt: skip


def note_change(unit: Unit, what: str, *, sku: str | None = None, detail: Mapping[str, object] | None = None) -> None:
    """Write the merchant's change into the log and ask the worker to plan the shop anew."""
    here = visit()
    write_change(unit, here.shop.id, what, actor=actor(), at=here.house.now(), sku=sku, detail=detail)


def write_change(
    unit: Unit, shop: str, what: str, *, actor: str, at: datetime, sku: str | None = None,
    detail: Mapping[str, object] | None = None,
) -> None:  # fmt: skip
    """Write somebody's change into the log and ask the worker to plan the shop anew."""
    unit.audit.write(shop=shop, at=at, actor=actor, what=what, sku=sku, outcome="done", detail=detail)
    wake_ups.replan(unit, shop, at=machine_time())


def store_policy(unit: Unit, shop: Shop, after: ShopPolicy, *, actor: str, at: datetime) -> bool:
    """Store the settings with what a change of mode brings about; False when nothing differs."""
    before = shop.policy
    if after == before:
        return False
    unit.shops.save(replace(shop, policy=after))
    changed = {"changed": differences(before, after)}
    write_change(unit, shop.id, _what(before, after), actor=actor, at=at, detail=changed)
    if before.mode != after.mode:
        now = machine_time()
        if after.mode == "act":
            unit.outbox.make_pending(shop.id, now=now)
        else:
            # What is in line was wanted while acting; the new plan writes down again what it would do.
            unit.outbox.skip_all(shop.id, now=now, why="the shop was set to observe only")
    return True


def _what(before: ShopPolicy, after: ShopPolicy) -> str:
    if before.mode == after.mode:
        return "changed the settings"
    return "switched to acting" if after.mode == "act" else "switched to observing"


def differences(before: ShopPolicy, after: ShopPolicy) -> dict[str, object]:
    """Return dotted key -> value before and after, of the settings that differ."""
    was, now = flat(before), flat(after)
    return {key: {"before": was[key], "after": now[key]} for key in now if was[key] != now[key]}


def flat(policy: ShopPolicy) -> dict[str, object]:
    """Return the settings under dotted keys; tiers stay one setting."""
    settings: dict[str, object] = {}
    for key, value in as_document(policy).items():
        if isinstance(value, dict) and key != "tiers_by_tag":
            settings |= {f"{key}.{inner}": entry for inner, entry in value.items()}
        else:
            settings[key] = value
    return settings
