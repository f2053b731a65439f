"""Codes are a function of what they are for: made twice they are the same, and nobody guesses one."""

import re
from itertools import product

from core.codes import offer_code

CODE = {"shop": "fern", "order": "1001", "kind": "discount_code", "n": 1}
OTHERS = {"shop": "moss", "order": "1002", "kind": "free_shipping", "n": 2}


def test_a_code_made_twice_is_the_same_code():
    assert offer_code("key", **CODE) == offer_code("key", **CODE)


def test_every_part_and_the_key_make_another_code():
    chosen = product(*((CODE[name], OTHERS[name]) for name in CODE))
    made = [offer_code(key, **dict(zip(CODE, parts, strict=True))) for parts in chosen for key in ("key", "other")]
    assert len(made) == len(set(made)) == 32


def test_parts_cannot_run_into_one_another():
    assert offer_code("key", **{**CODE, "shop": "a", "order": "bc"}) != offer_code(
        "key", **{**CODE, "shop": "ab", "order": "c"}
    )


def test_a_code_is_lower_case_and_has_more_than_fifty_bits():
    code = offer_code("key", **CODE)
    assert re.fullmatch(r"sorry-[a-z2-7]{13}", code)
    assert 5 * len(code.removeprefix("sorry-")) >= 50
