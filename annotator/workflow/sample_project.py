"""The embedded sample: built from its texts, opened, taught in the background, and removed."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from annotator import sample
from annotator.core.codebook import Target
from annotator.core.errors import AnnotatorError
from annotator.store import Store, codebooks, events, jobs, settings, tables
from annotator.store.connection import beside
from annotator.workflow import analysing, projects, sample_codings, supervising
from annotator.workflow.choosing import Choices
from annotator.workflow.importing import import_paths
from annotator.workflow.projects import Project

TITLE = "Sample: the Ilsa Heights"

FIRST_STATE = "0 events, 10 documents, scheme 1"
"""What the first samples held when they were built; they did not note it."""


def sample_path() -> Path:
    """The embedded sample's project file."""
    return projects.home() / "sample.annotator"


def open_sample() -> Project:
    """The embedded sample, built from its texts if it is not there.

    One that an earlier version built is built anew, unless somebody worked in it.
    """
    place = sample_path()
    if place.is_file():
        held = projects.open_project(place)
        if _is_current(held.store) or _is_touched(held.store):
            return held
        projects.close_project(place)
        # The last connection to close takes the log away: where it stays, another server works.
        if beside(place, "-wal").exists():
            return projects.open_project(place)
    _build(place)
    return projects.open_project(place)


def _is_current(store: Store) -> bool:
    return settings.value(store, "sample_version") == _version()


def _is_touched(store: Store) -> bool:
    return _state(store) != settings.value(store, "sample_state", FIRST_STATE)


def _state(store: Store) -> str:
    """What tells a sample that somebody worked in from one that is as it was built."""
    scheme = codebooks.current_scheme(store).id
    documents = tables.totals(store)["documents"]
    return f"{events.count(store)} events, {documents} documents, scheme {scheme}"


def coders(project: Project) -> list[str]:
    """The invented coders of the sample; nobody in any other project."""
    tables_of = sample.codings().glob("*.csv") if project.is_sample else ()
    return [sample_codings.coder_of(table) for table in tables_of]


def _version() -> str:
    """A fingerprint of everything the sample is built from."""
    digest = sha256()
    for file in [*sample.files(), _codebook()]:
        digest.update(f"{file.name}\0".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def _codebook() -> Path:
    return projects.labels_directory() / f"{sample.CODEBOOK}.toml"


def _build(place: Path) -> None:
    fresh = place.with_name(f"sample.{os.getpid()}.annotator")
    projects.discard(fresh)
    targets = [Target(name=n, title=t, aliases=tuple(a)) for n, t, a in sample.TARGETS]
    project = projects.create(fresh, [_codebook()], targets=targets, title=TITLE, is_sample=True)
    store = project.store
    # Told rather than found out: loading the detector would take longer than all the rest.
    import_paths(store, project.seed, [sample.articles()], Choices(fields={"language": "en"}))
    analysing.finish(store)
    events.record_all(store, sample_codings.codings(store, sample.codings()))
    settings.put(store, sample_version=_version(), sample_state=_state(store))
    projects.close_project(fresh)
    # An older sample goes with its models, its key and its log, none of which fit the new one.
    projects.discard(place)
    # Renamed last, so that a build that was broken off is never taken for the sample.
    fresh.replace(place)
    projects.discard(fresh)


def open_default(place: Path) -> Project:
    """The project at this place; for a sample that was removed, the one opened last instead."""
    if place.expanduser().resolve() != sample_path().resolve():
        return projects.open_project(place)
    known = projects.known_projects() if _sample_removed().exists() else []
    return known[0] if known else open_sample()


def start_learning(project: Project) -> None:
    """Train the sample in the background where that was never tried, so that it can suggest.

    Only once: a training that failed would fail again, and the model page tells of it.
    """
    if project.is_sample and jobs.latest(project.store) is None:
        supervising.start_training(project, "sample")


def _sample_removed() -> Path:
    """A file that says that the user does not want the sample."""
    return projects.home() / "sample.removed"


def remove_sample() -> bool:
    """Take the sample away with all that was coded in it; False where there is none."""
    if not sample_path().exists():
        return False
    # A training that runs would put its model beside a sample that is gone; a file that is
    # damaged has none, and goes all the same.
    with suppress(AnnotatorError, sqlite3.Error):
        supervising.cancel_training(projects.open_project(sample_path()).store)
    projects.close_project(sample_path())
    projects.discard(sample_path())
    _sample_removed().touch()
    return True
