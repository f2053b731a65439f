"""The settings of an installation: where each comes from, and what is no setting."""

from types import SimpleNamespace

import pytest

from core import settings
from core.errors import ConfigurationError
from core.house import House


def read(document=None, files=None, **environment):
    def read_file(path):
        text = (files or {})[path]
        if isinstance(text, Exception):
            raise text
        return text

    named = {f"BACKORDER_{name}": value for name, value in environment.items()}
    return settings.read(named, document or {}, read_file)


def test_the_environment_goes_before_a_file_before_the_document_before_the_default():
    made = read(
        {"log_level": "DEBUG", "proxies": 2, "lease_seconds": "5"}, {"/run/level": "ERROR\n", "/run/proxies": "3"},
        LOG_LEVEL="WARNING", LOG_LEVEL_FILE="/run/level", PROXIES_FILE="/run/proxies",
    )  # fmt: skip
    assert (made.log_level, made.proxies_in_front, made.lease.total_seconds(), made.settle) == ("WARNING", 3, 5.0, 30.0)
    assert made.sources == {"log_level": "environment", "proxies": "file", "lease_seconds": "backorder.toml"}


def test_a_setting_is_given_as_what_it_means():
    made = read(
        SECRET_KEY="new, old,",
        SHOPIFY_CLIENT_SECRET="two, one",
        ALLOW_PRIVATE_STORES="1",
        BASE_URL="http://localhost:8000/",
    )
    assert (made.signing_keys, made.code_key, made.shopify_secrets) == (("old", "new"), "old", ("two", "one"))
    assert (made.private_stores, made.external) == (True, "http://localhost:8000")
    assert [kept.days for kept in (made.keep_bodies, made.keep_people, made.keep_log)] == [14, 400, 730]
    assert read().code_key == ""


@pytest.mark.parametrize(("said", "asks"), [({}, False), ({"SECOND_FACTOR": "required"}, True)])
def test_a_second_factor_is_asked_for_where_the_installation_says_so(said, asks):
    assert read(**said).asks_second_factor is asks


def test_no_secret_is_shown():
    assert "hush" not in repr(read(SECRET_KEY="hush"))
    told = settings.meanings()
    assert set(told) == set(settings.names())
    assert told["secret_key"][1:] == ("", True)
    assert told["proxies"][1:] == ("0", False)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SETTLE_SECONDS", "soon", "must be seconds from 0 to 3600"),
        ("LEASE_SECONDS", "0.5", "must be seconds from 1 to 600"),
        ("LEASE_SECONDS", "nan", "must be seconds from 1 to 600"),
        ("PROXIES", "10", "must be a number from 0 to 9"),
        ("PROXIES", "\u0661", "must be a number from 0 to 9"),
        ("KEEP_PEOPLE_DAYS", "29", "must be a number from 30 to 3650"),
        ("LOG_LEVEL", "LOUD", "must be DEBUG, INFO, WARNING or ERROR"),
        ("SECOND_FACTOR", "sometimes", "must be optional or required"),
        ("BASE_URL", "backorder.example.com", "must be an address such as https://backorder.example.com"),
        ("BASE_URL", "https://example.com:port", "must be an address such as"),
        ("BASE_URL", "https://exa mple.com", "must be an address such as"),
        ("BASE_URL", "http://localhost", "must be https .http only with BACKORDER_ALLOW_PRIVATE_STORES=1"),
        ("BASE_URL", "http://backorder.example.com", "must be https .http only for loopback addresses"),
        ("SHOPIFY_ORIGIN", "http://{shop}", "must be https"),
    ],
)
def test_what_is_no_value_is_refused_by_name(name, value, words):
    with pytest.raises(ConfigurationError, match=words) as refused:
        read(**{name: value})
    assert str(refused.value).startswith(f"BACKORDER_{name}: ")


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (OSError(13, "Permission denied"), "SECRET_KEY_FILE: cannot read /run/key: Permission denied"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "no"), "SECRET_KEY_FILE: /run/key is not UTF-8 text"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(problem, words):
    with pytest.raises(ConfigurationError, match=words):
        read(files={"/run/key": problem}, SECRET_KEY_FILE="/run/key")


def test_a_word_that_is_no_setting_is_refused():
    with pytest.raises(ConfigurationError, match="colour is not a setting"):
        read({"colour": "blue"})


def test_a_platform_that_is_not_plugged_in_can_do_nothing():
    house = SimpleNamespace(supports={"shopify": {"hold": "full"}})
    assert [House.support_of(house, platform) for platform in ("shopify", "woocommerce")] == [{"hold": "full"}, {}]
