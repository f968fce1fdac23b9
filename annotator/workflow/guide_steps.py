"""What to do now, by the state of a project: one clear next step, and what else may be done."""

from __future__ import annotations

from typing import NamedTuple

from annotator.core.counting import counted
from annotator.store import Store, lists, progress, tables
from annotator.store.seat import Seat
from annotator.workflow import analysing, guide, import_jobs, overview, suggesting, supervising
from annotator.workflow.guide import FIVE, Task
from annotator.workflow.projects import Project


class Step(NamedTuple):
    """One thing to do: the ``label`` of its button, the ``page`` it leads to, and ``why``.

    ``unit`` is the sentence that the desk is to open at, ``queue`` the list; both may be empty.
    """

    label: str
    page: str
    why: str
    unit: str = ""
    queue: str = ""


class Facts(NamedTuple):
    """What the next step follows from.

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


def facts(project: Project, coder: str | None) -> Facts:
    """How a project stands, as one coder sees it."""
    store, totals = project.store, tables.totals(project.store)
    far = progress.of(store, Seat(coder or ""))
    job = import_jobs.job(project)
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
        learned=_learned(project.store),
        suggested=_suggested(project, coder),
        checks=_checks(project, coder),
    )


def _learned(store: Store) -> int | None:
    engine = suggesting.engine(store)
    if engine is None:
        return None
    return sum(code["desk_threshold"] is not None for code in engine.card["codes"])


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


def steps(known: Facts) -> list[Step]:
    """What to do now: first the one that comes next, then what else may be done."""
    if not known.documents:
        return _before_articles(known)
    return [_next(known), *_beside(known)]


def _before_articles(known: Facts) -> list[Step]:
    if known.importing:
        why = "The articles are coming in; coding can start with the first of them."
        return [Step("See what comes in", "import", why)]
    return [
        Step("Import articles", "import", "No articles yet. Bring some in; then coding can start."),
        Step("Read the codebook", "codebook", "what is asked of each sentence"),
    ]


def _next(known: Facts) -> Step:
    """What the coder had better do now."""
    if not known.left:
        why = "Every sentence is decided. The labels leave as a table that any program reads."
        return Step("Take the labels out", "export", why)
    if not known.coded:
        why = "One sentence at a time: press the keys of the codes that fit, then Enter."
        others = known.lacks if known.coded_by_all and known.learned is None else ""
        return Step("Start coding", "annotate", f"{why} {others}".strip())
    if known.training:
        why = "The model is learning right now; its suggestions come to the desk by themselves."
    elif known.learned is None:
        why = f"No suggestions yet. {known.lacks}".strip()
        if not known.lacks:
            return Step("Train the model", "model", "Enough is coded to train a first model.")
    elif known.suggested:
        why = f"The model has learned to suggest {counted(known.learned, 'code')}."
        return Step("Try the suggestions", "annotate", why, unit=known.suggested)
    elif not known.learned:
        why = "The model has learned, and is not sure enough of any code yet to suggest it."
    else:
        waiting = "waits" if known.left == 1 else "wait"
        why = f"{counted(known.left, 'sentence')} {waiting} for you."
    return Step("Go on coding", "annotate", why)


def _beside(known: Facts) -> list[Step]:
    """What else may be done, the most urgent first."""
    found = []
    for name, left in known.checks[:1]:
        why = f"{counted(left, 'sentence')} of a label check are not looked at yet"
        found.append(Step("Look again", "annotate", why, queue=name))
    if known.unanalysed:
        why = f"still being found in {counted(known.unanalysed, 'article')}; exports wait for it"
        found.append(Step("Who speaks", "speakers", why))
    if known.learned and not known.checks:
        found.append(Step("See the model", "model", "how good it is, and which labels it doubts"))
    if known.coded_by_all and known.left:
        found.append(Step("Take the labels out", "export", "what is coded so far, as a table"))
    if not known.is_sample:
        found.append(Step("Import more", "import", "what is coded stays as it is"))
    return found


class Told(NamedTuple):
    """One task of the guide as it is told, and the way to it: the ``label`` leads to the ``page``.

    Both are empty where it is done on the spot.
    """

    task: Task
    title: str
    why: str
    label: str
    page: str


TASKS = (
    Told(
        "code",
        "Code five sentences",
        "The desk shows one sentence. Press the keys of the codes that fit it, then Enter; Enter"
        " alone says that none does. Pointing at a code shows what it means.",
        "Start coding",
        "annotate",
    ),
    Told(
        "suggestion",
        "Meet a suggestion",
        "A model has learned from two coders and puts its score on some codes. Press w to see why;"
        " take the code with its own key, or pass it by.",
        "Show me a suggestion",
        "annotate",
    ),
    Told(
        "export",
        "Take the labels out",
        "The format “labels” is a table with a row for each answer, as R, Stata, Excel and pandas"
        " read it.",
        "Go to the export",
        "export",
    ),
    Told(
        "own",
        "Your own articles",
        "A project takes a name, a codebook and your articles; fill in the form below.",
        "",
        "",
    ),
)
"""The tasks of the guided start, in their order."""


def far_in(task: Task, coded: int) -> str:
    """How far a task is that takes more than one go.

    >>> far_in("code", 2), far_in("code", 9), far_in("export", 2)
    ('2 of 5', '5 of 5', '')
    """
    return f"{min(coded, FIVE)} of {FIVE}" if task == "code" else ""
