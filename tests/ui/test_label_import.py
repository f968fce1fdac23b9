"""A table of labels on the page: guessed, corrected, tried, and recorded whole."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from annotator.corpus import table_file
from annotator.corpus.file import File
from annotator.store import events, tables
from annotator.ui.label_import_codes import EMPTY, codes_of, words_of
from annotator.workflow import exporting, label_choices, label_jobs, projects

HOSTILE = "<img src=x onerror=alert(1)> **b** :red[hot]"
TABLE = (
    "id,text,coder,label\n"
    "r1,Snow fell on Velm.,Cem,Blockade\n"
    "r2,The ferry sank.,Dana,\n"
    f'r3,"{HOSTILE} stood there.",Dana,Blockade\n'
)


@pytest.fixture
def draw(empty):
    def drawn():
        return AppTest.from_function(_draw, default_timeout=30).run()

    yield drawn
    if label_jobs.job(empty):
        label_jobs.job(empty).wait()
        label_jobs.forget(empty)


def _draw():
    from annotator.ui import label_import, places, state

    places.keep({})
    label_import.render(state.project(), "Ada")


@pytest.fixture
def upload(draw):
    def uploaded(content, name="set.csv"):
        app = draw()
        app.file_uploader("labels.file.0").upload(name, content.encode())
        app.run()
        assert not app.exception
        return app

    return uploaded


def box(app, name):
    [found] = [one for one in app.selectbox if one.key.endswith(f".{name}")]
    return found


def said(app):
    return "\n".join(
        one.value for kind in ("text", "info", "warning", "error") for one in app.get(kind)
    )


def test_without_a_table_the_page_says_what_it_takes(draw):
    app = draw()

    assert not app.exception
    assert "a published data set, a spreadsheet, or our own labels.csv" in said(app)


def test_the_columns_are_guessed_by_their_names_and_by_the_codebook(upload):
    app = upload(TABLE)

    chosen = {name: box(app, name).value for name in ("variable", "text", "id", "coder_column")}
    assert chosen == {"variable": "frame", "text": "text", "id": "id", "coder_column": "coder"}
    [labels] = app.multiselect
    assert labels.value == ["label"]


def test_a_table_is_tried_before_it_is_recorded(upload, empty):
    app = upload(TABLE)
    app.button("labels.try").click().run()

    assert not app.exception
    figures = {one.label: one.value for one in app.metric}
    assert (figures["decisions"], figures["of them left empty"], figures["new articles"]) == (
        *("3", "1"),
        "3",
    )
    assert events.count(empty.store) == 0

    app.button("labels.record").click().run()
    label_jobs.job(empty).wait()
    app.run()

    assert not app.exception
    assert [one.value for one in app.success] == ["The labels of set\\.csv are in\\."]
    assert {(c.coder, c.unit.text) for c in tables.codings(empty.store)} == {
        ("Cem", "Snow fell on Velm."),
        ("Dana", "The ferry sank."),
        ("Dana", f"{HOSTILE} stood there."),
    }


def test_a_label_that_is_no_code_stands_in_front_and_must_be_given_one(upload):
    app = upload(TABLE.replace("Dana,Blockade", "Dana,Odd"))

    shown = app.dataframe[-1].value
    assert list(shown["label"]) == ["Odd", "Blockade", EMPTY]
    assert "1 label is no code of Frame" in said(app).replace("\\", "")
    assert not [one for one in app.button if one.key == "labels.try"]


def test_a_fault_of_the_whole_table_is_told_before_anything_is_kept(upload, empty):
    app = upload("text,coder,label\nSnow fell.,,Blockade\n")
    app.button("labels.try").click().run()

    assert "names no coder" in said(app)
    assert not [one for one in app.button if one.key == "labels.record"]


def test_a_fault_that_names_an_option_says_where_this_page_has_it(upload, coded):
    app = upload("text,coder,label\nNobody ever wrote this.,Cem,Blockade\n")
    app.button("labels.try").click().run()

    assert "match no unit" in said(app)
    assert "--create is here: “Make an article of each row that matches none”" in said(app)


def test_columns_of_yes_and_no_named_after_a_few_codes_are_taken_for_labels(tmp_path):
    codes = ("border", "bread", "coast", "snow", "talks")
    book = tmp_path / "five.toml"
    answers = "".join(
        f'[[variable.code]]\nname = "{code}"\ntitle = "{code.title()}"\ndefinition = "x"\n'
        for code in codes
    )
    book.write_text(
        f'name = "five"\nversion = "1.0.0"\ntitle = "Five"\n[[variable]]\nname = "topic"\n{answers}'
    )
    project = projects.create(tmp_path / "five.annotator", [book])
    content = b"text,Bread,Snow,wind\nIt snowed.,0,1,1\nIt is cold.,0,0,1\n"

    guess = label_choices.guessed(project.store, table_file.read(File.of_bytes(content, "set.csv")))

    assert (guess.variable, guess.labels) == ("topic", ("Bread", "Snow"))
    project.store.close()


def test_labels_of_nobody_are_not_offered_until_somebody_is_named(upload):
    app = upload(TABLE.replace("coder", "who"))

    assert "Say whose labels these are" in said(app)
    [name] = [one for one in app.text_input if one.key.endswith(".coder")]
    name.set_value("published").run()
    assert [one for one in app.button if one.key == "labels.try"]


def test_a_file_that_is_no_table_is_a_sentence(upload):
    app = upload("Rain fell.", "rain.txt")

    assert "rain" in said(app)
    assert len(app.error) == 1


def test_a_codebook_is_drafted_from_the_labels(upload):
    app = upload(TABLE.replace("Blockade", "Odd"))
    [toggle] = [one for one in app.toggle if one.key.endswith(".draft")]
    toggle.set_value(True).run()

    assert not app.exception
    [button] = app.get("download_button")
    assert button.proto.label == "Download set.toml"


def test_our_own_export_needs_no_columns(upload, coded, tmp_path):
    path = tmp_path / "labels.csv"
    exporting.export(coded.store, "labels", path)

    app = upload(path.read_text(encoding="utf-8"), "labels.csv")
    app.button("labels.try").click().run()

    assert "This is an export of this program" in said(app)
    assert {one.label: one.value for one in app.metric}["known already"] == "2"


def test_what_is_chosen_in_the_table_of_codes_is_the_code_of_its_label(empty):
    variable = empty.scheme.variable("stance")
    words = words_of(variable)
    rows = [
        {"label": "pro", "code": words["favor"]},
        {"label": EMPTY, "code": words["-"]},
        {"label": "odd", "code": None},
    ]

    assert codes_of(rows, words) == {"pro": "favor", "": "-"}
