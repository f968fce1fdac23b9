"""Searching: what is found, what is marked in it, and that no search is a fault of the database."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from annotator.core.query import LONGEST, Search, SearchError, read
from annotator.store import Store, catalogue, clusters, cutting, documents, events, search
from annotator.store.search import Share

AT = "2021-05-03T10:00:00.000+00:00"

HOSTILE = (
    *(
        '"',
        '""',
        "*",
        "* *",
        '"*"',
        "NEAR(",
        "NEAR(a b, 2)",
        "text : road",
        "{text}: road",
        "^road",
    ),
    *(
        "'; drop table unit; --",
        "a OR",
        "OR",
        "AND AND",
        "NOT",
        "(",
        ")(",
        "((a)",
        "-",
        "--",
        "a -",
    ),
    *("\\", "%", "_", "\ufdd0", "\ufdd1", "🕊", "سلام", "ա", "मि", "a\x00b", "+", "a + b", "–a b"),
)


def marked(store, words):
    """The words that are marked in each unit that is found."""
    return [hit.matched for hit in search.page(store, Search(words=read(words)))]


@pytest.mark.parametrize(
    ("words", "places"),
    [
        ("the", [0, 1]),
        ("THE border", [0]),
        ("border OR dawn", [0, 3]),
        ("the -road", [0]),
        ("the NOT (road OR ours)", []),
        ('"is closed"', [1]),
        ('"closed is"', []),
        ("clos*", [1]),
        ('"road is clo*"', [1]),
        ("(border OR road) closed", [1]),
        ("border closed OR dawn", [3]),
        ("“is closed", [1]),
        ("", [0, 1, 2, 3, 4]),
    ],
)
def test_words_find_units_in_document_order(store, units, found, words, places):
    assert found(store, words) == [units[place] for place in places]


def test_exactly_the_words_that_matched_are_marked(store):
    assert marked(store, '"the road" OR clos* -hurt') == [("The road", "closed")]
    assert marked(store, "the -road") == [("The",)]


def test_marks_lie_in_code_points_whatever_stands_before_them(tmp_path, cut):
    store = Store.create(tmp_path / "p.annotator")
    text = "🕊 \ufdd0 Café \ufdd1 naïve e\u0301te\u0301 — Ռոստոմ, CAFE."
    drafts = [cut([text], "wire")]
    documents.add_documents(store, drafts, segmenter="test", draw=lambda name: 0.5, at=AT)

    (hit,) = search.page(store, Search(words=read("cafe OR ռոստոմ OR ete")))

    assert hit.matched == ("Café", "e\u0301te\u0301", "Ռոստոմ", "CAFE")
    store.close()


@pytest.mark.parametrize("words", HOSTILE)
def test_no_search_is_a_fault_of_the_database(store, words):
    try:
        looked_for = Search(words=read(words))
    except SearchError:
        return

    found = search.page(store, looked_for, ranked=True)

    assert len(found) == search.count(store, looked_for)


@pytest.fixture(scope="session")
def shared(tmp_path_factory, cut):
    """A project that many searches are made in."""
    made = Store.create(tmp_path_factory.mktemp("shared") / "p.annotator")
    drafts = [cut(["The border (a b) is ours.", "Near the end."], "wire")]
    documents.add_documents(made, drafts, segmenter="test", draw=lambda name: 0.5, at=AT)
    yield made
    made.close()


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from([*'"()-*', "OR", "AND", "NOT", "NEAR", "the", "a b", ":", "’"])))
@example(["("] * 30 + ["the"])
@example(["the OR ("] * 8 + ["the"])
def test_any_signs_in_any_order_find_something_or_are_refused(shared, pieces):
    try:
        looked_for = Search(words=read(" ".join(pieces)))
    except SearchError:
        return

    assert len(search.page(shared, looked_for)) == search.count(shared, looked_for)


def test_a_search_that_is_too_long_or_looks_for_nothing_is_refused_in_a_sentence():
    for words in ("x" * 10_000, "-road", "the OR -road", "***", "(" * 40 + "a b" + ")" * 40):
        with pytest.raises(SearchError):
            read(words)
    assert read(" " * LONGEST) is None


def test_a_search_tells_how_it_was_understood():
    told = read('terror* (truce OR talks) -"old  war"').told

    assert told == "(“terror…” and (“truce” or “talks”)) but not “old war”"


@pytest.mark.parametrize(
    ("published", "inside"),
    [
        ("2031-05-04", True),
        ("2031-05", True),
        ("2031", True),
        ("2031-06-02", True),
        ("2031-05-03", False),
        ("2031-06-03", False),
        ("2031-04", False),
        ("2031-07", False),
        ("2030", False),
        ("", False),
    ],
)
def test_a_date_that_is_a_month_or_a_year_counts_as_all_its_days(store, found, published, inside):
    catalogue.edit(store, "ana", [catalogue.Change(_document(store), "published", published)], AT)

    hits = found(store, "border", since="2031-05-04", until="2031-06-02")

    assert bool(hits) == inside


def _document(store):
    return store.db.execute("select id from document where source = 'wire'").fetchone()[0]


def test_a_period_may_be_named_by_its_months(store, found):
    change = catalogue.Change(_document(store), "published", "2031-05-31")
    catalogue.edit(store, "ana", [change], AT)

    assert len(found(store, since="2031-05", until="2031-05")) == 3
    assert found(store, since="2031-06", until="2031") == []


def test_filters_of_documents_narrow_what_is_found(store, units, found):
    assert found(store, sources=("courier",)) == units[3:]
    assert found(store, sources=("courier", "wire"), title="x") == []
    assert found(store, "we OR the", sources=("courier",), language="en") == []
    assert found(store, part="lead", cluster="x") == []


def test_one_copy_of_each_story_is_the_first_that_is_in_the_corpus(store, units, found):
    wire = _document(store)
    story = [row[0] for row in store.db.execute("select id from document")]
    clusters.put(store, [story], [], [], clusters.state(store))

    assert found(store, one_copy=True) == units[:3]
    catalogue.retire(store, [wire], "ana", AT)
    assert found(store, one_copy=True) == units[3:]


@pytest.fixture
def coded(store, units, told):
    """The border is coded by Ana, dawn by Ben; Ana skipped the road."""
    blockade = [{"variable": "frame", "code": "blockade"}]
    against = [{"variable": "stance", "target": "osten", "code": "against"}]
    events.record_all(
        store,
        [
            told("set", units[0], answers=blockade),
            told("skip", units[1]),
            told("set", units[3], coder="ben", answers=against),
        ],
    )
    return store


def test_coded_means_that_somebody_coded_it_and_not_that_it_was_skipped(coded, units, found):
    assert found(coded, coded=True) == [units[0], units[3]]
    assert found(coded, coded=False) == [units[1], units[2], units[4]]
    assert found(coded, coder="ben") == [units[3]]
    assert found(coded, coded=False, coder="ben") == [*units[:3], units[4]]


def test_codes_are_found_by_variable_target_and_coder(coded, units, found):
    assert found(coded, variable="frame", code="blockade") == [units[0]]
    assert found(coded, variable="stance", target="osten", code="against") == [units[3]]
    assert found(coded, variable="stance", target="velmar", code="against") == []
    assert found(coded, variable="frame", code="blockade", coder="ben") == []
    assert found(coded, "border", variable="frame", code="blockade", coder="ana") == [units[0]]


@pytest.fixture
def voiced(store):
    """Mira Osk, an actor, speaks in two units; of the second a coder says that Dan Rell does."""
    with store.write() as conn:
        conn.execute("insert into actor (name) values ('Mira Osk')")
        for name, actor in (("The envoy", 1), ("Dan Rell", None)):
            conn.execute(
                "insert into person (document_id, name, key, actor) select id, ?, ?, ? from"
                " document where source = 'wire'",
                (name, name.lower(), actor),
            )
        for unit, basis, voice, person in (
            (1, "machine", "direct", 1),
            (2, "machine", "direct", 1),
            (2, "coder", "indirect", 2),
            (3, "machine", "author", None),
        ):
            conn.execute(
                "insert into voice (unit, basis, voice) values (?, ?, ?)", (unit, basis, voice)
            )
            if person:
                conn.execute("insert into speaker values (?, ?, 0, ?)", (unit, basis, person))
    return store


def test_a_speaker_is_found_as_the_actor_or_by_the_name_in_the_text(voiced, units, found):
    assert found(voiced, speaker="Mira Osk") == [units[0]]
    assert found(voiced, speaker="the envoy") == [units[0]]
    assert found(voiced, speaker="Dan Rell") == [units[1]]
    assert found(voiced, speaker="Nobody") == []


def test_what_a_coder_said_of_a_voice_counts_before_what_the_machine_found(voiced, units, found):
    assert found(voiced, voice="direct") == [units[0]]
    assert found(voiced, voice="indirect") == [units[1]]
    assert found(voiced, voice="author") == [units[2]]
    assert found(voiced, "the", voice="indirect", speaker="Dan Rell") == [units[1]]


def test_every_way_of_searching_finds_the_same(voiced, units, found, monkeypatch):
    asked = [
        {"sources": ("wire",)},
        {"voice": "direct"},
        {"speaker": "Mira Osk"},
        {"coded": False},
        {"sources": ("wire",), "voice": "author", "one_copy": True},
        {},
    ]
    told = [found(voiced, words, **one) for one in asked for words in ("", "the", "the OR was")]
    for few in (0, 100):
        monkeypatch.setattr(search, "TRIES", 1)
        monkeypatch.setattr(search, "FEW", few)
        again = [
            found(voiced, words, **one) for one in asked for words in ("", "the", "the OR was")
        ]
        assert again == told


def test_pages_follow_each_other_without_gaps(store, units):
    def ids(**page):
        return [hit.unit.unit_id for hit in search.page(store, Search(), **page)]

    assert ids(limit=2) + ids(limit=2, offset=2) + ids(limit=2, offset=4) == units


def test_after_a_document_was_cut_anew_its_units_are_still_found(store, cut, found):
    wire = _document(store)
    _, segments = cut(["The border is ours. The road is closed.", "Nobody was hurt."], "x")
    cutting.cut_anew(
        store,
        cutting.whole(store, wire),
        segments,
        segmenter="test",
        draw=lambda name: 0.5,
        who="ana",
        at=AT,
    )

    hits = search.page(store, Search(words=read("border"), sources=("wire",)))

    assert [hit.unit.text for hit in hits] == ["The border is ours. The road is closed."]
    assert len(found(store, sources=("wire", "courier"))) == 4


def test_the_best_hits_come_first_where_they_are_ranked(store, units):
    looked_for = Search(words=read("the OR road"))

    ranked = search.page(store, looked_for, ranked=True)

    assert [hit.unit.unit_id for hit in ranked] == [units[1], units[0]]


def test_counting_ends_where_nobody_would_read_on(store):
    assert search.count(store, Search(), most=3) == 4
    assert search.count(store, Search(), most=5) == 5


def test_lines_of_context_come_from_the_text_around_the_unit(store):
    hits = search.page(store, Search(words=read("road")))

    (line,) = search.lines(store, hits, width=12)

    assert (line.left, line.hit, line.right) == ("s ours. The ", "road", " is closed. ")


def test_hits_are_told_against_all_units_of_the_outlet_and_month(store):
    catalogue.edit(
        store, "ana", [catalogue.Change(_document(store), "published", "2031-05-04")], AT
    )

    assert search.shares(store, Search(words=read("the"))) == [
        Share("courier", "", 0, 2),
        Share("wire", "2031-05", 2, 3),
    ]
