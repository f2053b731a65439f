import pytest

from core.shop_policy import PolicyProblem, ShopPolicy, as_document, merge


def test_putting_back_what_was_read_changes_nothing():
    policy = merge(ShopPolicy(), {"offers": {"enabled": True, "percent": 20}})
    assert merge(policy, as_document(policy)) == policy


@pytest.mark.parametrize(
    ("patch", "key"),
    [
        ({"x": 1}, "x"),
        ({"mode": "b"}, "mode"),
        ({"offers": {"percent": 0}}, "offers.percent"),
        ({"offers": {"percent": True}}, "offers.percent"),
        ({"ship_part": 3}, "ship_part"),
        ({"laws": ["mars"]}, "laws"),
        ({"ship_part": {"min_part_value": "NaN"}}, "ship_part.min_part_value"),
    ],
)
def test_a_bad_setting_is_named(patch, key):
    with pytest.raises(PolicyProblem) as problem:
        merge(ShopPolicy(), patch)
    assert problem.value.key == key
