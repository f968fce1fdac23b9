"""Taking an edited codebook in: the difference told, a new version made, nothing recoded."""

from __future__ import annotations

import csv
import io
import json

import pytest

from annotator.core.annotation import Event
from annotator.core.codebook import Target
from annotator.core.errors import CodebookError
from annotator.exchange import codebook_toml
from annotator.store import codebooks, events, tables
from annotator.store.events import Told
from annotator.workflow import editing, exporting, importing, projects, schemes
from annotator.workflow.differing import Place, difference
from annotator.workflow.sources import from_uploads
from tests.terminal import annotator

SMALL = """\
name = "small"
version = "1.0.0"
title = "Small"

[[variable]]
name = "frame"

[[variable.code]]
name = "border"
title = "Border"
definition = "A border is named."
examples = ["The border is ours.", "Nobody may pass."]

[[variable.code]]
name = "road"
title = "Road"
definition = "A road is named."

[[variable]]
name = "stance"
choice = "one"
codes = "favor-against"
targets = [{ name = "norland", title = "Norland" }]
"""
RAIN = """
[[variable.code]]
name = "rain"
title = "Rain"
definition = "It rains."

"""
ROAD = '[[variable.code]]\nname = "road"\ntitle = "Road"\ndefinition = "A road is named."\n\n'
ROAD_END = 'A road is shut."\n'
AT = "2021-05-03T10:00:00.000+00:00"
ARTICLE = b"The border is ours. The road was shut. It rained in Velm. Nobody came."


@pytest.fixture
def project(tmp_path, monkeypatch):
    """One target of the file's, one of the project's own; two units coded, one of them as road."""
    monkeypatch.setenv("ANNOTATOR_HOME", str(tmp_path / "home"))
    file = tmp_path / "small.toml"
    file.write_text(SMALL, encoding="utf-8")
    own = [Target(name="velm", title="Velm")]
    made = projects.create(tmp_path / "p.annotator", [file], targets=own, keep_targets=True)
    sources = from_uploads([("a.txt", ARTICLE)])
    list(importing.import_sources(made.store, made.seed, sources))
    units = list(tables.units(made.store))
    told = [
        Told("ana", Event.model_validate(_set(units[n], codes)), AT)
        for n, codes in enumerate([["border"], ["road"]])
    ]
    assert events.record(made.store, told) == [None, None]
    yield made
    projects.close_project(made.path)


def _set(unit, codes):
    answers = [{"variable": "frame", "code": code} for code in codes]
    stated = {"uuid": f"event-{unit.seq:06}", "op": "set", "unit": unit.unit_id, "scheme": 1}
    return stated | {"client_at": AT, "answers": answers}


def edited(*replacements):
    text = SMALL
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def take_in(project, text, **fields):
    return schemes.take_in(project, text, "small.toml", **fields)


def in_force(project):
    return project.scheme.codebooks[0]


def targets(project):
    return project.scheme.variable("stance").target_names


# --- The difference -------------------------------------------------------------------------


def lines(*replacements):
    new = codebook_toml.parse(edited(*replacements), "small.toml")
    return [step.line for step in difference(codebook_toml.parse(SMALL, "small.toml"), new)]


def test_a_codebook_does_not_differ_from_itself():
    assert lines() == []


def test_a_new_wording_is_told_with_the_old_one():
    assert lines(("A road is named.", "A road is shut.")) == [
        "changed: frame: road: definition: A road is named. → A road is shut."
    ]


def test_of_a_long_wording_the_place_is_shown_where_it_differs():
    long = "A road, " + "or a path, " * 20
    old, new = f"{long}is named.", f"{long}is shut, and the wording goes on and on." + " So." * 30
    text = edited(("A road is named.", old)), edited(("A road is named.", new))

    (step,) = difference(*(codebook_toml.parse(one, "small.toml") for one in text))

    before, after = step.line.removeprefix("changed: frame: road: definition: ").split(" → ")
    assert before.endswith("or a path, is named.")
    assert after.endswith("…")
    assert "is shut, and" in after
    assert max(len(before), len(after)) <= 74


def test_what_came_and_went_is_named_by_its_place():
    assert lines((ROAD, RAIN.lstrip()), ('"norland", title', '"osten", title')) == [
        "new: frame: rain",
        "new: stance: target osten",
        "gone: frame: road",
        "gone: stance: target norland",
    ]


def test_of_a_list_only_the_entries_that_differ_are_told():
    assert lines(('"Nobody may pass."', '"No one may pass."')) == [
        "changed: frame: border: examples: Nobody may pass. → No one may pass."
    ]
    assert lines((', "Nobody may pass."', "")) == [
        "changed: frame: border: examples: gone: Nobody may pass."
    ]


def test_another_order_of_codes_is_a_difference_because_the_desk_shows_it():
    border = SMALL[SMALL.index("[[variable.code]]") : SMALL.index(ROAD)]

    assert lines((border + ROAD, ROAD + border)) == [
        "changed: frame: order of codes: border, road → road, border"
    ]


def test_the_codebooks_own_words_are_told_too():
    assert lines(('title = "Small"', 'title = "Smaller"')) == [
        "changed: the codebook: title: Small → Smaller"
    ]


# --- Taking it in ---------------------------------------------------------------------------


def test_a_new_wording_comes_in_as_a_patch_and_a_new_code_as_a_minor_version(project):
    shut = ("A road is named.", "A road is shut.")

    reworded = take_in(project, edited(shut))
    grown = take_in(project, edited(shut, (ROAD_END, ROAD_END + RAIN)))

    assert reworded.version == "1.0.1"
    assert (grown.version, grown.lines) == ("1.1.0", ("new: frame: rain",))


def test_a_higher_version_in_the_file_is_kept(project):
    change = take_in(project, edited(("1.0.0", "3.2.0"), ("A road is named.", "A road.")))

    assert (change.version, in_force(project).version) == ("3.2.0", "3.2.0")


def test_the_version_made_for_a_file_stands_in_its_text(project):
    take_in(project, edited(("A road is named.", "A road is shut.")))

    source = codebooks.source_of(project.store, "small", "1.0.1")
    assert source == edited(("A road is named.", "A road is shut."), ("1.0.0", "1.0.1"))


def test_a_version_number_is_never_given_twice(project):
    older = in_force(project).model_copy(update={"version": "1.0.1", "title": "Elsewhere"})
    codebooks.add_older_scheme(project.store, [older], AT)

    assert take_in(project, edited(("A road is named.", "A road."))).version == "1.0.2"


def test_a_file_that_says_nothing_new_makes_no_version(project):
    before = project.scheme

    change = take_in(project, SMALL)

    assert (change.is_new, change.lines) == (False, ())
    assert project.scheme == before


def test_a_rehearsal_tells_all_and_keeps_nothing(project):
    before = project.scheme
    text = edited(("A road is named.", "A road is shut."))

    rehearsed = schemes.rehearse(project, text, "small.toml")

    assert project.scheme == before
    assert take_in(project, text) == rehearsed


def test_a_code_that_would_be_gone_names_the_units_that_carry_it(project):
    (step,) = schemes.rehearse(project, edited((ROAD, "")), "small.toml").steps

    assert step.place == Place("frame", code="road")
    assert step.line == "gone: frame: road (1 unit carries it, and keeps it)"
    assert [text for _, text in step.carriers.first] == ["The road was shut."]


def test_a_code_that_is_gone_stays_in_every_export(project):
    take_in(project, edited((ROAD, "")))

    long, wide = (
        list(
            csv.DictReader(
                io.StringIO(exporting.as_bytes(project.store, name).decode(), newline="")
            )
        )
        for name in ("labels", "wide")
    )
    assert [row["code"] for row in long if row["variable"] == "frame"] == ["border", "road"]
    assert [row["frame_road"] for row in wide] == ["0", "1"]
    assert events.count(project.store) == 2


def test_the_projects_own_targets_outlive_a_file_that_does_not_know_them(project):
    editing.add_target(project, "Osten")

    take_in(project, edited(("A road is named.", "A road."), ('"Norland"', '"Norland proper"')))

    assert targets(project) == ("norland", "velm", "osten")
    assert project.scheme.variable("stance").targets[0].title == "Norland proper"


def test_a_target_goes_with_the_file_that_brought_it(project):
    other = edited(('{ name = "norland", title = "Norland" }', '{ name = "kell", title = "Kell" }'))

    take_in(project, other)

    assert targets(project) == ("velm", "kell")


def test_a_file_made_from_the_projects_copy_may_take_a_target_of_its_own_away(project):
    editing.add_target(project, "Osten")
    copy = codebook_toml.dump(
        in_force(project), codebooks.source_of(project.store, "small", in_force(project).version)
    )
    velm = '{name = "velm", title = "Velm"}, '
    assert velm in copy

    take_in(project, copy.replace(velm, ""))

    assert targets(project) == ("norland", "osten")
    take_in(project, edited(("A road is named.", "A road.")))
    assert targets(project) == ("norland", "osten")


def test_a_file_older_than_the_project_says_what_it_would_undo(project):
    editing.add_code(project, "frame", "Rain", "It rains.")

    change = schemes.rehearse(project, SMALL, "small.toml")

    assert change.lines == ("gone: frame: rain",)
    assert change.notes[0].startswith(
        "small.toml says it is version 1.0.0, and the project is at 1.1.0"
    )


def test_a_difference_that_was_shown_against_another_codebook_is_not_taken_in(project):
    seen = project.scheme.id
    editing.add_code(project, "frame", "Rain", "It rains.")
    before = project.scheme

    with pytest.raises(CodebookError, match="look at the difference again"):
        take_in(project, edited(("A road is named.", "A road.")), seen=seen)

    assert project.scheme == before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (SMALL.replace('"small"', '"large"'), "small.toml: 'large' is not in this project"),
        (SMALL.replace("A road is named.", ""), "small.toml: frame: road: definition is empty"),
        ("name = small", "small.toml: line 1, column 8: invalid value"),
    ],
)
def test_a_file_that_cannot_come_in_is_one_plain_line(project, text, said):
    before = project.scheme

    with pytest.raises(CodebookError) as refused:
        take_in(project, text)

    (fault,) = refused.value.faults
    assert fault.startswith(said)
    assert project.scheme == before


# --- The command ----------------------------------------------------------------------------


def update(project, tmp_path, text, *words):
    file = tmp_path / "edited.toml"
    file.write_text(text, encoding="utf-8")
    return annotator("codebook", "update", project.path, file, *words, code=0)


def test_a_dry_run_shows_the_difference_and_keeps_nothing(project, tmp_path):
    before = project.scheme

    done = update(project, tmp_path, edited(("A road is named.", "A road is shut.")), "--dry-run")

    assert done.stdout.splitlines() == [
        "changed: frame: road: definition: A road is named. → A road is shut.",
        "small: version 1.0.0 would be 1.0.1",
    ]
    assert project.scheme == before


def test_the_difference_can_be_read_by_a_program(project, tmp_path):
    done = update(project, tmp_path, edited((ROAD, "")), "--json")

    told = json.loads(done.stdout)
    assert (told["name"], told["old_version"], told["version"]) == ("small", "1.0.0", "1.1.0")
    (step,) = told["steps"]
    assert (step["kind"], step["place"]["code"]) == ("gone", "road")
    assert step["carriers"]["units"] == 1


def test_what_an_older_file_would_undo_is_said_beside_the_difference(project, tmp_path):
    editing.add_code(project, "frame", "Rain", "It rains.")

    done = update(project, tmp_path, SMALL)

    assert done.stdout.splitlines()[-1] == "small: version 1.1.0 is now 1.2.0"
    assert "the project is at 1.1.0" in done.stderr
