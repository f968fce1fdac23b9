"""The model page: the model in force, training it anew, and what follows from its suggestions."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import streamlit as st

from annotator.store import events, jobs, tables
from annotator.ui import (
    marks,
    model_anchoring,
    model_card,
    model_check,
    model_code,
    model_confirm,
    model_first,
    model_policy,
    model_register,
    model_replay,
    model_stopping,
    places,
)
from annotator.workflow import overview, supervising
from annotator.workflow.clock import now
from annotator.workflow.projects import Project

LOOK_EVERY = 5  # seconds between two looks for a training that began somewhere else
PROGRESS_EVERY = 0.5  # seconds; most trainings take a few


def render(project: Project, coder: str | None) -> None:
    """Show the view that the address asks for, the model in force at first."""
    st.title("Model", anchor=False)
    VIEWS[_chosen()].show(project, coder)


def _chosen() -> str:
    """The name of the view in hand, which stays in the address."""
    asked = st.query_params.get("view", "")
    # Bound to the address, the control would put its titles there.
    name = st.segmented_control(
        "View",
        list(VIEWS),
        format_func=lambda view: VIEWS[view].title,
        default=asked if asked in VIEWS else IN_FORCE,
        required=True,
        label_visibility="collapsed",
        key="model.view",
    )
    st.query_params["view"] = str(name)
    return str(name)


def _in_force(project: Project, coder: str | None) -> None:
    found = jobs.model(project.store)
    _training(project, found[0] if found else None)
    if found is None:
        _nothing_yet(project)
        model_first.show(project, coder)
        model_policy.show(project, coder)
        return
    codes = overview.code_cards(found[1])
    model_card.what_it_is(project, *found)
    model_card.how_good(project.scheme, codes)
    model_policy.show(project, coder)
    model_code.one_code(project, coder, codes)
    model_first.show(project, coder)


def _training(project: Project, model_id: str | None) -> None:
    """The button, or how far the training is that runs."""
    # One that was to follow a training that died with its server is not forgotten.
    if supervising.is_training(project) or supervising.take_up(project):
        st.fragment(_progress, run_every=PROGRESS_EVERY)(project, model_id)
        return
    st.button(
        "Train now",
        type="primary",
        icon=":material/model_training:",
        disabled=not events.decisions_since(project.store, 0, most=1),
        on_click=_train,
        args=(project,),
        key="model.train",
    )
    _last_words(project)
    st.fragment(_watch, run_every=LOOK_EVERY)(project, model_id)


def _train(project: Project) -> None:
    supervising.start_training(project, "asked")


def _watch(project: Project, model_id: str | None) -> None:
    """Draw the page anew when a training begins by itself, or has put another model in force."""
    if supervising.is_training(project) or jobs.model_id(project.store) != model_id:
        st.rerun()


def _progress(project: Project, model_id: str | None) -> None:
    if not supervising.is_training(project) or jobs.model_id(project.store) != model_id:
        st.rerun()
    job = jobs.running(project.store)
    follows = supervising.another_follows(project)
    share = job.done / job.total if job is not None and job.total else 0.0
    st.progress(min(share, 1.0), text=marks.plain(_step(project, job)))
    if follows:
        st.caption("Another training follows this one, with all that is coded until then.")
    with st.container(horizontal=True):
        st.button(
            "Cancel both trainings" if follows else "Cancel the training",
            disabled=job is None,
            on_click=supervising.cancel_training,
            args=(project.store,),
            key="model.cancel",
        )
        st.button(
            "Train again afterwards",
            disabled=job is None or follows,
            help="What is coded while a training runs, only the next one learns from.",
            on_click=_train,
            args=(project,),
            key="model.again",
        )


def _step(project: Project, job: jobs.Job | None) -> str:
    """What the training is at, and about how long it still takes."""
    if job is None:
        stops = supervising.is_stopping(project)
        return "The training is being cancelled" if stops else "The training is starting"
    codes = overview.code_names(project.scheme)
    names = {
        "|".join(place): f"code {number} of {len(codes)}: {name.full}"
        for number, (place, name) in enumerate(codes.items(), 1)
    }
    left = supervising.remaining(job, now())
    what = "Putting a model in force" if job.reason == jobs.USE else "Training"
    return f"{what}: {names.get(job.message, job.message)}{_about(left)}"


def _about(seconds: float | None) -> str:
    """How long is left, as far as that can be told.

    >>> _about(None), _about(1.2), _about(44.0), _about(200.0)
    ('', ', nearly done', ', about 45 s left', ', about 4 min left')
    """
    if seconds is None:
        return ""
    if seconds < 3:
        return ", nearly done"
    if seconds < 90:
        return f", about {-5 * int(-seconds // 5)} s left"
    return f", about {-int(-seconds // 60)} min left"


def _last_words(project: Project) -> None:
    """What became of the last training, where it made no model."""
    if fault := supervising.last_fault(project):
        marks.fault(fault)
        return
    job = jobs.latest(project.store)
    if job is not None and job.status == "cancelled":
        stays = "; the model before stays in force" if jobs.model_id(project.store) else ""
        st.info(f"The last training was cancelled{stays}.")


def _nothing_yet(project: Project) -> None:
    missing = overview.until_training(project.store)
    if supervising.is_training(project):
        return
    if not tables.totals(project.store)["documents"]:
        st.info("There is no model yet: the project has no articles to code and to learn from.")
        places.link("import", "Import articles")
    elif not events.decisions_since(project.store, 0, most=1):
        st.info(f"There is no model yet, because nothing is coded. {missing}")
        places.link("annotate", "Start coding")
    elif missing:
        st.info(f"There is no model yet. {missing} Or train now, from what is coded so far.")
        places.link("annotate", "Go on coding")
    else:
        st.info("There is no model yet, and enough is coded for a first one: train now.")


class View(NamedTuple):
    """One view of the page."""

    title: str
    show: Callable[[Project, str | None], None]


IN_FORCE = "force"
VIEWS = {
    IN_FORCE: View("In force", _in_force),
    "stop": View("When to stop", model_stopping.show),
    "anchoring": View("Anchoring", model_anchoring.show),
    "replay": View("Replay", model_replay.show),
    "check": View("Label check", model_check.show),
    "confirm": View("Confirm", model_confirm.show),
    "all": View("All models", model_register.show),
}
"""The views by their names in the address, in the order of the page."""
