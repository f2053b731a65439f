"""The customer's link: signed, so that it opens one order only and cannot be guessed."""

from itsdangerous import BadSignature, URLSafeTimedSerializer

from core.settings import Settings

SALT = "customer"
# Long enough for the longest backorders; after that the shop itself answers.
MAX_AGE_SECONDS = 400 * 86_400


def customer_link(settings: Settings, shop: str, order: str) -> str:
    """Return the absolute address, below the base URL, of the customer's page of this order."""
    return f"{settings.external}/o/{_signer(settings).dumps([shop, order])}"


def read_link(settings: Settings, signed: str) -> tuple[str, str] | None:
    """Return shop and order of a signed link; None where it is broken, forged or too old."""
    try:
        payload = _signer(settings).loads(signed, max_age=MAX_AGE_SECONDS)
    except BadSignature:
        return None
    match payload:
        case [str(shop), str(order)]:
            return shop, order
        case _:
            return None


def _signer(settings: Settings) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings.secret_key, salt=SALT)
