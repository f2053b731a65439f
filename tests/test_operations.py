"""The metrics, the dashboard and the alerts speak of the same few names."""

import json
import re
from pathlib import Path

import pytest
import yaml

from pages.health import GAUGES

DOCS = Path(__file__).parents[1] / "docs"
PAGE = (DOCS / "operations.md").read_text()
DASHBOARD = json.loads((DOCS / "grafana-dashboard.json").read_text())
RULES = yaml.safe_load((DOCS / "prometheus-alerts.yaml").read_text())["groups"][0]["rules"]
ASKED = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]


def names(text):
    return set(re.findall(r"backorder_[a-z_]+", text))


@pytest.mark.parametrize(("name", "told"), GAUGES.items(), ids=list(GAUGES))
def test_a_metric_is_in_the_docs_with_its_labels_and_meaning(name, told):
    meaning, labels = told
    assert f"| `{name}` | {', '.join(labels)} | {meaning} |" in PAGE


def test_the_docs_know_no_other_metric():
    assert names(PAGE) == set(GAUGES)


def test_every_alert_of_the_docs_is_a_rule_and_the_other_way_round():
    told = re.findall(r"^\| ([a-z ]+) \| `([^/`][^`]*)` \|", PAGE.partition("| alert |")[2], re.MULTILINE)
    assert [(rule["alert"], rule["expr"]) for rule in RULES] == told


def test_the_dashboard_shows_every_metric_and_asks_for_no_other():
    assert names(" ".join(ASKED)) == set(GAUGES)


def test_the_dashboards_panels_have_numbers_and_places_of_their_own():
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])
    corners = {(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in DASHBOARD["panels"]}
    assert len(corners) == len(DASHBOARD["panels"])
    assert all(panel["datasource"]["uid"] == "${source}" for panel in DASHBOARD["panels"])
