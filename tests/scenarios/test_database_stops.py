"""PostgreSQL is stopped and started, gently and by force, while orders come in: nothing is lost or done twice."""

from functools import partial
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from connectors.simulator.hooks import Retries
from tests.scenarios.processes import Service, given_up, lost_deliveries, restart_postgresql

ORDERS = 4
WAYS = ("fast", "immediate", "immediate")


@pytest.fixture
def restart(postgresql_url):
    """Stop the server in this way and start it again."""
    data = Path(parse_qs(urlsplit(postgresql_url).query)["host"][0])
    return partial(restart_postgresql, data)


@pytest.fixture
def service(postgresql_url, tmp_path, both_sides):
    running = Service(tmp_path, postgresql_url, **both_sides[0].settings)
    running.hire(2)
    for side in both_sides:
        side.shop.hooks.retries = Retries(delays=(0.3,) * 1000)
        for number in range(ORDERS * len(WAYS)):
            side.shop.add_product(f"ITEM-{number}", f"Item {number}", "12.50", 5)
        side.connect(running.house)
    running.rest(120)
    yield running
    running.close()


@pytest.mark.soak
def test_a_database_that_stops_loses_nothing_and_doubles_nothing(service, both_sides, restart):
    orders = {side: [] for side in both_sides}
    for turn, way in enumerate(WAYS):
        for number in range(ORDERS):
            for side in both_sides:
                orders[side].append(side.checkout((f"ITEM-{turn * ORDERS + number}", 8)))
        restart(way)
    assert all(side.shop.hooks.flush(600) for side in both_sides)
    service.rest(120)
    for side in both_sides:
        assert {sent.status for sent in side.shop.hooks.deliveries} <= {200, 503, None}
        assert (given_up(side), lost_deliveries(service, side)) == (set(), [])
        for order in orders[side]:
            assert sum(side.held_outside(order).values()) == 3, order
            assert side.doubles(order) == [], order
