"""Connecting, comparing, leaving, and letting people and scripts in."""

import json
import secrets
from datetime import UTC, datetime, timedelta

import click

from core.access.people import digest
from core.house import House
from core.policy.shop_policy import Mode
from pages.commands import progress
from pages.commands.speaking import Command, Group, environment, furnished, plainly, shop_named, stop
from pages.tokens import new_token

FIRST_SHOP = datetime(2000, 1, 1, tzinfo=UTC)
LINK_LIFE = timedelta(minutes=30)
mode_option = click.option("--mode", type=click.Choice(["observe", "act"]), help="A shop starts in observe mode.")


@click.group(cls=Group, no_args_is_help=False)
def connect() -> None:
    """Connect a shop of your own."""


@connect.command("shopify")
@click.argument("shop")
@click.option("--token", help="An Admin API access token; or set BACKORDER_SHOPIFY_TOKEN.")
@click.option("--client-credentials", is_flag=True, help="Get tokens with the app's client id and secret.")
@mode_option
@plainly
def connect_shopify(shop: str, token: str | None, *, client_credentials: bool, mode: Mode | None) -> None:
    """Connect a Shopify shop, by a token or by the app's own credentials."""
    if not client_credentials:
        token = token or environment().get("BACKORDER_SHOPIFY_TOKEN")
    if bool(token) == client_credentials:
        stop("give either --token TOKEN or --client-credentials", 2)
    house = furnished()
    given = {"grant": "token", "access_token": token or ""}
    if client_credentials:
        if not (house.settings.shopify_client_id and house.settings.shopify_secrets):
            stop("set BACKORDER_SHOPIFY_CLIENT_ID and BACKORDER_SHOPIFY_CLIENT_SECRET first")
        given = _the_apps_own(house)
    connected = house.desk.connect("shopify", shop, given, mode=mode)
    click.echo(json.dumps({"shop": connected.id, "login": sign_in_link(house, connected.id)}))


@connect.command("woocommerce")
@click.argument("url")
@click.option("--key", required=True, help="The consumer key, ck_...")
@click.option("--secret", required=True, help="The consumer secret, cs_...")
@mode_option
@plainly
def connect_woocommerce(url: str, key: str, secret: str, mode: Mode | None) -> None:
    """Connect a WooCommerce store, by a REST key with read and write permission."""
    house = furnished()
    connected = house.desk.connect("woocommerce", url, {"consumer_key": key, "consumer_secret": secret}, mode=mode)
    door = f"{house.settings.external}/webhooks/woocommerce/{connected.id}"
    told = {"shop": connected.id, "login": sign_in_link(house, connected.id), "webhooks": door}
    click.echo(json.dumps(told))


@click.command("disconnect", cls=Command)
@click.argument("shop")
@click.option("--erase", is_flag=True, help="Also delete everything stored about the shop.")
@plainly
def disconnect(shop: str, *, erase: bool) -> None:
    """Remove our tags, holds, metadata and webhooks from a shop."""
    house = furnished()
    found = shop_named(house, shop)
    farewell = house.desk.disconnect(found, erase=erase)
    said = {"shop": found.id, "orders_cleaned": farewell.cleaned, "not_removed": dict(farewell.left), "erased": erase}
    click.echo(json.dumps(said))


@click.command("rotate-webhooks", cls=Command)
@click.argument("shop")
@plainly
def rotate_webhooks(shop: str) -> None:
    """Give a shop's webhooks a new secret."""
    house = furnished()
    found = shop_named(house, shop)
    house.desk.rotate_secret(found)
    click.echo(json.dumps({"shop": found.id, "rotated": True}))


@click.command("sync", cls=Command)
@click.argument("shop")
@click.option("--since", help="Look at changes since this date (YYYY-MM-DD).")
@plainly
def sync(shop: str, since: str | None) -> None:
    """Compare with the shop now and print what differed."""
    begin = _day(since)
    house = furnished()
    found = shop_named(house, shop)
    with progress.shown(house, found):
        report = house.desk.sync(found, since=begin)
    click.echo(json.dumps({"orders": report.orders, "items": report.items, "webhooks": report.webhooks}))


@click.command("api-token", cls=Command)
@click.argument("shop")
@click.option("--read-only", is_flag=True, help="The token changes nothing.")
@click.option("--name", default="", help="What uses it, as the page of tokens shows it.")
@plainly
def api_token(shop: str, *, read_only: bool, name: str) -> None:
    """Print a new token for the JSON API of one shop."""
    house = furnished()
    found = shop_named(house, shop)
    with house.books.write() as unit:
        token = new_token(unit, found.id, scope="read" if read_only else "write", name=name)
    click.echo(token)


@click.command("login-link", cls=Command)
@click.argument("shop")
@click.option("--forget-second-factor", is_flag=True, help="For a lost device: the link alone signs in again.")
@plainly
def login_link(shop: str, *, forget_second_factor: bool) -> None:
    """Print a sign-in link that works once."""
    house = furnished()
    found = shop_named(house, shop)
    if forget_second_factor:
        with house.books.write() as unit:
            # The link lets in whoever has no name: an owner switches off those of the others on the page People.
            if unit.second_factors.end(found.id, ""):
                what = "switched somebody's second factor off"
                unit.audit.write(shop=found.id, at=house.now(), actor="operator", what=what, detail={"person": ""})
    click.echo(sign_in_link(house, found.id))


def _the_apps_own(house: House) -> dict[str, str]:
    """Return credentials with which a token is fetched before the first call: theirs has expired already."""
    return {
        "grant": "client_credentials",
        "client_id": house.settings.shopify_client_id,
        "client_secret": house.settings.shopify_secrets[0],
        # Never sent. Each is another one, so that no earlier token is taken for its successor.
        "access_token": f"none-yet-{secrets.token_hex(8)}",
        "expires_at": datetime.fromtimestamp(0, UTC).isoformat(),
    }


def sign_in_link(house: House, *shops: str) -> str:
    """Return a fresh one-use link that opens these shops."""
    tokens = [secrets.token_urlsafe(24) for _ in shops]
    with house.books.write() as unit:
        for shop, token in zip(shops, tokens, strict=True):
            unit.access.add_link(shop=shop, link_hash=digest(token), expires_at=datetime.now(UTC) + LINK_LIFE)
    return f"{house.settings.external}/login?login={','.join(tokens)}"


def _day(text: str | None) -> datetime | None:
    """Return the instant that was typed; a bare date is its start in UTC."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        stop(f"--since: {text!r} is not a date such as 2026-11-01", 2)
    # No shop is older; and near year 1 there would be no room for the overlap.
    return max(FIRST_SHOP, moment if moment.tzinfo else moment.replace(tzinfo=UTC))


COMMANDS = (connect, disconnect, rotate_webhooks, sync, api_token, login_link)
