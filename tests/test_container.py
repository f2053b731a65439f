"""The container files cannot be built in a test; what they name can be checked."""

import configparser
import json
import re
from pathlib import Path

import pytest
import yaml
from cryptography.fernet import Fernet

import app
from core.errors import ConfigurationError

ROOT = Path(__file__).parents[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())


def test_the_image_copies_only_what_is_there():
    sources = re.findall(r"^COPY (?:--\S+ )*(\S+) ", DOCKERFILE, re.MULTILINE)
    assert sources
    assert all((ROOT / source).exists() for source in sources)


def test_the_image_serves_by_a_command_that_exists_and_not_as_root():
    command = json.loads(re.search(r"^CMD (\[.*\])$", DOCKERFILE, re.MULTILINE).group(1))
    assert command[:3] == ["flask", "--app", "app"]
    assert command[3] in app.create_app({}).cli.commands
    (uid,) = re.findall(r"^RUN useradd .*--uid (\d+) backorder$", DOCKERFILE, re.MULTILINE)
    assert f"\nUSER {uid}\n" in DOCKERFILE


def test_the_service_for_systemd_serves_by_a_command_that_exists_and_may_write_to_one_folder():
    unit = configparser.ConfigParser(strict=False)
    unit.read(ROOT / "docs" / "backorder.service")
    service = unit["Service"]
    command = service["ExecStart"].split()
    assert command[1:3] == ["--app", "app"]
    assert {"--with-worker"} == {
        name for option in app.create_app({}).cli.commands[command[3]].params for name in option.opts
    }
    assert service["ReadWritePaths"] == f"{service['WorkingDirectory']}/instance"


def test_compose_runs_web_worker_and_database_with_commands_that_exist():
    services = COMPOSE["services"]
    assert set(services) == {"web", "worker", "database"}
    assert services["worker"]["command"][:3] == ["flask", "--app", "app"]
    assert services["worker"]["command"][3] in app.create_app({}).cli.commands
    assert services["web"]["environment"]["BACKORDER_DATABASE_URL"].startswith("postgresql://")
    # Whoever reached it past what stands in front could call themselves by any address.
    assert services["web"]["ports"] == ["127.0.0.1:8000:8000"]


def test_the_containers_write_nothing_to_the_image_and_have_no_privileges():
    for name in ("web", "worker"):
        service = COMPOSE["services"][name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]


def test_with_keys_and_a_database_given_nothing_is_written_beside_the_code(postgresql_url, tmp_path):
    instance = tmp_path / "instance"
    given = {
        "BACKORDER_DATABASE_URL": postgresql_url,
        "BACKORDER_SECRET_KEY": "k" * 32,
        "BACKORDER_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "BACKORDER_BASE_URL": "https://backorder.example.com",
    }
    made = app.create_app(given, instance=str(instance))
    house = made.extensions["furnish"]()
    assert made.test_client().get("/healthz", base_url="https://backorder.example.com").status_code == 200
    house.books.close()
    assert not instance.exists()


def test_where_nothing_may_be_written_the_settings_that_are_missing_are_named(tmp_path):
    (tmp_path / "instance").write_text("no folder")
    with pytest.raises(
        ConfigurationError, match=r"keys.toml: .*set BACKORDER_SECRET_KEY and BACKORDER_ENCRYPTION_KEYS"
    ):
        app.create_app({}, instance=str(tmp_path / "instance")).extensions["furnish"]()
