"""What a shop tells the app: webhooks of every kind, the app's removal, and demands about personal data."""

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from urllib.parse import urlencode

from connectors.simulator.hooks import SHOPIFY_RETRIES, Hooks
from connectors.simulator.shopify import engine, payloads, queries, subscriptions, thin_payloads
from connectors.simulator.shopify.merchant import Merchant
from connectors.simulator.shopify.oauth import Tokens
from connectors.simulator.shopify.state import Json, State
from core.errors import Misuse

SCOPES = [
    "read_all_orders", "read_orders", "write_orders", "read_products", "read_inventory", "read_locations",
    "read_merchant_managed_fulfillment_orders", "write_merchant_managed_fulfillment_orders", "read_fulfillments",
    "read_customers", "read_discounts", "write_discounts", "read_inventory_transfers", "read_inventory_shipments",
    "read_inventory_shipments_received_items", "write_order_edits", "write_products",
    "read_store_credit_accounts", "write_store_credit_account_transactions", "read_gift_cards", "write_gift_cards",
]  # fmt: skip


class Telling(Merchant):
    """A shop with one installed app that hears of what happens. `version` is the app's own, not that of its calls."""

    def __init__(self, *, domain: str, tokens: Tokens, now: Callable[[], datetime], currency: str, seed: int) -> None:
        self.domain = domain
        self.tokens = tokens
        self.version = engine.VERSIONS[-1]
        self.name = domain
        self.timezone = "UTC"
        self.hooks = Hooks(retries=SHOPIFY_RETRIES, now=now, disabled=self._disabled, seed=seed)
        state = State(now=now, currency=currency, seed=seed, tell=self._tell)
        state.describe_order = lambda row: payloads.order(state, row)
        state.describe_level = thin_payloads.level
        super().__init__(state)

    @property
    def installed(self) -> bool:
        """Whether the app is installed."""
        return self.tokens.installed

    @property
    def scopes(self) -> list[str]:
        """What the merchant granted the app."""
        return self.tokens.scopes

    def close(self) -> None:
        """Stop sending webhooks."""
        self.hooks.close()

    def _tell(self, topic: str, body: Json, event: str) -> None:
        for row in subscriptions.listening(self.state, topic):
            kept = {key: body[key] for key in row.include_fields if key in body} if row.include_fields else body
            self.hooks.send(
                subscriptions.message(
                    self.state,
                    row,
                    topic,
                    json.dumps(kept).encode(),
                    domain=self.domain,
                    event=event,
                    secret=self.tokens.client_secret,
                    version=self.version,
                )
            )

    def _disabled(self, subscription: str) -> None:
        with self.state.lock:
            self.state.subscriptions.pop(int(subscription), None)

    def uninstall(self) -> None:
        """Remove the app: its tokens are dead at once, its subscriptions go with the last delivery."""
        self.tokens.revoke_all()
        with self.state.action():
            self.state.news("app/uninstalled", self._shop_body)
        with self.state.lock:
            self.state.subscriptions.clear()

    def reinstall(self, access_token: str) -> None:
        """Install the app again, with a new token that never expires."""
        self.tokens.install(access_token)

    def install_link(self) -> str:
        """Return the query of the address that opens the app from the shop's admin, signed."""
        return urlencode(self.tokens.signed({"shop": self.domain}))

    def proof(self, person: str = "42", **claims: object) -> str:
        """Return what proves to the app who opens its page; `claims` replace those of a good one."""
        return self.tokens.proof(self.domain, person, **claims)

    def rotate_secret(self, secret: str) -> None:
        """Give the app a new secret: everything is signed with it from now on."""
        self.tokens.client_secret = secret

    def change_scopes(self, scopes: Iterable[str]) -> None:
        """Grant other scopes than before."""
        previous, self.scopes[:] = list(self.scopes), list(scopes)
        body = {"previous": previous, "current": list(self.scopes), "updated_at": payloads.instant(self.state.now())}
        with self.state.action():
            self.state.news("app/scopes_update", lambda: {"id": 1, **body})

    def redact_customer(self, email: str) -> None:
        """Demand that everything personal of this customer be forgotten."""
        self._privacy("customers/redact", email, "orders_to_redact")

    def request_customer_data(self, email: str) -> None:
        """Demand this customer's data."""
        self._privacy("customers/data_request", email, "orders_requested")

    def redact_shop(self) -> None:
        """Demand that everything of the shop be forgotten, as happens two days after it removed the app."""
        with self.state.action():
            self.state.news("shop/redact", lambda: {"shop_id": queries.SHOP_ID, "shop_domain": self.domain})

    def _privacy(self, topic: str, email: str, key: str) -> None:
        with self.state.action():
            row = next((row for row in self.state.customers.values() if row.email == email), None)
            if row is None:
                raise Misuse(f"no customer with the address {email}")
            orders = [order.id for order in self.state.orders.values() if order.customer == row.id]
            body = {
                "shop_id": queries.SHOP_ID,
                "shop_domain": self.domain,
                "customer": {"id": row.id, "email": row.email, "phone": None},
                key: orders,
            }
            self.state.news(topic, lambda: body)

    def _shop_body(self) -> Json:
        return {
            "id": queries.SHOP_ID,
            "name": self.name,
            "email": "shop@example.com",
            "domain": self.domain,
            "myshopify_domain": self.domain,
            "currency": self.state.currency,
            "iana_timezone": self.timezone,
        }
