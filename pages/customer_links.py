"""Links for customers: each signed for one purpose, so that it opens one thing only and cannot be guessed."""

from itsdangerous import BadSignature, URLSafeTimedSerializer

from core.settings import Settings

SALT = "customer"
DECLINING = "unsubscribe"
# Long enough for the longest backorders; after that the shop itself answers.
MAX_AGE_SECONDS = 400 * 86_400


def customer_link(settings: Settings, shop: str, order: str) -> str:
    """Return the absolute address, below the base URL, of the customer's page of this order."""
    return f"{settings.external}/o/{_signer(settings, SALT).dumps([shop, order])}"


def read_link(settings: Settings, signed: str) -> tuple[str, str] | None:
    """Return shop and order of a signed link; None where it is broken, forged or too old."""
    return _read(settings, SALT, signed, MAX_AGE_SECONDS)


def unsubscribe_link(settings: Settings, shop: str, address: str) -> str:
    """Return the address at which the holder of a mail address declines offers."""
    return f"{settings.external}/unsubscribe/{_signer(settings, DECLINING).dumps([shop, address])}"


def read_unsubscribe(settings: Settings, signed: str) -> tuple[str, str] | None:
    """Return shop and mail address of a signed link; None where it is broken or forged."""
    return _read(settings, DECLINING, signed, MAX_AGE_SECONDS)


def _read(settings: Settings, salt: str, signed: str, max_age: int) -> tuple[str, str] | None:
    try:
        payload = _signer(settings, salt).loads(signed, max_age=max_age)
    except BadSignature:
        return None
    match payload:
        case [str(shop), str(subject)]:
            return shop, subject
        case _:
            return None


def _signer(settings: Settings, salt: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings.signing_keys, salt=salt)
