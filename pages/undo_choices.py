"""What of ours can be taken back on an order: buttons that say what each brings and whether it can be undone."""

from core.desired_state import undoing
from core.records import OrderRecord
from pages.choice import FINAL, Choice
from pages.languages import _, n_
from pages.printing import printer


def undo_choices(record: OrderRecord) -> tuple[Choice, ...]:
    """Return the buttons, the way back first."""
    found = (_hand_back(record), _let_go(record), _unmark(record), _end_codes(record))
    return tuple(choice for choice in found if choice is not None)


def left_alone(record: OrderRecord) -> str:
    """Return in a sentence what Backorder keeps its hands off, empty where it is nothing."""
    units = sum(record.hands_off.values())
    said = []
    if undoing.LET_GO in record.manual:
        said.append(_("its units are not held, because you released our hold"))
    elif units:
        said.append(
            n_(
                "%(number)s unit is not held, because somebody took our hold away in the shop",
                "%(number)s units are not held, because somebody took our hold away in the shop",
                units,
            )
        )
    if undoing.UNMARKED in record.manual:
        said.append(_("it carries no mark of ours, because you took them off"))
    return _("Backorder leaves this order alone: %(said)s.", said=printer().all_of(said)) if said else ""


def _hand_back(record: OrderRecord) -> Choice | None:
    if not undoing.left_alone(record):
        return None
    brings = _("What waits is held and marked again, as the plan says.")
    return Choice(
        do="hand_back", label=_("Hand it back to Backorder"), brings=brings, undo=_("You can release it again.")
    )


def _let_go(record: OrderRecord) -> Choice | None:
    if not undoing.holds(record):
        return None
    brings = _("Everything of it may ship from the shop, and Backorder holds nothing of it any more.")
    undo = _("Hand it back to hold it again, as long as nothing has left.")
    return Choice(do="let_go", label=_("Release our hold"), brings=brings, undo=undo)


def _unmark(record: OrderRecord) -> Choice | None:
    if not undoing.marks(record):
        return None
    brings = _("Our tags and the expected day disappear from it in the shop and stay away.")
    return Choice(
        do="unmark", label=_("Take our marks off"), brings=brings, undo=_("Hand it back to have it marked again.")
    )


def _end_codes(record: OrderRecord) -> Choice | None:
    count = len(undoing.usable_codes(record))
    if not count:
        return None
    label = n_("End the code for the wait", "End the %(number)s codes for the wait", count)
    brings = _("What the customer has not used by now stops working.")
    return Choice(do="end_codes", label=label, brings=brings, undo=_(FINAL), final=True)
