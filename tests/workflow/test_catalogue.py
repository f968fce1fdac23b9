"""Documents edited, retired and removed: in exports, training, the doctor and the command line."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from contextlib import closing
from datetime import datetime

import pytest

from annotator.core.errors import RejectedEventError
from annotator.learn.model import Mistake
from annotator.store import Store, codebooks, jobs, progress, settings, tables
from annotator.store import catalogue as listed
from annotator.store.catalogue import Change
from annotator.store.seat import Seat
from annotator.workflow import (
    care,
    catalogue,
    export_formats,
    exporting,
    importing,
    labelling,
    overview,
    projects,
    status,
)
from annotator.workflow.sources import from_uploads
from annotator.workflow.training_table import training_table
from tests.terminal import annotator

AT = datetime.fromisoformat("2026-03-02T09:05:07+00:00")


@pytest.fixture(autouse=True)
def _home(tmp_path, monkeypatch):
    monkeypatch.setenv("ANNOTATOR_HOME", str(tmp_path / "home"))


@pytest.fixture
def talks(toy_units) -> str:
    """The document that ana and ben coded."""
    return toy_units["talks0"].partition(":")[0]


def read(store: Store, name: str) -> list[dict[str, str]]:
    content = exporting.as_bytes(store, name).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content, newline="")))


def faults(project) -> dict[str, str]:
    return {
        check.name: check.message
        for check in care.examine(project).checks
        if check.state == "fault"
    }


def alter(project, *statements):
    with closing(sqlite3.connect(project)) as conn:
        for statement in statements:
            conn.execute(statement)
        conn.commit()


# What people write


@pytest.mark.parametrize(
    ("field", "written", "kept"),
    [
        ("published", " 4 May  2031 ", "2031-05-04"),
        ("published", "2031-05", "2031-05"),
        ("published", "", ""),
        ("source", " Velm \n Courier\0", "Velm Courier\ufffd"),
        ("language", "HY", "hy"),
    ],
)
def test_what_is_written_is_settled_before_it_is_kept(toy, talks, field, written, kept):
    catalogue.edit(toy, [Change(talks, field, written)], "ana")

    assert getattr(listed.entry(toy, talks), field) == kept


@pytest.mark.parametrize(
    ("field", "written", "said"),
    [
        ("published", "03/04/2031", "'03/04/2031' may be read in two ways; write it like"),
        ("published", "31/02/2031", "the date '31/02/2031'"),
        ("published", "soon", "the date 'soon'"),
        ("language", "english", "write its code, like en, hy or ru"),
        ("source", "x" * 1_001, "has 1,001 characters, and the limit is 1,000"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_a_sentence(toy, talks, field, written, said):
    with pytest.raises(RejectedEventError, match=said):
        catalogue.edit(toy, [Change(talks, field, written)], "ana")

    assert listed.history(toy, talks) == []


# Retired documents leave


@pytest.mark.parametrize("name", export_formats.FORMATS)
def test_an_export_leaves_a_retired_document_out_and_names_it(toy, talks, name):
    before = read(toy, name)

    catalogue.retire(toy, [talks], "ana")

    report = exporting.export(toy, name, io.StringIO())
    of_talks = [row for row in before if row["unit_id"].startswith(talks)]
    assert of_talks
    assert read(toy, name) == [row for row in before if row not in of_talks]
    assert not any(row["unit_id"].startswith(talks) for row in read(toy, name))
    assert report.left_out["units of retired documents"] == 4
    assert report.left_out.get("decisions on retired documents", 0) == (name != "units") * 6
    assert report.left_out.keys() <= exporting.REASONS.keys()


def test_status_and_home_count_the_corpus_alone(toy, talks):
    catalogue.retire(toy, [talks], "ana")
    project = projects.Project(store=toy, id="toy", title="Toy", seed=1, is_sample=False)

    told = status.status(project)
    glance = overview.glance(toy)

    assert {name: told[name] for name in ("documents", "units", "annotated_units")} == {
        "documents": 2,
        "units": 5,
        "annotated_units": 1,
    }
    assert told["coders"] == ["cem"]
    assert told["warnings"][0].startswith("1 document is retired and in none of these figures")
    assert (glance.documents, glance.coded, glance.skipped, glance.not_codable) == (2, 1, 0, 0)


def test_a_model_learns_nothing_from_a_retired_document(toy, talks):
    assert talks in set(training_table(toy).document_id)

    catalogue.retire(toy, [talks], "ana")

    assert talks not in set(training_table(toy).document_id)


def test_a_models_mistake_in_a_retired_document_is_not_shown(toy, talks, toy_units):
    project = projects.Project(store=toy, id="toy", title="Toy", seed=1, is_sample=False)
    mistake = [Mistake(unit_id=toy_units["talks0"], score=0.5)]
    assert len(overview.to_read(project, "ana", mistake)) == 1

    catalogue.retire(toy, [talks], "ana")

    assert overview.to_read(project, "ana", mistake) == []


def test_training_starts_by_itself_after_decisions_only(toy, talks):
    said = overview.until_training(toy)
    job = jobs.latest(toy)

    catalogue.edit(toy, [Change(talks, "source", f"Post {n}") for n in range(30)], "ana")

    assert (job, overview.until_training(toy)) == (None, said)


# Identity


def test_labels_for_a_retired_document_join_what_its_coders_have(toy, talks, toy_units, tmp_path):
    file = tmp_path / "stances.csv"
    file.write_text(
        f"id,coder,stance,target\n{toy_units['talks1']},ben,against,esmar\n", encoding="utf-8"
    )
    catalogue.retire(toy, [talks], "ana")

    labelling.code_table(toy, file, labels=["stance"], id_="id", target="target", variable="stance")

    catalogue.restore(toy, [talks], "ana")
    (held,) = [
        one
        for one in tables.codings(toy)
        if (one.coder, one.unit.unit_id) == ("ben", toy_units["talks1"])
    ]
    assert sorted((one.variable, one.target, one.code) for one in held.answers) == [
        ("frame", "", "peace"),
        ("stance", "esmar", "against"),
        ("stance", "norland", "against"),
    ]


def test_a_file_whose_article_was_edited_or_retired_since_is_still_there_already(tmp_path):
    book = tmp_path / "small.toml"
    book.write_text(
        'name = "s"\nversion = "1.0.0"\ntitle = "S"\n[[variable]]\nname = "frame"\n'
        '[[variable.code]]\nname = "road"\ntitle = "Road"\ndefinition = "A road."\n',
        encoding="utf-8",
    )
    made = projects.create(tmp_path / "p.annotator", [book])
    files = [("post/one.txt", b"The road is open, said the envoy. It rained.")]
    list(importing.import_sources(made.store, made.seed, from_uploads(files)))
    (first,) = listed.page(made.store).rows
    catalogue.edit(
        made.store, [Change(first.id, "source", "Courier"), Change(first.id, "published", "2031")]
    )

    for act in (lambda: None, lambda: catalogue.retire(made.store, [first.id])):
        act()
        again = list(importing.import_sources(made.store, made.seed, from_uploads(files)))
        assert [one.status for one in again] == ["known"]
        assert listed.page(made.store, retired=None).total == 1
    projects.close_project(made.path)


def test_labels_of_edited_documents_go_into_a_fresh_project_and_come_again(toy, talks, tmp_path):
    catalogue.edit(
        toy, [Change(talks, "source", "Other Post"), Change(talks, "published", "2031")], "ana"
    )
    file = tmp_path / "labels.csv"
    exporting.export(toy, "labels", file)
    fresh = Store.create(tmp_path / "fresh.annotator")
    as_toy(toy, fresh)

    first = labelling.code_table(fresh, file, create=True)
    again = labelling.code_table(fresh, file, create=True)

    held = {row["text"]: (row["source"], row["published"]) for row in read(fresh, "units")}
    assert (first.decisions, again.decisions, again.created) == (7, 0, 0)
    assert held["The bus was late."] == ("Other Post", "2031")
    fresh.close()


def as_toy(toy: Store, fresh: Store) -> None:
    """Give a new project the codebook and the settings of the toy project."""
    settings.put(fresh, id="fresh", title="Fresh", seed="1", sample="0", made_at="")
    current = codebooks.current_scheme(toy).codebooks
    codebooks.put_scheme(fresh, [(book, "") for book in current], "2026-01-05T09:00:00+00:00")


# The doctor


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("update document set source = 'x' where source = 'Edited'", "source is 'x', not 'Edited'"),
        ("update document set date_precision = 'day' where source = 'Edited'", "date_precision"),
        ("update document set retired = 0", "retired is 0, not 1"),
        ("update document set retired = 1", "retired is 1, not 0"),
        ("update document set letters = 0", "letters is 0"),
    ],
)
def test_a_document_that_strays_from_its_events_is_found_and_mended(
    toy, talks, toy_units, statement, said
):
    changes = [Change(talks, "source", "Edited"), Change(talks, "published", "2031-05")]
    catalogue.edit(toy, changes, "ana")
    catalogue.retire(toy, [toy_units["rain0"].partition(":")[0]], "ana")
    whole = [listed.page(toy, retired=None), progress.of(toy, Seat("ana"))]
    toy.close()
    assert faults(toy.path) == {}

    alter(toy.path, statement)

    assert said in faults(toy.path)["documents"]
    care.repair(care.examine(toy.path), at=AT, tell=lambda *far: None)
    assert faults(toy.path) == {}
    assert [listed.page(toy, retired=None), progress.of(toy, Seat("ana"))] == whole


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("update corpus set documents = 9", "corpus"),
        ("update progress set done = done + 1", "progress"),
    ],
)
def test_counts_that_are_wrong_beside_a_retired_document_are_made_anew(
    toy, talks, statement, table
):
    catalogue.retire(toy, [talks], "ana")
    before = listed.page(toy, retired=None)
    toy.close()

    alter(toy.path, statement)

    assert faults(toy.path) == {"counts": f"{table} differ from counting anew"}
    care.repair(care.examine(toy.path), at=AT, tell=lambda *far: None)
    assert faults(toy.path) == {}
    assert listed.page(toy, retired=None) == before


def test_an_event_about_a_document_that_nobody_removed_is_a_fault(toy, toy_units):
    note = toy_units["note0"].partition(":")[0]
    catalogue.edit(toy, [Change(note, "source", "Post")], "ana")
    toy.close()

    with closing(sqlite3.connect(toy.path)) as conn:
        conn.execute("pragma foreign_keys = on")
        conn.execute("delete from document where id = ?", (note,))
        conn.commit()

    assert "1 are about documents that are gone" in faults(toy.path)["events"]


# The command line


def test_documents_are_listed_in_lines_and_for_programs(toy, talks):
    shown = annotator("documents", toy.path, "--find", "esmar").stdout.splitlines()
    told = json.loads(annotator("documents", toy.path, "--order", "title", "--json").stdout)

    assert len(shown) == 2
    assert shown[0] == (
        f"{talks}  Norland and Esmar to talk — Velm Courier, 2025-03-01, Ria Tan; "
        "4 of 4 units decided"
    )
    assert told["total"] == 3
    assert [one["title"] for one in told["documents"]] == [
        "",
        "Norland and Esmar to talk",
        "Rain, again",
    ]


def test_an_edit_by_command_has_a_history_and_is_taken_back(toy, talks):
    done = annotator(
        *("documents", toy.path, "--document", talks, "--coder", "ana"),
        *("--set", "date=4 May 2031", "--set", "source=Post"),
    )
    history = annotator("documents", toy.path, "--document", talks, "--history").stdout
    event = history.splitlines()[1].rpartition("[")[2].rstrip("]")
    undone = annotator("documents", toy.path, "--undo", event)

    assert done.stdout == "changed 2 fields\n"
    assert f"ana: {talks}: edit published: '2025-03-01' → '2031-05-04' [" in history
    assert undone.exit_code == 0
    found = listed.entry(toy, talks)
    assert found is not None
    assert (found.published, found.source) == ("2031-05-04", "Velm Courier")


def test_a_document_with_annotations_is_retired_by_command_and_not_removed(toy, talks, toy_units):
    note = toy_units["note0"].partition(":")[0]
    named = ("--document", talks, "--document", note)

    removed = annotator("documents", toy.path, *named, "--remove")
    retired = annotator("documents", toy.path, "--document", talks, "--retire", "--reason", "old")
    shown = annotator("documents", toy.path, "--retired")

    assert (removed.exit_code, removed.stdout) == (1, "removed 1 document\n")
    assert removed.stderr == (
        f"{talks} (Norland and Esmar to talk): carries annotations on 4 units and stays; take it "
        "out of the corpus with --retire\n"
    )
    assert (retired.stdout, len(list(tables.units(toy)))) == ("retired 1 document\n", 3)
    assert shown.stdout.endswith("4 of 4 units decided (retired)\n")
    restored = annotator("documents", toy.path, "--document", talks, "--restore")
    assert restored.stdout == "restored 1 document\n"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--retire"], 2, "say which documents: --document ID"),
        (["--document", "x", "--retire", "--remove"], 2, "one thing at a time"),
        (["--order", "size"], 2, "--order is one of added, published"),
        (["--document", "x", "--set", "title=y"], 1, "'title=y': write NAME=VALUE, NAME one of"),
        (["--document", "x", "--retire"], 1, "this project has no document 'x'"),
        (["--document", "x", "--history"], 1, "this project has no document 'x'"),
    ],
)
def test_what_a_command_cannot_do_is_said_in_a_line(toy, words, code, said):
    done = annotator("documents", toy.path, *words)

    assert (done.exit_code, said in done.stderr) == (code, True)
