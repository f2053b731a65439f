"""The container files cannot be built in a test; what they name can be checked."""

import json
import re
from pathlib import Path

import yaml

import app

ROOT = Path(__file__).parents[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())


def test_the_image_copies_only_what_is_there():
    sources = re.findall(r"^COPY (?:--\S+ )*(\S+) ", DOCKERFILE, re.MULTILINE)
    assert sources
    assert all((ROOT / source).exists() for source in sources)


def test_the_image_serves_a_function_that_exists_and_not_as_root():
    command = json.loads(re.search(r"^CMD (\[.*\])$", DOCKERFILE, re.MULTILINE).group(1))
    assert command[0] == "gunicorn"
    assert command[-1] == "app:web()"
    assert callable(app.web)
    assert "USER backorder" in DOCKERFILE


def test_compose_runs_web_worker_and_database_with_commands_that_exist():
    services = COMPOSE["services"]
    assert set(services) == {"web", "worker", "database"}
    assert services["worker"]["command"][:3] == ["flask", "--app", "app"]
    assert services["worker"]["command"][3] in app.create_app({}).cli.commands
    assert services["web"]["environment"]["BACKORDER_DATABASE_URL"].startswith("postgresql://")
