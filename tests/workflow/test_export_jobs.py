"""A long export is written in a process of its own, and says how it went."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from annotator.workflow import analysing, export_jobs, exporting, projects


@pytest.fixture
def project(toy):
    toy.close()
    opened = projects.open_project(toy.path)
    yield opened
    projects.close_project(toy.path)


def finished(project, name):
    export_jobs.start(project, name)
    job = export_jobs.job(project, name)
    job.wait()
    return job


@pytest.mark.parametrize("name", ["labels", "excel"])
def test_the_file_and_its_dictionary_are_those_of_an_export_at_once(project, name):
    job = finished(project, name)

    assert (job.running, job.fault, job.warnings) == (False, "", [])
    assert job.file.read_bytes() == exporting.as_bytes(project.store, name)
    assert job.dictionary.read_bytes() == exporting.dictionary_as_bytes(project.store, name)
    assert (job.done, job.total) == (7, 7)


def test_an_export_that_broke_off_says_why(project):
    job = finished(project, "stata")

    assert "no format 'stata'; there are: labels" in job.fault
    assert not job.file.exists()


def test_a_cancelled_export_is_no_fault_and_leaves_no_file(project):
    export_jobs.start(project, "labels")
    job = export_jobs.job(project, "labels")

    job.cancel()
    job.wait()

    assert (job.fault, job.file.exists()) == ("", False)


def test_starting_what_runs_already_starts_nothing(project):
    export_jobs.start(project, "labels")
    first = export_jobs.job(project, "labels")
    export_jobs.start(project, "labels")

    assert export_jobs.job(project, "labels") is first
    first.wait()


def test_progress_is_a_line_of_json_for_each_step(project):
    analysing.finish(project.store)
    place = project.path.with_name("out.csv")
    # In a process of its own, since it lowers its priority for good.
    words = ("export", project.path, "--output", place, "--background")
    child = [sys.executable, "-m", "annotator", *map(str, words)]
    done = subprocess.run(child, capture_output=True, text=True, check=True)

    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert told[0] == [0, 7, "reading decisions"]
    assert told[-1] == [7, 7, "writing decisions"]
