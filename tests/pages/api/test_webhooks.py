"""Webhooks by the API: added with a secret that is told once, tested, renewed, removed; each shop its own."""

URL = "https://hooks.example.com/backorder"
NEW = {"url": URL, "events": ["order.ready"]}


def test_a_webhook_is_added_listed_and_removed(ask):
    made = ask("POST", "/webhooks", NEW, status=201)
    assert made["secret"].startswith("whsec_")
    (listed,) = ask("GET", "/webhooks")["items"]
    assert (listed["url"], listed["events"], listed["state"], listed["secret"]) == (URL, ["order.ready"], "on", None)
    assert ask("GET", "/webhooks", shop="moss")["items"] == []
    for method, path, body in (("DELETE", "", None), ("POST", "/actions", {"do": "off"}), ("GET", "/sent", None)):
        ask(method, f"/webhooks/{made['id']}{path}", body, shop="moss", status=404)
    ask("DELETE", f"/webhooks/{made['id']}", status=204)
    assert ask("GET", "/webhooks")["items"] == []


def test_a_webhook_is_tested_switched_and_renewed(ask):
    made = ask("POST", "/webhooks", NEW, status=201)
    actions = f"/webhooks/{made['id']}/actions"
    assert ask("POST", actions, {"do": "off"}, status=202)["state"] == "off"
    assert ask("POST", actions, {"do": "test"}, status=202)["secret"] is None
    (sent,) = ask("GET", f"/webhooks/{made['id']}/sent")["items"]
    assert (sent["event"], sent["state"], sent["attempts"], sent["order"]) == ("test", "pending", 0, None)
    fresh = ask("POST", actions, {"do": "rotate"}, status=202)["secret"]
    assert fresh.startswith("whsec_")
    assert fresh != made["secret"]
    ask("POST", actions, {"do": "explode"}, status=422)


def test_what_cannot_be_used_is_named(ask):
    for body in ({"events": ["order.ready"]}, {"url": URL}, {"url": URL, "events": []}, {"url": URL, "events": ["x"]},
                 {"url": "ftp://x", "events": ["order.ready"]}, {**NEW, "more": 1}, {"url": URL, "events": "order.ready"}):  # fmt: skip
        ask("POST", "/webhooks", body, status=422)
    assert ask("GET", "/webhooks")["items"] == []


def test_who_asks_again_under_the_same_key_adds_one_and_hears_the_secret_once(ask):
    key = {"headers": {"Idempotency-Key": "one"}}
    first, again = (ask("POST", "/webhooks", NEW, status=201, **key) for _ in range(2))
    assert (again["id"], again["secret"]) == (first["id"], None)
    assert len(ask("GET", "/webhooks")["items"]) == 1
