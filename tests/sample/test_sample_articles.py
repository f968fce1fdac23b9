"""The sample: articles that read as files of four outlets, in the words of its codebook."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from annotator import sample
from annotator.core.codebook import Target
from annotator.corpus import readers
from annotator.corpus.article import drafted
from annotator.corpus.folders import walk
from annotator.corpus.segment import segment
from annotator.exchange import codebook_toml

LABELS = Path(__file__).parents[2] / "labels"
ARTICLES = [(path, folder) for path, _, folder in walk([sample.articles()])]
IDS = [path.stem for path, _ in ARTICLES]

REAL = """
africa albania algeria america armenia artsakh asia australia austria azerbaijan baku belarus
belgium bosnia brazil britain bulgaria canada caucasus chechnya chile china croatia cyprus czech
denmark donbas egypt england estonia europe finland france gaza georgia germany greece hungary
india iran iraq ireland israel italy japan jordan karabakh kashmir kazakhstan kosovo kremlin
kuwait kyiv latvia lebanon libya lithuania london macedonia mexico moldova moscow nagorno nato
netherlands norway ossetia pakistan palestine paris poland portugal romania russia serbia
slovakia slovenia spain stepanakert sudan sweden switzerland syria taiwan tbilisi transnistria
turkey turkish ukraine un usa vietnam washington yemen yerevan yugoslavia
"""


def draft_of(path: Path):
    file = readers.of_path(path)
    (article,) = readers.articles(file, readers.recognised(file))
    return drafted(article, file)


def sentences(path: Path) -> list[str]:
    draft = draft_of(path)
    return [draft.text[each.start : each.end] for each in segment(draft, "en")]


def test_four_outlets_tell_three_weeks_in_thirty_articles_and_more():
    outlets = Counter(folder for _, folder in ARTICLES)
    days = sorted(date.fromisoformat(path.stem[:10]) for path, _ in ARTICLES)

    assert set(outlets) == {"norrel-gazette", "osten-courier", "sedd-valley-post", "velmar-wire"}
    assert outlets.total() >= 30
    assert min(outlets.values()) >= 4
    assert (days[-1] - days[0]).days >= 20


def test_there_are_sentences_enough_to_learn_from():
    assert 500 <= sum(len(sentences(path)) for path, _ in ARTICLES) <= 800


@pytest.mark.parametrize(("path", "folder"), ARTICLES, ids=IDS)
def test_an_article_tells_its_outlet_and_the_day_it_is_named_for(path, folder):
    draft = draft_of(path)

    assert draft.source.lower().replace(" ", "-") == folder
    assert draft.published == path.stem[:10]
    assert draft.place
    assert draft.warnings == ()


@pytest.mark.parametrize(("path", "folder"), ARTICLES, ids=IDS)
def test_an_article_has_eight_to_thirty_one_sentences(path, folder):
    draft = draft_of(path)

    told = [each for each in segment(draft, "en") if each.part != "headline"]

    assert 8 <= len(told) <= 31


@pytest.mark.parametrize(("path", "folder"), ARTICLES, ids=IDS)
def test_an_article_names_no_real_state_or_place(path, folder):
    words = set(re.findall(r"[a-z]+", path.read_text(encoding="utf-8").lower()))

    assert words & set(REAL.split()) == set()


def test_two_outlets_print_the_same_agency_copy_nearly_word_for_word():
    one, other = (
        set(sentences(sample.articles() / name))
        for name in (
            "norrel-gazette/2021-05-14-prisoners.txt",
            "sedd-valley-post/2021-05-14-bridge.txt",
        )
    )

    assert len(one & other) >= 10
    assert one != other


def test_the_sample_has_a_shipped_codebook_and_targets_it_can_take():
    codebook = codebook_toml.load(LABELS / f"{sample.CODEBOOK}.toml")
    targets = [
        Target(name=name, title=title, aliases=aliases) for name, title, aliases in sample.TARGETS
    ]

    aimed = codebook.with_targets(targets)

    assert codebook_toml.parse(codebook_toml.dump(aimed), "sample.toml") == aimed
