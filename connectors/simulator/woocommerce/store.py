"""One simulated store, put together: state, API, webhooks, faults, journal, shoppers and staff."""

import time
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from connectors.simulator.faults import Faults
from connectors.simulator.hooks import WOOCOMMERCE_RETRIES, Hooks
from connectors.simulator.journal import Journal
from connectors.simulator.serving import Server, serve
from connectors.simulator.woocommerce.app import StoreApp
from connectors.simulator.woocommerce.back_office import BackOffice
from connectors.simulator.woocommerce.rows import Key
from connectors.simulator.woocommerce.state import State
from connectors.simulator.woocommerce.storefront import Storefront
from connectors.simulator.woocommerce.wc_auth import OWNER, Consent
from connectors.simulator.woocommerce.webhooks import Announcer

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication


class WooCommerceStore(Storefront, BackOffice):
    """A WooCommerce store that answers as a real one does.

    `now` is the store's time (for the demo, simulated); `wall` checks the clients' signatures and is real.
    `home` is the store's own address; unset, it is learned from the first request. `legacy`: orders kept as posts.
    `http_callbacks`: the consent page also posts keys to plain http, for a service without a certificate.
    `timezone` is a place or a fixed offset such as `+05:30`; `custom_statuses` are those of plug-ins.
    `version` 10.2 wraps its answers about fulfilments in an object.
    """

    def __init__(
        self,
        *,
        consumer_key: str,
        consumer_secret: str,
        name: str = "Example Store",
        currency: str = "USD",
        timezone: str = "America/New_York",
        now: Callable[[], datetime],
        seed: int = 0,
        fulfillments: bool = False,
        legacy: bool = False,
        decimals: int = 2,
        version: str = "10.5.0",
        home: str = "",
        backordered_key: str = "Backordered",
        custom_statuses: tuple[str, ...] = (),
        http_callbacks: bool = False,
        wall: Callable[[], float] = time.time,
        webhook_timeout: float = 5.0,
    ) -> None:
        self.state = State(
            name=name,
            currency=currency,
            timezone=timezone,
            clock=now,
            seed=seed,
            fulfillments_on=fulfillments,
            legacy=legacy,
            decimals=decimals,
            version=version,
            home=home.rstrip("/"),
            backordered_key=backordered_key,
            custom_statuses=list(custom_statuses),
        )
        self.state.keys[consumer_key] = Key(
            id=self.state.new_id("key"),
            consumer_key=consumer_key,
            consumer_secret=consumer_secret,
            permissions="read_write",
            user_id=OWNER,
        )
        self.faults = Faults(seed=seed)
        self.journal = Journal()
        # One sender: the platform's queue delivers in turn, so one slow receiver holds up all others.
        self.hooks = Hooks(
            retries=WOOCOMMERCE_RETRIES, now=now, disabled=self._disable, seed=seed, timeout=webhook_timeout, senders=1
        )
        self._announcer = Announcer(self.state, self.hooks, wall)
        self.state.fire = self._announcer.fire
        self.wsgi: WSGIApplication = StoreApp(
            state=self.state,
            faults=self.faults,
            journal=self.journal,
            consent=Consent(self.state, http_callbacks=http_callbacks),
            wall=wall,
        )

    def open(self, *, port: int = 0, threads: int = 8) -> Server:
        """Serve the store on a local port and take that as its own address."""
        server = serve(self.wsgi, port=port, threads=threads)
        self.state.home = server.url
        return server

    def _disable(self, subscription: str) -> None:
        self._announcer.disable(subscription)
