"""Spreadsheets come in as they are shown: days as days, whole numbers whole, and no formulas."""

from __future__ import annotations

import io
import random
import re
import struct
import zipfile
from contextlib import suppress
from datetime import date
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.core.errors import ReadError
from annotator.corpus import readers
from annotator.corpus.file import File

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "urn:oasis:names:tc:opendocument:xmlns"

TABLE = [["id", "text"], ["007", "Osk sent envoys."], ["8", "They were heard."]]


def _xlsx_cell(place, value):
    if value is None:
        return ""
    if isinstance(value, date):
        return f'<c r="{place}" s="1"><v>{(value - date(1899, 12, 30)).days}</v></c>'
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{value:d}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{place}"><v>{value}</v></c>'
    if value == "#N/A":
        return f'<c r="{place}" t="e"><v>#N/A</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'


def xlsx_sheet(rows, first_row=1):
    written = "".join(
        f'<row r="{number}">'
        + "".join(_xlsx_cell(f"{chr(65 + at)}{number}", cell) for at, cell in enumerate(row))
        + "</row>"
        for number, row in enumerate(rows, first_row)
    )
    return f'<worksheet xmlns="{MAIN}"><sheetData>{written}</sheetData></worksheet>'


def xlsx(sheets, hidden=(), shared=""):
    """The bytes of a workbook: its sheets by their names, as rows or as XML."""
    told = list(enumerate(sheets.items(), 1))
    listed = "".join(
        f'<sheet name="{name}" sheetId="{n}" r:id="r{n}" '
        f'state="{"hidden" if name in hidden else "visible"}"/>'
        for n, (name, _) in told
    )
    linked = "".join(
        f'<Relationship Id="r{n}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n, _ in told
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{linked}'
        f'<Relationship Id="s" Type="{RELATIONS}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/>'
        '<xf numFmtId="14"/></cellXfs></styleSheet>',
    } | {
        f"xl/worksheets/sheet{n}.xml": rows if isinstance(rows, str) else xlsx_sheet(rows)
        for n, (_, rows) in told
    }
    if shared:
        parts["xl/sharedStrings.xml"] = shared
    return zipped(parts)


def ods(rows, tail=""):
    """The bytes of an OpenDocument spreadsheet of one sheet, with the rows that programs add."""
    written = "".join(
        "<table:table-row>"
        + "".join(
            '<table:table-cell office:value-type="string">'
            f"<text:p>{escape(cell)}</text:p></table:table-cell>"
            for cell in row
        )
        + '<table:table-cell table:number-columns-repeated="16380"/></table:table-row>'
        for row in rows
    )
    content = (
        f'<office:document-content xmlns:office="{OFFICE}:office:1.0" '
        f'xmlns:table="{OFFICE}:table:1.0" xmlns:text="{OFFICE}:text:1.0"><office:body>'
        f'<office:spreadsheet><table:table table:name="One">{written}{tail}'
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row></table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    listed = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        "</manifest:manifest>"
    )
    parts = {"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": listed}
    return zipped(parts)


def zipped(parts):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            how = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(name, content, how)
    return held.getvalue()


def xls(rows):
    """The bytes of an old workbook: BIFF8 records in the one stream of an OLE container."""
    start = struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0)
    sheet = [(0x0809, start.replace(b"\x05\0", b"\x10\0", 1))]
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            place = struct.pack("<HHH", at, column, 0)
            if isinstance(cell, str):
                letters = cell.encode("utf-16-le")
                sheet.append((0x0204, place + struct.pack("<HB", len(cell), 1) + letters))
            else:
                sheet.append((0x0203, place + struct.pack("<d", cell)))
    sheet.append((0x000A, b""))
    named = struct.pack("<IBBBB", 0, 0, 0, 3, 0) + b"One"
    before = records([(0x0809, start), (0x0085, named), (0x000A, b"")])
    named = struct.pack("<IBBBB", len(before), 0, 0, 3, 0) + b"One"
    stream = records([(0x0809, start), (0x0085, named), (0x000A, b"")]) + records(sheet)
    return ole("Workbook", stream)


def records(found):
    return b"".join(struct.pack("<HH", kind, len(body)) + body for kind, body in found)


def ole(name, stream):
    stream = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\0")
    sectors = len(stream) // 512
    free, end, table = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    chain = [table, end, *range(3, sectors + 2), end]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0, 0)
    header += struct.pack("<I", free) * 108
    directory = _entry("Root Entry", 5, 1, end, 0) + _entry(name, 2, free, 2, len(stream))
    fat = b"".join(struct.pack("<I", one) for one in chain).ljust(512, b"\xff")
    return header + fat + directory.ljust(512, b"\0") + stream


def _entry(name, kind, child, start, size):
    written = (name + "\0").encode("utf-16-le")
    links = struct.pack("<BBIII", kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
    return (
        written.ljust(64, b"\0")
        + struct.pack("<H", len(written))
        + links
        + bytes(36)
        + (struct.pack("<IQ", start, size))
    )


def read(content, name):
    file = File.of_bytes(content, name)
    table = readers.rows(file, readers.recognised(file))
    return table, list(table.rows)


@pytest.mark.parametrize("make", [lambda rows: xlsx({"One": rows}), ods, xls])
@pytest.mark.parametrize("name", ["", ".csv"])
def test_each_kind_of_spreadsheet_is_told_by_its_content(make, name):
    suffix = {b"P": ".xlsx", b"\xd0": ".xls"}[make(TABLE)[:1]]
    table, rows = read(make(TABLE), f"t{name or suffix}")

    assert table.columns == ("id", "text")
    assert [row.cells for row in rows] == [
        dict(zip(TABLE[0], row, strict=True)) for row in TABLE[1:]
    ]
    assert (table.place, [row.line for row in rows]) == ("row", [2, 3])


def test_cells_are_written_as_they_are_shown():
    row = ["007", 12, 1.25, 5e20, date(2031, 5, 4), True, "#N/A", None, "two\nlines"]
    head = ["id", "n", "share", "far", "date", "ok", "fault", "none", "text"]

    _, (first,) = read(xlsx({"One": [head, row]}), "t.xlsx")

    assert list(first.cells.values()) == [
        *("007", "12", "1.25", "500000000000000000000", "2031-05-04", "true", "", ""),
        "two\nlines",
    ]


def test_the_header_is_found_below_what_a_program_wrote_above_the_table():
    above = [["Export of the Korva archive"], [], ["made", date(2031, 5, 4)]]
    head = [["id", "source", "date", "text"], [1, "Northwire", "", "Osk sent envoys."]]

    table, rows = read(xlsx({"One": above + head}), "t.xlsx")

    assert table.columns == ("id", "source", "date", "text")
    assert [row.line for row in rows] == [5]
    assert table.warnings == ("the columns are named in row 4; what stands above it was left out",)


def test_of_several_sheets_the_first_visible_one_with_rows_is_read_and_the_others_are_named():
    sheets = {"Draft": TABLE, "Empty": [], "Articles": TABLE, "Notes": [["a"], ["b"]]}

    table, rows = read(xlsx(sheets, hidden=["Draft"]), "t.xlsx")

    assert len(rows) == 2
    assert table.warnings == (
        "the sheet 'Articles' was read, and 'Notes', 'Draft' not; "
        "save each sheet as a file of its own",
    )


def test_a_column_without_a_name_is_called_by_its_number():
    table, _ = read(xlsx({"One": [["id", None, "text"], [1, 2, "Osk sent envoys."]]}), "t.xlsx")

    assert table.columns == ("id", "column 2", "text")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (xlsx({"One": []}), "has no sheet with rows"),
        (xlsx({"One": TABLE[:1]}), "has no rows"),
        (xlsx({"One": [*TABLE, ["9", "Fine.", "stray"]]}), "row 4: has a cell to the right"),
        (xlsx({"One": [["id", "id"], [1, 2]]}), "'id' stands there twice"),
        (xlsx({"One": TABLE})[:-200], "cannot be read as a spreadsheet"),
        (ole("EncryptedPackage", b"x"), "cannot be read as a spreadsheet"),
        (b"<table><tr><td>id</td></tr></table>", "cannot be read as a spreadsheet"),
    ],
)
@pytest.mark.parametrize("suffix", [".xlsx", ".xls"])
def test_a_spreadsheet_that_cannot_be_read_says_why(content, message, suffix):
    with pytest.raises(ReadError, match=rf"^t{re.escape(suffix)}: .*{message}"):
        read(content, f"t{suffix}")


def test_a_cell_far_out_does_not_fill_the_memory():
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    sheet = xlsx_sheet(TABLE).replace("</sheetData>", far + "</sheetData>")
    with pytest.raises(ReadError, match="reaches to row 1,048,576 and column 16,384"):
        read(xlsx({"One": sheet}), "t.xlsx")

    tail = (
        '<table:table-row table:number-rows-repeated="900000000"><table:table-cell '
        'office:value-type="string" table:number-columns-repeated="9000"><text:p>a</text:p>'
        "</table:table-cell></table:table-row>"
    )
    with pytest.raises(ReadError, match="reaches to row 900,000,003 and column 9,000"):
        read(ods(TABLE, tail), "t.ods")


def test_one_long_text_that_many_cells_show_does_not_fill_the_memory():
    shown = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 10_001))
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{shown}</sheetData></worksheet>'
    text = "".join(random.Random(1).choices("abcdefgh ", k=60_000))
    shared = f'<sst xmlns="{MAIN}"><si><t>{text}</t></si></sst>'
    with pytest.raises(ReadError, match=r"the cells of a sheet have 572 MB, .* limit is 500 MB"):
        read(xlsx({"One": sheet}, shared=shared), "t.xlsx")

    tail = (
        '<table:table-row table:number-rows-repeated="10000"><table:table-cell '
        f'office:value-type="string"><text:p>{text}</text:p></table:table-cell></table:table-row>'
    )
    with pytest.raises(ReadError, match=r"the cells of a sheet have 57\d MB"):
        read(ods(TABLE, tail), "t.ods")


@pytest.mark.parametrize("make", [lambda rows: xlsx({"One": rows}), ods, xls])
@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 2**32), cut=st.booleans())
def test_a_damaged_spreadsheet_is_read_or_refused_in_a_sentence(make, seed, cut):
    chance = random.Random(seed)
    content = bytearray(make(TABLE))
    for _ in range(chance.randint(1, 30)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    if cut:
        del content[chance.randrange(1, len(content)) :]

    for suffix in (".xlsx", ".xls", ".ods"):
        with suppress(ReadError):
            read(bytes(content), f"t{suffix}")
