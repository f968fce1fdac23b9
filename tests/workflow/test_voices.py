"""Finding who speaks: once for each document, whoever asks, and never in the way of coders."""

from __future__ import annotations

import csv
import io
import json

import pytest

from annotator.corpus.quotations import FINDER
from annotator.store import Store, speakers, tables, voices
from annotator.workflow import (
    actors,
    analysing,
    analysis_jobs,
    care,
    exporting,
    hearing,
    importing,
    projects,
    status,
)
from annotator.workflow import voices as finding
from annotator.workflow.choosing import Choices
from annotator.workflow.hearing import Task
from annotator.workflow.resegmenting import resegment
from annotator.workflow.sources import from_uploads
from tests.terminal import annotator

BRIDGE = """The bridge is closed

The road stays open, said Mira Osk, the mayor of Korva.

"We will not leave," Osk said. "They came at dawn."

It rained in Velm.
"""
TALKS = """Talks go on

According to Mira Osk, the talks will go on. "Nobody was hurt," Dan Rell told the Velm Courier.
"""


@pytest.fixture
def project(tmp_path, one_question):
    made = projects.create(tmp_path / "small.annotator", [one_question])
    yield made
    projects.close_project(made.path)


@pytest.fixture
def store(project) -> Store:
    """Two articles that nobody listened to yet."""
    files = from_uploads([("bridge.txt", BRIDGE.encode()), ("talks.txt", TALKS.encode())])
    choices = Choices(fields={"language": "en"})
    list(importing.import_sources(project.store, project.seed, files, choices))
    return project.store


def spoken(store: Store) -> list[tuple[str, str]]:
    return [(one.voice, one.speaker) for one in tables.units(store)]


def test_analysing_finds_the_voice_and_the_speaker_of_every_unit(store):
    assert analysing.waiting(store) == 2

    analysing.finish(store)

    assert analysing.waiting(store) == 0
    told = {one.text: (one.voice, one.speaker) for one in tables.units(store)}
    assert told['"We will not leave," Osk said.'] == ("direct", "Mira Osk")
    assert told["According to Mira Osk, the talks will go on."] == ("indirect", "Mira Osk")
    assert told["It rained in Velm."] == ("author", "")
    assert speakers.find(store, "Mira Osk").documents == 2
    assert store.db.execute("select distinct voices from document").fetchall() == [(FINDER,)]


def test_status_warns_of_articles_that_nobody_looked_through(project, store):
    (warning,) = status.status(project)["warnings"]
    analysing.finish(store)

    assert "in 2 documents" in warning
    assert warning.endswith("run `annotator analyse`")
    assert status.status(project)["warnings"] == []


def test_what_is_stopped_goes_on_where_it_was(store):
    seen: list[int] = []

    analysing.finish(store, lambda done, total, what: seen.append(done), stopped=lambda: True)
    assert analysing.waiting(store) == 2

    analysing.finish(store, lambda done, total, what: seen.append(done))
    assert max(seen) == 2
    assert analysing.waiting(store) == 0


def test_other_processes_hear_the_same_in_the_same_order():
    tasks = [Task(text, "en", (), ()) for text in (BRIDGE, TALKS, BRIDGE.upper(), "")]
    batches = [(number, [task, task]) for number, task in enumerate(tasks)]

    here = list(hearing.answers(batches, 1))

    assert list(hearing.answers(batches, 2)) == here
    assert [number for number, _ in here] == [0, 1, 2, 3]


def test_another_finder_listens_anew_only_when_asked(store):
    analysing.finish(store)
    before = spoken(store)
    assert finding.again(store) == 0
    with store.write() as conn:
        conn.execute("update document set voices = 'older 0'")
        conn.execute("update voice set speaker = 'Somebody', voice = 'mixed'")

    assert analysing.waiting(store) == 0
    assert finding.again(store) == 2

    assert spoken(store) == before


def test_documents_cut_anew_keep_their_quotations_and_get_voices(store, project):
    analysing.finish(store)
    quoted = store.db.execute("select * from quotation order by 1, 2").fetchall()

    report = resegment(store, project.seed, "paragraph")

    assert report.cut == 2
    assert store.db.execute("select * from quotation order by 1, 2").fetchall() == quoted
    told = [one for one in tables.units(store) if one.text.startswith('"We will')]
    assert [(one.voice, one.speaker) for one in told] == [("direct", "Mira Osk")]
    assert analysing.waiting(store) == 0
    assert not [check for check in care.examine(project.path).checks if check.state == "fault"]


def test_exports_wait_until_it_is_known_who_speaks(store):
    out = exporting.as_bytes(store, "units").decode()

    rows = list(csv.DictReader(io.StringIO(out)))
    assert {row["voice"] for row in rows} >= {"author", "direct", "indirect"}
    assert not exporting.takes_long(store, "units")


def test_a_page_leads_to_a_prepared_export_while_documents_wait(store):
    assert exporting.takes_long(store, "units")


def test_exports_name_a_merged_speaker_by_the_actor(store):
    analysing.finish(store)
    event = actors.merge(store, "mira osk", ["dan rell"], "ana")
    assert "Dan Rell" not in {one.speaker for one in tables.units(store)}

    actors.undo(store, event, "ana")

    assert "Dan Rell" in {one.speaker for one in tables.units(store)}


def test_the_page_has_a_child_do_it(store, project):
    assert analysis_jobs.start(project)

    job = analysis_jobs.job(project)
    job.wait()

    assert job.fault == ""
    assert analysing.waiting(store) == 0
    assert not analysis_jobs.start(project)


def test_who_may_be_one_is_told_with_its_reason_and_not_merged(store):
    texts = {
        "a": '"Yes," said Saken Mukan of the Korva Institute.',
        "b": '"No," said S. Mukan. "Yes," said Mukan Saken.',
        "c": '"Go," said Ivan Aliyev. "Stay," said Ivan Aliev.',
    }
    files = from_uploads([(f"{name}.txt", text.encode()) for name, text in texts.items()])
    list(importing.import_sources(store, 1, files, Choices(fields={"language": "en"})))
    analysing.finish(store)

    found = {
        frozenset((one.into_name, one.other_name)): one.reason for one in actors.suggestions(store)
    }

    assert found[frozenset(("Ivan Aliyev", "Ivan Aliev"))] == "spelt alike"
    assert found[frozenset(("Saken Mukan", "Mukan Saken"))] == "the same words in another order"
    assert found[frozenset(("Saken Mukan", "S. Mukan"))] == "an initial of the same name"


# The command line


def test_import_returns_when_it_is_known_who_speaks(project, tmp_path):
    article = tmp_path / "bridge.txt"
    article.write_text(BRIDGE, encoding="utf-8")

    assert annotator("import", project.path, article).exit_code == 0

    assert voices.waiting(project.store) == 0
    assert annotator("analyse", project.path).stdout == "nothing waited\n"
    assert json.loads(annotator("analyse", project.path, "--json").stdout) == {"documents": 0}


def test_speakers_are_listed_with_what_they_are(store, project):
    analysing.finish(store)

    told = json.loads(annotator("speakers", project.path, "--json", "--find", "osk").stdout)

    assert told["total"] == 1
    (osk,) = told["speakers"]
    assert (osk["name"], osk["documents"]) == ("Mira Osk", 2)
    assert annotator("speakers", project.path, "--kind", "pundit").exit_code == 1
    assert annotator("speakers", project.path, "--order", "age").exit_code == 2


def test_a_merge_is_previewed_done_and_taken_back_by_commands(store, project):
    analysing.finish(store)

    shown = annotator("speakers", project.path, "merge", "Mira Osk", "Dan Rell", "--dry-run")
    assert "Dan Rell would become Mira Osk" in shown.stdout
    assert actors.suggestions(store) == []
    assert speakers.find(store, "Dan Rell").name == "Dan Rell"

    done = annotator("speakers", project.path, "merge", "Mira Osk", "Dan Rell", "--json")
    assert speakers.find(store, "Dan Rell").name == "Mira Osk"

    event = json.loads(done.stdout)["event"]
    assert annotator("speakers", project.path, "undo", event).exit_code == 0
    assert speakers.find(store, "Dan Rell").name == "Dan Rell"
    assert "(taken back)" in annotator("speakers", project.path, "history").stdout


def test_a_speaker_is_renamed_and_described_by_commands(store, project):
    analysing.finish(store)

    annotator("speakers", project.path, "rename", "dan rell", "Daniel Rell", "--coder", "ana")
    annotator(
        "speakers", project.path, "describe", "Daniel Rell", "--kind", "Expert", "--alias", "Rell"
    )

    told = annotator("speakers", project.path, "--kind", "expert").stdout
    assert told.startswith("Daniel Rell (expert)")
    assert "also Dan Rell, Rell" in told


def test_a_description_with_a_fault_changes_nothing(store, project):
    analysing.finish(store)

    refused = annotator(
        *("speakers", project.path, "describe", "Dan Rell", "--kind", "expert"),
        *("--alias", "Mira Osk"),
    )

    assert refused.exit_code == 1
    assert "merge the two instead" in refused.stderr
    assert speakers.find(store, "Dan Rell").kind == ""


def test_a_speaker_that_is_not_here_is_named_with_those_alike(store, project):
    analysing.finish(store)

    refused = annotator("speakers", project.path, "rename", "osk", "Mira")

    assert refused.exit_code == 1
    assert refused.stderr == "this project has no speaker 'osk'; did you mean Mira Osk?\n"


@pytest.mark.parametrize("word", ["history", "merge"])
def test_a_word_that_is_looked_for_may_be_the_name_of_a_command(store, project, word):
    analysing.finish(store)

    found = annotator("speakers", project.path, "--json", "--find", word)

    assert (found.exit_code, json.loads(found.stdout)["total"]) == (0, 0)


def test_a_speaker_is_told_apart_only_in_documents_where_they_speak(store, project):
    analysing.finish(store)
    here = speakers.people(store, speakers.find(store, "Mira Osk").key)[0][0]

    refused = annotator(
        *("speakers", project.path, "separate", "Mira Osk", "Mira Osk (poet)"),
        *("--document", here, "--document", "elsewhere"),
    )

    assert refused.exit_code == 1
    assert "Mira Osk does not speak in elsewhere" in refused.stderr
    assert speakers.find(store, "Mira Osk").documents == 2


def test_a_list_longer_than_anything_can_count_is_wrong_usage(project):
    assert annotator("speakers", project.path, "--most", str(10**20)).exit_code == 2
    assert annotator("documents", project.path, "--most", str(10**20)).exit_code == 2
