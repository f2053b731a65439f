"""The ladder as a form: a row of fields for each rung and rows to add some, what was typed, what is wrong. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from core.capabilities import Capability, Support
from core.consolation.offers import refuse_impossible
from core.policy.limits import MOST_RUNGS
from core.policy.reading import PolicyProblem, merge
from core.policy.shop_policy import EVERY_TIER, Rung, ShopPolicy
from pages.languages import _, later
from pages.retelling import capital, full_stop, retold
from pages.words import OFFERS

Typed = Mapping[str, Sequence[str]]
SPARE = 1
"""Empty rows below the ladder."""
KEYS = ("days", "after", "tier", "min_value", "told", "kind", "percent", "amount", "weigh")
NUMBERS = frozenset({"days", "tier", "percent"})
AFTER = (
    ("ahead", later("days still lie ahead")),
    ("waited", later("days were waited")),
    ("late", later("days later than first promised")),
)
TOLD = (
    ("any", later("Everybody")),
    ("told", later("Who bought knowing of a wait")),
    ("untold", later("Who was not told of a wait")),
)
KINDS = tuple(OFFERS.items())
USUAL = (
    Rung(after="ahead", days=21, percent=10),
    Rung(after="late", days=7, percent=15),
    Rung(after="late", days=21, percent=20),
)
"""A ladder to start from: less for a long wait that was known, more for a promise that slips."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One rung's fields: what stands in them by key, and what is wrong by key. `number` counts from 1."""

    number: int
    typed: Mapping[str, str]
    wrong: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What became of the form: the policy with the ladder, or rows with problems."""

    policy: ShopPolicy
    rows: tuple[Row, ...]

    @property
    def wrong(self) -> int:
        """How many fields need another look."""
        return sum(len(row.wrong) for row in self.rows)


def spoken(options: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return options in the reader's language."""
    return tuple((value, capital(_(words)) if options is KINDS else _(words)) for value, words in options)


def rows_of(ladder: Sequence[Rung]) -> tuple[Row, ...]:
    """Return the form's rows for a ladder, and empty ones to add a rung."""
    rows = [Row(number=number, typed=_shown(rung)) for number, rung in enumerate(ladder, 1)]
    return _with_spare(rows)


def filled(policy: ShopPolicy, typed: Typed, support: Mapping[Capability, Support]) -> Filled:
    """Return the policy with the ladder that was typed; a row without days is no rung."""
    rows: list[Row] = []
    rungs: list[dict[str, Any]] = []
    for number in range(1, MOST_RUNGS + 1):
        entered = {key: (typed.get(f"rung-{number}-{key}") or [""])[0].strip() for key in KEYS}
        if not entered["days"]:
            continue
        wanted = {key: _value(key, text) for key, text in entered.items()}
        rows.append(Row(number=len(rows) + 1, typed=entered, wrong=_wrong(policy, wanted, support)))
        rungs.append(wanted)
    if any(row.wrong for row in rows):
        return Filled(policy=policy, rows=_with_spare(rows))
    return Filled(policy=merge(policy, {"offers": {"ladder": rungs}}), rows=_with_spare(rows))


def tiers_of(policy: ShopPolicy) -> tuple[tuple[str, str], ...]:
    """Return the tiers that a rung can be for, each with the tags that give it."""
    tags: dict[int, list[str]] = {}
    for tag, tier in policy.tiers_by_tag.items():
        tags.setdefault(tier, []).append(tag)
    told = {tier for rung in policy.offers.ladder if (tier := rung.tier) != EVERY_TIER}
    named = [(str(tier), _tier(tier, tags.get(tier, []))) for tier in sorted({*tags, *told})]
    return ((str(EVERY_TIER), _("Every tier")), *named)


def _tier(tier: int, tags: Sequence[str]) -> str:
    return _("Tier %(tier)s and before", tier=tier) + (f": {', '.join(sorted(tags))}" if tags else "")


def _with_spare(rows: Sequence[Row]) -> tuple[Row, ...]:
    blank = {**_shown(Rung()), "days": ""}
    spare = min(SPARE, MOST_RUNGS - len(rows))
    return (*rows, *(Row(number=len(rows) + 1 + more, typed=blank) for more in range(spare)))


def _shown(rung: Rung) -> dict[str, str]:
    values = asdict(rung)
    values["weigh"] = "1" if rung.weigh else ""
    return {key: str(value) for key, value in values.items()}


def _value(key: str, text: str) -> Any:  # noqa: ANN401  # a setting of any kind
    """Return what was typed as the policy wants it; what cannot be understood stays text and is refused."""
    if key == "weigh":
        return bool(text)
    if key in NUMBERS:
        bare = text.removeprefix("-")
        return int(text) if bare.isascii() and bare.isdigit() and len(bare) < 10 else text
    return text or ("0" if key in {"min_value", "amount"} else text)


def _wrong(policy: ShopPolicy, wanted: Mapping[str, object], support: Mapping[Capability, Support]) -> dict[str, str]:
    found = {}
    for key, value in wanted.items():
        try:
            alone = merge(policy, {"offers": {"ladder": [{key: value}]}})
            if key == "kind":
                refuse_impossible(policy, alone, support)
        except PolicyProblem as problem:
            found[key] = full_stop(retold(problem.message))
    return found
