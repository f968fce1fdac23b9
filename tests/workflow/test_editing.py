"""Changing the codebook while coding: what is new from then on, and what stays as it was."""

from __future__ import annotations

import csv
import io
import threading

import pytest

from annotator.core.annotation import Event
from annotator.core.errors import CodebookError
from annotator.store import codebooks, events, tables
from annotator.store.events import Told
from annotator.workflow import editing, exporting, importing, projects
from annotator.workflow.sources import from_uploads
from annotator.workflow.training_table import training_table

SMALL = """\
# A comment of the author's.
name = "small"
version = "1.0.0"
title = "Small"

[[variable]]
name = "frame"

[[variable.code]]
name = "border"
title = "Border"
definition = "A border is named."
examples = ["The border is ours."]
hotkey = "1"

[[variable.code]]
name = "cannot-tell"
title = "Cannot tell"
definition = "It cannot be told."
exclusive = true

[[variable]]
name = "stance"
choice = "one"
codes = "favor-against"
targets = [{ name = "norland", title = "Norland" }]
"""
SIDE = """\
name = "side"
version = "2.0.0"
title = "Side"

[[variable]]
name = "topic"

[[variable.code]]
name = "trade"
title = "Trade"
definition = "Trade is named."
hotkey = "1"
"""
AT = "2021-05-03T10:00:00.000+00:00"
ARTICLE = b"The border is ours. The road was shut. It rained in Velm. Nobody came."


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Two codebooks that both want key 1, so that the second one's code is shown with key 2."""
    monkeypatch.setenv("ANNOTATOR_HOME", str(tmp_path / "home"))
    files = []
    for name, text in (("small", SMALL), ("side", SIDE)):
        file = tmp_path / f"{name}.toml"
        file.write_text(text, encoding="utf-8")
        files.append(file)
    made = projects.create(tmp_path / "p.annotator", files)
    sources = from_uploads([("a.txt", ARTICLE)])
    list(importing.import_sources(made.store, made.seed, sources))
    yield made
    projects.close_project(made.path)


def code_unit(project, index, *codes, scheme=None, coder="ana"):
    unit = list(tables.units(project.store))[index]
    stated = {
        "uuid": f"{coder}-{index:08}",
        "op": "set",
        "unit": unit.unit_id,
        "scheme": scheme or project.scheme.id,
        "client_at": AT,
        "answers": [{"variable": "frame", "code": name} for name in codes],
    }
    return events.record(project.store, [Told(coder, Event.model_validate(stated), AT)])[0]


def versions(project):
    return {book.name: book.version for book in project.scheme.codebooks}


def source(project, name="small"):
    return codebooks.source_of(project.store, name, versions(project)[name])


def exported(project, format_name="labels"):
    content = exporting.as_bytes(project.store, format_name).decode("utf-8")
    return list(csv.DictReader(io.StringIO(content, newline="")))


def fault(edit):
    with pytest.raises(CodebookError) as refused:
        edit()
    (said,) = refused.value.faults
    return said


# --- A new code -----------------------------------------------------------------------------


def test_a_new_code_makes_a_minor_version_of_its_codebook_alone(project):
    added = editing.add_code(project, "frame", "Closed roads", "A road is shut.", hotkey="3")

    assert added == editing.Added("closed-roads", "Closed roads", "1.1.0", "3")
    assert versions(project) == {"small": "1.1.0", "side": "2.0.0"}
    names = [code.name for code in project.scheme.variable("frame").answers]
    assert names == ["border", "closed-roads", "cannot-tell"]


def test_a_new_code_keeps_the_comments_of_the_file(project):
    editing.add_code(project, "frame", "Closed roads", "A road is shut.")

    assert source(project).startswith("# A comment of the author's.\n")
    assert 'version = "1.1.0"' in source(project)
    assert 'name = "closed-roads"' in source(project)


def test_a_code_added_later_is_blank_for_earlier_units(project):
    code_unit(project, 0, "border")
    editing.add_code(project, "frame", "Road", "A road is shut.")
    code_unit(project, 1, "road")
    code_unit(project, 2)

    column = [row["frame_road"] for row in exported(project, "wide")]
    learned = training_table(project.store)["frame||road"]

    assert column == ["", "1", "0"]
    assert learned.isna().tolist() == [True, False, False]


def test_a_decision_that_waited_under_the_old_codebook_is_still_taken(project):
    before = project.scheme.id
    editing.add_code(project, "frame", "Road", "A road is shut.")

    assert code_unit(project, 0, "border", scheme=before) is None
    assert code_unit(project, 1, "road", scheme=before) is not None
    assert [row["frame_road"] for row in exported(project, "wide")] == [""]


def test_a_new_code_never_takes_the_name_of_one_that_is_gone(project):
    gone = codebooks.with_sources(project.store, project.scheme.id)
    editing.add_code(project, "frame", "Road", "A road is shut.")
    rewritten = [
        (book.model_copy(update={"version": "3.0.0"}), "") if book.name == "small" else (book, text)
        for book, text in gone
    ]
    codebooks.put_scheme(project.store, rewritten, AT)

    assert editing.add_code(project, "frame", "Road", "Any road.").name == "road-2"


@pytest.mark.parametrize(
    ("title", "name"),
    [("Économie & trade", "economie-trade"), ("Սահման", "code"), ("  Two   words ", "two-words")],
)
def test_a_name_is_made_of_any_title(project, title, name):
    assert editing.add_code(project, "frame", title, "It is named.").name == name


@pytest.mark.parametrize("title", ["\u2121" * 300, "a" * 300])
def test_a_code_with_the_longest_title_can_be_given(project, title):
    first = editing.add_code(project, "frame", title, "It is named.").name
    second = editing.add_code(project, "frame", f"{title[:-1]}!", "It is named too.").name

    assert code_unit(project, 0, first) is None
    assert code_unit(project, 1, second) is None


def test_a_title_is_one_line(project):
    editing.add_code(project, "frame", "Two\nlines", "It is named.")

    assert project.scheme.variable("frame").answers[1].title == "Two lines"


def test_what_nobody_can_read_is_left_out_of_every_text(project):
    editing.add_code(project, "frame", "Ro\0ad", "A road\ud800\r\nis shut.\x1b")
    editing.add_target(project, "Port\ud800 Osten", aliases=("\0",))
    editing.add_example(project, "frame", "road", "The\0 road.")

    road = project.scheme.variable("frame").answers[1]
    assert (road.title, road.definition) == ("Road", "A road\nis shut.")
    assert road.examples == ("The road.",)
    assert project.scheme.variable("stance").targets[-1].title == "Port Osten"


@pytest.mark.parametrize(
    ("title", "definition", "hotkey", "said"),
    [
        ("Road", " ", None, "frame: road: definition is empty"),
        (" ", "A road.", None, "frame: the new code has no title"),
        ("\u200b\u202e", "A road.", None, "frame: the new code has no title"),
        ("BORDER", "A road.", None, "frame: there is a code with the title 'BORDER' already"),
        ("Road", "A road.", "1", "frame: road: hotkey '1' is taken by frame: border; take one of"),
        ("Road", "A road.", "s", "frame: road: hotkey 's' belongs to the desk"),
        ("Road", "A road.", "2", "frame: Road: hotkey '2' is taken by Topic: Trade; take one of 3"),
        ("None", "Nothing.", None, "frame: none: none is never a code"),
    ],
)
def test_a_faulty_code_is_one_sentence_and_changes_nothing(
    project, title, definition, hotkey, said
):
    before = project.scheme

    refused = fault(lambda: editing.add_code(project, "frame", title, definition, hotkey=hotkey))

    assert refused.startswith(said)
    assert project.scheme == before


def test_a_variable_that_is_not_there_is_named(project):
    said = fault(lambda: editing.add_code(project, "mood", "Road", "A road."))

    assert said == "the codebook has no variable 'mood'"


def test_the_stance_scale_takes_no_code(project):
    assert "targets can be added" in fault(
        lambda: editing.add_code(project, "stance", "Torn", "Both sides.")
    )


# --- A new target ---------------------------------------------------------------------------


def test_a_new_target_is_asked_from_now_on(project):
    code_unit(project, 0, "border")
    added = editing.add_target(project, "Port Osten", aliases=("Hallen", " "))
    code_unit(project, 1)

    assert added == editing.Added("port-osten", "Port Osten", "1.1.0", None)
    assert project.scheme.variable("stance").targets[-1].aliases == ("Hallen",)
    status = [row["status"] for row in exported(project) if row["target"] == "port-osten"]
    assert status == ["not_asked", "none"]


def test_a_target_that_is_there_already_is_refused(project):
    said = fault(lambda: editing.add_target(project, "norland"))

    assert said == "the target 'norland' is there already"


def test_a_target_needs_a_title_and_a_question_about_targets(project, tmp_path):
    (tmp_path / "side.toml").write_text(SIDE, encoding="utf-8")
    alone = projects.create(tmp_path / "alone.annotator", [tmp_path / "side.toml"])

    assert "has no title" in fault(lambda: editing.add_target(project, "  "))
    assert "asks about targets" in fault(lambda: editing.add_target(alone, "Osten"))


# --- Examples and wordings ------------------------------------------------------------------


def test_a_new_example_makes_a_patch_version(project):
    added = editing.add_example(project, "frame", "border", "The border\nwas shut.")

    assert added.version == "1.0.1"
    examples = project.scheme.variable("frame").answers[0].examples
    assert examples == ("The border is ours.", "The border was shut.")


def test_an_example_that_stands_there_makes_no_new_version(project):
    before = project.scheme

    added = editing.add_example(project, "frame", "border", " The border is  ours. ")

    assert added == editing.Added("border", "Border", "1.0.0", "1")
    assert project.scheme == before


def test_a_counterexample_stands_apart_from_the_examples(project):
    editing.add_example(project, "frame", "border", "The border is ours.", counter=True)

    code = project.scheme.variable("frame").answers[0]
    assert code.counterexamples == code.examples == ("The border is ours.",)


def test_a_new_wording_is_the_same_question_in_training_and_exports(project):
    code_unit(project, 0, "border")
    code_unit(project, 1)
    before = exported(project), exported(project, "wide")
    table = training_table(project.store)

    change = editing.change_code(
        project,
        "frame",
        "border",
        definition="A border is drawn.",
        examples=["One.", " ", "Two."],
        color="#112233",
    )

    assert change.version == "1.0.1"
    assert (exported(project), exported(project, "wide")) == before
    assert training_table(project.store).equals(table)
    assert not [row for row in exported(project) if row["status"] == "not_asked"]


def test_a_new_wording_says_what_it_changed(project):
    change = editing.change_code(project, "frame", "border", title="Borders", hotkey="")

    assert change.lines == (
        "changed: frame: border: title: Border → Borders",
        "changed: frame: border: hotkey: gone: 1",
    )


def test_a_wording_that_is_the_same_makes_no_new_version(project):
    before = project.scheme

    change = editing.change_code(project, "frame", "border", definition=" A border is named. ")

    assert (change.is_new, change.version) == (False, "1.0.0")
    assert project.scheme == before


def test_a_key_that_another_codebook_shows_is_refused(project):
    assert project.scheme.variable("topic").answers[0].hotkey == "2"

    said = fault(lambda: editing.change_code(project, "frame", "border", hotkey="2"))

    assert said.startswith("frame: border: hotkey '2' is taken by Topic: Trade; take one of 3 4")


def test_a_title_that_another_code_has_is_refused(project):
    said = fault(lambda: editing.change_code(project, "frame", "border", title="cannot tell"))

    assert said.startswith("frame: there is a code with the title 'cannot tell' already")


def test_a_title_may_change_its_case(project):
    change = editing.change_code(project, "frame", "border", title="BORDER")

    assert change.version == "1.0.1"


def test_a_key_that_moved_may_be_chosen_anew(project):
    editing.change_code(project, "topic", "trade", hotkey="5")

    assert project.scheme.moved == ()
    assert project.scheme.variable("topic").answers[0].hotkey == "5"


def test_a_wording_is_edited_where_the_stance_keys_had_to_move(project, tmp_path):
    """The scheme shows other keys then than the codebook has, and those must not be written."""
    text = SIDE.replace('hotkey = "1"', 'hotkey = "j"').replace("side", "first")
    (tmp_path / "first.toml").write_text(text, encoding="utf-8")
    (tmp_path / "small.toml").write_text(SMALL, encoding="utf-8")
    files = [tmp_path / "first.toml", tmp_path / "small.toml"]
    mixed = projects.create(tmp_path / "mixed.annotator", files)

    editing.change_code(mixed, "frame", "border", title="Borders")

    (_, (book, written)) = codebooks.with_sources(mixed.store, mixed.scheme.id)
    assert book.variable[1].codes == "favor-against"
    assert 'codes = "favor-against"' in written
    assert mixed.scheme.moved[0][:3] == ("stance", "against", "j")


def test_the_keys_that_are_free_are_those_nobody_shows(project):
    free = editing.free_keys(project.scheme)

    assert not {"1", "2", "j", "k", "l", "u", "i"} & set(free)
    assert free[0] == "3"


@pytest.mark.parametrize("variable", ["frame", "stance"])
def test_a_code_that_is_not_there_is_named(project, variable):
    said = fault(lambda: editing.change_code(project, variable, "law", title="Law"))

    assert said == f"{variable}: there is no code 'law'"


# --- Several editors ------------------------------------------------------------------------


def test_two_editors_at_once_lose_nothing(project):
    together = threading.Barrier(4)

    def edit(number):
        together.wait()
        for turn in range(5):
            editing.add_example(project, "frame", "border", f"Example {number} of turn {turn}.")

    editors = [threading.Thread(target=edit, args=(number,)) for number in range(4)]
    for editor in editors:
        editor.start()
    for editor in editors:
        editor.join()

    examples = project.scheme.variable("frame").answers[0].examples
    assert len(examples) == 1 + 4 * 5
    assert versions(project)["small"] == "1.0.20"


def test_a_version_that_only_came_with_labels_was_never_in_force(project):
    (book, *_) = project.scheme.codebooks
    older = book.model_copy(update={"version": "0.9.0"})
    codebooks.add_older_scheme(project.store, [older], AT)

    found = codebooks.versions(project.store, "small")

    assert [version.codebook.version for version in found] == ["1.0.0"]


def test_every_version_stays_with_its_text(project):
    editing.add_example(project, "frame", "border", "One more.")
    editing.add_code(project, "frame", "Road", "A road is shut.")

    found = codebooks.versions(project.store, "small")

    assert [version.codebook.version for version in found] == ["1.0.0", "1.0.1", "1.1.0"]
    assert found[0].source == SMALL
    assert ["road" in version.source for version in found] == [False, False, True]
