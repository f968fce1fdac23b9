"""Imports as a whole: mixed folders, one transaction a file, the same article in another form."""

from __future__ import annotations

import csv
import io
import zipfile

import pytest

from annotator.core.errors import ReadError
from annotator.store import documents, settings, tables
from annotator.workflow import choosing, importing, previewing, projects, reporting
from annotator.workflow.choosing import Choices
from annotator.workflow.importing import ImportCancelledError
from annotator.workflow.sources import from_paths, from_uploads

BRIDGE = "The bridge is closed\n\nGuards closed the bridge on Monday. Nobody was asked.\n"
ROWS = "id,headline,text,date\n1,Bridge,Guards closed it. Nobody was asked.,2031-05-04\n2,Talks,,\n"


@pytest.fixture
def project(tmp_path, one_question):
    made = projects.create(tmp_path / "toy.annotator", [one_question])
    yield made
    made.store.close()


@pytest.fixture
def bring(project):
    def run(*files: tuple[str, str | bytes], **chosen):
        named = [(name, c if isinstance(c, bytes) else c.encode()) for name, c in files]
        sources, choices = from_uploads(named), Choices(**chosen)
        looks = list(previewing.look_at_all(project.store, sources, choices))
        outcomes = list(
            importing.import_sources(project.store, project.seed, sources, choices, None)
        )
        # What is foretold is what happens: on every import of these tests.
        assert [look.outcome for look in looks] == outcomes
        return outcomes

    return run


def units(project) -> list[str]:
    return [unit.text for unit in tables.units(project.store)]


def zipped(**members: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/") + ".txt", content)
    return out.getvalue()


def test_a_bad_file_is_named_and_the_others_come_in(bring, project):
    done = bring(("a.txt", BRIDGE), ("b.xyz", b"?"), ("c.txt", b""), ("d.txt", "Talks began. So."))

    assert [one.status for one in done] == ["added", "refused", "refused", "added"]
    assert all(one.message.startswith(f"{one.file}: ") for one in done[1:3])
    assert len(units(project)) == 5


def test_the_files_of_an_archive_are_files_of_folders(bring, project):
    done = bring(("week.zip", zipped(korva__a=BRIDGE, velm__a=BRIDGE)))

    assert [(one.file, one.status) for one in done] == [
        ("week.zip/korva/a.txt", "added"),
        ("week.zip/velm/a.txt", "added"),
    ]
    assert documents.sources(project.store) == [("korva", 1), ("velm", 1)]


def test_an_archive_in_a_folder_offers_its_own_folders_as_outlets():
    files = [("mixed/more.zip", zipped(korva__truce=BRIDGE)), ("mixed/velm/a.txt", b"One is.")]

    assert [source.offered for source in from_uploads(files)] == ["korva", "velm"]


def test_an_article_in_a_json_file_of_its_own_comes_in(bring, project):
    (done,) = bring(("a.json", '{"headline": "Bridge", "body": "They closed it.", "id": 7}'))

    assert done.documents == 1
    assert units(project) == ["Bridge", "They closed it."]


def test_a_file_that_is_refused_at_its_end_hides_nothing_of_the_next_in_a_dry_run(bring):
    rows = "id,text\n" + "".join(f"{n},They closed bridge {n}.\n" for n in range(700))

    bad, good = bring(("a.csv", f"{rows}one,two,three\n"), ("b.csv", rows))

    assert (bad.status, good.documents) == ("refused", 700)


def test_the_same_article_in_another_form_is_already_there(bring, project):
    done = bring(
        ("bridge.txt", BRIDGE),
        ("bridge.md", "# The bridge is closed\n\nGuards *closed* the bridge on Monday!\n\n"
         "Nobody was asked."),
    )  # fmt: skip

    assert [(one.status, one.known) for one in done] == [("added", 0), ("known", 1)]
    assert done[1].warnings == ("is the article that came in as bridge.txt",)
    assert len(units(project)) == 3


def test_the_same_words_in_two_outlets_are_two_documents_without_a_word(bring, project):
    done = bring(("news/korva/a.txt", BRIDGE), ("news/velm/a.txt", BRIDGE))

    assert [(one.status, one.warnings) for one in done] == [("added", ()), ("added", ())]


def test_the_same_words_with_and_without_a_date_are_told(bring):
    dated = f"---\ndate: 2031-05-04\n---\n{BRIDGE}"

    (_, second) = bring(("a.txt", BRIDGE), ("b.txt", dated))

    assert second.status == "added"
    assert "the same text is here without a date" in second.warnings[0]


def test_rows_may_say_the_same_twice(bring, project):
    rows = "id,text\n1,He agreed.\n2,He agreed.\n3,He agreed!\n"

    (done,) = bring(("rows.csv", rows), unit="row")

    assert (done.documents, done.units) == (3, 3)


def test_each_row_of_a_table_is_one_unit_when_asked_for(bring, project):
    (done,) = bring(("rows.csv", ROWS), unit="row")

    assert units(project) == ["Guards closed it. Nobody was asked."]
    assert done.warnings == ("line 3: there is no sentence in it; left out",)
    (unit,) = tables.units(project.store)
    assert (unit.title, unit.published, unit.part) == ("Bridge", "2031-05-04", "body")


def test_a_text_file_has_no_rows(bring, project):
    (done,) = bring(("a.txt", BRIDGE), unit="row")

    assert "only tables have rows" in done.message
    assert units(project) == []


def test_the_columns_named_once_are_those_of_the_next_table_of_the_same_columns(bring, project):
    table = "a,b\nBridge,{} Nobody was asked.\n"
    bring(("one.csv", table.format("They closed it.")), columns={"text": "b", "title": "a"})

    (done,) = bring(("two.csv", table.format("They opened it.")))

    assert done.status == "added"
    assert units(project)[-3:] == ["Bridge", "They opened it.", "Nobody was asked."]


def test_a_column_that_is_not_there_is_named_with_those_that_are(bring):
    (done,) = bring(("one.csv", "a,b\n1,2\n"), columns={"text": "body"})

    assert done.message == "one.csv: there is no column 'body'; the columns are: a, b"


def test_a_fault_far_down_a_table_leaves_nothing_of_it(bring, project):
    good = "".join(f"{n},They closed bridge {n}.\n" for n in range(1_200))

    (done,) = bring(("rows.csv", f"id,text\n{good}1200,one,two,three\n"))

    assert done.status == "refused"
    assert "line 1202" in done.message
    assert units(project) == []


def test_an_import_that_is_stopped_keeps_whole_files_only(project):
    long = "id,text\n" + "".join(f"{n},They closed bridge {n}.\n" for n in range(2_000))
    sources = from_uploads([("a.txt", BRIDGE.encode()), ("b.csv", long.encode())])
    looked: list[int] = []

    def stopped() -> bool:
        looked.append(1)
        return len(looked) > 3  # before each file, and once inside the table

    coming = importing.import_sources(
        project.store, project.seed, sources, Choices(), stopped=stopped
    )

    assert next(coming).status == "added"
    with pytest.raises(ImportCancelledError, match=r"stopped at b\.csv: 1 of 2 files are done"):
        next(coming)
    assert len(units(project)) == 3


def test_a_date_of_two_readings_is_asked_about_and_then_read_as_told(bring, project):
    dated = "---\ndate: 03/04/31\n---\nThe bridge is closed. Nobody was asked.\n"

    (asked,) = bring(("a.txt", dated))
    (told,) = bring(("a.txt", dated), dates="month-first")

    assert "say which number comes first" in asked.message
    assert told.status == "added"
    assert {unit.published for unit in tables.units(project.store)} == {"2031-03-04"}


def test_the_languages_of_a_project_are_remembered_and_bound_detection(project):
    chosen = choosing.chosen(
        project.store, fields={}, unit="sentence", columns={}, languages="tr, az"
    )

    assert chosen.languages == ("tr", "az") == choosing.project_languages(project.store)
    with pytest.raises(ReadError, match="language 'Turkish': write two letters"):
        choosing.chosen(project.store, fields={}, unit="sentence", columns={}, languages="Turkish")


def test_a_look_leaves_the_project_as_it_was(project):
    sources = from_uploads([("a.csv", ROWS.encode())])

    choosing.chosen(
        project.store, fields={}, unit="row", columns={}, languages="en", remember=False
    )
    (look,) = previewing.look_at_all(project.store, sources, Choices(columns={"title": ""}))

    assert look.table.columns["text"] == "text"
    assert [look.previews[0].draft.title, settings.value(project.store, "languages")] == ["", ""]
    assert not previewing.look(project.store, sources[0]).table.remembered


def test_the_report_names_every_file_with_its_result_and_why(bring, project):
    outcomes = bring(("a.txt", BRIDGE), ("b.xyz", b"?"), ("c.md", BRIDGE))

    rows = list(csv.DictReader(io.StringIO(reporting.as_csv(outcomes).decode())))

    assert [(row["file"], row["result"], row["units"]) for row in rows] == [
        ("a.txt", "added", "3"),
        ("b.xyz", "refused", "0"),
        ("c.md", "already there", "0"),
    ]
    assert rows[1]["remarks"].startswith(".xyz files are not read")


def test_a_folder_on_the_disk_and_its_archive_are_one_and_the_same(project, tmp_path):
    folder = tmp_path / "news"
    (folder / "korva").mkdir(parents=True)
    (folder / "korva" / "a.txt").write_text(BRIDGE, encoding="utf-8")
    (tmp_path / "news.zip").write_bytes(zipped(korva__a=BRIDGE))

    first, second = (
        importing.import_paths(project.store, project.seed, [place])
        for place in (folder, tmp_path / "news.zip")
    )

    assert [first[0].status, second[0].status] == ["added", "known"]
    assert [source.offered for source in from_paths([tmp_path / "news.zip"])] == ["korva"]
