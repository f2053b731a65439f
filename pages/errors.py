"""Error pages: what happened and what to do now, without a traceback. Scripts get one plain line instead."""

from collections.abc import Sequence

from flask import Flask, Response, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError

from core.errors import Misuse, Unavailable
from pages.customer_words import broken, lost
from pages.languages import _, later
from pages.retelling import capital, full_stop, retold
from pages.visitor import recognise

WORDS: dict[int, tuple[str, str]] = {
    400: (later("That could not be understood"), later("Go back, look at what was sent, and try again.")),
    403: (later("Nothing was changed"), later("This cannot be done here.")),
    404: (
        later("Nothing here"),
        later("It may have been removed, or it belongs to a shop that you are not signed in to."),
    ),
    405: (later("Not in this way"), later("This address does not take what was sent. Start again from the board.")),
    413: (later("Too large"), later("What was sent is larger than can be taken here.")),
    500: (
        later("Something went wrong"),
        later("Nothing is half stored. Try again; if it stays, ask whoever runs this service."),
    ),
}
EXPIRED = (
    later("This page was open too long"),
    later("Your session had ended, so nothing was changed. Go back, reload the page and send it again."),
)
# Machines that post here read a line of text, not a page.
MACHINES = ("/woocommerce/callback", "/api/", "/metrics", "/healthz", "/readyz", "/demo/clock")
PROSE = ("subject", "body", "text", "note")
"""Fields in which people write sentences."""
CUSTOMERS = ("/o/", "/unsubscribe/")


def register(app: Flask) -> None:
    """Show our own pages for errors of every kind."""
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(SecurityError, _strange_host)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Misuse, _misuse)
    app.register_error_handler(Unavailable, _unavailable)


def _expired(_problem: CSRFError) -> Response:
    return _page(400, *map(_, EXPIRED), typed=_typed())


def _typed() -> list[str]:
    """Return the sentences that the form held, so that they can be copied; nothing that another site sent here."""
    ours = request.headers.get("Sec-Fetch-Site") == "same-origin"
    return [text for name in PROSE if ours and (text := request.form.get(name, "").strip())]


def _strange_host(_: SecurityError) -> Response:
    """Asked for under a name that is not ours: no page can be drawn, for its links would bear that name."""
    return Response("This service does not answer under that name.\n", 400, mimetype="text/plain")


def _misuse(problem: Misuse) -> Response:
    """A page's address was tampered with, such as the cursor of a list: the sentence says what to do."""
    return _page(400, _(WORDS[400][0]), full_stop(retold(str(problem))))


def _unavailable(problem: Unavailable) -> Response:
    return _page(
        503,
        _("Not just now"),
        _("%(problem)s. Nothing was changed; try again in a moment.", problem=capital(retold(str(problem)))),
    )


def _http(problem: HTTPException) -> Response:
    if problem.response is not None or problem.code is None or problem.code < 400:
        return make_response(problem.get_response())
    if problem.code == 404 and not _is_for_a_machine():
        # Whoever is signed in keeps the way on, in their language. Not for other errors: they may come from the books
        # themselves.
        recognise()
    headline, advice = WORDS.get(problem.code, (problem.name, later("Start again from the board.")))
    # A description of our own says more than the general advice; Werkzeug's own English does not.
    own = problem.description if problem.description != type(problem).description else None
    answer = _page(problem.code, _(headline), own or _(advice))
    answer.headers.extend((name, value) for name, value in problem.get_headers() if name in {"Allow", "Retry-After"})
    return answer


def _page(code: int, headline: str, advice: str, *, typed: Sequence[str] = ()) -> Response:
    if _is_for_a_machine():
        answer = make_response(f"{advice}\n", code)
        answer.mimetype = "text/plain"
        return answer
    if request.path.startswith(CUSTOMERS):
        return make_response(broken() if code >= 500 else lost()[0], code)
    return make_response(render_template("pages/error.html", headline=headline, advice=advice, typed=typed), code)


def _is_for_a_machine() -> bool:
    return request.path.startswith(MACHINES)
