"""A small project that can be checked by hand, and pages drawn on it without a browser."""

import sys
from collections.abc import Callable
from functools import cache

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from annotator.core.annotation import Event
from annotator.store import events, tables
from annotator.store.events import Told
from annotator.workflow import analysing, projects
from annotator.workflow.importing import import_paths

HOSTILE = "<img src=x onerror=alert(1)> **b** $x$ :red[hot] ![p](http://evil.example/p.png)"

TOY = f"""
name = "toy"
version = "1.2.0"
title = '{HOSTILE} book'

[[variable]]
name = "frame"
question = "Which frames?"

[[variable.code]]
name = "blockade"
title = "Blockade"
definition = "Roads are closed on purpose."
examples = ["Nothing passes the bridge."]
hotkey = "1"
color = "#9b2226"

[[variable.code]]
name = "peace"
title = '{HOSTILE} peace'
definition = "Talks and truces."
hotkey = "2"

[[variable]]
name = "stance"
choice = "one"
codes = "favor-against"
targets = [{{ name = "osten", title = "Osten", aliases = ["Hallen"] }}]
"""

ARTICLE = f"""A town without bread

The bridge at Korva was closed on Tuesday. "We are hungry," said Mara Tolve.
{HOSTILE} stood on a wall.
"""


@pytest.fixture(scope="session", autouse=True)
def _scanned_once() -> None:
    """Streamlit looks through all installed packages for components at every AppTest: 0.3 s."""
    manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)


@pytest.fixture(autouse=True)
def _main_put_back(monkeypatch):
    """Streamlit leaves a page as the main module, which processes started later would run."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    place = tmp_path / "home"
    monkeypatch.setenv("ANNOTATOR_HOME", str(place))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("ANNOTATOR_CODER", raising=False)
    return place


@pytest.fixture
def toy(tmp_path):
    file = tmp_path / "toy.toml"
    file.write_text(TOY, encoding="utf-8")
    return file


@pytest.fixture
def empty(tmp_path, toy, monkeypatch):
    project = projects.create(tmp_path / "toy.annotator", [toy], title=HOSTILE)
    monkeypatch.setenv("ANNOTATOR_PROJECT", str(project.path))
    yield project
    project.store.close()


@pytest.fixture
def coded(empty, tmp_path):
    """One article; the first sentence coded by Ada, the second skipped and flagged by her."""
    article = tmp_path / "korva.txt"
    article.write_text(ARTICLE, encoding="utf-8")
    import_paths(empty.store, empty.seed, [article])
    analysing.finish(empty.store)
    units = list(tables.units(empty.store))
    at = "2026-03-02T09:00:00.000+00:00"
    decisions = [
        {
            "op": "set",
            "answers": [
                {"variable": "frame", "code": "blockade"},
                {"variable": "stance", "target": "osten", "code": "against"},
            ],
        },
        {"op": "skip", "flagged": True},
    ]
    told = [
        Told(
            "Ada",
            Event.model_validate(
                {"uuid": f"toy-event-{n}", "unit": unit.unit_id, "scheme": 1, "client_at": at}
                | decision
            ),
            at,
        )
        for n, (unit, decision) in enumerate(zip(units, decisions, strict=False))
    ]
    events.record_all(empty.store, told)
    return empty


@pytest.fixture
def draw() -> Callable[[str], AppTest]:
    def drawn(name: str) -> AppTest:
        return AppTest.from_function(_draw, kwargs={"name": name}, default_timeout=20).run()

    return drawn


def _draw(name: str) -> None:
    import importlib

    from annotator.ui import pages

    pages.page(importlib.import_module(f"annotator.ui.page.{name}"))()
