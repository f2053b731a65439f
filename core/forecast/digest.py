"""What the nightly run has to say to the merchant, as the text of one mail: what to order now, and habits that cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.forecast.records import Alarm, Suggestion

SHOWN = 10
NOBODY = "no supplier named"


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """One item to be ordered now, with its title and who sells it."""

    title: str
    supplier: str | None
    suggestion: Suggestion


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """One mail. `key` makes it once a day."""

    key: str
    subject: str
    body: str


def digest(
    shop_name: str, needed: Sequence[Needed], alarms: Sequence[Alarm], today: date, *, page: str
) -> Digest | None:
    """Return the night's mail; None on a night with nothing to order now. Plain text, English, no money in it.

    What most customers would wait for comes first; each supplier's items stand together. `page` is where they are
    ordered.
    """
    if not needed:
        return None
    rows = sorted(needed, key=lambda one: (-one.suggestion.would_wait, one.title))
    items = f"{len(rows)} item{'' if len(rows) == 1 else 's'}"
    lines = [f"{shop_name}: {items} should be ordered now.", ""]
    for supplier in dict.fromkeys(one.supplier for one in rows[:SHOWN]):
        lines.append(f"{supplier or NOBODY}:")
        lines += [_line(one, today) for one in rows[:SHOWN] if one.supplier == supplier]
        lines.append("")
    if len(rows) > SHOWN:
        lines += [f"And {len(rows) - SHOWN} more.", ""]
    lines += [f"All of it, and a draft of the order to each supplier: {page}", ""]
    if alarms:
        lines.append("Backorders that have become a habit:")
        lines += [f"- {one.name}: {one.mend}. {one.why}" for one in alarms[:SHOWN]]
        lines.append("")
    return Digest(key=f"digest:{today.isoformat()}", subject=f"To order now: {items}", body="\n".join(lines))


def _line(one: Needed, today: date) -> str:
    made = one.suggestion
    if made.runs_out_on is None:
        out = "lasts over a year"
    else:
        out = "nothing is left" if made.runs_out_on <= today else f"runs out on {made.runs_out_on.isoformat()}"
    waits = f"; {made.would_wait} would be waited for until an order could be here" if made.would_wait else ""
    return f"- {made.units} x {one.title} ({made.sku}): {out}{waits}"
