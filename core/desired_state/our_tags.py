"""Which tags are ours, and what they say."""

PREFIX = "backorder"
WAITING = "backorder-waiting"
PART_READY = "backorder-part-ready"
NO_DATE = "backorder-no-date"
REVIEW = "backorder-review"
PREORDER = "backorder-preorder"


def is_ours(tag: str) -> bool:
    """Return whether a tag is in our own namespace; all others are the merchant's and are never touched."""
    return tag == PREFIX or tag.startswith(f"{PREFIX}-")
