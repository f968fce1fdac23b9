"""Tables come in whole and right, or not at all and with the line named."""

from __future__ import annotations

import json
import random
from contextlib import suppress
from datetime import date, datetime

import pyarrow
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.core.errors import ReadError
from annotator.corpus import cells, readers
from annotator.corpus.file import File
from annotator.corpus.table_file import read_table


def write(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def parquet(rows):
    held = pyarrow.BufferOutputStream()
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), held)
    return held.getvalue().to_pybytes()


def test_a_row_of_empty_cells_is_left_out_unless_its_number_counts(tmp_path):
    path = write(tmp_path, "t.csv", "id,text\n1,one\n,\n2,two\n,\n , \n")

    assert [row["text"] for row in read_table(path).rows] == ["one", "two"]
    assert read_table(path).lines == [2, 4]
    assert [row["text"] for row in read_table(path, keep_blank=True).rows] == ["one", "", "two"]


def test_json_lines_lists_and_parquet_tell_the_same_table(tmp_path):
    rows = [{"id": 1, "labels": ["A", "B"], "ok": True}, {"id": 2, "labels": [], "extra": None}]
    lines = write(tmp_path, "t.jsonl", "\n".join(map(json.dumps, rows)))
    whole = write(tmp_path, "t.json", json.dumps(rows))
    packed = write(tmp_path, "t.parquet", parquet(rows))
    expected = [{"id": "1", "labels": "A|B", "ok": "true"}, {"id": "2", "labels": "", "ok": ""}]

    assert read_table(lines).rows == [row | {"extra": ""} for row in expected]
    assert read_table(whole).rows == [row | {"extra": ""} for row in expected]
    assert read_table(packed).rows == expected
    assert read_table(lines).lists == read_table(packed).lists == {"labels"}


@pytest.mark.parametrize(
    "found",
    [
        [{"id": 1, "text": "one"}, {"id": 2, "text": "two"}],
        {"data": [{"id": 1, "text": "one"}, {"id": 2, "text": "two"}]},
        {"response": {"total": 2, "results": [{"id": 1, "text": "one"}, {"id": 2, "text": "two"}]}},
        {"columns": ["id", "text"], "index": [0, 1], "data": [[1, "one"], [2, "two"]]},
    ],
)  # fmt: skip
def test_the_list_of_rows_is_found_inside_what_programs_put_around_it(tmp_path, found):
    table = read_table(write(tmp_path, "t.json", json.dumps(found)))

    assert table.rows == [{"id": "1", "text": "one"}, {"id": "2", "text": "two"}]


def test_json_lines_are_told_whatever_their_suffix(tmp_path):
    content = '{"id": "01", "text": "a\u2028b"}\n\n{"id": "02", "text": "c"}\n'

    for name in ("t.json", "t.jsonl", "t.ndjson"):
        table = read_table(write(tmp_path, name, content))
        assert [row["id"] for row in table.rows] == ["01", "02"]
        assert table.lines == [1, 3]


def test_parquet_writes_days_as_days_and_moments_with_their_time(tmp_path):
    row = {"day": date(2031, 5, 4), "at": datetime(2031, 5, 4), "to": datetime(2031, 5, 4, 9, 30)}

    table = read_table(write(tmp_path, "t.parquet", parquet([row | {"n": 1.5, "of": {"a": 1}}])))

    assert list(table.rows[0].values()) == [
        *("2031-05-04", "2031-05-04", "2031-05-04 09:30:00", "1.5"),
        '{"a": 1}',
    ]


def test_a_parquet_file_is_read_in_batches_and_in_order(tmp_path):
    rows = [{"id": n, "text": f"Day {n} came."} for n in range(2_500)]

    table = read_table(write(tmp_path, "named.csv", parquet(rows)))

    assert [row["id"] for row in table.rows] == [str(n) for n in range(2_500)]
    assert table.lines[-1] == 2_500


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("t.jsonl", '{"id": 1}\n{"id": \n', r"t\.jsonl: line 2: column 8: is not JSON"),
        ("t.jsonl", '{"id": 1}\n[1]\n', r"line 2: is not an object"),
        ("t.jsonl", '{"id": 1}\n{"id": 1, "id": 2}\n', r"line 2: column 'id' stands there twice"),
        ("t.jsonl", '{"text": "\\ud800"}\n', r"line 1: column 'text' holds half a character"),
        ("t.jsonl", '{"text": "a\\u0000"}\n', r"line 1: column 'text' holds a NUL"),
        ("t.jsonl", f'{{"text": "{"x" * (cells.LARGEST_CELL + 1)}"}}\n', "more than 5,000,000"),
        ("t.jsonl", " \n\n", "has no rows"),
        ("t.jsonl", "{}\n", "has no header"),
        ("t.json", "[]", "must be a list of objects"),
        ("t.json", '[{"id": 1}, 2]', "row 2: is not an object"),
        ("t.json", '{"id": 1}', "must be a list of objects"),
        ("t.json", '{"a": [{"id": 1}], "b": [{"id": 2}]}', "must be a list of objects"),
        ("t.json", "[" * 200_000, r"t\.json: is nested too deeply"),
        ("t.json", f"[{'9' * 9_999}]", r"t\.json: is not JSON that can be read"),
        ("t.parquet", "no parquet", "cannot be read as Parquet"),
        ("t.parquet", parquet([{"id": 1}])[:-9], "cannot be read as Parquet"),
        ("t.parquet", parquet([{"id": 1}]).replace(b"PAR1", b"PAR2"), "cannot be read as Parquet"),
        ("t.csv", "", "is empty"),
        ("t.csv", "id,text\n", "has no rows"),
        ("t.txt", "Osk sent envoys.", "is plain text, and no table; name one of .csv"),
    ],
)
def test_a_file_that_is_no_table_says_so_in_one_line(tmp_path, name, content, message):
    with pytest.raises(ReadError, match=message) as fault:
        read_table(write(tmp_path, name, content))

    assert "\n" not in str(fault.value)


def test_json_that_is_too_large_is_pointed_to_json_lines():
    file = File("t.json", 200 * 2**20, lambda: pytest.fail("was opened"))
    how = next(one for one in readers.FORMATS if one.name == "json")

    with pytest.raises(ReadError, match=r"200\.0 MB and the limit for JSON is 100 MB; .*\.jsonl"):
        readers.rows(file, how)


def test_a_missing_file_and_a_folder_say_so(tmp_path):
    with pytest.raises(ReadError, match="there is no such file"):
        read_table(tmp_path / "t.csv")
    (tmp_path / "d.csv").mkdir()
    with pytest.raises(ReadError, match="is a folder"):
        read_table(tmp_path / "d.csv")


ROWS = [{"id": n, "text": f"Day {n} came.", "of": ["a", "b"]} for n in range(20)]
WHOLE = {
    "t.json": json.dumps(ROWS).encode(),
    "t.jsonl": "\n".join(map(json.dumps, ROWS)).encode(),
    "t.parquet": parquet(ROWS),
    "t.csv": b"id,text\n" + b'1,"Osk, they say, came."\n' * 20,
}


@pytest.mark.parametrize("name", WHOLE)
@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 2**32), cut=st.booleans())
def test_a_damaged_table_is_read_or_refused_in_a_sentence(name, seed, cut):
    chance = random.Random(seed)
    content = bytearray(WHOLE[name])
    for _ in range(chance.randint(1, 20)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    if cut:
        del content[chance.randrange(1, len(content)) :]
    file = File.of_bytes(bytes(content), name)

    with suppress(ReadError):
        list(readers.rows(file, readers.recognised(file)).rows)
