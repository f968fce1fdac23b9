"""The sample: articles that read as files of two outlets, in the words of its codebook."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator import sample
from annotator.core.codebook import Target
from annotator.corpus.readers import read_file, walk
from annotator.corpus.segment import segment
from annotator.exchange import codebook_toml

LABELS = Path(__file__).parents[2] / "labels"
ARTICLES = [(path, folder) for path, _, folder in walk([sample.articles()])]
IDS = [path.stem for path, _ in ARTICLES]


def test_two_outlets_have_five_articles_each():
    folders = [folder for _, folder in ARTICLES]

    assert sorted(folders) == ["osten-courier"] * 5 + ["velmar-wire"] * 5


@pytest.mark.parametrize(("path", "folder"), ARTICLES, ids=IDS)
def test_an_article_tells_its_outlet_and_the_day_it_is_named_for(path, folder):
    (draft,) = read_file(path)

    assert draft.source.lower().replace(" ", "-") == folder
    assert draft.published == path.stem[:10]
    assert draft.warnings == ()


@pytest.mark.parametrize(("path", "folder"), ARTICLES, ids=IDS)
def test_an_article_has_eight_to_sixteen_sentences(path, folder):
    (draft,) = read_file(path)

    told = [each for each in segment(draft, "en") if each.part != "headline"]

    assert 8 <= len(told) <= 16


def test_the_sample_has_a_shipped_codebook_and_targets_it_can_take():
    codebook = codebook_toml.load(LABELS / f"{sample.CODEBOOK}.toml")
    targets = [
        Target(name=name, title=title, aliases=aliases) for name, title, aliases in sample.TARGETS
    ]

    aimed = codebook.with_targets(targets)

    assert codebook_toml.parse(codebook_toml.dump(aimed), "sample.toml") == aimed
