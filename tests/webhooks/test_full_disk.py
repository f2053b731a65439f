"""A disk without room, or one that fails: nothing is acknowledged that is not kept, and all goes on afterwards."""

import random
import resource
from functools import partial
from pathlib import Path

import pytest

from core.errors import Unavailable
from tests.webhooks.conftest import BODY


def no_page_more(door, so):
    """Let the file have no page more than it has now, or any number again."""
    with door.writing.connect() as connection:
        used = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {used if so else 2**30}")


@pytest.fixture
def full(service):
    return partial(no_page_more, service.books._letterbox.door)


@pytest.fixture
def failing(service):
    """Let the system refuse what makes SQLite's log of writes much longer: to SQLite that is an I/O error."""
    file = Path(service.books._letterbox.door.url.database)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)

    def no_room(so):
        log = sum(path.stat().st_size for path in file.parent.glob(f"{file.name}-wal"))
        resource.setrlimit(resource.RLIMIT_FSIZE, (log + 40_000, before[1]) if so else before)

    yield no_room
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def written(service):
    service.books.empty_letterbox()
    # Through the service's own library: a second SQLite in one process would break the first one's locks.
    with service.books._door.reading.connect() as connection:
        return connection.exec_driver_sql("SELECT count(*) FROM deliveries").scalar()


@pytest.mark.parametrize(("trouble", "told"), [("full", "full"), ("failing", "disk I/O error")])
def test_a_full_disk_acknowledges_nothing_and_loses_nothing(service, request, trouble, told):
    no_room = request.getfixturevalue(trouble)
    no_room(True)
    # Bodies are packed: what is to take room must not repeat itself.
    letters = [BODY + random.Random(number).randbytes(9000) for number in range(12)]
    kept = []
    for number, body in enumerate(letters):
        answer = service.send("shopify", body, delivery=str(number))
        assert answer.status_code in {200, 503}
        kept += [number] if answer.status_code == 200 else []
        if answer.status_code == 503:
            assert told in answer.text
            assert "Traceback" not in answer.text
    assert len(kept) < len(letters)
    assert service.client.get("/healthz").status_code == 200
    no_room(False)
    assert written(service) == len(kept)
    assert {service.send("shopify", body, delivery=str(number)).status_code for number, body in enumerate(letters)} == {
        200
    }
    assert written(service) == len(letters)


def test_what_the_file_of_the_plans_has_no_room_for_waits_aside(service):
    letters = [BODY + random.Random(number).randbytes(9000) for number in range(12)]
    no_page_more(service.books._door, True)
    for number, body in enumerate(letters):
        assert service.send("shopify", body, delivery=str(number)).status_code == 200
    with pytest.raises(Unavailable, match="full"):
        written(service)
    no_page_more(service.books._door, False)
    assert written(service) == len(letters)
