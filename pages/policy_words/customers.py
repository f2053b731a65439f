"""Settings about customers: a gift for the wait, messages, the laws on late orders."""

from pages.languages import later
from pages.policy_words.fields import CURRENCY, Field, Group

OFFERS = Group(
    key="offers",
    title=later("Something for the wait"),
    intro=later("A small gift to customers who wait long. It never replaces a refund."),
    fields=(
        Field(key="offers.enabled", kind="tick", label=later("Make offers automatically")),
        Field(
            key="offers.kind",
            kind="choice",
            label=later("What the customer gets"),
            options=(
                ("discount_code", later("A discount code for the next order")),
                ("free_shipping", later("Free shipping for the next order")),
                ("store_credit", later("Store credit")),
                ("gift_card", later("A gift card")),
            ),
        ),
        Field(
            key="offers.percent",
            kind="number",
            label=later("Worth"),
            unit=later("% of what waits, or off the next order"),
        ),
        Field(
            key="offers.amount",
            kind="text",
            label=later("Or a fixed amount"),
            unit=CURRENCY,
            help=later("0: the percentage above. Not for free shipping."),
        ),
        Field(
            key="offers.minimum",
            kind="text",
            label=later("For a next order of at least"),
            unit=CURRENCY,
            help=later("0: any."),
        ),
        Field(key="offers.combines", kind="tick", label=later("Other codes may be used beside it")),
        Field(key="offers.min_wait_days", kind="number", label=later("When the wait is at least"), unit=later("days")),
        Field(key="offers.valid_days", kind="number", label=later("Good for"), unit=later("days")),
        Field(key="offers.per_order", kind="number", label=later("At most"), unit=later("offers for one order")),
        Field(
            key="offers.per_customer",
            kind="number",
            label=later("At most"),
            unit=later("offers to one customer in a month"),
            help=later("0: any number."),
        ),
        Field(
            key="offers.monthly_budget",
            kind="text",
            label=later("In a month, give at most"),
            unit=CURRENCY,
            help=later("What is given counts with what it can cost at most, used or not. Empty: no limit."),
        ),
        Field(
            key="offers.min_margin",
            kind="text",
            label=later("Only where this share of what waits is left"),
            unit=later("of 1"),
            help=later(
                "After the goods and the offer: 0.2 is 20 %. Looks at items whose cost you told; 0 looks at nothing."
            ),
        ),
        Field(
            key="offers.hold_out",
            kind="text",
            label=later("Give nothing to this share of customers"),
            unit=later("of 1"),
            help=later(
                "Drawn by lot, always the same ones: 0.1 is 10 %. Only against them can it be told what offers "
                "change; the page Offers shows it."
            ),
        ),
    ),
)

TELLING = Group(
    key="telling",
    title=later("Telling customers"),
    intro=later("What is written when, in which words, stands on the page Messages; here is when mails may leave."),
    fields=(
        Field(key="notices.enabled", kind="tick", label=later("Draft messages when something changes for a customer")),
        Field(
            key="notices.tolerance_days",
            kind="number",
            label=later("A date has moved when it moved more than"),
            unit=later("days"),
        ),
        Field(
            key="notices.heartbeat_days",
            kind="number",
            label=later("While nothing changes, write every"),
            unit=later("days"),
        ),
        Field(
            key="notices.wording_seen",
            kind="tick",
            label=later("I have read the wording; let mails go"),
            help=later(
                "It stands on the page Messages. Before that, and while the shop is only observed, none leaves."
            ),
        ),
        Field(key="notices.paused", kind="tick", label=later("Pause all messages")),
        Field(
            key="notices.quiet_from",
            kind="number",
            label=later("Send none from"),
            unit=later("o'clock, the shop's time"),
        ),
        Field(
            key="notices.quiet_until",
            kind="number",
            label=later("until"),
            unit=later("o'clock"),
            help=later("Equal hours: no quiet time."),
        ),
        Field(
            key="notices.per_week",
            kind="number",
            label=later("To one customer, at most"),
            unit=later("mails a week"),
            help=later("What a law asks for, and the first message about an order, leave in any case."),
        ),
        Field(
            key="notices.sent_by",
            kind="choice",
            label=later("Messages are sent by"),
            options=(
                ("us", later("Backorder, by mail")),
                ("tool", later("Your own tool: each becomes an event for an address under Other tools")),
            ),
            help=later(
                "Never by both. What a law asks for is always mailed by us: that it was sent must be on record."
            ),
        ),
        Field(
            key="notices.window_minutes",
            kind="number",
            label=later("Gather changes for"),
            unit=later("minutes into one mail"),
        ),
        Field(
            key="notices.off",
            kind="ticks",
            label=later("Of these, send none"),
            options=(
                ("waiting", later("The first message: what ships when")),
                ("unexpected", later("Sold as in stock, and it is not")),
                ("still_on_time", later("Still on time")),
                ("date_changed", later("The date has changed")),
                ("ready", later("Everything is here")),
                ("part_shipped", later("A part has shipped")),
            ),
        ),
        Field(
            key="notices.offers",
            kind="tick",
            label=later("Mail the customer the code that they get for the wait"),
            help=later(
                "Many laws take this for advertising, which needs consent or, for your own customers, a way to "
                "decline: it goes as a mail of its own, which one click declines."
            ),
        ),
        Field(
            key="notices.offers_agreed",
            kind="tick",
            label=later("Only to customers who agreed to advertising"),
            help=later(
                "Where the law asks for consent first, as in the European Union and the United Kingdom for all but "
                "your own customers' similar goods. Shopify says who agreed; WooCommerce of nobody, so nobody gets it."
            ),
        ),
        Field(
            key="notices.offers_inside",
            kind="tick",
            label=later("Put the code into the mail about the order, if one leaves"),
            help=later(
                "A mail about an order needs no consent; with an offer in it, many laws take the whole mail for "
                "advertising (directive 2002/58/EC, article 13; CAN-SPAM: the primary purpose). It then carries the "
                "link that declines offers. Without this the code goes by itself."
            ),
        ),
    ),
)

LAWS = Group(
    key="laws",
    title=later("Laws on late orders"),
    intro=later("The clocks of these rules run for orders to these countries. This is no legal advice."),
    fields=(
        Field(
            key="laws",
            kind="ticks",
            label=later("Keep the clocks of"),
            options=(
                ("us_ftc_435", later("United States: mail order rule, 16 CFR 435")),
                ("eu_2011_83", later("European Union: directive 2011/83, article 18")),
                ("uk_cra_2015", later("United Kingdom: Consumer Rights Act 2015, section 28")),
            ),
        ),
        Field(
            key="law_clock.stated_days",
            kind="number",
            label=later("Your shop says before buying: ships within"),
            unit=later("days"),
            help=later("0: it states no time."),
        ),
        Field(
            key="law_clock.transit_days", kind="number", label=later("Delivery then takes at most"), unit=later("days")
        ),
        Field(key="law_clock.lead_days", kind="number", label=later("Warn before the limit"), unit=later("days")),
        Field(
            key="law_clock.exempt_tag",
            kind="text",
            label=later("No clock for orders with the tag"),
            help=later("For orders of businesses and for subscriptions."),
        ),
        Field(
            key="cancelling.by_law",
            kind="tick",
            label=later("What a law counts as cancelled is cancelled and paid back"),
            help=later(
                "In the United States, a customer's silence can end an order. Without this it is only held, and the "
                "board says by when you must pay it back. Orders that are held for it already are cancelled too."
            ),
        ),
    ),
)
