"""Files that are no articles: each is answered in a sentence, and the others come in."""

from __future__ import annotations

import random

import pytest

from annotator.corpus.segment import LONGEST_UNIT
from annotator.store import tables

GOOD = {"a.txt": b"Osk sent envoys. They were heard.", "z.txt": b"Velmar closed the road."}

REFUSED = {
    "binary": (
        random.Random(1).randbytes(5_000),
        "x.txt: this is binary, not plain text; save the article as UTF-8 text",
    ),
    "PDF": (
        b"%PDF-1.7\n" + bytes(500),
        "x.txt: the PDF is damaged or cut off; fetch it again, or open it and print it to a new "
        "PDF",
    ),
    "empty": (b"", "x.txt: the file is empty; give it some text or leave it out"),
    "blank": (b" \n\n \n", "x.txt: the file is empty; give it some text or leave it out"),
    "cut-off UTF-16": (
        b"\xff\xfe" + "Osk sent envoys.".encode("utf-16-le")[:-1],
        "x.txt: is marked as utf-16-le but byte 32 is not; save it as UTF-8",
    ),
    "one sentence of 1 MB": (
        b"word " * 200_000,
        "x.txt: the unit that begins 'word word word word word word word word ' has 999,999 "
        "characters and the limit is 100,000; put full stops or blank lines into it",
    ),
    "one word of 1 MB": (
        b"x" * 1_000_000,
        f"x.txt: the unit that begins '{'x' * 40}' has 1,000,000 "
        "characters and the limit is 100,000; put full stops or blank lines into it",
    ),
}

REPAIRED = {
    "UTF-16 without a mark": (
        "Osk sent envoys to Velmar. Nobody spoke.".encode("utf-16-le"),
        "x.txt: the encoding is not marked; it was read as UTF-16",
        ["Osk sent envoys to Velmar.", "Nobody spoke."],
    ),
    "a NUL": (
        b"Osk sent en\0voys.",
        "x.txt: 1 character that cannot be stored became U+FFFD",
        ["Osk sent en\ufffdvoys."],
    ),
    "a lone surrogate": (
        "Osk sent \udc80 envoys – twice.".encode("utf-8", "surrogatepass"),
        "x.txt: 1 character that cannot be stored became U+FFFD",
        ["Osk sent \ufffd envoys – twice."],
    ),
    "a lone surrogate in UTF-16": (
        b"\xff\xfe" + "Osk sent \ud800 envoys.".encode("utf-16-le", "surrogatepass"),
        "x.txt: 1 character that cannot be stored became U+FFFD",
        ["Osk sent \ufffd envoys."],
    ),
}


@pytest.fixture
def empty(make_project):
    return make_project(articles=())


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "articles"
    place.mkdir()
    for name, content in GOOD.items():
        (place / name).write_bytes(content)
    return place


def texts(project, file=None):
    units = tables.units(project.store)
    return [unit.text for unit in units if file in (None, unit.file)]


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_article_is_refused_by_name_and_the_others_come_in(
    annotator, empty, folder, kind
):
    content, sentence = REFUSED[kind]
    (folder / "x.txt").write_bytes(content)

    said = annotator("import", empty.path, folder)

    assert (said.code, said.lines) == (1, [sentence])
    assert "added 2 documents with 3 units" in said.out
    assert {unit.file for unit in tables.units(empty.store)} == set(GOOD)


@pytest.mark.parametrize("kind", REPAIRED)
def test_what_can_be_read_after_all_comes_in_and_says_what_was_done(annotator, empty, folder, kind):
    content, warning, sentences = REPAIRED[kind]
    (folder / "x.txt").write_bytes(content)

    said = annotator("import", empty.path, folder)

    assert (said.code, said.lines) == (0, [warning])
    assert texts(empty, "x.txt") == sentences
    assert len(texts(empty)) == 3 + len(sentences)


def test_a_long_paragraph_is_no_fault_and_a_longer_one_is_under_every_unit(
    annotator, empty, tmp_path
):
    (tmp_path / "long.txt").write_text("a" * (LONGEST_UNIT - 1) + ".", encoding="utf-8")
    (tmp_path / "longer.txt").write_text("a" * LONGEST_UNIT + ".", encoding="utf-8")

    for unit in ("sentence", "paragraph", "document"):
        assert annotator("import", empty.path, tmp_path / "longer.txt", "--unit", unit).code == 1
    assert annotator("import", empty.path, tmp_path / "long.txt").code == 0
    assert [len(text) for text in texts(empty)] == [LONGEST_UNIT]


def head(*lines):
    return ("\n".join(["---", *lines, "---", "", "Osk sent envoys."]) + "\n").encode()


@pytest.mark.parametrize(
    ("content", "warning"),
    [
        (
            head("title: Envoys", "date: 2031-02-30"),
            "x.txt: line 3: the date '2031-02-30' is not understood; write it like 2031-05-04",
        ),
        (
            head("title: Envoys", "they were sent", "source: Northwire"),
            "x.txt: line 3: 'they were sent' is not `key: value` and was kept aside; "
            "correct the line",
        ),
        (
            head("title: Envoys", "they were sent", "and heard"),
            "x.txt: line 3: 'they were sent' is not `key: value`, so all lines up to the next "
            "--- were taken as text; correct the line",
        ),
        (
            b"\n---\ntitle: Envoys\nsource: Northwire\n\nOsk sent envoys.\n",
            "x.txt: line 2: the head that begins here has no end, so it was taken as text; put a "
            "line of --- after its last `key: value`",
        ),
        (
            b"date: 2031-02-30\n\nOsk sent envoys.\n",
            "x.txt: the date '2031-02-30' is not understood; write it like 2031-05-04",
        ),
        (
            "KORVA, Ostravia, February 30, 2031 (NW) — Osk sent envoys.\n".encode(),
            "x.txt: the date 'February 30, 2031' is not understood; write it like 2031-05-04",
        ),
    ],
)
def test_a_fault_in_the_head_is_told_with_its_line(annotator, empty, tmp_path, content, warning):
    (tmp_path / "x.txt").write_bytes(content)

    said = annotator("import", empty.path, tmp_path / "x.txt")

    assert (said.code, said.lines) == (0, [warning])
    assert texts(empty)[-1] == "Osk sent envoys."


def test_one_bad_line_of_a_head_costs_none_of_the_others(annotator, empty, tmp_path):
    (tmp_path / "x.txt").write_bytes(head("title: Envoys", "they were sent", "source: Northwire"))

    annotator("import", empty.path, tmp_path / "x.txt")

    units = list(tables.units(empty.store))
    assert [(unit.text, unit.source) for unit in units] == [
        ("Envoys", "Northwire"),
        ("Osk sent envoys.", "Northwire"),
    ]


def test_prose_between_two_rules_stays_prose(annotator, empty, tmp_path):
    text = "---\nsource: of the river\nplace: unknown\n\nThey were heard.\n---\nThe end came."
    (tmp_path / "x.txt").write_text(text, encoding="utf-8")

    annotator("import", empty.path, tmp_path / "x.txt")

    assert "They were heard." in " ".join(texts(empty))


@pytest.fixture
def outlets(tmp_path):
    """Two outlets, each a folder; one text is the same in both."""
    for outlet in ("korva", "osten"):
        place = tmp_path / "news" / outlet / "may"
        place.mkdir(parents=True)
        (place / "own.txt").write_text(f"The {outlet} paper spoke.", encoding="utf-8")
        (place / "wire.txt").write_text("Osk sent envoys.", encoding="utf-8")
    return tmp_path / "news"


def sources(project):
    return sorted((unit.source, unit.text) for unit in tables.units(project.store))


@pytest.mark.parametrize("again", ["korva", "korva/may", "korva/may/own.txt", "."])
def test_what_came_in_with_a_folder_is_known_under_any_folder_in_it(
    annotator, empty, outlets, again
):
    annotator("import", empty.path, outlets)
    before = sources(empty)

    said = annotator("import", empty.path, outlets / again)

    assert said.code == 0
    assert "added 0 documents" in said.out
    assert sources(empty) == before


def test_a_text_that_is_here_without_an_outlet_comes_in_again_with_one_and_says_so(
    annotator, empty, outlets
):
    annotator("import", empty.path, outlets / "korva" / "may" / "own.txt")

    said = annotator("import", empty.path, outlets)

    assert said.lines == [
        "korva/may/own.txt: the same text is here without an outlet, and this is a second "
        "document (the first is own.txt); import it with the same folder or fields as before, or "
        "remove one of the two"
    ]
    assert "added 4 documents" in said.out


def test_the_same_text_of_two_outlets_is_two_documents(annotator, empty, outlets):
    annotator("import", empty.path, outlets)

    assert sources(empty) == [
        ("korva", "Osk sent envoys."),
        ("korva", "The korva paper spoke."),
        ("osten", "Osk sent envoys."),
        ("osten", "The osten paper spoke."),
    ]
