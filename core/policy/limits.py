"""How far each of a shop's settings may go: numbers by their dotted key, and what kind of text a key takes."""

import re

from core.policy.shop_policy import EVERY_TIER

LIMITS: dict[str, tuple[int, int]] = {
    "lending_age_days": (0, 3650),
    "ship_part.max_parcels": (1, 100),
    "ship_part.min_units": (1, 1_000_000),
    "promises.dock_to_stock_days": (0, 60),
    "promises.cut_off_hour": (1, 24),
    "promises.overdue_days": (0, 365),
    "offers.percent": (1, 100),
    "offers.valid_days": (1, 3650),
    "offers.min_wait_days": (0, 3650),
    "offers.per_order": (0, 20),
    "offers.per_customer": (0, 100),
    "offers.ladder.days": (0, 3650),
    "offers.ladder.tier": (-1000, EVERY_TIER),
    "offers.ladder.percent": (1, 100),
    "large_order.days_of_cover": (0, 3650),
    "large_order.min_units": (1, 1_000_000),
    "large_order.offer_days": (1, 90),
    "wait_gate.max_days": (0, 3650),
    "wait_gate.again_days": (0, 3650),
    "choices.undo_minutes": (0, 1440),
    "choices.withdraw_days": (14, 400),
    "notices.heartbeat_days": (1, 365),
    "notices.tolerance_days": (0, 365),
    "reorder.lead_days": (0, 730),
    "reorder.review_days": (1, 365),
    "reorder.holding_percent": (0, 200),
    "notices.quiet_from": (0, 23),
    "notices.quiet_until": (0, 23),
    "notices.per_week": (1, 50),
    "notices.window_minutes": (0, 1440),
    "law_clock.stated_days": (0, 365),
    "law_clock.transit_days": (0, 60),
    "law_clock.lead_days": (1, 25),
}
LONGEST_TEXT = 255
_APART = r"\s\x00\x1c-\x1f\x85<>\""
"""What ends an address. What only Python takes for blank is spelled out: others read it in the API's description."""
WEB_ADDRESS = re.compile(rf"https?://[^{_APART}]+")
MAIL_ADDRESS = re.compile(rf"[^@{_APART}]+@[^@{_APART}]+\.[^@{_APART}]+")
MAY_BE_NULL = {
    "offers.monthly_budget", "large_order.share", "large_order.share_of_atp", "large_order.times_usual",
    "reorder.wait_cost",
}  # fmt: skip
AMOUNTS = {
    "ship_part.min_part_value", "ship_part.parcel_cost", "ship_part.day_price", "offers.monthly_budget",
    "offers.amount", "offers.minimum", "offers.ladder.min_value", "offers.ladder.amount",
    "large_order.times_usual", "large_order.second_freight", "reorder.wait_cost",
}  # fmt: skip
SHARES = {
    "ship_part.min_fill_share", "ship_part.margin", "offers.min_margin", "offers.hold_out",
    "large_order.share", "large_order.share_of_atp", "reorder.service",
}  # fmt: skip
MOST_RUNGS = 8
MANY = 100
CLASS = re.compile(r"[ABC][XYZ]?")
LONGEST_CLOSURES = 1000
