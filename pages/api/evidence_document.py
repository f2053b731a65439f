"""One move of an order's clock under a delay law, as the API shows it."""

from typing import Any

from core.delay_laws.cases import Edge
from pages.api.answers import day, instant


def move_document(law: str, edge: Edge) -> dict[str, Any]:
    """Return the move and what proves it."""
    proof = edge.evidence
    return {
        "law": law,
        "day": day(edge.on),
        "before": edge.before.value,
        "after": edge.after.value,
        "rule": edge.rule,
        "evidence": proof.what,
        "at": instant(proof.at),
        "address": proof.address,
        "content_sha256": proof.content_hash,
        "message_id": proof.message_id,
    }
