"""Opening the demo to its visitor: connect both shops, print the address, play."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Protocol

import click
import waitress
from flask import Flask
from waitress import wasyncore

from core.house import House
from core.policy.reading import merge
from pages.commands.framing import be_strict
from pages.commands.shops import sign_in_link

LADDER = [{"days": 7, "percent": 3}, {"days": 21, "percent": 10}, {"after": "late", "days": 5, "percent": 5}]
OFFERS = {
    "enabled": True,
    "min_wait_days": 7,
    "ladder": LADDER,
    "per_order": 2,
    "monthly_budget": "100",
    "hold_out": "0.1",
}
GENEROUS = {"offers": OFFERS, "notices": {"enabled": True}}
SECONDS_TO_END = 10
POLL_SECONDS = 0.5
POLICY = {"shopify": GENEROUS, "woocommerce": {**GENEROUS, "fulfil": "create"}}


class Serving(Protocol):
    """A simulated shop's server."""

    url: str


class Playing(Protocol):
    """The story's beginning."""

    def start(self) -> None:
        """Play on a thread of its own."""


class Pacing(Protocol):
    """The demo's clock."""

    def pace(self) -> str:
        """Return how fast time runs, as a sentence."""


class Stage(Protocol):
    """What the demo brings: where its shops answer and how to open them."""

    seed: int
    shopify_domain: str
    shopify_credentials: dict[str, str]
    woocommerce_credentials: dict[str, str]

    @property
    def clock(self) -> Pacing:
        """The clock."""

    @property
    def woocommerce(self) -> Serving:
        """The store's server."""

    @property
    def story(self) -> Playing:
        """The story to play."""

    def close(self) -> None:
        """End the story and close the shops; closing twice does nothing."""


class Hands(Protocol):
    """The worker."""

    def run(self) -> None:
        """Work until stopped."""

    def stop(self) -> None:
        """End after the work in hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """A demo that is open: the shops' names, the link that opens both, and the thread that works."""

    shops: tuple[str, ...]
    link: str
    worker: threading.Thread


def show(app: Flask, house: House, stage: Stage, hands: Hands, port: int) -> None:
    """Serve until interrupted, and say on standard output how to get in."""
    with opened(app, house, stage, hands, port) as showing:
        click.echo(f"Two simulated shops are open: {', '.join(showing.shops)}. Nothing leaves this machine.")
        click.echo(f"{stage.clock.pace()} --speed changes that; --seed {stage.seed} plays this story again.")
        click.echo(f"Open  {showing.link}   (works once)")
        try:
            showing.worker.join()
        except KeyboardInterrupt:
            click.echo("The demo ends.")


@contextmanager
def opened(app: Flask, house: House, stage: Stage, hands: Hands, port: int) -> Iterator[Showing]:
    """Serve the demo while the block runs. The web answers before the shops are connected: they ping it."""
    worker = threading.Thread(target=hands.run, daemon=True)
    with _served(app, port):
        try:
            shops = (
                house.desk.connect("shopify", stage.shopify_domain, stage.shopify_credentials, mode="act"),
                house.desk.connect("woocommerce", stage.woocommerce.url, stage.woocommerce_credentials, mode="act"),
            )
            for shop in shops:
                _set_policy(house, shop.id, shop.platform)
            worker.start()
            stage.story.start()
            link = sign_in_link(house, *(shop.id for shop in shops))
            yield Showing(shops=tuple(shop.name for shop in shops), link=link, worker=worker)
        finally:
            hands.stop()
            if worker.is_alive():
                worker.join(timeout=SECONDS_TO_END)
            # Before the web ends: the shops would go on posting webhooks to a door that is gone.
            stage.close()


@contextmanager
def _served(app: Flask, port: int) -> Iterator[None]:
    """Answer on the port while the block runs; requests in hand are finished."""
    sockets: dict[int, object] = {}
    ended = threading.Event()
    be_strict()
    server = waitress.create_server(app, map=sockets, host="127.0.0.1", port=port, threads=16)

    def answer() -> None:
        while not ended.is_set():
            wasyncore.loop(timeout=POLL_SECONDS, use_poll=True, map=sockets, count=1)

    web = threading.Thread(target=answer, daemon=True)
    web.start()
    try:
        yield
    finally:
        server.task_dispatcher.shutdown(timeout=SECONDS_TO_END)
        ended.set()
        server.pull_trigger()
        web.join(timeout=SECONDS_TO_END)
        wasyncore.close_all(sockets, ignore_all=True)


def _set_policy(house: House, shop_id: str, platform: str) -> None:
    with house.books.write() as unit:
        shop = unit.shops.get(shop_id)
        if shop is not None:
            unit.shops.save(replace(shop, policy=merge(shop.policy, POLICY[platform])))
