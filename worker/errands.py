"""The desk: connecting, comparing and leaving, each with the shop on the line."""

import hashlib
import secrets
import string
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain

from core.actions import Clear, Code
from core.errors import BackorderError, ConfigurationError, CredentialsRevoked, Misuse, Rejected
from core.house import Farewell, House, SyncReport
from core.item_actions import ItemAction
from core.items import gating
from core.planning import replanning, wake_ups
from core.policy.shop_policy import Mode
from core.ports.connector import ShopConnector
from core.records import Platform, Shop
from core.sentences import sentence
from core.snapshots import ShopProfile
from worker import anew, rotation
from worker.intake import means_of
from worker.reconcile import let_in_again, mend_webhooks, reconcile, up_to_date, webhook_url, with_profile

OUT_OF_REACH = sentence("the shop had removed our keys before: nothing of ours could be reached there")
EVER = datetime(2000, 1, 1, tzinfo=UTC)
# WooCommerce passes secrets through an entity decoder: letters and digits only survive.
ALPHABET = string.ascii_letters + string.digits


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a shop answers. `domain` names it to people and webhooks, `shop` is our id of it."""

    shop: str
    domain: str
    origin: str


class Errands:
    """Implements `core.house.Desk`. `addresses` reads what a person typed, per platform.

    `proofs`: per platform that has one, a read of the shop's profile with credentials that are kept nowhere yet.
    """

    def __init__(
        self,
        house: Callable[[], House],
        addresses: Mapping[str, Callable[[str], Address]],
        proofs: Mapping[str, Callable[[str, Mapping[str, str]], ShopProfile]],
    ) -> None:
        self._house = house
        self._addresses = addresses
        self._proofs = proofs

    def connect(
        self, platform: Platform, address: str, credentials: Mapping[str, str], *, mode: Mode | None = None
    ) -> Shop:
        """Prove the credentials, store the shop, subscribe, queue the first sync.

        Nothing is stored when the credentials do not work; a shop that cannot be subscribed to stays unconnected.
        """
        house = self._house()
        if not house.settings.external:
            raise ConfigurationError(
                sentence("BACKORDER_BASE_URL: set it to the address at which the shop can reach us")
            )
        where = self._addresses[platform](address)
        proof = self._proofs.get(platform)
        seen = proof(where.origin, credentials) if proof else None
        shop, kept = self._shop(platform, where, credentials, mode)
        with house.books.write() as unit:
            before = unit.shops.get(shop.id)
            earlier = unit.shops.credentials(shop.id) if before else {}
            unit.shops.add(shop, kept)
        try:
            connector = house.open_shop(shop)
            seen = seen or connector.profile()
            url = webhook_url(house, shop)
            if "webhook_secret" not in earlier:
                # Subscriptions that outlived our books sign with a secret that nobody knows any more.
                connector.unsubscribe(url)
            connector.subscribe(url, kept["webhook_secret"])
        except BackorderError:
            _take_back(house, shop, before, earlier)
            raise
        return self._welcome(house, shop, seen)

    def _shop(
        self, platform: Platform, where: Address, credentials: Mapping[str, str], mode: Mode | None
    ) -> tuple[Shop, dict[str, str]]:
        house = self._house()
        with house.books.read() as unit:
            known = unit.shops.get(where.shop)
            if known and (known.platform, known.domain) != (platform, where.domain):
                # `a-b.example.com` and `a.b.example.com` are two stores: neither may take the other one's place.
                where = replace(where, shop=f"{where.shop}-{hashlib.sha256(where.domain.encode()).hexdigest()[:8]}")
                known = unit.shops.get(where.shop)
            kept = unit.shops.credentials(where.shop) if known else {}
        fresh = Shop(
            id=where.shop, platform=platform, domain=where.domain, origin=where.origin, name=where.domain,
            currency="", timezone="UTC", connected_at=house.now(),
        )  # fmt: skip
        shop = replace(known or fresh, state="connected", problem=None, origin=where.origin)
        if mode:
            shop = replace(shop, policy=replace(shop.policy, mode=mode))
        secret = kept.get("webhook_secret") or _new_secret()
        return shop, {**credentials, "webhook_secret": secret}

    def _welcome(self, house: House, shop: Shop, seen: ShopProfile) -> Shop:
        """Return the shop as it is kept: what a person set while it was on the line stays."""
        now = datetime.now(UTC)
        with house.books.write() as unit:
            unit.shops.lock(shop.id)
            shop = with_profile(unit.shops.get(shop.id) or shop, seen)
            unit.shops.save(replace(shop, subscribed_at=house.now()))
            if shop.policy.mode == "act":
                unit.outbox.make_pending(shop.id, now=now)
            let_in_again(unit, shop, now=now, settle=house.settings.settle)
            wake_ups.compare(unit, shop.id, at=now)
            wake_ups.replan(unit, shop.id, at=now)
            unit.audit.write(shop=shop.id, at=house.now(), actor="person", what="connected", outcome=shop.policy.mode)
        return shop

    def sync(self, shop: Shop, *, since: datetime | None = None) -> SyncReport:
        """Compare with the shop now, mend its webhooks, plan what differs."""
        house = self._house()
        if shop.state == "uninstalled":
            raise Misuse(sentence("%(domain)s is not connected: connect it again first", domain=shop.domain))
        connector = up_to_date(house, shop, house.open_shop(shop))
        mended = mend_webhooks(house, shop, connector)
        report = reconcile(house, replace(shop, sync_cursor=since or shop.sync_cursor), connector)
        with house.books.write() as unit:
            unit.shops.lock(shop.id)
            current = unit.shops.get(shop.id)
            if current is not None:
                means = means_of(house, connector, datetime.now(UTC))
                replanning.replan(unit, current, means, items=None, orders=report.orders)
        return replace(report, webhooks=mended)

    def begin_anew(self) -> int:
        """After old books were put back: believe nothing about the shops that is not read again; return how many."""
        return anew.begin_anew(self._house())

    def rotate_secret(self, shop: Shop) -> None:
        """Give the shop's webhooks a new secret; the one before is taken for another day."""
        house = self._house()
        if shop.state == "uninstalled":
            raise Misuse(sentence("%(domain)s is not connected: connect it again first", domain=shop.domain))
        rotation.rotate(house, shop, house.open_shop(shop), url=webhook_url(house, shop), secret=_new_secret())

    def disconnect(self, shop: Shop, *, erase: bool) -> Farewell:
        """Remove our webhooks first, then what is ours on every order and item that may carry it, then the keys.

        Workers leave the shop alone from the beginning on: they would put the marks back. When the shop cannot be
        reached, it stays as it was. An order that the shop refuses to have cleaned is named in the log.
        """
        house = self._house()
        marked, keys = _leave_alone(house, shop)
        with house.books.read() as unit:
            changed = gating.to_restore(unit.items.marked(shop.id))
        refused: dict[str, str] = {} if keys else {one.order: OUT_OF_REACH for one in marked}
        if keys:
            try:
                connector = house.open_shop(shop)
                connector.unsubscribe(webhook_url(house, shop))
                refused = _cleaned(connector, (*changed, *marked))
            except BackorderError:
                _take_back(house, shop, shop, keys)
                raise
        if erase:
            # What lies at the doors is the shop's too, and no worker may come by.
            house.books.empty_letterbox()
        with house.books.write() as unit:
            if erase:
                unit.shops.erase(shop.id)
            else:
                unit.shops.put_credentials(shop.id, {})
                anew.forget_marks(unit, shop)
                for item in unit.items.marked(shop.id):
                    unit.items.put_gate(shop.id, item.sku, None)
                unit.audit.write(shop=shop.id, at=house.now(), actor="person", what="disconnected")
                for order, why in refused.items():
                    left = "could not remove what is ours"
                    unit.audit.write(
                        shop=shop.id, at=house.now(), actor="backorder", what=left, order=order, outcome=why
                    )  # fmt: skip
        cleaned = {one.order for one in marked} - refused.keys()
        return Farewell(cleaned=len(cleaned), left=refused)


def _new_secret() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(48))


def _cleaned(connector: ShopConnector, marked: Sequence[Clear | ItemAction]) -> dict[str, str]:
    """Take our marks off these orders and items; return why, for those where the shop refused."""
    refused = {}
    for wanted in marked:
        try:
            connector.carry_out(wanted)
        except CredentialsRevoked:
            raise
        except Rejected as problem:
            refused[wanted.order] = str(problem)[:200]
    return refused


def _leave_alone(house: House, shop: Shop) -> tuple[list[Clear], dict[str, str]]:
    """Stop every action of the shop; return what to take off which order, and the shop's keys."""
    with house.books.write() as unit:
        unit.shops.lock(shop.id)
        shop = unit.shops.get(shop.id) or shop
        left = replace(shop, state="uninstalled", problem=sentence("disconnected by a person"), subscribed_at=None)
        unit.shops.save(left)
        unit.outbox.skip_all(shop.id, now=datetime.now(UTC), why="disconnected")
        # Finished orders as well: what was said on them, and a code that nobody has used yet, still stand.
        known = chain(unit.orders.open_each(shop.id), unit.orders.ended(shop.id, since=EVER))
        marked = (r for r in known if r.managed or r.snapshot.outside.tags or r.shown or r.noted)
        codes: dict[str, list[str]] = {record.id: [] for record in marked}
        for made in unit.outbox.codes(shop.id):
            # What was given as money is the customer's, and stays.
            if made.state == "done" and isinstance(made.action, Code) and not made.action.is_money:
                codes.setdefault(made.order, []).append(made.action.code)
        clears = [Clear(order=order, codes=tuple(made)) for order, made in codes.items()]
        return clears, unit.shops.credentials(shop.id)


def _take_back(house: House, shop: Shop, before: Shop | None, earlier: Mapping[str, str]) -> None:
    with house.books.write() as unit:
        if before is None:
            unit.shops.erase(shop.id)
        else:
            unit.shops.add(before, earlier)
