import base64
import hashlib
import hmac
import importlib.util
from pathlib import Path

import pytest

PLACE = Path(__file__).parents[2] / "webhooks" / "signature.py"
SPEC = importlib.util.spec_from_file_location("signature", PLACE)
signature = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(signature)
GOOD = base64.b64encode(hmac.new(b"hush", b"body", hashlib.sha256).digest()).decode()


@pytest.mark.parametrize(
    ("given", "secrets", "accepted"),
    [
        (GOOD, ("hush",), True),
        (GOOD, ("new", "hush"), True),
        (GOOD, ("new",), False),
        (GOOD, (), False),
        (GOOD, ("",), False),
        ("", ("hush",), False),
        ("é☃", ("hush",), False),
        (GOOD + "\n", ("hush",), False),
    ],
)
def test_only_the_right_secret_over_these_bytes_opens(given, secrets, accepted):
    assert signature.is_signed(b"body", given, secrets) is accepted
