"""The log tells why a delivery was refused, once, without what was sent, and never without end."""

import pytest
from structlog.testing import capture_logs

from tests.webhooks.conftest import BODY, GOOD, SIGNATURE
from webhooks.refusals import MOST, Refusal, Refusals

pytestmark = pytest.mark.usefixtures("every_level")
WRONG = Refusal("shopify", "fern.myshopify.com", "the signature is wrong")


@pytest.mark.parametrize(
    ("platform", "shop", "signature", "reason"),
    [
        ("shopify", "fern.myshopify.com", "bm8=", "the signature is wrong"), ("shopify", "fern.myshopify.com", "", "it is not signed"),
        ("shopify", "", GOOD["shopify"], "it names no shop"), ("shopify", "none.myshopify.com", GOOD["shopify"], "the shop is not known"),
        ("woocommerce", "moss", "bm8=", "the signature is wrong"), ("woocommerce", "none", "bm8=", "the shop is not known"),
    ],
)  # fmt: skip
def test_the_log_says_of_which_shop_and_why(service_of, platform, shop, signature, reason):
    place = "/webhooks/shopify" if platform == "shopify" else f"/webhooks/woocommerce/{shop}"
    headers = {SIGNATURE[platform]: signature} | (
        {"X-Shopify-Shop-Domain": shop} if shop and platform == "shopify" else {}
    )
    service = service_of(BACKORDER_LOG_LEVEL="WARNING")
    with capture_logs() as lines:
        answers = [service.client.post(place, data=BODY, headers=headers) for _ in range(3)]
    assert {(answer.status_code, answer.text) for answer in answers} == {(401, "signature or shop not known\n")}
    (line,) = (line for line in lines if line["event"] == "delivery refused")
    assert (line["platform"], line["shop"], line["reason"]) == (platform, shop, reason)
    assert signature not in str(line) or not signature


def test_what_is_left_out_is_counted_and_a_minute_later_it_is_said_again():
    now = [0.0]
    refusals = Refusals(clock=lambda: now[0])
    with capture_logs() as lines:
        for number in range(MOST + 40):
            refusals.tell(Refusal("shopify", f"{number}.myshopify.com", "the shop is not known"))
        refusals.tell(WRONG)
        assert len(lines) == MOST
        now[0] = 60.0
        refusals.tell(WRONG)
        refusals.tell(WRONG)
    assert (len(lines), lines[-1]["shop"], lines[-1]["untold"]) == (MOST + 1, WRONG.shop, 41)


def test_a_name_that_is_no_text_spoils_no_line():
    with capture_logs() as lines:
        Refusals().tell(Refusal("shopify", "\udcffern\n" + "x" * 500, "the shop is not known"))
    assert lines[0]["shop"].startswith("\\udcffern")
    assert len(lines[0]["shop"]) == 80
