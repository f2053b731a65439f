"""What people can see of a template, and whether it is marked for translation."""

import re
from html.parser import HTMLParser
from pathlib import Path

from jinja2 import Environment, nodes

TEMPLATES = Path(__file__).parents[1] / "templates" / "pages"
CUSTOMERS = {"customer", "customer_frame", "customer_lines", "customer_lost", "unsubscribe"}
SPOKEN = {"aria-label", "placeholder", "title", "alt", "data-label"}
CODE = {"code", "kbd", "pre", "s-link", "style", "script"}
NAMES = {"SKU", "SHA", "Message", "ID", "Backorder", "Shopify", "WooCommerce", "CSV", "JSON", "id"}
"""What is called the same in every language."""
SAYS = {"_", "n_", "gettext", "ngettext"}
SENTENCE = re.compile(r"[A-Z][a-z]+|[a-z]+ [a-z]+")


class Seen(HTMLParser):
    """Collects the words that stand in the HTML itself."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.open, self.words = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.words += [value for name, value in attrs if name in SPOKEN and value and "://" not in value]

    def handle_endtag(self, tag):
        if tag in self.open:
            del self.open[len(self.open) - 1 - self.open[::-1].index(tag) :]

    def handle_data(self, data):
        if not CODE & set(self.open[-1:]):
            # A macro makes attributes of its caller's element.
            self.words.append(re.sub(r'aria-\w+="[^"]*"', "", data))


def unmarked(source):
    """The words of a template that no translator would see."""
    environment = Environment(extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True)
    tree = environment.parse(source)
    said = {
        id(one) for call in tree.find_all(nodes.Call) if getattr(call.node, "name", "") in SAYS for one in call.args
    }
    html = "".join(
        one.data if isinstance(one, nodes.TemplateData) else "" for one in tree.find_all((nodes.TemplateData,))
    )
    texts = [one.value for one in tree.find_all(nodes.Const) if isinstance(one.value, str) and id(one) not in said]
    found = [text for text in texts if SENTENCE.search(text) and not re.search(r"[/_=<#]", text)]
    found += [word for text in Seen(html).words for word in re.findall(r"[^\W\d_]{2,}", text)]
    return [text for text in found if text not in NAMES]
