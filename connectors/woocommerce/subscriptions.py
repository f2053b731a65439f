"""Our webhooks at a store: exactly those we need, each once and active. The store disables one that fails 7 times."""

import hashlib
from collections.abc import Sequence

from connectors.woocommerce.client import Client
from connectors.woocommerce.fields import Json, own_id
from core.errors import CredentialsRevoked, NotFound, Rejected
from core.sentences import sentence

TOPICS = (
    "order.created",
    "order.updated",
    "order.deleted",
    "order.restored",
    "product.created",
    "product.updated",
    "product.deleted",
    "product.restored",
)
# Restored ones came later than the others: a sync finds those too.
OPTIONAL = frozenset({"order.restored", "product.restored"})
NAME = "Backorder: "
# The store pings our URL inside this request, and waits for us for up to a minute.
PING_SECONDS = 70.0


def subscribe(client: Client, url: str, secret: str) -> tuple[str, ...]:
    """Make the webhooks to `url` be exactly ours, all active; return a sentence for each thing that was mended."""
    ours = _ours(client, url)
    said: list[str] = []
    for hook in ours:
        if hook.get("topic") not in TOPICS:
            _remove(client, hook)
            said.append(sentence("The webhook for %(get)s was not needed: removed.", get=str(hook.get("topic"))[:60]))
    for topic in TOPICS:
        said += _one(client, topic, [hook for hook in ours if hook.get("topic") == topic], url, secret)
    return tuple(said)


def unsubscribe(client: Client, url: str) -> None:
    """Remove our webhooks, also those that somebody pointed elsewhere; another installation's stay."""
    for hook in _ours(client, url):
        _remove(client, hook)


def name_of(topic: str, url: str) -> str:
    """Return our webhook's name. Its mark follows from `url`: one that was pointed elsewhere is still known as ours."""
    return f"{NAME}{topic} {hashlib.sha256(url.encode()).hexdigest()[:6]}"


def _ours(client: Client, url: str) -> list[Json]:
    names = {name_of(topic, url) for topic in TOPICS}
    hooks = (hook for page in client.pages("webhooks") for hook in page)
    return [hook for hook in hooks if hook.get("delivery_url") == url or str(hook.get("name")) in names]


def _one(client: Client, topic: str, hooks: Sequence[Json], url: str, secret: str) -> list[str]:
    """Keep one webhook of the topic: one that works if there is any, the oldest first."""
    if not hooks:
        return _create(client, topic, url, secret)
    said = []
    kept, *spare = sorted(hooks, key=lambda hook: (bool(_wrong(hook, url)), int(own_id(hook))))
    for hook in spare:
        _remove(client, hook)
        said.append(sentence("The webhook for %(topic)s was there twice: one was removed.", topic=topic))
    if wrong := _wrong(kept, url):
        # The secret as well: whoever pointed it elsewhere may have changed that too, and nobody can read it back.
        client.put(f"webhooks/{own_id(kept)}", {"status": "active", "delivery_url": url, "secret": secret})
        said.append(sentence("The webhook for %(topic)s %(wrong)s.", topic=topic, wrong=wrong))
    return said


def _wrong(hook: Json, url: str) -> str:
    """Return what is to be mended, in words; "" for nothing."""
    if hook.get("delivery_url") != url:
        return sentence("delivered elsewhere: it delivers here again")
    return (
        ""
        if hook.get("status") == "active"
        else sentence("was %(get)s: it is active again", get=str(hook.get("status"))[:20])
    )


def _create(client: Client, topic: str, url: str, secret: str) -> list[str]:
    body = {"name": name_of(topic, url), "topic": topic, "delivery_url": url, "secret": secret, "status": "active"}
    try:
        client.post("webhooks", body, seconds=PING_SECONDS)
    except CredentialsRevoked:
        raise
    except Rejected:
        if topic in OPTIONAL:
            return []
        raise
    return [sentence("The webhook for %(topic)s was missing: made.", topic=topic)]


def _remove(client: Client, hook: Json) -> None:
    try:
        client.delete(f"webhooks/{own_id(hook)}")
    except NotFound:
        return  # somebody else was faster
