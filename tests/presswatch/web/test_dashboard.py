"""The dashboard for Grafana asks for nothing that is not told."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from presswatch.web.desk import Desk
from scheduler.pulse import Pulse
from storage.events import AlertsFailed, StatementStored, StatementWithdrawn
from storage.types import Decision, Published, Stored
from tests.presswatch.web.visiting import first_owner
from tests.project import ROOT

DASHBOARD: dict[str, Any] = json.loads((ROOT / "deploy" / "grafana.json").read_text("utf-8"))
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
ASKED = [target["expr"] for panel in PANELS for target in panel["targets"]]

OF_PROMETHEUS = {"instance": "any", "exported_job": "job"}
"""Labels that a scrape adds, or calls by another name: https://prometheus.io/docs/prometheus/latest/configuration/"""

WORDS = {"by", "sum", "max", "min", "count", "rate", "increase", "delta", "histogram_quantile"}

Told = dict[str, dict[str, set[str]]]
"""The values of each label of each metric."""


@pytest.fixture
async def told(desk: Desk) -> Told:
    """What `/metrics` prints."""
    pulse = Pulse(lambda: 0.0)
    pulse.expect([("prune", 1.0)])
    owner = await first_owner(replace(desk, pulse=pulse))
    desk.metrics.late(0.02)
    new = Stored(Decision.NEW, 1, 1, 1, "On a bridge", "https://mfa.example/1")
    for event in (
        StatementStored("mfa-xy/news", new, Published(), False),
        StatementWithdrawn("mfa-xy/news", 1, "On a bridge", "https://mfa.example/1"),
        AlertsFailed("desk", 3, "refused", None),
    ):
        desk.metrics(event)
    families = text_string_to_metric_families((await owner.ask("GET", "/metrics")).text)
    found: Told = {}
    for sample in (sample for family in families for sample in family.samples):
        labels = found.setdefault(sample.name, {})
        for label, value in sample.labels.items():
            labels.setdefault(label, set()).add(value)
    return found


async def test_each_metric_and_each_label_that_it_asks_for_is_told(told: Told) -> None:
    assert len(ASKED) > 20
    assert [wrong for expression in ASKED for wrong in _unknown(expression, told)] == []


async def test_what_is_not_told_is_noticed(told: Told) -> None:
    for expression in (
        "max(presswatch_stored)",
        "sum by (channel) (rate(presswatch_polls_total[5m]))",
        'presswatch_alerts{state="lost"}',
        'presswatch_alerts{channel="desk"}',
        "average(presswatch_statements)",
    ):
        assert _unknown(expression, told), expression


def _unknown(expression: str, told: Told) -> list[str]:
    """What of an expression is neither PromQL nor told."""
    metrics = re.findall(r"\bpresswatch_\w+", expression)
    known = {OF_PROMETHEUS[label]: label for label in OF_PROMETHEUS}
    labels = {known.get(label, label) for name in metrics for label in told.get(name, {})} | {"instance"}
    wrong = [name for name in metrics if name not in told]
    for label, operator, value in re.findall(r'(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"', expression):
        values = {each for name in metrics for each in told.get(name, {}).get(label, ())}
        wrong += [] if label in labels and ("~" in operator or value in values) else [f"{label} {value}"]
    for grouped in re.findall(r"\bby \(([^)]*)\)", expression):
        wrong += [label for label in re.split(r",\s*", grouped) if label not in labels]
    rest = re.sub(r"\{[^}]*\}|\[[^\]]*\]|\bby \([^)]*\)|\bpresswatch_\w+", " ", expression)
    return wrong + [word for word in re.findall(r"[a-z_]\w*", rest) if word not in WORDS]


def test_every_panel_says_its_unit_and_has_a_place_of_its_own() -> None:
    places = [tuple(panel["gridPos"].values()) for panel in DASHBOARD["panels"]]
    assert len(set(places)) == len(places)
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(places)
    assert all(panel["fieldConfig"]["defaults"]["unit"] and panel["title"] for panel in PANELS)
