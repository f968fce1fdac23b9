"""The formats that are read, in the order in which they are tried; and reading a file by them.

A new format is a module with a ``Format`` in it, and a line here.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from annotator.core.errors import ReadError
from annotator.corpus import (
    csv_rows,
    docx,
    factiva,
    factiva_xml,
    feeds,
    html,
    json_rows,
    lexisnexis,
    nexis_uni,
    parquet_rows,
    pdf,
    plain,
    proquest,
    ris,
    rtf,
    sheets,
    warc,
)
from annotator.corpus.article import Article
from annotator.corpus.decode import refuse_other_formats
from annotator.corpus.file import File
from annotator.corpus.folders import folder_fault, is_folder
from annotator.corpus.format import Format, Rows

FORMATS: tuple[Format, ...] = (
    parquet_rows.PARQUET,
    sheets.XLSX,
    sheets.ODS,
    sheets.XLS,
    warc.WARC,
    pdf.PDF,
    nexis_uni.NEXIS_UNI,
    docx.DOCX,
    rtf.RTF,
    factiva.HTML,
    factiva_xml.XML,
    feeds.FEED,
    html.HTML,
    lexisnexis.LEXISNEXIS,
    proquest.PROQUEST,
    ris.RIS,
    json_rows.JSONL,
    json_rows.JSON,
    csv_rows.TSV,
    csv_rows.CSV,
    plain.MD,
    plain.TXT,
)
"""The surest first: archives that are told by their content, at last what only a suffix tells."""


def suffixes() -> list[str]:
    """Every suffix that is read, in order."""
    return sorted({suffix for one in FORMATS for suffix in one.suffixes})


def of_path(path: Path, name: str = "") -> File:
    """A file on the disk; raises ``ReadError`` where there is none, or a folder."""
    if is_folder(path):
        raise ReadError(f"{name or path.name}: {folder_fault(path)}")
    return File.of_path(path, name)


def recognised(file: File) -> Format:
    """The format of a file, by its content first; raises ``ReadError`` where it is none."""
    if not file.size:
        raise ReadError(f"{file.name}: the file is empty; give it some text or leave it out")
    found = next((one for one in FORMATS if one.fits(file)), None)
    if found is not None:
        return found
    refuse_other_formats(file.head, file.name)
    if file.suffix in suffixes():
        raise ReadError(
            f"{file.name}: is called {file.suffix}, and its content is nothing of the kind; save "
            "or fetch it again, or give it the suffix of what it is"
        )
    kind = f"{file.suffix} files" if file.suffix else "files without a suffix"
    raise ReadError(f"{file.name}: {kind} are not read; there are: {', '.join(suffixes())}")


def articles(file: File, how: Format) -> Iterator[Article]:
    """The articles of a file that holds articles; raises ``ReadError`` in one sentence."""
    if how.articles is None:
        raise TypeError(f"{how.name} is a table: its rows are articles only by a mapping")
    try:
        yield from how.articles(file)
    except RecursionError as fault:
        raise ReadError(f"{file.name}: is nested too deeply to be {how.title}") from fault


def rows(file: File, how: Format) -> Rows:
    """The rows of a table."""
    if how.rows is None:
        raise TypeError(f"{how.name} is no table")
    return how.rows(file)
