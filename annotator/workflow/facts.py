"""How a project stands, as far as what to do next depends on it."""

from __future__ import annotations

from typing import NamedTuple

from annotator.store import lists, progress, tables
from annotator.store.seat import Seat
from annotator.workflow import analysing, guide, import_jobs, overview, suggesting, supervising
from annotator.workflow.projects import Project


class Facts(NamedTuple):
    """How a project stands for one coder, from which the next step follows.

    ``coded`` and ``left`` count the coder's sentences. ``lacks`` says in a sentence what is missing
    until the model trains by itself; empty where nothing is. ``learned`` counts the codes that the
    model in force suggests, None without one. ``suggested`` is the next unit with a suggestion, as
    long as the coder has met none. ``checks`` are the lists of doubted labels that the coder is not
    through with: the name, and how many are left.
    """

    documents: int = 0
    is_sample: bool = False
    importing: bool = False
    unanalysed: int = 0
    coded_by_all: int = 0
    coded: int = 0
    left: int = 0
    lacks: str = ""
    training: bool = False
    learned: int | None = None
    suggested: str = ""
    checks: tuple[tuple[str, int], ...] = ()


def of(project: Project, coder: str | None) -> Facts:
    """How a project stands, as one coder sees it; as nobody has begun where none is named."""
    store, totals = project.store, tables.totals(project.store)
    far = progress.of(store, Seat(coder or ""))
    job, engine = import_jobs.job(project), suggesting.engine(store)
    return Facts(
        documents=totals["documents"],
        is_sample=project.is_sample,
        importing=job is not None and job.running,
        unanalysed=analysing.waiting(store),
        coded_by_all=totals["annotated_units"],
        coded=far.done - far.skipped,
        left=far.total - far.done,
        lacks=overview.until_training(store),
        training=supervising.is_training(project),
        learned=engine.learned if engine else None,
        suggested=_suggested(project, coder),
        checks=_checks(project, coder),
    )


def _suggested(project: Project, coder: str | None) -> str:
    if not coder or guide.has_met(project.store, coder):
        return ""
    return guide.suggested_unit(project, coder)


def _checks(project: Project, coder: str | None) -> tuple[tuple[str, int], ...]:
    found = []
    for one in lists.everything(project.store, "check") if coder else ():
        far = progress.of(project.store, Seat(coder or "", queue=one.name))
        if far.done < far.total:
            found.append((one.name, far.total - far.done))
    return tuple(found)
