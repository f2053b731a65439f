"""Store credit and gift cards as the API shows them: one table of fields per type."""

from decimal import Decimal

from connectors.simulator.shopify.connections import connection
from connectors.simulator.shopify.gift_rows import CreditAccount, CreditEntry, GiftCard
from connectors.simulator.shopify.shown_stock import amount, by_id, instant
from connectors.simulator.shopify.state import Json, State, gid

LAST = 4
LIKE = 8


def balance(state: State, of: CreditAccount) -> Decimal:
    """Return what the customer can spend now."""
    return sum((row.left for row in of.entries if row.ends is None or row.ends > state.now()), Decimal(0))


def account(state: State, row: CreditAccount) -> Json:
    """Return a StoreCreditAccount."""
    return {
        "__typename": "StoreCreditAccount",
        "id": gid("StoreCreditAccount", row.id),
        "balance": amount(balance(state, row), row.currency),
        "transactions": lambda args: connection(row.entries, args, lambda made: entry(row, made), by_id),
    }


def accounts(state: State, customer: int, args: Json) -> Json:
    """Return a customer's accounts."""
    rows = [row for row in state.credit_accounts.values() if row.customer == customer]
    return connection(rows, args, lambda row: account(state, row), by_id)


def entry(of: CreditAccount, row: CreditEntry) -> Json:
    """Return a transaction of an account."""
    kind = "StoreCreditAccountDebitTransaction" if row.amount < 0 else "StoreCreditAccountCreditTransaction"
    return {
        "__typename": kind,
        "id": gid(kind, row.id),
        "amount": amount(row.amount, of.currency),
        "createdAt": instant(row.at),
        "event": row.event,
        "expiresAt": instant(row.ends),
        "remainingAmount": amount(row.left, of.currency),
    }


def cards(state: State, args: Json) -> Json:
    """Return gift cards: those whose code begins like what is searched for, which is more than asked."""
    asked = (args.get("query") or "").casefold()
    rows = [row for row in state.gift_cards.values() if row.code.startswith(asked[:LIKE])]
    return connection(rows, args, card, by_id)


def card(row: GiftCard) -> Json:
    """Return a GiftCard."""
    return {
        "__typename": "GiftCard",
        "id": gid("GiftCard", row.id),
        "enabled": row.ended_at is None,
        "lastCharacters": row.code[-LAST:],
        "note": row.note,
        "expiresOn": row.ends and row.ends.isoformat(),
        "balance": amount(row.left, row.currency),
        "initialValue": amount(row.worth, row.currency),
    }
