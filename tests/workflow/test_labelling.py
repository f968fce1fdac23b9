"""Labels from tables come in whole, on the right units, and never harm what is there."""

from __future__ import annotations

import io
import json

import pytest

from annotator.core.annotation import Event
from annotator.core.codebook import Codebook
from annotator.core.document import Draft, Segment
from annotator.core.errors import ReadError, TableError
from annotator.corpus import table_file
from annotator.corpus.file import File
from annotator.store import Store, codebooks, documents, events, tables
from annotator.workflow import choosing, exporting, importing, label_choices, label_jobs, projects
from annotator.workflow.label_choices import LabelChoices
from annotator.workflow.labelling import code_table

AT = "2024-05-04T10:00:00+00:00"
BOOK = {
    "name": "toy",
    "version": "1.0.0",
    "title": "Toy",
    "variable": [
        {
            "name": "frame",
            "use": ["asserted", "rejected"],
            "code": [
                {"name": "health-safety", "title": "Health & Safety", "definition": "d"},
                {"name": "law", "title": "Law and Order", "definition": "d"},
            ],
        },
        {
            "name": "stance",
            "choice": "one",
            "codes": "favor-against",
            "holder": True,
            "targets": [
                {"name": "ostravia", "title": "Ostravia", "aliases": ["Port Osten"]},
                {"name": "velm", "title": "Velm"},
            ],
        },
    ],
}
TEXTS = ["The bridge is open.", "Velm bans the ferry.", "Nobody was hurt."]


def book(version="1.0.0", codes=()):
    changed = Codebook.model_validate(BOOK | {"version": version})
    frame, stance = changed.variable
    extra = [{"name": name, "title": name.title(), "definition": "d"} for name in codes]
    dump = frame.model_dump()
    dump["code"] = [*dump["code"], *extra]
    variables = (type(frame).model_validate(dump), stance)
    return changed.model_copy(update={"variable": variables})


def rows_as_units(texts, ids):
    drafts = []
    for text, id_ in zip(texts, ids, strict=True):
        draft = Draft(text=text, file="a.csv", file_sha256="0", external_id=id_)
        drafts.append((draft, [Segment(start=0, end=len(text), paragraph=0, part="body")]))
    return drafts


def new_project(path, texts=TEXTS, ids=("n1", "n2", "n3")):
    store = Store.create(path)
    codebooks.put_scheme(store, [(book(), "")], AT)
    drafts = rows_as_units(texts, ids)
    documents.add_documents(store, drafts, segmenter="row", draw=lambda unit: 0.5, at=AT)
    return store


@pytest.fixture
def store(tmp_path):
    made = new_project(tmp_path / "p.annotator")
    yield made
    made.close()


@pytest.fixture
def write(tmp_path):
    def written(content, name="labels.csv"):
        path = tmp_path / name
        path.write_text(content, encoding="utf-8", newline="")
        return path

    return written


def held(store, coder="ana"):
    """What the coder holds: text → (target, code) of every answer."""
    return {
        coding.unit.text: sorted((a.target, a.code) for a in coding.answers)
        for coding in tables.codings(store)
        if coding.coder == coder
    }


def save(store, unit, scheme=1, at=AT, coder="ana", **fields):
    content = {"op": "set", "unit": unit, "scheme": scheme, "client_at": at} | fields
    content.setdefault("uuid", f"desk-{events.count(store):08}")
    return events.record(store, [events.Told(coder, Event.model_validate(content), at)])


def unit_of(store, text):
    return next(unit.unit_id for unit in tables.units(store) if unit.text == text)


def exported(store):
    out = io.StringIO()
    exporting.export(store, "labels", out)
    return out.getvalue()


def test_labels_are_matched_by_name_title_case_and_slug_and_the_mapping_is_told(store, write):
    path = write(
        "text,label\n"
        "The bridge is open.,health-safety\n"
        "Velm bans the ferry.,LAW AND ORDER\n"
        "Nobody was hurt.,health safety\n"
    )

    report = code_table(store, path, coder="ana", text="text", labels="label", variable="frame")

    assert held(store) == {
        "The bridge is open.": [("", "health-safety")],
        "Velm bans the ferry.": [("", "law")],
        "Nobody was hurt.": [("", "health-safety")],
    }
    assert {(match.label, match.code, match.rows) for match in report.mapping} == {
        ("health-safety", "health-safety", 1),
        ("LAW AND ORDER", "law", 1),
        ("health safety", "health-safety", 1),
    }
    assert (report.rows, report.decisions, report.known) == (3, 3, 0)
    assert "LAW AND ORDER → law: 1 rows" in list(report.lines())


def test_several_labels_of_a_cell_and_several_rows_of_a_unit_are_one_decision(store, write):
    path = write(
        "text,label\n"
        "The bridge is open.,law; health-safety\n"
        "Nobody was hurt.,law\n"
        "Nobody was hurt.,health-safety\n"
    )

    report = code_table(
        store, path, coder="ana", text="text", labels="label", variable="frame", delimiter=";"
    )

    both = [("", "health-safety"), ("", "law")]
    assert held(store) == {"The bridge is open.": both, "Nobody was hurt.": both}
    assert report.decisions == 2


def test_a_list_of_labels_in_json_needs_no_delimiter(store, write):
    path = write('{"id": "n1", "y": ["law", "health-safety"]}\n{"id": "n2", "y": []}\n', "t.jsonl")

    report = code_table(store, path, coder="ana", labels="y", variable="frame", id_="id")

    assert held(store) == {
        "The bridge is open.": [("", "health-safety"), ("", "law")],
        "Velm bans the ferry.": [],
    }
    assert report.empty == 1


def test_an_empty_cell_is_asked_and_left_empty_and_other_variables_are_not_asked(store, write):
    path = write("text,label\nThe bridge is open.,\n")

    code_table(store, path, coder="ana", text="text", labels="label", variable="frame")

    [coding] = tables.codings(store)
    assert (coding.status, coding.answers, coding.asked) == ("coded", (), ("frame",))


def test_a_stance_table_names_targets_by_title_and_alias(store, write):
    path = write(
        "text,about,stance\n"
        "The bridge is open.,Port Osten,FAVOR\n"
        "The bridge is open.,Velm,In favor\n"
        "Velm bans the ferry.,VELM,against\n"
    )

    report = code_table(
        *(store, path),
        coder="ana",
        text="text",
        labels="stance",
        target="about",
        variable="stance",
    )

    assert held(store) == {
        "The bridge is open.": [("ostravia", "favor"), ("velm", "favor")],
        "Velm bans the ferry.": [("velm", "against")],
    }
    assert report.decisions == 2
    assert [coding.asked for coding in tables.codings(store)] == [("stance",), ("stance:velm",)]


def test_two_stances_of_one_unit_toward_one_target_are_refused(store, write):
    path = write("text,about,y\nNobody was hurt.,Velm,favor\nNobody was hurt.,velm,against\n")

    with pytest.raises(
        TableError, match=r"line 3: .* against toward velm here and favor in line 2"
    ):
        code_table(
            store, path, coder="ana", text="text", labels="y", target="about", variable="stance"
        )


def test_targets_must_be_told_where_there_are_several(store, write):
    path = write("text,y\nNobody was hurt.,favor\n")

    with pytest.raises(TableError, match="--target COL"):
        code_table(store, path, coder="ana", text="text", labels="y", variable="stance")


def test_rows_match_by_external_id_else_by_unit_id_and_never_by_text(store, write):
    unit = unit_of(store, "Nobody was hurt.")
    path = write(f"id,text,y\nn2,The bridge is open.,law\n{unit},,law\n")

    code_table(store, path, coder="ana", text="text", labels="y", variable="frame", id_="id")

    assert held(store) == {"Velm bans the ferry.": [("", "law")], "Nobody was hurt.": [("", "law")]}
    strange = write("id,text,y\nnope,The bridge is open.,law\n", "strange.csv")
    with pytest.raises(TableError, match=r"1 rows match no unit .*'nope'"):
        code_table(store, strange, coder="ana", text="text", labels="y", variable="frame", id_="id")


def test_an_external_id_of_a_document_with_several_units_is_refused(store, write):
    draft = Draft(text="One. Two.", file="b", file_sha256="0", external_id="n9")
    parts = [Segment(start=s, end=e, paragraph=0, part="body") for s, e in ((0, 4), (5, 9))]
    documents.add_documents(store, [(draft, parts)], segmenter="x", draw=lambda unit: 0.5, at=AT)
    path = write("id,y\nn9,law\n")

    with pytest.raises(TableError, match="'n9' has 2 units; name each by its unit id"):
        code_table(store, path, coder="ana", labels="y", variable="frame", id_="id")


def test_an_ambiguous_text_is_a_fault_that_names_both_units(tmp_path, write):
    twice = new_project(tmp_path / "t.annotator", ["Same.", "Same."], ["n1", "n2"])
    first, second = [unit.unit_id for unit in tables.units(twice)]
    path = write("text,y\nSame.,law\n")

    with pytest.raises(TableError, match=f"both {first} and {second}; name the units by id"):
        code_table(twice, path, coder="ana", text="text", labels="y", variable="frame")
    twice.close()


def test_unknown_labels_are_all_named_with_the_codes_there_are(store, write):
    path = write(
        "text,y\nThe bridge is open.,economy\nNobody was hurt.,sport\nNobody was hurt.,law"
    )

    with pytest.raises(TableError) as fault:
        code_table(store, path, coder="ana", text="text", labels="y", variable="frame")

    for named in ("'economy' (1)", "'sport' (1)", "health-safety, law"):
        assert named in str(fault.value)


def test_nothing_of_a_table_with_a_fault_comes_in(store, write):
    path = write("text,y\nThe bridge is open.,law\nA new sentence.,law\nAnother.,economy\n")
    before = events.count(store), tables.totals(store)

    with pytest.raises(TableError):
        code_table(store, path, coder="ana", text="text", labels="y", variable="frame", create=True)

    assert (events.count(store), tables.totals(store)) == before


def test_a_refusal_of_the_store_takes_documents_that_were_made_back(store, write):
    codebooks.put_scheme(store, [(_required(), "")], AT)
    path = write("text,y\nA new sentence.,law\nAnother new one.,\n")

    with pytest.raises(TableError, match="frame: is required"):
        code_table(store, path, coder="ana", text="text", labels="y", variable="frame", create=True)

    assert tables.totals(store)["documents"] == 3
    assert events.count(store) == 0


def _required():
    changed = book("2.0.0")
    frame, stance = changed.variable
    variables = (frame.model_copy(update={"required": True}), stance)
    return changed.model_copy(update={"variable": variables})


def test_create_makes_a_document_of_one_unit_of_each_row_that_no_unit_matches(store, write):
    path = write('id,text,y\nn1,The bridge is open.,law\nx7," Snow fell. Ice, too. ",law\n')

    report = code_table(
        *(store, path),
        coder="ana",
        text="text",
        labels="y",
        variable="frame",
        id_="id",
        create=True,
    )

    assert report.created == 1
    assert held(store)["Snow fell. Ice, too."] == [("", "law")]
    made = list(tables.units(store))[-1]
    assert (made.file, made.title, made.start, made.end) == ("labels.csv", "", 1, 21)
    assert documents.units_of_external_ids(store, ["x7"]) == {"x7": [made.unit_id]}


def test_the_same_table_twice_adds_nothing_and_says_so(store, write):
    path = write("text,y\nThe bridge is open.,law\nA new sentence.,\n")
    options = {"coder": "ana", "text": "text", "labels": "y", "variable": "frame", "create": True}
    code_table(store, path, **options)
    before = events.count(store), tables.totals(store)

    report = code_table(store, path, **options)

    assert (events.count(store), tables.totals(store)) == before
    assert (report.decisions, report.known, report.created) == (0, 2, 0)
    assert report.notes == ("2 decisions were there already",)


def test_what_a_coder_changed_since_is_not_overwritten_by_the_same_table(store, write):
    path = write("text,y\nThe bridge is open.,law\n")
    code_table(store, path, coder="ana", text="text", labels="y", variable="frame")
    save(store, unit_of(store, "The bridge is open."), at="2024-06-01T10:00:00+00:00")

    report = code_table(store, path, coder="ana", text="text", labels="y", variable="frame")

    assert held(store) == {"The bridge is open.": []}
    assert "differ from what is here now" in report.notes[0]


def test_labels_for_one_variable_leave_the_coders_other_answers(store, write):
    unit = unit_of(store, "The bridge is open.")
    stance = {"variable": "stance", "code": "favor", "target": "velm", "holder": "Ada Moor"}
    old = {"variable": "frame", "code": "health-safety"}
    assert save(store, unit, answers=[stance, old], asked=["frame", "stance:velm"]) == [None]
    path = write("text,y\nThe bridge is open.,law\n")

    code_table(store, path, coder="ana", text="text", labels="y", variable="frame")

    assert held(store) == {"The bridge is open.": [("", "law"), ("velm", "favor")]}
    [coding] = tables.codings(store)
    assert coding.asked == ("frame", "stance:velm")


def test_codes_that_came_after_a_decision_stay_not_asked_when_labels_are_added_to_it(store, write):
    unit = unit_of(store, "The bridge is open.")
    assert save(store, unit, answers=[{"variable": "frame", "code": "law"}], asked=["frame"]) == [
        None
    ]
    codebooks.put_scheme(store, [(book("1.1.0", ["economy"]), "")], AT)
    path = write("text,about,y\nThe bridge is open.,Velm,favor\n")

    code_table(
        *(store, path),
        coder="ana",
        text="text",
        labels="y",
        target="about",
        variable="stance",
    )

    [coding] = tables.codings(store)
    assert (coding.scheme, coding.asked) == (1, ("frame", "stance:velm"))


def test_a_dry_run_tells_what_would_happen_and_keeps_nothing(store, write):
    path = write("text,y\nThe bridge is open.,law\nA new sentence.,law\n")
    before = events.count(store), tables.totals(store)

    report = code_table(
        *(store, path),
        coder="ana",
        text="text",
        labels="y",
        variable="frame",
        create=True,
        dry_run=True,
    )

    assert (report.decisions, report.created, report.dry_run) == (2, 1, True)
    assert (events.count(store), tables.totals(store)) == before


def test_a_column_of_coders_serves_where_no_coder_is_named(store, write):
    path = write("text,y,coder\nNobody was hurt.,law,ana\nNobody was hurt.,,gold\n")

    report = code_table(store, path, coder=None, text="text", labels="y", variable="frame")

    assert report.coders == ("ana", "gold")
    assert held(store, "ana") == {"Nobody was hurt.": [("", "law")]}
    assert held(store, "gold") == {"Nobody was hurt.": []}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"labels": "y"}, "--text COL"),
        ({"text": "text"}, "--labels COL"),
        ({"text": "text", "labels": "y", "coder": None}, "--coder NAME"),
        ({"text": "text", "labels": "y", "coder": " "}, "names no coder"),
        ({"text": "text", "labels": "y", "coder": "x" * 101}, "longer than 100"),
        ({"text": "text", "labels": "y", "variable": None}, "--variable NAME; there are frame"),
        ({"text": "text", "labels": "y", "variable": "tone"}, "no variable 'tone'"),
        ({"text": "text", "labels": "z"}, "no column 'z'; the columns are: text, y"),
    ],
)
def test_what_is_missing_is_named_with_its_remedy(store, write, options, message):
    path = write("text,y\nNobody was hurt.,law\n")

    with pytest.raises((TableError, ReadError), match=message):
        code_table(store, path, **({"coder": "ana", "variable": "frame"} | options))


def code_everything(store):
    """Every kind of decision there is, in two versions of the codebook."""
    bridge, ferry, hurt = (unit_of(store, text) for text in TEXTS)
    frame = {"variable": "frame", "code": "law", "use": "rejected", "confidence": 3}
    author = {"variable": "stance", "code": "favor", "target": "velm", "explicit": "implied"}
    voice = author | {"code": "against", "holder": "Ada Moor", "holder_type": "official"}
    scored = {"variable": "frame", "code": "law", "score": 0.71, "above": True, "shown": True}
    kept = [
        save(
            *(store, bridge),
            answers=[frame, author, voice],
            candidates=[scored],
            model_id="m-1",
            arm="suggest",
            seconds=2.5,
            memo='why,\n"so"',
            flagged=True,
        ),
        save(store, ferry),
        save(store, hurt, op="skip"),
        save(store, hurt, op="not_codable", coder="Øyvind", memo="broken"),
    ]
    newer = codebooks.put_scheme(store, [(book("1.1.0", ["economy"]), "")], AT)
    economy = {"variable": "frame", "code": "economy"}
    kept.append(save(store, bridge, scheme=newer.id, coder="bo", answers=[economy]))
    kept.append(save(store, ferry, scheme=newer.id, coder="bo", answers=[economy], asked=["frame"]))
    assert kept == [[None]] * 6


def test_the_long_form_comes_back_without_loss(tmp_path, store):
    code_everything(store)
    path = tmp_path / "out.csv"
    exporting.export(store, "labels", path)
    other = new_project(tmp_path / "other.annotator")
    codebooks.put_scheme(other, [(book("1.1.0", ["economy"]), "")], AT)

    report = code_table(other, path, coder=None)

    assert exported(other) == exported(store)
    assert (report.decisions, report.coders) == (6, ("ana", "bo", "Øyvind"))
    again = code_table(other, path, coder="zoe")
    assert (again.decisions, again.known) == (0, 6)
    assert "--coder zoe was not used" in again.notes[0]
    other.close()


def test_a_codebook_version_is_taken_from_beside_the_file_and_not_put_in_force(tmp_path, store):
    code_everything(store)
    path = tmp_path / "out.csv"
    exporting.export(store, "labels", path)
    other = Store.create(tmp_path / "other.annotator")
    newest = codebooks.put_scheme(other, [(book("1.1.0", ["economy"]), "")], AT)
    drafts = rows_as_units(TEXTS, ["n1", "n2", "n3"])
    documents.add_documents(other, drafts, segmenter="row", draw=lambda unit: 0.5, at=AT)

    code_table(other, path, coder=None)

    assert codebooks.current_scheme(other) == newest
    assert exported(other) == exported(store)
    other.close()


def test_an_unknown_codebook_version_without_its_dictionary_is_a_fault(tmp_path, store):
    codebooks.put_scheme(store, [(book("1.1.0", ["economy"]), "")], AT)
    save(store, unit_of(store, "Nobody was hurt."), scheme=2)
    path = tmp_path / "out.csv"
    exporting.export(store, "labels", path)
    (tmp_path / "out.codebook.json").unlink()
    other = new_project(tmp_path / "other.annotator")

    with pytest.raises(TableError, match=r"toy 1\.1\.0.*put out\.codebook\.json"):
        code_table(other, path, coder=None)
    assert list(codebooks.schemes(other)) == [1]
    other.close()


def test_a_target_that_is_not_here_is_refused_though_it_was_left_empty(tmp_path, store):
    save(store, unit_of(store, "Nobody was hurt."), scheme=1)
    path = tmp_path / "out.csv"
    exporting.export(store, "labels", path)
    written = path.read_bytes()
    path.write_bytes(written.replace(b",velm,", b",norvia,"))
    assert path.read_bytes() != written

    with pytest.raises(TableError, match=r"out\.csv: line 2: .*stance: norvia.* toy 1\.0\.0"):
        code_table(new_project(tmp_path / "other.annotator"), path, coder=None)


def test_units_of_the_long_form_that_are_not_here_are_counted_or_made(tmp_path, store):
    code_everything(store)
    path = tmp_path / "out.csv"
    exporting.export(store, "labels", path)
    empty = new_project(tmp_path / "empty.annotator", [], [])

    with pytest.raises(TableError, match=r"3 of its units are not in this project .* --create"):
        code_table(empty, path, coder=None)
    report = code_table(empty, path, coder=None, create=True)

    assert (report.created, report.decisions) == (3, 6)
    assert held(empty) == held(store)
    assert code_table(empty, path, coder=None).decisions == 0
    empty.close()


def test_a_later_decision_of_the_same_coder_is_not_replaced_by_an_older_one(tmp_path, store):
    save(store, unit_of(store, "Nobody was hurt."), answers=[{"variable": "frame", "code": "law"}])
    path = tmp_path / "out.csv"
    exporting.export(store, "labels", path)
    other = new_project(tmp_path / "other.annotator")
    later = {"at": "2024-06-01T10:00:00+00:00", "uuid": "later-decision"}
    save(other, unit_of(other, "Nobody was hurt."), **later)

    report = code_table(other, path, coder=None)

    assert held(other) == {"Nobody was hurt.": []}
    assert report.notes == (
        "1 decisions are older than what the coder decided since: left as it is now",
    )
    other.close()


def test_rows_of_the_layer_gold_are_refused(tmp_path, store):
    save(store, unit_of(store, "Nobody was hurt."))
    path = tmp_path / "out.csv"
    path.write_text(exported(store).replace(",coder,main,", ",gold,main,"), encoding="utf-8")

    with pytest.raises(TableError, match=r"rows are of the layer gold \(the first in line 2\)"):
        code_table(store, path, coder=None)


ROWS = (
    "id,text,outlet,date,circulation,label,annotator\n"
    "r1,Snow fell on Velm.,Velmar Wire,2031-05-04,9000,law,ana\n"
    'r2,"The ferry sank.\r\nNobody was hurt there.",Port Osten Post,2031-05-05,400,,ben\n'
)
OF_ROWS = {"text": "text", "labels": "label", "variable": "frame"}


@pytest.mark.parametrize("by", ["id", ""])
def test_rows_that_were_imported_are_found_by_their_labels_and_the_other_way_round(
    store, write, by
):
    path = write(ROWS)
    code = {**OF_ROWS, "coder": "ana", "id_": by, "create": True}
    [outcome] = importing.import_paths(store, 1, [path], choosing.Choices(unit="row"))
    assert (outcome.documents, code_table(store, path, **code).created) == (2, 0)

    other = Store.create(path.with_name("other.annotator"))
    codebooks.put_scheme(other, [(book(), "")], AT)
    assert code_table(other, path, **code).created == 2
    [outcome] = importing.import_paths(other, 1, [path], choosing.Choices(unit="row"))
    assert (outcome.status, outcome.known) == ("known", 2)
    other.close()


def test_the_columns_of_what_was_made_are_known_to_the_next_import(store, write):
    path = write("one,other,y\nSnow fell on Velm.,k1,law\nThe ferry sank.,k2,law\n")
    code_table(
        *(store, path),
        coder="ana",
        text="one",
        id_="other",
        labels="y",
        variable="frame",
        create=True,
    )

    [outcome] = importing.import_paths(store, 1, [path], choosing.Choices(unit="row"))

    assert (outcome.status, outcome.known) == ("known", 2)


def test_a_document_that_is_made_has_the_other_columns_and_not_what_coders_said(store, write):
    path = write(ROWS)

    code_table(store, path, **OF_ROWS, coder_column="annotator", id_="id", create=True)

    made = [unit for unit in tables.units(store) if unit.file == "labels.csv"]
    assert [(unit.source, unit.published) for unit in made] == [
        ("Velmar Wire", "2031-05-04"),
        ("Port Osten Post", "2031-05-05"),
    ]
    assert metadata(store)["r1"] == {"circulation": "9000"}
    assert made[1].text == "The ferry sank.\nNobody was hurt there."


def metadata(store):
    rows = store.db.execute("select external_id, meta from document")
    return {row[0]: json.loads(row[1]) for row in rows}


def test_what_was_said_of_a_table_is_known_for_the_next_one_of_the_same_columns(store, write):
    first = write("text,y\nThe bridge is open.,L\n")
    said = {"text": "text", "labels": "y", "variable": "frame", "codes": {"L": "law"}}
    code_table(store, first, coder="ana", **said)

    report = code_table(store, write("text,y\nNobody was hurt.,L\n", "next.csv"), coder="ana")

    assert held(store)["Nobody was hurt."] == [("", "law")]
    assert report.notes[0] == (
        "read as a table of these columns was last time: "
        "--labels y --text text --variable frame --map L=law"
    )


def test_a_dry_run_is_not_remembered(store, write):
    path = write("text,y\nThe bridge is open.,law\n")
    code_table(store, path, coder="ana", text="text", labels="y", variable="frame", dry_run=True)

    with pytest.raises(TableError, match="--labels COL"):
        code_table(store, path, coder="ana")


def test_rows_that_match_nothing_are_left_out_and_counted_where_one_says_so(store, write):
    path = write("id,y\nn1,law\nnowhere,law\n")

    report = code_table(
        store, path, coder="ana", labels="y", id_="id", variable="frame", skip_unmatched=True
    )

    assert held(store) == {"The bridge is open.": [("", "law")]}
    assert "1 rows match no unit, and are left out" in report.notes


def test_a_row_without_a_sentence_is_made_no_document(store, write):
    path = write("text,y\nSnow fell.,law\n4711,law\n")
    options = {**{"text": "text", "labels": "y", "variable": "frame"}, "coder": "a", "create": True}

    with pytest.raises(TableError, match="line 3: there is no sentence in the text"):
        code_table(store, path, **options)
    assert code_table(store, path, **options, skip_unmatched=True).created == 1


@pytest.mark.parametrize(("repeated", "code"), [("first", "favor"), ("last", "against")])
def test_a_second_answer_where_one_is_taken_may_be_settled_by_order(store, write, repeated, code):
    path = write("id,about,y\nn1,Velm,favor\nn1,Velm,against\nn1,Ostravia,neutral\n")
    options = {"labels": "y", "id_": "id", "target": "about", "variable": "stance"}

    report = code_table(store, path, coder="ana", **options, repeated=repeated)

    assert held(store) == {"The bridge is open.": [("ostravia", "neutral"), ("velm", code)]}
    assert f"1 answers stand beside another one of the same coder: the {repeated} was taken" in (
        report.notes
    )


def test_a_target_with_a_column_of_its_own_that_was_not_asked_stays_not_asked(store, write):
    path = write("id,a,b\nn1,pro,\nn2,,\n")

    code_table(
        *(store, path),
        coder="ana",
        id_="id",
        variable="stance",
        labels_for={"Velm": "a", "Ostravia": "b"},
        codes={"": "-"},
    )

    [coding] = tables.codings(store)
    assert (coding.unit.text, coding.asked) == ("The bridge is open.", ("stance:velm",))


def test_coders_with_columns_of_their_own_are_coders_of_their_own(store, write):
    path = write("id,A,B\nn1,law,law\nn2,law,\n")

    report = code_table(store, path, id_="id", variable="frame", labels_by={"ana": "A", "ben": "B"})

    assert report.coders == ("ana", "ben")
    assert list(held(store, "ben")) == ["The bridge is open."]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"labels": "y", "labels_by": {"ana": "y"}}, "give one of the three"),
        ({"labels": "y", "coder": "ana", "coder_column": "who"}, "give one of the two"),
        ({"labels_like": ("z*",)}, r"no column is like 'z\*'; the columns are: id, y, who"),
        ({"labels": "y", "coder": "ana", "codes": {"law": "lore"}}, "has no code 'lore'"),
    ],
)
def test_choices_that_contradict_each_other_or_the_table_are_refused(
    store, write, options, message
):
    path = write("id,y,who\nn1,law,ana\n")

    with pytest.raises(TableError, match=message):
        code_table(store, path, id_="id", variable="frame", **options)


def test_a_table_that_was_uploaded_comes_in_by_a_job_with_its_report(store, tmp_path):
    project = projects.open_project(store.path)
    file = File.of_bytes(b"text,y\nThe bridge is open.,law\n", "up.csv")
    choices = LabelChoices(text="text", labels=("y",), variable="frame", coder="ana")

    assert label_jobs.start(project, file, choices)
    job = label_jobs.job(project)
    job.wait()

    assert (job.fault, job.report.decisions) == ("", 1)
    assert held(project.store) == {"The bridge is open.": [("", "law")]}
    label_jobs.forget(project)
    assert label_jobs.job(project) is None
    projects.close_project(store.path)


def test_a_job_whose_table_does_not_fit_says_why_and_keeps_nothing(store):
    project = projects.open_project(store.path)
    file = File.of_bytes(b"text,y\nThe bridge is open.,odd\n", "up.csv")
    choices = LabelChoices(text="text", labels=("y",), variable="frame", coder="ana")

    label_jobs.start(project, file, choices)
    job = label_jobs.job(project)
    job.wait()

    assert "no code of frame is 'odd' (1)" in job.fault
    assert events.count(project.store) == 0
    label_jobs.forget(project)
    projects.close_project(store.path)


def test_columns_of_a_published_table_are_guessed_by_the_codebook(store, write):
    path = write(
        "id,sentence,annotator,topic,y\n"
        "n1,The bridge is open.,ana,bridges,Law and Order\n"
        "n2,Velm bans the ferry.,ana,ferries,Health & Safety\n"
    )

    guess = label_choices.guessed(store, table_file.read_table(path))

    assert (guess.text, guess.id_, guess.labels) == ("sentence", "id", ("y",))
    assert (guess.variable, guess.coder_column, guess.target) == ("frame", "annotator", "")


def test_labels_that_are_stopped_on_their_way_leave_nothing(store, write):
    path = write("text,y\nThe bridge is open.,law\nA new sentence.,law\n")
    before = events.count(store), tables.totals(store)

    def stop(done, total, message):
        raise label_jobs.LabellingStoppedError(message)

    with pytest.raises(label_jobs.LabellingStoppedError):
        code_table(
            *(store, path),
            coder="ana",
            text="text",
            labels="y",
            variable="frame",
            create=True,
            progress=stop,
        )

    assert (events.count(store), tables.totals(store)) == before
