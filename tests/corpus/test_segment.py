"""Sentences of news text: quotations, left-over abbreviations, furniture, and the offsets."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.document import Draft
from annotator.corpus.segment import SEGMENTER, SEGMENTERS, segment
from annotator.corpus.wire import read_wire

ARTICLE = (
    " date 2031-05-04 KORVA, Ostravia, May 4. The bridge over the Lem was closed by the so-called "
    "border guard, Ilena Marsh, a lawyer at the Korva Forum, told Northwire.\n\n"
    '"Their patrols have hurt many families. The so-called "peace line" is nobody\'s border. '
    'We want it gone," she said.\n\n'
    "Talks begin at 13:00 (GMT+4) on Friday. At the same time, Sund keeps its posts.\n"
)


def draft(text: str, **fields: object) -> Draft:
    return Draft(text=text, file="a.txt", file_sha256="", **fields)


def sentences(text: str, language: str = "en", **fields: object) -> list[str]:
    return [text[unit.start : unit.end] for unit in segment(draft(text, **fields), language)]


def wire_article() -> Draft:
    return draft(ARTICLE, furniture=read_wire(ARTICLE).furniture)


def test_a_quotation_of_three_sentences_is_three_units():
    found = sentences(ARTICLE, furniture=read_wire(ARTICLE).furniture)

    assert found[1:4] == [
        '"Their patrols have hurt many families.',
        'The so-called "peace line" is nobody\'s border.',
        'We want it gone," she said.',
    ]


def test_the_date_line_and_the_dateline_are_no_units():
    found = segment(wire_article(), "en")

    assert ARTICLE[found[0].start :].startswith("The bridge over the Lem")
    assert [(unit.paragraph, unit.part) for unit in found] == [
        (0, "lead"),
        (1, "body"),
        (1, "body"),
        (1, "body"),
        (2, "body"),
        (2, "body"),
    ]


def test_a_headline_is_one_unit_even_where_it_has_two_sentences():
    text = "Bridge closed. Who pays?\n\nThe bridge is closed. Nobody pays.\n\nThat is all."

    found = segment(draft(text, headline_end=24), "en")

    assert [(unit.paragraph, unit.part) for unit in found] == [
        (0, "headline"),
        (1, "lead"),
        (1, "lead"),
        (2, "body"),
    ]
    assert text[found[0].start : found[0].end] == "Bridge closed. Who pays?"


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", '"Is it over?" he asked. She left.', ['"Is it over?" he asked.', "She left."]),
        ("en", "He waited… Nobody came.", ["He waited…", "Nobody came."]),
        ("en", "(They left.) We stayed.", ["(They left.)", "We stayed."]),
        ("en", "See news.asp?id=4 for more. Then go.", ["See news.asp?id=4 for more.", "Then go."]),
        ("en", "Talks end at 5 p.m. Monday. He left.", ["Talks end at 5 p.m. Monday.", "He left."]),
        ("en", "1. The bridge opens.", ["1. The bridge opens."]),
        ("en", "Lt. Col. Marsh met Mr. Doe.", ["Lt. Col. Marsh met Mr. Doe."]),
        ("fr", "M. Marsh est venu. Il part.", ["M. Marsh est venu.", "Il part."]),
        ("ru", "В. Марш ушёл. «Да. Нет».", ["В. Марш ушёл.", "«Да.", "Нет»."]),
        (
            "ru",
            "Дали 5 млн. руб. за год. Это ген. Марш.",
            ["Дали 5 млн. руб. за год.", "Это ген. Марш."],
        ),
        ("ru", "Война шла в 1941–1945 гг. на юге.", ["Война шла в 1941–1945 гг. на юге."]),
        ("tr", "Komutan 3. Ordu için konuştu. Gitti.", ["Komutan 3. Ordu için konuştu.", "Gitti."]),
        ("az", "Körpü bağlıdır. 3. Ordu gəldi.", ["Körpü bağlıdır.", "3. Ordu gəldi."]),
        ("ar", "قال د. أحمد نعم. هل هذا صحيح؟ لا.", ["قال د. أحمد نعم.", "هل هذا صحيح؟", "لا."]),
        ("hy", "Բարեւ։ Ո՞վ է։", ["Բարեւ։", "Ո՞վ է։"]),
        ("zh", "他说：“是。不是。”我们走了。", ["他说：“是。", "不是。”", "我们走了。"]),
        ("ja", "「そうです。」と言った。次の文。", ["「そうです。」と言った。", "次の文。"]),
        ("xx", "One here. Two here.", ["One here.", "Two here."]),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(language, text, expected):
    assert sentences(text, language) == expected


def test_a_bullet_line_opens_a_unit_of_its_own():
    text = "The demands are:\n- open the bridge\n- free the crew\n(2) pay"

    assert sentences(text) == [
        "The demands are:",
        "- open the bridge",
        "- free the crew",
        "(2) pay",
    ]


def test_a_short_line_over_a_long_one_is_a_subheading():
    text = "Background\nThe bridge over the Lem was built by both states and closed in May."

    assert sentences(text)[0] == "Background"


def test_a_sentence_that_runs_over_a_line_end_stays_whole():
    assert sentences("The bridge\nis closed. It stays so.") == [
        "The bridge\nis closed.",
        "It stays so.",
    ]


def test_lines_without_blank_lines_are_paragraphs_when_each_ends_a_sentence():
    found = segment(draft("The bridge is closed.\nNobody pays.\nTalks begin."), "en")

    assert [unit.paragraph for unit in found] == [0, 1, 2]


def test_paragraph_units_leave_the_dateline_out():
    found = SEGMENTERS["paragraph"](wire_article(), "en")

    assert [unit.paragraph for unit in found] == [0, 1, 2]
    assert ARTICLE[found[0].start :].startswith("The bridge")


def test_the_document_unit_runs_from_the_first_word_to_the_last():
    [unit] = SEGMENTERS["document"](wire_article(), "en")

    assert ARTICLE[unit.start :].startswith("The bridge")
    assert ARTICLE[unit.end :] == "\n"


def test_the_segmenter_names_its_version():
    assert re.fullmatch(r"sentencex 1\.\d+\.\d+/layer 1", SEGMENTER)


PIECES = st.sampled_from(
    [
        *("The bridge. ", "он ", "3. ", "Mr. ", "M. ", "a.b", '"', "“", "”", "«", "»", "’"),
        *(". ", "…", "? ", "! ", "։ ", "。", "「", "」と", "\n", "\n\n", "\r\n", "\t", "\u2028"),
        *("- a ", "1. ", "(2) ", " date 2031-05-04 ", "KORVA, May 4. "),
        *("😀", "e\u0301", "\0", "\ufeff", "\u00a0"),
    ]
)
TEXTS = st.one_of(st.text(st.characters(exclude_categories=["Cs"])), st.lists(PIECES).map("".join))


@pytest.mark.parametrize("name", SEGMENTERS)
@given(
    text=TEXTS, language=st.sampled_from(["en", "ru", "tr", "hy", "zh", "ja", ""]), cut=st.data()
)
def test_every_letter_outside_the_furniture_lies_in_exactly_one_unit(name, text, language, cut):
    end = cut.draw(st.integers(0, len(text)))
    spans = read_wire(text, end).furniture
    units = SEGMENTERS[name](draft(text, headline_end=end, furniture=spans), language)
    left_out = {at for start, stop in spans for at in range(start, stop)}
    seen = [at for unit in units for at in range(unit.start, unit.end)]

    assert seen == sorted(set(seen))
    assert all(text[u.start : u.end].strip() == text[u.start : u.end] != "" for u in units)
    wanted = {at for at, c in enumerate(text) if not c.isspace()} - left_out
    assert wanted <= set(seen)
    if name == "sentence":
        assert not left_out & set(seen)


@given(text=TEXTS)
def test_paragraph_numbers_count_from_0_without_gaps(text):
    numbers = [unit.paragraph for unit in segment(draft(text), "en")]

    assert sorted(set(numbers)) == list(range(len(set(numbers))))
    assert numbers == sorted(numbers)
