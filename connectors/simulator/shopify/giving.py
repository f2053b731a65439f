"""Store credit and gift cards. A credit has no key of its own: the same call twice gives twice."""

from datetime import date, datetime
from decimal import Decimal

from connectors.simulator.shopify.gift_rows import CreditAccount, CreditEntry, GiftCard
from connectors.simulator.shopify.graphql_errors import Refused
from connectors.simulator.shopify.queries import number
from connectors.simulator.shopify.search import moment
from connectors.simulator.shopify.shown_gifts import card, entry
from connectors.simulator.shopify.state import Json, State, gid

SHORTEST_CODE, LONGEST_CODE = 8, 20


def credit(state: State, args: Json) -> Json:
    """Put money on the account of a customer in that currency, which is made on first use. Raises Refused."""
    wanted = args["creditInput"]
    amount, currency = _sum(wanted["creditAmount"], "creditInput", "creditAmount")
    customer = number(args["id"], "Customer")
    account = state.credit_accounts.get(number(args["id"], "StoreCreditAccount") or 0)
    if account is None and customer not in state.customers:
        kind = "ACCOUNT_NOT_FOUND" if customer is None else "OWNER_NOT_FOUND"
        raise Refused("Owner does not exist", field=("id",), code=kind)
    if currency != (account.currency if account else state.currency):
        raise Refused("Currency does not match", field=("creditInput", "creditAmount"), code="MISMATCHING_CURRENCY")
    ends = moment(wanted["expiresAt"]) if wanted.get("expiresAt") else None
    if ends is not None and ends <= state.now():
        raise Refused("Expires at must be in the future", field=("creditInput", "expiresAt"), code="EXPIRES_AT_IN_PAST")
    kept = account or account_of(state, customer or 0)
    return {"storeCreditAccountTransaction": entry(kept, give(state, kept, amount, event="ADJUSTMENT", ends=ends))}


def debit(state: State, args: Json) -> Json:
    """Take money off an account, from what ends soonest. Raises Refused."""
    account = state.credit_accounts.get(number(args["id"], "StoreCreditAccount") or 0)
    if account is None:
        raise Refused("Store credit account does not exist", field=("id",), code="ACCOUNT_NOT_FOUND")
    amount, currency = _sum(args["debitInput"]["debitAmount"], "debitInput", "debitAmount")
    if currency != account.currency:
        raise Refused("Currency does not match", field=("debitInput", "debitAmount"), code="MISMATCHING_CURRENCY")
    return {"storeCreditAccountTransaction": entry(account, take(state, account, amount, event="ADJUSTMENT"))}


def account_of(state: State, customer: int) -> CreditAccount:
    """Return the customer's account in the shop's currency."""
    for row in state.credit_accounts.values():
        if (row.customer, row.currency) == (customer, state.currency):
            return row
    made = CreditAccount(id=state.new_id("StoreCreditAccount"), customer=customer, currency=state.currency)
    state.credit_accounts[made.id] = made
    return made


def give(
    state: State, account: CreditAccount, amount: Decimal, *, event: str, ends: datetime | None = None
) -> CreditEntry:
    """Add a credit."""
    row = CreditEntry(
        id=state.new_id("StoreCreditAccountTransaction"), amount=amount, at=state.now(), event=event, ends=ends,
        left=amount,
    )  # fmt: skip
    account.entries.append(row)
    return row


def take(state: State, account: CreditAccount, amount: Decimal, *, event: str) -> CreditEntry:
    """Take a sum from the credits that end soonest. Raises Refused where there is not so much."""
    alive = [row for row in account.entries if row.left and (row.ends is None or row.ends > state.now())]
    if sum(row.left for row in alive) < amount:
        raise Refused("Insufficient funds", field=("debitInput", "debitAmount"), code="INSUFFICIENT_FUNDS")
    left = amount
    for row in sorted(alive, key=lambda row: (row.ends is None, row.ends or row.at, row.id)):
        part = min(left, row.left)
        row.left, left = row.left - part, left - part
    made = CreditEntry(
        id=state.new_id("StoreCreditAccountTransaction"), amount=-amount, at=state.now(), event=event, ends=None,
        left=Decimal(0),
    )  # fmt: skip
    account.entries.append(made)
    return made


def create_card(state: State, args: Json) -> Json:
    """Make a gift card. Raises Refused; of a code that is taken in words alone, as recorded."""
    wanted = args["input"]
    code = (wanted.get("code") or state.new_uuid().replace("-", "")[:16]).casefold()
    if not SHORTEST_CODE <= len(code) <= LONGEST_CODE:
        raise Refused("Code must be between 8 and 20 characters", field=("input", "code"), code="INVALID")
    if not (code.isascii() and code.isalnum()):
        raise Refused("Code can only contain letters and numbers", field=("input", "code"), code="INVALID")
    amount, currency = _sum(wanted["initialAmount"], "input", "initialAmount")
    if code in state.gift_cards:
        raise Refused("Code has already been taken", field=("input", "code"))
    ends = date.fromisoformat(wanted["expiresOn"]) if wanted.get("expiresOn") else None
    made = GiftCard(
        id=state.new_id("GiftCard"), code=code, currency=currency, worth=amount, left=amount, ends=ends,
        note=wanted.get("note"), at=state.now(),
    )  # fmt: skip
    state.gift_cards[code] = made
    return {"giftCard": card(made), "giftCardCode": code}


def end_card(state: State, args: Json) -> Json:
    """Deactivate a gift card, which cannot be undone. Raises Refused."""
    for row in state.gift_cards.values():
        if gid("GiftCard", row.id) == args["id"]:
            row.ended_at = row.ended_at or state.now()
            return {"giftCard": card(row)}
    raise Refused("The gift card could not be found", field=("id",), code="GIFT_CARD_NOT_FOUND")


def _sum(asked: Json, *field: str) -> tuple[Decimal, str]:
    amount = Decimal(str(asked["amount"]))
    if amount <= 0:
        code = "GREATER_THAN" if field[0] == "input" else "NEGATIVE_OR_ZERO_AMOUNT"
        raise Refused("Amount must be positive", field=field, code=code)
    return amount, str(asked["currencyCode"])
