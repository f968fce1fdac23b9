"""A project's finished coding played again under each way of choosing, and what that would save."""

from __future__ import annotations

import json
import statistics
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annotator.core.progress import Progress
from annotator.learn.replay import BASELINE, RUNS, Curve, Replay
from annotator.learn.replay import GOALS as GOALS
from annotator.learn.samplers import SAMPLERS
from annotator.store import Store, codebooks, events, tables
from annotator.workflow import overview
from annotator.workflow.clock import now
from annotator.workflow.jobs import ChildJob, Jobs
from annotator.workflow.overview import percent
from annotator.workflow.projects import Project

FILE = "replay.json"

PLAYED = [name for name, one in SAMPLERS.items() if one.needs != "words"]
"""The ways that can be played again; a search has no end that could be compared."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """The last replay of a project, when it was made, and the newest event it knew.

    ``seconds`` are what a decision took in the median; None where no desk timed any.
    """

    at: str
    last_event: int
    seconds: float | None
    replay: Replay

    def hours(self, order: str, goal: float) -> float | None:
        """The hours that a way saves until a goal, beside chance; below 0 where it costs some.

        None for chance itself, and where either is not known.
        """
        labels = self.replay.saved(order, goal)
        if order == BASELINE or labels is None or self.seconds is None:
            return None
        return labels * self.seconds / 3600


class ReplayJob(ChildJob):
    """A replay in a process of its own."""

    def __init__(self, project: Project) -> None:
        super().__init__("replay", "replay", str(project.path), step="reading the labels")


_jobs: Jobs[ReplayJob] = Jobs()


def start(project: Project) -> None:
    """Start a replay in the background, unless one runs already."""
    _jobs.start(project, lambda: ReplayJob(project))


def job(project: Project) -> ReplayJob | None:
    """The replay that runs, or else the last one that was started from here."""
    return _jobs.job(project)


def run(project: Project, *, runs: int = RUNS, progress: Progress) -> Report:
    """Play the project's coding again, and keep the report beside its models.

    Raises ``ModelError`` with a sentence where too little is coded for it.
    """
    from annotator.learn.features import MOST_TEXTS, Settings, fit_features
    from annotator.learn.fit import Material
    from annotator.learn.replay import replay
    from annotator.learn.tokens import tokenise
    from annotator.workflow import vectors
    from annotator.workflow.training_table import columns, training_table

    store = project.store
    last_event = events.last(store)
    progress(0, 0, "reading the labels")
    table = training_table(store)
    scheme = codebooks.current_scheme(store)
    texts = [*tables.texts_of(store, tables.drawn_first(store, MOST_TEXTS)).values()]
    progress(0, 0, "learning what stands together in the sentences")
    material = Material(
        features=fit_features(tokenise(texts), Settings(), project.seed),
        vectors=vectors.in_force(store),
        spoken=overview.said_of_codes(scheme),
    )
    played = replay(
        table,
        columns(scheme),
        PLAYED,
        material=material,
        seed=project.seed,
        runs=runs,
        progress=progress,
    )
    report = Report(at=now(), last_event=last_event, seconds=_pace(store), replay=played)
    _keep(store, report)
    return report


def last(store: Store) -> Report | None:
    """The last replay; None where there was none, or its file cannot be read."""
    try:
        told = json.loads(_file(store).read_text("utf-8"))
        played = told.pop("replay")
        curves = [_curve(one) for one in played.pop("curves")]
        return Report(**told, replay=Replay(**played, curves=curves))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def as_json(report: Report) -> dict[str, Any]:
    """The report as its file has it."""
    curves = [
        {"order": one.order, "f1": one.f1, "needed": {str(g): n for g, n in one.needed.items()}}
        for one in report.replay.curves
    ]
    return {
        "at": report.at,
        "last_event": report.last_event,
        "seconds": report.seconds,
        "replay": report.replay._asdict() | {"curves": curves},
    }


def title(order: str) -> str:
    """What a way of choosing is called.

    >>> title("random")
    'By chance'
    """
    return SAMPLERS[order].title


def in_words(report: Report, goal: float = GOALS[1]) -> str:
    """What the replay comes to, in a sentence or two."""
    played = report.replay
    by_need = sorted(
        (need, curve.order) for curve in played.curves if (need := curve.needed[goal]) is not None
    )
    chance = {order: need for need, order in by_need}.get(BASELINE)
    if not by_need or chance is None:
        return (
            f"By chance, {percent(goal)} of today's F1 is not reached before all"
            f" {played.pool:,} labels are in: code on before you compare ways of choosing."
        )
    need, order = by_need[0]
    if order == BASELINE or need > 0.95 * chance:
        return f"No way of choosing reaches {percent(goal)} of today's F1 much sooner than chance."
    told = (
        f"“{title(order)}” would have reached {percent(goal)} of today's F1 with about {need:,.0f}"
        f" labels; chance needed about {chance:,.0f}."
    )
    hours = report.hours(order, goal)
    return told if hours is None else f"{told} At your pace that saves {_hours(hours)}."


def _hours(hours: float) -> str:
    """A time as people say it.

    >>> _hours(0.4), _hours(1.26), _hours(14.2)
    ('24 minutes', '1.3 hours', '14 hours')
    """
    if hours < 1:
        return f"{60 * hours:.0f} minutes"
    return f"{hours:.1f} hours" if hours < 10 else f"{hours:.0f} hours"


def _pace(store: Store) -> float | None:
    seconds = [
        one.seconds
        for one in tables.codings(store)
        if one.status == "coded" and one.seconds and not one.unit.is_card
    ]
    return statistics.median(seconds) if seconds else None


def _keep(store: Store, report: Report) -> None:
    place = _file(store)
    place.parent.mkdir(exist_ok=True)
    fresh = place.with_suffix(".tmp")
    fresh.write_text(json.dumps(as_json(report)), encoding="utf-8")
    fresh.replace(place)


def _file(store: Store) -> Path:
    return store.models / FILE


def _curve(told: dict[str, Any]) -> Curve:
    needed = {float(goal): need for goal, need in told["needed"].items()}
    return Curve(told["order"], told["f1"], needed)
