"""Plugs the rooms together by the settings, for the composition root in `app`; decides nothing."""

import os
import secrets
import socket
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from flask import Flask

import webhooks
from connectors import catalogues, database, keys, logs, mail, shopify, woocommerce
from connectors.hooks import Hooks
from core.access.entrance import Entrance
from core.errors import ConfigurationError, CredentialsRevoked
from core.facts import Incoming
from core.house import House, Story
from core.planning import wake_ups
from core.ports.books import Books
from core.ports.clockwork import Clock
from core.ports.connector import ShopConnector
from core.records import IncomingRecord, Shop
from core.settings import Settings, read
from core.snapshots import ShopProfile
from pages import rooms
from pages.customer_links import customer_link, unsubscribe_link
from worker import bell, leases
from worker.approvals import Approvals, StoreDoor
from worker.errands import Address, Errands
from worker.loop import Worker

HERE = Path(__file__).parent
DEMO_SUPPLIER = "River Clay Works"
RENEWAL = timedelta(seconds=45)
"""Longer than one call for a new key may take, and soon over when its process dies in it."""
SUPPORTS = {"shopify": shopify.SUPPORT, "woocommerce": woocommerce.SUPPORT}


def furnish(app: Flask, *, now: Clock | None = None, story: Story | None = None, **changes: Any) -> House:  # noqa: ANN401  # settings by name
    """Return the app's house, made once: database migrated, pages and webhooks open.

    `now`, `story` and changed settings are given by the demo.
    """
    if "backorder" not in app.extensions:
        settings = replace(settings_of(app), **changes)
        database.migrate.upgrade(settings.database_url)
        if "base_url" in settings.sources:
            # A forged Host must not end up in our links; a loopback name is the container's own health check.
            app.config["TRUSTED_HOSTS"] = [urlsplit(settings.external).hostname or "", "127.0.0.1", "localhost"]
        app.extensions["backorder"] = house = furnished_with(settings, now or machine_time, story)
        app.extensions["hands"] = lambda: Worker(house, name=worker_name())
        rooms.register(app)
        webhooks.register(app)
    made: House = app.extensions["backorder"]
    return made


def worker_name() -> str:
    """Return a name that no other worker bears: containers on the host's network share its name, and their numbers."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


def settings_of(app: Flask) -> Settings:
    """Return the settings, with keys of our own making where none are given."""
    document = _document(HERE / "backorder.toml")
    settings = read(app.config["BACKORDER_ENVIRONMENT"], document, lambda path: Path(path).read_text("utf-8"))
    made = keys.kept(
        Path(app.instance_path), secret_key=settings.secret_key.strip(", "), encryption=settings.encryption_keys
    )
    url = settings.database_url or f"sqlite:///{Path(app.instance_path) / 'backorder.db'}"
    base = settings.base_url or f"http://127.0.0.1:{app.config['BACKORDER_ENVIRONMENT'].get('PORT', '8000')}"
    return replace(settings, secret_key=made[0], encryption_keys=made[1], database_url=url, base_url=base)


def demo(app: Flask, *, seed: int, story: str, speed: float, port: int) -> None:
    """Serve the demo until it is interrupted: two simulated shops connected to a service on a database of its own."""
    # Not before: a real installation never loads the simulated shops.
    from connectors.simulator.demo import set_stage  # noqa: PLC0415
    from pages.commands.showing import show  # noqa: PLC0415

    with TemporaryDirectory(prefix="backorder-demo-") as folder:
        stage = set_stage(seed=seed, story=story, speed=speed, enter_supply=lambda side, row: enter(app, side, row))
        house = furnish(
            app, now=stage.clock.now, story=stage.story, database_url=f"sqlite:///{folder}/demo.db",
            base_url=f"http://127.0.0.1:{port}", allow_private_stores="1", log_level="ERROR",
            shopify_client_secret=stage.shopify_secret, shopify_origin=stage.shopify.url + "/{shop}",
        )  # fmt: skip
        try:
            show(app, house, stage, app.extensions["hands"](), port)
        finally:
            stage.close()
            house.books.close()


def enter(app: Flask, side: str, row: Incoming) -> None:
    """Enter incoming supply as the merchant would on our page."""
    house: House = app.extensions["backorder"]
    with house.books.write() as unit:
        for shop in unit.shops.all():
            if shop.platform == side:
                place = shop.places[0].id if shop.places else row.location
                known = IncomingRecord(shop=shop.id, incoming=replace(row, location=place), supplier=DEMO_SUPPLIER)
                unit.supply.put(known)
                wake_ups.replan(unit, shop.id, at=machine_time())


def furnished_with(settings: Settings, now: Clock, story: Story | None) -> House:
    """Plug the rooms together."""
    logs.set_up(settings.log_level)
    books = database.open_books(settings.database_url, encryption_keys=settings.encryption_keys, ring=bell.ring)
    addresses = {
        "shopify": partial(shopify_address, settings),
        "woocommerce": partial(woocommerce_address, settings),
    }
    made: list[House] = []
    house = House(
        settings=settings, books=books, now=now, open_shop=partial(open_shop, settings, books),
        desk=Errands(lambda: made[0], addresses, {"woocommerce": store_proof(settings)}),
        supports=SUPPORTS, story=story,
        approvals=Approvals(lambda: made[0], store_door(settings)),
        entrances=entrances(settings), hooks=Hooks(allow_private=settings.private_stores),
        words=catalogues.merchant_words,
        bounces=mail.open_mailbox(settings.bounces_url),
        post=mail.open_office(
            settings.smtp_url, link=partial(customer_link, settings), unsubscribe=partial(unsubscribe_link, settings)
        ),
    )  # fmt: skip
    made.append(house)
    return house


def open_shop(settings: Settings, books: Books, shop: Shop) -> ShopConnector:
    """Return the connector of one shop with its credentials."""
    with books.read() as unit:
        credentials = unit.shops.credentials(shop.id)
    # A shop that removed us still sends demands about personal data: only its keys are gone, its words are understood.
    if not credentials and shop.state != "uninstalled":
        raise CredentialsRevoked(f"{shop.domain}: no credentials are kept: connect the shop again")
    if shop.platform == "woocommerce":
        return woocommerce.open(
            origin=shop.origin, credentials=credentials, allow_private=settings.private_stores,
            now=machine_time, features=shop.features, currency=shop.currency or None,
        )  # fmt: skip

    def keep(renewed: Mapping[str, str]) -> None:
        with books.write() as unit:
            stored = unit.shops.credentials(shop.id)
            # Erased in the meantime (uninstalled): a renewal that was under way must not bring them back.
            if stored:
                unit.shops.put_credentials(shop.id, {**stored, **renewed})

    def reload() -> Mapping[str, str]:
        with books.read() as unit:
            return unit.shops.credentials(shop.id)

    return shopify.open(
        domain=shop.domain, origin=shop.origin, api_version=settings.shopify_api_version,
        credentials=credentials, keep=keep, now=machine_time, reload=reload, app=shopify_app(settings),
        alone=partial(leases.alone, books, f"renewal {shop.id}", term=RENEWAL, patience=RENEWAL),
    )  # fmt: skip


def shopify_app(settings: Settings) -> shopify.App:
    """Return the Shopify app that is set up here."""
    return shopify.App(client_id=settings.shopify_client_id, secrets=settings.shopify_secrets)


def entrances(settings: Settings) -> dict[str, Entrance]:
    """Return the ways in at the platforms where an app is set up."""
    app = shopify_app(settings)
    if not (app.client_id and app.secrets):
        return {}
    # Not before: the platform's own libraries are for installations whose app it is.
    from connectors.shopify.entrance import Entrance as ShopifyEntrance  # noqa: PLC0415

    def origin(domain: str) -> str:
        return settings.shopify_origin.replace("{shop}", domain)

    return {"shopify": ShopifyEntrance(app=app, origin=origin, now=machine_time)}


def machine_time() -> datetime:
    """Return the real time, which dates reads and tokens; business time may be simulated."""
    return datetime.now(UTC)


def shopify_address(settings: Settings, text: str) -> Address:
    """Return where a Shopify shop answers: its domain put into the configured origin."""
    domain = shopify.shop_domain(text)
    return Address(
        shop=domain.split(".", 1)[0], domain=domain, origin=settings.shopify_origin.replace("{shop}", domain)
    )


def woocommerce_address(settings: Settings, text: str) -> Address:
    """Return where a WooCommerce store answers; its id is made of host, port and path."""
    origin = woocommerce.store_address(text, allow_private=settings.private_stores)
    parts = urlsplit(origin)
    domain = (parts.netloc + parts.path).rstrip("/")
    shop = "".join(sign if sign.isalnum() and sign.isascii() else "-" for sign in domain.lower()).strip("-")
    return Address(shop=shop, domain=domain, origin=origin)


def store_proof(settings: Settings) -> Callable[[str, Mapping[str, str]], ShopProfile]:
    """Return what reads a store's profile with keys that are kept nowhere yet."""
    return partial(woocommerce.approval.prove, allow_private=settings.private_stores)


def store_door(settings: Settings) -> StoreDoor:
    """Return what approvals need of the platform whose stores hand their keys over."""
    allow, door = settings.private_stores, woocommerce.approval
    return StoreDoor(
        platform="woocommerce", address=partial(woocommerce_address, settings), page=door.page_of,
        handed=door.handed, look=partial(door.look, allow_private=allow), prove=store_proof(settings),
    )  # fmt: skip


def _document(path: Path) -> dict[str, object]:
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as problem:
        raise ConfigurationError(f"backorder.toml: cannot be read: {problem}") from problem
