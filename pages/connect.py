"""Connecting shops, and what each platform can do."""

from dataclasses import replace
from urllib.parse import urlencode

from flask import render_template
from flask.typing import ResponseReturnValue

from core.capabilities import Capability, Support
from core.consolation.offers import CAPABILITY
from core.records import Shop
from pages.languages import _
from pages.retelling import retold
from pages.visitor import house, merchant_blueprint, visit
from pages.words import CAPABILITIES, PLATFORMS, Badge, level_badge

blueprint = merchant_blueprint("connect", __name__)


@blueprint.get("/connect")
def connect() -> ResponseReturnValue:
    """Say how shops are connected."""
    consent = {shop.id: link for shop in visit().shops if (link := consent_link(shop))}
    return render_template("pages/connect.html", here="/connect", consent=consent)


@blueprint.get("/capabilities")
def capabilities() -> ResponseReturnValue:
    """Show what each platform does for us, as its connector declares it."""
    rows = [
        (words, [(declared(platform, capability), level_badge(declared(platform, capability).level))
                 for platform in PLATFORMS])
        for capability, words in CAPABILITIES.items()
    ]  # fmt: skip
    return render_template("pages/capabilities.html", here="/connect", rows=rows)


def consent_link(shop: Shop) -> str | None:
    """Return where the shop's owner grants again what we need; None where the platform has no such page for us."""
    if shop.platform in house().entrances:
        return f"/shopify/install?{urlencode({'shop': shop.domain})}"
    return f"/woocommerce/connect?{urlencode({'url': shop.origin})}" if shop.platform == "woocommerce" else None


def levels_of(platform: str) -> list[tuple[str, Support, Badge]]:
    """Return what a platform does for us, each with how and how far."""
    found = ((words, declared(platform, capability)) for capability, words in CAPABILITIES.items())
    return [(words, support, level_badge(support.level)) for words, support in found]


def unsupported(platform: str) -> list[tuple[str, str]]:
    """Return what a platform cannot do, with the reason, in words."""
    found = ((words, declared(platform, capability)) for capability, words in CAPABILITIES.items())
    return [(_(words), support.how) for words, support in found if support.level == "none"]


def impossible_gifts(platform: str) -> frozenset[str]:
    """Return the kinds of consolation that a platform cannot give."""
    return frozenset(kind for kind, needs in CAPABILITY.items() if declared(platform, needs).level == "none")


def declared(platform: str, capability: Capability) -> Support:
    """Return a platform's declaration; nothing declared means that it cannot."""
    found = house().support_of(platform).get(capability)
    if found is None:
        return Support(level="none", how=_("not declared by its connector"))
    return replace(found, how=retold(found.how))
