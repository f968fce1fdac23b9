"""The register of a project's models: what each is, what still fits, and which is in force."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from annotator.core.codebook import Code, Scheme
from annotator.core.errors import ModelError
from annotator.core.progress import Progress
from annotator.learn import artefact
from annotator.store import Store, codebooks, events, jobs, learned
from annotator.store.jobs import Registered
from annotator.workflow import overview, supervising
from annotator.workflow.clock import now
from annotator.workflow.overview import Place
from annotator.workflow.projects import Project
from annotator.workflow.suggesting import scores_file

PAUSED = (
    "An older model was chosen, so that this project does not train by itself; "
    "new decisions are kept for the next training."
)


class Misfit(NamedTuple):
    """What of a model no longer fits the codebook in force; codes by variable, target and code.

    ``versions`` are the codebooks that differ, each as name, version then and version now.
    """

    versions: tuple[tuple[str, str, str], ...] = ()
    gone: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    redefined: tuple[str, ...] = ()

    @property
    def lines(self) -> list[str]:
        """It in plain sentences; none where everything fits."""
        if not self.gone and not self.added and not self.redefined:
            return []
        olds = ", ".join(f"{name} {old}" for name, old, _ in self.versions)
        news = ", ".join(f"{name} {new}" for name, _, new in self.versions)
        said = [f"It was learned with {olds}; the project is at {news}."] if olds else []
        told = {
            "No longer in the codebook, and not suggested": self.gone,
            "Added since, and not learned": self.added,
            "Defined otherwise since": self.redefined,
        }
        return said + [f"{what}: {', '.join(codes)}." for what, codes in told.items() if codes]


class Entry(NamedTuple):
    """One model as the register tells of it; ``is_scored``: its scores of all units are there."""

    model: Registered
    misfit: Misfit
    is_scored: bool

    @property
    def codes(self) -> int:
        """How many codes it knows."""
        return len(self.model.card["codes"])

    @property
    def on_desk(self) -> int:
        """How many codes it suggests on the desk."""
        return sum(code["desk_threshold"] is not None for code in self.model.card["codes"])

    @property
    def mean_f1(self) -> float | None:
        """The mean F1 of the codes that were tested; None where none was."""
        told = (code.get("f1") for code in self.model.card["codes"])
        found = [f1 for f1 in told if f1 is not None]
        return sum(found) / len(found) if found else None

    @property
    def codebook(self) -> str:
        """The codebooks it was learned with, each with its version."""
        books = self.model.card["scheme"]["codebooks"]
        return ", ".join(f"{name} {version}" for name, version in books.items())

    def told(self) -> dict[str, Any]:
        """The entry as a program reads it."""
        model, scheme = self.model, self.model.card["scheme"]
        return {
            "model_id": model.id,
            "in_force": model.in_force,
            "made_at": model.made_at,
            "reason": model.reason,
            "chosen_by": model.chosen_by,
            "chosen_at": model.chosen_at,
            "trained_on": model.card["trained_on"],
            "decisions": scheme.get("decisions"),
            "codebooks": scheme["codebooks"],
            "codes": self.codes,
            "on_desk": self.on_desk,
            "mean_f1": self.mean_f1,
            "scored": self.is_scored,
            "gone": self.misfit.gone,
            "added": self.misfit.added,
            "redefined": self.misfit.redefined,
        }


def entries(project: Project) -> list[Entry]:
    """Every model of the project, the newest first."""
    newest = learned.newest_unit(project.store)
    return [
        Entry(one, misfit(project, one), _scores_serve(project.store, one, newest))
        for one in jobs.registered(project.store)
    ]


def find(project: Project, model_id: str) -> Registered:
    """One model. Raises ``ModelError`` where the project has none such."""
    found = jobs.registered(project.store, model_id) if model_id else []
    if not found:
        known = ", ".join(jobs.model_ids(project.store)) or "none yet"
        raise ModelError(f"this project has no model {model_id!r}; it has {known}")
    return found[0]


def misfit(project: Project, model: Registered) -> Misfit:
    """What changed in the codebook since the model was learned, as far as it concerns its codes."""
    old, new = codebooks.scheme(project.store, model.scheme), project.scheme
    if old.id == new.id:
        return Misfit()
    before, after = _definitions(old), _definitions(new)
    called = names(old) | names(new)
    known = places(model)
    kept = [place for place in known if place in before and place in after]
    return Misfit(
        versions=_versions(old, new),
        gone=tuple(name_in(called, place) for place in known if place not in after),
        added=tuple(name_in(called, place) for place in after if place not in known),
        redefined=tuple(name_in(called, place) for place in kept if before[place] != after[place]),
    )


def places(model: Registered) -> list[Place]:
    """The variable, target and code of all that a model knows, in the order of its scores."""
    return [(code["variable"], code["target"], code["code"]) for code in model.card["codes"]]


def _definitions(scheme: Scheme) -> dict[Place, tuple[object, ...]]:
    return {
        (variable.name, target, code.name): _defined(code)
        for _, variable in scheme.variables()
        for target in variable.target_names
        for code in variable.answers
    }


def _defined(code: Code) -> tuple[object, ...]:
    """What says when the code is given."""
    return code.definition, code.include, code.exclude


def names(scheme: Scheme) -> dict[Place, str]:
    """What every code of a scheme is called in a table of all of them."""
    return {place: name.full for place, name in overview.code_names(scheme).items()}


def name_in(called: Mapping[Place, str], place: Place) -> str:
    """What a code is called there; its own words where it is not there."""
    return called.get(place, ": ".join(filter(None, place)))


def _versions(old: Scheme, new: Scheme) -> tuple[tuple[str, str, str], ...]:
    before = {book.name: book.version for book in old.codebooks}
    return tuple(
        (book.name, before[book.name], book.version)
        for book in new.codebooks
        if before.get(book.name, book.version) != book.version
    )


def kept_scores(store: Store, model: Registered) -> np.ndarray | None:
    """A model's scores of all units, row by number, as far as it was scored; None where gone."""
    try:
        scores = np.load(scores_file(store, model.id), mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    fits = scores.dtype.kind == "f" and scores.shape[1:] == (len(model.card["codes"]),)
    return scores if fits else None


def _scores_serve(store: Store, model: Registered, newest: int) -> bool:
    """Whether a model's scores are there, for the units that came after the training too."""
    scores = kept_scores(store, model)
    return scores is not None and len(scores) > newest


def use(project: Project, model_id: str, *, who: str, progress: Progress | None = None) -> None:
    """Put a model in force, scoring every unit anew where its scores do not serve any more.

    Raises ``ModelError`` where there is no such model, where it cannot be read, where it is in
    force already, and while a training runs.
    """
    if _use_at_once(project, model_id, who):
        return
    # It reads tables with pandas, which takes as long to load as most projects to roll back.
    from annotator.workflow import training

    log = supervising.log_file(project.store)
    training.rescore(project, model_id, who=who, progress=progress, log=log)


def start_using(project: Project, model_id: str, who: str) -> bool:
    """The same from a server: False where a child process scores first, and then puts it in force.

    Raises ``ModelError`` as ``use`` does.
    """
    if _use_at_once(project, model_id, who):
        return True
    if not supervising.start_rescoring(project, model_id, who):
        raise ModelError(_TRAINING)
    return False


_TRAINING = "this project is being trained; wait for it or cancel it, then choose a model"


def _use_at_once(project: Project, model_id: str, who: str) -> bool:
    """Put the model in force if it may be and its scores serve; whether it is done."""
    store = project.store
    model = find(project, model_id)
    if supervising.is_training(project):
        raise ModelError(_TRAINING)
    serve = _scores_serve(store, model, learned.newest_unit(store))
    if model.in_force and serve:
        raise ModelError(f"model {model_id} is in force already")
    _check_files(store, model_id)
    if not serve:
        return False
    with store.write():
        last = events.last(store)
        job = jobs.start(store, pid=os.getpid(), reason=jobs.USE, at=now(), last_event=last)
        jobs.put_in_force(store, job.id, model_id, who, now())
    return True


def _check_files(store: Store, model_id: str) -> None:
    try:
        artefact.load(store.models / model_id)
    except ModelError as fault:
        why = str(fault).removeprefix(f"{model_id}: ").partition(",")[0]
        raise ModelError(f"model {model_id} cannot be put in force: {why}") from fault
