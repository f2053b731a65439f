"""Every form of the merchant's pages, filled in with what no browser offers: no error page, and nobody is led away."""

import re
from html import unescape

PAGES = (
    "/orders", "/items", "/incoming", "/policy", "/reports", "/tools", "/tokens", "/messages", "/offers", "/reorder",
    "/orders/fern/1001", "/items/fern/camp-mug",
)  # fmt: skip
DAYS = ("0001-01-01", "9999-12-31")
ODD = ("\x00", "9" * 30, "//evil.example", "\ud800".encode("utf-8", "surrogatepass"))
LEFT_ALONE = ("/logout", "/people/out", "/language")


def forms_of(page):
    """Address, method and names of the fields of each form."""
    for form in re.findall(r"<form.*?</form>", page, re.DOTALL):
        method, address = (re.search(rf'{name}="([^"]*)"', form.split(">")[0]) for name in ("method", "action"))
        names = set(re.findall(r'name="([^"]+)"', form)) - {"csrf_token"}
        yield unescape(address[1]) if address else "", (method[1] if method else "get").upper(), sorted(names)


def test_odd_values_are_refused_or_taken_and_never_an_error_page(client, lively):
    tried = {}
    for page in PAGES:
        found = {(address or page, method): names for address, method, names in forms_of(client.get(page).text)}
        tried |= {form: names for form, names in found.items() if not form[0].startswith(LEFT_ALONE)}
    assert len(tried) >= 20, tried
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/tools").text)[1]
    for number, ((address, method), names) in enumerate(tried.items()):
        for odd in {ODD[number % len(ODD)], *DAYS}:
            given = dict.fromkeys(names, odd)
            where = {"data": given | {"csrf_token": token}} if method == "POST" else {"query_string": given}
            answer = client.open(address, method=method, **where)
            assert answer.status_code < 500, (address, odd)
            led_to = answer.headers.get("Location", "/")
            assert re.match(r"/(?!/)", led_to), (address, odd, led_to)
