"""How a webhook dies: nothing is tried again, and seven failures in a row are the end."""


def fail(store, receiver, times, status=500):
    receiver.status = status
    for _ in range(times):
        store.restock("MUG", 1)
        store.hooks.flush()


def test_the_seventh_failure_in_a_row_disables_and_nothing_is_retried(subscribe, store, api, receiver):
    hook = subscribe("product.updated")[0]["id"]
    receiver.posts.clear()
    fail(store, receiver, 6)
    assert api.get(f"webhooks/{hook}").json()["status"] == "active"
    fail(store, receiver, 1)
    assert (api.get(f"webhooks/{hook}").json()["status"], len(receiver.posts)) == ("disabled", 7)
    fail(store, receiver, 1)
    assert len(receiver.posts) == 7


def test_switching_it_on_again_does_not_forget_the_failures(subscribe, store, api, receiver):
    hook = subscribe("product.updated")[0]["id"]
    fail(store, receiver, 7)
    assert api.put(f"webhooks/{hook}", {"status": "active"}).json()["status"] == "active"
    fail(store, receiver, 1)
    assert api.get(f"webhooks/{hook}").json()["status"] == "disabled"


def test_one_success_starts_the_count_again_and_a_redirect_counts_as_one(subscribe, store, api, receiver):
    hook = subscribe("product.updated")[0]["id"]
    receiver.headers = [("Location", "http://127.0.0.1:9/elsewhere")]
    fail(store, receiver, 6)
    fail(store, receiver, 1, status=302)
    fail(store, receiver, 6)
    assert api.get(f"webhooks/{hook}").json()["status"] == "active"


def test_events_of_a_paused_webhook_are_lost(subscribe, store, api, receiver):
    hook = subscribe("product.updated")[0]["id"]
    api.put(f"webhooks/{hook}", {"status": "paused"})
    store.restock("MUG", 1)
    api.put(f"webhooks/{hook}", {"status": "active"})
    store.hooks.flush()
    assert receiver.topics() == []


def test_staff_can_switch_all_webhooks_off(subscribe, store, api):
    subscribe("order.created", "order.updated")
    store.disable_webhooks()
    assert {hook["status"] for hook in api.get("webhooks").json()} == {"disabled"}
    assert [hook["topic"] for hook in api.get("webhooks", params={"status": "active"}).json()] == []


def test_deleting_a_webhook_needs_force(subscribe, api):
    hook = subscribe("order.created")[0]["id"]
    refused = api.delete(f"webhooks/{hook}")
    assert (refused.status_code, refused.json()["code"]) == (501, "woocommerce_rest_trash_not_supported")
    assert api.delete(f"webhooks/{hook}", params={"force": "true"}).status_code == 200
    assert api.get(f"webhooks/{hook}").status_code == 404
