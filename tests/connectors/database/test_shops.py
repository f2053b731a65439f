import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet

from connectors.database import open_books
from core.errors import ConfigurationError
from core.policy.shop_policy import ShopPolicy
from core.snapshots import PlaceSnapshot


def test_a_shop_comes_back_as_it_was_stored(kept, make):
    rich = make.shop("fern", policy=ShopPolicy(mode="act", laws=("us_ftc_435",), tiers_by_tag={"vip": 1}), email="a@example.com",
                     places=(PlaceSnapshot(id="1", name="Main"),), features=frozenset({"fulfilments"}), sync_cursor=make.now)  # fmt: skip
    with kept.write() as unit:
        unit.shops.save(rich)
    with kept.read() as unit:
        assert unit.shops.get("fern") == rich
        assert unit.shops.get("unknown") is None


def test_all_shops_come_by_id(kept, make):
    with kept.write() as unit:
        unit.shops.add(make.shop("alder"), {})
    with kept.read() as unit:
        assert [shop.id for shop in unit.shops.all()] == ["alder", "fern", "moss"]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("fern", "fern"),
        ("fern.myshopify.com", "fern"),
        ("https://fern.myshopify.com/", "fern"),
        ("FERN.myshopify.com", "fern"),
        ("https://moss.example.com", "moss"),
        ("http://moss.example.com/", "moss"),
        ("  moss.example.com  ", "moss"),
        ("moss.example.com/other", None),
        ("fer", None),
        ("", None),
        ("https://", None),
        ("moss\x00.example.com", None),
        ("\ud800", None),
    ],
)
def test_a_shop_is_found_by_id_domain_or_url(kept, name, found):
    with kept.read() as unit:
        shop = unit.shops.find(name)
    assert (shop and shop.id) == found


def test_many_shops_are_found_at_once_by_whatever_each_is_called(kept, make):
    names = [f"shop-{number}" for number in range(20)]
    with kept.write() as unit:
        for name in names:
            unit.shops.add(make.shop(name), {})
    asked = [name if number % 2 else f"https://{name}.myshopify.com/" for number, name in enumerate(names)]
    with kept.read() as unit:
        found = unit.shops.named([*asked, "nobody", ""])
    assert {called: shop.id for called, shop in found.items()} == dict(zip(asked, names, strict=True))


def test_a_store_below_a_path_is_found_with_its_path(kept, make):
    with kept.write() as unit:
        unit.shops.add(make.shop("reed", domain="reed.example.com/shop"), {})
    with kept.read() as unit:
        assert unit.shops.find("https://reed.example.com/shop/").id == "reed"
        assert unit.shops.find("reed.example.com") is None


def test_of_two_shops_at_one_address_the_one_connected_last_is_found(kept, make):
    with kept.write() as unit:
        unit.shops.add(make.shop("older", domain="same.example.com", connected_at=make.now - timedelta(days=9)), {})
        unit.shops.add(make.shop("newer", domain="same.example.com", connected_at=make.now), {})
    with kept.read() as unit:
        assert unit.shops.find("same.example.com").id == "newer"


def test_connecting_again_replaces_the_shop_and_keeps_its_orders(kept, make):
    with kept.write() as unit:
        unit.orders.put(make.order("1"))
        unit.shops.add(make.shop("fern", name="Renamed"), {"token": "new"})
    with kept.read() as unit:
        assert unit.shops.get("fern").name == "Renamed"
        assert unit.shops.credentials("fern") == {"token": "new"}
        assert unit.orders.get("fern", "1") is not None


def test_saving_a_shop_leaves_its_credentials_and_the_other_shop_alone(kept, make):
    with kept.write() as unit:
        unit.shops.save(replace(unit.shops.get("fern"), name="Renamed"))
    with kept.read() as unit:
        assert unit.shops.credentials("fern") == {"token": "shpat-fern"}
        assert unit.shops.get("moss").name == "Fern & Fable"


def test_saving_an_erased_shop_does_not_bring_it_back(kept, make):
    with kept.write() as unit:
        unit.shops.erase("fern")
        unit.shops.save(make.shop("fern"))
        assert unit.shops.get("fern") is None


def test_credentials_can_be_replaced_and_erased(kept):
    with kept.write() as unit:
        unit.shops.put_credentials("fern", {"token": "second", "refresh": "r"})
    with kept.read() as unit:
        assert unit.shops.credentials("fern") == {"token": "second", "refresh": "r"}
    with kept.write() as unit:
        unit.shops.put_credentials("fern", {})
    with kept.read() as unit:
        assert unit.shops.credentials("fern") == {}
        assert unit.shops.credentials("unknown") == {}


def test_an_old_key_still_opens_after_a_new_one_was_put_first(any_url, make):
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    _store(any_url, old, make.shop("fern"))
    assert _read(any_url, f"{new}, {old}") == {"token": "t"}
    _store(any_url, f"{new},{old}", make.shop("fern"))
    assert _read(any_url, new) == {"token": "t"}


def test_credentials_that_no_key_opens_are_one_clear_error(any_url, make):
    _store(any_url, Fernet.generate_key().decode(), make.shop("fern"))
    with pytest.raises(ConfigurationError, match="BACKORDER_ENCRYPTION_KEYS: no key opens the credentials of fern"):
        _read(any_url, Fernet.generate_key().decode())


def test_credentials_moved_to_another_shop_are_refused(kept):
    vault = kept._vault
    with pytest.raises(ConfigurationError, match="belong to fern"):
        vault.open("moss", vault.lock("fern", {"token": "t"}))


@pytest.mark.parametrize("keys", ["", " , ", "too-short", "ä" * 43 + "="])
def test_bad_encryption_keys_are_refused_without_repeating_them(keys):
    with pytest.raises(ConfigurationError, match="BACKORDER_ENCRYPTION_KEYS") as refused:
        open_books("sqlite://", encryption_keys=keys)
    assert "too-short" not in str(refused.value)


def test_the_lock_makes_a_second_replanner_of_the_shop_wait(kept):
    order, inside, leave = [], threading.Event(), threading.Event()

    def first():
        with kept.write() as unit:
            unit.shops.lock("fern")
            inside.set()
            leave.wait(60)
            order.append("first")

    def second():
        with kept.write() as unit:
            unit.shops.lock("fern")
            order.append("second")

    threads = [threading.Thread(target=first), threading.Thread(target=second)]
    threads[0].start()
    assert inside.wait(60)
    threads[1].start()
    threads[1].join(0.2)
    assert order == []
    leave.set()
    for thread in threads:
        thread.join(60)
    assert order == ["first", "second"]


def _store(url, keys, shop):
    books = open_books(url, encryption_keys=keys)
    with books.write() as unit:
        unit.shops.add(shop, {"token": "t"})
    books.close()


def _read(url, keys):
    books = open_books(url, encryption_keys=keys)
    try:
        with books.read() as unit:
            return unit.shops.credentials("fern")
    finally:
        books.close()
