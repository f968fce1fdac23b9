"""Making a project, opening another one, and taking the sample away."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from annotator.core.errors import AnnotatorError
from annotator.corpus.readers import MAX_BYTES
from annotator.exchange import codebook_toml
from annotator.ui import marks, state
from annotator.workflow import import_jobs, importing, making, projects
from annotator.workflow.making import Shipped
from annotator.workflow.projects import Project

FOLDER = "annotator"
"""The folder in the user's home that new projects are offered."""


def show(project: Project) -> None:
    """The three ways to another project, one beside the other."""
    names = ["New project", "Open a project"] + ["Remove the sample"] * project.is_sample
    _said_once()
    parts = st.tabs(names)
    with parts[0]:
        _new()
    with parts[1]:
        _open(project)
    if project.is_sample:
        with parts[2]:
            _remove_sample(project)


def _said_once() -> None:
    """The fault that the last click met, which its callback could not draw."""
    if message := st.session_state.pop("home.fault", ""):
        marks.fault(message)


def _key(name: str) -> str:
    """The key of a box of the form; once a project is made, the next form begins empty."""
    return f"home.new.{st.session_state.get('home.made', 0)}.{name}"


def _new() -> None:
    name = st.text_input("Name", max_chars=80, key=_key("name"))
    folder = st.text_input("Folder", str(Path.home() / FOLDER), key=_key("folder"))
    choice = st.multiselect(
        "Codebooks",
        making.shipped(),
        format_func=_title,
        placeholder="Choose one or more",
        key=_key("codebooks"),
    )
    uploads = st.file_uploader(
        "Or a codebook of your own (.toml)",
        type="toml",
        accept_multiple_files=True,
        max_upload_size=2,
        key=_key("own"),
    )
    _targets(choice, uploads)
    articles = st.file_uploader(
        "Articles (they can also be imported later)",
        accept_multiple_files=True,
        max_upload_size=MAX_BYTES // 2**20,
        key=_key("articles"),
    )
    if name.strip():
        st.text(f"The project is kept in {making.place_of(name.strip(), folder)}")
    st.button(
        "Make the project",
        type="primary",
        disabled=not name.strip() or not (choice or uploads),
        on_click=_make,
        args=(uploads, articles),
        key="home.new.make",
    )


def _title(shipped: Shipped) -> str:
    return f"{shipped.codebook.title} ({shipped.codebook.name} {shipped.codebook.version})"


def _targets(choice: list[Shipped], uploads: list[UploadedFile]) -> None:
    """What stances are toward, where a chosen codebook asks; begins with its own targets."""
    try:
        own = making.own_targets(
            [
                *(shipped.codebook for shipped in choice),
                *(codebook_toml.parse(_text(file), file.name) for file in uploads),
            ]
        )
    except AnnotatorError as fault:
        marks.fault(str(fault))
        return
    offered = None if own is None else making.written(own.values())
    if st.session_state.get(_key("offered")) != offered:
        st.session_state[_key("offered")] = offered
        st.session_state[_key("targets")] = offered or ""
    if offered is not None:
        st.text_area(
            "Targets of stances, one in each line: a title, or NAME=TITLE",
            key=_key("targets"),
            placeholder="velmar=Republic of Velmar",
        )


def _text(file: UploadedFile) -> str:
    return file.getvalue().decode("utf-8", errors="replace")


def _make(uploads: list[UploadedFile], articles: list[UploadedFile]) -> None:
    chosen = st.session_state
    try:
        made = making.make(
            chosen[_key("name")],
            chosen[_key("folder")],
            [shipped.file for shipped in chosen[_key("codebooks")]],
            [(file.name, file.getvalue()) for file in uploads],
            chosen.get(_key("targets"), ""),
        )
    except AnnotatorError as fault:
        chosen["home.fault"] = str(fault)
        return
    import_jobs.start(
        made, importing.from_uploads((file.name, file.getvalue()) for file in articles)
    )
    state.keep_project(made)
    chosen["home.made"] = chosen.get("home.made", 0) + 1


def _open(project: Project) -> None:
    others = _others(project)
    if others:
        # Widgets copy their options, which an open project does not allow; hence its path.
        chosen = st.selectbox(
            "Opened before",
            list(others),
            format_func=lambda path: f"{others[path]} ({path})",
            key="home.open.known",
        )
        st.button("Open", on_click=_switch, args=(chosen,), key="home.open.known.button")
    else:
        st.text("No other project was opened here before.")
    path = st.text_input("Or the path of a project file", key="home.open.path")
    st.button(
        "Open this file",
        disabled=not path.strip(),
        on_click=lambda: _switch(st.session_state["home.open.path"].strip()),
        key="home.open.path.button",
    )
    st.text("This project is kept in")
    st.code(str(project.path), language=None)


def _others(project: Project) -> dict[str, str]:
    """The titles of the projects opened before, by their path, without this one."""
    known = projects.known_projects()
    return {str(one.path): one.title for one in known if one.id != project.id}


def _switch(path: str) -> None:
    try:
        state.keep_project(projects.open_project(Path(path)))
    except AnnotatorError as fault:
        st.session_state["home.fault"] = str(fault)


def _remove_sample(project: Project) -> None:
    others = list(_others(project))
    st.write("The sample goes with everything that was coded in it. This cannot be undone.")
    if not others:
        st.info("Make or open a project of your own first: there has to be one to show.")
    sure = st.checkbox("Yes, take it away", disabled=not others, key="home.sample.sure")
    st.button(
        "Remove the sample",
        disabled=not (sure and others),
        on_click=_remove,
        args=(others,),
        key="home.sample.remove",
    )


def _remove(others: list[str]) -> None:
    projects.remove_sample()
    _switch(others[0])
