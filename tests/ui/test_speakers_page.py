"""The page of speakers: listed, corrected in place, merged and taken back."""

import json

import pytest

from annotator.store import documents, speakers
from annotator.store.catalogue import Change
from annotator.workflow import actors, analysing, analysis_jobs, catalogue
from annotator.workflow.choosing import Choices
from annotator.workflow.importing import import_sources
from annotator.workflow.sources import from_uploads

from .conftest import HOSTILE

TEXTS = {
    "bridge.txt": '"The bridge stays open," said Mira Osk, the mayor. "We are hungry," Osk said.',
    "talks.txt": 'The talks go on, Mira Osk said. "Nobody was hurt," said Dan Rell.',
    "rain.txt": '"It will rain," said M. Osk.',
}


@pytest.fixture
def heard(empty):
    files = from_uploads([(name, text.encode()) for name, text in TEXTS.items()])
    list(import_sources(empty.store, empty.seed, files, Choices(fields={"language": "en"})))
    analysing.finish(empty.store)
    return empty


def table(app):
    """The speakers as the page lists them."""
    (found,) = [one.value for one in app.dataframe if "affiliation" in one.value.columns]
    return found.to_dict("records")


def test_everybody_is_listed_with_where_and_how_often(draw, heard):
    app = draw("speakers")

    assert not app.exception
    told = {row["speaker"]: (row["documents"], row["sentences"]) for row in table(app)}
    assert told["Mira Osk"][0] == 2
    assert set(told) == {"Mira Osk", "Dan Rell", "M. Osk"}


def test_an_outlet_keeps_its_colour_whoever_is_chosen(draw, heard):
    store = heard.store
    ids = {one.file: one.id for one in documents.overview(store)}
    outlets = {"bridge.txt": "Wire", "talks.txt": "Post", "rain.txt": "Mail"}
    catalogue.edit(store, [Change(ids[file], "source", name) for file, name in outlets.items()])
    app = draw("speakers")
    everybody = colours(app)

    app.text_input("speakers.words").set_value("M. Osk").run()

    assert not app.exception
    assert colours(app) == everybody
    assert set(everybody["domain"]) == set(outlets.values())


def colours(app):
    """The outlets of the chart with their colours."""
    (chart,) = [one for one in app.get("vega_lite_chart") if '"speaker"' in one.proto.spec]
    return json.loads(chart.proto.spec)["encoding"]["color"]["scale"]


def test_the_list_is_searched(draw, heard):
    app = draw("speakers")

    app.text_input("speakers.words").set_value("rell").run()

    assert [row["speaker"] for row in table(app)] == ["Dan Rell"]


def test_those_who_look_alike_are_merged_by_a_click_and_taken_back(draw, heard):
    app = draw("speakers")
    app.session_state["speakers.tab"] = "May be one"
    app.run()
    (button,) = [one for one in app.button if str(one.key).startswith("speakers.suggested")]
    assert any("1 sentence in 1 document" in one.value for one in app.caption)

    button.click().run()

    assert not app.exception
    assert speakers.find(heard.store, "M. Osk").name == "Mira Osk"
    app.button("speakers.undo").click().run()
    assert speakers.find(heard.store, "M. Osk").name == "M. Osk"


def test_what_was_changed_is_listed_and_taken_back(draw, heard):
    actors.rename(heard.store, "dan rell", HOSTILE, "ana")
    app = draw("speakers")
    app.session_state["speakers.tab"] = "What was changed"
    app.run()

    assert any(HOSTILE in one.value for one in app.text)
    (button,) = [one for one in app.button if str(one.key).startswith("speakers.history")]
    button.click().run()

    assert speakers.find(heard.store, "Dan Rell").name == "Dan Rell"


def test_documents_that_wait_are_listened_to_whatever_page_is_open(draw, heard):
    with heard.store.write() as conn:
        conn.execute("update document set voices = ''")

    app = draw("home")
    analysis_jobs.job(heard).wait()

    assert not app.exception
    assert analysing.waiting(heard.store) == 0


def test_a_run_that_broke_off_says_so_and_goes_on_when_told(draw, heard):
    with heard.store.write() as conn:
        conn.execute("update document set voices = ''")
    assert analysis_jobs.start(heard)
    analysis_jobs.job(heard).cancel()
    analysis_jobs.job(heard).wait()

    app = draw("speakers")
    assert any("not looked at" in one.value for one in app.text)
    app.button("analysis.again").click().run()
    analysis_jobs.job(heard).wait()

    assert analysing.waiting(heard.store) == 0


def test_names_from_outside_show_as_they_are(draw, heard):
    actors.rename(heard.store, "dan rell", HOSTILE, "ana")
    actors.merge(heard.store, "mira osk", ["m osk"], "ana")

    app = draw("speakers")

    assert not app.exception
    assert HOSTILE in [row["speaker"] for row in table(app)]
    assert HOSTILE not in [one.value for one in app.markdown]
