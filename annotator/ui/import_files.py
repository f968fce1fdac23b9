"""The boxes that take files, and the files in them: archives opened, each file a source."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from annotator.corpus import readers
from annotator.corpus.format import Format
from annotator.ui import places
from annotator.workflow.sources import Source, from_uploads

DOCUMENTS = ("txt", "md", "html", "pdf", "docx", "rtf")
"""Formats that hold one article a file; the others that are no tables hold many."""


class Chosen(NamedTuple):
    """One file in the boxes; the upload it came with tells it from another of the same name."""

    upload: str
    source: Source

    @property
    def key(self) -> tuple[str, str]:
        """What tells this file from every other, whatever else is chosen."""
        return self.upload, self.source.name


def boxes(on_change: Callable[[], None]) -> list[Chosen]:
    """Draw the two boxes, and give what is in them in the order in which it would be coded."""
    version = st.session_state.setdefault("import.version", 0)
    one, other = st.columns(2)
    single = one.file_uploader(
        "Files",
        accept_multiple_files=True,
        key=f"import.files.{version}",
        on_change=_changed,
        args=(version, on_change),
    )
    folder = other.file_uploader(
        "A whole folder, with the folders in it",
        accept_multiple_files="directory",
        key=f"import.folder.{version}",
        on_change=_changed,
        args=(version, on_change),
        help="The first folder below the one you choose is offered as the outlet.",
    )
    return _opened([*(single or []), *(folder or [])])


def _changed(version: int, on_change: Callable[[], None]) -> None:
    # Streamlit calls it once more where the run that it was called in is cut short, by then for
    # boxes that were emptied.
    if st.session_state["import.version"] == version:
        on_change()


def empty() -> None:
    """Empty the boxes, so that the same files are not offered again."""
    # A new key makes new boxes.
    st.session_state["import.version"] += 1
    st.session_state.pop("import.opened", None)


def _opened(uploads: list[UploadedFile]) -> list[Chosen]:
    # Files arrive one by one, and the page is drawn for each: an archive is opened once.
    kept: dict[str, list[Source]] = st.session_state.get("import.opened", {})
    opened = {
        file.file_id: kept.get(file.file_id) or from_uploads([(file.name, file.getvalue())])
        for file in uploads
    }
    st.session_state["import.opened"] = opened
    # A browser lists a folder in no order, and the order of import is the order of coding.
    ordered = sorted(uploads, key=lambda file: file.name)
    return [Chosen(file.file_id, source) for file in ordered for source in opened[file.file_id]]


def nothing_chosen(*, documents: int) -> None:
    """What can be chosen, and what will happen then."""
    st.info(
        "Nothing is chosen yet. Choose files or a folder: you will see what was recognized in "
        "them before anything is kept, and what is here already is never added twice."
    )
    st.button("Import", disabled=True, key="import.start.empty")
    if documents:
        places.link("annotate", "Go on coding what is here")
    st.header("What is read", anchor=False)
    kinds = list(_kinds())
    for column, (kind, formats) in zip(st.columns(len(kinds)), kinds, strict=True):
        column.markdown(f"**{kind}**")
        column.text("\n".join(map(_with_suffixes, formats)))
    largest = st.get_option("server.maxUploadSize")
    st.caption(
        f"Zip archives are opened as folders. A file may have up to {largest} MB here; "
        "the command annotator import takes larger ones, and thousands of files faster."
    )


def _kinds() -> Iterator[tuple[str, list[Format]]]:
    """The formats that are read, the way people look for theirs."""
    articles = [one for one in readers.FORMATS if one.articles]
    groups = {
        "Documents": [one for one in articles if one.name in DOCUMENTS],
        "Tables": [one for one in readers.FORMATS if one.rows],
        "News archives and feeds": [one for one in articles if one.name not in DOCUMENTS],
    }
    return ((kind, formats) for kind, formats in groups.items() if formats)


def _with_suffixes(one: Format) -> str:
    name = one.title.removeprefix("a ").removeprefix("an ")
    return f"{name[0].upper()}{name[1:]} ({', '.join(one.suffixes)})"
