"""Every span of evidence is a row that stands alone, and is read back where it stood."""

from __future__ import annotations

import csv
import io

import pytest

from annotator.core.errors import TableError
from annotator.corpus.table_file import read_table
from annotator.exchange import labels_csv, labels_reader, spans_csv
from annotator.store import codebooks, tables

PROMISED = (
    "decision_id,document_id,file,title,source,published,unit_id,start,end,text,coder,layer,round,"
    "pass,arm,variable,target,holder,holder_type,code,use,explicit,confidence,span_index,"
    "span_start,span_end,span_text"
)


def written(store):
    out = io.StringIO(newline="")
    rows = spans_csv.write(tables.codings(store), codebooks.schemes(store), out)
    table = list(csv.DictReader(io.StringIO(out.getvalue(), newline=""), strict=True))
    assert len(table) == rows
    return table


def told(rows, *columns):
    return [tuple(row[column] for column in columns) for row in rows]


@pytest.fixture
def files(toy, tmp_path):
    """The toy's labels and spans as files; the first is changed by a test before it is read."""
    labels, spans = tmp_path / "labels.csv", tmp_path / "spans.csv"
    with labels.open("w", newline="", encoding="utf-8") as out:
        labels_csv.write(
            tables.codings(toy), codebooks.schemes(toy), codebooks.current_scheme(toy), out
        )
    with spans.open("w", newline="", encoding="utf-8") as out:
        spans_csv.write(tables.codings(toy), codebooks.schemes(toy), out)
    return labels, spans


def decisions(files):
    labels, spans = files
    return labels_reader.read_decisions(read_table(labels), None, spans_csv.read(read_table(spans)))


def change(path, before, after):
    content = path.read_text(encoding="utf-8")
    assert before in content
    path.write_text(content.replace(before, after), encoding="utf-8")


def test_columns_stand_in_the_promised_order():
    assert ",".join(spans_csv.COLUMNS) == PROMISED


def test_spans_of_one_code_are_numbered_in_the_order_of_the_text(toy):
    rows = [row for row in written(toy) if row["code"] == "sovereignty"]

    assert told(rows, "span_index", "span_start", "span_end", "span_text") == [
        ("0", "0", "7", "Norland"),
        ("1", "18", "25", "to talk"),
    ]


def test_the_same_words_are_a_row_for_each_holder_that_they_are_evidence_of(toy):
    rows = [row for row in written(toy) if row["span_text"] == "We rule here"]

    assert told(rows, "target", "holder", "holder_type", "code", "explicit", "confidence") == [
        ("norland", "Mira Osk", "", "favor", "explicit", "3"),
        ("norland", "Dan Rell", "expert", "against", "implied", ""),
    ]


def test_the_words_stand_where_the_row_says_in_its_own_text(toy):
    for row in written(toy):
        start, end, begins = (int(row[name]) for name in ("span_start", "span_end", "start"))

        assert row["text"][start - begins : end - begins] == row["span_text"] != ""


def test_a_row_names_the_article_that_it_is_from(toy):
    (row,) = [row for row in written(toy) if row["span_text"].endswith("🕊")]

    assert (row["file"], row["source"], row["published"], row["pass"]) == (
        *("rain.txt", "The Esmar Post", "2025-03", "2"),
    )


def test_the_long_table_counts_the_spans_and_has_the_first(files):
    rows = read_table(files[0]).rows
    by_code = {(row["code"], row["holder"], row["status"]): row for row in rows}
    columns = ("n_spans", "span_start", "span_end", "span_text")

    assert told([by_code["sovereignty", "", "coded"]], *columns) == [("2", "0", "7", "Norland")]
    assert told([by_code["favor", "", "coded"]], *columns) == [("0", "", "", "")]
    assert {told([row], *columns)[0] for row in rows if not row["code"]} == {("", "", "", "")}


def test_both_tables_together_give_the_answers_that_were_written(toy, files):
    assert [one.answers for one in decisions(files)] == [
        coding.answers for coding in tables.codings(toy)
    ]


def test_another_table_is_no_table_of_spans(files):
    change(files[1], "span_end", "ending")

    with pytest.raises(TableError, match=r"spans\.csv: is no table of spans, .* column span_end"):
        decisions(files)


def test_a_place_that_is_no_number_is_named_with_its_line(files):
    change(files[1], ",0,7,Norland", ",0,seven,Norland")

    with pytest.raises(TableError, match=r"spans\.csv: line 2: span_end: 'seven' is not a whole"):
        decisions(files)


@pytest.mark.parametrize(
    ("which", "read"),
    [(0, lambda table: labels_reader.read_decisions(table, None)), (1, spans_csv.read)],
    ids=["labels", "spans"],
)
def test_words_that_do_not_stand_at_their_place_are_refused(files, which, read):
    change(files[which], ",0,7,Norland", ",1,8,Norland")
    table = read_table(files[which])

    with pytest.raises(TableError, match=r"s\.csv: line 2: 'Norland' does not stand at 1 to 8"):
        read(table)


def test_a_text_whose_line_ends_were_rewritten_is_not_held_against_its_spans(files):
    change(files[1], ",Norland and Esmar to talk,ana", ",Norland and Esmar to  talk,ana")

    assert [len(one.answers) for one in decisions(files)] == [2, 0, 3, 3, 0, 0, 1]


def test_tables_of_two_moments_are_refused(files):
    lines = files[1].read_text(encoding="utf-8").splitlines(keepends=True)
    files[1].write_text("".join([lines[0], *lines[2:]]), encoding="utf-8")

    with pytest.raises(TableError) as fault:
        decisions(files)

    assert str(fault.value) == (
        "labels.csv: line 2: sovereignty has 2 spans, and spans.csv has 1 of them; export both "
        "again, one right after the other"
    )
