"""The export page: what each format holds, its first rows, and the file."""

from __future__ import annotations

import streamlit as st

from annotator.exchange import dictionary
from annotator.store import events, tables
from annotator.ui import marks, places
from annotator.workflow import exporting, previewing
from annotator.workflow.previewing import Head
from annotator.workflow.projects import Project


def render(project: Project, coder: str | None) -> None:
    """Let labels out."""
    st.title("Export", anchor=False)
    totals = tables.totals(project.store)
    if not totals["documents"]:
        st.info("There is nothing to export yet: the project has no articles.")
        places.link("import", "Import articles")
        return
    if not tables.coders(project.store):
        st.info("Nothing is coded yet. The sentences can be exported, labels come with coding.")
        places.link("annotate", "Start coding")
    name = st.radio(
        "Format",
        list(exporting.FORMATS),
        captions=[marks.plain(one.description) for one in exporting.FORMATS.values()],
        key="export.format",
    )
    if name is None:
        return
    found = _head(project, name)
    _told(project, name, found)
    _downloads(project, name)
    _preview(found)


def _head(project: Project, name: str) -> Head:
    """The first rows; read anew only when the project has changed."""
    store = project.store
    state = (project.id, name, events.last(store), *tables.totals(store).values())
    kept = st.session_state.get("export.head")
    if kept is None or kept[0] != state:
        with st.spinner("Looking at what there is"):
            kept = st.session_state["export.head"] = (state, previewing.head(store, name))
    found: Head = kept[1]
    return found


def _told(project: Project, name: str, found: Head) -> None:
    columns = f"{len(found.columns)} columns"
    rows = "" if found.rows is None else f"{found.rows:,} rows, "
    st.subheader(f"{name}: {rows}{columns}", anchor=False)
    if found.rows is None:
        st.text("There are too many rows to count them before they are written.")
    missing = {
        what: number for what, number in exporting.left_out(project.store, name).items() if number
    }
    if missing:
        said = ", ".join(f"{number:,} {what}" for what, number in missing.items())
        st.text(f"Left out: {said}.")
    else:
        st.text("Nothing is left out.")


def _downloads(project: Project, name: str) -> None:
    stem = f"{project.path.stem}-{name}"
    with st.container(horizontal=True):
        st.download_button(
            "Download CSV",
            data=lambda: exporting.as_bytes(project.store, name),
            file_name=f"{stem}.csv",
            mime="text/csv",
            type="primary",
            icon=":material/download:",
            on_click="ignore",
            key=f"export.file.{name}",
        )
        st.download_button(
            "Data dictionary",
            data=lambda: exporting.dictionary_as_bytes(project.store, name),
            file_name=f"{stem}{dictionary.ENDING}",
            mime="application/json",
            icon=":material/menu_book:",
            on_click="ignore",
            help="What every column and code means, and what was left out.",
            key=f"export.dictionary.{name}",
        )


def _preview(found: Head) -> None:
    if not found.first:
        st.text("There are no rows yet.")
        return
    st.text(f"The first {len(found.first)} rows:")
    rows = [dict(zip(found.columns, row, strict=True)) for row in found.first]
    st.dataframe(rows, hide_index=True, key="export.preview")
