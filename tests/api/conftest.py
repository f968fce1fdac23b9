"""A project of one short article, and the desk's routes on it for one coder."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from annotator import api
from annotator.workflow import importing, projects, tokens
from annotator.workflow.sources import from_uploads

CONFLICT = Path(__file__).parents[2] / "labels" / "conflict.toml"


@pytest.fixture
def project_of(tmp_path, monkeypatch):
    """Make a project of one article under a codebook."""
    monkeypatch.setenv("ANNOTATOR_HOME", str(tmp_path / "home"))
    opened = []

    def make(article, codebook=CONFLICT):
        made = projects.create(tmp_path / "p.annotator", [codebook])
        uploads = from_uploads([("wire.txt", article.encode())])
        list(importing.import_sources(made.store, made.seed, uploads))
        opened.append(made)
        return made

    yield make
    for made in opened:
        made.store.close()


@pytest.fixture
def client_of():
    """Ana's connection to a project."""

    def connect(project):
        headers = {"Annotator-Token": tokens.mint(project, "ana")}
        return TestClient(Starlette(routes=api.ROUTES), headers=headers)

    return connect


@pytest.fixture
def client(project, client_of):
    with client_of(project) as opened:
        yield opened
