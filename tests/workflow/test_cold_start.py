"""Ranking sentences for codes that no model knows: who is left in, what counts, what is said."""

from __future__ import annotations

import csv

import pytest

from annotator.core.document import Draft, Segment
from annotator.core.query import SearchError
from annotator.learn.sampling import RESERVED
from annotator.store import catalogue, codebooks, documents, events, lists
from annotator.workflow import analysing, cold_start, keywords, projects
from annotator.workflow.cold_start import RankingError
from tests.conftest import AT, frame, stance

PEACE = ("frame", "", "peace")


@pytest.fixture
def project(empty_toy, tmp_path, monkeypatch):
    monkeypatch.setenv("ANNOTATOR_HOME", str(tmp_path / "home"))
    opened = projects.open_project(empty_toy.path)
    yield opened
    opened.store.close()


def add(project, *sentences, draw=0.5, name="more"):
    """An article of these sentences."""
    segments, at = [], 0
    for text in sentences:
        segments.append(Segment(start=at, end=at + len(text), paragraph=0, part="lead"))
        at += len(text) + 1
    draft = Draft(text=" ".join(sentences), file=f"{name}.txt", file_sha256="0" * 64)
    documents.add_documents(
        project.store, [(draft, segments)], segmenter="toy", draw=lambda unit: draw, at=AT
    )
    return draft.document_id


def ranked(project, place=PEACE, coder="ana", **fields):
    found = cold_start.ranking(project, place, coder, **fields)
    return [hit.unit.text for hit in found.hits]


def test_sentences_are_ranked_where_nothing_is_coded(project):
    assert len(ranked(project)) == 9


def test_the_definition_alone_puts_a_sentence_first(project):
    add(project, "A cat slept.", "The end of fighting is near.")

    assert ranked(project)[0] == "The end of fighting is near."


def test_every_sentence_with_a_keyword_comes_before_all_others(project):
    add(project, "The end of fighting is near.")
    keywords.keep(project.store, PEACE, ["truce", "bus*"])

    first = ranked(project)[:3]

    assert set(first[:2]) == {"A truce held — at last 🕊.", "The bus was late."}
    assert first[2] == "The end of fighting is near."


def test_a_phrase_is_a_keyword_in_its_order_alone(project):
    add(project, "A talk to nobody.")
    keywords.keep(project.store, PEACE, ["to talk"])

    assert ranked(project)[0] == "Norland and Esmar to talk"
    assert [hit.matched for hit in cold_start.ranking(project, PEACE).hits][:2] == [
        ("to talk",),
        (),
    ]


def test_sentences_that_carry_the_code_bring_their_like_up(project, decide):
    add(project, "Cats slept in the sun.", "Buses were late in Velm.", "A bus was late, too.")
    before = ranked(project, coder="ben").index("A bus was late, too.")

    decide(project.store, "ana", "talks3", answers=[frame("peace")])

    assert ranked(project, coder="ben").index("A bus was late, too.") < before


def test_a_sentence_that_only_rejects_the_code_brings_nothing_up(project, decide):
    add(project, "A bus was late, too.")
    before = ranked(project, coder="ana")

    decide(project.store, "ben", "talks3", answers=[frame("peace", "rejected")])

    assert ranked(project, coder="ana") == before


def test_what_the_coder_decided_on_is_left_out_and_what_others_decided_on_is_not(project, decide):
    decide(project.store, "ana", "talks3", "skip")

    assert "The bus was late." not in ranked(project, coder="ana")
    assert "The bus was late." in ranked(project, coder="ben")


def test_the_random_stream_is_never_ranked_even_with_a_keyword(project):
    add(project, "Peace is kept by chance.", draw=RESERVED / 2)
    keywords.keep(project.store, PEACE, ["peace"])

    assert "Peace is kept by chance." not in ranked(project)


def test_articles_out_of_the_corpus_are_not_ranked(project):
    gone = add(project, "Peace at last.")
    catalogue.retire(project.store, [gone], "ana", AT)

    assert "Peace at last." not in ranked(project)


def test_of_a_story_that_several_articles_tell_only_the_first_is_ranked(project):
    said = [f"The mayor of Velm spoke of bread, day {n}, and of the long road." for n in range(12)]
    add(project, *said, "Peace at last, said the mayor.", name="first")
    add(project, *said, "Peace at long last, said the mayor.", name="second")
    analysing.finish(project.store)

    found = ranked(project)

    assert "Peace at last, said the mayor." in found
    assert "Peace at long last, said the mayor." not in found


def test_a_text_that_stands_in_many_places_is_ranked_once(project):
    add(project, *["Peace, they said."] * 4)

    assert ranked(project).count("Peace, they said.") == 1


def test_no_more_are_ranked_than_were_asked_for(project):
    assert len(ranked(project, limit=3)) == 3


def test_a_stance_is_ranked_by_the_names_of_its_target(project):
    first = ranked(project, ("stance", "esmar", "favor"))[0]

    assert "Esmar" in first


def test_keywords_come_back_the_next_time_and_are_each_codes_own(project):
    keywords.keep(project.store, PEACE, [" truce ", "cease fire", "truce", ""])

    assert keywords.of(project.store, PEACE) == ("truce", "cease fire")
    assert keywords.of(project.store, ("frame", "", "security")) == ()


def test_keywords_are_no_events(project):
    before = events.last(project.store)

    keywords.keep(project.store, PEACE, ["truce"])

    assert events.last(project.store) == before


@pytest.mark.parametrize(
    ("place", "told"),
    [
        (("frames", "", "peace"), "the codebook has no variable 'frames'; it has frame, stance"),
        (("frame", "", "war"), "no code 'war'; it has sovereignty, security, peace"),
        (("frame", "esmar", "peace"), "asks about no target; leave the target out"),
        (("stance", "", "favor"), "asks about norland, esmar; name one of them as target"),
    ],
)
def test_a_code_that_does_not_exist_is_refused_in_a_sentence(project, place, told):
    with pytest.raises(RankingError, match=told):
        cold_start.ranking(project, place)


@pytest.mark.parametrize("word", ["…", "*", "-", "🕊", '""'])
def test_a_keyword_without_a_letter_is_refused_and_the_ones_before_stay(project, word):
    keywords.keep(project.store, PEACE, ["truce"])

    with pytest.raises(SearchError, match="no letter"):
        keywords.keep(project.store, PEACE, ["talks", word])

    assert keywords.of(project.store, PEACE) == ("truce",)


@pytest.mark.parametrize("word", ['say "peace"', "(bus", "a OR b", "-bus", "NOT", "* bus", "a\0b"])
def test_what_a_search_would_understand_is_only_words_in_a_keyword(project, word):
    keywords.keep(project.store, PEACE, [word])

    assert ranked(project)


def test_too_many_keywords_are_refused(project):
    with pytest.raises(SearchError, match="31 keywords, and the limit is 30"):
        keywords.keep(project.store, PEACE, [f"word{n}" for n in range(31)])


def test_a_keyword_that_no_sentence_has_is_told(project):
    keywords.keep(project.store, PEACE, ["truce", "armistice"])

    assert cold_start.ranking(project, PEACE).remarks == (
        "No sentence that is left has the keyword “armistice”.",
    )


def test_a_keyword_without_blanks_around_it_is_found_within_the_letters(project):
    add(project, "双方签署停火协议。", "天气很好。")
    keywords.keep(project.store, PEACE, ["停火"])

    found = cold_start.ranking(project, PEACE)

    assert found.hits[0].unit.text == "双方签署停火协议。"
    assert "also within other words" in found.remarks[0]


def test_where_the_code_has_no_word_in_common_with_the_articles_it_is_said(project, tmp_path):
    file = tmp_path / "hy.toml"
    file.write_text(
        'name = "hy"\nversion = "1.0.0"\ntitle = "Հ"\n[[variable]]\nname = "frame"\n'
        '[[variable.code]]\nname = "peace"\ntitle = "Խաղաղություն"\ndefinition = "Կռվի վերջ"\n',
        encoding="utf-8",
    )
    other = projects.create(tmp_path / "hy.annotator", [file])
    add(other, "A truce held.", "It rained.")

    (remark,) = cold_start.ranking(other, PEACE).remarks

    assert "stand in an order by chance" in remark
    other.store.close()


def test_a_project_without_articles_has_nothing_to_rank(one_question, tmp_path):
    bare = projects.create(tmp_path / "bare.annotator", [one_question])

    with pytest.raises(RankingError, match="no sentences to rank; import articles first"):
        cold_start.ranking(bare, PEACE)
    bare.store.close()


def test_where_all_is_decided_it_is_said(project, toy_units, decide):
    for name in toy_units:
        decide(project.store, "ana", name, "skip")

    with pytest.raises(RankingError, match="nothing is left to rank"):
        cold_start.ranking(project, PEACE, "ana")


def test_codes_with_fewer_than_five_sentences_are_listed_the_fullest_first(project, decide):
    for name in ("talks0", "talks1", "talks2", "talks3", "rain0"):
        decide(project.store, "ana", name, answers=[frame("security"), stance("esmar", "favor")])
    decide(project.store, "ana", "rain1", answers=[frame("peace")])

    found = cold_start.short_of(project)

    assert found[0] == (PEACE, 1)
    assert ("frame", "", "security") not in [one.place for one in found]
    assert len(found) == 3 + 10 - 2


def test_codes_of_whole_articles_are_not_listed(project):
    book = codebooks.current_scheme(project.store).codebooks[0].model_dump(mode="json")
    book["version"], book["variable"][0]["unit"] = "1.1.0", "document"
    codebooks.put_scheme(project.store, [(codebooks.Codebook.model_validate(book), "")], AT)

    assert {one.place[0] for one in cold_start.short_of(project)} == {"stance"}
    with pytest.raises(RankingError, match="once for each article"):
        cold_start.ranking(project, PEACE)


def test_what_was_ranked_is_kept_as_a_list_in_that_order_and_once(project):
    keywords.keep(project.store, PEACE, ["rain*"])
    units = [hit.unit.seq for hit in cold_start.ranking(project, PEACE, limit=4).hits]

    first = cold_start.keep_list(project, PEACE, units, "ana")
    again = cold_start.keep_list(project, PEACE, units, "ana")
    other = cold_start.keep_list(project, PEACE, units[::-1], "ana")

    assert [row.unit for row in lists.rows(project.store, first.name)] == units
    assert (first.name, again.name) == ("like frame:peace 1", first.name)
    assert (other.name, other.heading) == ("like frame:peace 2", "Most like Peace 2")


def test_of_a_ranking_only_what_is_still_open_is_shown_without_others_codes(
    project, decide, toy_units
):
    ids = [toy_units[name] for name in ("rain2", "talks3", "rain1")]
    decide(project.store, "ana", "talks3", answers=[])
    decide(project.store, "ben", "rain2", answers=[frame("peace")])

    found = cold_start.still_open(project, PEACE, "ana", ids)

    assert [hit.unit.unit_id for hit in found] == [ids[0], ids[2]]
    assert [hit.codes for hit in found] == [(), ()]


def test_a_ranking_is_written_as_csv(project, tmp_path):
    keywords.keep(project.store, PEACE, ["truce"])
    place = tmp_path / "first.csv"

    cold_start.write_file(project.store, cold_start.ranking(project, PEACE, limit=2), place)

    rows = list(csv.DictReader(place.read_text(encoding="utf-8").splitlines()))
    assert [row["rank"] for row in rows] == ["1", "2"]
    assert (rows[0]["text"], rows[0]["matched"]) == ("A truce held — at last 🕊.", "truce")


def test_what_is_looked_at_is_bounded_but_for_keywords(project, monkeypatch):
    monkeypatch.setattr(cold_start, "LOOKED_AT", 3)
    add(project, "A truce, again.", draw=0.9)
    keywords.keep(project.store, PEACE, ["again"])

    found = cold_start.ranking(project, PEACE)

    assert "A truce, again." in [hit.unit.text for hit in found.hits]
    assert found.looked_at <= 5
    assert found.remarks[-1].startswith(f"Looked at {found.looked_at} of 10 sentences")
