"""Every setting of the policy in plain words, with its unit, in groups. A setting that a page shows stands here."""

from pages.policy_words.customers import LAWS, OFFERS, TELLING
from pages.policy_words.fields import Field, Group
from pages.policy_words.orders import CANCELLING, LARGE, PARTS, SERVED_FIRST
from pages.policy_words.supply import BUYING, DATES, LONGEST_WAIT

GROUPS: tuple[Group, ...] = (
    SERVED_FIRST,
    PARTS,
    DATES,
    OFFERS,
    LARGE,
    CANCELLING,
    LONGEST_WAIT,
    TELLING,
    BUYING,
    LAWS,
)
FIELDS: tuple[Field, ...] = tuple(entry for group in GROUPS for entry in group.fields)
__all__ = ["FIELDS", "GROUPS", "Field", "Group"]
