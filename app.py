"""The composition root: makes the app with its commands, and plugs the rooms together for those that need them.

`flask --app app ...` finds `create_app`.
"""

import os
from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from flask import Flask

from pages import commands

HERE = Path(__file__).parent


def create_app(environment: Mapping[str, str] | None = None, instance: str | None = None) -> Flask:
    """Return the bare service with its commands; each command furnishes the house when it needs it.

    So `plan` runs without a database, and a broken setting is one line from the command that needs it.
    """
    app = Flask(
        "backorder", instance_path=instance or str(HERE / "instance"), root_path=str(HERE),
        template_folder="templates", static_folder="templates/assets", static_url_path="/assets",
    )  # fmt: skip
    app.config["BACKORDER_ENVIRONMENT"] = dict(os.environ if environment is None else environment)
    app.extensions["furnish"] = partial(_plugged, "furnish", app)
    app.extensions["demo"] = partial(_plugged, "demo", app)
    commands.register(app)
    return app


def _plugged(what: str, app: Flask, **given: Any) -> Any:  # noqa: ANN401  # whatever it takes and returns
    """Do it where the rooms are plugged together. They are not loaded before: `plan` and `--help` need none of them."""
    plug: Callable[..., Any] = getattr(import_module("plugging"), what)
    return plug(app, **given)
