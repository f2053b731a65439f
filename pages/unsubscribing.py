"""Declining offers by mail: one click of the mail program (RFC 8058), or a button on a page. A GET changes nothing."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from core.messages.wording import name_of
from pages.customer_colours import sheet_of
from pages.customer_links import read_unsubscribe
from pages.customer_words import lost, speech_for, spoken
from pages.visitor import house

blueprint = Blueprint("unsubscribing", __name__)


@blueprint.route("/unsubscribe/<signed>", methods=["GET", "POST"])
def unsubscribe(signed: str) -> ResponseReturnValue:
    """Ask on GET, decline on POST; whoever holds the link may."""
    opened = read_unsubscribe(house().settings, signed)
    with house().books.read() as unit:
        shop = unit.shops.get(opened[0]) if opened else None
    if opened is None or shop is None:
        return lost()
    if request.method == "POST":
        with house().books.write() as unit:
            unit.mails.stop(shop.id, opened[1], "marketing", why="the customer asked", at=house().now())
    done, name = request.method == "POST", name_of(shop)
    return spoken("pages/unsubscribe.html", speech_for(shop), shop_name=name, done=done, colours=sheet_of(shop))
