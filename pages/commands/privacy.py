"""Handing out and forgetting what is kept of a customer, or of a whole shop."""

import json

import click

from pages.commands.speaking import Command, furnished, plainly, shop_named, stop
from pages.visitor import ACTOR

customer_option = click.option("--customer", help="The customer's id at the platform.")
email_option = click.option("--email", help="The customer's e-mail address.")
order_option = click.option("--order", "orders", multiple=True, help="An order's platform id; may be repeated.")


@click.command("export", cls=Command)
@click.argument("shop")
@customer_option
@email_option
@order_option
@plainly
def export(shop: str, customer: str | None, email: str | None, orders: tuple[str, ...]) -> None:
    """Print what is kept, one JSON object a line: of one customer, or of the whole shop when nobody is named."""
    house = furnished()
    found = shop_named(house, shop)
    with house.books.read() as unit:
        for table, row in unit.retention.export(found.id, orders=orders, customer=customer, email=email):
            click.echo(json.dumps({"table": table, **row}, ensure_ascii=False))


@click.command("forget", cls=Command)
@click.argument("shop")
@customer_option
@email_option
@order_option
@plainly
def forget(shop: str, customer: str | None, email: str | None, orders: tuple[str, ...]) -> None:
    """Blank a customer everywhere and for good; quantities stay. `disconnect SHOP --erase` forgets a whole shop."""
    if not (customer or email or orders):
        stop("name whom to forget: --customer ID, --email ADDRESS or --order ID", 2)
    house = furnished()
    found = shop_named(house, shop)
    with house.books.write() as unit:
        number = unit.orders.redact(found.id, orders, customer, email)
        unit.audit.write(shop=found.id, at=house.now(), actor=ACTOR, what="a customer's personal data was blanked")
    click.echo(f"Blanked in {number} order{'' if number == 1 else 's'}.")


COMMANDS = (export, forget)
