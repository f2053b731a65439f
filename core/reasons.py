"""Why the engine decided as it did: codes, each with a sentence for the merchant and one for the customer."""

from enum import StrEnum


class Reason(StrEnum):
    """Placeholder codes; see the engine."""

    SHORT_ON_HAND = "SHORT_ON_HAND"
    INCOMING_COVERS = "INCOMING_COVERS"
