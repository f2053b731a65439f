"""What the nightly run has to say to the merchant, as the text of one mail: what to order now, and habits that cost."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from core.forecast.records import Alarm, Suggestion

SHOWN = 10
NAMED = 3
NOBODY = "No supplier named"
HABITS = "Backorders that have become a habit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """One item to be ordered now, with its title, who sells it, and the units `left` that nobody has ordered yet."""

    title: str
    left: int
    supplier: str | None
    suggestion: Suggestion


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """One mail. `key` makes it once a day."""

    key: str
    subject: str
    body: str


def digest(
    shop_name: str,
    needed: Sequence[Needed],
    alarms: Sequence[Alarm],
    today: date,
    *,
    page: str,
    known: Collection[str] = (),
) -> Digest | None:
    """Return the night's mail; None on a night with nothing to order now and no habit but the `known` ones, by name.

    Plain text, English, no money in it. What most customers would wait for comes first; each supplier's items stand
    together. `page` is where they are ordered.
    """
    fresh = [one for one in alarms if one.name not in known]
    if not needed and not fresh:
        return None
    items = f"{len(needed)} item{'' if len(needed) == 1 else 's'}"
    subject = f"To order now: {items}" if needed else f"{HABITS}: {', '.join(one.name for one in fresh[:NAMED])}"
    lines = [*_to_order(shop_name, needed, items, today, page), *_habits(alarms)]
    if not needed:
        lines += [f"What would mend them: {page}", ""]
    return Digest(key=f"digest:{today.isoformat()}", subject=subject, body="\n".join(lines))


def _to_order(shop_name: str, needed: Sequence[Needed], items: str, today: date, page: str) -> list[str]:
    if not needed:
        return [f"{shop_name}: nothing has to be ordered now.", ""]
    rows = sorted(needed, key=lambda one: (-one.suggestion.would_wait, one.title))
    lines = [f"{shop_name}: {items} should be ordered now.", ""]
    for supplier in dict.fromkeys(one.supplier for one in rows[:SHOWN]):
        lines.append(f"{supplier or NOBODY}:")
        lines += [_line(one, today) for one in rows[:SHOWN] if one.supplier == supplier]
        lines.append("")
    if len(rows) > SHOWN:
        lines += [f"And {len(rows) - SHOWN} more.", ""]
    return [*lines, f"All of it, and a draft of the order to each supplier: {page}", ""]


def _habits(alarms: Sequence[Alarm]) -> list[str]:
    if not alarms:
        return []
    return [f"{HABITS}:", *(f"- {one.name}: {one.mend}. {one.why}" for one in alarms[:SHOWN]), ""]


def _line(one: Needed, today: date) -> str:
    made = one.suggestion
    if made.runs_out_on is None:
        out = "lasts over a year"
    else:
        on = "today" if made.runs_out_on <= today else f"on {made.runs_out_on.day} {made.runs_out_on:%B %Y}"
        out = f"runs out {on}" if one.left > 0 else "nothing is left"
    waits = f"; customers would wait for {made.would_wait} until an order could be here" if made.would_wait else ""
    return f"- {made.units} x {one.title} ({made.sku}): {out}{waits}"
