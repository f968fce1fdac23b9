"""A small project, and the two outer edges through which bad input comes: commands and routes."""

from __future__ import annotations

import csv
import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from annotator import api
from annotator.core.codebook import Target
from annotator.workflow import importing, projects, tokens
from annotator.workflow.projects import Project
from annotator.workflow.sources import from_uploads
from tests import terminal

CONFLICT = Path(__file__).parents[2] / "labels" / "conflict.toml"
ARTICLE = "Velmar closed the road. Osk sent envoys. The envoys were heard. They left on Monday.\n"


class Said(NamedTuple):
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """What it said on stderr, line by line."""
        return self.err.splitlines()


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANNOTATOR_HOME", str(tmp_path / "home"))


@pytest.fixture
def annotator() -> Callable[..., Said]:
    """Run a command: ``annotator("import", project.path, folder)``."""

    def run(*words: object) -> Said:
        done = terminal.annotator(*words)
        return Said(done.exit_code, done.stdout, done.stderr)

    return run


@pytest.fixture
def make_project(tmp_path: Path) -> Iterator[Callable[..., Project]]:
    """Make a project of one article, or of the articles given; closed when the test is over."""
    made: list[Path] = []

    def make(name: str = "p.annotator", articles: tuple[str, ...] = (ARTICLE,)) -> Project:
        target = Target(name="osk", title="Osk")
        project = projects.create(tmp_path / name, [CONFLICT], targets=[target])
        made.append(project.path)
        files = [(f"{number}.txt", text.encode()) for number, text in enumerate(articles)]
        sources = from_uploads(files)
        list(importing.import_sources(project.store, project.seed, sources))
        return project

    yield make
    for place in made:
        projects.close_project(place)


@pytest.fixture(scope="session")
def kills() -> ModuleType:
    """``bench/kills.py``, which lies outside every package."""
    place = Path(__file__).parents[2] / "bench" / "kills.py"
    spec = importlib.util.spec_from_file_location("kills", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["kills"] = module  # dataclasses look their module up by name
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def project(make_project: Callable[..., Project]) -> Project:
    return make_project()


@pytest.fixture
def trained(
    annotator: Callable[..., Said], make_project: Callable[..., Project], tmp_path: Path
) -> Project:
    """A project with a model of one frame."""
    lines = [
        f"{'Sovereign soil is ours' if n % 2 else 'It rained on the market'}, day {n}."
        for n in range(40)
    ]
    project = make_project(
        articles=tuple("\n\n".join(lines[at : at + 10]) for at in range(0, 40, 10))
    )
    table = tmp_path / "labels.csv"
    with table.open("w", encoding="utf-8", newline="") as file:
        rows = [(line, "sovereignty" if n % 2 else "") for n, line in enumerate(lines)]
        csv.writer(file).writerows([("text", "label"), *rows])
    words = ("--text", "text", "--labels", "label", "--variable", "frame", "--coder", "ana")
    assert annotator("code", project.path, table, *words).code == 0
    assert annotator("train", project.path).code == 0
    return project


class Desk:
    """A coder's browser, as far as the server sees it."""

    def __init__(self, client: TestClient, token: str) -> None:
        self.client = client
        self.token = token

    @property
    def _headers(self) -> dict[str, str]:
        return {"Annotator-Token": self.token}

    def queue(self, **query: object) -> Any:
        return self.client.get("/api/v1/queue", params=query, headers=self._headers).json()

    def units(self) -> list[str]:
        """The ids of the sentences that come next."""
        return [unit["id"] for unit in self.queue(want=50)["next"]]

    def why(self, unit: str, variable: str, code: str) -> Any:
        """Ask why a code is suggested; the response as it comes."""
        query = {"unit": unit, "variable": variable, "code": code}
        return self.client.get("/api/v1/why", params=query, headers=self._headers)

    def post(self, *events: dict[str, Any], **body: object) -> Any:
        """Send events; the response as it comes."""
        sent = {"events": list(events)} | body
        return self.client.post("/api/v1/events", json=sent, headers=self._headers)


@pytest.fixture
def sit_down() -> Iterator[Callable[..., Desk]]:
    """Open the desk of a coder of a project: ``sit_down(project, "ana")``."""
    with TestClient(Starlette(routes=api.ROUTES)) as client:
        yield lambda project, coder="ana": Desk(client, tokens.mint(project, coder))


@pytest.fixture
def save() -> Callable[..., dict[str, Any]]:
    """An event as the desk sends it: ``save(unit, "save-0001", memo="…")``."""

    def event(unit: str, uuid: str = "save-0001", **fields: object) -> dict[str, Any]:
        answer = {"variable": "frame", "code": "sovereignty", "target": "", "use": "asserted"}
        return {"uuid": uuid, "op": "set", "unit": unit, "scheme": 1, "answers": [answer]} | fields

    return event
