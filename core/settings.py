"""The installation's settings, read from the environment, files and `backorder.toml` by a pure function.

Every setting is a field here with its meaning, so the docs and `doctor` can list them all.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import timedelta
from urllib.parse import urlsplit

from core.errors import ConfigurationError

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def _setting(meaning: str, default: str = "", *, secret: bool = False) -> str:
    made: str = field(default=default, metadata={"meaning": meaning, "secret": secret}, repr=not secret)
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every setting as text; `sources` says where each value came from (`default`, `environment`, a file)."""

    database_url: str = _setting("where everything is kept; SQLite under instance/ when unset", secret=True)
    secret_key: str = _setting(
        "signs sessions, links and codes; newest first by comma; made under instance/ when unset", secret=True
    )
    encryption_keys: str = _setting("Fernet keys for the shops' credentials, newest first, by comma", secret=True)
    base_url: str = _setting("public https address of this service; our links and webhooks are built from it")
    shopify_client_id: str = _setting("the Shopify app's client id")
    shopify_client_secret: str = _setting("the Shopify app's secret; two by comma while rotating", secret=True)
    shopify_api_version: str = _setting("Shopify Admin API version", "2026-10")
    shopify_origin: str = _setting("where a Shopify shop answers", "https://{shop}")
    allow_private_stores: str = _setting("1 lets a store be http or at a private address")
    smtp_url: str = _setting("smtp://user:pass@host:587?from=...; unset keeps mails on the outbox page", secret=True)
    bounces_url: str = _setting(
        "imaps://user:pass@host?folder=INBOX; the mailbox to which mail that does not arrive comes back", secret=True
    )
    second_factor: str = _setting(
        "required: whoever signs in by a link also needs a code from their own device", "optional"
    )
    proxies: str = _setting("how many trusted proxies stand in front and name the client in X-Forwarded-For", "0")
    metrics_token: str = _setting("token that opens /metrics; unset keeps it closed", secret=True)
    log_level: str = _setting("DEBUG, INFO, WARNING or ERROR", "INFO")
    settle_seconds: str = _setting("how long a write with a lost answer settles before we look again", "30")
    lease_seconds: str = _setting("how soon others take over the work of a worker that died", "10")
    keep_bodies_days: str = _setting("for how long raw deliveries that could not be taken in are kept", "14")
    keep_people_days: str = _setting("how long after an ended order was placed its customer's data is blanked", "400")
    keep_log_days: str = _setting("for how long the log, settled actions and deliveries' keys are kept", "730")
    sources: dict[str, str] = field(default_factory=dict)

    @property
    def settle(self) -> float:
        """Seconds to wait before looking up an unknown outcome."""
        return float(self.settle_seconds)

    @property
    def lease(self) -> timedelta:
        """How long work stays reserved without a sign of life of its worker."""
        return timedelta(seconds=float(self.lease_seconds))

    @property
    def keep_bodies(self) -> timedelta:
        """How long raw deliveries are kept."""
        return timedelta(days=int(self.keep_bodies_days))

    @property
    def keep_people(self) -> timedelta:
        """How long customers' data is kept, from the day of the order, once that has ended."""
        return timedelta(days=int(self.keep_people_days))

    @property
    def keep_log(self) -> timedelta:
        """How long the log is kept."""
        return timedelta(days=int(self.keep_log_days))

    @property
    def proxies_in_front(self) -> int:
        """How many proxies' words about the client are believed."""
        return int(self.proxies)

    @property
    def asks_second_factor(self) -> bool:
        """Whether nobody sees a shop before they set up a second factor."""
        return self.second_factor == "required"

    @property
    def private_stores(self) -> bool:
        """Whether local and plain-http stores may be connected."""
        return self.allow_private_stores == "1"

    @property
    def shopify_secrets(self) -> tuple[str, ...]:
        """The app secrets that a delivery may be signed with."""
        return tuple(part.strip() for part in self.shopify_client_secret.split(",") if part.strip())

    @property
    def signing_keys(self) -> tuple[str, ...]:
        """What sessions and links may be signed with, oldest first: the last one signs."""
        return tuple(reversed([part.strip() for part in self.secret_key.split(",") if part.strip()]))

    @property
    def code_key(self) -> str:
        """What codes are made of, and the names under which customers are counted: the oldest key, as long as it stays.

        An order's code must be the same one whenever it is asked for.
        """
        return self.signing_keys[0] if self.signing_keys else ""

    @property
    def external(self) -> str:
        """The base URL without a trailing slash."""
        return self.base_url.rstrip("/")


def names() -> tuple[str, ...]:
    """Return the names of all settings, without the BACKORDER_ prefix and in lower case."""
    return tuple(entry.name for entry in fields(Settings) if entry.name != "sources")


def meanings() -> dict[str, tuple[str, str, bool]]:
    """Return name -> (meaning, default, secret) for docs and doctor."""
    return {
        entry.name: (entry.metadata["meaning"], "" if entry.default is MISSING else str(entry.default),
                     entry.metadata["secret"])
        for entry in fields(Settings)
        if entry.name != "sources"
    }  # fmt: skip


def read(environment: Mapping[str, str], document: Mapping[str, object], read_file: Callable[[str], str]) -> Settings:
    """Return the settings: the environment wins over `NAME_FILE`, over `backorder.toml`, over defaults.

    `document` is the parsed `backorder.toml`. Raises ConfigurationError naming the setting and the mend.
    """
    unknown = sorted(set(document) - set(names()))
    if unknown:
        raise ConfigurationError(f"backorder.toml: {unknown[0]} is not a setting; known: {', '.join(names())}")
    values: dict[str, str] = {}
    sources: dict[str, str] = {}
    for name in names():
        variable = f"BACKORDER_{name.upper()}"
        if environment.get(variable):
            values[name], sources[name] = environment[variable], "environment"
        elif environment.get(f"{variable}_FILE"):
            values[name], sources[name] = _from_file(variable, environment[f"{variable}_FILE"], read_file), "file"
        elif name in document:
            values[name], sources[name] = str(document[name]), "backorder.toml"
    return _checked(Settings(**values, sources=sources))


def _from_file(variable: str, path: str, read_file: Callable[[str], str]) -> str:
    try:
        return read_file(path).strip()
    except OSError as problem:
        raise ConfigurationError(f"{variable}_FILE: cannot read {path}: {problem.strerror}") from problem
    except UnicodeDecodeError as problem:
        raise ConfigurationError(f"{variable}_FILE: {path} is not UTF-8 text") from problem


def _checked(settings: Settings) -> Settings:
    _check_seconds("BACKORDER_SETTLE_SECONDS", settings.settle_seconds, 0, 3600)
    _check_seconds("BACKORDER_LEASE_SECONDS", settings.lease_seconds, 1, 600)
    _check_number("BACKORDER_PROXIES", settings.proxies, 0, 9)
    _check_number("BACKORDER_KEEP_BODIES_DAYS", settings.keep_bodies_days, 1, 3650)
    _check_number("BACKORDER_KEEP_PEOPLE_DAYS", settings.keep_people_days, 30, 3650)
    # A delivery may be sent again for days, and its key is what tells a second one.
    _check_number("BACKORDER_KEEP_LOG_DAYS", settings.keep_log_days, 30, 3650)
    if settings.log_level.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise ConfigurationError("BACKORDER_LOG_LEVEL: must be DEBUG, INFO, WARNING or ERROR")
    if settings.second_factor not in {"optional", "required"}:
        raise ConfigurationError("BACKORDER_SECOND_FACTOR: must be optional or required")
    if settings.base_url:
        _check_address("BACKORDER_BASE_URL", settings.base_url, plain_allowed=settings.private_stores)
    _check_address("BACKORDER_SHOPIFY_ORIGIN", settings.shopify_origin.replace("{shop}", "x"), plain_allowed=True)
    return settings


def _check_number(variable: str, text: str, low: int, high: int) -> None:
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and low <= int(text) <= high):
        raise ConfigurationError(f"{variable}: must be a number from {low} to {high}")


def _check_seconds(variable: str, text: str, low: int, high: int) -> None:
    try:
        good = low <= float(text) <= high
    except ValueError:
        good = False
    if not good:
        raise ConfigurationError(f"{variable}: must be seconds from {low} to {high}")


def _check_address(variable: str, address: str, *, plain_allowed: bool) -> None:
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        parts = urlsplit("")
    if any(sign.isspace() for sign in address) or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ConfigurationError(f"{variable}: must be an address such as https://backorder.example.com")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ConfigurationError(f"{variable}: must be https (http only for loopback addresses)")
    if parts.scheme == "http" and not plain_allowed:
        raise ConfigurationError(f"{variable}: must be https (http only with BACKORDER_ALLOW_PRIVATE_STORES=1)")
