"""Whether all is well with one shop, what is not, and a button to mend it."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from core.planning import wake_ups
from core.ports.books import Unit
from core.records import ActionRecord, Shop
from pages.changes import changing_shop, machine_time, note_doing
from pages.connect import consent_link, levels_of
from pages.health import SILENT, STALE
from pages.languages import _, n_
from pages.retelling import full_stop, retold
from pages.row_ids import row_id
from pages.visitor import merchant_blueprint, visit
from pages.words import Badge, because, describe

FAILED_SHOWN = 50
DELIVERIES_SHOWN = 10
WELL, WAITS, BAD = "ready", "waiting", "needs"

blueprint = merchant_blueprint("shop_health", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that must be well: how it is, since when, and what to do where it is not."""

    title: str
    badge: Badge
    words: str
    at: datetime | None = None


@blueprint.get("/health")
def health() -> ResponseReturnValue:
    """Show the connection, the webhooks, the worker, deliveries, failed actions, and what the platform cannot do."""
    here = visit()
    with here.house.books.read() as unit:
        checks = [_connection(here.shop), *_of_the_shop(unit, here.shop), _worker(unit), _deliveries(unit, here.shop)]
        failed = unit.outbox.failed(here.shop.id, limit=FAILED_SHOWN)
        names = {row.order: _name(unit, row) for row in failed}
        count = unit.outbox.counts(here.shop.id).get("failed", 0)
        dead = unit.inbox.dead(here.shop.id)[:FAILED_SHOWN]
        newest = unit.inbox.newest(here.shop.id, limit=DELIVERIES_SHOWN)
    return render_template(
        "pages/health.html", here="/health", checks=checks, names=names, failed_count=count, dead=dead, newest=newest,
        failed=[(row, describe(row.action), because(row)) for row in failed], consent=consent_link(here.shop),
        limits=[row for row in levels_of(here.shop.platform) if row[1].level != "full"],
    )  # fmt: skip


@blueprint.post("/health/look")
def look() -> ResponseReturnValue:
    """Ask for a comparison with the shop and a look at its webhooks, now."""
    with changing_shop() as unit:
        wake_ups.compare(unit, visit().shop.id, at=machine_time())
        wake_ups.look_at_webhooks(unit, visit().shop.id, at=machine_time())
    flash(_("Asked for: the shop is compared and its webhooks are looked at. Reload in a moment."), "done")
    return redirect("/health", 303)


@blueprint.post("/health/again")
def again() -> ResponseReturnValue:
    """Put every failed action in line once more, or one delivery that could not be taken in."""
    here, now = visit(), machine_time()
    named = request.form.get("delivery", 0, type=row_id) if "delivery" in request.form else None
    with changing_shop() as unit:
        if named is not None:
            queued = int(unit.inbox.again(here.shop.id, named, now=now))
        else:
            failed = unit.outbox.failed(here.shop.id, limit=FAILED_SHOWN)
            queued = sum(unit.outbox.again(here.shop.id, row.id, now=now) for row in failed)
        if queued:
            what = "asked to take in a delivery again" if named is not None else "asked to try failed actions again"
            note_doing(unit, what, detail={"count": queued})
    flash(_("In line again.") if queued else _("There is nothing to try again."), "done" if queued else "problem")
    return redirect("/health", 303)


def _connection(shop: Shop) -> Check:
    words = {"connected": _("Connected"), "reconnect": _("Connect again"), "uninstalled": _("Removed")}[shop.state]
    badge = Badge(icon=WELL if shop.state == "connected" else BAD, word=words)
    if shop.problem:
        return Check(title=_("Connection"), badge=badge, words=full_stop(retold(shop.problem)))
    return Check(title=_("Connection"), badge=badge, words=_("Last compared with the shop:"), at=shop.synced_at)


def _of_the_shop(unit: Unit, shop: Shop) -> tuple[Check, Check]:
    """Return what the shop lets us do and tells us; "all there" is known only of one that lets us in."""
    badge, words = Badge(icon="closed", word=_("Not known")), _("It shows once the shop is connected again.")
    unknown = Check(title=_("Permissions"), badge=badge, words=words)
    if shop.state == "uninstalled":
        return unknown, replace(unknown, title=_("Webhooks"))
    return _permissions(shop) if shop.state == "connected" or shop.lacks else unknown, _webhooks(unit, shop)


def _permissions(shop: Shop) -> Check:
    missing = len(shop.lacks)
    badge = (
        Badge(icon=BAD, word=n_("%(number)s missing", "%(number)s missing", missing))
        if missing
        else Badge(icon=WELL, word=_("All there"))
    )
    words = " ".join(map(retold, shop.lacks)) or _("The shop lets us do all that we ask.")
    return Check(title=_("Permissions"), badge=badge, words=words)


def _webhooks(unit: Unit, shop: Shop) -> Check:
    mended = unit.audit.page(shop.id, what="webhook mended", limit=1).items
    words = (
        _("Last mended: %(outcome)s", outcome=retold(mended[0].outcome or ""))
        if mended
        else _("The shop tells us of changes. Set up:")
    )
    if shop.subscribed_at is None:
        badge, words = Badge(icon=BAD, word=_("Not set up")), _("Changes are seen only when the shop is compared.")
    else:
        badge = Badge(icon=WELL, word=_("Set up"))
    return Check(title=_("Webhooks"), badge=badge, words=words, at=mended[0].at if mended else shop.subscribed_at)


def _worker(unit: Unit) -> Check:
    """Return how the worker does. It beats by machine time; the demo's business time runs ahead of it."""
    beat = unit.clockwork.last_beat()
    if beat is None:
        return Check(
            title=_("Worker"),
            badge=Badge(icon=BAD, word=_("Never heard")),
            words=_("Nothing is read or sent without it."),
        )
    seconds = max(0, round((datetime.now(UTC) - beat).total_seconds()))
    late = timedelta(seconds=seconds) > SILENT
    badge = Badge(icon=BAD, word=_("Silent")) if late else Badge(icon=WELL, word=_("At work"))
    words = n_("Last heard %(number)s second ago.", "Last heard %(number)s seconds ago.", seconds)
    if late:
        words = " ".join((words, _("Whoever runs this service must start it again.")))
    return Check(title=_("Worker"), badge=badge, words=words)


def _deliveries(unit: Unit, shop: Shop) -> Check:
    counts, oldest = unit.inbox.counts(shop.id), unit.inbox.oldest_waiting()
    waiting, dead = counts["new"], counts["dead"]
    late = waiting > 0 and oldest is not None and datetime.now(UTC) - oldest > STALE
    if dead:
        badge = Badge(icon=BAD, word=n_("%(number)s not understood", "%(number)s not understood", dead))
    else:
        badge = Badge(icon=WAITS if late else WELL, word=_("Behind") if late else _("Taken in"))
    words = (
        n_("%(number)s waits to be taken in.", "%(number)s wait to be taken in.", waiting)
        if waiting
        else _("Nothing waits: all that the shop sent is taken in.")
    )
    return Check(title=_("Deliveries"), badge=badge, words=words)


def _name(unit: Unit, row: ActionRecord) -> str:
    record = unit.orders.get(row.shop, row.order)
    return record.snapshot.name if record else row.order
