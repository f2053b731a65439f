"""Messages to customers: what is written when, whether it may leave, who gets none; and how the shop shows itself."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from core.messages import post_rules, wording
from core.messages.notices import KINDS
from core.messages.sample_letters import sample
from core.policy.reading import merge
from core.records import Shop
from pages.changes import changing_shop, note_change, shop_now, store_policy
from pages.languages import _
from pages.letters import kept_back
from pages.message_words import KindWords, Switch, is_on, kinds_on, switch_of, words_of
from pages.retelling import retold
from pages.visitor import actor, house, merchant_blueprint, visit

MONTH = timedelta(days=30)
SILENT_SHOWN = 50
LOOK = ("name", "colour", "logo")

blueprint = merchant_blueprint("messages", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class KindRow:
    """One kind in the list. `sent` and `failed` count the last 30 days; `own` and `read` are names of languages."""

    kind: str
    words: KindWords
    on: bool
    switch: Switch
    own: tuple[str, ...]
    read: tuple[str, ...]
    sent: int
    failed: int


@blueprint.get("/messages")
def messages() -> ResponseReturnValue:
    """Show every kind of message, and what becomes of them."""
    return _page({key: visit().shop.wording.get(key, "") for key in LOOK}, {}, 200)


@blueprint.post("/messages/look")
def look() -> ResponseReturnValue:
    """Store how the shop shows itself to its customers."""
    typed = {key: request.form.get(key, "").strip() for key in LOOK}
    problems = wording.look_problems(**typed)
    if problems:
        return _page(typed, problems, 422)
    with changing_shop() as unit:
        shop = shop_now(unit)
        unit.shops.save(wording.with_look(shop, typed))
        note_change(unit, "changed how the shop shows itself in messages")
    flash(_("Saved. Messages from now on look like this."), "done")
    return redirect("/messages", 303)


@blueprint.post("/messages/switch")
def switch() -> ResponseReturnValue:
    """Switch a kind of message, or all that are drafted by themselves, on or off."""
    kind, on = request.form.get("kind", ""), request.form.get("on") == "1"
    off: set[str] = set(visit().shop.policy.notices.off)
    if kind == "all":
        return _changed(
            {"enabled": on}, _("Messages are drafted from now on.") if on else _("No more messages are drafted.")
        )
    if not post_rules.is_switchable(kind):
        abort(400, _("This kind of message is not switched here."))
    off = off - {kind} if on else off | {kind}
    said = _("On: it is drafted from now on.") if on else _("Off: none of this kind is sent any more.")
    return _changed({"off": sorted(off)}, said)


@blueprint.post("/messages/pause")
def pause() -> ResponseReturnValue:
    """Stop all messages at once, or let them go again."""
    on = request.form.get("on") == "1"
    return _changed({"paused": on}, _("Paused: nothing leaves.") if on else _("Messages may leave again."))


@blueprint.post("/messages/resume")
def resume() -> ResponseReturnValue:
    """Write to an address again whose mail did not arrive."""
    address = request.form.get("address", "")[:320]
    with changing_shop() as unit:
        known = unit.mails.resume(visit().shop.id, address)
        if known:
            note_change(unit, "let mail to an address that bounced go again")
    flash(_("The next message goes to this address again.") if known else _("This address gets its mail."), "done")
    return redirect("/messages", 303)


@blueprint.get("/messages/read/<language>")
def reading(language: str) -> ResponseReturnValue:
    """Show the words of every message that is on, to be read in one go."""
    shop, post = visit().shop, visit().house.post
    if language not in post.languages:
        abort(404)
    kinds = kinds_on(shop.policy) or KINDS
    letters = [
        (kind, words_of(kind, shop.policy), *post.words(sample(shop, kind, language, visit().house.now())))
        for kind in kinds
    ]
    return render_template(
        "pages/messages_read.html", here="/messages", letters=letters, language=language, languages=post.languages
    )


@blueprint.post("/messages/read/<language>")
def approve(language: str) -> ResponseReturnValue:
    """Take down that the merchant has read the words, and let messages go."""
    post = visit().house.post
    if language not in post.languages:
        abort(404)
    with changing_shop() as unit:
        shop = shop_now(unit)
        kinds = kinds_on(shop.policy) or KINDS
        shop = wording.marked_read(shop, language, {kind: words_in(shop, kind, language) for kind in kinds})
        unit.shops.save(shop)
        store_policy(
            unit, shop, merge(shop.policy, {"notices": {"wording_seen": True}}), actor=actor(), at=house().now()
        )
    said = (
        _("Thank you. Messages may leave.")
        if shop.policy.notices.enabled
        else _("Thank you. Now begin to draft them: until then customers are told nothing.")
    )
    flash(said, "done")
    return redirect("/messages", 303)


def words_in(shop: Shop, kind: str, language: str) -> wording.Wording:
    """Return the words that a kind has in a language, the merchant's or the original."""
    return wording.effective(wording.own(shop, language, kind), visit().house.post.original(kind, language))


def _changed(notices: Mapping[str, Any], said: str) -> ResponseReturnValue:
    with changing_shop() as unit:
        shop = shop_now(unit)
        store_policy(unit, shop, merge(shop.policy, {"notices": notices}), actor=actor(), at=house().now())
    flash(said, "done")
    return redirect("/messages", 303)


def _page(look: Mapping[str, str], errors: Mapping[str, str], status: int) -> ResponseReturnValue:
    here = visit()
    with here.house.books.read() as unit:
        counts = unit.notices.counts(here.shop.id, since=house().now() - MONTH)
        silent = unit.mails.silent(here.shop.id, limit=SILENT_SHOWN)
        clocks = unit.laws.running(here.shop.id)
    page = render_template(
        "pages/messages.html",
        here="/messages",
        rows=[_row(kind, counts) for kind in KINDS],
        silent=silent,
        clocks=clocks,
        kept=kept_back(here.shop),
        languages=here.house.post.languages,
        look=look,
        errors={key: retold(words) for key, words in errors.items()},
        colour=wording.colour_of(replace(here.shop, wording=dict(look))),
        ready=here.house.post.ready,
    )
    return page, status


def _row(kind: str, counts: Mapping[tuple[str, str], int]) -> KindRow:
    shop, names = visit().shop, visit().house.post.languages
    words = {language: words_in(shop, kind, language) for language in names}
    return KindRow(
        kind=kind, words=words_of(kind, shop.policy), on=is_on(kind, shop.policy), switch=switch_of(kind),
        own=tuple(name for code, name in names.items() if wording.own(shop, code, kind)),
        read=tuple(name for code, name in names.items() if wording.is_read(shop, code, kind, words[code])),
        sent=counts.get((kind, "sent"), 0), failed=counts.get((kind, "failed"), 0),
    )  # fmt: skip
