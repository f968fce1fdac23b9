"""What an import would bring in, as its page shows it before anything is kept."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from annotator.ui import marks
from annotator.workflow import previewing
from annotator.workflow.importing import Choices
from annotator.workflow.previewing import Look, Preview
from annotator.workflow.projects import Project
from annotator.workflow.sources import Source

MOST_PREVIEWED = 100
"""Files that are read for the preview; all of them are imported."""

FIRST_UNITS = 12

MOST_NAMED = 5
"""Files that a warning names."""


def looks(
    project: Project,
    files: Sequence[UploadedFile],
    sources: Sequence[Source],
    choices: Choices,
) -> list[Look]:
    """What the first files would bring in; each is read once, until a choice changes."""
    chosen = (project.id, choices)
    before, kept = st.session_state.get("import.looks", (None, {}))
    found: dict[str, Look] = {}
    # Files arrive one by one, and the page is drawn for each: reading all of them every time
    # would take the square of their number.
    for file, source in zip(files[:MOST_PREVIEWED], sources, strict=False):
        look = kept.get(file.file_id) if before == chosen else None
        found[file.file_id] = look or previewing.look(project.store, source, choices)
    st.session_state["import.looks"] = (chosen, found)
    return list(found.values())


def show(found_in: list[Look], total: int) -> None:
    """Faults first, then what was found, then how one of the texts is cut."""
    st.subheader("What was recognized", anchor=False)
    if total > len(found_in):
        st.text(f"The first {len(found_in):,} of {total:,} files. All of them are imported.")
    if hidden := sum(look.skipped for look in found_in):
        st.text(f"{hidden:,} hidden files are skipped.")
    for look in found_in:
        if look.fault:
            marks.fault(look.fault)
    if warned := warnings(found_in):
        st.warning(marks.plain("\n".join(warned)))
    if found := [one for look in found_in for one in look.previews]:
        st.dataframe(
            [_row(one) for one in found],
            hide_index=True,
            key="import.preview",
            column_config={"title": st.column_config.TextColumn(width=320)},
        )
        _first_units(found)


def refused(found_in: list[Look]) -> int:
    """How many of these files an import will not take."""
    return sum(bool(look.fault or look.skipped) for look in found_in)


def warnings(found_in: list[Look]) -> list[str]:
    """Every warning once, with the files that it is about."""
    about: dict[str, dict[str, None]] = {}
    for look in found_in:
        for warning in look.outcome.warnings:
            about.setdefault(warning, {})[look.file] = None
    return [f"{_named(list(names))}: {warning}" for warning, names in about.items()]


def _named(names: list[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")


def _row(one: Preview) -> dict[str, object]:
    draft = one.draft
    return {
        "file": draft.file,
        "in the project": "already there" if one.known else "new",
        "title": draft.title,
        "date": draft.published,
        "source": draft.source,
        "place": draft.place,
        "author": draft.author,
        "language": draft.language,
        "sentences": len(one.segments),
    }


def _first_units(found: list[Preview]) -> None:
    chosen = st.selectbox(
        "How the text is cut",
        range(len(found)),
        format_func=lambda number: found[number].draft.title or found[number].draft.file,
        key="import.shown",
    )
    one = found[chosen if chosen < len(found) else 0]
    st.dataframe(
        [
            {"part": cut.part, "text": one.draft.text[cut.start : cut.end]}
            for cut in one.segments[:FIRST_UNITS]
        ],
        hide_index=True,
        key="import.units",
        column_config={"part": st.column_config.Column(width="small")},
    )
    if len(one.segments) > FIRST_UNITS:
        st.text(f"… and {len(one.segments) - FIRST_UNITS:,} more")
