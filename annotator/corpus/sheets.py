"""Spreadsheets as rows: the first sheet with rows, from the row that names the columns."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from annotator.core.errors import ReadError
from annotator.corpus.cells import columns_of, rows_of
from annotator.corpus.file import File
from annotator.corpus.format import Format, Row, Rows
from annotator.corpus.guards import DAMAGE, check_office
from annotator.corpus.sheet_extent import check_extent

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

LARGEST_FILE = 100 * 2**20
LARGEST_PART = 200 * 2**20
"""Bytes of the largest sheet inside a file, unpacked."""

SEARCHED = 20
"""Rows among which the header is looked for."""

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

Cells = tuple[int, list[Any]]
"""The number of a row, as spreadsheets show it, and its cells."""


def read_sheets(file: File) -> Rows:
    """The rows of the first visible sheet that has any; other sheets with rows are named."""
    sheet, others = _chosen(file.name, _workbook(file))
    numbered = _numbered(sheet)
    first = list(islice(numbered, SEARCHED))
    at = _header(first)
    line, header = first[at]
    columns = columns_of(file.name, line, [_shown(cell) for cell in header])
    warnings = []
    if at:
        warnings.append(f"the columns are named in row {line}; what stands above it was left out")
    if others:
        listed = ", ".join(map(repr, others))
        warnings.append(
            f"the sheet {sheet.name!r} was read, and {listed} not; "
            "save each sheet as a file of its own"
        )
    rows = _rows(file.name, columns, chain(first[at + 1 :], numbered))
    return Rows(columns, rows, place="row", warnings=tuple(warnings))


def _workbook(file: File) -> CalamineWorkbook:
    from python_calamine import CalamineWorkbook

    if file.size > LARGEST_FILE:
        raise ReadError(
            f"{file.name}: has {file.size / 2**20:.1f} MB and the limit for spreadsheets is "
            f"{LARGEST_FILE // 2**20} MB; save it as CSV, which may be longer"
        )
    _refuse_harm(file)
    with _faults(file.name), file.open() as content:
        return CalamineWorkbook.from_filelike(content)


@contextmanager
def _faults(name: str) -> Iterator[None]:
    """Whatever the library raises as one sentence."""
    from python_calamine import CalamineError, PasswordError

    try:
        yield
    except PasswordError as fault:
        raise ReadError(f"{name}: is encrypted; save it without a password") from fault
    except (CalamineError, OSError, ValueError) as fault:
        raise _unreadable(name, fault) from fault
    except BaseException as fault:
        # A panic of the library is no Exception, and its class cannot be imported.
        if type(fault).__name__ != "PanicException":
            raise
        raise _unreadable(name, "it is damaged") from fault


def _refuse_harm(file: File) -> None:
    if file.head.startswith(OLE):
        return
    try:
        with file.open() as content, zipfile.ZipFile(content) as archive:
            check_office(archive, file.name, LARGEST_PART)
            check_extent(archive, file.name)
    except DAMAGE as fault:
        raise _unreadable(file.name, fault) from fault


def _chosen(name: str, workbook: CalamineWorkbook) -> tuple[CalamineSheet, list[str]]:
    """The sheet that is read, and the names of others that have rows; hidden ones come last."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    sheets = [one for one in workbook.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
    sheets.sort(key=lambda one: one.visible != SheetVisibleEnum.Visible)
    opened = (_sheet(name, workbook, one.name) for one in sheets)
    found = next((sheet for sheet in opened if sheet.height), None)
    if found is None:
        raise ReadError(f"{name}: has no sheet with rows; add some or leave it out")
    return found, [sheet.name for sheet in opened if sheet.height]


def _sheet(name: str, workbook: CalamineWorkbook, sheet: str) -> CalamineSheet:
    with _faults(name):
        return workbook.get_sheet_by_name(sheet)


def _numbered(sheet: CalamineSheet) -> Iterator[Cells]:
    """The rows that are not empty, by the numbers that spreadsheets show beside them."""
    for number, cells in enumerate(sheet.iter_rows(), 1):
        if any(cell != "" for cell in cells):
            yield number, cells


def _header(first: Sequence[Cells]) -> int:
    """Which row names the columns: the first that is more than half as wide as the widest one.

    What stands above a table, such as its name and the day of the export, is narrower.
    """
    widths = [sum(_shown(cell) != "" for cell in cells) for _, cells in first]
    return next((at for at, width in enumerate(widths) if 2 * width > max(widths)), 0)


def _rows(name: str, columns: Sequence[str], numbered: Iterator[Cells]) -> Iterator[Row]:
    width = len(columns)
    records = (
        (
            number,
            dict(zip(columns, map(_written, _within(name, number, cells, width)), strict=True)),
        )
        for number, cells in numbered
    )
    return rows_of(name, "row", records, set())


def _within(name: str, number: int, cells: list[Any], width: int) -> list[Any]:
    if any(cell != "" for cell in cells[width:]):
        raise ReadError(
            f"{name}: row {number}: has a cell to the right of the last column that is named; "
            "name its column or clear it"
        )
    return cells[:width] + [""] * (width - len(cells))


def _written(cell: Any) -> Any:
    """A number as it is shown: spreadsheets keep whole numbers as fractions too."""
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell


def _shown(cell: Any) -> str:
    return str(_written(cell)).strip()


def _unreadable(name: str, fault: Exception | str) -> ReadError:
    said = " ".join(str(fault).split())
    return ReadError(
        f"{name}: cannot be read as a spreadsheet ({said}); open it in a spreadsheet program and "
        "save it as .xlsx or CSV"
    )


def _fits_xlsx(file: File) -> bool:
    return "xl/workbook.xml" in file.members or file.suffix in (".xlsx", ".xlsm")


def _fits_xls(file: File) -> bool:
    return file.suffix == ".xls" or (file.head.startswith(OLE) and _ole_holds(file, "Workbook"))


def _ole_holds(file: File, stream: str) -> bool:
    """Whether the directory of an old Office document names this stream."""
    sector = 1 << min(int.from_bytes(file.head[30:32], "little"), 12)
    with file.open() as content:
        content.seek(sector * (int.from_bytes(file.head[48:52], "little") + 1))
        return f"{stream}\0".encode("utf-16-le") in content.read(8_192)


def _fits_ods(file: File) -> bool:
    told = b"opendocument.spreadsheet" in file.head[:200] and "content.xml" in file.members
    return told or file.suffix == ".ods"


XLSX = Format(
    name="xlsx",
    title="an Excel table",
    suffixes=(".xlsx", ".xlsm"),
    fits=_fits_xlsx,
    rows=read_sheets,
)
XLS = Format(
    name="xls",
    title="an old Excel table",
    suffixes=(".xls",),
    fits=_fits_xls,
    rows=read_sheets,
)
ODS = Format(
    name="ods",
    title="an OpenDocument table",
    suffixes=(".ods",),
    fits=_fits_ods,
    rows=read_sheets,
)
