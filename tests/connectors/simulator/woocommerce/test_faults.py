"""Calls that go wrong: before anything happened, after it happened, or in the middle of the answer."""

import time

import pytest
import requests


@pytest.mark.parametrize(
    ("kind", "status", "content"),
    [
        ("throttle", 429, "application/json"),
        ("error", 500, "application/json"),
        ("refuse", 400, "application/json"),
        ("html", 200, "text/html"),
    ],
)
def test_some_faults_carry_nothing_out(api, store, kind, status, content):
    store.faults.add(kind, seconds=1.5)
    answer = api.post("coupons", {"code": "one"})
    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith(content)
    assert answer.headers.get("Retry-After") == ("2" if kind == "throttle" else None)
    assert store.state.coupons == {}
    assert api.post("coupons", {"code": "one"}).status_code == 201


def test_a_lost_answer_was_carried_out(api, store):
    store.faults.add("lost", match="POST /coupons")
    with pytest.raises(requests.ConnectionError):
        api.post("coupons", {"code": "one"})
    assert [coupon.code for coupon in store.state.coupons.values()] == ["one"]
    entry = store.journal.writes()[-1]
    assert (entry.name, entry.status) == ("POST /coupons", 0)


def test_a_truncated_answer_was_carried_out_and_is_not_json(api, store):
    store.faults.add("truncated")
    answer = api.post("coupons", {"code": "one"})
    with pytest.raises(requests.JSONDecodeError):
        answer.json()
    assert len(store.state.coupons) == 1


def test_a_slow_answer_does_not_hold_up_others(api, store):
    store.faults.add("slow", seconds=0.3, match="GET /orders")
    began = time.monotonic()
    assert api.get("orders").status_code == 200
    assert time.monotonic() - began >= 0.3


def test_a_fault_meets_only_the_calls_that_it_is_meant_for(api, store):
    order = store.checkout([("MUG", 1)])
    store.faults.add("error", match=f"PUT /orders/{order}", times=2)
    assert api.get(f"orders/{order}").status_code == 200
    assert [api.put(f"orders/{order}", {}).status_code for _ in range(3)] == [500, 500, 200]


def test_the_journal_tells_writes_with_their_order_and_without_secrets(api, store, receiver):
    order = store.checkout([("MUG", 1)])
    store.journal.clear()
    api.get(f"orders/{order}", params={"_fields": "id"})
    api.put(f"orders/{order}", {"meta_data": [{"key": "_a", "value": "b"}]})
    api.put(f"orders/{order}", {"status": "odd"})
    api.post("webhooks", {"topic": "order.updated", "delivery_url": receiver.url, "secret": "very-secret"})
    read, write, refused, hook = store.journal.entries()
    assert (read.write, read.order, read.detail) == (False, str(order), "_fields=id")
    assert (write.write, write.name, write.status) == (True, f"PUT /orders/{order}", 200)
    assert "_a" in write.detail
    assert (refused.write, refused.status) == (False, 400)
    assert "very-secret" not in hook.detail
    assert "oauth" not in "".join(entry.detail for entry in store.journal.entries())
