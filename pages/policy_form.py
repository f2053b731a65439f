"""The settings as a form: what stands in its fields, what was typed, and what is wrong with it. Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.capabilities import Capability, Support
from core.consolation.offers import refuse_impossible
from core.policy.limits import MAY_BE_NULL
from core.policy.presets import nested
from core.policy.reading import PolicyProblem, merge
from core.policy.shop_policy import ShopPolicy
from pages.policy_words import FIELDS, Field
from pages.retelling import full_stop, retold

Typed = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of a form: the policy with all good values, and the problems by key."""

    policy: ShopPolicy
    problems: dict[str, str] = field(default_factory=dict)


def typed_of(flat: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the form's values for stored settings, given under dotted keys."""
    return {entry.key: _shown(entry, flat[entry.key]) for entry in FIELDS}


def answered(
    before: ShopPolicy, typed: Typed, support: Mapping[Capability, Support], *, fields: Sequence[Field] = FIELDS
) -> Answer:
    """Return the policy with every good value of these fields taken in; each bad one is a problem beside its field."""
    problems: dict[str, str] = {}
    policy = before
    for entry in fields:
        try:
            wanted = merge(policy, nested(entry.key, _value(entry, typed.get(entry.key, ()))))
            refuse_impossible(policy, wanted, support)
            policy = wanted
        except PolicyProblem as problem:
            problems[entry.key] = full_stop(retold(problem.message))
    return Answer(policy=policy, problems=problems)


def _shown(entry: Field, value: Any) -> list[str]:  # noqa: ANN401  # a setting of any kind
    match entry.kind:
        case "tick":
            return ["1"] if value else []
        case "ticks":
            return [str(one) for one in value]
        case "tiers" | "amounts":
            return ["\n".join(f"{tag} = {tier}" for tag, tier in value.items())]
        case "days":
            return ["\n".join(value)]
        case _:
            return ["" if value is None else str(value)]


def _value(entry: Field, texts: Sequence[str]) -> object:
    """Return what was typed as the policy wants it; what cannot be understood goes through as text and is refused."""
    text = texts[0].strip() if texts else ""
    if entry.key in MAY_BE_NULL and not text:
        return None
    if entry.kind in {"tick", "ticks"}:
        return bool(texts) if entry.kind == "tick" else list(texts)
    return READ[entry.kind](text) if entry.kind in READ else text


def _number(text: str) -> object:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text


def _by_tag(text: str) -> dict[str, str]:
    """Return what was typed after each tag; a line without a sign is a tag with itself behind it, and is refused."""
    found: dict[str, str] = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        tag, _, value = line.rpartition("=")
        found[tag.strip() or line] = value.strip() if tag.strip() else line
    return found


def _whole(text: str) -> object:
    try:
        return int(text)
    except ValueError:
        return text


# How each kind of field is read that does not mean what it says as text.
READ: dict[str, Callable[[str], object]] = {
    "number": _number,
    "tiers": lambda text: {tag: _whole(tier) for tag, tier in _by_tag(text).items()},
    "amounts": _by_tag,
    "days": lambda text: re.split(r"[\s,;]+", text) if text else [],
}
