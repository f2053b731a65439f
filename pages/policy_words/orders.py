"""Settings about orders: who is served first, what leaves before the rest, very large ones, cancelling."""

from pages.languages import later
from pages.policy_words.fields import CURRENCY, Field, Group

SERVED_FIRST = Group(
    key="served_first",
    title=later("Who is served first"),
    intro=later("When there is too little for everybody, this decides who gets the units on hand."),
    fields=(
        Field(
            key="allocation",
            kind="choice",
            label=later("Share scarce units by"),
            options=(
                ("first_come", later("First come, first served: the oldest order gets the first unit")),
                ("tiers", later("Tiers, then first come: orders with a better tier go first")),
                ("completion_first", later("Complete orders first: as many whole orders as possible")),
                ("fair_share", later("A fair share for everyone")),
            ),
        ),
        Field(
            key="tiers_by_tag",
            kind="tiers",
            label=later("Tiers by the shop's order tags"),
            help=later(
                "One a line, such as vip = -1. Lower numbers go first; orders without such a tag have tier 0. "
                "Only used when units are shared by tiers."
            ),
        ),
        Field(
            key="release",
            kind="choice",
            label=later("Units of orders that cannot leave yet"),
            options=(
                ("need_date", later("Lend them to others when new stock covers them in time (nobody is served later)")),
                ("strict", later("Keep them for their order")),
            ),
        ),
        Field(
            key="lending_age_days",
            kind="number",
            label=later("An order lends nothing any more once it is older than"),
            unit=later("days"),
            help=later("0: orders of any age lend. Nothing is lent against a delivery that is overdue."),
        ),
    ),
)

PARTS = Group(
    key="parts",
    title=later("Shipping a part"),
    intro=later("What is in stock can leave before the rest, where a second parcel is worth it."),
    fields=(
        Field(key="ship_part.enabled", kind="tick", label=later("Ship what is ready before the rest")),
        Field(
            key="ship_part.min_part_value",
            kind="text",
            label=later("Only when the part is worth at least"),
            unit=CURRENCY,
            help=later("0 ships every part."),
        ),
        Field(
            key="ship_part.min_fill_share",
            kind="text",
            label=later("Only when it is at least this share of the order"),
            help=later("From 0 to 1, by value: 0.25 is a quarter of what is still to ship."),
        ),
        Field(
            key="ship_part.min_units",
            kind="number",
            label=later("Of one item, send at least"),
            unit=later("units at a time"),
        ),
        Field(key="ship_part.max_parcels", kind="number", label=later("At most"), unit=later("parcels for one order")),
        Field(
            key="ship_part.parcel_cost",
            kind="text",
            label=later("A second parcel costs about"),
            unit=CURRENCY,
            help=later("Then a part leaves only where letting it wait would cost more. 0: nothing is weighed."),
        ),
        Field(
            key="ship_part.margin",
            kind="text",
            label=later("Your margin, as a share of the price"),
            help=later("From 0 to 1: 0.4 is 40 %. What you lose when a customer cancels because it takes too long."),
        ),
        Field(
            key="ship_part.day_price",
            kind="text",
            label=later("A day of waiting costs"),
            unit=CURRENCY,
            help=later("Beside the risk of losing the order: good will, for instance."),
        ),
        Field(
            key="ship_part.day_price_by_tag",
            kind="amounts",
            label=later("A day costs more for the order tags"),
            help=later("One a line, such as vip = 1.50."),
        ),
        Field(
            key="together_by_tag",
            kind="text",
            label=later("Never split orders with the tag"),
            help=later("Put this tag on an order in the shop, and it leaves in one parcel."),
        ),
        Field(
            key="choices.ship_ready",
            kind="tick",
            label=later("Where it waits for the rest, its customer may have it first"),
            help=later("A button on the customer's page, at no cost to them."),
        ),
        Field(
            key="choices.swap",
            kind="tick",
            label=later("Customers may swap what waits for a substitute in stock"),
            help=later(
                "For items that list substitutes, on the customer's page. They pay no more for a dearer one and get "
                "the difference back for a cheaper one."
            ),
        ),
        Field(
            key="fulfil",
            kind="choice",
            label=later("Who ships the part"),
            options=(
                ("hold_and_release", later("Your people or warehouse: we hold what waits, they ship what is not held")),
                ("create", later("We record the part as shipped in the shop (cannot be undone)")),
            ),
        ),
        Field(
            key="parcels.notify_customer",
            kind="tick",
            label=later("The shop writes to the customer about such a part"),
        ),
        Field(
            key="parcels.carrier",
            kind="text",
            label=later("It leaves with"),
            help=later("The carrier's name; may be empty."),
        ),
        Field(
            key="parcels.tracking_number",
            kind="text",
            label=later("Its tracking number or reference"),
            help=later("{order} stands for the order's name, {parcel} for the parcel's place in it: {order}-{parcel}."),
        ),
        Field(
            key="parcels.tracking_url",
            kind="text",
            label=later("Where it can be followed"),
            help=later("{number} stands for the number: https://track.example.com/?ref={number}. May be empty."),
        ),
    ),
)

LARGE = Group(
    key="large",
    title=later("Very large orders"),
    intro=later("One order that would empty the shelf can be looked at differently."),
    fields=(
        Field(key="large_order.enabled", kind="tick", label=later("Treat very large orders differently")),
        Field(
            key="large_order.share",
            kind="text",
            label=later("Large is more than this share of the stock on hand"),
            help=later(
                "From 0 to 1: 0.5 is half of the stock. Empty: not looked at. Any test that is exceeded makes an "
                "order large."
            ),
        ),
        Field(
            key="large_order.share_of_atp",
            kind="text",
            label=later("Or more than this share of what can be promised"),
            help=later("Stock and dated supply, less what earlier orders want. From 0 to 1; empty: not looked at."),
        ),
        Field(
            key="large_order.times_usual",
            kind="text",
            label=later("Or more than so many times the usual largest"),
            help=later("95 of 100 past orders of the item are smaller. Empty: not looked at."),
        ),
        Field(
            key="large_order.days_of_cover",
            kind="number",
            label=later("Or more than the item sells in"),
            unit=later("days"),
            help=later("0: not looked at."),
        ),
        Field(
            key="large_order.min_units", kind="number", label=later("A line is never large below"), unit=later("units")
        ),
        Field(
            key="large_order.answer",
            kind="choice",
            label=later("Then"),
            options=(
                ("accept", later("Serve it like any other")),
                ("schedule", later("Take it and keep the date that the supply gives; ask me where there is none")),
                ("cap", later("Serve that share now; the rest keeps its place")),
                ("counter", later("Offer the customer choices with prices; they expire")),
                ("review", later("Ask me")),
                ("decline", later("Ask me, and suggest to decline it; or cancel it at once, see Cancelling")),
            ),
        ),
        Field(
            key="large_order.offer_days",
            kind="number",
            label=later("An offer to its customer stands"),
            unit=later("days"),
        ),
        Field(
            key="large_order.second_freight",
            kind="text",
            label=later("A second parcel costs the customer"),
            unit=CURRENCY,
        ),
    ),
)

CANCELLING = Group(
    key="cancelling",
    title=later("Cancelling"),
    intro=later(
        "You can cancel an order, or what waits of it, on its page. It is carried out in the shop and cannot be undone."
    ),
    fields=(
        Field(key="cancelling.by_customer", kind="tick", label=later("Customers may cancel what waits on their page")),
        Field(
            key="choices.undo_minutes",
            kind="number",
            label=later("They may change their mind for"),
            unit=later("minutes"),
            help=later("The units are kept meanwhile and do not leave; the shop is told afterwards. 0: told at once."),
        ),
        Field(
            key="choices.withdraw",
            kind="tick",
            label=later('Consumers in the EU find "Withdraw from contract here" there'),
            help=later(
                "The function that EU law asks of shops: a step that confirms, and a receipt by mail. What has not "
                "left is cancelled and refunded; what has left needs you. Shown where the wording of messages was "
                "approved and mail leaves, and not on orders with the tag that exempts from the delay laws."
            ),
        ),
        Field(
            key="choices.withdraw_days",
            kind="number",
            label=later("It is there after delivery for"),
            unit=later("days"),
            help=later("14 by law; more where you promise more."),
        ),
        Field(
            key="cancelling.declined",
            kind="tick",
            label=later("A declined order is cancelled in the shop at once"),
            help=later(
                'With "decline" as the answer to very large orders, nobody is asked: they are cancelled as they '
                "come in."
            ),
        ),
        Field(
            key="cancelling.refund_to",
            kind="choice",
            label=later("What was paid"),
            options=(
                ("payment", later("Goes back the way it came")),
                (
                    "store_credit",
                    later("Becomes store credit (not on WooCommerce, nor where a chosen law asks for money)"),
                ),
            ),
        ),
        Field(key="cancelling.notify_customer", kind="tick", label=later("The shop writes to the customer about it")),
    ),
)
