"""The import page: choose files, see what they are, bring them in."""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from annotator.core.errors import ReadError
from annotator.corpus import readers
from annotator.corpus.file import MAX_BYTES
from annotator.store import tables
from annotator.ui import import_preview, imports, marks, places
from annotator.workflow import import_jobs, importing
from annotator.workflow.importing import FIELDS, Choices
from annotator.workflow.projects import Project
from annotator.workflow.sources import Source, from_uploads

LARGEST = MAX_BYTES // 2**20
UNITS = {"sentence": "Sentence", "paragraph": "Paragraph", "document": "Whole article"}


def render(project: Project, coder: str | None) -> None:
    """Take articles in."""
    st.title("Import articles", anchor=False)
    imports.show(project, key="import")
    files = _chosen_files(project)
    if not files:
        _nothing_chosen(project)
        return
    unit, fields = _settings()
    if fields is None:
        return
    sources = from_uploads((file.name, file.getvalue()) for file in files)
    choices = Choices(fields=fields, unit=unit)
    found = import_preview.looks(project, files, sources, choices)
    _import_button(project, sources, choices, import_preview.refused(found))
    import_preview.show(found, len(files))


def _chosen_files(project: Project) -> list[UploadedFile]:
    """What is in the two boxes; once that changes, the report of the last import is past."""
    version = st.session_state.setdefault("import.version", 0)
    one, other = st.columns(2)
    with one:
        single = st.file_uploader(
            "Files",
            accept_multiple_files=True,
            max_upload_size=LARGEST,
            key=f"import.files.{version}",
            on_change=import_jobs.forget,
            args=(project,),
        )
    with other:
        folder = st.file_uploader(
            "A whole folder, with the folders in it",
            accept_multiple_files="directory",
            max_upload_size=LARGEST,
            key=f"import.folder.{version}",
            on_change=import_jobs.forget,
            args=(project,),
            help="The first folder below the one you choose is offered as the outlet.",
        )
    # A browser lists a folder in no order, and the order of import is the order of coding.
    return sorted([*(single or []), *(folder or [])], key=lambda file: file.name)


def _nothing_chosen(project: Project) -> None:
    kinds = ", ".join(readers.suffixes())
    st.info(
        f"Nothing is chosen yet. Articles are read from these kinds of files: {kinds}. "
        "You will see what was recognized before anything is kept; a file that is here already "
        "is never added twice. Thousands of files come in faster with `annotator import`."
    )
    st.button("Import", disabled=True, key="import.start.empty")
    if tables.totals(project.store)["documents"]:
        places.link("annotate", "Go on coding what is here")


def _settings() -> tuple[str, dict[str, str] | None]:
    """What to judge, and the fields given to all documents; None where one of them is wrong."""
    with st.expander("Details for all these files", icon=":material/tune:"):
        unit = st.radio(
            "What is judged", list(UNITS), format_func=UNITS.__getitem__, horizontal=True,
            key="import.unit",
        )  # fmt: skip
        st.text("Left empty, each file's own details are kept.")
        boxes = st.columns(4)
        written = []
        for number, name in enumerate(FIELDS):
            box = boxes[number % len(boxes)]
            value = box.text_input(name.capitalize(), key=f"import.field.{name}").strip()
            if value:
                written.append(f"{name}={value}")
    try:
        return unit, importing.given_fields(written)
    except ReadError as fault:
        marks.fault(str(fault))
        return unit, None


def _import_button(project: Project, sources: list[Source], choices: Choices, refused: int) -> None:
    job = import_jobs.job(project)
    st.button(
        _offer(len(sources), refused),
        type="primary",
        icon=":material/upload_file:",
        disabled=refused == len(sources) or (job is not None and job.running),
        on_click=_start,
        args=(project, sources, choices),
        key="import.start",
    )


def _offer(total: int, refused: int) -> str:
    """What the button says.

    >>> _offer(1, 0), _offer(7, 3)
    ('Import 1 file', 'Import 4 of 7 files')
    """
    share = f"{total - refused:,} of {total:,}" if refused else f"{total:,}"
    return f"Import {share} file{'s' if total > 1 else ''}"


def _start(project: Project, sources: list[Source], choices: Choices) -> None:
    if import_jobs.start(project, sources, choices):
        # A new key empties the uploaders, so that the same files are not offered again.
        st.session_state["import.version"] += 1
