"""What to do now, by the state of a project: one clear next step, and what else may be done."""

from __future__ import annotations

from typing import NamedTuple

from annotator.core.counting import counted
from annotator.workflow.facts import Facts


class Step(NamedTuple):
    """One thing to do: the ``label`` of its button, the ``page`` it leads to, and ``why``.

    ``unit`` is the sentence that the desk is to open at, ``queue`` the list; both may be empty.
    """

    label: str
    page: str
    why: str
    unit: str = ""
    queue: str = ""


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
