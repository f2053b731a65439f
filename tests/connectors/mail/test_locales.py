"""Prices and dates take the form that they have in their reader's language, the same on every page and in every mail."""

import pytest

from connectors.mail.locales import price, written


@pytest.mark.parametrize(
    ("language", "territories", "locale"),
    [
        ("en", ["US"], "en_US"),
        ("en", ["de"], "en_GB"),
        ("en", ["DE", "IE"], "en_IE"),
        ("en", [None, ""], "en_GB"),
        ("en", ["../../etc"], "en_GB"),
        ("de", ["CH"], "de_CH"),
        ("de", ["US"], "de"),
        ("es", ["US"], "es_US"),
        ("fr", ["CA"], "fr_CA"),
        ("ar", ["IL"], "ar_IL"),
        ("ja", [], "ja"),
    ],
)
def test_a_language_is_written_as_where_people_speak_it(language, territories, locale):
    assert str(written(language, *territories)) == locale


@pytest.mark.parametrize(
    ("language", "territory", "printed"),
    [
        ("en", "DE", ["€1,234.56", "JP¥123,456", "KWD\xa0123.456", "CHF\xa01,234.56"]),
        ("de", "DE", ["1.234,56\xa0€", "123.456\xa0¥", "123,456\xa0KWD", "1.234,56\xa0CHF"]),
        ("de", "CH", ["EUR\xa01’234.56", "¥\xa0123’456", "KWD\xa0123.456", "CHF\xa01’234.56"]),
        ("fr", "FR", ["1\u202f234,56\xa0€", "123\u202f456\xa0JPY", "123,456\xa0KWD", "1\u202f234,56\xa0CHF"]),
        ("ja", "JP", ["€1,234.56", "\uffe5123,456", "KWD\xa0123.456", "CHF\xa01,234.56"]),
    ],
)
def test_a_price_has_the_decimals_of_its_currency_and_the_signs_place_of_its_language(language, territory, printed):
    assert [price(123_456, one, written(language, territory)) for one in ("EUR", "JPY", "KWD", "CHF")] == printed
