"""The sample as a project: built, taught, kept where somebody worked in it, and removed."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator import sample
from annotator.core.annotation import Event
from annotator.core.codebook import Target
from annotator.store import (
    Store,
    codebooks,
    events,
    jobs,
    settings,
    speakers,
    stories,
    tables,
)
from annotator.store.events import Told
from annotator.store.seat import Seat
from annotator.workflow import desk, projects, sample_project, supervising
from annotator.workflow.importing import import_paths
from annotator.workflow.projects import Project
from tests.terminal import annotator

AT = "2026-02-03T10:00:00.000+00:00"
FIRST_TEN = (
    *("osten-courier/2021-05-03-tanks-at-dawn", "osten-courier/2021-05-05-market"),
    *("osten-courier/2021-05-07-cut-off", "osten-courier/2021-05-10-exodus"),
    *("osten-courier/2021-05-12-talks", "velmar-wire/2021-05-03-operation-begins"),
    *("velmar-wire/2021-05-04-expert-court", "velmar-wire/2021-05-06-no-blockade"),
    *("velmar-wire/2021-05-09-ceasefire", "velmar-wire/2021-05-12-return-plan"),
)
"""The articles that the first samples were made of."""


@pytest.fixture
def old(home: Path) -> Project:
    """A sample as the first version built it: ten articles, nothing coded, no version noted."""
    codebook = projects.labels_directory() / f"{sample.CODEBOOK}.toml"
    targets = [Target(name=n, title=t, aliases=a) for n, t, a in sample.TARGETS]
    project = projects.create(
        home / "sample.annotator", [codebook], targets=targets, is_sample=True
    )
    articles = [sample.articles() / f"{name}.txt" for name in FIRST_TEN]
    import_paths(project.store, project.seed, articles)
    return project


def code(project: Project, coder: str = "ada") -> None:
    unit = next(iter(tables.units(project.store))).unit_id
    told = {"uuid": "ada-event-1", "op": "set", "unit": unit, "scheme": 1, "client_at": AT}
    answers = [{"variable": "frame", "code": "blockade"}]
    events.record_all(
        project.store, [Told(coder, Event.model_validate(told | {"answers": answers}), AT)]
    )


def documents(project: Project) -> int:
    return tables.totals(project.store)["documents"]


def test_the_sample_says_that_it_is_one(built):
    assert built.is_sample
    assert built.title.startswith("Sample")
    assert all(name.endswith("(sample)") for name in tables.coders(built.store))


def test_every_article_of_the_sample_comes_in(built):
    assert documents(built) == len(list(sample.articles().glob("*/*.txt")))


def test_four_stories_were_reprinted_by_another_outlet_and_two_of_them_are_coded(built):
    found = stories.listed(built.store)

    assert [one.size for one in found] == [2] * 4
    assert all(len(one.outlets) == 2 for one in found)
    assert sum(one.coded for one in found) == 2


def test_an_official_of_the_wire_speaks_in_the_reprint_as_well(built):
    beld = speakers.find(built.store, "Jaro Beld")

    outlets = {source for _, source, _ in speakers.shares(built.store, [beld.key])}
    assert outlets >= {"Velmar Wire", "Norrel Gazette"}


def test_some_codes_have_earned_their_place_on_the_desk_soon_after_the_start(taught):
    model_id, card = jobs.model(taught.store)
    on_desk = [one for one in card["codes"] if one["desk_threshold"] is not None]

    assert jobs.latest(taught.store).reason == "sample"
    assert (taught.store.models / model_id).is_dir()
    assert len([one for one in on_desk if one["variable"] == "frame"]) >= 2


def test_the_desk_of_a_new_coder_shows_suggestions(taught):
    waiting = desk.opening(taught, Seat("ada"), want=800)["next"]

    shown = [one for unit in waiting for one in unit["candidates"] if one["show"]]

    assert len(waiting) == tables.totals(taught.store)["units"]
    assert {"frame"} <= {one["variable"] for one in shown}
    assert all(unit["decision"] is None for unit in waiting)


def test_the_sample_is_taught_once(taught):
    assert not supervising.is_training(taught)

    sample_project.start_learning(taught)

    assert not supervising.is_training(taught)


def test_a_project_of_ones_own_is_not_taught_by_opening_it(home, tmp_path):
    codebook = projects.labels_directory() / f"{sample.CODEBOOK}.toml"
    own = projects.create(tmp_path / "own.annotator", [codebook])

    sample_project.start_learning(own)

    assert not supervising.is_training(own)


def test_opening_it_again_builds_nothing_anew(home):
    first = sample_project.open_sample()
    id_ = settings.value(first.store, "id")
    projects.close_project(first.path)

    assert settings.value(sample_project.open_sample().store, "id") == id_


def test_an_old_sample_that_nobody_coded_in_is_built_anew(old):
    rebuilt = sample_project.open_sample()

    assert documents(rebuilt) > 30
    assert tables.coders(rebuilt.store)


def test_an_old_sample_is_kept_when_somebody_coded_in_it(old):
    code(old)
    projects.close_project(old.path)

    kept = sample_project.open_sample()

    assert tables.coders(kept.store) == ["ada"]
    assert documents(kept) == 10


def test_an_old_sample_is_kept_when_an_article_was_added(old, tmp_path):
    article = tmp_path / "own.txt"
    article.write_text("The bridge at Korva is open. Nobody crossed it.", encoding="utf-8")
    import_paths(old.store, old.seed, [article])

    assert documents(sample_project.open_sample()) == 11


def test_an_old_sample_is_kept_when_its_codebook_was_changed(old):
    book = codebooks.current_scheme(old.store).codebooks[0]
    codebooks.put_scheme(old.store, [(book.model_copy(update={"version": "9.0.0"}), "")], AT)

    assert documents(sample_project.open_sample()) == 10


def test_a_later_version_keeps_the_sample_somebody_coded_in(home):
    before = sample_project.open_sample()
    code(before)
    settings.put(before.store, sample_version="of another day")
    projects.close_project(before.path)

    assert "ada" in tables.coders(sample_project.open_sample().store)


def test_a_later_version_replaces_the_sample_nobody_coded_in(home):
    before = sample_project.open_sample()
    id_ = settings.value(before.store, "id")
    settings.put(before.store, sample_version="of another day")
    model = before.store.models / "m1" / "card.json"
    model.parent.mkdir(parents=True)
    model.write_text("{}")

    after = sample_project.open_sample()

    assert settings.value(after.store, "id") != id_
    assert not after.store.models.exists()


def test_a_sample_that_another_program_works_in_is_not_replaced(old):
    other = Store.open(old.path)
    assert other.db["unit"].count

    kept = sample_project.open_sample()

    assert documents(kept) == 10
    other.close()


def test_removing_takes_the_file_and_all_that_lies_beside_it(home):
    project = sample_project.open_sample()
    project.store.secret()
    project.store.models.mkdir()

    first = annotator("sample", "--remove")
    second = annotator("sample", "--remove")

    assert (first.exit_code, first.output) == (0, "the sample is gone\n")
    assert (second.exit_code, second.output) == (0, "there is no sample\n")
    assert [path.name for path in home.iterdir()] == ["sample.removed"]


def test_a_sample_that_cannot_be_read_can_be_removed(home):
    home.mkdir()
    (home / "sample.annotator").write_bytes(b"no database")

    assert sample_project.remove_sample()
    assert not sample_project.sample_path().exists()
