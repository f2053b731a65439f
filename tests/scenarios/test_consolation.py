"""A wait is consoled at the shop, within its budget; who uses the code and who cancels is heard of."""

from tests.scenarios.test_hands_off import short_order

OFFERS = {"enabled": True, "per_order": 2, "ladder": [{"days": 0, "percent": 15, "min_value": "20", "weigh": False}]}


def gifts(side, order):
    return [(offer["percent"], offer["ended"], offer["used_by"] is not None) for offer in side.order(order)["offers"]]


def budget(side):
    return side.api("GET", "reports/summary").json()["offers"]["budget"]


def use(side, code):
    """The customer orders again, with the code."""
    return side.checkout(("MUG", 1), **{"code" if side.platform == "shopify" else "coupon": code})


def test_a_code_is_used_by_its_customer_or_ends_with_the_order(side):
    side.put_policy({"offers": OFFERS})
    kept = short_order(side)
    [code] = side.codes_outside()
    assert gifts(side, kept) == [(15, False, False)]
    assert side.order(kept)["offers"][0]["reason"] == "OFFER_FOR_WAIT"
    later = use(side, code)
    side.settle()
    assert gifts(side, kept) == [(15, False, True)]
    assert side.order(kept)["offers"][0]["used_by"] == later
    side.cancel(kept)
    side.settle()
    assert gifts(side, kept) == [(15, False, True)], "what was used stays"
    lost = short_order(side)
    side.cancel(lost)
    side.settle()
    assert gifts(side, lost) == [(15, True, False)], "what was not used ends with the order"
    assert (
        budget(side)["given"]
        == budget(side)["used"]
        != {"amount": "0.00", "currency": budget(side)["given"]["currency"]}
    )


def test_two_orders_do_not_pass_the_budget_and_the_rule_says_why(side):
    first = short_order(side)
    side.put_policy({"offers": OFFERS})
    side.settle()
    spent = float(budget(side)["given"]["amount"])
    side.put_policy({"offers": {"monthly_budget": f"{spent * 1.5:.2f}"}})
    second = short_order(side)
    assert (len(gifts(side, first)), len(gifts(side, second))) == (1, 0)
    assert side.order(second)["consolation"]["reason"] == "OFFER_BUDGET_SPENT"
    assert side.ask(second, "offer").status_code == 409
    assert float(budget(side)["given"]["amount"]) == spent
