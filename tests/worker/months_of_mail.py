"""A year of a shop whose suppliers slip, with customers who answer, ignore and cancel: the clock runs, mails go to a sink."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from connectors.mail import Office
from core.delay_laws import law_answers
from core.errors import Rejected
from core.messages.post_outlook import outlook, past_of
from core.snapshots import Customer, LineSnapshot, OrderSnapshot
from tests.core import shop_builders
from tests.core.shop_builders import item, supply
from worker import post

ZONE = ZoneInfo("Europe/Berlin")
START = datetime(2026, 1, 5, tzinfo=UTC)
ITEMS = ("mug", "rope", "lamp", "tent")
PLACES = [
    ("en-US", "US"),
    ("de-DE", "DE"),
    ("fr-FR", "FR"),
    ("es-ES", "ES"),
    ("ja-JP", "JP"),
    ("ar-AE", "AE"),
    ("en-GB", "GB"),
    (None, "US"),
]
WAYS = ("ignores", "waits", "cancels", "leaves")
BOUNCES = "c5@example.com"
TICKS = ("03:00", "08:00", "09:20", "16:30", "20:20", "21:30")
POLICY = {
    "notices": {"enabled": True, "wording_seen": True}, "laws": ["us_ftc_435", "eu_2011_83", "uk_cra_2015"],
    "cancelling": {"by_customer": True, "by_law": True},
}  # fmt: skip


class Sink:
    """Takes mails with their moment; one address is refused."""

    def __init__(self, year):
        self.year, self.taken = year, []

    def carry(self, message, *, sender, to):
        if to == BOUNCES:
            raise Rejected("the server refuses the address: 550 no such user")
        self.taken.append((self.year.now, to, message))


class Year:
    """One shop, one seed, day after day. Nothing here knows the rules of the post."""

    def __init__(self, kept, seed, transport=None):
        self.kept, self.seed, self.dice, self.now = kept, seed, random.Random(seed), START
        self.sink = Sink(self)
        office = Office(link=lambda s, o: f"https://b.example.com/o/{s}.{o}", unsubscribe=lambda s, a: "https://b.example.com/u",
                        transport=transport or self.sink, sender="orders@shop.example.com")  # fmt: skip
        self.house = SimpleNamespace(books=kept.books, post=office, now=lambda: self.now,
                                     settings=SimpleNamespace(external="https://b.example.com"))  # fmt: skip
        self.stock = dict.fromkeys(ITEMS, 6)
        self.coming, self.number = {}, 0
        with kept.books.write() as unit:
            unit.shops.save(replace(unit.shops.get("fern"), timezone=str(ZONE), connected_at=START))
        for sku in ITEMS:
            self.order_more(sku)
            self.kept.store(item(sku, self.stock[sku], read_at=self.now))

    # What people do -------------------------------------------------------------------------------------------------

    def order_more(self, sku):
        self.number += 1
        due = self.now.date() + timedelta(days=self.dice.randint(15, 40))
        self.coming[sku] = {"id": f"PO-{self.number}", "eta": due, "arrives": due + timedelta(days=self.dice.choice([0, 0, 1, 6, 20, 45])),
                            "units": self.dice.randint(8, 22)}  # fmt: skip
        self.tell_supply(sku)

    def tell_supply(self, sku, **more):
        row = self.coming[sku]
        self.kept.store(supply(row["id"], sku, row["units"], row["eta"], **more))

    def suppliers(self):
        for sku, row in list(self.coming.items()):
            if row["arrives"] <= self.now.date():
                self.stock[sku] += row["units"]
                self.tell_supply(sku, received=row["units"], closed=True)
                self.order_more(sku)
            elif row["eta"] is not None and row["eta"] < row["arrives"] and self.dice.random() < 0.2:
                # It slips in steps; at times nobody can say until when.
                row["eta"] = (
                    None
                    if self.dice.random() < 0.1
                    else min(row["arrives"], row["eta"] + timedelta(days=self.dice.randint(1, 25)))
                )
                self.tell_supply(sku)
            elif row["eta"] is None and self.dice.random() < 0.5:
                row["eta"] = row["arrives"]
                self.tell_supply(sku)
            self.kept.store(item(sku, self.stock[sku], read_at=self.now))

    def customers(self, chance):
        while self.dice.random() < chance:
            self.number += 1
            who = self.dice.randrange(24)
            locale, country = PLACES[who % len(PLACES)]
            lines = tuple(
                LineSnapshot(
                    id=sku,
                    item=f"item-{sku}",
                    sku=sku,
                    title=sku.capitalize(),
                    ordered=self.dice.choice([1, 2, 3, 8]),
                    unit_price=1000,
                )
                for sku in self.dice.sample(ITEMS, self.dice.choice([1, 1, 2]))
            )
            self.kept.store(OrderSnapshot(
                platform_id=str(self.number), name=f"#{self.number}", placed_at=self.now, version=self.now, read_at=self.now, currency="EUR",
                lines=lines, customer=Customer(id=f"c{who}", email=f"c{who}@example.com", name=f"Customer {who}", locale=locale, country=country),
            ))  # fmt: skip

    def answers(self):
        """Everyone who was asked answers the next morning, each in their way; some cancel by themselves."""
        records = {record.id: record for record in self.open_orders()}
        with self.kept.books.read() as unit:
            cases = unit.laws.of_orders("fern", list(records))
        for record in records.values():
            way = WAYS[int(record.snapshot.customer.id[1:]) % len(WAYS)]
            asked = law_answers.question(record, cases.get(record.id, ()))
            if asked and (way == "cancels" or (way == "waits" and asked.waits)):
                word = {"waits": "wait", "cancels": "cancel"}[way]
                with self.kept.books.write() as unit:
                    law_answers.answer(
                        unit, unit.shops.get("fern"), record.id, word, asked.about, as_of=self.now, now=self.now
                    )
            elif way == "leaves" and record.plan and record.plan.backordered and self.dice.random() < 0.01:
                self.end(record)

    def packers(self):
        """The shop's people ship what may leave, and the platform carries out what was ended; return whether any did."""
        shipped = False
        for record in self.open_orders():
            plan = record.plan
            if record.ending and not record.ending.done:
                self.end(record)
                shipped = True
            elif (
                plan
                and plan.decision in {"ship_all", "ship_part"}
                and record.manual.get("hold") is None
                and self.dice.random() < 0.7
            ):
                self.ship(record, {line.id: line.release_now for line in plan.lines if line.release_now})
                shipped = True
        return shipped

    def ship(self, record, units):
        for key, count in units.items():
            self.stock[key] -= count
            self.kept.store(item(key, self.stock[key], read_at=self.now))
        lines = tuple(replace(line, shipped=line.shipped + units.get(line.id, 0)) for line in record.snapshot.lines)
        self.see(record, lines, "open" if any(line.open for line in lines) else "closed")

    def end(self, record):
        lines = tuple(replace(line, cancelled=line.cancelled + line.open) for line in record.snapshot.lines)
        self.see(record, lines, "closed" if any(line.shipped for line in lines) else "cancelled")

    def see(self, record, lines, status):
        self.kept.store(replace(record.snapshot, lines=lines, status=status, version=self.now, read_at=self.now))

    # What our program does ------------------------------------------------------------------------------------------

    def plan(self):
        from core.planning import replanning
        from core.planning.settling import Means

        means = Means(
            support=shop_builders.SUPPORT,
            code_key="a key for tests only",
            as_of=self.now,
            now=self.now,
            mail_leaves=True,
        )
        with self.kept.books.write() as unit:
            replanning.replan(unit, unit.shops.get("fern"), means, items=None)

    def work(self):
        while post.collect(self.house) or post.send_next(self.house):
            pass

    def foresee(self):
        with self.kept.books.read() as unit:
            shop, drafts = unit.shops.get("fern"), unit.notices.drafts("fern")
            seen = outlook(shop, drafts, past_of(unit, shop, drafts, self.now), now=self.now, most=1000)
        return {(mail.at, mail.to) for mail in seen.mails}

    def open_orders(self):
        with self.kept.books.read() as unit:
            return unit.orders.open_all("fern")

    # Days -----------------------------------------------------------------------------------------------------------

    def at(self, text):
        hour, minute = map(int, text.split(":"))
        self.now = datetime(self.now.year, self.now.month, self.now.day, hour, minute, tzinfo=ZONE).astimezone(UTC)

    def day(self, look):
        for text in TICKS:
            self.at(text)
            if text == "09:20":
                self.at("09:00")
                self.suppliers()
                self.customers(0.16)
                self.answers()
                self.plan()
                self.at(text)
            if text == "16:30" and self.packers():
                self.plan()
            if text == "21:30":
                before = self.number
                self.customers(0.06)
                if self.number > before:
                    self.plan()
            self.work()
            look(self, text)
        self.now = (self.now + timedelta(days=1)).replace(hour=12)

    def run(self, days, look):
        for _ in range(days):
            self.day(look)
        return self
