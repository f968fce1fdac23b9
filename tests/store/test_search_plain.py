"""By whatever way it is searched: what is found is what a plain look at each unit finds."""

from __future__ import annotations

import random
import re
import unicodedata
from dataclasses import replace
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.core.annotation import Event
from annotator.core.document import Segment
from annotator.core.query import Search, read
from annotator.store import (
    Store,
    catalogue,
    clusters,
    cutting,
    documents,
    events,
    search,
)
from annotator.store.events import Told
from annotator.store.naming import key_of

AT = "2021-05-03T10:00:00.000+00:00"
WORDS = (
    *("the", "the", "the", "of", "of", "a", "at", "an", "and", "border", "bread", "bridge", "road"),
    *("rain", "ours", "Café", "cafe", "naïve", "Re\u0301sume\u0301", "Ռոստոմ", "e-mail", "U.S."),
)
SOURCES = ("wire", "courier", "")
DATES = ("2031-05-04", "2031-05", "2031", "2031-06-02", "2030-12-31", "")
TITLES = ("Bread at the border", "100% of a_road", "")
PEOPLE = ("Mira Osk", "The envoy", "Dan Rell")
PARTS = ("headline", "lead", "body")
VOICES = ("author", "direct", "indirect", "mixed")
CODES = (("frame", "", "blockade"), ("stance", "osten", "against"), ("stance", "velmar", "favor"))
CODERS = ("ana", "ben")

Texts = list[str]


class Unit(NamedTuple):
    """What is known of a unit, gathered without any index."""

    number: int
    words: Texts
    part: str
    title: str
    source: str
    published: str
    language: str
    cluster: str
    copy: bool
    voice: str
    speakers: set[str]
    coders: set[str]
    codes: set[tuple[str, str, str, str]]


class Term(NamedTuple):
    """One word or several that follow each other; the last may go on."""

    words: Texts
    goes_on: bool

    @property
    def written(self) -> str:
        return f'"{" ".join(self.words)}"{"*" if self.goes_on else ""}'

    def stands_in(self, words: Texts) -> bool:
        wanted = split(" ".join(self.words))
        size = len(wanted)
        return any(
            words[at : at + size - 1] == wanted[:-1]
            and (words[at + size - 1].startswith if self.goes_on else words[at + size - 1].__eq__)(
                wanted[-1]
            )
            for at in range(len(words) - size + 1)
        )


Query = list[tuple[list[Term], list[Term]]]
"""Any of these: words that must occur, and words that must not."""


def split(text: str) -> Texts:
    plain = unicodedata.normalize("NFKD", text.lower())
    return re.findall(r"[^\W_]+", "".join(s for s in plain if not unicodedata.combining(s)))


@pytest.fixture(scope="module")
def many(tmp_path_factory, store_of_five, cut):
    """Sixty documents in every shape; some are retired, cut anew, copies, coded, spoken in."""
    store = store_of_five(tmp_path_factory.mktemp("many"))
    chance = random.Random(4)
    documents.add_documents(
        store,
        [_article(chance, cut, at) for at in range(60)],
        segmenter="test",
        draw=lambda name: 0.5,
        at=AT,
    )
    ids = [row[0] for row in store.db.execute("select id from document order by rowid")]
    stories = [ids[at : at + 3] for at in range(0, 30, 5)]
    clusters.put(store, stories, [], [], clusters.state(store))
    catalogue.retire(store, [ids[0], ids[7], ids[50]], "ana", AT)
    for at in (1, 20):
        _join_first_two(store, ids[at])
    _let_speak(store, chance)
    _code(store, chance)
    yield store
    store.close()


def _article(chance: random.Random, cut: Any, at: int) -> Any:
    sentences = [
        f"{' '.join(chance.choices(WORDS, k=chance.randint(2, 7)))} {at}."
        for _ in range(chance.randint(2, 6))
    ]
    draft, segments = cut(sentences, f"file-{at}")
    published = chance.choice(DATES)
    precision = {10: "day", 7: "month", 4: "year", 0: ""}[len(published)]
    draft = draft._replace(
        source=chance.choice(SOURCES),
        title=chance.choice(TITLES),
        published=published,
        date_precision=precision,
        language=chance.choice(("en", "hy")),
    )
    return draft, [replace(one, part=chance.choice(PARTS)) for one in segments]


def _join_first_two(store: Store, document: str) -> None:
    cuts = store.db.execute(
        "select start, end, paragraph, part from unit where document_id = ? order by idx",
        (document,),
    ).fetchall()
    (start, *_), (_, end, *rest), *others = cuts
    segments = [
        Segment(start=start, end=end, paragraph=paragraph, part=part)
        for start, end, paragraph, part in [(start, end, *rest), *others]
    ]
    cutting.cut_anew(
        *(store, cutting.whole(store, document), segments),
        segmenter="test",
        draw=lambda name: 0.5,
        who="ana",
        at=AT,
    )


def _let_speak(store: Store, chance: random.Random) -> None:
    with store.write() as conn:
        conn.execute("insert into actor (name, key) values ('Mira Osk-Tal', 'mira osk tal')")
        people: dict[str, list[int]] = {}
        for (document,) in conn.execute("select id from document").fetchall():
            for name in PEOPLE:
                made = conn.execute(
                    "insert into person (document_id, name, key, actor) values (?, ?, ?, ?)",
                    (document, name, key_of(name), 1 if name == "Mira Osk" else None),
                )
                people.setdefault(document, []).append(made.lastrowid)
        for unit, document in conn.execute("select seq, document_id from unit").fetchall():
            for basis in ("machine", "coder"):
                if chance.random() < (0.9 if basis == "machine" else 0.2):
                    voice = chance.choice(VOICES)
                    conn.execute(
                        "insert into voice (unit, basis, voice) values (?, ?, ?)",
                        (unit, basis, voice),
                    )
                    if voice != "author":
                        conn.execute(
                            "insert into speaker values (?, ?, 0, ?)",
                            (unit, basis, chance.choice(people[document])),
                        )


def _code(store: Store, chance: random.Random) -> None:
    told = []
    for number, (unit,) in enumerate(
        store.db.execute("select id from unit order by seq").fetchall()
    ):
        for coder in CODERS:
            op = chance.choice(("set", "skip", "", ""))
            if op:
                variable, target, code = chance.choice(CODES)
                answer = {"variable": variable, "target": target, "code": code}
                stated = {"uuid": f"plain-{coder}-{number:04}", "op": op, "unit": unit, "scheme": 1}
                if op == "set":
                    stated["answers"] = [{name: one for name, one in answer.items() if one}]
                told.append(Told(coder, Event.model_validate(stated), AT))
    events.record_all(store, told)


@pytest.fixture(scope="module")
def plain(many):
    """Look at each unit: ``plain(query, asked)``, the numbers of those that pass."""
    units = _units(many)
    return lambda query, asked: [unit.number for unit in units if passes(unit, query, asked)]


def _units(many: Store) -> list[Unit]:
    """Every unit of the corpus in order, with what the tables say of it."""
    db = many.db
    firsts: dict[str, str] = {}
    units = []
    for number, text, part, *about, cluster, document in db.execute(
        "select u.seq, u.text, u.part, d.title, d.source, d.published, d.language, d.cluster_id,"
        " d.id from document d join unit u on u.document_id = d.id where d.retired = 0"
        " order by d.rowid"
    ).fetchall():
        first = firsts.setdefault(cluster, document)
        voices = dict(
            db.execute("select basis, voice from voice where unit = ?", (number,)).fetchall()
        )
        basis = "coder" if "coder" in voices else "machine"
        spoken = db.execute(
            "select p.name, a.name from speaker s join person p on p.id = s.person"
            " left join actor a on a.id = p.actor where s.unit = ? and s.basis = ?",
            (number, basis),
        )
        coded = db.execute(
            "select coder from coding where unit = ? and status = 'coded'", (number,)
        )
        given_ = db.execute(
            "select variable, target, code, coder from annotation where unit = ?", (number,)
        )
        units.append(
            Unit(
                *(number, split(text), part, *about, cluster),
                copy=bool(cluster) and first != document,
                voice=voices.get(basis, ""),
                speakers={name.lower() for names in spoken.fetchall() for name in names if name},
                coders={row[0] for row in coded.fetchall()},
                codes=set(given_.fetchall()),
            )
        )
    return sorted(units)


def passes(unit: Unit, query: Query, asked: dict[str, Any]) -> bool:
    """Whether the unit has the words and passes every filter, by the words of the documentation."""
    tests = {
        "sources": lambda some: unit.source in some,
        "since": lambda day: unit.published and _day(unit.published, "12-31") >= _day(day, "01-01"),
        "until": lambda day: unit.published and _day(unit.published, "01-01") <= _day(day, "12-31"),
        "language": lambda code: unit.language == code,
        "title": lambda part: part.lower() in unit.title.lower(),
        "part": lambda part: unit.part == part,
        "speaker": lambda name: name.lower() in unit.speakers,
        "voice": lambda voice: unit.voice == voice,
        "cluster": lambda cluster: unit.cluster == cluster,
        "one_copy": lambda one: not one or not unit.copy,
        "coded": lambda yes: yes == bool(unit.coders & _coders(asked)),
        "coder": lambda name: "coded" in asked or "code" in asked or name in unit.coders,
        "code": lambda code: any(
            place == (*code[:2], code[2]) and coder in _coders(asked)
            for *place_, coder in unit.codes
            for place in [tuple(place_)]
        ),
    }
    words = not query or any(
        all(one.stands_in(unit.words) for one in wanted)
        and not any(one.stands_in(unit.words) for one in unwanted)
        for wanted, unwanted in query
    )
    return words and all(tests[name](value) for name, value in asked.items())


def _day(date: str, rest: str) -> str:
    months = {"12-31": "31", "01-01": "01"}
    return {4: f"{date}-{rest}", 7: f"{date}-{months[rest]}"}.get(len(date), date)


def _coders(asked: dict[str, Any]) -> set[str]:
    return {asked["coder"]} if "coder" in asked else set(CODERS)


PIECES = (
    "the",
    "of",
    "a",
    "b",
    "br",
    "bread",
    "r",
    "ro",
    "zz",
    "caf",
    "naive",
    "ռ",
    "ռոստոմ",
    "e",
    "u",
    "1",
)
TERMS = st.builds(Term, st.lists(st.sampled_from(PIECES), min_size=1, max_size=2), st.booleans())
QUERIES = st.lists(
    st.tuples(st.lists(TERMS, min_size=1, max_size=3), st.lists(TERMS, max_size=1)), max_size=2
)
VALUES = {
    "sources": st.lists(st.sampled_from(("wire", "courier", "none")), min_size=1).map(tuple),
    "since": st.sampled_from(("2031-05", "2031-05-04", "2031", "2032")),
    "until": st.sampled_from(("2031-05", "2031-05-04", "2031", "2030")),
    "language": st.sampled_from(("en", "hy", "xx")),
    "title": st.sampled_from(("bread", "%", "_", "at the")),
    "part": st.sampled_from(PARTS),
    "speaker": st.sampled_from((*PEOPLE, "mira osk-tal", "THE ENVOY", "nobody")),
    "voice": st.sampled_from(VOICES),
    "one_copy": st.booleans(),
    "coded": st.booleans(),
    "coder": st.sampled_from((*CODERS, "eve")),
    "code": st.sampled_from(CODES),
}
FILTERS = st.lists(st.sampled_from(sorted(VALUES)), unique=True, max_size=2).flatmap(
    lambda names: st.fixed_dictionaries({name: VALUES[name] for name in names})
)


WAYS = st.fixed_dictionaries(
    {
        "TRIES": st.sampled_from((1, 5, search.TRIES)),
        "FEW": st.sampled_from((0, 20, search.FEW)),
        "LEAST_READ": st.sampled_from((1, search.LEAST_READ)),
        "MOST_READ": st.sampled_from((2, 40, search.MOST_READ)),
        "SOON": st.sampled_from((3, search.SOON)),
        "ENOUGH": st.sampled_from((1, 4, search.ENOUGH)),
    }
)
"""What decides which way is taken: as in a small corpus, and as in a large one."""


@settings(max_examples=400, deadline=None)
@given(QUERIES, FILTERS, WAYS, st.integers(1, 12), st.integers(0, 12))
def test_what_is_found_is_what_a_plain_look_at_each_unit_finds(
    many, plain, query, asked, ways, limit, offset
):
    due = plain(query, asked)
    looked_for = _search(query, asked)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in ways.items():
            patch.setattr(search, name, value)

        assert search.numbers(many, looked_for) == due
        assert search.numbers(many, looked_for, limit, offset) == due[offset : offset + limit]
        assert search.count(many, looked_for, most=limit) == min(len(due), limit + 1)
        told = search.counted(many, looked_for)
        assert (
            told.number == len(due) if not told.more else search.ENOUGH <= told.number <= len(due)
        )
        ranked = search.page(many, looked_for, ranked=True, limit=len(due) + 1)
        assert {hit.unit.seq for hit in ranked} == set(due)


def _search(query: Query, asked: dict[str, Any]) -> Search:
    written = " OR ".join(
        " ".join([*(one.written for one in wanted), *(f"-{one.written}" for one in unwanted)])
        for wanted, unwanted in query
    )
    filters = dict(asked)
    if code := filters.pop("code", None):
        filters |= dict(zip(("variable", "target", "code"), code, strict=True))
    return Search(words=read(written), **filters)


def test_a_search_within_one_story_finds_its_copies(many, plain):
    (cluster,) = many.db.execute("select max(cluster_id) from document").fetchone()

    found = search.numbers(many, Search(words=read("the"), cluster=cluster))

    assert found == plain([([Term(["the"], False)], [])], {"cluster": cluster})
    assert found
