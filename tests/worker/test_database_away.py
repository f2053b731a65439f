"""The database is away: what repeats says so in one line each time, and goes on."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from structlog.testing import capture_logs

from connectors.database import open_books
from core.errors import Unavailable
from tests.conftest import ENCRYPTION_KEY
from tests.pages.builders import shop
from worker.clock import Clock
from worker.enduring import survived

pytestmark = pytest.mark.usefixtures("every_level")


@pytest.fixture
def house():
    """A house whose books are at a port where nobody listens."""
    books = open_books("postgresql://nobody@127.0.0.1:9/none", encryption_keys=ENCRYPTION_KEY)
    now, kept = lambda: datetime.now(UTC), timedelta(days=1)
    settings = SimpleNamespace(keep_bodies=kept, keep_people=kept, keep_log=kept)
    yield SimpleNamespace(books=books, now=now, bounces=None, settings=settings)
    books.close()


def test_a_clock_begins_ticks_and_ends_while_the_database_is_away(house):
    with capture_logs() as said, Clock(house, "w") as clock:
        for job in clock.scheduler.get_jobs():
            job.func(*job.args)
    assert [(line["event"], line["log_level"]) for line in said] == [("step put off", "warning")] * len(said)
    assert {line["step"] for line in said} == {
        "beat", "queue_syncs", "queue_webhook_checks", "begin_day", "wake_cases", "purge", "resign",
    }  # fmt: skip
    assert all("the database cannot be used now" in line["problem"] for line in said)


def test_a_day_that_could_not_be_begun_is_begun_at_the_next_tick(house, books):
    clock = Clock(house, "w")
    with pytest.raises(Unavailable):
        clock.begin_day()
    with books.write() as unit:
        unit.shops.add(shop(), {})
    house.books.close()
    house.books = books
    clock.begin_day()
    with books.read() as unit:
        assert unit.inbox.counts("fern")["new"] == 1


def test_a_step_that_fails_otherwise_is_told_with_its_trace_and_what_follows_is_reached():
    def broken():
        raise KeyError("a bug")

    with capture_logs() as said:
        with survived(broken):
            broken()
        said.append("reached")
    assert (said[0]["event"], said[0]["step"], said[0]["exc_info"], said[1]) == (
        "step failed", "broken", True, "reached",
    )  # fmt: skip
