"""Connecting a store by its keys, and the table of abilities."""


def test_the_page_shows_the_commands(client):
    page = client.get("/connect").text
    assert "flask --app app connect shopify name.myshopify.com" in page
    assert "flask --app app connect woocommerce https://store.example.com" in page


def test_the_table_says_how_far_each_platform_goes(client):
    page = client.get("/capabilities").text
    assert "In words only" in page
    assert "The platform has no store credit" in page


def test_what_no_connector_declares_counts_as_absent(app_of, keep, make, link_for):
    keep(make.shop())
    browser = app_of(supports={}).test_client()
    browser.get(f"/login?login={link_for()}")
    assert "Not declared by its connector" in browser.get("/capabilities").text
