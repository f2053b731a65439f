"""Opening the demo to its visitor: connect both shops, print the address, play."""

import threading
from dataclasses import replace
from typing import Protocol

import click
import waitress
from flask import Flask

from core.house import House
from core.shop_policy import merge
from pages.commands.shops import sign_in_link

ACTING = {"mode": "act", "offers": {"enabled": True, "min_wait_days": 7}, "notices": {"enabled": True}}
POLICY = {"shopify": ACTING, "woocommerce": {**ACTING, "fulfil": "create"}}


class Serving(Protocol):
    """A simulated shop's server."""

    url: str


class Playing(Protocol):
    """The story's beginning."""

    def start(self) -> None:
        """Play on a thread of its own."""


class Stage(Protocol):
    """What the demo brings: where its shops answer and how to open them."""

    shopify_domain: str
    shopify_credentials: dict[str, str]
    woocommerce_credentials: dict[str, str]

    @property
    def woocommerce(self) -> Serving:
        """The store's server."""

    @property
    def story(self) -> Playing:
        """The story to play."""


class Hands(Protocol):
    """The worker."""

    def run(self) -> None:
        """Work until stopped."""

    def stop(self) -> None:
        """End after the work in hand."""


def show(app: Flask, house: House, stage: Stage, hands: Hands, port: int) -> None:
    """Serve until interrupted. The web answers before the shops are connected: they ping it."""
    server = waitress.create_server(app, host="127.0.0.1", port=port, threads=16)
    threading.Thread(target=server.run, daemon=True).start()
    shops = [
        house.desk.connect("shopify", stage.shopify_domain, stage.shopify_credentials),
        house.desk.connect("woocommerce", stage.woocommerce.url, stage.woocommerce_credentials),
    ]
    for shop in shops:
        _set_policy(house, shop.id, shop.platform)
    worker = threading.Thread(target=hands.run, daemon=True)
    worker.start()
    stage.story.start()
    link = sign_in_link(house, *(shop.id for shop in shops))
    click.echo(f"Two simulated shops are open: {', '.join(shop.name for shop in shops)}. Nothing leaves this machine.")
    click.echo("Time runs: a day takes 20 seconds. --speed 0 freezes it, --seed 7 replays the same story.")
    click.echo(f"Open  {link}   (works once)")
    try:
        worker.join()
    except KeyboardInterrupt:
        click.echo("The demo ends.")
    finally:
        hands.stop()
        server.close()


def _set_policy(house: House, shop_id: str, platform: str) -> None:
    with house.books.write() as unit:
        shop = unit.shops.get(shop_id)
        if shop is not None:
            unit.shops.save(replace(shop, policy=merge(shop.policy, POLICY[platform])))
