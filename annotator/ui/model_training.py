"""Training as the model page shows it: the button, how far it is, and the way out."""

from __future__ import annotations

import streamlit as st

from annotator.store import events, jobs
from annotator.ui import live, marks
from annotator.workflow import overview, supervising
from annotator.workflow.clock import now
from annotator.workflow.projects import Project

LOOK_EVERY = 5  # seconds between two looks for a training that began somewhere else
PROGRESS_EVERY = 0.5  # seconds; most trainings take a few


def show(project: Project, model_id: str | None) -> None:
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
    live.progress("Training", share, _step(project, job))
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
