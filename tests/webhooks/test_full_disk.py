"""A disk without room: nothing is acknowledged that is not kept, and all goes on when there is room again."""

import random

import pytest

from tests.webhooks.test_doors import BODY, Service, service, service_of  # noqa: F401  # fixtures


@pytest.fixture
def room(service):  # noqa: F811  # the fixture
    """Give the database so many pages more than it has now; None for any number."""

    def give(pages):
        with service.books._door.writing.connect() as connection:
            used = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {2**30 if pages is None else used + pages}")

    return give


def written(service):  # noqa: F811  # not the fixture
    # Through the service's own library: a second SQLite in one process would break the first one's locks.
    with service.books._door.reading.connect() as connection:
        return connection.exec_driver_sql("SELECT count(*) FROM deliveries").scalar()


def test_a_full_disk_acknowledges_nothing_and_loses_nothing(service, room):  # noqa: F811  # the fixture
    room(0)
    # Bodies are packed: what is to take room must not repeat itself.
    letters = [BODY + random.Random(number).randbytes(9000) for number in range(12)]
    kept = []
    for number, body in enumerate(letters):
        answer = service.send("shopify", body, delivery=str(number))
        assert answer.status_code in {200, 503}
        kept += [number] if answer.status_code == 200 else []
        if answer.status_code == 503:
            assert "full" in answer.text
            assert "Traceback" not in answer.text
    assert len(kept) < len(letters)
    assert written(service) == len(kept)
    assert service.client.get("/healthz").status_code == 200
    room(None)
    assert {service.send("shopify", body, delivery=str(number)).status_code for number, body in enumerate(letters)} == {
        200
    }
    assert written(service) == len(letters)
