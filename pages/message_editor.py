"""The words of one kind of message in one language: written, seen with facts in them, sent as a test, put back."""

import uuid
from email.errors import MessageError
from email.headerregistry import Address
from urllib.parse import urlsplit

from flask import Response, abort, flash, get_template_attribute, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from core.errors import BackorderError
from core.messages import wording
from core.messages.correspondence import Letter, MailRecord, Worded
from core.messages.notices import KINDS
from core.messages.sample_letters import sample
from core.messages.wording import Wording
from core.records import Shop
from pages.changes import changing_shop, note_change, shop_now
from pages.languages import _
from pages.message_words import words_of
from pages.messages import words_in
from pages.retelling import retold
from pages.security import POLICY
from pages.visitor import merchant_blueprint, visit

SHOWN_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src https: data:; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'; sandbox"
)
"""A mail brings its styles with it, and nothing in it may run, be sent, or reach our pages."""
AROUND = "pages/message_shown.html"
LONGEST_ADDRESS = 254

blueprint = merchant_blueprint("message_editor", __name__)


@blueprint.get("/messages/<language>/<kind>")
def message(language: str, kind: str) -> ResponseReturnValue:
    """Show the words of a kind in a language, to be changed."""
    shop = _known(language, kind)
    return _page(language, kind, words_in(shop, kind, language), {}, 200)


@blueprint.post("/messages/<language>/<kind>")
def change(language: str, kind: str) -> ResponseReturnValue:
    """Store the words, or show each problem beside its field."""
    typed = _typed(_known(language, kind), language, kind)
    problems = wording.problems(kind, typed)
    if problems:
        return _page(language, kind, typed, problems, 422)
    with changing_shop() as unit:
        shop = shop_now(unit)
        changed = typed != words_in(shop, kind, language)
        if changed:
            unit.shops.save(wording.with_own(shop, language, kind, typed))
            note_change(unit, f"changed the words of a message: {kind}, {language}")
    flash(_("Saved. Messages from now on have these words.") if changed else _("Nothing was changed."), "done")
    return redirect(request.path, 303)


@blueprint.post("/messages/<language>/<kind>/original")
def restore(language: str, kind: str) -> ResponseReturnValue:
    """Put the original words back."""
    _known(language, kind)
    with changing_shop() as unit:
        shop = shop_now(unit)
        unit.shops.save(wording.restored(shop, language, kind))
        note_change(unit, f"restored the words of a message: {kind}, {language}")
    flash(_("The original words are back."), "done")
    return redirect(f"/messages/{language}/{kind}", 303)


@blueprint.get("/messages/<language>/<kind>/preview")
def preview(language: str, kind: str) -> ResponseReturnValue:
    """Show the message as it leaves now, for a frame."""
    return _shown(_known(language, kind), language, kind)


@blueprint.post("/messages/<language>/<kind>/preview")
def preview_typed(language: str, kind: str) -> ResponseReturnValue:
    """Show the message with the words just typed, or what is wrong with them; nothing is stored."""
    shop = _known(language, kind)
    typed = _typed(shop, language, kind)
    problems = wording.problems(kind, typed)
    if problems:
        return _framed(get_template_attribute(AROUND, "wrong")(map(retold, problems.values())))
    return _shown(wording.with_own(shop, language, kind, typed), language, kind)


@blueprint.post("/messages/<language>/<kind>/test")
def send_test(language: str, kind: str) -> ResponseReturnValue:
    """Send the message as it leaves now, with made-up facts, to one address at once."""
    shop, post = _known(language, kind), visit().house.post
    to = request.form.get("to", "").strip()
    problem = None if post.ready else _("No mail server is set (BACKORDER_SMTP_URL).")
    problem = problem or _address_problem(to)
    if problem is None:
        try:
            post.send(_test_mail(shop, post.compose(_letter(shop, language, kind)), to))
        except BackorderError as refused:
            problem = _("It was not sent: %(refused)s.", refused=retold(str(refused)))
    if problem:
        return _page(language, kind, words_in(shop, kind, language), {"to": problem}, 422, to=to)
    flash(_("The mail server took it for %(to)s.", to=to), "done")
    return redirect(f"/messages/{language}/{kind}", 303)


def _address_problem(to: str) -> str | None:
    try:
        good = len(to) <= LONGEST_ADDRESS and "." in Address(addr_spec=to).domain
    except (ValueError, IndexError, MessageError):
        good = False
    return None if good else _("Write one mail address, such as you@example.com.")


def _test_mail(shop: Shop, worded: Worded, to: str) -> MailRecord:
    """Return the mail, which the books do not know: it is evidence of nothing and no customer's."""
    host = urlsplit(visit().house.settings.external).hostname or "backorder.invalid"
    now = visit().house.now()
    return MailRecord(
        id=0, shop=shop.id, to=to, language=worded.language, subject=f"[Test] {worded.subject}", text=worded.text,
        html=worded.html, message_id=f"<{uuid.uuid4().hex}.test@{host}>", reply_to=shop.email,
        sender=wording.name_of(shop), unsubscribe=None, state="pending", created_at=now, next_at=now,
    )  # fmt: skip


def _known(language: str, kind: str) -> Shop:
    if kind not in KINDS or language not in visit().house.post.languages:
        abort(404)
    return visit().shop


def _typed(shop: Shop, language: str, kind: str) -> Wording:
    """Return what was typed; the subject of what a law asks for is not the merchant's."""
    subject = wording.tidied(request.form.get("subject", ""))
    if wording.is_fixed(kind):
        subject = words_in(shop, kind, language).subject
    return Wording(subject=subject, body=wording.tidied(request.form.get("body", "")))


def _letter(shop: Shop, language: str, kind: str) -> Letter:
    return sample(shop, kind, language, visit().house.now())


def _shown(shop: Shop, language: str, kind: str) -> Response:
    """Return the mail as it is, between its subject and its twin in plain text."""
    worded = visit().house.post.compose(_letter(shop, language, kind))
    start = worded.html.index(">", worded.html.index("<body")) + 1
    end = worded.html.rindex("</body>")
    head = get_template_attribute(AROUND, "head")(worded.subject)
    twin = get_template_attribute(AROUND, "twin")(worded.text)
    return _framed(f"{worded.html[:start]}{head}{worded.html[start:end]}{twin}{worded.html[end:]}")


def _framed(page: str) -> Response:
    answer = make_response(page)
    answer.headers["Content-Security-Policy"] = SHOWN_POLICY
    return answer


def _page(
    language: str, kind: str, typed: Wording, errors: dict[str, str], status: int, *, to: str | None = None
) -> ResponseReturnValue:
    here = visit()
    page = make_response(
        render_template(
            "pages/message.html", here="/messages", kind=kind, language=language, typed=typed,
            errors={key: retold(words) for key, words in errors.items()},
            words=words_of(kind, here.shop.policy), languages=here.house.post.languages,
            fixed=wording.is_fixed(kind), own=wording.own(here.shop, language, kind),
            subject_may=wording.may_stand(kind, "subject"), body_may=wording.may_stand(kind, "body"),
            to=here.shop.email or "" if to is None else to, ready=here.house.post.ready,
        ),
        status,
    )  # fmt: skip
    page.headers["Content-Security-Policy"] = f"{POLICY}; frame-src 'self'"
    return page
