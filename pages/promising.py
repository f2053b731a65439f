"""A day that a person promises the customer: as it is typed, and what it brings."""

from collections.abc import Mapping

from core.dates import hand_promises
from core.dates.hand_promises import LONGEST_WHY, HandPromise
from core.records import OrderRecord
from pages.choice import Choice
from pages.languages import _
from pages.typed_days import typed_day


def typed_promise(form: Mapping[str, str]) -> HandPromise | None:
    """Return the day and the reason of a form; None where it has no day that can be read."""
    day = typed_day(form.get("on", "").strip())
    why = " ".join(form.get("why", "").split())[:LONGEST_WHY]
    return HandPromise(on=day, why=why) if day else None


def promise_choice(record: OrderRecord) -> Choice | None:
    """Return what promising a day brings; None where nothing of the order waits."""
    if not hand_promises.may_promise(record):
        return None
    brings = _(
        "The plan keeps units for this day as far as it can and does not move it; where it cannot be kept, the order "
        "needs you. The customer's page and messages name it. Nothing is sent by this itself."
    )
    undo = _("Take it back and the plan's own day counts again; the customer is told of the difference.")
    return Choice(do=hand_promises.SET, label=_("Promise a day by hand"), brings=brings, undo=undo)
