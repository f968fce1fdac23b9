"""CSV comes in cell for cell, in any dialect and encoding, and a row at a time."""

from __future__ import annotations

import csv
import io
import tracemalloc
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.core.errors import ReadError
from annotator.corpus import readers
from annotator.corpus.file import File

LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
CELLS = st.text(LETTERS, max_size=20)
ROWS = st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=1, max_size=8)
GERMAN = "Für Köln war das zu spät: Müller fuhr über die Brücke nach Öst."


class Repeated(io.RawIOBase):
    """A file of so many bytes that begins with ``head`` and repeats one byte; none is on a disk."""

    def __init__(self, head, size):
        self.head = io.BytesIO(head)
        self.left = size

    def readable(self):
        return True

    def readinto(self, buffer):
        count = min(len(buffer), self.left)
        found = self.head.read(count)
        buffer[: len(found)] = found
        buffer[len(found) : count] = b"x" * (count - len(found))
        self.left -= count
        return count


def read(content, name="t.csv"):
    file = content if isinstance(content, File) else File.of_bytes(content, name)
    table = readers.rows(file, readers.recognised(file))
    return table, list(table.rows)


def cells(content, name="t.csv"):
    return [list(row.cells.values()) for row in read(content, name)[1]]


@settings(deadline=None)
@given(
    rows=ROWS,
    delimiter=st.sampled_from(",;\t|"),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL, csv.QUOTE_NONNUMERIC]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]),
)
def test_what_was_written_comes_back_cell_for_cell(rows, delimiter, quoting, encoding):
    held = io.StringIO(newline="")
    writer = csv.writer(held, delimiter=delimiter, quoting=quoting)
    writer.writerows([["id", "text", "source"], *(["k", *row] for row in rows)])

    assert cells(held.getvalue().encode(encoding)) == [["k", *row] for row in rows]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_is_one_and_rows_know_their_line(end):
    content = end.join(["id,text", '1,"two', 'lines"', "", "2,one", ""])

    _, rows = read(content.encode())

    assert [(row.line, row.cells["text"]) for row in rows] == [(2, f"two{end}lines"), (5, "one")]


def test_a_separator_of_unicode_is_a_letter_of_its_cell():
    assert cells("id,text\n1,a\u2028b\u0085c\x0bd\n".encode()) == [["1", "a\u2028b\u0085c\x0bd"]]


@pytest.mark.parametrize(
    "content",
    [
        "id;a, b, c, d;text\n1;2;Osk, they say\n2;3;Velm, and more\n",
        "sep=;\nid;a, b, c, d;text\n1;2;3\n",
        '"a\tb\tc\td\ne";"f";"g"\n1;2;3\n',
    ],
)
def test_the_delimiter_is_the_one_that_parts_the_rows_as_the_header(content):
    table, rows = read(content.encode())

    assert len(table.columns) == 3
    assert [len(row.cells) for row in rows] == [3] * len(rows)


def test_a_table_of_one_column_needs_no_delimiter():
    assert cells(b"text\nOsk sent envoys.\nThey came; and went.\n") == [
        ["Osk sent envoys."],
        ["They came; and went."],
    ]


def test_an_encoding_that_is_not_marked_is_guessed_and_said():
    content = f"id;text\n1;{GERMAN}\n2;Größere Übungen hält dort keiner für nötig.\n"

    table, rows = read(content.encode("cp1252"))

    assert rows[0].cells["text"] == GERMAN
    assert table.encoding == "cp1252"
    assert table.warnings == ("the encoding is not marked; cp1252 was guessed: check the letters",)


def test_utf16_without_a_mark_shows_by_its_spaces():
    table, rows = read("id,text\n1,Мост через Лем открыт.\n".encode("utf-16-le"))

    assert rows[0].cells["text"] == "Мост через Лем открыт."
    assert table.warnings == ("the encoding is not marked; it was read as UTF-16",)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("id,text\n1,Köprü açıldı\n2,".encode() + b"Br\xfccke\n", "line 3: is not UTF-8"),
        (b"\xff\xfe" + "id,text\n1,a\n".encode("utf-16-le") + b"\x00\xd8", "line 3: is not UTF-16"),
        (b"id,text\n1,\xed\xa0\x80\n", "line 2: holds half a character"),
        (b"id,text\n1,a\n2,a\0b\n", "line 3: holds a NUL"),
        (b'id,text\n1,fine\n2,"open\n3,fine\n', "line 3: a quotation mark is opened"),
        (b'id,text\n1,"a"b\n', "line 2: text follows a closing quotation mark"),
        (b"id,text\n1,fine\n2,one, two\n", "line 3: has 3 cells where the header names 2 columns"),
        (b"id,text,id\n1,a,2\n", "column 'id' stands there twice"),
        (b",".join(b"c%d" % n for n in range(1_000_000)), "has 1,000,000 columns; at most 1,000"),
        (b"id,text\n", "has no rows"),
        (b" \n\n", "is empty"),
        (b"\x89PNG\r\n", "this is a PNG image"),
        (b"1,Osk sent envoys to Velm.\n2,They came.\n", "line 1: '1' is no name of a column"),
        (b"\n20310504\tOSK\thttps://northwire.example/1\n" * 2, "line 2: '20310504' is no name"),
    ],
)
def test_a_table_that_cannot_be_read_names_the_place(content, message):
    with pytest.raises(ReadError, match=rf"^t\.csv: {message}") as fault:
        read(content)

    assert "\n" not in str(fault.value)


@pytest.mark.parametrize(
    ("head", "message"),
    [
        (b"id,text\n1,fine\n2,", "line 3: a row has more than 10,000,000 characters"),
        (b'id,text\n1,fine\n2,"', "line 3: a row has more than 10,000,000 characters"),
        (b"", "line 1: a row has more than 10,000,000 characters"),
    ],
)
def test_a_line_of_300_mb_is_refused_by_its_number_in_little_memory(head, message):
    size = 300_000_000
    file = File("t.csv", size, lambda: io.BufferedReader(Repeated(head, size)))
    tracemalloc.start()
    try:
        with pytest.raises(ReadError, match=rf"^t\.csv: {message}"):
            read(file)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert most < 100_000_000


def test_a_table_may_have_many_times_the_characters_of_its_longest_row():
    row = '7,"' + "word\n" * 1_000 + '"\n'

    assert len(cells(("id,text\n" + row * 3_000).encode())) == 3_000


def test_a_row_of_long_cells_is_refused_where_it_grows_too_long():
    row = ",".join(['"' + "word\n" * 900_000 + '"'] * 3)

    with pytest.raises(ReadError, match=r"a row has more than 10,000,000 characters"):
        read(f"a,b,c\n{row}\n".encode())


def test_a_cell_that_goes_on_over_lines_is_refused_where_it_begins():
    content = b'id,text\n1,fine\n2,"' + b"far\n" * 1_500_000

    with pytest.raises(ReadError, match=r"line 3: a cell has more than 5,000,000 characters"):
        read(content)


def test_a_short_row_ends_in_empty_cells():
    assert cells(b"id,text,label\n1,fine\n") == [["1", "fine", ""]]


def test_tables_with_tabs_keep_commas_and_semicolons_as_text():
    assert cells(b"a,b;d\tc\n1,2;3\t4\n", "t.tab") == [["1,2;3", "4"]]


@settings(max_examples=300, deadline=None)
@given(
    content=st.one_of(
        st.binary(max_size=300),
        st.text("ab1,;\t|\"'\r\n\0é\ud800", max_size=200).map(
            lambda text: text.encode("utf-8", "surrogatepass")
        ),
    ),
    name=st.sampled_from(["t.csv", "t.tsv", "t.json", "t.jsonl", "t.parquet", "t.xls", "t.ods"]),
)
def test_any_bytes_are_read_or_refused_in_a_sentence(content, name):
    with suppress(ReadError):
        file = File.of_bytes(content, name)
        how = readers.recognised(file)
        list(readers.rows(file, how).rows if how.rows else readers.articles(file, how))


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"id;text\n1;It rained, and the bridge held.\n", ["1", "It rained, and the bridge held."]),
        (b"text\nIt rained, and the bridge held.\n", ["It rained, and the bridge held."]),
        (b"id\ttext; a, b\n1\tIt rained.\n", ["1", "It rained."]),
    ],
)
def test_a_table_that_is_called_tsv_may_be_parted_otherwise(content, found):
    assert cells(content, "t.tsv") == [found]
