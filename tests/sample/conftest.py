"""The sample as a user has it: built in a data directory of its own, and taught by a child."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from annotator import api
from annotator.store import jobs
from annotator.workflow import projects, sample_project, supervising, tokens
from annotator.workflow.projects import Project

PATIENCE = 120.0  # seconds for a training that shares the machine with other tests


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's data directory, empty."""
    place = tmp_path / "home"
    monkeypatch.setenv("ANNOTATOR_HOME", str(place))
    return place


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The sample as it is built; nobody works in it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ANNOTATOR_HOME", str(tmp_path_factory.mktemp("built")))
        project = sample_project.open_sample()
    yield project
    projects.close_project(project.path)


@pytest.fixture(scope="session")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The sample some seconds after a desk asked for its first sentences."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ANNOTATOR_HOME", str(tmp_path_factory.mktemp("taught")))
        project = sample_project.open_sample()
    token = tokens.mint(project, "ada")
    with TestClient(Starlette(routes=api.ROUTES), headers={api.TOKEN: token}) as desk:
        assert desk.get("/api/v1/queue").status_code == 200
    pause = threading.Event()
    for _ in range(int(PATIENCE / 0.1)):
        if jobs.model_id(project.store) and not supervising.is_training(project):
            break
        pause.wait(0.1)
    yield project
    projects.close_project(project.path)
