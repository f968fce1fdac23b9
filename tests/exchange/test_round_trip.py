"""What is exported as labels and spans and coded again is what it was, whatever was coded."""

from __future__ import annotations

import csv
import io
import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.core.annotation import Event
from annotator.core.document import Draft, Segment
from annotator.core.errors import TableError
from annotator.store import Store, codebooks, copies, documents, events
from annotator.store import settings as project_settings
from annotator.store.events import Told
from annotator.workflow import clusters, exporting, labelling
from annotator.workflow.training_table import training_table
from tests.conftest import AT, toy_codebook
from tests.terminal import annotator

SENTENCES = [
    "“We rule here,” said the envoy 🕊 of Norland, and 🏴‍☠️ flew over the bridge at Korva.",
    "=SUM(1;2) is what the clerk of Esmar wrote — in ink — on the wall of the old mill.",
    "قال الوزير: «لا» e\u0301 and the rain went on in the valley for the third week.",
]
STORIES = {"Wire": "Talks", "Post": "Envoys are to talk at last 🕊"}
"""The same story in two papers; their headlines are not of the same length."""

PLAIN = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
HOLDERS = st.one_of(
    st.just(""), st.sampled_from(["Mira Osk", "=Dan; Rell", "🕊"]), st.text(PLAIN, min_size=1)
)
KINDS = st.sampled_from(["", "official", "expert", "outlet"])


def story(source):
    """A paper's article, in its sentences."""
    parts = [STORIES[source], *SENTENCES]
    starts = itertools.accumulate((len(part) + 2 for part in parts[:-1]), initial=0)
    segments = [
        Segment(start=at, end=at + len(part), paragraph=n, part="body" if n else "headline")
        for n, (at, part) in enumerate(zip(starts, parts, strict=True))
    ]
    end = len(STORIES[source])
    text = "\n\n".join(parts)
    file = f"{source}.txt"
    draft = Draft(text=text, file=file, file_sha256="0" * 64, source=source, headline_end=end)
    return draft, segments


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """The path of a project with two copies of a story, before anybody coded."""
    store = Store.create(tmp_path_factory.mktemp("base") / "base.annotator")
    project_settings.put(store, id="toy", title="Toy project", seed="1", sample="0", made_at=AT)
    codebooks.put_scheme(store, [(toy_codebook(), "")], AT)
    articles = [story(source) for source in STORIES]
    documents.add_documents(store, articles, segmenter="toy", draw=lambda unit: 0.5, at=AT)
    clusters.find(store)
    assert store.db.execute("select count(distinct cluster_id) from document").fetchone() == (1,)
    exporting.as_bytes(store, "labels")  # finds what is to be found in documents
    yield store.path
    store.close()


@pytest.fixture
def fresh(base, tmp_path):
    """Projects as that one, each at a place of its own."""
    made = []
    numbers = itertools.count()

    def make():
        path = tmp_path / f"{next(numbers)}.annotator"
        copies.copy(base, path, lambda done, total: None)
        made.append(Store.open(path))
        return made[-1]

    yield make
    for store in made:
        store.close()


@st.composite
def spans(draw, start, end):
    """Some evidence in ``[start, end)``: in order, apart, and none of it empty."""
    cuts = draw(st.lists(st.integers(start, end), max_size=6, unique=True).map(sorted))
    return list(zip(cuts[::2], cuts[1::2], strict=False))


@st.composite
def answers(draw, start, end):
    """Frames, some of them denied, and stances of several holders toward two targets."""
    pairs = st.tuples(
        st.sampled_from(["sovereignty", "security", "peace"]),
        st.sampled_from(["asserted", "rejected"]),
    )
    given = [
        {"variable": "frame", "code": code, "use": use}
        for code, use in draw(st.lists(pairs, max_size=3, unique=True))
    ]
    seats = st.tuples(st.sampled_from(["norland", "esmar"]), HOLDERS)
    for target, holder in draw(st.lists(seats, max_size=4, unique=True)):
        given.append(
            {
                "variable": "stance",
                "target": target,
                "holder": holder,
                "holder_type": draw(KINDS) if holder else "",
                "code": draw(st.sampled_from(["against", "neutral", "favor", "mixed"])),
                "explicit": draw(st.sampled_from(["", "explicit", "implied"])),
                "confidence": draw(st.sampled_from([None, 1, 2, 3])),
            }
        )
    order = draw(st.permutations(given))
    return [answer | {"spans": draw(spans(start, end))} for answer in order]


UNITS = [
    (f"{draft.document_id}:{one.start}-{one.end}", one.start, one.end)
    for draft, segments in map(story, STORIES)
    for one in segments
]


@st.composite
def codings(draw):
    """Decisions of two coders, in any order: ``(coder, unit, answers)``."""
    seats = st.tuples(st.sampled_from(["ana", "ben"]), st.sampled_from(UNITS))
    chosen = draw(st.lists(seats, min_size=1, max_size=6, unique=True))
    return [(coder, unit[0], draw(answers(*unit[1:]))) for coder, unit in chosen]


def code(store, told):
    for number, (coder, unit, said) in enumerate(told, start=events.count(store)):
        stated = {"uuid": f"round-trip-{number:05}", "op": "set", "unit": unit, "scheme": 1}
        stated |= {"answers": said, "client_at": f"2026-01-05T09:00:{number:02}+00:00"}
        event = Event.model_validate(stated)
        assert events.record(store, [Told(coder, event, "2026-01-05T10:00:00+00:00")]) == [None]


def written(store, place, name="labels"):
    """The files of labels and of spans; None for the latter where nobody marked any."""
    exporting.export(store, name, place / "labels.csv")
    marked = exporting.export(store, "spans", place / "spans.csv").rows
    return place / "labels.csv", place / "spans.csv" if marked else None


def tables_of(store):
    return {name: exporting.as_bytes(store, name).decode() for name in ("labels", "spans")}


def origins(store):
    rows = store.db.execute(
        "select c.event, e.origin, c.arm from coding c join event e on e.uuid = c.event order by 1"
    )
    return rows.fetchall()


@pytest.mark.parametrize("name", ["labels", "excel"])
@settings(
    deadline=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(told=codings(), copied=st.booleans())
def test_labels_and_spans_come_back_as_they_were(fresh, tmp_path, name, told, copied):
    store, other = fresh(), fresh()
    if copied:
        project_settings.put(store, propagate="always")
    code(store, told)
    labels, spans = written(store, tmp_path, name)

    report = labelling.code_table(other, labels, spans=spans)

    assert report.known == 0
    assert tables_of(other) == tables_of(store)
    assert origins(other) == origins(store)
    again = labelling.code_table(other, labels, spans=spans)
    assert (again.decisions, again.known) == (0, report.decisions)
    store.close()
    other.close()


@settings(
    deadline=None,
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(told=codings())
def test_evidence_moves_along_where_each_sentence_becomes_a_document(fresh, tmp_path, told):
    store, other = fresh(), Store.create(tmp_path / "bare.annotator")
    codebooks.put_scheme(other, [(toy_codebook(), "")], AT)
    code(store, told)
    labels, spans = written(store, tmp_path)

    labelling.code_table(other, labels, spans=spans, create=True)

    assert evidence(other) == evidence(store)
    store.close()
    other.close()
    other.path.unlink()


def evidence(store):
    """The words of every span, by the answer they belong to."""
    rows = csv.DictReader(io.StringIO(exporting.as_bytes(store, "spans").decode(), newline=""))
    told = ("decision_id", "variable", "target", "holder", "code", "use", "span_index", "span_text")
    return sorted(tuple(row[name] for name in told) for row in rows)


def sentence(source, number):
    draft, segments = story(source)
    one = segments[number]
    return f"{draft.document_id}:{one.start}-{one.end}", one.start


def peace(*spans):
    return {"variable": "frame", "code": "peace", "spans": spans}


def test_copied_decisions_come_back_as_copies_and_stay_out_of_training(fresh, tmp_path):
    store, other = fresh(), fresh()
    project_settings.put(store, propagate="always")
    unit, start = sentence("Wire", 1)
    there, moved = sentence("Post", 1)
    code(store, [("ana", unit, [peace((start + 1, start + 8))])])
    labels, spans = written(store, tmp_path)

    labelling.code_table(other, labels, spans=spans)

    ((original, _, _),) = [row for row in origins(other) if not row[1]]
    assert [row[1:] for row in origins(other) if row[1]] == [(original, "copy")]
    assert [row[6:] for row in evidence(other)] == [("0", "We rule")] * 2
    assert f",{moved + 1},{moved + 8},We rule" in tables_of(other)["spans"]
    assert training_table(other)["unit_id"].tolist() == [unit]
    retract = {"op": "retract", "unit": unit, "scheme": 1, "ref": original}
    event = Event.model_validate(retract | {"uuid": "taken-back"})
    assert events.record(other, [Told("ana", event, AT)]) == [None]
    assert origins(other) == []
    assert there not in tables_of(other)["labels"]


def test_a_copy_whose_origin_is_not_in_the_file_is_still_a_copy(fresh, tmp_path):
    store, other = fresh(), fresh()
    project_settings.put(store, propagate="always")
    unit, _ = sentence("Wire", 1)
    code(store, [("ana", unit, [peace()])])
    labels, _ = written(store, tmp_path)
    lines = labels.read_text(encoding="utf-8").splitlines(keepends=True)
    labels.write_text("".join([lines[0], *lines[-3:]]), encoding="utf-8")

    labelling.code_table(other, labels)

    assert [row[1:] for row in origins(other)] == [(None, "copy")]
    assert training_table(other).empty


def test_without_the_spans_the_first_comes_back_and_the_others_are_counted(fresh, tmp_path):
    store, other = fresh(), fresh()
    unit, start = sentence("Wire", 1)
    marked = [(start + 1, start + 3), (start + 4, start + 8), (start + 9, start + 13)]
    code(store, [("ana", unit, [peace(*marked)])])
    labels, spans = written(store, tmp_path)

    report = labelling.code_table(other, labels)

    assert [row[6:] for row in evidence(other)] == [("0", "We")]
    assert report.notes == (
        "2 further spans are not in the file, which has the first of each answer: export the "
        "format spans beside it, and bring the file again with --spans FILE",
    )
    assert labelling.code_table(other, labels).known == 1

    after = labelling.code_table(other, labels, spans=spans)

    assert (after.decisions, after.notes) == (1, ())
    assert [row[7] for row in evidence(other)] == ["We", "rule", "here"]
    again = labelling.code_table(other, labels, spans=spans)
    assert (again.decisions, again.known) == (0, 1)


def test_spans_of_answers_that_are_not_in_the_file_are_counted(fresh, tmp_path):
    store, other = fresh(), fresh()
    (unit, start), (later, begin) = sentence("Wire", 1), sentence("Wire", 2)
    code(store, [("ana", unit, [peace((start, start + 3))])])
    labels, _ = written(store, tmp_path)
    short = labels.read_bytes()
    code(store, [("ben", later, [peace((begin, begin + 4))])])
    _, spans = written(store, tmp_path)
    labels.write_bytes(short)

    report = labelling.code_table(other, labels, spans=spans)

    assert report.notes == ("the spans of 1 answers that are not in the file were left out",)


def test_the_command_takes_the_spans_beside_the_labels(fresh, tmp_path):
    store, other = fresh(), fresh()
    unit, start = sentence("Wire", 1)
    code(store, [("ana", unit, [peace((start + 1, start + 3), (start + 4, start + 8))])])
    labels, spans = written(store, tmp_path)

    told = annotator("code", other.path, labels, "--spans", spans)

    assert (told.exit_code, told.stderr) == (0, "")
    assert [row[7] for row in evidence(other)] == ["We", "rule"]


def test_spans_beside_a_table_of_other_make_are_refused(fresh, tmp_path):
    other = fresh()
    table = tmp_path / "coded.csv"
    table.write_text(f"text,label\n{SENTENCES[1]},Peace\n", encoding="utf-8")

    with pytest.raises(TableError, match=r"coded\.csv: --spans goes with our own labels\.csv"):
        labelling.code_table(
            other, table, spans=table, text="text", labels="label", variable="frame", coder="ana"
        )


def test_words_outside_of_the_sentence_are_no_evidence_and_nothing_comes_in(fresh, tmp_path):
    store, other = fresh(), fresh()
    (unit, start), (later, begin) = sentence("Wire", 1), sentence("Wire", 2)
    code(store, [("ana", later, [peace()]), ("ben", unit, [peace((start, start + 3))])])
    labels, _ = written(store, tmp_path)
    content = labels.read_text(encoding="utf-8")
    marked = f",1,{start},{start + 3},“We,"
    assert marked in content
    labels.write_text(content.replace(marked, f",1,{start},{begin},,"), encoding="utf-8")

    with pytest.raises(
        TableError, match=rf"labels\.csv: .* {start} to {begin} is outside its unit"
    ):
        labelling.code_table(other, labels)

    assert origins(other) == []
