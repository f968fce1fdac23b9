"""Tables come in whole and right, or not at all and with the line named."""

from __future__ import annotations

import json

import pyarrow
import pyarrow.parquet
import pytest

from annotator.core.errors import ReadError
from annotator.corpus import table_file
from annotator.corpus.table_file import read_table


def write(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_in_the_header(tmp_path, delimiter):
    rows = [("id", "text"), ("1", '"Varn, they say; is | far"')]
    content = "\n".join(delimiter.join(row) for row in rows)

    table = read_table(write(tmp_path, "t.csv", content))

    assert table.columns == ("id", "text")
    assert table.rows == [{"id": "1", "text": "Varn, they say; is | far"}]


def test_a_quoted_cell_may_hold_line_breaks_and_rows_know_their_line(tmp_path):
    table = read_table(write(tmp_path, "t.csv", 'id,text\n1,"two\nlines"\n\n2,one\n'))

    assert [row["text"] for row in table.rows] == ["two\nlines", "one"]
    assert table.lines == [2, 5]


def test_tsv_keeps_commas_as_text(tmp_path):
    table = read_table(write(tmp_path, "t.tsv", "a,b\tc\n1,2\t3\n"))

    assert table.rows == [{"a,b": "1,2", "c": "3"}]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_encodings_other_than_utf8_are_read(tmp_path, encoding):
    text = "Die Straße nach Müllhausen war über Nacht gesperrt, so der Bürgermeister von Öst."
    content = f'id,text\n1,"{text}"\n2,"Größere Übungen hält dort keiner für nötig."\n'

    table = read_table(write(tmp_path, "t.csv", content.encode(encoding)))

    assert table.columns == ("id", "text")
    assert table.rows[0]["text"] == text


def test_an_unclosed_quotation_mark_is_a_fault_with_its_line(tmp_path):
    path = write(tmp_path, "t.csv", 'id,text\n1,fine\n2,"open\n3,fine\n')

    with pytest.raises(ReadError, match=r"t\.csv: line 3: a quotation mark is opened .* close it"):
        read_table(path)


def test_a_row_with_too_many_cells_is_a_fault_with_its_line(tmp_path):
    path = write(tmp_path, "t.csv", "id,text\n1,fine\n2,one, two\n")

    with pytest.raises(ReadError, match=r"t\.csv: line 3: has 3 cells .* 2 columns"):
        read_table(path)


def test_a_short_row_ends_in_empty_cells(tmp_path):
    table = read_table(write(tmp_path, "t.csv", "id,text,label\n1,fine\n"))

    assert table.rows == [{"id": "1", "text": "fine", "label": ""}]


@pytest.mark.parametrize(
    ("name", "content"),
    [("t.csv", "id,text,id\n1,a,2\n"), ("t.jsonl", '{"id": 1, "id": 2}\n')],
)
def test_a_column_name_that_stands_twice_is_a_fault(tmp_path, name, content):
    with pytest.raises(ReadError, match="'id' stands there twice"):
        read_table(write(tmp_path, name, content))


def test_a_nul_and_half_a_character_are_faults(tmp_path):
    with pytest.raises(ReadError, match=r"line 2: column 'text' holds a NUL"):
        read_table(write(tmp_path, "t.csv", "id,text\n1,a\0b\n"))
    with pytest.raises(ReadError, match="lone surrogate"):
        read_table(write(tmp_path, "t.jsonl", '{"text": "\\ud800"}\n'))


def test_too_many_columns_and_too_long_cells_are_faults(tmp_path):
    with pytest.raises(ReadError, match=r"2,000 columns; at most 1,000"):
        read_table(write(tmp_path, "t.csv", ",".join(f"c{n}" for n in range(2000)) + "\n"))
    with pytest.raises(ReadError, match=r"line 2: a cell has more than 5,000,000"):
        read_table(write(tmp_path, "t.csv", 'a,b\n1,"' + "x" * (table_file.LARGEST_CELL + 1)))


def test_json_lines_lists_and_parquet_tell_the_same_table(tmp_path):
    rows = [{"id": 1, "labels": ["A", "B"], "ok": True}, {"id": 2, "labels": [], "extra": None}]
    lines = write(tmp_path, "t.jsonl", "\n".join(map(json.dumps, rows)))
    whole = write(tmp_path, "t.json", json.dumps(rows))
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), tmp_path / "t.parquet")
    expected = [{"id": "1", "labels": "A|B", "ok": "true"}, {"id": "2", "labels": "", "ok": ""}]

    assert read_table(lines).rows == [row | {"extra": ""} for row in expected]
    assert read_table(whole).rows == [row | {"extra": ""} for row in expected]
    assert read_table(tmp_path / "t.parquet").rows == expected
    assert read_table(lines).lists == {"labels"}


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("t.jsonl", '{"id": 1}\n{"id": \n', r"t\.jsonl: line 2: column"),
        ("t.jsonl", '{"id": 1}\n[1]\n', r"line 2: is not an object"),
        ("t.json", '{"id": 1}', "must be a list of objects"),
        ("t.json", "[" * 200_000, r"t\.json: "),
        ("t.parquet", "no parquet", "cannot be read as Parquet"),
        ("t.csv", "", "is empty"),
        ("t.xlsx", "x", r"save it as one of \.csv"),
    ],
)
def test_a_file_that_is_no_table_says_so_in_one_line(tmp_path, name, content, message):
    with pytest.raises(ReadError, match=message) as fault:
        read_table(write(tmp_path, name, content))

    assert "\n" not in str(fault.value)


def test_a_missing_file_and_a_folder_say_so(tmp_path):
    with pytest.raises(ReadError, match="there is no such file"):
        read_table(tmp_path / "t.csv")
    (tmp_path / "d.csv").mkdir()
    with pytest.raises(ReadError, match="is a folder"):
        read_table(tmp_path / "d.csv")
