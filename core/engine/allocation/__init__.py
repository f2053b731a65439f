"""The policies: small functions over one ledger, each in its own file. They say who gets which units, nothing else."""

from collections.abc import Callable

from core.engine.allocation.completion_first import share_by_completion
from core.engine.allocation.fair_share import share_fairly
from core.engine.allocation.in_turn import give_promised_shelf, serve_in_turn
from core.engine.allocation.large_orders import Cap, may_be_capped, share_capped
from core.engine.ledger import Ledger
from core.facts import Policy

BEFORE_THE_QUEUE: dict[str, Callable[[Ledger, Cap], None]] = {
    "completion_first": share_by_completion,
    "fair_share": share_fairly,
}


def allocate(ledger: Ledger, policy: Policy) -> None:
    """Give every claim its units: the shelf by the policy, then the dates of what is short by the queue."""
    cap = Cap(policy.large_order_share)
    share = BEFORE_THE_QUEUE.get(policy.allocation)
    if share is not None:
        give_promised_shelf(ledger, ledger.queues.values())
        share(ledger, cap)
    elif cap.share is not None:
        # Where nobody can be capped, the queue is served as if there were no cap.
        capped = [queue for queue in ledger.queues.values() if any(map(may_be_capped, queue.claims))]
        give_promised_shelf(ledger, capped)
        share_capped(capped, cap)
    for queue in ledger.queues.values():
        serve_in_turn(queue)
