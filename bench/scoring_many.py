"""How long `annotator suggest` takes with one and with two, on cores and on a cluster of dask.

The cluster is a scheduler and its workers on this very machine: what is seen is the way of the
text over the network and back, not what other machines add.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from annotator.core.annotation import Event
from annotator.store import events, tables
from annotator.store.events import Told
from annotator.workflow import projects as annotator_projects
from bench import projects, server
from bench.suggestion_speed import Timed, sentences

LABELS = 2_000
TABLE, GROUP = 1_000_000, 20_000
"""Rows of the table that is scored, and of each of its row groups."""

DASK = (sys.executable, "-m", "dask")
QUIET = ("--no-dashboard",)

# One thread in each process, or two of them would share what one has for itself.
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")


def on_cores(folder: Path, home: Path) -> Timed:
    """Seconds with two worker processes, and with one, process start included."""
    project, table = _prepared(folder, home)
    one, two = (
        _suggested(home, project, table, folder / f"by-{number}.parquet", "--workers", str(number))
        for number in (1, 2)
    )
    return Timed(two, one, _described())


def on_machines(folder: Path, home: Path) -> Timed:
    """Seconds with a cluster of two workers, and of one, process start included."""
    project, table = _prepared(folder, home)
    one, two = (_clustered(folder, home, project, table, number) for number in (1, 2))
    return Timed(two, one, _described())


def _described() -> str:
    return f"{TABLE:,} rows in {TABLE // GROUP} row groups"


def _clustered(folder: Path, home: Path, project: Path, table: Path, workers: int) -> float:
    scheduler = ("scheduler", "--host", "127.0.0.1", "--port", "0", *QUIET)
    with ExitStack() as ends:
        address = ends.enter_context(_dask(home, scheduler, r"Scheduler at: +(tcp://\S+)"))
        for number in range(workers):
            place = folder / f"worker-{workers}-{number}"
            worker = ("worker", address, "--no-nanny", "--nthreads", "1", *QUIET)
            said = r"Registered to: +(\S+)"
            ends.enter_context(_dask(home, (*worker, "--local-directory", str(place)), said))
        output = folder / f"by-cluster-{workers}.parquet"
        return _suggested(home, project, table, output, "--cluster", address)


@contextmanager
def _dask(home: Path, words: Sequence[str], said: str) -> Iterator[str]:
    """What a process of dask says when it is ready; it is ended afterwards."""
    process = subprocess.Popen(
        [*DASK, *words],
        env=server.environment(home) | ONE_THREAD,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr
    try:
        lines = iter(process.stderr.readline, "")
        yield next(found[1] for line in lines if (found := re.search(said, line)))
    finally:
        process.kill()
        process.communicate()


def _prepared(folder: Path, home: Path) -> tuple[Path, Path]:
    """A project with a model, and a table of new text; both are there once for all."""
    project, table = folder / "scoring.annotator", folder / "new.parquet"
    if not table.is_file():
        _train(project, home)
        ids = [str(number) for number in range(TABLE)]
        columns = {"id": ids, "text": list(islice(sentences(4), TABLE))}
        unfinished = folder / "unfinished.parquet"
        parquet.write_table(pa.table(columns), unfinished, row_group_size=GROUP)
        unfinished.rename(table)
    return project, table


def _train(place: Path, home: Path) -> None:
    """Make a project whose model knows the frames of the sample's codebook."""
    made = projects.project(place, LABELS)
    codes = [column[2] for column in made.scheme.columns() if column[0] == "frame"]
    told = [
        _told(number, unit.unit_id, codes[number % len(codes)], made.scheme.id)
        for number, unit in enumerate(tables.units(made.store))
    ]
    events.record_all(made.store, told)
    annotator_projects.close_project(place)
    _annotator(home, "train", str(place))


def _told(number: int, unit: str, code: str, scheme: int) -> Told:
    stated = {"uuid": f"bench-{number:08}", "op": "set", "unit": unit, "scheme": scheme}
    answers = [{"variable": "frame", "code": code}]
    return Told("ana", Event.model_validate(stated | {"answers": answers}), projects.AT)


def _suggested(home: Path, project: Path, table: Path, output: Path, *words: str) -> float:
    begun = time.perf_counter()
    files = ("--input", str(table), "--output", str(output), "--id", "id")
    _annotator(home, "suggest", str(project), *files, *words)
    return time.perf_counter() - begun


def _annotator(home: Path, *words: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "annotator", *words],
        env=server.environment(home) | ONE_THREAD,
        check=True,
        stdout=subprocess.DEVNULL,
    )
