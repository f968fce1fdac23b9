"""Suggestions on the desk: whether coders see them, and on which sentences nobody ever does."""

from __future__ import annotations

import streamlit as st

from annotator.learn.sampling import Mode, Policy
from annotator.store.catalogue import NOBODY
from annotator.workflow import policies
from annotator.workflow.projects import Project

MODES: dict[Mode, tuple[str, str]] = {
    "shown": (
        "Shown from the start",
        "What the model suggests is marked on the codes while the coder reads. The fastest way, "
        "and the one that pulls coders along most.",
    ),
    "reveal": (
        "After the coder's own answer",
        "Enter keeps the coder's answer, then the suggestions appear, and the answer may be "
        "changed. Both answers are kept, and the model is judged by the first.",
    ),
    "off": (
        "Off",
        "Nobody sees any. The model goes on learning, and can choose what comes next.",
    ),
}
"""Each way by its name and what it is for, in the order of the page."""

CONTROL = (
    "Sentences of the control arm never show any. They are chosen by chance, so that what "
    "suggestions change can be told from the others: without them nobody can say. "
    "0: there is no control arm; 100: nobody sees any."
)
STREAM = (
    "Where an order chooses what comes next, this share is drawn by chance from the random stream "
    "instead. Only those sentences say how good the model is on the whole corpus."
)


def show(project: Project, coder: str | None) -> None:
    """Say what is in force, and have it otherwise from the next sentence on."""
    held = policies.policy(project.store)
    names = {name: f"model.policy.{project.id}.{name}" for name in Policy._fields}
    # The project is what holds; a command or another tab may have said otherwise meanwhile.
    st.session_state[names["suggestions"]] = held.suggestions
    for share in ("control", "stream"):
        st.session_state[names[share]] = 100 * getattr(held, share)
    st.header("Suggestions on the desk", anchor=False)
    with st.form("model.policy"):
        st.radio(
            "When coders see what the model suggests",
            list(MODES),
            format_func=lambda mode: MODES[mode][0],
            captions=[why for _, why in MODES.values()],
            key=names["suggestions"],
        )
        with st.container(horizontal=True):
            _share("Control arm, % of the other sentences", CONTROL, 0, 1, names["control"])
            least, most = policies.LEAST_STREAM, policies.MOST_STREAM
            _share("Random stream, % of an order", STREAM, least, most, names["stream"])
        st.caption(
            "A fifth of all sentences is the random stream and never shows any. A change holds for "
            "sentences that are not on a screen yet; what was seen stays as it was seen."
        )
        st.form_submit_button(
            "Use this from the next sentence on",
            on_click=_put,
            args=(project, coder, names),
            key="model.policy.put",
        )


def _share(label: str, why: str, least: float, most: float, key: str) -> None:
    st.number_input(
        label,
        min_value=100.0 * least,
        max_value=100.0 * most,
        step=5.0,
        format="%.3g",
        help=why,
        key=key,
        width=320,
    )


def _put(project: Project, coder: str | None, names: dict[str, str]) -> None:
    chosen = st.session_state[names["suggestions"]]
    control, stream = (
        round(st.session_state[names[share]] / 100, 4) for share in ("control", "stream")
    )
    policies.put(project.store, Policy(chosen, control, stream), who=coder or NOBODY)
