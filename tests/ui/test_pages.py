import csv
import io
import re
from dataclasses import asdict

import pytest
from streamlit.testing.v1 import AppTest

from annotator.learn.model import CodeCard
from annotator.store import events, jobs, tables
from annotator.ui.marks import plain
from annotator.workflow import export_formats, exporting, import_jobs, projects, sample_project

PAGES = (
    *("annotate", "home", "import_", "find", "speakers", "copies", "samples", "codebook", "model"),
    "export",
)
STORY = b"The bridge\n\nThe bridge at Korva was closed. Nobody said why.\n"
NOON = "2026-03-02T12:00:00.000+00:00"


def _texts(app: AppTest) -> str:
    """Everything the page says in elements that show text as it is."""
    shown = [*app.text, *app.info, *app.error, *app.success, *app.warning, *app.metric]
    return "\n".join(f"{getattr(one, 'label', '')} {one.value}" for one in shown)


def _as_markdown(app: AppTest) -> list[str]:
    """Whatever the page hands to a reader of markdown."""
    values = [*app.markdown, *app.caption, *app.title, *app.header, *app.subheader]
    values += [*app.info, *app.error, *app.success, *app.warning]
    labels = [one.label for one in (*app.button, *app.expander, *app.metric, *app.tabs)]
    return [one.value for one in values] + labels


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_drawn_for_a_project_without_articles(draw, empty, name):
    assert not draw(name).exception


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_drawn_for_a_project_with_codings(draw, coded, name):
    assert not draw(name).exception


@pytest.mark.parametrize("name", PAGES[1:])
def test_the_line_above_a_page_names_the_project_and_who_codes(draw, coded, monkeypatch, name):
    assert draw(name).caption[0].value == plain(f"{coded.title} · no coder is named yet")

    monkeypatch.setenv("ANNOTATOR_CODER", "*Ada*")

    assert draw(name).caption[0].value == plain(f"{coded.title} · you code as *Ada*")


@pytest.mark.parametrize("name", PAGES)
def test_no_name_from_outside_is_read_as_markdown(draw, coded, name):
    app = draw(name)

    assert not [text for text in _as_markdown(app) if "![p](" in text or ":red[" in text]


@pytest.mark.parametrize("name", ["home", "speakers"])
def test_a_project_without_articles_says_that_import_comes_next(draw, empty, name):
    assert "Bring some in" in _texts(draw(name))


@pytest.mark.parametrize("name", ["find", "copies", "samples", "export"])
def test_a_page_that_needs_articles_says_that_there_are_none(draw, empty, name):
    app = draw(name)

    assert not app.exception
    assert "the project has no articles" in app.info[0].value


def test_the_project_page_counts_what_was_done(draw, coded):
    shown = {one.label: one.value for one in draw("home").metric}

    assert shown["Documents"] == "1"
    assert (shown["Coded"], shown["Skipped"], shown["Flagged"]) == ("1", "1", "1")


def test_beside_skipped_and_flagged_stands_where_they_are_gone_through(draw, coded):
    assert "leads through the skipped" in draw("home").caption[1].value


def test_the_project_page_says_what_training_waits_for(draw, coded):
    assert "24 more decisions" in _texts(draw("home"))


def test_the_project_page_names_every_coder(draw, coded):
    (table,) = [t.value for t in draw("home").dataframe if "coder" in t.value.columns]

    assert table.to_dict("records")[0]["coder"] == "Ada"


def test_a_new_project_is_made_and_shown_without_a_terminal(draw, empty, tmp_path):
    app = draw("home")
    app.text_input("home.new.0.name").set_value("Ilsa Heights")
    app.text_input("home.new.0.folder").set_value(str(tmp_path / "mine"))
    app.file_uploader("home.new.0.own").upload("own.toml", _book("own"))
    app.run()
    app.text_area("home.new.0.targets").set_value("velmar=Republic of Velmar\nPort Osten")

    app.button("home.new.make").click().run()

    assert not app.exception
    made = projects.open_project(tmp_path / "mine" / "ilsa-heights.annotator")
    assert app.title[0].value == "Ilsa Heights"
    targets = made.scheme.variable("stance").targets
    assert [target.name for target in targets] == ["velmar", "port-osten"]
    assert "Ilsa Heights is the project that is open now" in app.success[0].value
    assert app.success[0].value.startswith(app.toast[0].value)


def test_a_new_project_says_what_is_missing_beside_its_button(draw, empty):
    app = draw("home")
    assert "Still missing: a name, a codebook." in _texts(app)

    app.text_input("home.new.0.name").set_value("kept")
    app.file_uploader("home.new.0.own").upload("own.toml", NO_TARGET)
    app.run()
    assert "Still missing: a target." in _texts(app)
    assert app.button("home.new.make").disabled

    app.text_area("home.new.0.targets").set_value("Port Osten").run()

    assert "Still missing" not in _texts(app)
    assert not app.button("home.new.make").disabled


def test_a_new_project_is_offered_the_targets_of_its_codebook_and_keeps_their_aliases(
    draw, empty, tmp_path
):
    app = draw("home")
    app.text_input("home.new.0.name").set_value("kept")
    app.text_input("home.new.0.folder").set_value(str(tmp_path))
    app.file_uploader("home.new.0.own").upload("own.toml", _book("own"))
    app.run()

    assert app.text_area("home.new.0.targets").value == "osten=Osten"
    app.button("home.new.make").click().run()

    made = projects.open_project(tmp_path / "kept.annotator")
    assert made.scheme.variable("stance").targets[0].aliases == ("Hallen",)


def test_articles_dropped_on_a_new_project_come_in(draw, empty, tmp_path):
    app = draw("home")
    app.text_input("home.new.0.name").set_value("with articles")
    app.text_input("home.new.0.folder").set_value(str(tmp_path))
    app.file_uploader("home.new.0.own").upload("own.toml", _book("own"))
    app.file_uploader("home.new.0.articles").upload("bridge.txt", STORY)
    app.run()
    app.button("home.new.make").click().run()

    made = projects.open_project(tmp_path / "with-articles.annotator")
    import_jobs.job(made).wait()

    assert tables.totals(made.store)["documents"] == 1


def test_a_project_that_exists_already_is_never_made_anew(draw, empty, tmp_path):
    app = draw("home")
    app.text_input("home.new.0.name").set_value("toy")
    app.text_input("home.new.0.folder").set_value(str(tmp_path))
    app.file_uploader("home.new.0.own").upload("own.toml", _book("own"))
    app.run()

    app.button("home.new.make").click().run()

    assert "exists already" in app.error[0].value
    shown = [one.key or one.type for one in app.tabs[0] if one.type in {"button", "error"}]
    assert shown == ["home.new.make", "error"]
    assert projects.open_project(empty.path).id == empty.id


def test_a_faulty_codebook_names_its_fault_before_anything_is_made(draw, empty):
    app = draw("home")

    app.file_uploader("home.new.0.own").upload("bad.toml", b"name = ").run()

    assert "bad" in app.error[0].value


def test_another_project_is_opened_by_its_path(draw, empty, tmp_path, toy):
    projects.create(tmp_path / "other.annotator", [toy], title="Other").store.close()
    app = draw("home")
    app.text_input("home.open.path").set_value(str(tmp_path / "other.annotator")).run()

    app.button("home.open.path.button").click().run()

    assert app.title[0].value == "Other"


def test_a_path_that_is_no_project_is_a_fault_and_changes_nothing(draw, empty, tmp_path):
    app = draw("home")
    app.text_input("home.open.path").set_value(str(tmp_path / "nothing")).run()

    app.button("home.open.path.button").click().run()

    assert "is not there" in app.error[0].value


def test_the_sample_goes_only_when_it_is_confirmed_and_stays_away(draw, empty, monkeypatch):
    projects.remember(empty)
    monkeypatch.delenv("ANNOTATOR_PROJECT")
    app = draw("home")
    assert app.button("home.sample.remove").disabled

    app.checkbox("home.sample.sure").check().run()
    app.button("home.sample.remove").click().run()

    assert not sample_project.sample_path().exists()
    assert sample_project.open_default(sample_project.sample_path()).id == empty.id
    assert "The sample is taken away" in app.success[0].value
    assert app.title[0].value == plain(empty.title)


def test_the_sample_can_be_taken_away_from_another_project(draw, empty):
    sample_project.open_sample()
    app = draw("home")

    app.checkbox("home.sample.sure").check().run()
    app.button("home.sample.remove").click().run()

    assert not sample_project.sample_path().exists()
    assert app.title[0].value == plain(empty.title)
    assert "home.sample.remove" not in [one.key for one in app.button]


def test_the_sample_stays_while_there_is_no_other_project(draw, monkeypatch):
    monkeypatch.delenv("ANNOTATOR_PROJECT", raising=False)

    app = draw("home")

    assert app.checkbox("home.sample.sure").disabled
    assert "This is the sample" in _texts(app)


def test_the_codebook_shows_each_code_with_its_count(draw, coded):
    cards = [one.proto.body for one in draw("codebook").get("html")]

    (blockade,) = [card for card in cards if "<strong" in card and ">Blockade<" in card]
    assert "Roads are closed on purpose." in blockade
    assert "Nothing passes the bridge." in blockade
    assert ">1</span>" in blockade


def test_the_codebook_is_searched_in_all_of_its_texts(draw, coded):
    app = draw("codebook")

    app.text_input("codebook.search").set_value("PASSES bridge").run()

    cards = [one.proto.body for one in app.get("html") if "<section" in one.proto.body]
    assert len(cards) == 1


def test_a_search_without_a_find_says_so(draw, coded):
    app = draw("codebook")

    app.text_input("codebook.search").set_value("zeppelin").run()

    assert "Try fewer" in app.info[0].value


def test_keys_that_moved_are_told(draw, tmp_path, toy, monkeypatch):
    other = tmp_path / "other.toml"
    other.write_bytes(_book("other").replace(b'"stance"', b'"side"').replace(b"frame", b"topic"))
    both = projects.create(tmp_path / "both.annotator", [toy, other])
    monkeypatch.setenv("ANNOTATOR_PROJECT", str(both.path))

    warned = draw("codebook").warning

    assert len(warned) == len(both.scheme.moved) > 0


def test_the_model_page_says_what_is_missing_for_a_first_model(draw, coded):
    assert "24 more decisions" in draw("model").info[0].value


def test_the_model_page_shows_how_good_each_code_is(draw, coded):
    _put_model(coded)

    app = draw("model")

    heads, *rows = _table(app)
    assert heads[-4:] == ["Average precision", "Threshold", "Shown from", "Tested on"]
    assert rows == [
        ["Blockade (on the desk)", "40", "0.75", "0.50", "0.60", "0.70", "0.40", "0.60", "100"],
        ["Osten: Against (learning: 7 of about 20; untested)", "7", *["–"] * 6, "0"],
    ]
    assert "toy 1.2.0" in _texts(app)


def test_codes_that_nobody_gave_yet_are_one_line_of_the_model_page(draw, coded):
    _put_model(coded)

    _, folded = draw("model").expander

    assert folded.label == "1 code stands in no sentence yet"
    assert folded.text[0].value == "Osten: In favor"


def _table(app: AppTest) -> list[list[str]]:
    """The cells of the page's table; what stands in small letters in brackets."""
    (table,) = [one.proto.body for one in app.get("html") if "<table" in one.proto.body]
    table = table.replace("<small>", " (").replace("</small>", ")")
    rows = re.findall(r"<tr>(.*?)</tr>", table)
    return [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows]


def test_a_training_that_failed_says_why_in_one_sentence(draw, coded):
    job = jobs.start(coded.store, pid=1, reason="asked", at=NOON, last_event=0)
    jobs.end(coded.store, job.id, "failed", NOON, "no code can be learned yet")

    assert "no code can be learned yet" in draw("model").error[0].value


def test_while_a_training_runs_no_other_can_be_started_and_it_can_be_cancelled(draw, coded):
    jobs.start(coded.store, pid=1, reason="asked", at=NOON, last_event=0)
    app = draw("model")
    assert "model.train" not in [one.key for one in app.button]
    assert not app.info  # what a first training still lacks is no news while one runs

    app.button("model.cancel").click().run()

    assert jobs.latest(coded.store).status == "cancelled"
    assert not app.button("model.train").disabled


@pytest.mark.parametrize("name", export_formats.FORMATS)
def test_the_first_rows_of_every_format_are_those_of_its_file(draw, coded, name):
    app = draw("export")

    app.radio("export.format").set_value(name).run()

    rows = list(
        csv.DictReader(io.StringIO(exporting.as_bytes(coded.store, name).decode("utf-8-sig")))
    )
    assert f"{name}: {len(rows)} rows" in app.header[0].value
    if rows:
        assert app.dataframe[0].value.to_dict("records") == rows[:20]


def test_the_export_names_what_it_leaves_out(draw, coded):
    left = events.count(coded.store)

    app = draw("export")

    undecided = tables.totals(coded.store)["units"] - left
    assert f"Left out: {undecided} undecided units" in _texts(app)


def test_without_codings_the_export_says_what_comes_next(draw, empty):
    assert "nothing to export yet" in draw("export").info[0].value


NO_TARGET = b"""
name = "own"
version = "1.0.0"
title = "Own"

[[variable]]
name = "stance"
choice = "one"
codes = "favor-against"
targets = []
"""


def _book(name: str) -> bytes:
    return f"""
name = "{name}"
version = "1.0.0"
title = "Book {name}"

[[variable]]
name = "frame"

[[variable.code]]
name = "blockade"
title = "Blockade"
definition = "Roads are closed on purpose."
hotkey = "1"

[[variable]]
name = "stance"
choice = "one"
codes = "favor-against"
targets = [{{ name = "osten", title = "Osten", aliases = ["Hallen"] }}]
""".encode()


def _put_model(project: projects.Project) -> None:
    good = CodeCard(
        variable="frame", target="", code="blockade", positives=40, negatives=60, fitted=True,
        threshold=0.4, desk_threshold=0.6, n=100, evaluated_on="blind", precision=0.75,
        precision_low=0.6, precision_high=0.85, recall=0.5, recall_low=0.4, recall_high=0.6, f1=0.6,
        average_precision=0.7,
    )  # fmt: skip
    poor = CodeCard(
        variable="stance", target="osten", code="against", positives=7, negatives=93,
        fitted=True, note="untested",
    )  # fmt: skip
    none = CodeCard(variable="stance", target="osten", code="favor", positives=0, negatives=100)
    card = {
        "created_at": NOON,
        "trained_on": 100,
        "scheme": {"last_event": 2, "codebooks": {"toy": "1.2.0"}},
        "codes": [asdict(good), asdict(poor), asdict(none)],
    }
    job = jobs.start(project.store, pid=1, reason="asked", at=NOON, last_event=2)
    jobs.put_model(project.store, job.id, "m1", 1, card, NOON)


def test_the_question_who_is_coding_stands_beside_the_first_article(draw, coded):
    app = draw("annotate")

    assert app.text_input(key="annotate.name").label == "Your name"
    assert "The bridge at Korva was closed" in _texts(app)
    assert not any("onerror" in value and "\\<img" not in value for value in _as_markdown(app))


def test_nobody_codes_without_a_name(draw, coded):
    app = draw("annotate")
    app.button[0].click().run()

    assert "Type a name first" in app.error[0].value
    assert "coder" not in app.session_state


@pytest.mark.parametrize("name", ["ada", " ADA ", "A da"])
def test_a_name_that_differs_by_capitals_and_spaces_is_asked_about(draw, coded, name):
    app = draw("annotate")
    app.text_input(key="annotate.name").set_value(name)
    app.button[0].click().run()

    assert plain("Ada has coded here. If that is you, press that name") in app.error[0].value
    assert "coder" not in app.session_state


def test_who_has_coded_here_goes_on_with_one_press(draw, coded):
    app = draw("annotate")
    app.button("annotate.as.Ada").click().run()

    assert app.session_state["coder"] == "Ada"


def test_who_has_named_themselves_can_take_another_name(draw, coded, monkeypatch):
    app = draw("home")
    assert "home.rename" not in [one.key for one in app.button]
    app.session_state["coder"] = "Adda"
    app.run()

    app.button("home.rename").click().run()
    app.run()

    assert app.caption[0].value == plain(f"{coded.title} · no coder is named yet")
    monkeypatch.setenv("ANNOTATOR_CODER", "Ada")
    assert "home.rename" not in [one.key for one in app.run().button]


def test_without_articles_the_question_who_is_coding_says_what_comes_first(draw, empty):
    assert "No articles yet" in _texts(draw("annotate"))


def test_nothing_can_be_learned_before_anything_is_coded(draw, empty):
    app = draw("model")

    assert app.button("model.train").disabled
    assert "no articles" in app.info[0].value
