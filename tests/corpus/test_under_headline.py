"""A pasted article: its headline, who wrote it, where and when it appeared, and nothing guessed."""

from __future__ import annotations

import pytest

from annotator.corpus import readers
from annotator.corpus.article import drafted
from annotator.corpus.file import File
from annotator.corpus.segment import segment

BODY = "The bridge is open. Nobody was hurt."


def read(text: str):
    file = File.of_bytes(text.encode(), "bridge.txt")
    (article,) = readers.articles(file, readers.recognised(file))
    return drafted(article, file)


def units(draft) -> list[str]:
    return [draft.text[one.start : one.end] for one in segment(draft, "en")]


SENTENCES = ["The bridge is open.", "Nobody was hurt."]
PASTED = {
    "By Ines Tarro\n14 March 2031\n\n": ("Ines Tarro", "", "2031-03-14"),
    "Korva Herald\n12 March 2031\n\n": ("", "Korva Herald", "2031-03-12"),
    "\nBy Ines Tarro\n\nThe Velm Post, March 12, 2031\n\n": (
        *("Ines Tarro", "The Velm Post", "2031-03-12"),
    ),
    "By INES TARRO and Berin de la Kalt | Velm Times\n": (
        *("INES TARRO and Berin de la Kalt", "Velm Times", ""),
    ),
    "Published on 14 March 2031\nby Ines Tarro\n\n": ("Ines Tarro", "", "2031-03-14"),
    "Korva Herald – 2031-03-12\n\n": ("", "Korva Herald", "2031-03-12"),
}


@pytest.mark.parametrize("lines", PASTED)
def test_lines_under_a_headline_are_fields_and_nobodys_sentence(lines):
    draft = read(f"Bridge reopens in Harrow\n{lines}{BODY}\n")

    assert (draft.author, draft.source, draft.published) == PASTED[lines]
    assert units(draft) == ["Bridge reopens in Harrow", *SENTENCES]
    named = {name for name in ("author", "source", "date") if name in draft.found}
    assert {draft.found[name] for name in named} == {"line under the headline"}
    assert len(named) == sum(map(bool, PASTED[lines]))


def test_a_dateline_behind_them_is_still_the_first_paragraphs():
    draft = read(f"Bridge reopens\n\nBy Ines Tarro\n\nKORVA — {BODY}\n")

    assert (draft.author, draft.place) == ("Ines Tarro", "KORVA")
    assert units(draft) == ["Bridge reopens", *SENTENCES]


def test_what_the_file_says_of_itself_counts_more():
    file = File.of_bytes(f"Bridge reopens\nBy Ines Tarro\n2031-03-12\n\n{BODY}".encode(), "a.txt")
    (article,) = readers.articles(file, readers.recognised(file))

    draft = drafted(article._replace(author="Berin Kalt", date="2031-05-01"), file)

    assert (draft.author, draft.published) == ("Berin Kalt", "2031-05-01")
    assert units(draft)[1:] == SENTENCES


@pytest.mark.parametrize(
    "opening",
    [
        "By Friday the bridge was full\n\n",  # a sentence, and no name
        "Velm Post\n\n",  # an outlet that nobody wrote for on any day may be a second headline
        "Talks End Without Result\n\n",
        "12/03/2031\n\n",  # two days
        "Ines Tarro\n\n",  # whoever that is
    ],
)
def test_what_may_be_something_else_is_left_in_the_text(opening):
    draft = read(f"Bridge reopens in Harrow\n\n{opening}{BODY}\n")

    assert (draft.author, draft.source, draft.published) == ("", "", "")
    assert opening.strip() in units(draft)


def test_lines_of_a_paragraph_that_is_no_headline_stay_together():
    draft = read(f"Bridge reopens in Harrow\nand the market with it\n\n{BODY}\n")

    assert draft.title == ""
    assert units(draft)[0] == "Bridge reopens in Harrow\nand the market with it"
