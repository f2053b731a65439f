"""Keys of our own making, for an installation that sets none: made once, readable by their owner only."""

import os
import secrets
import tomllib
from pathlib import Path

from cryptography.fernet import Fernet

from core.errors import ConfigurationError

NAME = "keys.toml"


def kept(folder: Path, *, secret_key: str, encryption: str) -> tuple[str, str]:
    """Return (secret key, encryption keys): the given ones, else those kept in `folder`, made when missing."""
    if secret_key and encryption:
        return secret_key, encryption
    path = folder / NAME
    try:
        if not path.exists():
            _make(path)
        stored = tomllib.loads(path.read_text("utf-8"))
        return secret_key or stored["secret_key"], encryption or stored["encryption_keys"]
    except OSError as problem:
        what = "let it be written, or set BACKORDER_SECRET_KEY and BACKORDER_ENCRYPTION_KEYS"
        raise ConfigurationError(f"{path}: {problem.strerror}: {what}") from problem
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError) as problem:
        raise ConfigurationError(f"{path}: is broken: restore it from a backup") from problem


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = f'secret_key = "{secrets.token_urlsafe(48)}"\nencryption_keys = "{Fernet.generate_key().decode()}"\n'
    draft = path.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    try:
        # A second process that starts at the same moment must not replace keys that are in use already.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
