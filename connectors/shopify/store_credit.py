"""Store credit for a wait, given once although the platform cannot tell a repeated credit from a second one.

A credit has no name, note or key. What stays with it is the second at which it expires, and that is our marker: its
day is the offer's, its time of day a function of our code. So an earlier try is found however late we look, and when
two offers of one customer are made by different rules. Two marks fall on one second once in 86,400.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

from connectors.shopify.answers import Json
from connectors.shopify.client import Client
from connectors.shopify.codes import moment
from connectors.shopify.ids import bare, gid, reference
from core.actions import Code, EndCode
from core.errors import Rejected
from core.outcomes import Already, Blocked, Done, Outcome
from core.sentences import sentence

DAY = 24 * 60 * 60
PAGE = 100
GIVEN_BY_HAND = "ADJUSTMENT"
NO_ACCOUNT = sentence("the order has no customer account that store credit could be put on")
SPENT_FIRST = sentence(
    "Other credit of the customer ends sooner and would be spent first: take this sum back in Shopify."
)


def make(client: Client, wanted: Code) -> Outcome:
    """Give the credit, unless the customer has it."""
    if wanted.customer is None:
        raise Rejected(NO_ACCOUNT)
    owner = gid("Customer", wanted.customer)
    if (found := _found(client, owner, wanted.code)) is not None:
        return Already(reference=found.id)
    credit = {
        "creditAmount": {"amount": wanted.amount, "currencyCode": wanted.currency},
        "expiresAt": moment(expiry(wanted.ends_at, wanted.code)),
    }
    payload = client.write("credit", "storeCreditAccountCredit", {"id": owner, "credit": credit})
    return Done(reference=reference(payload.get("storeCreditAccountTransaction")))


def end(client: Client, wanted: EndCode, now: Callable[[], datetime]) -> Outcome:
    """Take back what is left of the credit. Credit that has ended keeps its sum, and is so already.

    A debit takes from what ends soonest. Only where that is ours does the sum left on it tell whether it was taken.
    """
    if wanted.customer is None:
        raise Rejected(NO_ACCOUNT)
    found = _found(client, gid("Customer", wanted.customer), wanted.code)
    if found is None or not found.left or found.ends <= now():
        return Already()
    if any(now() < ends <= found.ends for ends in found.others):
        return Blocked(reason=SPENT_FIRST)
    taken = {"debitAmount": {"amount": str(found.left), "currencyCode": found.currency}}
    client.write("credit_debit", "storeCreditAccountDebit", {"id": found.account, "debit": taken})
    return Done(reference=found.id)


def expiry(ends_at: datetime, code: str) -> datetime:
    """Return when the credit of this code ends: on the day after the offer's last, never before it."""
    last = ends_at.astimezone(UTC).date() + timedelta(days=1)
    return datetime.combine(last, time(0), UTC) + _marker(code)


def _marker(code: str) -> timedelta:
    return timedelta(seconds=int.from_bytes(hashlib.sha256(code.encode()).digest()[:8]) % DAY)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Credit:
    """Our credit: what is left of it, and when the other credits of the account end of which something is left."""

    id: str
    account: str
    currency: str
    left: Decimal
    ends: datetime
    others: tuple[datetime, ...]


def _found(client: Client, owner: str, code: str) -> _Credit | None:
    customer = client.read("credit_accounts", "customer", {"id": owner})
    for account in customer["storeCreditAccounts"]["nodes"] if customer else ():
        rows = list(_credits(client, account["id"]))
        for node in rows:
            if node["event"] == GIVEN_BY_HAND and _time_of_day(node) == _marker(code):
                others = tuple(_ends(row) for row in rows if row is not node and _left(row))
                return _Credit(
                    id=bare(node["id"]), account=account["id"], currency=node["remainingAmount"]["currencyCode"],
                    left=_left(node), ends=_ends(node), others=others,
                )  # fmt: skip
    return None


def _credits(client: Client, account: str) -> Iterator[Json]:
    """Yield the credits of an account that end at some time, the newest first."""
    sizes = {"id": account, "first": PAGE}
    whole = client.read("credit_transactions", "storeCreditAccount", {**sizes, "after": None})
    if whole is None:
        return
    path = ("storeCreditAccount", "transactions")
    for node in client.rest(whole["transactions"], "credit_transactions", path, sizes):
        if node.get("expiresAt"):
            yield node


def _ends(node: Json) -> datetime:
    return datetime.fromisoformat(node["expiresAt"]).astimezone(UTC)


def _time_of_day(node: Json) -> timedelta:
    at = _ends(node)
    return timedelta(hours=at.hour, minutes=at.minute, seconds=at.second)


def _left(node: Json) -> Decimal:
    return Decimal(node["remainingAmount"]["amount"])
