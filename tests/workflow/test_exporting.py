"""Exports: the same bytes wherever they go, whole or not at all, and readable elsewhere."""

from __future__ import annotations

import io
import json
import threading
import zipfile

import pandas as pd
import pytest

from annotator.core.codebook import Codebook
from annotator.core.document import Draft, Segment
from annotator.core.errors import ExportError
from annotator.core.voice import Heard, Person, UnitVoice
from annotator.store import Store, codebooks, copies, documents, tables, voices
from annotator.workflow import analysing, export_formats, exporting, labelling

TEXTS = [
    'She said "no", then left.\nTwice.',
    "one, two; three\tfour",
    "A line\r\nof another",
    "🕊️ and 🏴‍☠️",
    "قال الوزير: «لا».",
    "=1+1",
    "-5",
    "NA",
    "  spaces  ",
    "'",
]


SPEAKERS = {
    "“We rule here": UnitVoice("mixed", ("Norland's envoy",), "role", 0.75),
    "Mira Osk: ": UnitVoice("direct", ("Mira Osk", "Dan Rell"), "name", 0.9375),
}
"""Who speaks in the units of the toy that begin so; in all others the author does."""


@pytest.fixture
def empty_toy(empty_toy):
    """The toy project with everything found in it; its voices by hand, whatever a finder hears."""
    ids = voices.waiting_ids(empty_toy)
    found = [voices.Found(one, *heard_in(one)) for one in voices.listened(empty_toy, ids)]
    voices.keep(empty_toy, found, "by hand")
    analysing.finish(empty_toy)
    return empty_toy


def heard_in(document):
    spoken = [
        next(
            (
                voice
                for begins, voice in SPEAKERS.items()
                if document.text[s.start :].startswith(begins)
            ),
            UnitVoice("author"),
        )
        for s in document.segments
    ]
    names = dict.fromkeys(name for voice in spoken for name in voice.speakers)
    return Heard((), tuple(map(Person, names))), spoken


def dictionary(store, name):
    return json.loads(exporting.dictionary_as_bytes(store, name))


@pytest.mark.parametrize("name", export_formats.FORMATS)
def test_the_toy_project_is_exported_as_in_the_golden_file(toy, golden, name):
    golden(f"{name}.csv", exporting.as_bytes(toy, name))


@pytest.mark.parametrize("name", ["labels", "wide"])
def test_the_toy_dictionary_is_as_in_the_golden_file(toy, golden, name):
    golden(f"{name}.codebook.json", exporting.dictionary_as_bytes(toy, name))


@pytest.mark.parametrize("name", export_formats.FORMATS)
def test_file_stream_and_bytes_are_the_same(toy, tmp_path, name):
    content = exporting.as_bytes(toy, name)
    raw, text = io.BytesIO(), io.StringIO(newline="")

    console = io.TextIOWrapper(raw, encoding="ascii", newline="\r")
    report = exporting.export(toy, name, tmp_path / "out.csv")
    exporting.export(toy, name, console)
    exporting.export(toy, name, text)

    assert (tmp_path / "out.csv").read_bytes() == content
    assert (raw.getvalue(), text.getvalue().encode()) == (content, content)
    assert report.files == (tmp_path / "out.csv", tmp_path / "out.codebook.json")
    assert report.files[1].read_bytes() == exporting.dictionary_as_bytes(toy, name)


@pytest.mark.parametrize("name", export_formats.FORMATS)
def test_the_report_counts_the_rows_that_pandas_reads(toy, tmp_path, name):
    report = exporting.export(toy, name, tmp_path / "out.csv")

    assert len(pd.read_csv(tmp_path / "out.csv")) == report.rows > 0


@pytest.mark.parametrize("name", export_formats.FORMATS)
def test_an_empty_project_gives_a_header_and_no_row(empty_toy, name):
    rows = {"units": 9}.get(name, 0)

    assert exporting.export(empty_toy, name, io.StringIO()).rows == rows


def test_what_was_left_out_is_counted_and_named(toy):
    report = exporting.export(toy, "labels", io.StringIO())

    assert report.left_out == {"undecided units": 4, "memos or flags without a decision": 1}
    assert dictionary(toy, "labels")["left_out"] == report.left_out
    assert exporting.left_out(toy, "units") == {}


@pytest.mark.parametrize("name", export_formats.FORMATS)
def test_the_dictionary_describes_every_column_in_order(toy, name):
    header = exporting.as_bytes(toy, name).decode("utf-8-sig").partition("\r\n")[0].split(",")
    columns = dictionary(toy, name)["columns"]

    assert [column["name"] for column in columns] == header
    assert all(column["description"].endswith(".") for column in columns)


def test_the_dictionary_maps_every_wide_column_to_its_code(toy):
    columns = {column["name"]: column for column in dictionary(toy, "wide")["columns"]}

    rejected = columns["frame_security_rejected"]
    assert (rejected["variable"], rejected["code"]) == ("frame", "security")
    assert (rejected["holder"], rejected["use"]) == ("any", "rejected")
    quoted = columns["stance_norland_quoted"]
    assert (quoted["variable"], quoted["target"], quoted["holder"]) == (
        *("stance", "norland", "quoted"),
    )


def test_the_dictionary_says_since_which_version_a_code_is_asked(toy, add_code):
    add_code(toy, "late")

    told = dictionary(toy, "wide")

    asked = {(c["variable"], c["target"], c["code"]): c for c in told["codes"]}
    assert asked["frame", "", "late"]["since"] == "1.1.0"
    assert asked["frame", "", "late"]["versions"] == ["1.1.0"]
    assert asked["frame", "", "peace"]["since"] == "1.0.0"
    assert asked["frame", "", "peace"]["versions"] == ["1.0.0", "1.1.0"]
    assert [s["codebooks"][0]["version"] for s in told["schemes"]] == ["1.0.0", "1.1.0"]
    assert told["project"] == "Toy project"


def test_the_dictionary_holds_every_codebook_in_every_version_in_full(toy, add_code):
    before = codebooks.current_scheme(toy).codebooks
    add_code(toy, "late")

    told = [Codebook.model_validate(book) for book in dictionary(toy, "labels")["codebooks"]]

    assert told == [*before, *codebooks.current_scheme(toy).codebooks]


def test_texts_come_back_from_pandas_as_they_went(empty_toy, decide, tmp_path):
    drafts = [
        (
            Draft(text=text, file="x.txt", file_sha256="1", title=text),
            [Segment(start=0, end=len(text), paragraph=0, part="body")],
        )
        for text in TEXTS
    ]
    documents.add_documents(empty_toy, drafts, segmenter="x", draw=lambda unit: 0.5, at="")

    exporting.export(empty_toy, "units", tmp_path / "units.csv")

    table = pd.read_csv(tmp_path / "units.csv", keep_default_na=False, dtype=str)
    assert table["text"].tolist()[-len(TEXTS) :] == TEXTS
    assert table["title"].tolist()[-len(TEXTS) :] == TEXTS


@pytest.mark.parametrize("name", ["labels", "excel"])
def test_what_was_exported_can_be_coded_again_without_loss(empty_toy, decide, tmp_path, name):
    copies.copy(empty_toy.path, tmp_path / "other.annotator", lambda done, total: None)
    for text, unit in zip(TEXTS, ["talks0", "talks1", "talks2", "talks3"] * 3, strict=False):
        decide(empty_toy, f"coder {text}", unit, answers=[], memo=text)
    exporting.export(empty_toy, name, tmp_path / "out.csv")

    other = Store.open(tmp_path / "other.annotator")
    labelling.code_table(other, tmp_path / "out.csv", coder=None)

    assert exporting.as_bytes(other, "labels") == exporting.as_bytes(empty_toy, "labels")
    other.close()


def test_memos_and_coders_of_every_script_come_back_from_pandas(empty_toy, decide, tmp_path):
    for text, unit in zip(TEXTS, ["talks0", "talks1", "talks2", "talks3"] * 3, strict=False):
        decide(empty_toy, f"coder {text}", unit, answers=[], memo=text)

    for name in ("labels", "wide"):
        exporting.export(empty_toy, name, tmp_path / f"{name}.csv")
        table = pd.read_csv(tmp_path / f"{name}.csv", keep_default_na=False, dtype=str)

        assert set(table["memo"]) == set(TEXTS)
        assert (table["coder"] == "coder " + table["memo"]).all()


def test_an_archive_holds_the_table_and_its_dictionary(toy, tmp_path):
    report = exporting.export(toy, "wide", tmp_path / "out.zip")

    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    assert held == {
        "out.csv": exporting.as_bytes(toy, "wide"),
        "out.codebook.json": exporting.dictionary_as_bytes(toy, "wide"),
    }
    assert report.files == (tmp_path / "out.zip",)
    assert exporting.zip_as_bytes(toy, "wide", "out") == (tmp_path / "out.zip").read_bytes()


@pytest.mark.parametrize("name", export_formats.FORMATS)
def test_an_export_tells_how_far_it_is_to_the_end(toy, name):
    told = []

    exporting.export(toy, name, io.StringIO(), lambda *far: told.append(far))

    done, total = [far[0] for far in told], told[0][1]
    assert (done[0], done[-1], total) == (0, total, 9 if name == "units" else 7)
    assert done == sorted(done)


def test_decisions_that_were_replaced_or_taken_back_are_counted(toy, decide):
    first = decide(toy, "cem", "note0", answers=[])
    decide(toy, "cem", "note0", answers=[{"variable": "frame", "code": "peace"}])
    assert exporting.left_out(toy, "labels")["earlier decisions"] == 1

    decide(toy, "cem", "note0", "retract", ref=first)

    assert exporting.left_out(toy, "labels")["earlier decisions"] == 1
    assert "earlier decisions" not in exporting.left_out(toy, "units")


def test_decisions_that_no_model_had_scored_are_missing_from_suggestions_and_counted(toy):
    assert exporting.left_out(toy, "suggestions")["decisions without scores"] == 5


def test_whatever_is_left_out_has_a_reason(toy):
    for name in export_formats.FORMATS:
        assert exporting.left_out(toy, name).keys() <= exporting.REASONS.keys()


def test_the_columns_to_begin_with_are_columns_of_the_format(toy):
    for name, chosen in export_formats.FORMATS.items():
        assert set(chosen.matters) <= {one["name"] for one in chosen.columns(toy)}, name


def test_cells_that_excel_cuts_are_whole_in_the_file_and_counted(empty_toy, decide, toy_units):
    long = "x" * 40_000
    draft = Draft(text=long, file="x.txt", file_sha256="1")
    cut = [Segment(start=0, end=len(long), paragraph=0, part="body")]
    documents.add_documents(empty_toy, [(draft, cut)], segmenter="x", draw=lambda unit: 0.5, at="")
    toy_units["long"] = f"{draft.document_id}:0-40000"
    out = io.StringIO()
    decide(empty_toy, "ana", "long", answers=[])

    report = exporting.export(empty_toy, "excel", out)

    assert out.getvalue().count(long) == report.rows == 3
    assert "3 cells are longer than the 32,767 characters that Excel shows" in report.warnings[0]
    assert exporting.export(empty_toy, "labels", io.StringIO()).warnings == ()


def test_an_unknown_format_names_those_there_are(toy):
    with pytest.raises(ExportError, match=r"no format 'long'; there are: labels, wide, units"):
        exporting.as_bytes(toy, "long")


def test_a_place_that_takes_no_file_is_told_in_one_sentence(toy, tmp_path):
    for place in (tmp_path, tmp_path / "no" / "labels.csv", tmp_path / ("x" * 300 + ".csv")):
        with pytest.raises(ExportError) as told:
            exporting.export(toy, "labels", place)

        assert len(str(told.value).splitlines()) == 1


def test_the_project_itself_is_never_overwritten(toy):
    before = toy.path.read_bytes()

    with pytest.raises(ExportError, match="belongs to the project itself"):
        exporting.export(toy, "labels", toy.path)

    assert toy.path.read_bytes() == before


@pytest.mark.parametrize("name", ["labels.csv", "labels.zip"])
def test_another_project_is_never_overwritten(toy, tmp_path, name):
    other = Store.create(tmp_path / name)
    other.close()
    before = other.path.read_bytes()

    with pytest.raises(ExportError, match=r"is an annotator project; choose another name"):
        exporting.export(toy, "labels", other.path)

    assert other.path.read_bytes() == before


def test_an_export_that_fails_leaves_the_old_file_and_no_other(toy, tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "labels.csv").write_text("old")
    # A folder in the dictionary's place: the table could be written, its dictionary could not.
    (folder / "labels.codebook.json").mkdir()

    with pytest.raises(ExportError):
        exporting.export(toy, "labels", folder / "labels.csv")

    assert (folder / "labels.csv").read_text() == "old"
    assert len(list(folder.iterdir())) == 2


def test_saves_made_during_an_export_wait_for_the_next_one(toy, decide):
    before = exporting.as_bytes(toy, "labels")
    answers = [{"variable": "frame", "code": "peace"}]

    with tables.snapshot(toy):
        toy.db.execute("select count(*) from event").fetchone()
        saving = threading.Thread(
            target=decide, args=(toy, "cem", "note1"), kwargs={"answers": answers}
        )
        saving.start()
        saving.join()
        during = exporting.as_bytes(toy, "labels")

    assert during == before
    assert exporting.as_bytes(toy, "labels") != before
