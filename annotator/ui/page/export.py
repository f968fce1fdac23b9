"""The export page: what each format holds and leaves out, its first rows, and the file."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from annotator.store import events, tables
from annotator.ui import export_about, export_downloads, marks, places
from annotator.workflow import export_formats, exporting, previewing
from annotator.workflow.previewing import Head
from annotator.workflow.projects import Project


class Look(NamedTuple):
    """What the page tells of one format, and of which state of the project that is true."""

    state: tuple[object, ...]
    head: Head
    left_out: dict[str, int]


def render(project: Project, coder: str | None) -> None:
    """Let labels out."""
    st.title("Export", anchor=False)
    if places.lacks_articles(project, "There is nothing to export yet"):
        return
    if project.is_sample:
        st.info(
            "This is the sample: its articles and codings are invented. Use the files to see what "
            "they look like, never as data. Beside yours they have the rows of the two invented "
            "coders; the column coder tells whose each is.",
            icon=":material/science:",
        )
    if not tables.coders(project.store):
        st.info("Nothing is coded yet. The sentences can be exported, labels come with coding.")
        places.link("annotate", "Start coding")
    # Side by side, so that the file is in sight whatever is chosen.
    formats, file = st.columns([2, 3], gap="large")
    with formats:
        name = st.radio(
            "Format",
            list(export_formats.FORMATS),
            captions=[marks.plain(one.description) for one in export_formats.FORMATS.values()],
            key="export.format",
        )
    if name is not None:
        _format(project, name, file)


def _format(project: Project, name: str, file: DeltaGenerator) -> None:
    stem = f"{project.path.stem}-{name}"
    with file:
        with st.container():  # what comes below stays where it is, whether this reads anew or not
            chosen, look = export_formats.find(name), _look(project, name)
        export_about.format_in_words(name, chosen, look.head)
        export_downloads.show(project, name, stem)
        export_about.left_out(look.left_out)
    export_about.preview(look.head, chosen.matters)
    export_about.columns(project.store, chosen)
    export_about.command(project, name, stem)


def _look(project: Project, name: str) -> Look:
    """The first rows and what is left out; read anew only when the project has changed."""
    store = project.store
    state = (project.id, name, events.last(store), *tables.totals(store).values())
    kept: Look | None = st.session_state.get("export.look")
    if kept is None or kept.state != state:
        with st.spinner("Looking at what there is"):
            kept = Look(state, previewing.head(store, name), exporting.left_out(store, name))
        st.session_state["export.look"] = kept
    return kept
