"""The simulated shop's token service: codes and proofs become keys, keys end, refresh tokens change with every use."""

import pytest

from connectors.simulator.shopify.oauth import EXCHANGE, OFFLINE, Denied

APP = {"client_id": "app", "client_secret": "secret-of-a-good-length-for-the-tests"}


@pytest.fixture
def tokens(shop):
    shop.rotate_secret(APP["client_secret"])
    return shop.tokens


def proof(shop, **more):
    asked = {"grant_type": EXCHANGE, "subject_token": shop.proof(), "requested_token_type": OFFLINE, "expiring": 1}
    return {**APP, **asked, **more}


def test_a_proof_becomes_a_key_that_ends_and_renews_itself(shop, tokens):
    given = tokens.grant(proof(shop))
    assert tokens.accepts(given["access_token"])
    assert (given["expires_in"], given["refresh_token_expires_in"]) == (3600, 90 * 24 * 3600)
    fresh = tokens.grant({**APP, "grant_type": "refresh_token", "refresh_token": given["refresh_token"]})
    assert not tokens.accepts(given["access_token"])
    assert tokens.accepts(fresh["access_token"])


def test_a_refresh_token_waits_until_its_successor_is_used(shop, tokens):
    given = tokens.grant(proof(shop))
    again = {**APP, "grant_type": "refresh_token", "refresh_token": given["refresh_token"]}
    tokens.grant(again)
    fresh = tokens.grant(again)
    assert tokens.accepts(fresh["access_token"])
    with pytest.raises(Denied, match="invalid_grant"):
        tokens.grant(again)


@pytest.mark.parametrize(
    "change",
    [
        {"subject_token": "x"},
        {"requested_token_type": "urn:shopify:params:oauth:token-type:online-access-token"},
        {"client_secret": "wrong"},
        {"client_id": "another"},
    ],
)
def test_what_proves_nothing_gets_no_key(shop, tokens, change):
    with pytest.raises(Denied):
        tokens.grant(proof(shop, **change))


def test_a_proof_is_good_for_a_minute(shop, tokens, clock):
    asked = proof(shop)
    clock.forward(minutes=2)
    with pytest.raises(Denied, match="invalid_subject_token"):
        tokens.grant(asked)


def test_a_removed_app_gets_no_key(shop, tokens):
    asked = proof(shop)
    shop.uninstall()
    with pytest.raises(Denied, match="app_not_installed"):
        tokens.grant(asked)
