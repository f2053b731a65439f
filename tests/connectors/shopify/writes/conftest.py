"""One order's fulfilment orders that behave, behind the scripted shop: for what is written."""

import pytest
import requests


class World:
    """One order's fulfilment orders, behaving as recorded: holds part, splits part the other way, releases merge."""

    def __init__(self, node, lines):
        self.node = node
        self.fos = {}
        self.next = 100
        self.ordered = {}
        self.parcels = []
        self.lose = 0
        for location, units in lines:
            self.make(units, location=location)
            for line, count in units.items():
                self.ordered[line] = self.ordered.get(line, 0) + count

    def number(self):
        self.next += 1
        return self.next

    def make(self, units, *, location=5, status="OPEN", holds=(), family=None):
        number = self.number()
        lines = {self.number(): [line, count] for line, count in units.items() if count}
        self.fos[number] = {
            "number": number, "location": location, "status": status, "lines": lines, "holds": list(holds), "family": family or number,
        }  # fmt: skip
        return self.fos[number]

    def serve(self, shop):
        answers = {
            "FulfilmentOrders": self.fulfilment_orders,
            "OrderWhole": self.order_whole,
            "Hold": self.place_hold,
            "ReleaseHold": self.release_hold,
            "Split": self.split_off,
            "Fulfil": self.fulfil,
        }
        for operation, answer in answers.items():
            shop.serve(operation, answer)
        return self

    # what is read

    def connection(self):
        return self.node.page(*(self.shown(fo) for fo in self.fos.values()))

    def shown(self, fo):
        actions = {"OPEN": ["CREATE_FULFILLMENT", "HOLD", "SPLIT", "MOVE"], "ON_HOLD": ["RELEASE_HOLD", "HOLD"]}
        lines = [self.node.fo_line(number, line, left) for number, (line, left) in fo["lines"].items()]
        return self.node.fulfilment_order(
            fo["number"], *lines, status=fo["status"], holds=fo["holds"], location=fo["location"], actions=actions.get(fo["status"], ["CREATE_FULFILLMENT"]),
        )  # fmt: skip

    def fulfilment_orders(self, variables):
        return {"order": {"id": self.node.gid("Order", 1), "fulfillmentOrders": self.connection()}}

    def order_whole(self, variables):
        shipped = self.shipped()
        lines = [self.node.line(n, count, unfulfilled=count - shipped.get(n, 0)) for n, count in self.ordered.items()]
        order = self.node.order(1, lines=lines, parcels=[self.node.parcel(n, units) for n, units in self.parcels])
        order["fulfillmentOrders"] = self.connection()
        return {"order": order}

    # what is written

    def place_hold(self, variables):
        fo = self.find(variables["id"])
        hold = variables["hold"]
        wanted = {int(bare_of(e["id"])): e["quantity"] for e in hold.get("fulfillmentOrderLineItems", [])}
        assert len(hold["handle"]) <= 64
        assert fo["status"] == "OPEN", "a held fulfilment order cannot be parted"
        if any(held["handle"] == hold["handle"] and held["heldByRequestingApp"] for held in fo["holds"]):
            return self.no("fulfillmentOrderHold", "in use", "DUPLICATE_FULFILLMENT_HOLD_HANDLE")
        if wanted:
            rest = self.take(fo, {n: left - wanted.get(n, 0) for n, (_, left) in fo["lines"].items()})
            if rest:
                self.make(rest, location=fo["location"], family=fo["family"])
        fo["status"] = "ON_HOLD"
        fo["holds"].append(self.node.hold(self.number(), handle=hold["handle"]))
        return self.answer(
            "fulfillmentOrderHold", fulfillmentHold=None, fulfillmentOrder=None, remainingFulfillmentOrder=None
        )

    def release_hold(self, variables):
        fo = self.find(variables["id"])
        assert variables["holdIds"], "without ids every app's holds would be released"
        assert all(held["heldByRequestingApp"] for held in fo["holds"] if held["id"] in variables["holdIds"])
        fo["holds"] = [held for held in fo["holds"] if held["id"] not in variables["holdIds"]]
        if not fo["holds"]:
            fo["status"] = "OPEN"
            for other in list(self.fos.values()):
                if other is not fo and other["family"] == fo["family"] and other["status"] == "OPEN":
                    self.absorb(fo, other)
        return self.answer("fulfillmentOrderReleaseHold", fulfillmentOrder=None)

    def split_off(self, variables):
        for split in variables["splits"]:
            fo = self.find(split["fulfillmentOrderId"])
            assert fo["status"] == "OPEN"
            wanted = {int(bare_of(e["id"])): e["quantity"] for e in split["fulfillmentOrderLineItems"]}
            assert sum(wanted.values()) < sum(left for _, left in fo["lines"].values()), "nothing would be left"
            self.make(self.take(fo, wanted), location=fo["location"], family=self.number())
        return self.answer("fulfillmentOrderSplit", fulfillmentOrderSplits=[])

    def fulfil(self, variables):
        entries = variables["fulfillment"]["lineItemsByFulfillmentOrder"]
        fos = [self.find(entry["fulfillmentOrderId"]) for entry in entries]
        assert len({fo["location"] for fo in fos}) == 1, "one parcel leaves one location"
        assert all(fo["status"] == "OPEN" for fo in fos)
        assert all(set(entry) == {"fulfillmentOrderId"} for entry in entries), "fulfilment orders are fulfilled whole"
        units = {}
        for fo in fos:
            for row in fo["lines"].values():
                units[row[0]] = units.get(row[0], 0) + row[1]
                row[1] = 0
            fo["status"] = "CLOSED"
        number = self.number()
        self.parcels.append((number, units))
        return self.answer(
            "fulfillmentCreate",
            fulfillment={"id": self.node.gid("Fulfillment", number), "name": "#F1", "status": "SUCCESS"},
        )

    # how it works

    def answer(self, root, **payload):
        if self.lose:
            self.lose -= 1
            raise requests.ReadTimeout("the answer was lost")
        return {root: {**payload, "userErrors": []}}

    def no(self, root, message, code):
        return {root: {"userErrors": [{"field": ["x"], "message": message, "code": code}]}}

    def find(self, id_):
        return self.fos[int(bare_of(id_))]

    def take(self, fo, wanted):
        taken = {}
        for number, count in wanted.items():
            row = fo["lines"][number]
            assert 0 <= count <= row[1]
            row[1] -= count
            if count:
                taken[row[0]] = taken.get(row[0], 0) + count
            if not row[1]:
                del fo["lines"][number]
        return taken

    def absorb(self, fo, other):
        for line, left in other["lines"].values():
            mine = next((row for row in fo["lines"].values() if row[0] == line), None)
            if mine is None:
                fo["lines"][self.number()] = [line, left]
            else:
                mine[1] += left
        other["status"] = "CLOSED"
        other["lines"] = {number: [line, 0] for number, (line, _) in other["lines"].items()}

    def held(self, *, ours=True):
        found = {}
        for fo in self.fos.values():
            if any(held["heldByRequestingApp"] == ours for held in fo["holds"]):
                for line, left in fo["lines"].values():
                    if left:
                        found[str(line)] = found.get(str(line), 0) + left
        return found

    def shipped(self):
        found = {}
        for _, units in self.parcels:
            for line, count in units.items():
                found[line] = found.get(line, 0) + count
        return found


def bare_of(id_):
    return id_.rsplit("/", 1)[-1]


@pytest.fixture
def world(shop, node):
    """Make the fulfilment orders of one order: pairs of (location, units per line)."""
    return lambda *lines: World(node, lines).serve(shop)
