"""Buttons that would refuse whoever looks at them are shown switched off, and the page says why beforehand.

Which forms somebody may send is asked of the forms' addresses, in the page that is ready: no template has to know.
"""

import re
from functools import partial
from html import unescape
from urllib.parse import unquote, urlsplit

from flask import Flask, Response, current_app, g, request
from markupsafe import escape
from werkzeug.exceptions import HTTPException

from pages.languages import _
from pages.visitor import MERCHANT, Visit, may_change

FORM = re.compile(r'<form\b[^>]*\bmethod="post"[^>]*>.*?</form>', re.DOTALL)
ACTION = re.compile(r'<form\b[^>]*\baction="([^"]*)"')
MAIN = re.compile(r'<main id="main"[^>]*>')


def register(app: Flask) -> None:
    """Look at every page before it is sent to somebody who may not change everything."""
    app.after_request(_switched_off)


def _switched_off(answer: Response) -> Response:
    visit: Visit | None = g.get("visit")
    html = answer.mimetype == "text/html" and not answer.direct_passthrough
    if visit is None or visit.role == "owner" or not html:
        return answer
    whole = answer.get_data(as_text=True)
    page = FORM.sub(partial(_form, visit), whole)
    if page != whole:
        words = _("You may look at this, not change it: ask an owner of %(name)s.", name=visit.shop.name)
        note = f'<p class="flash" role="status">{escape(words)}</p>'
        answer.set_data(MAIN.sub(lambda main: main[0] + note, page, count=1))
    return answer


def _form(visit: Visit, found: re.Match[str]) -> str:
    """Return the form as it is, or with its buttons off."""
    action = ACTION.match(found[0])
    room = _room(unescape(action[1]) if action else request.path)
    refused = room in MERCHANT and not may_change(visit.role, room)
    return found[0].replace("<button", "<button disabled") if refused else found[0]


def _room(address: str) -> str:
    """Return the blueprint that takes what is posted there; "" where none does."""
    try:
        endpoint, _values = current_app.url_map.bind("").match(unquote(urlsplit(address).path), "POST")
    except HTTPException:
        return ""
    return str(endpoint).rpartition(".")[0]
