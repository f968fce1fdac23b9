"""Copies found after import, corrected by people, and decisions copied among them."""

from __future__ import annotations

import io

import pytest

from annotator.core.annotation import Event
from annotator.core.errors import RejectedEventError
from annotator.learn.fit import fit
from annotator.store import (
    checks,
    codebooks,
    desk_units,
    events,
    propagations,
    spreading,
    stories,
    tables,
    tallies,
    view_checks,
)
from annotator.store.events import Told
from annotator.store.seat import Seat
from annotator.workflow import clusters
from annotator.workflow.training_table import columns, training_table

AT = "2026-01-05T10:00:00+00:00"
STORY = [
    "The bridge at Korva was opened on Tuesday by the mayor of the town and two of her children.",
    "It had been closed for eleven years, since the flood that took the old mill and the ferry.",
    "“We are one town again,” said Mara Tolve, who has sold bread on the north bank all her life.",
    "Trains will stop on both banks from the first of June, the railway of Norland announced.",
]
OTHER = [
    "Rain kept the harvest of Velm in the barns for a third week, and prices rose on all markets.",
    "Farmers asked the council for help, which will meet on Friday behind closed doors once more.",
    "Nobody in the valley remembers such a summer, and the river stands higher than last spring.",
]


@pytest.fixture
def bring_in(tmp_path, empty_toy):
    """Import articles of these paragraphs; each is a file with a title and an outlet."""
    from annotator.workflow.choosing import Choices
    from annotator.workflow.importing import import_paths

    def bring(**articles: list[str]) -> dict[str, str]:
        for name, paragraphs in articles.items():
            text = "\n\n".join(paragraphs)
            page = f"---\ntitle: {name} has its own headline\nsource: {name}\n---\n{text}\n"
            (tmp_path / f"{name}.md").write_text(page, encoding="utf-8")
            import_paths(empty_toy, 1, [tmp_path / f"{name}.md"], Choices())
        rows = empty_toy.db.execute("select source, id from document where source <> ''")
        return dict(rows.fetchall())

    return bring


def together(store):
    """The sources of each cluster."""
    return [
        [member.source for member in stories.members(store, one.id)]
        for one in stories.listed(store)
    ]


def unit(store, document_id, begins):
    (found,) = store.db.execute(
        "select id from unit where document_id = ? and text like ? || '%'", (document_id, begins)
    ).fetchone()
    return found


def save(store, unit_id, op="set", coder="ana", **fields):
    number = events.count(store) + 1
    stated = {"uuid": f"copy-event-{number:05}", "op": op, "unit": unit_id, "scheme": 1}
    event = Event.model_validate(stated | fields)
    assert events.record(store, [Told(coder, event, AT)]) == [None]
    return event.uuid


def held(store, unit_id, coder="ana"):
    (found,) = desk_units.unit(store, Seat(coder), unit_id)
    return found.decision


def arms(store):
    rows = store.db.execute(
        "select d.source, c.status, c.arm from coding c join unit u on u.seq = c.unit"
        " join document d on d.id = u.document_id order by d.rowid, u.idx"
    )
    return rows.fetchall()


@pytest.fixture
def copies(empty_toy, bring_in):
    """The same story from three papers, with their own last sentences, and another one."""
    ids = bring_in(
        Wire=STORY,
        Post=[*STORY, "The Post was there with two of its own reporters on that day."],
        Mail=["KORVA, Tuesday — ", *STORY[:3]],
        Star=OTHER,
    )
    clusters.find(empty_toy)
    return empty_toy, ids


def test_one_story_of_three_papers_is_one_cluster_and_another_story_is_none(copies):
    store, _ = copies

    assert together(store) == [["Wire", "Post", "Mail"]]
    assert clusters.waiting(store) == 0


def test_what_comes_in_later_joins_the_cluster_that_is_there(copies, bring_in):
    store, ids = copies

    bring_in(Echo=STORY[1:], Sun=OTHER)
    clusters.find(store)

    assert together(store) == [["Wire", "Post", "Mail", "Echo"], ["Star", "Sun"]]
    assert [one.id for one in stories.listed(store)] == [ids["Wire"], ids["Star"]]


def test_what_somebody_separated_no_later_run_puts_together(copies, bring_in):
    store, ids = copies
    clusters.separate(store, ids["Mail"], "ana")

    bring_in(Echo=STORY)
    clusters.find(store)

    assert together(store) == [["Wire", "Post", "Echo"]]


def test_a_run_that_is_stopped_goes_on_where_it_was(empty_toy, bring_in):
    bring_in(Wire=STORY, Post=STORY)

    clusters.find(empty_toy, stopped=lambda: True)
    assert clusters.waiting(empty_toy) == 5
    clusters.find(empty_toy)

    assert together(empty_toy) == [["Wire", "Post"]]


def test_rows_of_a_few_words_are_copies_only_where_the_letters_are_the_same(empty_toy, bring_in):
    bring_in(One=["The road is closed."], Two=["THE ROAD is closed"], Three=["The road is open."])

    clusters.find(empty_toy)

    assert together(empty_toy) == [["One", "Two"]]


def test_a_decision_is_copied_to_the_same_sentence_with_its_evidence_moved(copies):
    store, ids = copies
    here, there = (unit(store, ids[name], "“We are one town") for name in ("Wire", "Mail"))
    start = int(here.partition(":")[2].partition("-")[0])
    answer = {"variable": "stance", "target": "norland", "code": "favor", "holder": "Mara Tolve"}
    told = save(store, here, answers=[answer | {"spans": [[start + 1, start + 20]]}], seconds=9.0)

    assert clusters.preview(store) == (1, 2)
    assert clusters.spread(store).sentences == 2

    decision = held(store, there)
    text = store.db.execute("select text from document where id = ?", (ids["Mail"],)).fetchone()[0]
    (copied,) = decision.answers
    ((begins, ends),) = copied.spans
    assert (copied.holder, copied.code) == ("Mara Tolve", "favor")
    assert text[begins:ends] == "We are one town aga"
    origin = "select origin, arm, seconds, coder from event where uuid = ?"
    assert store.db.execute(origin, (decision.event,)).fetchone() == (told, "copy", None, "ana")


def test_copying_twice_copies_once_and_leaves_what_the_coder_decided(copies):
    store, ids = copies
    save(store, unit(store, ids["Post"], "Trains"), answers=[])
    save(store, unit(store, ids["Wire"], "Trains"), "not_codable")
    save(store, unit(store, ids["Wire"], "The bridge"), "skip")

    assert clusters.spread(store) == (0, None)
    assert arms(store) == [
        ("Wire", "skipped", ""),
        ("Wire", "not_codable", ""),
        ("Post", "coded", ""),
    ]

    save(store, unit(store, ids["Wire"], "It had"), answers=[])
    assert [clusters.spread(store).sentences for _ in range(2)] == [2, 0]


def test_what_was_only_confirmed_in_a_list_is_not_copied_and_gives_way_to_a_copy(copies):
    store, ids = copies
    save(store, unit(store, ids["Wire"], "It had"), answers=[], arm="bulk")

    assert (clusters.preview(store), clusters.spread(store).sentences) == ((0, 0), 0)

    save(store, unit(store, ids["Mail"], "It had"), answers=[])
    assert clusters.preview(store) == (1, 2)
    assert clusters.spread(store).sentences == 2
    assert {arm for _, _, arm in arms(store)} == {"", "copy"}


def test_an_undo_of_the_original_takes_the_copies_back(copies):
    store, ids = copies
    told = save(store, unit(store, ids["Wire"], "It had"), answers=[])
    clusters.spread(store)

    save(store, unit(store, ids["Wire"], "It had"), "retract", ref=told)

    assert arms(store) == []
    assert clusters.preview(store) == (0, 0)


def test_a_changed_original_is_copied_anew_and_its_undo_brings_the_first_copy_back(copies):
    store, ids = copies
    here, there = (unit(store, ids[name], "It had") for name in ("Wire", "Post"))
    save(store, here, answers=[{"variable": "frame", "code": "peace"}])
    clusters.spread(store)

    second = save(store, here, answers=[{"variable": "frame", "code": "security"}])
    assert [one.code for one in held(store, there).answers] == ["security"]

    save(store, here, "retract", ref=second)
    assert [one.code for one in held(store, there).answers] == ["peace"]


def test_a_copy_that_the_coder_decides_anew_is_theirs_for_good(copies):
    store, ids = copies
    here, there = (unit(store, ids[name], "It had") for name in ("Wire", "Post"))
    save(store, here, answers=[{"variable": "frame", "code": "peace"}])
    clusters.spread(store)
    save(store, there, answers=[{"variable": "frame", "code": "sovereignty"}])

    save(store, here, answers=[{"variable": "frame", "code": "security"}])

    assert [one.code for one in held(store, there).answers] == ["sovereignty"]


def test_where_decisions_are_always_copied_a_save_does_it(copies):
    store, ids = copies
    clusters.set_spread(store, "always")

    save(store, unit(store, ids["Wire"], "It had"), answers=[])
    save(store, unit(store, ids["Wire"], "It had"), coder="ben", answers=[])

    assert sorted(arms(store)) == sorted(
        [("Wire", "coded", ""), ("Post", "coded", "copy"), ("Mail", "coded", "copy")] * 2
    )


def test_where_decisions_are_never_copied_nobody_can(copies):
    store, ids = copies
    clusters.set_spread(store, "never")
    save(store, unit(store, ids["Wire"], "It had"), answers=[])

    with pytest.raises(RejectedEventError, match="never copies"):
        clusters.spread(store)


def test_copied_decisions_teach_no_model_and_are_in_the_exports(copies):
    store, ids = copies
    save(store, unit(store, ids["Wire"], "It had"), answers=[])
    clusters.spread(store)

    assert len(training_table(store)) == 1
    assert sorted(one.arm for one in tables.codings(store)) == ["", "copy", "copy"]
    assert events.decisions_since(store, 0) == 1
    assert tallies.decisions(store) == 3


def code_all(store, ids, words):
    """Code every sentence of these articles; ``words`` gives the frame of those that have one."""
    for document in ids:
        for name, text in store.db.execute(
            "select id, text from unit where document_id = ? order by idx", (document,)
        ).fetchall():
            frames = [frame for word, frame in words.items() if word in text]
            save(store, name, answers=[{"variable": "frame", "code": one} for one in frames])


@pytest.fixture
def telegrams(copies, bring_in):
    """Sixteen stories of a sentence each, beside the story of three papers."""
    store, ids = copies
    found = bring_in(**{f"Paper{n}": [f"Item {n} on the market of Velm."] for n in range(16)})
    clusters.find(store)
    return (
        store,
        [ids[name] for name in ("Wire", "Post", "Mail")],
        [found[f"Paper{n}"] for n in range(16)],
    )


def test_copies_of_a_story_are_in_one_fold(telegrams):
    store, papers, others = telegrams
    code_all(store, [*papers, *others], {"headline": "security"})

    table = training_table(store)

    assert set(table["document_id"]) == {papers[0], *others}


def test_with_fewer_stories_than_folds_articles_are_held_out_one_by_one(telegrams):
    store, papers, others = telegrams
    code_all(store, [*papers, *others[:3]], {})
    assert set(training_table(store)["document_id"]) == {*papers, *others[:3]}

    code_all(store, others[3:4], {})
    assert set(training_table(store)["document_id"]) == {papers[0], *others[:4]}


def test_where_the_codes_are_in_one_story_alone_its_articles_are_held_out_one_by_one(telegrams):
    store, papers, others = telegrams
    code_all(store, [*papers, *others], {"closed": "peace", "Trains": "peace", "Korva": "peace"})

    table = training_table(store)

    assert set(table["document_id"]) == {*papers, *others}
    asked = [one for one in columns(codebooks.current_scheme(store)) if one.key in table]
    model = fit(table, asked, seed=1, progress=lambda *told: None)
    (peace,) = (card for card in model.cards if card.code == "peace")
    assert (peace.fitted, peace.positive_documents) == (True, 3)
    assert peace.n > 0


def test_a_code_of_one_story_alone_does_not_put_copies_into_several_folds(telegrams):
    store, papers, others = telegrams
    words = {"closed": "peace", "Trains": "peace", "Korva": "peace", "headline": "security"}
    code_all(store, [*papers, *others], words)

    table = training_table(store)

    assert set(table["document_id"]) == {papers[0], *others}


def test_weights_are_written_as_a_table(copies):
    store, ids = copies
    out = io.StringIO()

    assert clusters.write_weights(store, out) == 7

    rows = dict(line.split(",", 1) for line in out.getvalue().split())
    assert rows[ids["Mail"]] == f"{ids['Wire']},0.333333"
    assert rows[ids["Star"]] == ",1"


def standing(store):
    """The outlets where decisions stand, each with its arm; and the view is what events say."""
    assert list(view_checks.differences(store.db.conn)) == []
    assert checks.wrong_counts(store.db.conn) == []
    return [(source, arm) for source, _, arm in arms(store)]


def test_what_somebody_had_copied_is_taken_back_as_one_thing(copies):
    store, ids = copies
    save(store, unit(store, ids["Wire"], "It had"))
    save(store, unit(store, ids["Post"], "Trains"), coder="ben")
    first = clusters.spread(store, who="cleo")
    save(store, unit(store, ids["Wire"], "The bridge"))
    second = clusters.spread(store)
    assert (first.sentences, second.sentences) == (3, 2)

    undone = clusters.undo(store, first.event, "cleo")

    assert standing(store) == [
        ("Wire", ""),
        ("Wire", ""),
        ("Post", "copy"),
        ("Post", ""),
        ("Mail", "copy"),
    ]
    rows = store.db.execute(
        "select coder, origin from event where op = 'retract' and subject = 'unit' order by coder"
    )
    assert rows.fetchall() == [("ana", undone), ("ana", undone), ("ben", undone)]
    told = [(one.who, one.sentences, one.undone) for one in propagations.history(store)]
    assert told == [("nobody", 2, False), ("cleo", 3, True)]
    with pytest.raises(RejectedEventError, match="nothing here to take back"):
        clusters.undo(store, first.event)


def test_what_was_decided_anew_on_a_copy_is_left_when_the_copies_are_taken_back(copies):
    store, ids = copies
    save(store, unit(store, ids["Wire"], "It had"))
    made = clusters.spread(store)
    anew = save(store, unit(store, ids["Post"], "It had"), "not_codable")

    clusters.undo(store, made.event)

    assert standing(store) == [("Wire", ""), ("Post", "")]
    # What was copied there does not come back when the coder undoes their own decision.
    save(store, unit(store, ids["Post"], "It had"), "retract", ref=anew)
    assert standing(store) == [("Wire", "")]


def test_copies_that_followed_their_original_are_taken_back_with_the_first(copies):
    store, ids = copies
    here = unit(store, ids["Wire"], "It had")
    save(store, here, answers=[{"variable": "frame", "code": "peace"}])
    made = clusters.spread(store)
    save(store, here, answers=[{"variable": "frame", "code": "security"}])
    assert standing(store) == [("Wire", ""), ("Post", "copy"), ("Mail", "copy")]

    clusters.undo(store, made.event)

    assert standing(store) == [("Wire", "")]


def test_what_was_copied_in_several_transactions_is_one_thing(copies, monkeypatch):
    store, ids = copies
    monkeypatch.setattr(clusters, "AT_ONCE", 1)
    for begins in ("It had", "Trains", "The bridge"):
        save(store, unit(store, ids["Wire"], begins))
    made = clusters.spread(store)

    assert [one.sentences for one in propagations.history(store)] == [made.sentences] == [5]
    clusters.undo(store, made.event)

    assert standing(store) == [("Wire", "")] * 3


def test_an_undo_that_was_cut_off_is_ended_by_asking_again(copies):
    store, ids = copies
    save(store, unit(store, ids["Wire"], "It had"))
    made = clusters.spread(store)
    asked = propagations.find(store, made.event)
    propagations.take_back(store, propagations.standing(store, asked)[:1], "cut-off-undo", AT)

    clusters.undo(store, made.event)

    assert standing(store) == [("Wire", "")]


@pytest.mark.parametrize("meanwhile", ["taken back", "decided anew"])
def test_a_decision_that_changed_while_others_were_copied_is_not_copied_as_it_was(
    copies, meanwhile
):
    store, ids = copies
    here, there = (unit(store, ids[paper], "Trains") for paper in ("Wire", "Post"))
    first = save(store, here)
    decided = spreading.candidates(store)
    if meanwhile == "taken back":
        save(store, here, op="retract", ref=first)
    else:
        save(store, here, op="not_codable")

    made = events.spread(store, decided, AT, most=100)

    assert made == (1, [])
    assert held(store, there).status is None
    assert list(view_checks.differences(store.db.conn)) == []
