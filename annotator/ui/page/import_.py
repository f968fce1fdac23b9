"""The import page: choose files, see what they are, bring them in; and what is here already."""

from __future__ import annotations

import streamlit as st

from annotator.core.errors import ReadError
from annotator.store import tables
from annotator.ui import (
    import_catalogue,
    import_choices,
    import_columns,
    import_files,
    import_preview,
    imports,
    label_import,
    marks,
)
from annotator.ui.import_files import Chosen
from annotator.workflow import column_maps, import_jobs
from annotator.workflow.choosing import Choices
from annotator.workflow.previewing import Look
from annotator.workflow.projects import Project


def render(project: Project, coder: str | None) -> None:
    """Take articles in."""
    st.title("Import articles", anchor=False)
    job = import_jobs.job(project)
    running = job is not None and job.running
    if running:  # on every tab; the report of one that is done only where the next one begins
        imports.show(project, key="import")
    bring_in, here, labelled = st.tabs(
        ["Bring in", "What is here", "Labelled data"], key="import.tab", on_change="rerun"
    )
    # Drawn whichever tab is open: files that are chosen are gone once their boxes are not drawn.
    with bring_in:
        if not running:
            imports.show(project, key="import")
        _bring_in(project)
    with labelled:
        label_import.render(project, coder)
    if here.open:
        with here:
            import_catalogue.show(project, coder)


def _bring_in(project: Project) -> None:
    chosen = import_files.boxes(lambda: import_jobs.forget(project))
    if not chosen:
        import_files.nothing_chosen(documents=tables.totals(project.store)["documents"])
        return
    try:
        choices = import_choices.settled(project)
    except ReadError as fault:
        marks.fault(str(fault))
        import_choices.draw(project, [])
        return
    looks = import_preview.looks(project, chosen, choices)
    if import_choices.put_back_rows(looks):
        st.rerun()
    import_preview.faults(looks, choices)
    import_choices.draw(project, looks)
    import_columns.draw(looks)
    _import_button(project, chosen, looks, choices)
    import_preview.show(looks, choices, len(chosen))


def _import_button(
    project: Project, chosen: list[Chosen], looks: list[Look], choices: Choices
) -> None:
    job = import_jobs.job(project)
    running = job is not None and job.running
    refused = import_preview.refused(looks)
    st.button(
        _offer(len(chosen), refused),
        type="primary",
        icon=":material/upload_file:",
        disabled=refused == len(chosen) or running,
        on_click=_start,
        args=(project, chosen, looks, choices),
        key="import.start",
    )
    if running:
        st.caption("Another import is on its way into this project; this one can begin after it.")
    elif import_preview.is_all_known(looks, len(chosen)):
        st.caption("All that can be read in these files is here already: nothing would be added.")


def _offer(total: int, refused: int) -> str:
    """What the button says.

    >>> _offer(1, 0), _offer(7, 3)
    ('Import 1 file', 'Import 4 of 7 files')
    """
    share = f"{total - refused:,} of {total:,}" if refused else f"{total:,}"
    return f"Import {share} file{'s' if total > 1 else ''}"


def _start(project: Project, chosen: list[Chosen], looks: list[Look], choices: Choices) -> None:
    """Begin the import that the page has shown."""
    # Each kind of table has columns of its own, and an import finds those it used last.
    for names, columns in import_columns.mappings(looks):
        column_maps.remember(project.store, names, columns)
    expected = {look.file: look.expected for look in looks}
    started = import_jobs.start(project, [one.source for one in chosen], choices, expected)
    # Last, because another click ends a callback where it touches the state of the session.
    import_choices.settled(project, remember=True)
    if started:
        import_files.empty()
        import_preview.forget()
