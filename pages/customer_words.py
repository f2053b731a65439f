"""An order in its customer's own language: how it stands, its pieces, its dates and how they moved."""

from datetime import date

from flask import render_template, request
from werkzeug.datastructures import LanguageAccept

from core.dates.promise_ranges import PromiseRange, on_day
from core.messages.correspondence import Speech
from core.orders import giving_up
from core.reasons import Reason, customer_sentence
from core.records import OrderRecord, Shop
from pages.order_view import LineView, Piece
from pages.visitor import house

NOW = "%(number)s can ship now"
PIECES: dict[str, str] = {
    "shipped": "%(number)s shipped",
    "now": NOW,
    "kept": "%(number)s in stock, kept back",
    "waits": "%(number)s will follow on %(day)s",
    "undated": "%(number)s will follow; there is no date yet",
    "short": "%(number)s will follow; there is no date yet",
    "cancelled": "%(number)s cancelled or refunded",
}
CLOSED: dict[str, str] = {
    "cancelled": "This order was cancelled.",
    "gone": "This order is no longer in the shop.",
    "closed": "Everything in this order has been taken care of.",
}
UNPLANNED = "We are looking into what can leave when."
KEPT = "In stock, kept back"
SAID_BY: dict[Reason, frozenset[Reason]] = {
    Reason.WAITS_TOGETHER: frozenset({Reason.ONE_PARCEL_CHOSEN}),
    Reason.CAPPED: frozenset({Reason.ONE_PARCEL_CHOSEN}),
    Reason.LARGE_ORDER: frozenset({Reason.CAPPED}),
}
"""What need not be said to a customer beside one of these, which say it better or make it untrue for them."""


def speech_for(shop: Shop | None, record: OrderRecord | None = None) -> Speech:
    """Return how the reader is spoken to: in their order's language, else in their browser's, else their country's."""
    customer = record.snapshot.customer if record else None
    locale = (customer.locale if customer else None) or _browser(request.accept_languages)
    zone = shop.timezone if shop else "UTC"
    return house().post.speak(locale, customer.country if customer else None, zone=zone, now=house().now())


def spoken(template: str, speech: Speech, **shown: object) -> str:
    """Return the page in words of this language."""
    words = {
        "speech": speech, "_": speech.say, "n_": speech.count, "day": speech.day, "moment": speech.moment,
        "number": speech.number, "money": speech.money,
    }  # fmt: skip
    return render_template(template, **words, **shown)


def lost() -> tuple[str, int]:
    """Return the page for a link that opens nothing."""
    speech = speech_for(None)
    advice = speech.say(
        "It may have been cut off in the message, or it is too old. Copy the whole link from your newest message, or "
        "write to the shop: the order itself is not changed by this."
    )
    headline = speech.say("This link does not open an order")
    return spoken("pages/customer_lost.html", speech, headline=headline, advice=advice), 404


def left(shop: Shop, record: OrderRecord) -> tuple[str, int]:
    """Return the page for a shop that has removed the app: its plans end, and no choice reaches it."""
    speech = speech_for(shop, record)
    advice = speech.say(
        "The shop no longer uses it. Your order is not changed by this: please ask the shop how it stands."
    )
    headline = speech.say("This page is no longer kept up to date")
    return spoken("pages/customer_lost.html", speech, headline=headline, advice=advice), 410


def later() -> str:
    """Return the page for who asks too often."""
    speech = speech_for(None)
    return _try_again(speech, speech.say("Too many requests"))


def broken() -> str:
    """Return the page for when something of ours does not work."""
    speech = speech_for(None)
    return _try_again(speech, speech.say("This page does not open just now"))


def _try_again(speech: Speech, headline: str) -> str:
    advice = speech.say("Please try again in a few minutes. Nothing was changed.")
    return spoken("pages/customer_lost.html", speech, headline=headline, advice=advice)


def headline(record: OrderRecord, speech: Speech) -> str:
    """Return how the order stands, in few words."""
    return speech.say(_standing(record)).rstrip(".。")


def _standing(record: OrderRecord) -> str:
    plan, status = record.plan, record.snapshot.status
    if status in CLOSED:
        return CLOSED[status]
    if plan is None:
        return UNPLANNED
    ready = any(line.release_now for line in plan.lines)
    if not any(line.waits for line in plan.lines):
        kept = KEPT if any(line.open for line in plan.lines) else CLOSED["closed"]
        return "Everything is here and will ship" if ready else kept
    return "A part of your order can ship now" if ready else "Your order is waiting for stock"


def reasons(record: OrderRecord, speech: Speech) -> tuple[str, ...]:
    """Return why the order is where it is, each sentence once; nothing of one that is over."""
    found = record.plan.reasons if record.plan and record.snapshot.status == "open" else ()
    if giving_up.undecided(record):
        # It is not: the customer may still keep it.
        found = tuple(reason for reason in found if reason not in {Reason.GIVEN_UP, Reason.SWAPPED})
    said = (reason for reason in found if not SAID_BY.get(reason, set()) & set(found))
    return tuple(dict.fromkeys(speech.say(customer_sentence(reason)) for reason in said))


def piece(line: LineView, piece: Piece, record: OrderRecord, speech: Speech, together: date | None) -> str:
    """Return what becomes of these units of the line. `together`: the day of an order that ships in one parcel."""
    on = together or piece.on
    ships = record.expected.lines.get(line.id) if record.expected else None
    if piece.part == "waits" and on and on == line.completes_on and ships and ships.is_open:
        between = "%(number)s will follow between %(first)s and %(last)s"
        days = {"first": speech.day(ships.earliest), "last": speech.day(max(ships.latest, on))}
        return speech.count(between, between, piece.units, **days)
    if piece.part == "swapped":
        swapped = "%(number)s swapped for %(title)s"
        return speech.count(swapped, swapped, piece.units, title=piece.other)
    said = PIECES[piece.part]
    named = {"day": speech.day(on)} if piece.part == "waits" and on else {}
    return speech.count(said, said, piece.units, **named)


def until(day: date, today: date, speech: Speech) -> str:
    """Return how far a planned day is from today; one that has passed says that a new one follows."""
    if day < today:
        return speech.say("a new date follows")
    if day == today:
        return speech.say("today")
    return speech.count("in %(number)s day", "in %(number)s days", (day - today).days)


def expected(record: OrderRecord, speech: Speech) -> str:
    """Return when all of a waiting order is expected to have left, and how that moved since its customer was told."""
    plan, first = record.plan, record.first_promise_on
    if record.snapshot.status != "open" or plan is None or not plan.backordered:
        return ""
    now = record.expected.ships if record.expected and record.expected.ships else None
    if plan.completes_on is None:
        return speech.say("We first named %(first)s; there is no date now.", first=speech.day(first)) if first else ""
    said = _by(now or on_day(plan.completes_on), speech)
    if first and first != plan.completes_on:
        was = speech.say("At first we named %(first)s.", first=speech.day(first))
        return f"{said} {was}"
    return said


def _by(ships: PromiseRange, speech: Speech) -> str:
    if not ships.is_open:
        return speech.say("We expect that all of it has left by %(day)s.", day=speech.day(ships.likely))
    first, last = speech.day(ships.earliest), speech.day(ships.latest)
    return speech.say("We expect that the last of it leaves between %(first)s and %(last)s.", first=first, last=last)


def _browser(wanted: LanguageAccept) -> str | None:
    return next((language for language, _ in wanted if language != "*"), None)
