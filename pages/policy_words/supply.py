"""Settings about supply: dates, the longest wait, what stock is kept."""

from core.policy.shop_policy import WEEK
from pages.languages import later
from pages.policy_words.fields import CURRENCY, Field, Group

WEEKDAYS = (
    later("Monday"),
    later("Tuesday"),
    later("Wednesday"),
    later("Thursday"),
    later("Friday"),
    later("Saturday"),
    later("Sunday"),
)

DATES = Group(
    key="dates",
    title=later("Dates"),
    intro=later(
        "How the day on which stock arrives becomes the day on which an order leaves. How late your suppliers "
        "come is learned from what you receive."
    ),
    fields=(
        Field(
            key="promises.promise",
            kind="choice",
            label=later("Promise the date on which it leaves"),
            options=(
                ("likely", later("Likely, half of the time")),
                ("latest", later("At the latest, nine times in ten")),
            ),
        ),
        Field(
            key="promises.dock_to_stock_days",
            kind="number",
            label=later("From arrival to shelf"),
            unit=later("working days"),
        ),
        Field(
            key="promises.working_days",
            kind="ticks",
            label=later("Parcels leave on"),
            options=tuple(zip(WEEK, WEEKDAYS, strict=True)),
        ),
        Field(
            key="promises.holidays",
            kind="days",
            label=later("Closed on"),
            help=later("One a line, such as 2026-12-24, or 12-25 for every year."),
        ),
        Field(
            key="promises.cut_off_hour",
            kind="number",
            label=later("What is ready leaves the same day until"),
            unit=later("o'clock (1 to 24)"),
            help=later("24: all day."),
        ),
        Field(
            key="promises.ship_by",
            kind="tick",
            label=later("Set the promised date as ship-by date of what waits"),
            help=later("Shopify only: the people who pack see it on the fulfilment."),
        ),
        Field(
            key="promises.on_items",
            kind="tick",
            label=later("Tell on product pages when a unit ordered now would leave"),
            help=later(
                "For items sold beyond their stock. Shopify: a metafield for the theme; WooCommerce: the companion "
                "plugin shows it."
            ),
        ),
        Field(
            key="promises.overdue_days",
            kind="number",
            label=later("A delivery gives no date any more when overdue for"),
            unit=later("days"),
            help=later("Until then the date is estimated from how late deliveries came before."),
        ),
    ),
)

LONGEST_WAIT = Group(
    key="longest_wait",
    title=later("The longest wait"),
    intro=later(
        "An item can stop taking backorders while a next unit would take too long, and take them again by "
        "itself. Only items that the shop sells beyond their stock are touched, and none that you set by hand since."
    ),
    fields=(
        Field(key="wait_gate.enabled", kind="tick", label=later("Stop backorders on items whose wait gets too long")),
        Field(
            key="wait_gate.max_days",
            kind="number",
            label=later("Stop when a next unit would take more than"),
            unit=later("days"),
            help=later("Also where no delivery with a date brings one."),
        ),
        Field(
            key="wait_gate.again_days",
            kind="number",
            label=later("Take them again once it would take at most"),
            unit=later("days"),
            help=later("Less than the first number keeps an item from changing every day."),
        ),
    ),
)

BUYING = Group(
    key="buying",
    title=later("Buying"),
    intro=later("What the nightly forecast keeps stock for. Items may have terms of their own on their reorder page."),
    fields=(
        Field(
            key="reorder.target",
            kind="choice",
            label=later("Keep so much stock that"),
            options=(
                ("fill_rate", later("This share of units ships at once")),
                ("cycle_service", later("This share of order cycles ends without a shortage")),
                ("cost", later("Waiting and holding together cost least")),
            ),
        ),
        Field(
            key="reorder.service", kind="text", label=later("The share"), help=later("From 0 to 1: 0.95 is 95 of 100.")
        ),
        Field(
            key="reorder.service_by_class",
            kind="amounts",
            label=later("Another share for classes of items"),
            help=later(
                "One a line, such as A = 0.98 or CZ = 0.9. A, B, C: the items that earn the first 80%, up to 95% "
                "and the rest of the margin; X, Y, Z: steady, varying, erratic. An item's page shows its class."
            ),
        ),
        Field(key="reorder.lead_days", kind="number", label=later("Suppliers usually need"), unit=later("days")),
        Field(
            key="reorder.closed_by_supplier",
            kind="amounts",
            label=later("Suppliers are closed"),
            help=later(
                "One a line, such as Paper mill = 2026-12-24/2027-01-02, 2027-05-01. Stock then lasts until they are "
                "back."
            ),
        ),
        Field(key="reorder.review_days", kind="number", label=later("We order every"), unit=later("days")),
        Field(
            key="reorder.holding_percent",
            kind="number",
            label=later("Stock costs a year"),
            unit=later("% of what it cost to buy"),
        ),
        Field(
            key="reorder.wait_cost",
            kind="text",
            label=later("A unit that a customer waits for costs a day"),
            unit=CURRENCY,
            help=later("Empty: half a percent of the item's price."),
        ),
        Field(
            key="reorder.digest_to",
            kind="text",
            label=later("Mail what to order to"),
            help=later(
                "Each night on which something should be ordered. Empty: the shop's own address, where it gives one."
            ),
        ),
    ),
)
