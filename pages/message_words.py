"""What each kind of message is, and when it goes, in the merchant's words."""

from dataclasses import dataclass
from typing import Literal

from core.messages.notices import KINDS
from core.messages.post_rules import is_switchable
from core.policy.shop_policy import ShopPolicy
from pages.languages import _, later
from pages.printing import printer

Switch = Literal["here", "laws", "offers", "large", "withdrawing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KindWords:
    """A kind's title, and when it goes."""

    title: str
    when: str


TITLES = {
    "waiting": later("First message: what ships when"),
    "unexpected": later("Sold as in stock, and it is not"),
    "still_on_time": later("Still on time"),
    "date_changed": later("The date has changed"),
    "delay_option": later("A law's question: wait or cancel"),
    "renewed_option": later("A law's question, asked again"),
    "ready": later("Everything is here"),
    "part_shipped": later("A part has shipped"),
    "choices": later("Choices for a very large order"),
    "offer": later("Something for the wait"),
    "cancelled": later("Cancelled under a law"),
    "withdrawal": later("Receipt of a withdrawal"),
}
WHEN = {
    "waiting": later("An order begins to wait for stock."),
    "unexpected": later("An order begins to wait, and its customer could not know: the shop sold it as in stock."),
    "still_on_time": later("Nothing has changed, and the customer has heard nothing for %(heartbeat)s."),
    "date_changed": later("The date moved by more than %(tolerance)s from what was told, was lost, or was found."),
    "delay_option": later("A chosen delay law wants the customer asked: before the limit, with what silence means."),
    "renewed_option": later("The date of the first question is missed as well."),
    "ready": later("The last unit that was missing has come in."),
    "part_shipped": later("A part has left and more is to come."),
    "choices": later("A very large order is answered with priced choices."),
    "offer": later("A code was made for the wait. It is a mail of its own, which one click declines."),
    "cancelled": later("A chosen delay law ends the order: what is refunded, and by when."),
    "withdrawal": later("A customer has withdrawn from the contract on their page: from what, and when."),
}


def titles() -> dict[str, str]:
    """Return what each kind is called."""
    return {kind: _(title) for kind, title in TITLES.items()}


def words_of(kind: str, policy: ShopPolicy) -> KindWords:
    """Return the words of a kind under this policy."""
    rules = policy.notices
    days = {"heartbeat": rules.heartbeat_days, "tolerance": rules.tolerance_days}
    spans = {name: printer().units(number, "day") for name, number in days.items()}
    return KindWords(title=_(TITLES[kind]), when=_(WHEN[kind], **spans))


def is_on(kind: str, policy: ShopPolicy) -> bool:
    """Return whether messages of this kind are drafted."""
    rules = policy.notices
    match switch_of(kind):
        case "here":
            return rules.enabled and kind not in rules.off
        case "laws":
            return bool(policy.laws)
        case "offers":
            return rules.enabled and rules.offers and policy.offers.enabled
        case "withdrawing":
            return policy.choices.withdraw
        case "large":
            return policy.large_order.enabled


def switch_of(kind: str) -> Switch:
    """Return where a kind is switched: on the page of messages, or by a group of the policy."""
    if is_switchable(kind):
        return "here"
    return {"offer": "offers", "choices": "large", "withdrawal": "withdrawing"}.get(kind, "laws")  # type: ignore[return-value]


def kinds_on(policy: ShopPolicy) -> tuple[str, ...]:
    """Return the kinds that are drafted."""
    return tuple(kind for kind in KINDS if is_on(kind, policy))
