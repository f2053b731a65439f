"""Who is refused is seen in the log; what they tried to get in with is not."""

import pytest
from structlog.testing import capture_logs

TRIES = [
    ("a link that was never made", 403, {"path": "/login?login=guessed-word"}),
    ("a page without a session", 401, {"path": "/orders"}),
    ("a token that is none", 401, {"path": "/api/v1/orders", "headers": {"Authorization": "Bearer guessed-word"}}),
    ("a form without its token", 400, {"path": "/policy", "method": "POST", "data": {"csrf_token": "guessed-word"}}),
]


pytestmark = pytest.mark.usefixtures("every_level")


@pytest.mark.parametrize(("status", "how"), [row[1:] for row in TRIES], ids=[row[0] for row in TRIES])
def test_who_is_refused_is_logged_without_what_they_sent(app, status, how):
    with capture_logs() as told:
        assert app.test_client().open(**how).status_code == status
    (entry,) = [entry for entry in told if entry["event"] == "refused"]
    assert (entry["status"], entry["method"]) == (status, how.get("method", "GET"))
    assert "guessed-word" not in str(told)
