"""What is said while an older model was chosen and the project does not train by itself."""

from __future__ import annotations

import streamlit as st

from annotator.store import jobs
from annotator.workflow import register, supervising
from annotator.workflow.projects import Project


def show(project: Project) -> None:
    """The note, and the button that ends it; nothing where the project trains by itself."""
    if not jobs.is_paused(project.store):
        return
    st.info(f"{register.PAUSED} “Train now” learns from all of them once more.")
    st.button(
        "Go on learning",
        icon=":material/resume:",
        on_click=supervising.go_on,
        args=(project,),
        help="The project trains by itself again, after every 25 decisions.",
        key="model.go_on",
    )
