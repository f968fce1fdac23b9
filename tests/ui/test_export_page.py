"""The export page says what a format is, what it leaves out and why, and gives the files."""

from __future__ import annotations

import os
import signal

import pytest

from annotator.core.annotation import Event
from annotator.store import events, settings, tables
from annotator.store.events import Told
from annotator.workflow import export_formats, export_jobs, projects


def texts(app):
    return "\n".join(one.value for one in app.text)


def buttons(app):
    return [one.proto.label for one in app.get("download_button")]


@pytest.fixture
def page(draw, coded):
    def chosen(name):
        app = draw("export")
        app.radio("export.format").set_value(name).run()
        assert not app.exception
        return app

    return chosen


@pytest.mark.parametrize("name", export_formats.FORMATS)
def test_each_format_says_what_a_row_is_and_what_it_is_for(page, name):
    said = texts(page(name))

    chosen = export_formats.FORMATS[name]
    assert chosen.description[1:] in said
    assert chosen.programs in said
    assert ", ".join(chosen.matters) in said


def test_what_is_left_out_stands_there_with_its_reason(page):
    said = texts(page("labels"))

    assert "undecided units: nobody has decided on them yet" in said
    assert "Left out" not in texts(page("units"))


def test_the_command_line_that_does_the_same_names_the_project_and_the_format(page, coded):
    (command,) = [one.value for one in page("wide").code]

    assert command.split()[:2] == ["annotator", "export"]
    assert str(coded.path) in command
    assert "--format wide" in command


def test_every_column_is_explained(page, coded):
    columns = page("suggestions").dataframe[-1]

    told = export_formats.FORMATS["suggestions"].columns(coded.store)
    assert columns.value["column"].tolist() == [one["name"] for one in told]
    assert columns.value["holds"].tolist() == [one["description"] for one in told]


def test_the_preview_begins_with_the_columns_to_begin_with(page):
    shown = list(page("labels").dataframe[0].proto.column_order)

    assert shown[:3] == ["unit_id", "text", "coder"]
    assert sorted(shown) == sorted(page("labels").dataframe[0].value.columns)


def test_the_table_its_dictionary_and_both_in_an_archive_can_be_had(page):
    assert buttons(page("labels")) == ["Download CSV", "Data dictionary", "Both in a ZIP"]


def test_files_of_the_sample_are_marked_as_such(draw, coded):
    assert "sample" not in "".join(one.value for one in draw("export").info)
    settings.put(coded.store, sample="1")
    projects.close_project(coded.path)

    assert "This is the sample" in draw("export").info[0].value


def test_a_prepared_file_is_offered_and_says_when_it_is_out_of_date(draw, coded):
    export_jobs.start(coded, "labels")
    export_jobs.job(coded, "labels").wait()

    app = draw("export")

    assert "holds everything that is saved" in texts(app)
    assert buttons(app) == ["Download CSV", "Data dictionary", "Both in a ZIP"]
    assert app.button("export.anew.labels").disabled

    unit = list(tables.units(coded.store))[-1].unit_id
    event = {"uuid": "later-event", "op": "skip", "unit": unit, "scheme": 1}
    events.record_all(coded.store, [Told("Ada", Event.model_validate(event), "")])
    app.run()

    assert "has changed since" in "".join(one.value for one in app.info)
    assert not app.button("export.anew.labels").disabled


def test_while_a_file_is_prepared_a_bar_shows_it_and_it_can_be_cancelled(draw, coded):
    export_jobs.start(coded, "labels")
    job = export_jobs.job(coded, "labels")
    os.kill(job.process.pid, signal.SIGSTOP)  # held where it is, however slow this test runs

    app = draw("export")
    assert "goes on if you leave this page" in texts(app)
    assert buttons(app) == []
    app.button("export.cancel").click().run()

    job.wait()
    assert buttons(draw("export")) == ["Download CSV", "Data dictionary", "Both in a ZIP"]
    assert not job.file.exists()
