"""A very large order, on both platforms, over real HTTP: a person decides, or its customer does."""

import requests


def units(document, key):
    return sum(line[key] for line in document["lines"])


def ask(side, method, path, body=None):
    headers = {"Authorization": f"Bearer {side.token()}"}
    address = f"{side.service.server.url}/api/v1{path}"
    answer = requests.request(method, address, json=body, headers=headers, timeout=60)
    assert answer.status_code < 300, answer.text
    side.settle()
    return answer.json()


def test_a_very_large_order_waits_for_a_person_and_says_who_waits_because_of_it(side):
    side.set_policy(large_order={"enabled": True, "share": "0.5", "answer": "review"})
    large = side.checkout(("MUG", 8))
    side.settle()
    small = side.checkout(("MUG", 1))
    side.settle()
    document = side.order(large)
    assert (document["decision"], units(document, "release_now")) == ("review", 0)
    assert sum(side.held_outside(large).values()) == 8
    assert "backorder-review" in side.tags_outside(large)
    assert document["large_order"]["excesses"][0]["of"] == 5
    (hit,) = ask(side, "GET", f"/orders/{large}/impact")["items"]
    assert (hit["order"], hit["units_fewer_now"]) == (small, 1)

    ask(side, "POST", f"/orders/{large}/actions", {"do": "accept"})
    assert sum(side.held_outside(large).values()) == 3
    assert "backorder-review" not in side.tags_outside(large)


def test_a_declined_order_gives_its_units_to_the_next(side):
    side.set_policy(large_order={"enabled": True, "share": "0.5", "answer": "review"})
    large, small = side.checkout(("MUG", 8)), None
    side.settle()
    small = side.checkout(("MUG", 2))
    side.settle()
    assert sum(side.held_outside(small).values()) == 2
    ask(side, "POST", f"/orders/{large}/actions", {"do": "decline"})
    assert side.held_outside(small) == {}
    assert side.order(large)["large_order"]["todo"]
    side.cancel(large)
    side.settle()
    assert side.tags_outside(large) == set()


def test_a_customer_takes_a_part_now_by_the_link(side):
    side.set_policy(large_order={"enabled": True, "share": "0.5", "answer": "counter", "second_freight": "4.90"})
    order = side.checkout(("MUG", 8))
    side.settle()
    document = side.order(order)
    assert document["large_order"]["standing"] == "offered"
    link = document["customer_status_url"]
    assert "for the second parcel" in requests.get(link, timeout=60).text
    chosen = requests.post(f"{link}/answer", data={"option": "part"}, timeout=60)
    side.settle()
    assert "You chose: A part now" in chosen.text
    assert sum(side.held_outside(order).values()) == 3
    again = requests.post(f"{link}/answer", data={"option": "only"}, timeout=60)
    assert "no longer open" in again.text
    assert side.order(order)["large_order"]["proposal"]["answer"] == "part"
