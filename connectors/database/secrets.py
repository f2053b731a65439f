"""What is kept under lock, above all the shops' credentials: the first key locks, every key opens."""

from collections.abc import Mapping

import msgspec
from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from core.errors import ConfigurationError

_contents = msgspec.json.Decoder(tuple[str, dict[str, str]])


class Vault:
    """Locks and opens credentials. `keys` are Fernet keys by comma, the current one first."""

    def __init__(self, keys: str) -> None:
        made = [_fernet(key.strip()) for key in keys.split(",") if key.strip()]
        if not made:
            raise ConfigurationError(
                "BACKORDER_ENCRYPTION_KEYS: at least one key is needed: 32 random bytes in URL-safe base64"
            )
        self._fernet = MultiFernet(made)

    def lock(self, shop: str, credentials: Mapping[str, str]) -> bytes:
        """Return the credentials unreadable, bound to their shop."""
        return self._fernet.encrypt(msgspec.json.encode((shop, dict(credentials))))

    def lock_anew(self, whose: str, locked: bytes) -> bytes:
        """Return the same under the current key. Raises ConfigurationError when no key fits."""
        try:
            return self._fernet.rotate(locked)
        except InvalidToken as problem:
            raise _no_key(whose) from problem

    def open(self, shop: str, locked: bytes) -> dict[str, str]:
        """Return the credentials. Raises ConfigurationError when no key fits or they belong to another shop."""
        try:
            owner, credentials = _contents.decode(self._fernet.decrypt(locked))
        except InvalidToken as problem:
            raise _no_key(shop) from problem
        if owner != shop:
            raise ConfigurationError(f"the credentials stored for {shop} belong to {owner}: connect the shop again")
        return credentials


def _no_key(whose: str) -> ConfigurationError:
    return ConfigurationError(
        f"BACKORDER_ENCRYPTION_KEYS: no key opens the credentials of {whose}: add the key that they were locked "
        "with, after the current one, or connect the shop again"
    )


def _fernet(key: str) -> Fernet:
    try:
        return Fernet(key)
    except ValueError as problem:
        # The key itself is not repeated: this sentence may be logged.
        raise ConfigurationError(
            "BACKORDER_ENCRYPTION_KEYS: a key is not 32 bytes in URL-safe base64 (several are parted by commas)"
        ) from problem
