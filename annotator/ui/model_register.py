"""Every model of the project: which there are, which is in force, and what each learned from."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from annotator.core.errors import ModelError
from annotator.store import events, jobs
from annotator.store.catalogue import NOBODY
from annotator.store.jobs import Registered
from annotator.ui import (
    live,
    marks,
    model_card,
    model_compare,
    model_missing,
    model_pause,
    model_table,
    told,
)
from annotator.ui.marks import escaped
from annotator.workflow import learned_from, register, supervising
from annotator.workflow.learned_from import Share
from annotator.workflow.projects import Project
from annotator.workflow.register import Entry

PLACE = "register"
LOOK_EVERY = 5  # seconds between two looks for a model that was made or chosen somewhere else
PROGRESS_EVERY = 0.5  # seconds

HEADS = {
    "Model": "",
    "Made": "",
    "Why": "less",
    "Sentences": "",
    "Codebook": "less",
    "On the desk": "",
    "Mean F1": "",
}
"""The columns, and the class of those that a narrow screen leaves out."""


def show(project: Project, coder: str | None) -> None:
    """The models, the newest first; then one of them closely, and two side by side."""
    told.show(PLACE)
    if model_missing.lacks_model(project):
        return
    found = register.entries(project)
    training = supervising.is_training(project)
    _watch(project, training)
    model_pause.show(project)
    st.html(_table(found))
    st.caption(
        "Mean F1 is over the codes that were tested, and each model was tested on the labels it "
        "was learned from: compare two of them below before one is put in force."
    )
    _one(project, coder, found, training)
    model_compare.show(project, coder, [entry.model for entry in found])


def _watch(project: Project, training: bool) -> None:
    if training:
        st.fragment(_progress, run_every=PROGRESS_EVERY)(project)
        return
    if fault := supervising.last_fault(project):
        marks.fault(fault)
    st.fragment(_look, run_every=LOOK_EVERY)(project, jobs.model_id(project.store))


def _look(project: Project, model_id: str | None) -> None:
    """Draw the page anew when another model was put in force, or a training begins."""
    if supervising.is_training(project) or jobs.model_id(project.store) != model_id:
        st.rerun()


def _progress(project: Project) -> None:
    if not supervising.is_training(project):
        st.rerun()
    job = jobs.running(project.store)
    share = job.done / job.total if job is not None and job.total else 0.0
    live.progress("Training", share, _step(job))
    st.button(
        "Cancel",
        disabled=job is None,
        on_click=supervising.cancel_training,
        args=(project.store,),
        key="register.cancel",
    )


def _step(job: jobs.Job | None) -> str:
    if job is None:
        return "It is about to begin or to end"
    if job.reason == jobs.USE:
        return "The chosen model scores every sentence; then it is in force"
    return "A training runs; a model can be chosen when it is over"


def _table(found: Sequence[Entry]) -> str:
    head = "".join(f'<th scope="col"{_class(name)}>{name}</th>' for name in HEADS)
    body = "".join(map(_row, found))
    return model_table.framed(head, body, label="All models", testid="models")


def _row(entry: Entry) -> str:
    model = entry.model
    cells = {
        "Made": _at(model.made_at),
        "Why": model_card.REASONS.get(model.reason, model.reason),
        "Sentences": f"{model.card['trained_on']:,}",
        "Codebook": entry.codebook,
        "On the desk": f"{entry.on_desk} of {entry.codes}",
        "Mean F1": "–" if entry.mean_f1 is None else f"{entry.mean_f1:.2f}",
    }
    row = "".join(f"<td{_class(name)}>{escaped(cell)}</td>" for name, cell in cells.items())
    name = f"{model.id}, in force" if model.in_force else model.id
    below = f"<small>{escaped(_remarks(entry))}</small>"
    return f'<tr><th scope="row">{escaped(name)}{below}</th>{row}</tr>'


def _class(name: str) -> str:
    return f' class="{HEADS[name]}"' if HEADS[name] else ""


def _remarks(entry: Entry) -> str:
    """Who chose it, how much of it no longer fits, and whether its scores are there."""
    model, misfit = entry.model, entry.misfit
    said = []
    if model.in_force and model.chosen_at:
        said.append(f"chosen by {model.chosen_by}, {_at(model.chosen_at)}")
    parts = {"gone": misfit.gone, "not learned": misfit.added, "redefined": misfit.redefined}
    if changed := [f"{len(codes)} {what}" for what, codes in parts.items() if codes]:
        said.append(f"of an older codebook: {', '.join(changed)}")
    if not entry.is_scored:
        said.append("every sentence is scored anew when it is chosen")
    return "; ".join(said)


def _at(moment: str) -> str:
    return moment[:16].replace("T", " ")


def _one(project: Project, coder: str | None, found: Sequence[Entry], training: bool) -> None:
    """One model closely: what no longer fits, what it learned from, and putting it in force."""
    st.header("One model closely", anchor=False)
    by_id = {entry.model.id: entry for entry in found}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox("Model", list(by_id), key=f"register.{project.id}.model", width=220)
        entry = by_id[name]
        st.button(
            "Put it in force",
            icon=":material/history:",
            disabled=training or (entry.model.in_force and entry.is_scored),
            on_click=_use,
            args=(project, name, coder or NOBODY),
            help="The desk suggests by it from the next save on, and the project trains only when "
            "somebody asks for it. Choosing the newest one takes that back.",
            key="register.use",
        )
    for line in entry.misfit.lines:
        st.text(line)
    _learned_from(project, entry)


def _use(project: Project, model_id: str, who: str) -> None:
    with told.refusals(PLACE, "Nothing changed: "):
        done = register.start_using(project, model_id, who)
        told.say(
            PLACE,
            done=f"Model {model_id} is in force."
            if done
            else f"Model {model_id} scores every sentence first, and is in force then.",
        )


def _learned_from(project: Project, entry: Entry) -> None:
    """The labels that it was learned from, counted where somebody asks for it, and as a file."""
    if not st.toggle("What it was learned from", key="register.labels"):
        return
    try:
        found = _shares(project, entry)
    except ModelError as fault:
        marks.fault(f"{fault}.")
        return
    st.dataframe(
        [
            {
                "coder": one.coder,
                "codebook": one.codebook,
                "arm": one.arm or "before any model",
                "labels": one.sentences,
                "changed since": one.changed,
            }
            for one in found
        ],
        hide_index=True,
        key="register.shares",
    )
    _download(project, entry.model)


def _download(project: Project, model: Registered) -> None:
    st.download_button(
        "Download the labels",
        data=lambda: learned_from.as_bytes(project.store, model),
        file_name=f"{project.path.stem}-{model.id}-labels.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        help="One row per label as it stood when the model was trained, and what became of it.",
        key="register.download",
    )


def _shares(project: Project, entry: Entry) -> list[Share]:
    """Counted anew only when another model is looked at or something was decided since."""
    state = (project.id, entry.model.id, events.last(project.store))
    kept: tuple[object, list[Share]] | None = st.session_state.get("register.seen")
    if kept is None or kept[0] != state:
        with st.spinner("Reading the labels"):
            kept = (state, learned_from.shares(project.store, entry.model))
        st.session_state["register.seen"] = kept
    return kept[1]
