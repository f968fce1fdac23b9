"""Looking at everything a project is made of, and making anew what can be made anew."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path

from annotator.core.errors import ProjectError
from annotator.core.progress import Progress
from annotator.store import Store, checks
from annotator.store.connection import reading
from annotator.workflow import examining, surroundings
from annotator.workflow.backups import Backup, backup
from annotator.workflow.examining import Examination, restore_advice


def examine(project: Path) -> Examination:
    """Look at everything a project is made of, and change nothing.

    Coders may go on saving. Raises ``ProjectError`` only where there is no file.
    """
    path = project.expanduser()
    if not path.is_file():
        said = "is a folder; name the project file in it" if path.is_dir() else "is not there"
        raise ProjectError(f"{project} {said}")
    path = path.resolve()
    header = examining.header(path)
    if header.state == "fault":
        return Examination(project=path, checks=(header,))
    # Looked at first: while this reads its snapshot, what coders save has to wait in the journal.
    journal = surroundings.journal(path)
    try:
        with reading(path) as conn:
            inside = examining.inside(path, conn)
    except sqlite3.Error as fault:
        inside = Examination(project=path, checks=(examining.unreadable(path, "integrity", fault),))
    around = (
        journal,
        surroundings.secret(path),
        surroundings.leftovers(path),
        surroundings.space(path),
        *surroundings.place_of(path),
    )
    return Examination(
        project=path,
        checks=(header, *inside.checks, *around),
        differences=inside.differences,
        documents=inside.documents,
        speakers=inside.speakers,
        counts=inside.counts,
        index=inside.index,
    )


def repair(found: Examination, *, at: datetime, tell: Progress) -> Backup:
    """Make anew what ``examine`` found wrong in view, documents, speakers, counts and index.

    A backup is made first, beside the project. The events are never touched.
    """
    path = found.project
    stamp = at.strftime("%Y-%m-%d-%H%M%S")
    safe = path.with_name(f"{path.stem}-before-repair-{stamp}{path.suffix}")
    made = backup(path, safe, at=at, tell=tell)
    store = Store.open(path)
    places = [one.place for one in found.differences if one.mendable]
    try:
        checks.mend(
            store,
            places,
            documents=found.documents,
            speakers=found.speakers,
            counts=found.counts or bool(places) or bool(found.documents),
            index=found.index,
        )
    except sqlite3.Error as fault:
        raise ProjectError(
            f"{path} could not be mended ({fault}) and is as it was; {restore_advice(path)}"
        ) from fault
    finally:
        store.close()
    return made
