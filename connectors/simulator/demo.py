"""Everything of the demo that is not the service itself: two shops on local ports, a clock and a story."""

from dataclasses import dataclass, field
from datetime import datetime

from connectors.simulator.demo_clock import DemoClock
from connectors.simulator.people import EnterSupply, ShopifyPeople, WooCommercePeople
from connectors.simulator.script import STORIES, script
from connectors.simulator.serving import Server, serve
from connectors.simulator.shopify import ShopifyShop
from connectors.simulator.story import DemoStory
from connectors.simulator.woocommerce import WooCommerceStore
from core.errors import Misuse

DOMAIN = "harbour-outfitters.myshopify.com"
SHOPIFY_TOKEN = "demo-access-token"  # noqa: S105  # opens a simulated shop on this machine only
SHOPIFY_SECRET = "demo-app-secret"  # noqa: S105  # the same
POINTS_A_SECOND = 2000.0
CONSUMER_KEY = "ck_demo"
CONSUMER_SECRET = "cs_demo"  # noqa: S105  # the same


@dataclass(slots=True, kw_only=True)
class Stage:
    """The two shops, open on local ports, and the story that will be played on them."""

    seed: int
    clock: DemoClock
    story: DemoStory
    shopify: Server
    woocommerce: Server
    shops: tuple[ShopifyShop, WooCommerceStore] = field(repr=False)

    shopify_domain: str = DOMAIN
    shopify_secret: str = SHOPIFY_SECRET
    shopify_credentials: dict[str, str] = field(
        default_factory=lambda: {"grant": "token", "access_token": SHOPIFY_TOKEN}, repr=False
    )
    woocommerce_credentials: dict[str, str] = field(
        default_factory=lambda: {"consumer_key": CONSUMER_KEY, "consumer_secret": CONSUMER_SECRET}, repr=False
    )

    def close(self) -> None:
        """End the story and close the shops."""
        self.story.stop()
        for hooks in (self.shops[0].hooks, self.shops[1].hooks):
            hooks.close()
        for server in (self.shopify, self.woocommerce):
            server.close()


def set_stage(
    *, seed: int, story: str, speed: float, enter_supply: EnterSupply, start: datetime | None = None
) -> Stage:
    """Open both shops with stocked shelves; the story begins now, or at `start`. Raises Misuse on an unknown story."""
    if story not in STORIES:
        raise Misuse(f"--story: must be one of {', '.join(STORIES)}")
    clock = DemoClock(speed=speed, start=start)
    shopify = ShopifyShop(
        domain=DOMAIN, access_token=SHOPIFY_TOKEN, client_id="demo", client_secret=SHOPIFY_SECRET,
        name="Harbour Outfitters", currency="EUR", timezone="Europe/Berlin", now=clock.now, seed=seed,
    )  # fmt: skip
    # The platform's largest plan: at a high speed, days of calls fall into seconds.
    shopify.bucket.set(POINTS_A_SECOND)
    store = WooCommerceStore(
        consumer_key=CONSUMER_KEY, consumer_secret=CONSUMER_SECRET, name="Quiet Kiln Pottery", currency="USD",
        now=clock.now, seed=seed, fulfillments=True,
    )  # fmt: skip
    people = (ShopifyPeople(shopify), WooCommercePeople(store, enter_supply))
    told = DemoStory(clock=clock, people=people, events=script(seed, story))
    told.stock_the_shelves()
    server = serve(shopify.wsgi)
    return Stage(seed=seed, clock=clock, story=told, shopify=server, woocommerce=store.open(), shops=(shopify, store))
