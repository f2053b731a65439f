"""The bugs that services like this one are known to have, each as an edit of the code, with the tests that must see it.

A name here is a promise: whoever brings the bug in has a red suite.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Bug:
    """An edit: in `file` the text `old`, which stands there once, becomes `new`. `tests` is where it must be seen."""

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


DATABASE = "tests/connectors/database"
BUGS = (
    Bug(
        name="acknowledged before it is written down",
        file="webhooks/doors.py",
        old="    return house.books.write_down(letter)\n",
        new="    __import__('threading').Timer(0.2, house.books.write_down, [letter]).start()\n"
        "    with house.books.read() as unit:\n        return unit.shops.find(shop)\n",
        tests=("tests/webhooks/test_doors.py",),
    ),
    Bug(
        name="answered before the commit of the group",
        file="connectors/database/group_commit.py",
        old="        if mine.problem is not None:\n            raise mine.problem\n",
        new="",
        tests=(f"{DATABASE}/test_group_commit.py",),
    ),
    Bug(
        name="letters removed before they are among the deliveries",
        file="connectors/database/books.py",
        old="                if letters:\n",
        new="                if letters:\n                    self._letterbox.remove(last)\n",
        tests=("tests/webhooks/test_full_disk.py",),
    ),
    Bug(
        name="numbers of letters given again",
        file="connectors/database/letterbox.py",
        old="    sqlite_autoincrement=True,\n",
        new="",
        tests=(f"{DATABASE}/test_letterbox.py",),
    ),
    Bug(
        name="deliveries told apart by their id only",
        file="webhooks/doors.py",
        old='f"{topic}\\x1f{delivery}\\x1f{digest}"',
        new='f"{topic}\\x1f{delivery}"',
        tests=("tests/webhooks/test_once_and_twice.py",),
    ),
    Bug(
        name="codes made by chance",
        file="core/codes.py",
        old="    return base64.b32encode(_hmac(key, *parts)[:CODE_BITS_BYTES])",
        new="    return base64.b32encode(__import__('os').urandom(CODE_BITS_BYTES))",
        tests=("tests/core/test_codes.py",),
    ),
    Bug(
        name="an older version taken for news",
        file="core/planning/merge.py",
        old='seen.read_at <= known.read_at or (seen.status != "gone" and behind)',
        new="False",
        tests=("tests/core/test_merge.py",),
    ),
    Bug(
        name="an equal version dropped as old",
        file="core/planning/merge.py",
        old="seen.version < known.version",
        new="seen.version <= known.version",
        tests=("tests/core/test_merge.py",),
    ),
    Bug(
        name="a read that crossed our own write is believed",
        file="core/planning/merge.py",
        old="stored.acted_at is not None and seen.read_at <= stored.acted_at",
        new="False",
        tests=("tests/core/test_merge.py",),
    ),
    Bug(
        name="a code made without looking whether it stands (Shopify)",
        file="connectors/shopify/codes.py",
        old="    if found is not None:\n        return Already(reference=reference(found))\n",
        new="",
        tests=("tests/connectors/shopify/test_effects.py",),
    ),
    Bug(
        name="a coupon made without looking whether it stands (WooCommerce)",
        file="connectors/woocommerce/coupons.py",
        old="    if found is not None:\n        return Already(reference=found)\n    zone",
        new="    zone",
        tests=("tests/connectors/woocommerce/test_coupons.py",),
    ),
    Bug(
        name="a note written without looking whether it stands",
        file="connectors/shopify/effects.py",
        old="        if text == stands:\n            return Already()\n",
        new="",
        tests=("tests/connectors/shopify/test_effects.py",),
    ),
    Bug(
        name="looked up at once after a lost answer",
        file="worker/sending.py",
        old="str(problem), 0.0 if action.action.harmless_to_repeat else house.settings.settle)\n",
        new="str(problem), 0.0)\n",
        tests=("tests/worker/test_unknown_outcomes.py",),
    ),
    Bug(
        name="looked up at once after its worker died",
        file="worker/sending.py",
        old="    wait = 0.0 if action.action.harmless_to_repeat else (settled_at - datetime.now(UTC)).total_seconds()\n",
        new="    wait = 0.0\n",
        tests=("tests/worker/test_unknown_outcomes.py",),
    ),
    Bug(
        name="a lost answer of a write tried again at once",
        file="connectors/shopify/client.py",
        old="        return read_payload(self._call(name, variables, may_have_run=OutcomeUnknown), root=root)\n",
        new=(
            "        try:\n"
            "            return read_payload(self._call(name, variables, may_have_run=OutcomeUnknown), root=root)\n"
            "        except OutcomeUnknown:\n"
            "            return read_payload(self._call(name, variables, may_have_run=OutcomeUnknown), root=root)\n"
        ),
        tests=("tests/connectors/shopify/test_effects.py", "tests/connectors/shopify/writes"),
    ),
    Bug(
        name="an action settled under a lease that others took over",
        file="connectors/database/outbox.py",
        old="        held = (_actions.c.fence == action.fence, PENDING,",
        new="        held = (PENDING,",
        tests=(f"{DATABASE}/test_outbox_claims.py",),
    ),
    Bug(
        name="deliveries settled under a lease that others took over",
        file="connectors/database/inbox.py",
        old="        if current is not None and current != fence:\n",
        new="        if False:\n",
        tests=(f"{DATABASE}/test_inbox.py",),
    ),
    Bug(
        name="an order's actions overtake one another",
        file="connectors/database/lanes.py",
        old="where(due, ~earlier, ~leased)",
        new="where(due)",
        tests=(f"{DATABASE}/test_outbox_claims.py",),
    ),
    Bug(
        name="an action leaves while another of its order is under way",
        file="connectors/database/lanes.py",
        old="where(due, ~earlier, ~leased)",
        new="where(due, ~earlier)",
        tests=(f"{DATABASE}/test_outbox_claims.py",),
    ),
    Bug(
        name="a comparison that begins where the last one ended",
        file="worker/reconcile.py",
        old="OVERLAP = timedelta(minutes=5)",
        new="OVERLAP = timedelta(0)",
        tests=("tests/worker/test_sweep.py",),
    ),
    Bug(
        name="a moved promise that binds only at the next event",
        file="core/planning/shop_plan.py",
        old="MOST_ROUNDS = 4\n",
        new="MOST_ROUNDS = 0\n",
        tests=("tests/core/test_promises_at_rest.py",),
    ),
    Bug(
        name="the oldest deliveries learned from",
        file="core/dates/supply_dates.py",
        old="    return -(arrival.received_on or date.min).toordinal(),",
        new="    return (arrival.received_on or date.min).toordinal(),",
        tests=("tests/core/test_promise_dates.py",),
    ),
    Bug(
        name="another shop's order read",
        file="connectors/database/outbox.py",
        old='_MINE = (_actions.c.shop == bindparam("shop"), _actions.c.order_id == bindparam("order"))',
        new='_MINE = (_actions.c.order_id == bindparam("order"),)',
        tests=(f"{DATABASE}/test_outbox.py", f"{DATABASE}/test_tenants.py"),
    ),
    Bug(
        name="another shop's failed action tried again",
        file="connectors/database/outbox.py",
        old="where(_actions.c.id == action, _actions.c.shop == shop, _actions.c.state",
        new="where(_actions.c.id == action, _actions.c.state",
        tests=(f"{DATABASE}/test_outbox.py", f"{DATABASE}/test_tenants.py"),
    ),
    Bug(
        name="another shop's deliveries shown",
        file="connectors/database/inbox.py",
        old="select(_deliveries).where(_deliveries.c.shop == shop, DEAD)",
        new="select(_deliveries).where(DEAD)",
        tests=(f"{DATABASE}/test_inbox.py", f"{DATABASE}/test_tenants.py"),
    ),
)
