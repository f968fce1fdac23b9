"""Which documents tell the same story: promises on texts made for each of them."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.corpus import duplicates
from annotator.corpus.duplicates import SHORTEST, grouped, signatures
from annotator.corpus.stretches import words_of

SYLLABLES = ["ka", "ro", "mi", "ten", "sal", "vor", "ne", "lu", "dar", "pi", "sho", "gra", "bel"]


class Press:
    """Writes articles of words that nobody has used, and rewrites them as editors do."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.words = ["".join(self.chance.choices(SYLLABLES, k=3)) for _ in range(2_000)]

    def sentence(self) -> str:
        return " ".join(self.chance.choices(self.words, k=self.chance.randint(8, 20))) + "."

    def article(self, sentences: int = 14) -> list[str]:
        return [self.sentence() for _ in range(sentences)]

    def changed(self, text: str, share: float) -> str:
        """The text with this share of its words replaced."""
        return " ".join(
            self.chance.choice(self.words) if self.chance.random() < share else word
            for word in text.split()
        )

    def light(self, article: list[str]) -> str:
        """With a dateline, and one word changed."""
        words = " ".join(article).split()
        words[self.chance.randrange(len(words))] = self.chance.choice(self.words)
        return "VELM, 4 May — " + " ".join(words)

    def medium(self, article: list[str]) -> str:
        """A fifth of the sentences dropped, one added, two in a hundred words changed."""
        kept = [one for one in article if self.chance.random() >= 0.2]
        kept.insert(self.chance.randrange(len(kept) + 1), self.sentence())
        return self.changed(" ".join(kept), 0.02)


@pytest.fixture
def press():
    return Press(seed=3)


def groups_of(texts, **stated):
    return grouped(signatures(texts), texts.__getitem__, **stated)


def test_light_rewrites_are_all_found_and_medium_ones_nearly(press):
    articles = [press.article(press.chance.randint(8, 20)) for _ in range(600)]
    texts = [" ".join(one) for one in articles]
    texts += [press.light(one) for one in articles[:300]]
    texts += [press.medium(one) for one in articles[300:]]

    first = groups_of(texts).first

    assert first[600:900] == list(range(300))
    found = sum(one == number for number, one in enumerate(first[900:], 300))
    assert found >= 0.92 * 300


def test_documents_of_other_stories_stay_apart(press):
    texts = [" ".join(press.article()) for _ in range(500)]

    assert groups_of(texts).first == list(range(500))


def test_a_copy_that_was_cut_to_a_half_is_known_by_what_stands_in_the_whole(press):
    article = press.article(30)
    texts = [" ".join(article), " ".join(article[:15])]

    assert duplicates.likeness(*signatures(texts)) < 0.6
    assert groups_of(texts).first == [0, 0]


def test_how_a_text_is_set_makes_no_difference():
    words = " ".join(f"word{number} is here" for number in range(30))
    texts = [words, words.upper().replace(" IS ", "\n\nIS — "), f"“{words}!”"]

    assert groups_of(texts).first == [0, 0, 0]


@pytest.mark.parametrize(
    "rows",
    [
        ["The road is closed.", "the ROAD is closed", "The road is open."],
        ["متى يفتح الطريق؟", "متى يفتح الطريق", "متى يغلق الطريق"],
        ["道路已关闭。", "道路已关闭", "道路已开放。"],
    ],
)
def test_rows_of_a_few_words_are_copies_only_of_the_same_letters(rows):
    assert groups_of(rows).first == [0, 0, 2]


def test_texts_without_words_are_nobodys_copies():
    assert groups_of(["", "…", "", "— —"]).first == [0, 1, 2, 3]


def test_near_copies_are_looked_for_from_thirty_words_on():
    words = [f"word{number}" for number in range(SHORTEST)]
    changed = [*words[:-1], "other"]
    pair = [" ".join(words), " ".join(changed)]
    shorter = [" ".join(words[1:]), " ".join(changed[1:])]

    assert groups_of(pair).first == [0, 0]
    assert groups_of(shorter).first == [0, 1]


def test_signs_without_spaces_between_them_count_as_words(press):
    signs = "".join(press.chance.choices([chr(code) for code in range(0x4E00, 0x5E00)], k=400))
    texts = [signs, signs[:200] + "新" + signs[201:], signs[::-1]]

    assert groups_of(texts).first == [0, 0, 2]


def test_no_chain_of_small_steps_leads_from_one_story_to_another(press):
    words = " ".join(press.article(120)).split()
    texts = [" ".join(words[at : at + 300]) for at in range(0, len(words) - 300, 60)]

    first = groups_of(texts).first

    ends = [number for number, one in enumerate(first) if one == 0]
    assert max(ends) * 60 < 300
    assert len(set(first)) > 4


def test_a_document_that_is_like_two_clusters_joins_them_under_the_older_name(press):
    article = press.article(20)
    # The halves overlap so much that whoever has both is like either, and they like each other.
    texts = [" ".join(article[:14]), " ".join(article[6:]), " ".join(article)]
    first, second = signatures(texts[:2])

    assert duplicates.likeness(first, second) < 0.5
    assert groups_of(texts).first == [0, 0, 0]


def test_a_round_up_does_not_join_the_stories_that_it_reprints(press):
    stories = [" ".join(press.article(12)) for _ in range(2)]
    texts = [*stories, " ".join(stories)]

    first = groups_of(texts).first

    assert first[:2] == [0, 1]


def test_doubtful_pairs_are_suggested_and_not_brought_together(press):
    shared = press.article(12)
    texts = [" ".join(shared + press.article(11)) for _ in range(2)]

    found = groups_of(texts)

    assert found.first == [0, 1]
    assert [one[:2] for one in found.suggested] == [(1, 0)]


def test_what_was_grouped_before_stays_and_what_comes_later_joins(press):
    article = press.article()
    texts = [" ".join(article), "x " * 40, press.light(article), press.light(article)]

    # Somebody had put the second one with the first; no run takes it out again.
    assert groups_of(texts, before=[0, 0, 0]).first == [0, 0, 0, 0]


def test_the_result_is_the_same_in_one_run_and_in_two(press):
    articles = [press.article() for _ in range(50)]
    texts = [" ".join(one) for one in articles] + [press.medium(one) for one in articles]

    whole = groups_of(texts).first
    early = groups_of(texts[:70]).first

    assert groups_of(texts, before=early).first == whole


def test_documents_that_were_parted_are_never_brought_together(press):
    article = press.article()
    texts = [" ".join(article), press.light(article), press.light(article)]

    assert groups_of(texts, apart=[(1, 0)]).first in ([0, 1, 0], [0, 1, 1])


@pytest.mark.timeout(60)  # every pair of either, 12.5 million, would take longer than that
def test_a_band_that_thousands_share_is_one_group(press):
    article = " ".join(press.article())
    varied = [press.changed(article, 0.02) for _ in range(5_000)]

    same, near = groups_of([article] * 5_000).first, groups_of(varied).first

    assert set(same) == {0}
    assert near.count(0) > 4_900


def test_a_signature_is_the_same_in_every_process_and_release():
    text = " ".join(f"word{number}" for number in range(40))

    signed = duplicates.signature(text)

    assert len(signed) == duplicates.SIZE
    assert signed[:8].hex() == "16cc58c1dc818cc0"


def test_the_title_and_the_date_line_are_not_compared():
    text = "Bridge open\n\nVELM, 4 May\n\nIt is open."

    assert duplicates.body(text, "Bridge open", [(13, 24)]).split() == ["It", "is", "open."]


@given(st.text(), st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=4))
def test_the_body_of_any_text_is_made_of_its_own_characters(text, spans):
    furniture = [(min(pair), max(pair)) for pair in spans]
    dropped = {at for start, end in furniture for at in range(start, end)}

    kept = "".join(letter for at, letter in enumerate(text) if at not in dropped)

    assert duplicates.body(text, "", furniture).replace("\n", "") == kept.replace("\n", "")


@given(st.lists(st.text(max_size=60), max_size=8))
def test_any_text_can_be_signed(texts):
    assert [len(one) in (0, 8, duplicates.SIZE) for one in signatures(texts)] == [True] * len(texts)


@given(st.text(alphabet=st.characters(max_codepoint=0x2030)))
def test_texts_that_are_taken_apart_as_bytes_have_the_words_of_any_other(text):
    by_letters = re.findall(r"\w+", text.casefold())

    assert [word.decode() for word in words_of(text)] == by_letters
