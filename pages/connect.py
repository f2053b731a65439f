"""Connecting shops, and what each platform can do."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from core.actions import Capability, Support
from core.errors import BackorderError
from pages.visitor import ACTOR, house, merchant_blueprint, open_shops, visit
from pages.words import CAPABILITIES, PLATFORMS, level_badge

FIELDS = {
    "url": "Give the store's address, such as https://store.example.com.",
    "key": "Give the consumer key; it begins with ck_.",
    "secret": "Give the consumer secret; it begins with cs_.",
}
TOO_LONG = 500

blueprint = merchant_blueprint("connect", __name__)


@blueprint.get("/connect")
def connect() -> ResponseReturnValue:
    """Say how shops are connected."""
    return render_template("pages/connect.html", here="/connect", values={}, errors={}, refused=None)


@blueprint.post("/connect/woocommerce")
def connect_woocommerce() -> ResponseReturnValue:
    """Connect a store by its keys; what goes wrong is said in one sentence and what was typed stays."""
    typed = {name: request.form.get(name, "").strip() for name in FIELDS}
    errors = {name: words for name, words in FIELDS.items() if not 0 < len(typed[name]) <= TOO_LONG}
    if errors:
        return _again(typed, errors, None)
    keys = {"key": typed["key"], "secret": typed["secret"]}
    try:
        shop = house().desk.connect("woocommerce", typed["url"], keys)
    except BackorderError as refused:
        return _again(typed, {}, str(refused))
    with house().books.write() as unit:
        unit.audit.write(shop=shop.id, at=house().now(), actor=ACTOR, what="connected the shop", outcome="done")
    open_shops([shop.id])
    house().wake()
    flash(f"{shop.name} is connected. Its open orders are being read now; the board fills by itself.", "done")
    return redirect("/", 303)


def _again(typed: dict[str, str], errors: dict[str, str], refused: str | None) -> ResponseReturnValue:
    # The secret is not sent back to the browser: it has to be pasted once more.
    values = {name: text for name, text in typed.items() if name != "secret"}
    page = render_template("pages/connect.html", here="/connect", values=values, errors=errors, refused=refused)
    return page, 422


@blueprint.get("/capabilities")
def capabilities() -> ResponseReturnValue:
    """Show what each platform does for us, as its connector declares it."""
    rows = [
        (words, [(support_of(platform, capability), level_badge(support_of(platform, capability).level))
                 for platform in PLATFORMS])
        for capability, words in CAPABILITIES.items()
    ]  # fmt: skip
    return render_template("pages/capabilities.html", here="/connect", rows=rows)


def unsupported(platform: str) -> list[tuple[str, str]]:
    """Return what a platform cannot do, with the reason, in words."""
    found = ((words, support_of(platform, capability)) for capability, words in CAPABILITIES.items())
    return [(words, support.how) for words, support in found if support.level == "none"]


def support_of(platform: str, capability: Capability) -> Support:
    """Return a platform's declaration; nothing declared means that it cannot."""
    return supports_of(platform).get(capability) or Support(level="none", how="not declared by its connector")


def supports_of(platform: str) -> Mapping[Capability, Support]:
    """Return everything that a platform's connector declares."""
    declared = visit().house.supports.get(platform)
    return declared if isinstance(declared, Mapping) else {}
