"""What of ours can be taken back on an order: buttons that say what each brings and whether it can be undone."""

from core import undoing
from core.records import OrderRecord
from pages.choice import FINAL, Choice


def undo_choices(record: OrderRecord) -> tuple[Choice, ...]:
    """Return the buttons, the way back first."""
    found = (_hand_back(record), _let_go(record), _unmark(record), _end_codes(record))
    return tuple(choice for choice in found if choice is not None)


def left_alone(record: OrderRecord) -> str:
    """Return in a sentence what Backorder keeps its hands off, empty where it is nothing."""
    units = sum(record.hands_off.values())
    said = []
    if undoing.LET_GO in record.manual:
        said.append("its units are not held, because you released our hold")
    elif units:
        are = "1 unit is" if units == 1 else f"{units} units are"
        said.append(f"{are} not held, because somebody took our hold away in the shop")
    if undoing.UNMARKED in record.manual:
        said.append("it carries no mark of ours, because you took them off")
    return f"Backorder leaves this order alone: {', and '.join(said)}." if said else ""


def _hand_back(record: OrderRecord) -> Choice | None:
    if not undoing.left_alone(record):
        return None
    brings = "What waits is held and marked again, as the plan says."
    return Choice(do="hand_back", label="Hand it back to Backorder", brings=brings, undo="You can release it again.")


def _let_go(record: OrderRecord) -> Choice | None:
    if not undoing.holds(record):
        return None
    brings = "Everything of it may ship from the shop, and Backorder holds nothing of it any more."
    undo = "Hand it back to hold it again, as long as nothing has left."
    return Choice(do="let_go", label="Release our hold", brings=brings, undo=undo)


def _unmark(record: OrderRecord) -> Choice | None:
    if not undoing.marks(record):
        return None
    brings = "Our tags and the expected day disappear from it in the shop and stay away."
    return Choice(do="unmark", label="Take our marks off", brings=brings, undo="Hand it back to have it marked again.")


def _end_codes(record: OrderRecord) -> Choice | None:
    count = len(undoing.usable_codes(record))
    if not count:
        return None
    label = "End the code for the wait" if count == 1 else f"End the {count} codes for the wait"
    brings = "What the customer has not used by now stops working."
    return Choice(do="end_codes", label=label, brings=brings, undo=FINAL, final=True)
