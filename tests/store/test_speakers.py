"""Who speaks: what was heard, what coders corrected, and actors across documents."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.core.errors import RejectedEventError
from annotator.core.voice import Heard, Person, Quotation, UnitVoice
from annotator.store import (
    Store,
    actor_view,
    actors,
    catalogue,
    checks,
    documents,
    events,
    speakers,
    voices,
)
from annotator.store.voices import Found
from tests.store.conftest import article

AT = "2031-05-03T10:00:00.000+00:00"
FINDER = "test 1"


def add(store: Store, name: str, sentences: int = 3) -> str:
    """Add a document of so many sentences, and give its id."""
    said = [f"Sentence {n} of {name}." for n in range(sentences)]
    draft, segments = article(said, "Post", file=f"{name}.txt")
    documents.add_documents(store, [(draft, segments)], segmenter="test", draw=lambda _: 0.5, at=AT)
    return draft.document_id


def hear(store: Store, document: str, *people: Person | str, finder: str = FINDER) -> None:
    """Have one person after the other speak, each in a sentence of the document."""
    told = [Person(one) if isinstance(one, str) else one for one in people]
    (listened,) = voices.listened(store, [document])
    quotations = [
        Quotation(s.start, s.end, "direct", who.name, cue="said", mode="name", confidence=0.9)
        for s, who in zip(listened.segments, told, strict=False)
    ]
    units = [UnitVoice("direct", (who.name,), "name", 0.9) for who in told]
    units += [UnitVoice("author")] * (len(listened.segments) - len(units))
    heard = Heard(tuple(quotations), tuple(dict.fromkeys(told)))
    voices.keep(store, [Found(listened, heard, units[: len(listened.segments)])], finder)
    actor_view.settle_waiting(store)


def texts(store: Store, document: str) -> list[str]:
    """What exports say of the speakers of each unit of a document."""
    rows = store.db.execute(
        "select coalesce(c.speaker, m.speaker) from unit u"
        " left join voice m on m.unit = u.seq and m.basis = 'machine'"
        " left join voice c on c.unit = u.seq and c.basis = 'coder'"
        " where u.document_id = ? order by u.idx",
        (document,),
    )
    return [row[0] for row in rows]


def names(store: Store) -> list[str]:
    return [one.name for one in speakers.listing(store, order="name").rows]


def is_sound(store: Store) -> bool:
    return checks.faults_of_speakers(store.db.conn) == []


@pytest.fixture
def one(store) -> str:
    return add(store, "one")


@pytest.fixture
def two(store) -> str:
    return add(store, "two")


# What was heard


def test_every_unit_has_a_voice_and_quoted_ones_their_speaker(store, one):
    hear(store, one, "Mira Osk", "the minister")

    rows = store.db.execute(
        "select v.voice, v.basis, v.mode, v.confidence from voice v join unit u on u.seq = v.unit"
        " where u.document_id = ? order by u.idx",
        (one,),
    ).fetchall()
    assert rows == [
        ("direct", "machine", "name", 0.9),
        ("direct", "machine", "name", 0.9),
        ("author", "machine", "", None),
    ]
    assert texts(store, one) == ["Mira Osk", "the minister", ""]
    assert is_sound(store)


def test_what_is_kept_of_a_document_is_what_was_heard_in_it(store, one):
    person = Person("Mira Osk", ("Osk", "the envoy"), "Velmar", "official")
    hear(store, one, person)

    heard = voices.heard(store, one)

    assert heard.people == (person,)
    assert heard.quotations[0][2:8] == ("direct", "Mira Osk", "", "said", "name", 0.9)
    assert voices.heard(store, add(store, "another")) is None


def test_only_documents_that_nobody_listened_to_wait(store, one, two):
    hear(store, one)

    assert two in voices.waiting_ids(store)
    assert one not in voices.waiting_ids(store)
    assert voices.waiting_ids(store, "test 2")[-1] == one
    assert one not in voices.waiting_ids(store, FINDER)


def test_a_document_that_was_cut_otherwise_meanwhile_waits(store, one):
    (listened,) = voices.listened(store, [one])
    stale = listened._replace(units=(*listened.units[:-1], 999))
    found = Found(stale, Heard((), ()), [UnitVoice("author")] * 3)

    assert voices.keep(store, [found], FINDER) == 0
    assert one in voices.waiting_ids(store)


def test_a_document_that_another_program_was_quicker_with_is_left_alone(store, one):
    (listened,) = voices.listened(store, [one])
    hear(store, one, "Mira Osk")

    assert voices.keep(store, [Found(listened, Heard((), ()), [])], FINDER) == 0
    assert texts(store, one)[0] == "Mira Osk"


def test_removing_a_document_removes_all_that_was_heard_in_it(store, one, two):
    hear(store, one, "Mira Osk")
    hear(store, two, "Dan Rell")

    catalogue.remove(store, [one], "ana", AT)
    actor_view.settle_waiting(store)

    left = "(select count(*) from quotation), (select count(*) from person),"
    left += " (select count(*) from speaker), (select count(*) from actor)"
    assert store.db.execute(f"select {left}").fetchone() == (1, 1, 1, 1)
    assert names(store) == ["Dan Rell"]
    assert is_sound(store)


def test_retired_documents_keep_their_speakers_and_are_in_no_list(store, one, two):
    hear(store, one, "Mira Osk")
    hear(store, two, "Dan Rell")

    catalogue.retire(store, [one], "ana", AT)

    assert names(store) == ["Dan Rell"]
    assert [row[1] for row in speakers.voices_by_source(store)] == ["author", "direct"]
    catalogue.restore(store, [one], "ana", AT)
    assert names(store) == ["Dan Rell", "Mira Osk"]


# Corrections


@pytest.fixture
def correct(store, told):
    """Record that a coder says who speaks in a unit, by its document and place; gives the uuid."""

    def correct(document, place, *who, coder="ana", voice="direct"):
        (unit,) = store.db.execute(
            "select id from unit where document_id = ? and idx = ?", (document, place)
        ).fetchone()
        made = told("speaker", unit, coder=coder, voice=voice, speakers=list(who))
        assert events.record(store, [made]) == [None]
        return made.event.uuid, unit, coder

    return correct


@pytest.fixture
def take_back(store, told):
    def take_back(correction):
        uuid, unit, coder = correction
        assert events.record(store, [told("retract", unit, coder=coder, ref=uuid)]) == [None]

    return take_back


def test_the_last_correction_of_anybody_holds_until_it_is_taken_back(
    store, one, correct, take_back
):
    hear(store, one, "Mira Osk", "Dan Rell")
    correct(one, 0, "Dan Rell", coder="ana")
    last = correct(one, 0, "Ria Tan", coder="ben")
    assert texts(store, one)[0] == "Ria Tan"

    take_back(last)

    assert texts(store, one)[0] == "Dan Rell"
    assert is_sound(store)


def test_a_name_that_nobody_of_the_document_has_makes_a_person_while_it_is_said(
    store, one, correct, take_back
):
    hear(store, one, "Mira Osk")
    made = correct(one, 1, "Ria Tan")
    assert names(store) == ["Mira Osk", "Ria Tan"]

    take_back(made)

    assert names(store) == ["Mira Osk"]
    assert texts(store, one) == ["Mira Osk", "", ""]
    assert is_sound(store)


def test_a_name_in_other_letters_is_the_person_that_was_heard(store, one, correct):
    hear(store, one, "Säken Mukan")

    correct(one, 1, "saken mukan")

    assert texts(store, one)[1] == "Säken Mukan"
    assert store.db.execute("select count(*) from person").fetchone() == (1,)


def test_corrections_survive_listening_anew(store, one, correct):
    hear(store, one, "Mira Osk")
    correct(one, 0, "Ria Tan")
    correct(one, 1, "Mira Osk")

    hear(store, one, "Dan Rell", "Dan Rell", finder="test 2")

    assert texts(store, one) == ["Ria Tan", "Mira Osk", ""]
    assert speakers.find(store, "Dan Rell").units == 0
    assert is_sound(store)


def test_a_correction_to_the_author_leaves_no_speaker(store, one, correct):
    hear(store, one, "Mira Osk", "Mira Osk")

    correct(one, 0, voice="author")

    assert texts(store, one) == ["", "Mira Osk", ""]
    assert speakers.find(store, "mira osk").units == 1


# Actors


def test_one_name_in_two_documents_is_one_actor(store, one, two):
    hear(store, one, Person("Saken Mukan", kind="expert", affiliation="IITU"))
    hear(store, two, Person("Säken MUKAN", kind="expert"))

    (entry,) = speakers.listing(store).rows

    assert (entry.name, entry.kind, entry.affiliation) == ("Saken Mukan", "expert", "IITU")
    assert (entry.documents, entry.units, entry.aliases) == (2, 2, ("Säken MUKAN",))
    assert texts(store, two)[0] == "Saken Mukan"


def test_roles_and_single_names_are_nobody_in_particular_but_organisations_are(store, one):
    hear(store, one, "Mukan", "the minister", Person("Trend", kind="outlet"))

    assert names(store) == ["Trend"]
    assert speakers.counts(store).nameless == 2


def test_a_merge_renames_the_speaker_everywhere_and_is_taken_back_exactly(store, one, two):
    hear(store, one, Person("Saken Mukan", affiliation="IITU"), "Dan Rell")
    hear(store, two, Person("S. Mukan", kind="expert"))
    before = list(store.db.execute("select name, aliases, affiliation, kind from actor"))

    made = actors.merge(store, "ana", "saken mukan", ["s mukan"], AT)

    assert texts(store, two)[0] == "Saken Mukan"
    merged = speakers.find(store, "S. Mukan")
    assert (merged.name, merged.documents, merged.kind) == ("Saken Mukan", 2, "expert")
    assert is_sound(store)

    actors.undo(store, "ana", made, AT)

    assert texts(store, two)[0] == "S. Mukan"
    assert sorted(store.db.execute("select name, aliases, affiliation, kind from actor")) == sorted(
        before
    )
    assert is_sound(store)


def test_a_merged_name_that_comes_in_later_is_the_merged_actor(store, one, two):
    hear(store, one, "Saken Mukan", "S. Mukan")
    actors.merge(store, "ana", "saken mukan", ["s mukan"], AT)

    hear(store, two, "S. Mukan")

    assert texts(store, two)[0] == "Saken Mukan"
    assert is_sound(store)


def test_an_actor_goes_by_a_new_name_and_people_of_that_name_are_theirs(store, one, two):
    hear(store, one, "S. Mukan")
    made = actors.rename(store, "ana", "s mukan", "Saken Mukan", AT)
    assert texts(store, one)[0] == "Saken Mukan"

    hear(store, two, "Saken Mukan")
    assert len(names(store)) == 1

    actors.undo(store, "ana", made, AT)
    assert names(store) == ["S. Mukan", "Saken Mukan"]
    assert is_sound(store)


def test_a_name_that_is_somebody_elses_is_refused(store, one):
    hear(store, one, "Mira Osk", "Dan Rell")

    with pytest.raises(RejectedEventError, match="merge the two instead"):
        actors.rename(store, "ana", "dan rell", "Mira OSK", AT)
    with pytest.raises(RejectedEventError, match="is no name"):
        actors.rename(store, "ana", "dan rell", "…", AT)
    with pytest.raises(RejectedEventError, match="no speaker 'ria tan'"):
        actors.merge(store, "ana", "dan rell", ["ria tan"], AT)
    with pytest.raises(RejectedEventError, match="two different"):
        actors.merge(store, "ana", "dan rell", ["dan rell"], AT)
    assert actors.history(store) == []


def test_no_two_actors_are_called_the_same_whatever_is_taken_back(store, one):
    hear(store, one, "Mira Osk", "Dan Rell")
    made = actors.merge(store, "ana", "mira osk", ["dan rell"], AT)
    actors.rename(store, "ana", "mira osk", "Dan Rell", AT)
    assert names(store) == ["Dan Rell"]

    actors.undo(store, "ana", made, AT)

    assert texts(store, one) == ["Mira Osk", "Dan Rell", ""]
    assert is_sound(store)


def test_a_name_goes_with_the_alias_that_gave_it_though_nobody_here_has_it(store, one):
    hear(store, one, "Mira Osk", "Dan Rell")
    alias = actors.describe(store, "ana", "dan rell", "aliases", ["Ria Tan"], AT)
    actors.merge(store, "ana", "mira osk", ["dan rell"], AT)
    actors.rename(store, "ana", "mira osk", "Ria Tan", AT)

    actors.undo(store, "ana", alias, AT)

    assert names(store) == ["Mira Osk"]
    assert is_sound(store)


def test_an_alias_makes_everybody_of_that_name_the_actor(store, one, two):
    hear(store, one, "Saken Mukan")
    hear(store, two, "Mukan")

    made = actors.describe(store, "ana", "saken mukan", "aliases", ["Mukan"], AT)
    assert texts(store, two)[0] == "Saken Mukan"

    actors.undo(store, "ana", made, AT)
    assert texts(store, two)[0] == "Mukan"
    assert speakers.find(store, "Saken Mukan").aliases == ()


def test_what_a_person_says_of_an_actor_goes_before_what_was_found(store, one):
    hear(store, one, Person("Mira Osk", kind="expert", affiliation="the ministry"))

    made = actors.describe(store, "ana", "mira osk", "kind", "official", AT)
    actors.describe(store, "ana", "mira osk", "affiliation", "Velmar", AT)
    actors.undo(store, "ben", made, AT)

    entry = speakers.find(store, "Mira Osk")
    assert (entry.kind, entry.affiliation) == ("expert", "Velmar")
    with pytest.raises(RejectedEventError, match="no kind of speaker"):
        actors.describe(store, "ana", "mira osk", "kind", "pundit", AT)


def test_two_people_of_one_name_are_told_apart(store, one, two):
    hear(store, one, "Ali Tan")
    hear(store, two, "Ali Tan")

    made = actors.separate(store, "ana", "ali tan", [(two, "Ali Tan")], "Ali Tan (economist)", AT)

    assert (texts(store, one)[0], texts(store, two)[0]) == ("Ali Tan", "Ali Tan (economist)")
    hear(store, two, "Ali Tan", finder="test 2")
    assert texts(store, two)[0] == "Ali Tan (economist)"
    assert is_sound(store)
    actors.undo(store, "ana", made, AT)
    assert names(store) == ["Ali Tan"]


def test_a_change_is_taken_back_once(store, one):
    hear(store, one, "Mira Osk")
    made = actors.rename(store, "ana", "mira osk", "Mira Oskar", AT)
    actors.undo(store, "ana", made, AT)

    with pytest.raises(RejectedEventError, match="already"):
        actors.undo(store, "ana", made, AT)
    with pytest.raises(RejectedEventError, match="not here"):
        actors.undo(store, "ana", "nonsense", AT)


def test_the_reach_of_a_merge_counts_what_would_change(store, one, two, told, units):
    hear(store, one, "Mira Osk", "Mira Osk")
    hear(store, two, "Dan Rell")
    answer = {"variable": "stance", "target": "velmar", "code": "favor", "holder": "Mira Osk"}
    assert events.record(store, [told("set", units[0], answers=[answer])]) == [None]

    reach = speakers.reach(store, ["mira osk"])

    assert reach == (1, 2, ("Mira Osk",), 1)


def test_what_somebody_says_is_listed_with_how_it_was_found(store, one, correct):
    hear(store, one, "Mira Osk", "Dan Rell")
    correct(one, 2, "Mira Osk")

    found = speakers.sayings(store, "mira osk")

    told = [(said.text, said.basis, said.mode, said.confidence) for said in found.rows]
    assert told == [
        ("Sentence 0 of one.", "machine", "name", 0.9),
        ("Sentence 2 of one.", "coder", "", None),
    ]
    assert found.total == 2


# Made anew


NAMES = ["Mira Osk", "M. Osk", "Osk", "Dan Rell", "Säken Mukan"]
STEPS = st.lists(
    st.tuples(st.integers(0, 7), st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=12
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_whatever_happens_the_view_is_what_making_it_anew_gives(
    tmp_path_factory, store_of_five, steps
):
    store = store_of_five(tmp_path_factory.mktemp("speakers"))
    number = itertools.count()
    try:
        for what, one, other in steps:
            _happen(store, what, one, other, next(number))
        assert checks.faults_of_speakers(store.db.conn) == []
        view = _view(store)

        checks.mend(store, [], speakers=True)

        assert _view(store) == view
    finally:
        store.close()


def _happen(store: Store, what: int, one: int, other: int, number: int) -> None:
    from annotator.core.annotation import Event
    from annotator.store.events import Told

    known = [row[0] for row in store.db.execute("select key from actor order by key")]
    ids = [row[0] for row in store.db.execute("select id from document order by rowid")]
    units = [row[0] for row in store.db.execute("select id from unit order by seq")]
    done = [event.uuid for event in actors.history(store) if not event.undone]
    first, second = NAMES[one], NAMES[other]
    try:
        if what in (0, 1):
            hear(store, ids[one % len(ids)], first, second, finder=f"test {number}")
        elif what == 2 and known:
            actors.merge(store, "ana", known[one % len(known)], [known[other % len(known)]], AT)
        elif what == 3 and known:
            actors.rename(store, "ana", known[one % len(known)], second, AT)
        elif what == 4 and known:
            actors.describe(store, "ana", known[one % len(known)], "aliases", [second], AT)
        elif what == 5 and done:
            actors.undo(store, "ana", done[one % len(done)], AT)
        elif what == 6:
            made = Event(
                uuid=f"speaker-{number:04}",
                op="speaker",
                unit=units[one],
                scheme=1,
                voice="direct",
                speakers=(second,),
            )
            assert events.record(store, [Told("ana", made, AT)]) == [None]
        elif what == 7 and known:
            people = [row[::2] for row in speakers.people(store, known[one % len(known)])]
            actors.separate(
                store, "ana", known[one % len(known)], people[:1], f"Ali Tan {number}", AT
            )
    except RejectedEventError:
        pass  # what cannot be done is refused, and changes nothing


def _view(store: Store) -> list[list[tuple[object, ...]]]:
    tables = (
        "select key, name, aliases, affiliation, kind from actor order by key",
        "select p.document_id, p.name, p.basis, a.key from person p"
        " left join actor a on a.id = p.actor order by 1, 2",
        "select unit, basis, voice, speaker from voice order by 1, 2",
    )
    return [store.db.execute(query).fetchall() for query in tables]


@pytest.mark.parametrize(
    "harm",
    [
        "update voice set speaker = 'Somebody' where speaker <> ''",
        "update person set actor = null",
        "update actor set kind = 'outlet'",
        "update voice set voice = 'mixed' where basis = 'coder'",
        "delete from speaker where basis = 'coder'",
        "delete from voice where basis = 'machine' and voice = 'author'",
    ],
)
def test_damage_is_found_and_made_good(store, one, correct, harm):
    hear(store, one, "Mira Osk", "Dan Rell")
    correct(one, 1, "Ria Tan")
    view = _view(store)
    with store.write() as conn:
        conn.execute(harm)
    assert not is_sound(store)

    checks.mend(store, [], speakers=True)
    if one in voices.waiting_ids(store):
        hear(store, one, "Mira Osk", "Dan Rell")

    assert is_sound(store)
    assert _view(store) == view
