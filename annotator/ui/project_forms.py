"""Making a project, opening another one, and taking the sample away."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from annotator.core.errors import AnnotatorError
from annotator.corpus.file import MAX_BYTES
from annotator.exchange import codebook_toml
from annotator.ui import marks, places, state
from annotator.workflow import import_jobs, making, projects, sample_project, sources
from annotator.workflow.making import Shipped
from annotator.workflow.projects import Project

MOST_OFFERED = 6
"""Projects that the sample's page leads back to."""

FOLDER = "annotator"
"""The folder in the user's home that new projects are offered."""


def show(project: Project) -> None:
    """The three ways to another project, one beside the other."""
    sample = sample_project.sample_path().is_file()
    parts = st.tabs(["New project", "Open a project"] + ["Remove the sample"] * sample)
    with parts[0]:
        _new(project)
    with parts[1]:
        _open(project)
    if sample:
        with parts[2]:
            _remove_sample(project)
    _said_at("projects")


def own(project: Project) -> None:
    """From the sample, the way back to the projects that were opened before, one press each."""
    others = _others(project)
    if others:
        st.text("Your projects:")
        with st.container(horizontal=True, gap="small"):
            for path, title in list(others.items())[:MOST_OFFERED]:
                key = f"home.own.{path}"
                st.button(marks.plain(title), on_click=_switch, args=(path,), key=key)


def _say(place: str, *, done: str = "", fault: str = "") -> None:
    """Keep what came of a click, which its callback cannot draw; ``place`` draws it once."""
    st.session_state["home.said"] = (place, done, fault)


def _said_at(place: str, *, stays: bool = False) -> bool:
    """Show what came of the last click, where this is the place for it; whether it went well.

    It is gone when the page is drawn again, unless it ``stays``.
    """
    at, done, fault = st.session_state.get("home.said", ("", "", ""))
    if at != place:
        return False
    if not stays:
        del st.session_state["home.said"]
    if fault:
        marks.fault(fault)
        return False
    st.success(marks.plain(done))
    if not stays:
        # The page of another project has another length: the box may have moved out of sight.
        first, *_ = done.partition(". ")
        st.toast(marks.plain(f"{first.removesuffix('.')}."), icon=":material/check:")
    return True


def _key(name: str) -> str:
    """The key of a box of the form; once a project is made, the next form begins empty."""
    return f"home.new.{st.session_state.get('home.made', 0)}.{name}"


def _new(project: Project) -> None:
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
    missing = ["" if name.strip() else "a name", _targets(choice, uploads)]
    articles = st.file_uploader(
        "Articles (they can also be imported later)",
        accept_multiple_files=True,
        max_upload_size=MAX_BYTES // 2**20,
        key=_key("articles"),
    )
    st.caption(
        "Articles come in at once and are judged sentence by sentence. To see first what each file "
        "is, to name dates and columns, or to judge paragraphs or whole articles, make the project "
        "without articles and go to Import."
    )
    if name.strip():
        st.text(f"The project is kept in {making.place_of(name.strip(), folder)}")
    button, job = st.container(), import_jobs.job(project)
    # The page is drawn again as soon as the articles are in.
    made = _said_at("new", stays=job is not None and job.running)
    if made and job:
        places.link("annotate", "Start coding")
    elif made:
        places.link("import", "Import articles")
    with button:
        _make_button(list(filter(None, missing)), uploads, articles, tells=not made)


def _make_button(
    missing: list[str], uploads: list[UploadedFile], articles: list[UploadedFile], *, tells: bool
) -> None:
    """The button; unless one was just made, it ``tells`` what is missing for the next project."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Make the project",
            type="primary",
            disabled=bool(missing),
            on_click=_make,
            args=(uploads, articles),
            key="home.new.make",
        )
        if missing and tells:
            st.text(f"Still missing: {', '.join(missing)}.")


def _title(shipped: Shipped) -> str:
    return f"{shipped.codebook.title} ({shipped.codebook.name} {shipped.codebook.version})"


def _targets(choice: list[Shipped], uploads: list[UploadedFile]) -> str:
    """What stances are toward, where a chosen codebook asks; begins with its own targets.

    Returns what is missing yet.
    """
    if not choice and not uploads:
        st.text(
            "Targets of stances can be named here once a codebook is chosen that asks for them."
        )
        return "a codebook"
    try:
        own = making.own_targets(
            [
                *(shipped.codebook for shipped in choice),
                *(codebook_toml.parse(_text(file), file.name) for file in uploads),
            ]
        )
    except AnnotatorError as fault:
        marks.fault(str(fault))
        return "a codebook without faults"
    offered = None if own is None else making.written(own.values())
    if st.session_state.get(_key("offered")) != offered:
        st.session_state[_key("offered")] = offered
        st.session_state[_key("targets")] = offered or ""
    if offered is None:
        return ""
    written = st.text_area(
        "Targets of stances, one per line, e.g. `kelmar=Republic of Kelmar`, or just the title",
        key=_key("targets"),
    )
    if offered and written == offered:
        st.caption("These come with the codebook: write the parties of your articles instead.")
    return "" if offered or written.strip() else "a target"


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
        _say("new", fault=str(fault))
        return
    import_jobs.start(made, sources.from_uploads((file.name, file.getvalue()) for file in articles))
    state.keep_project(made)
    chosen["home.made"] = chosen.get("home.made", 0) + 1
    coming = " The top of the page tells what comes in." if articles else ""
    _say("new", done=f"The project is made. {_open_now(made)}{coming}")


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
    _said_at("open")
    st.text("This project is kept in")
    st.code(str(project.path), language=None)


def _others(project: Project) -> dict[str, str]:
    """The titles of the projects opened before, by their path, without this one."""
    known = projects.known_projects()
    return {str(one.path): one.title for one in known if one.id != project.id}


def _switch(path: str) -> None:
    try:
        opened = projects.open_project(Path(path))
    except AnnotatorError as fault:
        _say("open", fault=str(fault))
        return
    state.keep_project(opened)
    _say("open", done=_open_now(opened))


def _remove_sample(project: Project) -> None:
    sample = sample_project.sample_path().resolve()
    # Taken away from within, it leaves the project that was opened last before it.
    left = _others(project) if project.path == sample else {str(project.path): project.title}
    st.write("The sample goes with everything that was coded in it. This cannot be undone.")
    if not left:
        st.info("Make or open a project of your own first: there has to be one to show.")
    sure = st.checkbox("Yes, take it away", disabled=not left, key="home.sample.sure")
    st.button(
        "Remove the sample",
        disabled=not (sure and left),
        on_click=_remove,
        args=(list(left),),
        key="home.sample.remove",
    )


def _remove(left: list[str]) -> None:
    """Take the sample away and open the first of these projects."""
    sample_project.remove_sample()
    try:
        opened = projects.open_project(Path(left[0]))
    except AnnotatorError as fault:
        _say("projects", fault=f"The sample is taken away. {fault}")
        return
    state.keep_project(opened)
    _say("projects", done=f"The sample is taken away. {_open_now(opened)}")


def _open_now(opened: Project) -> str:
    return f"{opened.title} is the project that is open now."
