"""Taking an edited codebook file in: the difference first, then a yes or no."""

from __future__ import annotations

from collections import Counter

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from annotator.core.errors import AnnotatorError
from annotator.exchange import codebook_toml
from annotator.ui import codebook_difference, codebook_forms, marks
from annotator.workflow import schemes
from annotator.workflow.projects import Project
from annotator.workflow.schemes import Change

PLACE = "file"


def show(project: Project) -> None:
    """A file, what it would change, and the button that takes it in."""
    st.text(
        "Download the TOML of a codebook, edit it outside, and bring it back here. You will see "
        "what is different before anything is kept. Nothing is recoded."
    )
    # A new key empties the box once a file was taken in or put away.
    number = st.session_state.setdefault("codebook.files", 0)
    file = st.file_uploader(
        "A codebook of this project (.toml)",
        type="toml",
        max_upload_size=codebook_toml.LARGEST // 2**20 + 1,
        key=f"codebook.file.{number}",
        on_change=_forget_fault,
    )
    codebook_forms.said(PLACE)
    if fault := st.session_state.get("codebook.file.fault"):
        marks.fault(fault)
    if file is not None:
        _offered(project, file)


def _offered(project: Project, file: UploadedFile) -> None:
    seen = project.scheme.id
    try:
        text = codebook_toml.decoded(file.getvalue(), file.name)
        change = schemes.rehearse(project, text, file.name)
    except AnnotatorError as fault:
        marks.fault(str(fault))
        return
    if not change.is_new:
        st.info("Nothing is different from the codebook in force.")
        return
    st.header(marks.plain(heading(change)), anchor=False)
    for note in change.notes:
        st.warning(marks.plain(note))
    st.html(codebook_difference.html(change.steps))
    with st.container(horizontal=True):
        st.button(
            "Take it in",
            type="primary",
            on_click=_take_in,
            args=(project, text, file.name, seen),
            key="codebook.file.take",
        )
        st.button("Cancel", on_click=_put_away, key="codebook.file.cancel")


def heading(change: Change) -> str:
    """The versions, and how much is different.

    >>> heading(Change("toy", "1.0.0", "1.1.0", ()))
    'toy 1.0.0 → 1.1.0: only the version'
    """
    count = Counter(kind for kind, _ in {(step.kind, step.place) for step in change.steps})
    kinds = [f"{count[kind]} {kind}" for kind in ("new", "changed", "gone") if count[kind]]
    said = ", ".join(kinds) or "only the version"
    return f"{change.name} {change.old_version} → {change.version}: {said}"


def _take_in(project: Project, text: str, origin: str, seen: int) -> None:
    try:
        change = schemes.take_in(project, text, origin, seen=seen)
    except AnnotatorError as fault:
        st.session_state["codebook.file.fault"] = str(fault)
        return
    _put_away()
    codebook_forms.say(f"{change.name} {change.version} is in force now.", PLACE)


def _put_away() -> None:
    st.session_state["codebook.files"] += 1
    _forget_fault()


def _forget_fault() -> None:
    st.session_state.pop("codebook.file.fault", None)
