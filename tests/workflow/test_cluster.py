"""A real scheduler and real workers, each in a process of its own."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from annotator.core.errors import ExportError
from annotator.workflow import predicting, scoring, training, workers
from annotator.workflow.partitions import Columns, Part
from annotator.workflow.scoring import ModelFiles, Task
from tests.small import code_units, codebook, named, small_project

DASK = (sys.executable, "-m", "dask")
QUIET = ("--no-dashboard",)


@contextmanager
def dask(words, said):
    """A process of dask, and the first match of what it says when it is ready."""
    with subprocess.Popen([*DASK, *words], stderr=subprocess.PIPE, text=True) as process:
        try:
            lines = iter(process.stderr.readline, "")
            yield process, next(found for line in lines if (found := re.search(said, line)))
        finally:
            process.kill()


@contextmanager
def scheduler():
    """The address of a scheduler."""
    words = ("scheduler", "--host", "127.0.0.1", "--port", "0", *QUIET)
    with dask(words, r"Scheduler at: +(tcp://\S+)") as (_, found):
        yield found[1]


@contextmanager
def worker(address, folder):
    """A worker of a scheduler, which knows it."""
    folder.mkdir()
    words = ("worker", address, "--no-nanny", "--nthreads", "1", *QUIET)
    with dask((*words, "--local-directory", folder), r"Registered to:") as (process, _):
        yield process


@pytest.fixture
def project(tmp_path):
    """A project whose model knows borders."""
    articles = [f"The border {n} is ours. It rained." for n in range(8)]
    with small_project(tmp_path, codebook("border"), articles) as made:
        code_units(made, named("border"))
        training.train(made)
        yield made


@pytest.fixture
def new_text(tmp_path):
    place = tmp_path / "in.csv"
    with place.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["key", "text"])
        writer.writerows([f"k{n}", f'The "border", day {n}'] for n in range(800))
    return place


def test_a_cluster_that_loses_a_worker_writes_the_bytes_that_one_process_writes(
    project, new_text, tmp_path
):
    one, many = tmp_path / "one.parquet", tmp_path / "many.parquet"
    about = {"input_": new_text, "id_": "key", "rows": 20}
    predicting.suggest(project.store, one, **about)
    with ExitStack() as stack:
        address = stack.enter_context(scheduler())
        crew = [
            stack.enter_context(worker(address, tmp_path / name)) for name in ("first", "second")
        ]
        left = []

        def progress(done, total, what):
            if what == "scoring" and 0 < done < total and not left:
                crew[0].kill()
                crew[0].wait()
                left.append(total - done)

        run = workers.on_cluster(address)
        predicting.suggest(project.store, many, **about, run=run, shared=True, progress=progress)

    assert left
    assert many.read_bytes() == one.read_bytes()
    assert not (tmp_path / "many.parquet.parts").exists()


def test_workers_read_the_model_beside_the_parts_and_not_in_the_project(
    project, new_text, tmp_path
):
    seen = []

    def run(tasks):
        seen.extend(task.model.directory for task in tasks)
        return workers.here(tasks)

    predicting.suggest(
        project.store, tmp_path / "out.csv", input_=new_text, run=run, shared=True, rows=400
    )

    assert seen == [tmp_path / "out.csv.parts" / "model"] * 2


def refused(project, new_text, tmp_path, address):
    with pytest.raises(ExportError) as fault:
        predicting.suggest(
            project.store, tmp_path / "out.csv", input_=new_text,
            run=workers.on_cluster(address, patience=0.5),
        )  # fmt: skip
    assert list(tmp_path.glob("*out*")) == []
    return str(fault.value)


def test_an_address_where_nobody_answers_is_told(project, new_text, tmp_path):
    said = "start `dask scheduler` and give the address that it names, as tcp://HOST:PORT"

    for address in ("tcp://127.0.0.1:9419", "nowhere://x"):
        told = refused(project, new_text, tmp_path, address)
        assert told == f"no scheduler answers at {address}; {said}"


def test_a_scheduler_without_workers_is_told(project, new_text, tmp_path):
    with scheduler() as address:
        said = refused(project, new_text, tmp_path, address)

    assert said == (
        f"the scheduler at {address} has no workers; start some with `dask worker {address}`"
    )


def test_without_the_extra_the_command_that_installs_it_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)

    with pytest.raises(ExportError, match=r"pip install 'annotator\[cluster\]'$"):
        workers.on_cluster("tcp://127.0.0.1:9419")


def task(project, **more):
    directory = project.store.models / "m1"
    stated = {
        "number": 0,
        "part": Part("in.parquet", project.path, 0, 1, 1),
        "columns": Columns("text", None, ()),
        "unit": "row",
        "model": ModelFiles.of("m1", directory),
        "output": project.path.with_name("part-00000.csv"),
    }
    return Task(**(stated | more))


def test_a_machine_with_another_version_takes_no_part(project):
    with pytest.raises(ExportError, match=r"install the same version on every machine$"):
        scoring.score_part(task(project, version="0.0.1"))


@pytest.mark.parametrize("missing", ["texts", "output"])
def test_a_machine_that_does_not_see_the_folder_says_so(project, tmp_path, missing):
    nowhere = tmp_path / "nowhere" / "x.csv"
    more = {"part": Part("x", nowhere, 0, 1, 1)} if missing == "texts" else {"output": nowhere}

    with pytest.raises(ExportError, match=r"nowhere.*: is not there on .* under the same path$"):
        scoring.score_part(task(project, **more))


def test_a_model_that_changed_after_the_run_began_is_not_used(project):
    files = ModelFiles.of("m1", project.store.models / "m1")._replace(sha256="0" * 64)
    place = Path(project.path.with_name("in.parquet"))
    place.touch()

    with pytest.raises(scoring.ModelError, match="changed meanwhile"):
        scoring.score_part(task(project, model=files, part=Part("x", place, 0, 1, 1)))
