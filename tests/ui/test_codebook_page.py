"""Changing the codebook on its page: forms, a file taken in, the history."""

from __future__ import annotations

import pytest

from annotator.exchange import codebook_toml
from annotator.store import codebooks, events
from annotator.ui.codebook_difference import html, marked
from annotator.ui.marks import plain
from annotator.workflow import editing, projects
from annotator.workflow.differing import Place, Step


def versions(project):
    return [book.version for book in project.scheme.codebooks]


def code(project, name):
    return next(one for one in project.scheme.variable("frame").answers if one.name == name)


def box(app, kind, name):
    """The box of the form that is open, whatever the form's number is."""
    (found,) = [one for one in app.get(kind) if (one.key or "").endswith(f".{name}")]
    return found


def press(app, key):
    (button,) = [one for one in app.button if one.key == key]
    return button.click().run()


def edit(app, name):
    return press(app, f"codebook.open.code.frame.{name}")


def submit(app, name="save"):
    return box(app, "button", name).click().run()


def htmls(app):
    return [one.proto.body for one in app.get("html")]


def cards(app):
    return [body for body in htmls(app) if '<section style="padding' in body]


# --- Editing a code -------------------------------------------------------------------------


def test_forms_are_drawn_only_when_opened(draw, coded):
    app = draw("codebook")
    assert not app.text_area

    edit(app, "blockade")

    assert len(app.text_area) == 5
    assert len(cards(app)) == 1 + 5


def test_a_form_begins_with_what_the_code_says(draw, coded):
    app = edit(draw("codebook"), "blockade")

    assert box(app, "text_input", "title").value == "Blockade"
    assert box(app, "selectbox", "hotkey").value == "1"
    assert box(app, "color_picker", "color").value == "#9b2226"
    assert box(app, "text_area", "examples").value == "Nothing passes the bridge."


def test_a_saved_form_makes_a_new_version_and_recodes_nothing(draw, coded):
    before = events.count(coded.store)
    app = edit(draw("codebook"), "blockade")
    box(app, "text_area", "definition").set_value("Roads are shut on purpose.")
    box(app, "text_area", "examples").set_value("Nothing passes the bridge.\n\nThe road is shut.")
    box(app, "color_picker", "color").set_value("#112233")
    box(app, "selectbox", "hotkey").set_value("3")

    submit(app)

    assert not app.exception
    assert versions(coded) == ["1.2.1"]
    changed = code(coded, "blockade")
    assert changed.definition == "Roads are shut on purpose."
    assert changed.examples == ("Nothing passes the bridge.", "The road is shut.")
    assert (changed.color, changed.hotkey) == ("#112233", "3")
    assert events.count(coded.store) == before
    assert not app.text_area
    assert "toy 1.2.1 is in force now" in app.success[0].value.replace("\\", "")
    assert "Roads are shut on purpose." in next(one for one in cards(app) if "Blockade" in one)


def test_what_came_of_a_click_is_said_once(draw, coded):
    app = edit(draw("codebook"), "blockade")
    box(app, "text_input", "title").set_value("Blockades")
    submit(app)

    assert not app.run().success


def test_an_error_keeps_what_was_typed(draw, coded):
    app = edit(draw("codebook"), "blockade")
    box(app, "text_input", "title").set_value("Closed roads")
    box(app, "text_area", "definition").set_value(" ")
    box(app, "color_picker", "color").set_value("#112233")

    submit(app)

    assert app.error[0].value.startswith(plain("frame: blockade: definition is empty"))
    assert box(app, "text_input", "title").value == "Closed roads"
    assert box(app, "color_picker", "color").value == "#112233"
    assert versions(coded) == ["1.2.0"]

    box(app, "text_area", "definition").set_value("Roads are closed.")
    submit(app)

    assert not app.error
    assert code(coded, "blockade").title == "Closed roads"


def test_a_form_that_is_closed_forgets_what_was_typed(draw, coded):
    app = edit(draw("codebook"), "blockade")
    box(app, "text_input", "title").set_value("Closed roads")

    submit(app, "cancel")
    assert not app.text_area
    edit(app, "blockade")

    assert box(app, "text_input", "title").value == "Blockade"
    assert versions(coded) == ["1.2.0"]


def test_one_form_gives_way_to_another_that_begins_with_its_own_code(draw, coded):
    app = edit(draw("codebook"), "blockade")
    box(app, "text_area", "definition").set_value("Half a thought")

    edit(app, "peace")

    assert box(app, "text_area", "definition").value == "Talks and truces."
    assert len(app.text_area) == 5


def test_a_form_saves_only_what_was_typed_into_it(draw, coded):
    app = edit(draw("codebook"), "blockade")
    editing.change_code(coded, "frame", "blockade", definition="Somebody else's wording.")
    box(app, "text_input", "title").set_value("Closed roads")

    submit(app)

    changed = code(coded, "blockade")
    assert (changed.title, changed.definition) == ("Closed roads", "Somebody else's wording.")


def test_only_free_keys_are_offered(draw, coded):
    offered = box(edit(draw("codebook"), "blockade"), "selectbox", "hotkey").options

    assert offered[:3] == ["none", "1", "3"]
    assert not {"2", "j", "s", "c"} & set(offered)


def test_saving_nothing_makes_no_version(draw, coded):
    app = submit(edit(draw("codebook"), "blockade"))

    assert app.success[0].value == plain("Nothing was changed.")
    assert versions(coded) == ["1.2.0"]


def test_the_shared_stance_scale_says_that_it_cannot_be_edited(draw, coded):
    app = draw("codebook")

    assert "cannot be edited" in "".join(one.value for one in app.caption)
    assert not [one.key for one in app.button if (one.key or "").startswith("codebook.open.code.s")]


# --- Adding ---------------------------------------------------------------------------------


def test_a_code_is_added_on_the_page(draw, coded):
    app = press(draw("codebook"), "codebook.open.new-code.frame.")
    box(app, "text_input", "title").set_value("Siege")
    box(app, "text_area", "definition").set_value("A town is shut in.")
    box(app, "selectbox", "hotkey").set_value("4")

    submit(app)

    assert not app.exception
    assert versions(coded) == ["1.3.0"]
    assert code(coded, "siege").hotkey == "4"
    assert "Siege is asked from now on, since version 1.3.0" in app.success[0].value.replace(
        "\\", ""
    )


def test_a_code_without_a_definition_is_refused_with_what_was_typed(draw, coded):
    app = press(draw("codebook"), "codebook.open.new-code.frame.")
    box(app, "text_input", "title").set_value("Siege")

    submit(app)

    assert app.error[0].value.startswith(plain("frame: siege: definition is empty"))
    assert box(app, "text_input", "title").value == "Siege"


def test_a_target_is_added_on_the_page(draw, coded):
    app = press(draw("codebook"), "codebook.open.target.stance.")
    box(app, "text_input", "title").set_value("Port Velm")
    box(app, "text_area", "aliases").set_value("Velm\nthe port")

    submit(app)

    target = coded.scheme.variable("stance").targets[-1]
    assert (target.name, target.aliases) == ("port-velm", ("Velm", "the port"))
    assert any("Port Velm" in body and "the port" in body for body in htmls(app))


# --- Taking a file in -----------------------------------------------------------------------


@pytest.fixture
def other(coded):
    """The project's codebook, edited outside: a definition reworded, a code gone, one new."""
    (kept,) = codebooks.with_sources(coded.store, coded.scheme.id)
    book = kept[0].model_dump(mode="json")
    book["variable"][0]["code"][1]["definition"] = "Talks, truces and treaties."
    siege = {"name": "siege", "title": "Siege", "definition": "A town <b>is</b> shut in."}
    book["variable"][0]["code"][0] = siege
    return codebook_toml.dump(type(kept[0]).model_validate(book), kept[1]).encode()


def offer(app, content, name="toy.toml"):
    app.file_uploader("codebook.file.0").upload(name, content)
    return app.run()


def test_the_difference_is_shown_before_anything_is_kept(draw, coded, other):
    app = offer(draw("codebook"), other)

    assert plain("toy 1.2.0 → 1.3.0: 1 new, 1 changed, 1 gone") in [one.value for one in app.header]
    (told,) = [body for body in htmls(app) if "frame: siege" in body]
    assert "A town &lt;b&gt;is&lt;/b&gt; shut in." in told
    assert "<ins" in told
    assert "1 unit carries it, and keeps it" in told
    assert "A town without bread" in told
    assert versions(coded) == ["1.2.0"]


def test_a_file_is_taken_in_and_recodes_nothing(draw, coded, other):
    before = events.count(coded.store)
    app = offer(draw("codebook"), other)

    press(app, "codebook.file.take")

    assert not app.exception
    assert versions(coded) == ["1.3.0"]
    assert events.count(coded.store) == before
    assert app.success[0].value == plain("toy 1.3.0 is in force now.")
    assert app.file_uploader("codebook.file.1").value is None


def test_a_file_may_be_put_away_again(draw, coded, other):
    app = press(offer(draw("codebook"), other), "codebook.file.cancel")

    assert versions(coded) == ["1.2.0"]
    assert app.file_uploader("codebook.file.1").value is None


def test_a_difference_that_is_out_of_date_is_shown_again(draw, coded, other):
    app = offer(draw("codebook"), other)
    editing.add_code(coded, "frame", "Rain", "It rains.")

    press(app, "codebook.file.take")

    assert "look at the difference again" in app.error[0].value
    assert versions(coded) == ["1.3.0"]
    assert any("frame: rain" in body for body in htmls(app))
    assert app.warning[0].value.startswith(plain("toy.toml says it is version 1.2.0"))

    press(app, "codebook.file.take")

    assert versions(coded) == ["1.4.0"]
    assert not app.error


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"name = 1", "toy.toml: name"),
        (b"\xff\xfe", "toy.toml: line 1: is not UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_says_where(draw, coded, content, said):
    app = offer(draw("codebook"), content)

    assert app.error[0].value.startswith(plain(said))
    assert not [one for one in app.button if one.key == "codebook.file.take"]


def test_a_file_that_says_the_same_offers_nothing(draw, coded, toy):
    app = offer(draw("codebook"), toy.read_bytes())

    assert "Nothing is different" in app.info[0].value


# --- The history ----------------------------------------------------------------------------


def history(draw):
    app = draw("codebook")
    app.session_state["codebook.part"] = "History"
    return app.run()


def test_the_history_tells_every_version_newest_first(draw, coded):
    editing.change_code(coded, "frame", "blockade", title="Closed roads")
    editing.add_code(coded, "frame", "Siege", "A town is shut in.")

    app = history(draw)

    assert not app.exception
    heads = [one.value for one in app.markdown if plain("toy 1.") in one.value]
    assert heads == [f"**{plain(f'toy 1.{number}')}**" for number in ("3.0", "2.1", "2.0")]
    told = [body for body in htmls(app) if "overflow-wrap" in body]
    assert ["frame: siege" in told[0], "frame: blockade" in told[1]] == [True, True]
    assert "The first version in this project." in [one.value for one in app.text]


def test_the_history_is_read_only_when_it_is_opened(draw, coded):
    assert not [one for one in draw("codebook").text if "first version" in one.value]


def test_the_older_versions_of_a_long_history_come_when_asked_for(draw, coded):
    for number in range(21):
        editing.add_example(coded, "frame", "blockade", f"Example {number}.")

    app = history(draw)
    assert "The first version in this project." not in [one.value for one in app.text]
    press(app, "codebook.history.toy.older.button")

    assert "The first version in this project." in [one.value for one in app.text]


# --- The difference as HTML -----------------------------------------------------------------


def test_blanks_between_two_changed_words_are_marked_with_them():
    before, after = marked(
        "It is their acts that count here.", "It is what they do that count here."
    )

    assert before.count("<del") == after.count("<ins") == 1


def test_wordings_that_share_next_to_nothing_are_marked_whole():
    before, _ = marked("Order is invoked.", "A town lies under siege since May")

    assert before.startswith("<del")
    assert before.endswith("Order is invoked.</del>")


def test_no_wording_is_read_as_html():
    hostile = "<img src=x onerror=alert(1)>"
    step = Step("changed", Place("frame", hostile), hostile, hostile, f"{hostile} more")

    assert "<img" not in html([step])


def test_the_page_of_two_codebooks_edits_each_in_its_own(draw, tmp_path, toy, monkeypatch):
    text = toy.read_bytes().replace(b'"toy"', b'"other"').replace(b'"stance"', b'"side"')
    (tmp_path / "other.toml").write_bytes(text.replace(b'"frame"', b'"topic"'))
    both = projects.create(tmp_path / "both.annotator", [toy, tmp_path / "other.toml"])
    monkeypatch.setenv("ANNOTATOR_PROJECT", str(both.path))

    app = press(draw("codebook"), "codebook.open.code.topic.blockade")
    box(app, "text_input", "title").set_value("Closed roads")
    submit(app)

    assert not app.exception
    assert versions(both) == ["1.2.0", "1.2.1"]
