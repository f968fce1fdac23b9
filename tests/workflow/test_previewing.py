import csv
import io

import pytest

from annotator.store import tables
from annotator.workflow import analysing, exporting, previewing, projects
from annotator.workflow.choosing import Choices
from annotator.workflow.importing import import_paths, import_sources
from annotator.workflow.sources import from_uploads


@pytest.fixture
def project(tmp_path, one_question):
    article = tmp_path / "talks.txt"
    article.write_text("Talks\n\n" + "They talked again in Velm. " * 30, encoding="utf-8")
    made = projects.create(tmp_path / "toy.annotator", [one_question])
    import_paths(made.store, made.seed, [article])
    yield made
    made.store.close()


def _look(project, name, content):
    (source,) = from_uploads([(name, content)])
    return previewing.look(project.store, source)


def test_looking_at_a_file_adds_nothing(project):
    before = tables.totals(project.store)

    look = _look(project, "rain.txt", b"Rain\n\nIt rained in Velm.\n")

    assert [one.draft.title for one in look.previews] == ["Rain"]
    assert tables.totals(project.store) == before


def test_a_file_that_cannot_be_read_says_why(project):
    assert "are not read" in _look(project, "a.xyz", b"?").fault


def test_a_table_is_read_as_the_one_before_it_of_the_same_columns(project):
    long, short = (
        "The envoys of Velm spoke at length about the tolls of the harbour.",
        "short words",
    )
    files = [
        (name, f"id,one,two\n1,{name[0]} {one},{name[0]} {two}\n2,{one},{two}\n".encode())
        for name, one, two in (("a.csv", long, short), ("b.csv", short, long))
    ]
    sources, choices = from_uploads(files), Choices()

    looks = list(previewing.look_at_all(project.store, sources, choices))
    list(import_sources(project.store, project.seed, sources, choices))

    shown = [one.draft.text for look in looks for one in look.previews]
    assert shown == [unit.text for unit in tables.units(project.store)][-4:]


def test_a_hidden_file_is_skipped(project):
    assert _look(project, "outlet/.DS_Store", b"\0").skipped


def test_the_head_of_an_export_is_its_first_rows_and_its_true_length(project):
    analysing.finish(project.store)
    head = previewing.head(project.store, "units")

    written = exporting.as_bytes(project.store, "units").decode()
    columns, *rows = csv.reader(io.StringIO(written, newline=""))
    assert head.columns == tuple(columns)
    assert head.first == tuple(map(tuple, rows[: previewing.HEAD]))
    assert head.rows == len(rows) > previewing.HEAD


def test_an_export_without_rows_has_columns_all_the_same(project):
    head = previewing.head(project.store, "labels")

    assert (head.rows, head.first) == (0, ())
    assert "decision_id" in head.columns
