"""The address of every page, in a lively shop and in an empty one."""

from core.settings import Settings
from pages.customer_links import customer_link, unsubscribe_link

SETTINGS = Settings(secret_key="a key for tests only")
ROW = "/incoming/fern/row?id=PO-107&sku=camp-mug&location=main"
ANYWHERE = [
    "/",
    "/orders",
    "/orders?state=all",
    "/orders?q=1004",
    "/items",
    "/incoming",
    "/reorder",
    "/activity",
    "/messages",
    "/messages/next",
    "/messages/past",
    "/messages/en/waiting",
    "/outbox",
    "/health",
    "/people",
    "/second-factor",
    "/tokens",
    "/tools",
    "/first-steps",
    "/activity?q=hold",
    "/policy",
    "/offers",
    "/policy/mode",
    "/connect",
    "/woocommerce/connect",
    "/capabilities",
    "/incoming/import",
]
PAGES = [
    *ANYWHERE,
    "/?age=1&item=rope",
    "/orders/several?do=hold&order=1003&order=1004&order=nowhere",
    "/orders/fern/1004",
    "/orders/fern/1007",
    "/orders/fern/1004/evidence",
    "/items/fern/camp-mug",
    ROW,
    "/reports?print=1",
    "/reorder/fern/item/camp-mug",
    "/reorder/fern/draft?supplier=Northern+Mill",
    "/messages/ar/delay_option",
    "/messages/read/ja",
    "/offers?start=1",
    "/what-if?supply=PO-107&days=9",
    "/nowhere",
    customer_link(SETTINGS, "fern", "1004"),
    "/o/forged",
    "/items/fern/substitutes?sku=camp-mug",
    unsubscribe_link(SETTINGS, "fern", "customer12@example.com"),
]
EMPTY = [
    *ANYWHERE,
    "/?q=x",
    "/orders/several?do=hold",
    "/items?q=x",
    "/reports",
]
