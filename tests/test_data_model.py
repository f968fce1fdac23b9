"""The page on the data model is true: its queries run, and it names every table.

What queries tell is counted by hand, in the toy project or in ``study``, which has a little more.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from annotator.learn.sampling import RESERVED
from tests.conftest import frame, scored

PAGE = (Path(__file__).parents[1] / "docs" / "data-model.md").read_text(encoding="utf-8")
QUERIES = dict(re.findall(r"^([^\n]+\?)\n\n```sql\n(.*?)```", PAGE, re.M | re.S))

SEEN = {
    "arm": "suggest",
    "model_id": "m1",
    "candidates": [scored("sovereignty", 0.7, above=True, shown=True)],
}


def answer(store, question):
    return store.db.execute(QUERIES[question]).fetchall()


@pytest.fixture
def study(toy, decide):
    """The toy project, and more.

    Cem finds peace and security in rain1, sees that sovereignty is suggested, and takes it in
    place of security. In talks1 the machine hears direct speech and a coder indirect. The article
    of the talks belongs to the random stream.
    """
    first = decide(toy, "cem", "rain1", answers=[frame("peace"), frame("security")], seconds=3.0)
    decide(toy, "cem", "rain1", "reveal", first=first, **SEEN)
    after = [frame("peace"), frame("sovereignty")]
    decide(toy, "cem", "rain1", answers=after, first=first, seconds=5.0, **SEEN)
    heard = [(2, "machine", "direct"), (2, "coder", "indirect")]
    with toy.write() as conn:
        conn.execute("update unit set draw = ? where seq <= 4", [RESERVED / 2])
        conn.executemany("insert into voice (unit, basis, voice) values (?, ?, ?)", heard)
    return toy


def test_every_question_has_an_answer(study):
    assert [question for question in QUERIES if not answer(study, question)] == []


def test_every_query_of_the_page_is_found():
    assert len(QUERIES) == PAGE.count("```sql") == 24


def test_frame_shares_count_only_the_units_that_were_asked(toy, decide, add_code):
    question = next(q for q in QUERIES if q.startswith("How often"))
    add_code(toy, "late")
    decide(toy, "ana", "rain0", answers=[{"variable": "frame", "code": "late"}], scheme=2)
    decide(toy, "ana", "rain1", answers=[], asked=["stance"], scheme=2)

    told = {row[:2]: row[2:] for row in answer(toy, question)}

    assert told["The Esmar Post", "late"] == (1, 1, 1.0)
    assert told["The Esmar Post", "peace"] == (2, 1, 0.5)
    assert ("Velm Courier", "late") not in told
    # Of four decisions one rejected security: asked, and not a use.
    assert told["Velm Courier", "security"] == (4, 0, 0.0)
    assert told["Velm Courier", "peace"] == (4, 1, 0.25)


def test_frames_are_told_by_outlet_and_month(study):
    assert answer(study, "How often does each outlet use each frame, month by month?") == [
        ("The Esmar Post", "2025-03", "peace", 2, 2),
        ("The Esmar Post", "2025-03", "sovereignty", 1, 2),
        ("Velm Courier", "2025-03", "peace", 1, 3),
        ("Velm Courier", "2025-03", "sovereignty", 1, 3),
    ]


def test_chance_alone_tells_of_the_reserved_units_and_of_no_others(study):
    rows = answer(study, "How often is each frame used among the sentences that chance chose?")

    # Peace stands in two sentences about rain as well, and nobody drew those.
    assert rows == [("peace", 1, 3), ("sovereignty", 1, 3)]


def test_the_reserved_share_that_the_page_names_is_the_program_s():
    question = "How often is each frame used among the sentences that chance chose?"

    assert set(re.findall(r"draw < ([\d.]+)", QUERIES[question])) == {str(RESERVED)}


def test_frames_that_go_together_are_those_of_one_decision(study):
    # Ana finds sovereignty in talks0 and Ben nothing; only Cem gave two codes to one sentence.
    together = answer(study, "Which frames go together in one sentence?")

    assert together == [("peace", "sovereignty", 1)]


def test_a_frame_of_a_headline_is_told_apart(study):
    rows = answer(study, "Are headlines framed otherwise than what follows?")

    assert rows == [("peace", 0, 3), ("sovereignty", 1, 1)]


def test_words_of_evidence_are_cut_out_by_code_points(study):
    assert answer(study, "Which words carry a frame?") == [
        ("peace", "at last 🕊", "The Esmar Post"),
        ("sovereignty", "Norland", "Velm Courier"),
        ("sovereignty", "to talk", "Velm Courier"),
    ]


def test_none_not_asked_skipped_and_not_codable_are_counted_apart(study, decide, add_code):
    add_code(study, "late")
    decide(study, "ana", "rain0", answers=[frame("late")], scheme=2)
    decide(study, "ana", "rain1", answers=[], asked=["stance"], scheme=2)

    rows = answer(study, "Of each code: given, asked and not given, not asked?")

    told = {row[1]: row[2:] for row in rows if row[0] == "frame"}
    # Six decisions are older than the code, and one was about stances alone.
    assert told["late"] == (1, 0, 7, 1, 1)
    assert told["peace"] == (3, 4, 1, 1, 1)


def test_stances_are_told_by_holder(toy):
    question = "Who stands where toward whom?"

    assert answer(toy, question) == [
        ("esmar", "(author)", "neutral", 1),
        ("norland", "(author)", "against", 1),
        ("norland", "(author)", "favor", 1),
        ("norland", "Dan Rell", "against", 1),
        ("norland", "Mira Osk", "favor", 1),
    ]


def test_who_is_against_a_target_is_told_with_what_they_are(toy):
    rows = answer(toy, "Who speaks against a target, and how often?")

    assert rows == [("(author)", "", 1), ("Dan Rell", "expert", 1)]


def test_the_quoted_are_counted_beside_the_author(toy):
    assert answer(toy, "Do the quoted stand otherwise than the author?") == [
        ("esmar", "neutral", 1, 0),
        ("norland", "against", 1, 1),
        ("norland", "favor", 1, 1),
    ]


def test_a_coder_s_word_on_the_voice_goes_before_the_machine_s(study):
    question = "Which frames stand in the words of the quoted, and which in the author's own?"

    assert answer(study, question) == [
        ("indirect", "peace", 1),
        ("not known", "peace", 2),
        ("not known", "sovereignty", 2),
    ]


def test_coders_differ_where_one_has_a_frame_that_the_other_has_not(toy):
    rows = answer(toy, "Where do two coders differ on a frame?")

    assert [row[2:] for row in rows] == [("ana", "ben", "security"), ("ben", "ana", "peace")]


def test_agreement_counts_the_sentences_that_both_coders_coded(toy):
    # Ben set talks0 aside, so that talks1 is the only one; Ana rejected security there.
    assert answer(toy, "How often do two coders agree on a frame, sentence by sentence?") == [
        ("ana", "ben", "peace", 1, 0, 0, 1),
        ("ana", "ben", "security", 1, 0, 0, 0),
        ("ana", "ben", "sovereignty", 1, 0, 0, 0),
    ]


def test_copied_decisions_are_no_agreement(toy, decide):
    decide(toy, "ben", "talks2", answers=[], arm="copy")

    rows = answer(toy, "How often do two coders agree on a frame, sentence by sentence?")

    assert {row[3] for row in rows} == {1}


def test_seconds_are_told_by_arm(toy):
    assert answer(toy, "How long does a decision take, with suggestions and without?") == [
        ("ana", "(none)", 1, 2.0, 2.0, 2.0),
        ("ana", "control", 1, 12.06, 12.0625, 12.0625),
        ("ana", "suggest", 1, 4.25, 4.25, 4.25),
    ]


def test_what_is_left_is_told_for_each_coder(toy):
    assert answer(toy, "How far is each coder?") == [
        ("ana", "main", 4, 1, 1, 5),
        ("ben", "main", 2, 0, 0, 7),
        ("cem", "main", 1, 0, 0, 8),
    ]


def test_suggestions_are_counted_by_arm_and_by_what_was_shown(toy):
    rows = answer(toy, "What became of the suggestions, by arm?")

    assert rows == [("control", 0, 1, 1), ("suggest", 0, 1, 0), ("suggest", 1, 2, 1)]


def test_a_suggestion_counts_as_seen_only_where_it_was_on_screen(toy):
    rows = answer(toy, "Which suggestions did a coder have on screen, and were they taken?")

    # Security was above its threshold in talks1, which is of the control arm.
    assert [row[2:] for row in rows] == [("sovereignty", 0.91, 1), ("peace", 0.66, 0)]


def test_the_answers_before_and_after_a_reveal_stand_side_by_side(study):
    # Ana saw suggestions in talks2 and left it as it was.
    assert answer(study, "What did coders change once they had seen the suggestions?") == [
        ("cem", "It rained in Velm.", "peace; security", "peace; sovereignty")
    ]


def test_the_toy_project_is_told_as_its_table_says(toy):
    assert answer(toy, "Which frame goes with which stance?") == [
        ("peace", "esmar", "neutral", 1),
        ("peace", "norland", "against", 1),
        ("sovereignty", "norland", "favor", 1),
    ]
    (denied,) = answer(
        toy, "Which frames are invoked in order to be denied, and in which sentences?"
    )
    assert denied[:2] == ("security", "Velm Courier")
    assert answer(toy, "What has each coder done, how fast, and how much was passed on?") == [
        ("ana", 3, 1, 0, round((4.25 + 12.0625 + 2) / 3, 2)),
        ("ben", 1, 0, 1, None),
        ("cem", 1, 0, 0, None),
    ]
    marked = answer(toy, "What is there to discuss?")
    assert [row[:2] for row in marked] == [("ben", 0), ("ana", 1), ("ben", 0)]
    found = answer(toy, "Which sentences hold these words?")
    assert [row[0] for row in found] == ["Velm Courier", "The Esmar Post"]


def test_an_undone_decision_stays_in_the_history_of_its_sentence(toy, decide):
    taken = decide(toy, "cem", "talks1", answers=[])
    decide(toy, "cem", "talks1", "retract", ref=taken)

    question = "What is the whole history of one sentence, undone decisions included?"
    told = [(coder, op, undone) for _, coder, op, _, undone in answer(toy, question)]

    assert told == [("ana", "set", 0), ("ben", "set", 0), ("cem", "set", 1), ("cem", "retract", 0)]


def test_every_table_of_the_project_file_is_on_the_page(toy):
    made = "select name from sqlite_master where type = 'table'"
    own = [row[0] for row in toy.db.execute(made) if not re.match(r"unit_fts_|_?sqlite_", row[0])]

    assert [name for name in own if f"| `{name}` |" not in PAGE] == []
