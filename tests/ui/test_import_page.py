"""The import page without a browser: what is offered, what is asked, and what comes in."""

import csv
import io
import threading
import zipfile

import pytest
from streamlit.testing.v1 import AppTest

from annotator.corpus import language
from annotator.store import documents, tables
from annotator.store.catalogue import Change
from annotator.ui import import_catalogue, import_files, import_languages, import_preview
from annotator.ui.marks import plain
from annotator.workflow import catalogue, choosing, column_maps, import_jobs, importing, reporting
from annotator.workflow.choosing import Choices
from annotator.workflow.import_jobs import ImportJob
from annotator.workflow.importing import Outcome
from annotator.workflow.sources import Source, from_uploads

STORY = b"The bridge\n\nThe bridge at Korva was closed. Nobody said why.\n"
TABLE = (
    b"nr,Aussage,when,paper\n"
    b"1,The border is ours and we will hold it.,21/09/2031,Velm Courier\n"
    b"2,The road was closed by soldiers of Osten.,22/09/2031,The Esmar Post\n"
)
TWO_DAYS = TABLE.replace(b"21/09", b"03/04").replace(b"22/09", b"05/04")
NO_TEXT = b"nr,one,two\n1,It rained in Velm.,It snowed in Hallen.\n2,The bus came.,It left.\n"


def _upload(app: AppTest, *files: tuple[str, bytes]) -> AppTest:
    box = app.file_uploader(f"import.files.{app.session_state['import.version']}")
    for name, content in files:
        box.upload(name, content)
    app.run()
    assert not app.exception
    return app


def _table(app: AppTest, column: str) -> list[dict[str, object]]:
    """The rows of the table on the page that has this column."""
    (found,) = [one.value for one in app.dataframe if column in one.value.columns]
    return found.to_dict("records")


def _column(app: AppTest, field: str):
    """The box that names the column of a field."""
    (box,) = [one for one in app.selectbox if str(one.key).endswith(f".{field}")]
    return box


def _import(app: AppTest, project) -> AppTest:
    app.button("import.start").click().run()
    import_jobs.job(project).wait()
    return app.run()


def _documents(project):
    return documents.overview(project.store)


def test_nothing_can_be_imported_before_files_are_chosen(draw, empty):
    app = draw("import_")

    assert app.button("import.start.empty").disabled
    assert "Choose files" in app.info[0].value


def test_every_format_that_is_read_is_named_before_a_file_is_chosen(draw, empty):
    told = "\n".join(one.value for one in draw("import_").text)

    assert not [suffix for suffix in import_files.readers.suffixes() if suffix not in told]


def test_files_are_shown_before_they_come_in(draw, empty):
    app = _upload(draw("import_"), ("bridge.txt", STORY))

    (document,) = _table(app, "in the project")
    assert (document["file"], document["in the project"]) == ("bridge.txt", "new")
    assert "The bridge at Korva was closed." in [row["text"] for row in _table(app, "part")]
    assert tables.totals(empty.store)["documents"] == 0


def test_the_preview_says_where_each_field_was_found(draw, empty):
    written = b"---\ntitle: The bridge\n---\n\nIt was closed on Monday.\n"
    app = _upload(draw("import_"), ("korva/bridge.txt", written))
    app.text_input("import.field.place").set_value("Korva").run()

    found = {row["field"]: row["found in"] for row in _table(app, "found in")}
    assert (found["title"], found["place"]) == ("front matter", "given")


def test_a_field_given_to_all_files_is_in_the_preview(draw, empty):
    app = _upload(draw("import_"), ("bridge.txt", STORY))

    app.text_input("import.field.source").set_value("Korva Post").run()

    assert _table(app, "in the project")[0]["source"] == "Korva Post"


def test_a_date_that_is_none_stops_the_import(draw, empty):
    app = _upload(draw("import_"), ("bridge.txt", STORY))

    app.text_input("import.field.date").set_value("yesterday-ish").run()

    assert "date" in app.error[0].value
    assert "import.start" not in [one.key for one in app.button]


def test_a_file_that_cannot_be_read_says_why_and_the_others_come_in(draw, empty):
    app = _upload(draw("import_"), ("a.xyz", b"?"), ("bridge.txt", STORY))
    assert "are not read" in app.error[0].value
    assert app.button("import.start").label == "Import 1 of 2 files"

    _import(app, empty)

    results = {row["file"]: row["result"] for row in _table(app, "result")}
    assert results == {"a.xyz": "refused", "bridge.txt": "added"}
    assert tables.totals(empty.store)["documents"] == 1


def test_a_warning_in_the_preview_names_its_files(draw, empty):
    letters = "Чорний хліб лежав на столі. Ніхто не питав, звідки він.\n".encode("cp1251")

    app = _upload(draw("import_"), ("bread.txt", letters), ("bridge.txt", STORY))

    assert app.warning[0].value.startswith(plain("bread.txt: the encoding is not marked"))
    assert "bridge" not in app.warning[0].value


def test_files_of_which_none_can_be_read_cannot_be_imported(draw, empty):
    app = _upload(draw("import_"), ("a.xyz", b"?"))

    assert app.button("import.start").disabled
    assert app.button("import.start").label == "Import 0 of 1 file"


def test_a_file_imported_again_is_known_and_adds_nothing(draw, empty):
    app = _import(_upload(draw("import_"), ("bridge.txt", STORY)), empty)

    _upload(app, ("bridge.txt", STORY))

    assert "result" not in {name for one in app.dataframe for name in one.value.columns}
    assert _table(app, "in the project")[0]["in the project"] == "already there"
    _import(app, empty)
    assert _table(app, "result")[0]["result"] == "already there"
    assert tables.totals(empty.store)["documents"] == 1


def test_the_same_article_in_two_files_is_one_new_document(draw, empty):
    app = _upload(draw("import_"), ("a.txt", STORY), ("b.md", b"# The bridge\n" + STORY[10:]))

    assert [row["in the project"] for row in _table(app, "in the project")] == [
        "new",
        "already there",
    ]


def test_an_article_is_new_again_once_the_other_file_that_has_it_is_taken_out(draw, empty):
    app = _upload(draw("import_"), ("a.txt", STORY), ("b.txt", STORY))

    app.file_uploader("import.files.0").set_value([("b.txt", STORY, "text/plain")]).run()

    (document,) = _table(app, "in the project")
    assert (document["file"], document["in the project"]) == ("b.txt", "new")


def test_an_archive_is_a_folder_and_a_harmful_member_harms_no_other(draw, empty):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("korva/bridge.txt", STORY)
        archive.writestr("../evil.txt", STORY)

    app = _upload(draw("import_"), ("two.zip", content.getvalue()))

    assert "leads out of the archive" in app.error[0].value
    assert app.button("import.start").label == "Import 1 of 2 files"
    _import(app, empty)
    assert [(one.file, one.source) for one in _documents(empty)] == [
        ("two.zip/korva/bridge.txt", "korva")
    ]


def test_a_date_of_two_readings_is_asked_about_and_answered_for_all_files(draw, empty):
    app = _upload(
        draw("import_"), ("a.csv", TWO_DAYS), ("b.csv", TWO_DAYS.replace(b"paper", b"outlet"))
    )
    assert not app.error
    assert app.button("import.start").disabled

    app.radio("import.dates").set_value("month-first").run()

    assert app.button("import.start").label == "Import 2 files"
    assert {row["date"] for row in _table(app, "in the project")} == {"2031-03-04", "2031-05-04"}
    # The answer stays in sight, and can be changed.
    app.radio("import.dates").set_value("day-first").run()
    _import(app, empty)
    assert {one.published for one in _documents(empty)} == {"2031-04-03", "2031-04-05"}


def test_dates_that_can_be_read_in_one_way_are_not_asked_about(draw, empty):
    app = _upload(draw("import_"), ("a.csv", TABLE))

    assert "import.dates" not in [one.key for one in app.radio]


def test_a_table_without_a_text_column_asks_for_it_and_shows_no_error(draw, empty):
    app = _upload(draw("import_"), ("two.csv", NO_TEXT))
    assert not app.error
    assert app.button("import.start").disabled
    assert "Which column holds the text?" in app.warning[0].value

    _column(app, "text").set_value("two").run()

    assert app.button("import.start").label == "Import 1 file"
    assert "It snowed in Hallen." in [row["text"] for row in _table(app, "part")]


def test_a_column_that_is_corrected_is_seen_at_once_and_comes_in_so(draw, empty):
    app = _upload(draw("import_"), ("reports.csv", TABLE))
    assert _table(app, "in the project")[0]["source"] == "Velm Courier"

    _column(app, "source").set_value("").run()
    _column(app, "author").set_value("paper").run()

    row = _table(app, "in the project")[0]
    assert (row["source"], row["author"]) == ("", "Velm Courier")
    _import(app, empty)
    assert [one.source for one in _documents(empty)] == ["", ""]


def test_columns_are_remembered_for_the_next_table_of_the_same_columns(draw, empty):
    app = _upload(draw("import_"), ("reports.csv", TABLE))
    _column(app, "source").set_value("").run()
    _import(app, empty)

    later = _upload(draw("import_"), ("more.csv", TABLE.replace(b"border", b"coast")))

    assert _column(later, "source").value == ""
    assert "As last time" in "".join(one.value for one in later.caption)


def test_looking_at_a_table_remembers_nothing(draw, empty):
    app = _upload(draw("import_"), ("reports.csv", TABLE))
    _column(app, "source").set_value("").run()

    assert column_maps.recall(empty.store, ["nr", "Aussage", "when", "paper"]) == {}


def test_two_kinds_of_tables_have_columns_of_their_own(draw, empty):
    other = b"text,who\nThe mayor resigned.,Mira Osk\n"
    app = _upload(draw("import_"), ("a.csv", TABLE), ("b.csv", other), ("c.csv", TABLE + b"\n"))
    boxes = [one for one in app.selectbox if str(one.key).endswith(".author")]
    assert len(boxes) == 2

    next(one for one in boxes if "who" in one.options).set_value("who").run()
    _import(app, empty)

    authors = {row["text"]: row["author"] for row in _stored(empty)}
    assert authors["The mayor resigned."] == "Mira Osk"
    assert len(authors) == 3


def _stored(project) -> list[dict[str, str]]:
    return [{"text": one.text, "author": one.author} for one in tables.units(project.store)]


def test_rows_are_offered_where_there_is_a_table(draw, empty):
    app = _upload(draw("import_"), ("bridge.txt", STORY))
    assert "Row of a table" not in app.radio("import.unit").options

    _upload(app, ("reports.csv", TABLE))

    assert "Row of a table" in app.radio("import.unit").options


def test_where_rows_are_judged_other_files_are_left_out_and_the_page_says_so(draw, empty):
    app = _upload(draw("import_"), ("bridge.txt", STORY), ("reports.csv", TABLE))

    app.radio("import.unit").set_value("row").run()

    assert not app.error
    assert any("no table" in one.value for one in app.caption)
    assert app.button("import.start").label == "Import 1 of 2 files"


def test_rows_are_no_longer_judged_once_no_table_is_chosen(draw, empty):
    app = _upload(draw("import_"), ("bridge.txt", STORY), ("reports.csv", TABLE))
    app.radio("import.unit").set_value("row").run()

    app.file_uploader("import.files.0").set_value([("bridge.txt", STORY, "text/plain")]).run()

    assert app.radio("import.unit").value == "sentence"
    assert app.button("import.start").label == "Import 1 file"


def test_the_languages_of_the_project_are_remembered_with_the_import(draw, empty):
    app = _upload(draw("import_"), ("bridge.txt", STORY))

    app.multiselect("import.languages").set_value(["de", "hy"]).run()

    assert choosing.project_languages(empty.store) != ("de", "hy")
    _import(app, empty)
    assert choosing.project_languages(empty.store) == ("de", "hy")


def test_every_language_that_is_usual_here_has_a_name():
    assert all(import_languages.name(code) != code for code in language.LANGUAGES)


def test_of_two_documents_of_one_title_the_one_that_is_chosen_is_shown(draw, empty):
    other = STORY.replace(b"Korva", b"Hallen")
    app = _upload(draw("import_"), ("a.txt", STORY), ("b.txt", other))
    first, second = app.selectbox("import.shown").options
    assert first.partition(" ")[2] == second.partition(" ")[2]

    app.selectbox("import.shown").set_value(second).run()

    assert any("Hallen" in row["text"] for row in _table(app, "part"))
    assert not any("Korva" in row["text"] for row in _table(app, "part"))


def test_the_document_that_is_shown_is_the_one_that_is_named(draw, empty):
    app = _upload(draw("import_"), ("bridge.txt", STORY), ("reports.csv", TABLE))
    named = app.selectbox("import.shown").value

    app.radio("import.unit").set_value("row").run()

    assert app.selectbox("import.shown").value != named
    assert app.selectbox("import.shown").value == app.selectbox("import.shown").options[0]


def test_files_that_would_add_nothing_say_so(draw, empty):
    app = _upload(draw("import_"), ("bridge.txt", STORY))
    assert not any("nothing would be added" in one.value for one in app.caption)
    _import(app, empty)

    _upload(app, ("bridge.txt", STORY))

    assert any("nothing would be added" in one.value for one in app.caption)


def test_files_are_looked_at_once_until_a_choice_changes(draw, empty):
    app = _upload(draw("import_"), ("bridge.txt", STORY))
    before = list(app.session_state["import.looks"].looks.values())

    app.run()

    (same,) = app.session_state["import.looks"].looks.values()
    assert same is before[0]
    app.radio("import.unit").set_value("paragraph").run()
    (other,) = app.session_state["import.looks"].looks.values()
    assert other is not before[0]


def test_of_many_files_the_first_are_previewed_and_the_page_says_so(draw, empty, monkeypatch):
    monkeypatch.setattr(import_preview, "MOST_PREVIEWED", 2)
    stories = [(f"{n}.txt", STORY.replace(b"Korva", b"Korva %d" % n)) for n in range(3)]

    app = _upload(draw("import_"), *stories)

    assert any("first 2 of 3 files" in one.value for one in app.text)
    assert app.button("import.start").label == "Import 3 files"
    _import(app, empty)
    assert tables.totals(empty.store)["documents"] == 3


def test_of_a_long_table_the_first_rows_are_looked_at_and_all_come_in(draw, empty, monkeypatch):
    monkeypatch.setattr(import_preview, "MOST_DOCUMENTS", 1)

    app = _upload(draw("import_"), ("reports.csv", TABLE))

    assert any("Of reports.csv the first 1 documents" in one.value for one in app.text)
    (look,) = app.session_state["import.looks"].looks.values()
    assert 2 <= look.expected < 6  # by the size of the file, and roughly
    _import(app, empty)
    assert tables.totals(empty.store)["documents"] == 2


def test_the_report_of_an_import_is_a_table_of_every_file():
    outcomes = [
        Outcome(file="a.txt", status="added", documents=1, units=3),
        Outcome(file="b.bin", status="refused", message="b.bin: is no text"),
    ]

    rows = list(csv.DictReader(io.StringIO(reporting.as_csv(outcomes).decode())))

    assert [row["result"] for row in rows] == ["added", "refused"]
    assert rows[1]["remarks"] == "is no text"


@pytest.fixture
def held(empty):
    """An import of three files that stands still in the second one until it is let go."""
    go_on, reached = threading.Event(), threading.Event()
    names = ("Korva", "Velm", "Hallen")
    first, second, third = from_uploads(
        [(f"{name}.txt", STORY.replace(b"Korva", name.encode())) for name in names]
    )

    def waiting():
        reached.set()
        assert go_on.wait(30)
        return second.file()

    import_jobs.start(empty, [first, Source(second.name, waiting), third], Choices())
    assert reached.wait(30)
    yield go_on
    go_on.set()
    import_jobs.job(empty).wait()


def test_an_import_that_is_stopped_keeps_what_is_in_and_says_so(draw, empty, held):
    app = draw("import_")
    assert app.get("progress")

    app.button("import.stop").click().run()
    held.set()
    import_jobs.job(empty).wait()
    app.run()

    assert [one.file for one in _documents(empty)] == ["Korva.txt", "Velm.txt"]
    assert app.info[0].value.startswith(plain("The import was stopped at Hallen.txt: 2 of 3"))
    assert not app.error


def test_while_an_import_runs_another_one_waits_and_the_page_says_so(draw, empty, held):
    app = _upload(draw("import_"), ("other.txt", STORY.replace(b"Korva", b"Esmar")))

    assert app.button("import.start").disabled
    assert any("Another import is on its way" in one.value for one in app.caption)


def test_an_import_that_is_stopped_in_its_first_file_has_no_table_of_files(draw, empty):
    go_on, reached = threading.Event(), threading.Event()
    rows = [f"It rained for {n} days in Velm." for n in range(2 * importing.EACH)]
    (source,) = from_uploads([("rain.csv", "\n".join(["text", *rows]).encode())])

    def waiting():
        reached.set()
        assert go_on.wait(30)
        return source.file()

    import_jobs.start(empty, [Source(source.name, waiting)], Choices())
    assert reached.wait(30)
    import_jobs.job(empty).cancel()
    go_on.set()
    import_jobs.job(empty).wait()

    app = draw("import_")

    assert app.info[0].value.startswith(plain("The import was stopped at rain.csv: 0 of 1"))
    assert not app.dataframe
    assert not app.get("download_button")


def test_progress_counts_the_documents_of_a_large_file(empty):
    rows = [f"It rained for {n} days in Velm." for n in range(2 * importing.EACH)]
    (source,) = from_uploads([("rain.csv", "\n".join(["text", *rows]).encode())])
    shares: list[float] = []

    class Watched(ImportJob):
        def _tell(self, done, total, message):
            super()._tell(done, total, message)
            shares.append(self.share)

    Watched(empty, [source], Choices(), {source.name: len(rows)}).wait()

    assert shares == [0.0, 0.5, 1.0, 1.0]


def _here(draw) -> AppTest:
    """The list of documents, opened."""
    app = draw("import_")
    app.session_state["import.tab"] = "What is here"
    app.run()
    assert not app.exception
    return app


def _change(app: AppTest, row: int, **cells: object) -> AppTest:
    """Change cells of one row of the list, as the browser tells it."""
    (key,) = [str(one.key) for one in app.data_editor]
    state = {"edited_rows": {row: cells}, "added_rows": [], "deleted_rows": []}
    app.session_state[key] = state
    app.run()
    assert not app.exception
    return app


def _listed(app: AppTest) -> list[str]:
    return list(app.data_editor[0].value["title"]) if app.data_editor else []


@pytest.fixture
def three(empty, tmp_path):
    """Three articles of two outlets."""
    for outlet, name in (("courier", "Bread"), ("courier", "Coast"), ("post", "Arms")):
        folder = tmp_path / "articles" / outlet
        folder.mkdir(parents=True, exist_ok=True)
        text = f"{name}\n\nIt was said in {name.lower()} today. Nobody knew.\n"
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    importing.import_paths(empty.store, empty.seed, [tmp_path / "articles"])
    return empty


def test_a_list_without_documents_says_what_to_do(draw, empty):
    assert any("Choose files under" in one.value for one in _here(draw).info)


def test_the_list_is_found_by_words_and_by_source(draw, three):
    app = _here(draw)
    assert _listed(app) == ["Bread", "Coast", "Arms"]

    app.text_input("catalogue.words").set_value("coa").run()
    assert _listed(app) == ["Coast"]

    app.text_input("catalogue.words").set_value("")
    app.selectbox("catalogue.source").set_value("post").run()
    assert _listed(app) == ["Arms"]


def test_the_list_is_in_the_order_that_is_asked_for(draw, three):
    app = _here(draw)

    app.selectbox("catalogue.order").set_value("title")
    app.toggle("catalogue.descending").set_value(True).run()

    assert _listed(app) == ["Coast", "Bread", "Arms"]


def test_what_the_list_is_searched_for_stays_while_another_tab_is_open(draw, three):
    app = _here(draw)
    app.text_input("catalogue.words").set_value("Arms").run()

    app.session_state["import.tab"] = "Bring in"
    app.run()
    app.session_state["import.tab"] = "What is here"
    app.run()

    assert app.text_input("catalogue.words").value == "Arms"
    assert _listed(app) == ["Arms"]


def test_a_long_list_comes_page_by_page(draw, three, monkeypatch):
    monkeypatch.setattr(import_catalogue, "PER_PAGE", 1)
    app = _here(draw)
    assert _listed(app) == ["Bread"]

    app.session_state["catalogue.page"] = 3
    app.run()
    assert _listed(app) == ["Arms"]

    # Two of them are two pages: the list stands on the last one, not on one that is gone.
    app.text_input("catalogue.words").set_value("courier").run()
    assert _listed(app) == ["Coast"]


def test_a_document_that_is_ticked_can_be_retired_and_restored(draw, three):
    app = _change(_here(draw), 1, chosen=True)

    app.button("catalogue.retire").click().run()
    assert _listed(app) == ["Bread", "Arms"]

    app.segmented_control("catalogue.retired").set_value("Retired").run()
    assert _listed(app) == ["Coast"]
    _change(app, 0, chosen=True)
    app.button("catalogue.restore").click().run()
    app.segmented_control("catalogue.retired").set_value("In the corpus").run()
    assert _listed(app) == ["Bread", "Coast", "Arms"]


def test_a_document_that_is_removed_is_gone_for_good(draw, three):
    app = _change(_here(draw), 1, chosen=True)
    assert "for good" in "".join(one.value for one in app.text)

    app.button("catalogue.remove").click().run()

    assert _listed(app) == ["Bread", "Arms"]
    assert [one.title for one in _documents(three)] == ["Bread", "Arms"]


def test_a_document_that_somebody_coded_cannot_be_removed_here(draw, coded):
    app = _change(_here(draw), 0, chosen=True)

    keys = [one.key for one in app.button]
    assert ("catalogue.remove" in keys, "catalogue.retire" in keys) == (False, True)


def test_the_history_of_a_document_names_who_did_what(draw, three, monkeypatch):
    monkeypatch.setenv("ANNOTATOR_CODER", "Ada")
    id_ = _documents(three)[0].id
    catalogue.edit(three.store, [Change(id_, "source", "Velm Courier")], "Ben")

    app = _change(_here(draw), 0, chosen=True)

    (row,) = _table(app, "before")
    assert (row["who"], row["before"], row["after"]) == ("Ben", "courier", "Velm Courier")


def test_corrections_of_which_one_was_corrected_since_are_not_taken_back_by_halves(draw, three):
    bread, coast, _ = _documents(three)
    both = [Change(one.id, "source", "Velm Courier") for one in (bread, coast)]
    made = catalogue.edit(three.store, both, "Ada")
    catalogue.edit(three.store, [Change(coast.id, "source", "Esmar Post")], "Ben")
    app = _here(draw)
    app.session_state["catalogue.last"] = ("Undo: 2 corrections", made)
    app.run()

    app.button("catalogue.undo").click().run()

    assert len(app.error) == 1
    assert [one.source for one in _documents(three)] == ["Velm Courier", "Esmar Post", "post"]


def _as_markdown(app: AppTest) -> str:
    """Whatever the page hands to a reader of markdown."""
    read = [*app.markdown, *app.caption, *app.info, *app.error, *app.success, *app.warning]
    labels = [one.label for one in (*app.button, *app.expander)]
    return "\n".join([*(one.value for one in read), *labels])


def test_no_name_or_cell_of_a_file_is_read_as_markdown(draw, empty):
    hostile = "![p](http://evil.example/p.png) :red[hot]"
    table = f"body,{hostile}\n{hostile} and then it rained.,{hostile}\n".encode()

    app = _upload(
        draw("import_"), (f"{hostile}.csv", table), (f"{hostile}.xyz", b"?"), ("a.txt", STORY)
    )
    offered = _as_markdown(app)
    _import(app, empty)
    app.session_state["import.tab"] = "What is here"
    app.run()
    kept = _as_markdown(_change(app, 0, chosen=True))

    assert "evil" in offered  # it is there, and its marks are escaped
    assert not [mark for mark in ("![p](", ":red[") if mark in offered + kept]
