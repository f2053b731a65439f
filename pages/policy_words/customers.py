"""Settings about customers: a gift for the wait, messages, the laws on late orders."""

from pages.policy_words.fields import CURRENCY, Field, Group

OFFERS = Group(
    key="offers",
    title="Something for the wait",
    intro="A small gift to customers who wait long. It never replaces a refund.",
    fields=(
        Field(key="offers.enabled", kind="tick", label="Make offers by themselves"),
        Field(
            key="offers.kind", kind="choice", label="What the customer gets",
            options=(
                ("discount_code", "A discount code for the next order"),
                ("free_shipping", "Free shipping for the next order"),
                ("store_credit", "Store credit"),
                ("gift_card", "A gift card"),
            ),
        ),
        Field(key="offers.percent", kind="number", label="Worth", unit="% of what waits, or off the next order"),
        Field(
            key="offers.amount", kind="text", label="Or a fixed amount", unit=CURRENCY,
            help="0: the percentage above. Not for free shipping.",
        ),
        Field(
            key="offers.minimum", kind="text", label="For a next order of at least", unit=CURRENCY, help="0: any.",
        ),
        Field(key="offers.combines", kind="tick", label="Other codes may be used beside it"),
        Field(key="offers.min_wait_days", kind="number", label="When the wait is at least", unit="days"),
        Field(key="offers.valid_days", kind="number", label="Good for", unit="days"),
        Field(key="offers.per_order", kind="number", label="At most", unit="offers for one order"),
        Field(
            key="offers.per_customer", kind="number", label="At most", unit="offers to one customer in a month",
            help="0: any number.",
        ),
        Field(
            key="offers.monthly_budget", kind="text", label="In a month, give at most", unit=CURRENCY,
            help="What is given counts with what it can cost at most, used or not. Empty: no limit.",
        ),
        Field(
            key="offers.min_margin", kind="text", label="Only where this share of what waits is left", unit="of 1",
            help="After the goods and the offer: 0.2 is 20 %. Looks at items whose cost you told; 0 looks at nothing.",
        ),
        Field(
            key="offers.hold_out", kind="text", label="Give nothing to this share of customers", unit="of 1",
            help="Drawn by lot, always the same ones: 0.1 is 10 %. Only against them can it be told what offers "
            "change; the page Offers shows it.",
        ),
    ),
)  # fmt: skip

TELLING = Group(
    key="telling",
    title="Telling customers",
    intro="What is written when, in which words, stands on the page Messages; here is when mails may leave.",
    fields=(
        Field(key="notices.enabled", kind="tick", label="Draft messages when something changes for a customer"),
        Field(
            key="notices.tolerance_days", kind="number", label="A date has moved when it moved more than",
            unit="days",
        ),
        Field(
            key="notices.heartbeat_days", kind="number", label="While nothing changes, write every", unit="days"
        ),
        Field(
            key="notices.wording_seen", kind="tick", label="I have read the wording; let mails go",
            help="It stands on the page Messages. Before that, and while the shop is only observed, none leaves.",
        ),
        Field(key="notices.paused", kind="tick", label="Pause all messages"),
        Field(key="notices.quiet_from", kind="number", label="Send none from", unit="o'clock, the shop's time"),
        Field(
            key="notices.quiet_until", kind="number", label="until", unit="o'clock",
            help="Equal hours: no quiet time.",
        ),
        Field(
            key="notices.per_week", kind="number", label="To one customer, at most", unit="mails a week",
            help="What a law asks for, and the first message about an order, leave in any case.",
        ),
        Field(
            key="notices.sent_by", kind="choice", label="Messages are sent by",
            options=(
                ("us", "Backorder, by mail"),
                ("tool", "Your own tool: each becomes an event for an address under Other tools"),
            ),
            help="Never by both. What a law asks for is always mailed by us: that it was sent must be on record.",
        ),
        Field(key="notices.window_minutes", kind="number", label="Gather changes for", unit="minutes into one mail"),
        Field(
            key="notices.off", kind="ticks", label="Of these, send none",
            options=(
                ("waiting", "The first message: what ships when"),
                ("unexpected", "Sold as in stock, and it is not"),
                ("still_on_time", "Still on time"),
                ("date_changed", "The date has changed"),
                ("ready", "Everything is here"),
                ("part_shipped", "A part has shipped"),
            ),
        ),
        Field(
            key="notices.offers", kind="tick", label="Mail the customer the code that they get for the wait",
            help="Many laws take this for advertising, which needs consent or, for your own customers, a way to "
            "decline: it goes as a mail of its own, which one click declines.",
        ),
        Field(
            key="notices.offers_agreed", kind="tick", label="Only to customers who agreed to advertising",
            help="Where the law asks for consent first, as in the European Union and the United Kingdom for all but "
            "your own customers' similar goods. Shopify says who agreed; WooCommerce of nobody, so nobody gets it.",
        ),
        Field(
            key="notices.offers_inside", kind="tick", label="Put the code into the mail about the order, if one leaves",
            help="A mail about an order needs no consent; with an offer in it, many laws take the whole mail for "
            "advertising (directive 2002/58/EC, article 13; CAN-SPAM: the primary purpose). It then carries the link "
            "that declines offers. Without this the code goes by itself.",
        ),
    ),
)  # fmt: skip

LAWS = Group(
    key="laws",
    title="Laws on late orders",
    intro="The clocks of these rules run for orders to these countries. This is no legal advice.",
    fields=(
        Field(
            key="laws", kind="ticks", label="Keep the clocks of",
            options=(
                ("us_ftc_435", "United States: mail order rule, 16 CFR 435"),
                ("eu_2011_83", "European Union: directive 2011/83, article 18"),
                ("uk_cra_2015", "United Kingdom: Consumer Rights Act 2015, section 28"),
            ),
        ),
        Field(
            key="law_clock.stated_days", kind="number", label="Your shop says before buying: ships within",
            unit="days", help="0: it states no time.",
        ),
        Field(key="law_clock.transit_days", kind="number", label="Delivery then takes at most", unit="days"),
        Field(key="law_clock.lead_days", kind="number", label="Warn before the limit", unit="days"),
        Field(
            key="law_clock.exempt_tag", kind="text", label="No clock for orders with the tag",
            help="For orders of businesses and for subscriptions.",
        ),
        Field(
            key="cancelling.by_law", kind="tick", label="What a law counts as cancelled is cancelled and paid back",
            help="In the United States, a customer's silence can end an order. Without this it is only held, and the "
            "board says by when you must pay it back. Orders that are held for it already are cancelled too.",
        ),
    ),
)  # fmt: skip
