"""A file for Excel runs no formula of anybody's, and comes back as it was."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from annotator.corpus.table_file import read_table
from annotator.exchange import excel_csv, labels_csv, labels_reader
from annotator.exchange.columns import NUMERIC
from annotator.store import codebooks, tables

HOSTILE = st.text(
    alphabet=st.one_of(
        st.sampled_from("'\"=+-@\t\r\n;, ＝＋－＠"),
        st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    ),
    max_size=40,
)
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "＝")


def written(store, codings):
    out = io.StringIO(newline="")
    excel_csv.write(codings, codebooks.schemes(store), codebooks.current_scheme(store), out)
    return out.getvalue()


def with_memos(store, memos):
    """The toy's codings with these memos, and with units of these texts."""
    codings = list(tables.codings(store))
    return [
        coding._replace(memo=memo, unit=coding.unit._replace(text=memo, title=memo))
        for coding, memo in zip(codings, memos, strict=False)
    ]


def decisions(place, content, name="labels.csv"):
    (place / name).write_bytes(content.encode())
    return labels_reader.read_decisions(read_table(place / name), None)


@given(HOSTILE)
def test_a_guarded_cell_comes_back_as_it_was(cell):
    assert excel_csv.bare(excel_csv.guard(cell)) == cell


@given(HOSTILE)
@example("a;=1")
@example('a\n"=1')
@example("\r'=1")
def test_no_part_that_excel_may_take_for_a_cell_begins_with_a_formula(cell):
    guarded = excel_csv.guard(cell)
    parts = guarded.replace("\r", ";").replace("\n", ";").split(";")

    assert not guarded.startswith(FORMULAS)
    assert not [part for part in parts if part.lstrip('"').startswith(("=", "+", "-", "@"))]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(memos=st.lists(HOSTILE, min_size=7, max_size=7))
def test_texts_and_memos_come_back_from_the_file_as_they_went(toy, tmp_path, memos):
    codings = with_memos(toy, memos)

    read = decisions(tmp_path, written(toy, codings))

    assert [one.row["memo"] for one in read] == memos
    assert [one.row["text"] for one in read] == memos
    assert [one.answers for one in read] == [in_the_file(coding) for coding in codings]
    assert [one.row for one in read] == first_rows(toy, codings)


def in_the_file(coding):
    """The answers as the long table has them, each with its first span."""
    return tuple(a.model_copy(update={"spans": a.spans[:1]}) for a in coding.answers)


def first_rows(store, codings):
    """The first row of each decision in the plain long table."""
    out = io.StringIO(newline="")
    labels_csv.write(codings, codebooks.schemes(store), codebooks.current_scheme(store), out)
    found = {}
    for row in csv.DictReader(io.StringIO(out.getvalue(), newline=""), strict=True):
        found.setdefault(row["decision_id"], row)
    return list(found.values())


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(memos=st.lists(HOSTILE, min_size=7, max_size=7))
def test_every_text_cell_of_the_file_is_guarded_and_no_number_is(toy, memos):
    codings = [one._replace(seconds=-1.5) for one in with_memos(toy, memos)]

    rows = csv.DictReader(io.StringIO(written(toy, codings).lstrip("\ufeff"), newline=""))

    for row in rows:
        exposed = [n for n, cell in row.items() if n not in NUMERIC and cell.startswith(FORMULAS)]
        assert (exposed, row["seconds"]) == ([], "-1.5")


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(holder=HOSTILE.filter(str.strip))
def test_holders_and_evidence_are_guarded_and_come_back(toy, tmp_path, holder):
    (coding,) = [one for one in tables.codings(toy) if any(a.holder for a in one.answers)]
    answers = tuple(
        answer.model_copy(update={"holder": answer.holder and holder})
        for answer in coding.answers
        if answer.holder in ("", "Dan Rell")
    )
    unit = coding.unit._replace(text="!=1+1" + coding.unit.text[5:])
    content = written(toy, [coding._replace(answers=answers, unit=unit)])

    (read,) = decisions(tmp_path, content)

    rows = csv.DictReader(io.StringIO(content.lstrip("\ufeff"), newline=""))
    (row,) = [row for row in rows if row["holder"]]
    assert (row["holder"], row["span_text"][:5]) == (excel_csv.guard(holder), "'=1+1")
    assert (read.answers[-1].holder, read.answers[-1].spans) == (holder, answers[-1].spans)


def test_the_file_begins_with_a_mark_and_its_lines_end_in_cr_lf(toy):
    content = written(toy, tables.codings(toy)).encode()

    assert content.startswith(b"\xef\xbb\xbfdecision_id,")
    assert content.endswith(b"\r\n")


def test_an_apostrophe_of_the_plain_table_is_nobodys_guard(toy, tmp_path):
    codings = with_memos(toy, ["'=1+1"])
    out = io.StringIO(newline="")
    labels_csv.write(codings, codebooks.schemes(toy), codebooks.current_scheme(toy), out)

    (read,) = decisions(tmp_path, out.getvalue())

    assert read.row["memo"] == "'=1+1"


@pytest.mark.parametrize(("delimiter", "name"), [(";", "l.csv"), ("\t", "l.csv"), ("\t", "l.tsv")])
def test_what_a_european_excel_saves_is_read(toy, tmp_path, delimiter, name):
    codings = with_memos(toy, ["=1+1", "a\r\n-b", "'+", "ä; @x", "", "x", "y"])
    rows = list(csv.reader(io.StringIO(written(toy, codings).lstrip("\ufeff"), newline="")))
    seconds = rows[0].index("seconds")
    for row in rows[1:]:
        row[seconds] = row[seconds].replace(".", ",")
    out = io.StringIO(newline="")
    out.write("\ufeff")
    csv.writer(out, delimiter=delimiter).writerows(
        [cell.replace("\r\n", "\n") for cell in row] for row in rows
    )

    read = decisions(tmp_path, out.getvalue(), name)

    assert [one.row["memo"] for one in read] == [
        *("=1+1", "a\n-b", "'+", "ä; @x", "", "x", "y"),
    ]
    assert [one.seconds for one in read] == [4.25, None, 12.062, None, 2.0, None, None]
    assert [one.answers for one in read] == [in_the_file(coding) for coding in codings]


def test_the_length_of_a_cell_is_counted_as_excel_counts_it(toy):
    codings = with_memos(toy, ["x" * 32_767, "🕊" * 16_384])
    out = io.StringIO(newline="")

    told = excel_csv.write(codings, codebooks.schemes(toy), codebooks.current_scheme(toy), out)

    # Three rows of the second decision, each with text, title and memo; the first just fits.
    assert told.long_cells == 9


def test_more_rows_than_a_sheet_has_are_told():
    (told,) = excel_csv.Written(rows=2_000_000, long_cells=0).warnings()

    assert "Excel shows 1,048,575 of the 2,000,000 rows" in told
