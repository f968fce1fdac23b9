"""What is looked at in the models of a project, their word vectors and their trainings."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from annotator.core.errors import ModelError
from annotator.store import Store, checks, settings
from annotator.store.connection import beside
from annotator.workflow.surroundings import NAMED, Check, more


def models(path: Path, conn: sqlite3.Connection) -> Iterator[Check]:
    """The model in force read whole; of the others, whether their files are there."""
    folder = beside(path, ".models")
    known = checks.models(conn)
    there = {one.name for one in folder.glob("m*") if one.is_dir()} if folder.is_dir() else set()
    advice = f"run `annotator train {path}`"
    if known.in_force and (fault := _fault_of_model(folder / known.in_force, known.in_force)):
        yield Check(name="model", state="fault", message=fault, advice=advice)
    elif known.in_force:
        yield Check(name="model", message=f"{known.in_force} is whole and in force")
    gone = sorted(known.ids - there - {known.in_force})
    if gone:
        said = f"the files of older models are gone: {', '.join(gone[:NAMED])}"
        yield Check(name="models", state="warning", message=said + more(len(gone) - NAMED))
    left = sorted(there - known.ids)
    if left and not known.training:
        yield Check(
            name="models",
            state="warning",
            message=f"files of trainings that were broken off: {', '.join(left[:NAMED])}"
            + more(len(left) - NAMED),
            advice=f"delete them from {folder}",
        )


def _fault_of_model(place: Path, name: str) -> str:
    # numpy and what comes with it take longer to load than most projects to check.
    import numpy as np

    from annotator.learn import artefact

    if not place.is_dir():
        return f"the files of {name} are gone"
    try:
        artefact.load(place)
        np.load(place / "scores.npy", mmap_mode="r", allow_pickle=False)
    except ModelError as fault:
        return str(fault)
    except (OSError, ValueError):
        return f"{name}: scores.npy is missing or damaged"
    return ""


def word_vectors(path: Path, conn: sqlite3.Connection) -> Iterator[Check]:
    """The word vectors in force read whole; nothing is said where there are none."""
    # What they come with takes longer to load than most projects to check.
    from annotator.workflow import vectors

    name = settings.of(conn, vectors.IN_FORCE)
    if not name:
        return
    try:
        words = vectors.named(Store(path), name)
    except ModelError as fault:
        yield Check(name="vectors", state="fault", message=str(fault))
    else:
        yield Check(
            name="vectors", message=f"{name} are whole and in force ({words.dims} numbers each)"
        )


def trainings(conn: sqlite3.Connection) -> Check:
    """Whether a training ended without a word."""
    dead = checks.models(conn).dead_jobs
    if not dead:
        return Check(name="training", message="no training died")
    said = f"training {', '.join(map(str, dead))} ended without a word"
    return Check(
        name="training",
        state="warning",
        message=said,
        advice="the model before is in force; the next training puts this right",
    )
