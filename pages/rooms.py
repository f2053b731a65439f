"""All rooms of the pages, and what opens them."""

import hashlib
from functools import cache
from pathlib import Path
from types import ModuleType

from flask import Flask, g, url_for

from pages import (  # noqa: F401  # a room is found by its blueprint: see ROOMS
    activity,
    board,
    coming_messages,
    connect,
    customer,
    customer_colours,
    customer_offer,
    customer_pace,
    customer_withdrawal,
    demo,
    drafts,
    embedded,
    errors,
    evidence,
    first_steps,
    guessing,
    incoming,
    incoming_import,
    install,
    items,
    language_choice,
    languages,
    message_editor,
    messages,
    offers,
    only_looking,
    order_list,
    orders,
    people,
    personal_data,
    policy,
    policy_history,
    printing,
    reorder,
    reports,
    retelling,
    second_factor,
    security,
    several,
    shop_health,
    sign_in,
    substitutes,
    tokens,
    tools,
    unsubscribing,
    views,
    what_if,
    woocommerce,
)
from pages.words import COLUMNS, DECISIONS, EMPTY, PLATFORMS

ROOMS = tuple(one for one in tuple(globals().values()) if isinstance(one, ModuleType) and hasattr(one, "blueprint"))
"""Of the modules above, those with views: what is imported there is open."""
KEEP_A_YEAR = 31_536_000


def register(app: Flask) -> None:
    """Put every page into `app`, whose `extensions["backorder"]` must hold the House already."""
    # Not before: they load the engine, which the command line may not need.
    from pages import api, health  # noqa: PLC0415

    settings = app.extensions["backorder"].settings
    keys = settings.signing_keys
    app.config["SECRET_KEY_FALLBACKS"] = list(keys[:-1])
    app.secret_key = app.secret_key or "".join(keys[-1:])
    guessing.register(app, settings)
    customer_pace.register(app)
    embedded.register(app)
    only_looking.register(app)
    security.register(app, settings)
    errors.register(app)
    languages.register(app)
    printing.register(app)
    retelling.register(app)
    _templates(app)
    # The API comes first: it brings the path converter for SKUs that the items' pages use too.
    api.register(app)
    health.register(app)
    for room in ROOMS:
        app.register_blueprint(room.blueprint)


def _templates(app: Flask) -> None:
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    # An asset's address changes with its content (`v`), so browsers may keep it.
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = KEEP_A_YEAR
    digest = cache(lambda name: hashlib.sha256(Path(app.static_folder or "", name).read_bytes()).hexdigest()[:10])

    @app.context_processor
    def words() -> dict[str, object]:
        return {
            "visit": g.get("visit"),
            "today": printing.printer().today,
            "demo": app.extensions["backorder"].story is not None,
            "asset": lambda name: url_for("static", filename=name, v=digest(name)),
            "platform_words": PLATFORMS,
            "columns_words": COLUMNS,
            "decision_words": DECISIONS,
            "empty_words": EMPTY,
            "unsupported": connect.unsupported,
        }
