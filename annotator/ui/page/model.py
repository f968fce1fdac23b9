"""The model page: what it learned, how good it is per code, and training it anew."""

from __future__ import annotations

import streamlit as st

from annotator.store import events, jobs
from annotator.ui import marks, model_card, places
from annotator.workflow import overview, supervising
from annotator.workflow.projects import Project


def render(project: Project, coder: str | None) -> None:
    """Show the model in force."""
    st.title("Model", anchor=False)
    _training(project)
    found = jobs.model(project.store)
    if found is None:
        _nothing_yet(project)
        return
    model_card.what_it_is(project, *found)
    model_card.how_good(project.scheme, found[1])


def _training(project: Project) -> None:
    """The button, or how far the training is that runs."""
    runs = supervising.is_training(project)
    st.button(
        "Train now",
        type="primary",
        icon=":material/model_training:",
        disabled=runs,
        on_click=_train,
        args=(project,),
        key="model.train",
    )
    if runs:
        st.fragment(_progress, run_every=1)(project)
    else:
        _last_words(project)


def _train(project: Project) -> None:
    supervising.start_training(project, "asked")


def _progress(project: Project) -> None:
    if not supervising.is_training(project):
        st.rerun()
    job = jobs.running(project.store)
    share = job.done / job.total if job is not None and job.total else 0.0
    st.progress(min(share, 1.0), text=marks.plain(_step(project, job)))
    st.button(
        "Cancel the training",
        disabled=job is None,
        on_click=supervising.cancel_training,
        args=(project.store,),
        key="model.cancel",
    )


def _step(project: Project, job: jobs.Job | None) -> str:
    if job is None:
        return "Training is starting"
    names = {
        "|".join(place): name.full for place, name in overview.code_names(project.scheme).items()
    }
    return f"Training: {names.get(job.message, job.message)}"


def _last_words(project: Project) -> None:
    """What became of the last training, where it made no model."""
    job = jobs.latest(project.store)
    if job is not None and job.status == "failed":
        marks.fault(f"The last training failed: {job.message}.")
    elif job is not None and job.status == "cancelled":
        st.info("The last training was cancelled; the model before stays in force.")
    elif supervising.broke_off(project):
        log = project.store.models / "training.log"
        marks.fault(f"The training broke off before it began; {log} says why.")


def _nothing_yet(project: Project) -> None:
    missing = overview.until_training(project.store)
    if not events.last(project.store):
        st.info(f"There is no model yet, because nothing is coded. {missing}")
        places.link("annotate", "Start coding")
    elif missing:
        st.info(f"There is no model yet. {missing} Or train now, from what is coded so far.")
        places.link("annotate", "Go on coding")
    elif not supervising.is_training(project):
        st.info("There is no model yet, and enough is coded for a first one: train now.")
