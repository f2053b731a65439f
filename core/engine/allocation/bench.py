"""The bench that searches for a better packing plan work on."""

from collections.abc import Sequence

from core.engine.allocation.packing import Needs, Packing

TINY = 1e-9


class Bench:
    """A plan under work: what each order needs, what is left, and how many trials may still be made."""

    def __init__(self, packing: Packing, needs: Sequence[Needs], chosen: Sequence[bool], trials: int) -> None:
        self.needs = needs
        self.worth: list[float] = packing.worth.tolist()
        self.room: list[int] = packing.room.tolist()
        self.chosen = list(chosen)
        self.trials = trials
        for row, taken in enumerate(self.chosen):
            if taken:
                self.move(row, -1)

    def fits(self, row: int) -> bool:
        """Return whether the order fits into what is left."""
        self.trials -= 1
        room = self.room
        # A loop: `all` over a generator takes twice as long, and this is most of the work.
        for place, units in self.needs[row]:  # noqa: SIM110
            if units > room[place]:
                return False
        return True

    def move(self, row: int, sign: int) -> None:
        """Take the order's units (-1) or put them back (+1)."""
        for place, units in self.needs[row]:
            self.room[place] += sign * units

    def total(self) -> float:
        """Return what the chosen orders are worth."""
        return sum(worth for worth, taken in zip(self.worth, self.chosen, strict=True) if taken)

    def put(self, row: int, *, chosen: bool) -> None:
        """Choose the order, or not any more."""
        self.chosen[row] = chosen
        self.move(row, -1 if chosen else 1)
