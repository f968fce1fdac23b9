"""Kill -9 at random moments of import, save, train and export, and look at what is left.

``python bench/kills.py`` kills fifty times and prints a table; ``--kills`` and ``--seed`` change
that. Every phase runs in real processes: commands, and a server that several coders post to.
"""

from __future__ import annotations

import argparse
import csv
import http.client
import itertools
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
import uuid
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from annotator.core.errors import ModelError
from annotator.learn import artefact
from annotator.store import Store, jobs
from annotator.workflow import care, projects, supervising, tokens

ROOT = Path(__file__).resolve().parents[1]
CODEBOOK = ROOT / "labels" / "conflict.toml"
PHASES = ("import", "save", "train", "export")
CODERS = ("ana", "ben", "cem", "dora")
PATIENCE = 60.0  # seconds for a server to answer
SAVING = 1.5  # seconds of saves in which the server is killed
CODE = {"variable": "frame", "code": "sovereignty"}
OURS = "The soil of Velmar is ours by right and no council will rule here"
RAIN = "The market of Osten opened late because of the rain in the hills"


@dataclass
class Result:
    """What one phase came to; ``missed`` are kills that came when the work was done already.

    They do not count, and the project is looked at all the same. ``leftover`` are files that no
    program will ever read; ``unsound`` are projects that ``annotator doctor`` would object to.
    """

    phase: str
    kills: int = 0
    missed: int = 0
    acknowledged: int = 0
    lost: int = 0
    doubled: int = 0
    half: int = 0
    leftover: int = 0
    unsound: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)

    def count(self, *, hit: bool) -> None:
        """Count a kill."""
        self.kills += hit
        self.missed += not hit

    def is_short_of(self, kills: int) -> bool:
        """Whether more kills are wanted; where most of them miss, there is no end of it."""
        return self.kills < kills and self.missed < 3 * kills

    @property
    def is_clean(self) -> bool:
        """Whether nothing was lost, doubled, half done or unsound."""
        return not (self.lost or self.doubled or self.half or self.unsound or self.faults)


@dataclass(frozen=True)
class Place:
    """The folder everything happens in, and how much there is to do."""

    folder: Path
    articles: int

    @property
    def texts(self) -> Path:
        """The folder of the articles that are imported."""
        return self.folder / "articles"

    @property
    def env(self) -> dict[str, str]:
        """The environment of the program."""
        return os.environ | {
            "ANNOTATOR_HOME": str(self.folder / "home"),
            "PYTHONPATH": str(ROOT),
            "OMP_NUM_THREADS": "1",
        }

    def command(self, *words: object) -> list[str]:
        """The words of a command of the program."""
        return [sys.executable, "-m", "annotator", *map(str, words)]

    def run(self, *words: object) -> str:
        """Run a command to its end; its standard output."""
        done = subprocess.run(
            self.command(*words), env=self.env, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"annotator {' '.join(map(str, words))}: {done.stderr}")
        return done.stdout

    def kill_within(self, seconds: float, *words: object) -> bool:
        """Start a command and kill it after so many seconds; whether it was still at work."""
        with subprocess.Popen(
            self.command(*words),
            env=self.env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            try:
                process.wait(timeout=seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                return True
        return False


class Server:
    """An annotator server in a process of its own."""

    def __init__(self, place: Place, project: Path) -> None:
        self.port = _free_port()
        self._log = (place.folder / "server.log").open("ab")
        self.process = subprocess.Popen(
            place.command("serve", project, "--port", self.port, "--no-browser"),
            cwd=place.folder,
            env=place.env,
            stdout=self._log,
            stderr=self._log,
        )
        self._wait()

    def _wait(self) -> None:
        pause, until = threading.Event(), time.monotonic() + PATIENCE
        while time.monotonic() < until and self.process.poll() is None:
            try:
                with urllib.request.urlopen(
                    f"http://127.0.0.1:{self.port}/_stcore/health", timeout=1
                ):
                    return
            except OSError:
                pause.wait(0.05)
        self.kill()
        raise RuntimeError(f"the server did not answer; {self._log.name} says why")

    def ask(self, token: str, method: str, path: str, body: object = None) -> dict[str, Any]:
        """The JSON answer of one request."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as line:
            return _exchange(line, token, method, path, body)

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        self.process.kill()
        self.process.wait()
        self._log.close()


def _exchange(
    line: http.client.HTTPConnection, token: str, method: str, path: str, body: object = None
) -> dict[str, Any]:
    line.request(
        method,
        f"/api/v1{path}",
        None if body is None else json.dumps(body),
        {"Annotator-Token": token, "Content-Type": "application/json"},
    )
    answer = line.getresponse()
    told: dict[str, Any] = json.loads(answer.read())
    if answer.status != 200:
        raise RuntimeError(f"{method} {path}: {answer.status}: {told}")
    return told


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Coder(threading.Thread):
    """A desk that saves as fast as it is answered, and remembers what was acknowledged."""

    def __init__(self, server: Server, token: str, units: Sequence[str]) -> None:
        super().__init__(daemon=True)
        self._server, self._token, self._units = server, token, units
        self.unsaved: dict[str, dict[str, Any]] = {}
        self.acknowledged: list[str] = []

    def run(self) -> None:
        """Save until the server is gone, and note what it acknowledged."""
        with closing(
            http.client.HTTPConnection("127.0.0.1", self._server.port, timeout=30)
        ) as line:
            try:
                for unit in itertools.cycle(self._units):
                    event = event_of(unit)
                    self.unsaved[str(event["uuid"])] = event
                    told = _exchange(line, self._token, "POST", "/events", {"events": [event]})
                    for name in told["acks"]:
                        del self.unsaved[name]
                        self.acknowledged.append(name)
            except (OSError, http.client.HTTPException, ValueError):
                return  # the server is gone; what was not acknowledged stays in ``unsaved``


def event_of(unit: str) -> dict[str, Any]:
    """A save as the desk sends it."""
    return {"uuid": str(uuid.uuid4()), "op": "set", "unit": unit, "scheme": 1, "answers": [CODE]}


@contextmanager
def opened(path: Path) -> Iterator[Store]:
    """A project as whoever comes next opens it."""
    store = Store.open(path)
    try:
        yield store
    finally:
        store.close()


def kill_all(place: Place, kills: int, seed: int) -> list[Result]:
    """Kill so many times in turn over the four phases; one result for each phase."""
    rng = random.Random(seed)
    shares = [kills // len(PHASES) + (n < kills % len(PHASES)) for n in range(len(PHASES))]
    prepare(place)
    found = []
    for phase, share in zip(PHASES, shares, strict=True):
        result, began = Result(phase), time.monotonic()
        KILLS[phase](place, share, rng, result)
        result.seconds = round(time.monotonic() - began, 1)
        found.append(result)
    return found


def prepare(place: Place) -> None:
    """The articles, an empty project, and one that is coded and trained."""
    place.texts.mkdir(parents=True)
    lines = [f"{(OURS, RAIN)[n % 2]}, on day {n}." for n in range(12 * place.articles)]
    for n in range(place.articles):
        article = "\n\n".join(lines[12 * n : 12 * n + 12])
        (place.texts / f"{n:04}.txt").write_text(article, encoding="utf-8")
    with (place.folder / "labels.csv").open("w", encoding="utf-8", newline="") as file:
        rows = [(line, CODE["code"] if n % 2 == 0 else "") for n, line in enumerate(lines)]
        csv.writer(file).writerows([("text", "label"), *rows])
    place.run("init", _empty(place), "--codebook", CODEBOOK, "--target", "osk=Osk")
    shutil.copy(_empty(place), _full(place))
    place.run("import", _full(place), place.texts)


def _empty(place: Place) -> Path:
    return place.folder / "empty.annotator"


def _full(place: Place) -> Path:
    return place.folder / "full.annotator"


def _code_full(place: Place, coder: str) -> None:
    place.run(
        *("code", _full(place), place.folder / "labels.csv", "--coder", coder),
        *("--text", "text", "--labels", "label", "--variable", CODE["variable"]),
    )


def _timed(place: Place, *words: object) -> float:
    began = time.monotonic()
    place.run(*words)
    return time.monotonic() - began


def kill_import(place: Place, kills: int, rng: random.Random, result: Result) -> None:
    """Each file must be in whole or not at all, and the same import again must complete it."""
    project = place.folder / "import.annotator"
    whole = _files_in(_full(place))
    shutil.copy(_empty(place), project)
    lasts = _timed(place, "import", project, place.texts)
    while result.is_short_of(kills):
        projects.discard(project)
        shutil.copy(_empty(place), project)
        after = rng.uniform(0, lasts)
        result.count(hit=place.kill_within(after, "import", project, place.texts))
        _check_sound(project, result)
        came_in = _files_in(project)
        result.half += sum(whole[name] != units for name, units in came_in.items())
        told = json.loads(place.run("import", project, place.texts, "--json"))
        if told["files"]["known"] != len(came_in):
            result.faults.append(f"{len(came_in)} files were in and {told} was said")
        complete = _files_in(project)
        result.lost += len(whole.keys() - complete.keys())
        result.half += sum(whole[name] != units for name, units in complete.items())
        _check_sound(project, result)


def _files_in(project: Path) -> dict[str, list[tuple[object, ...]]]:
    """The units of each file; where they are not slices of its text, they are told apart."""
    found: dict[str, list[tuple[object, ...]]] = {}
    with opened(project) as store:
        rows = store.db.execute(
            "select d.file, d.units, u.idx, u.start, u.end, u.text,"
            " u.text = substr(d.text, u.start + 1, u.end - u.start), count(f.rowid)"
            " from document d left join unit u on u.document_id = d.id"
            " left join unit_fts f on f.rowid = u.seq group by d.id, u.seq order by d.file, u.idx"
        )
        for name, *unit in rows:
            found.setdefault(name, []).append(tuple(unit))
    return found


def _check_sound(project: Path, result: Result) -> None:
    """All that ``annotator doctor`` looks at: the file, the events, the view, the index, models."""
    wrong = [
        check.line()
        for check in care.examine(project).checks
        if check.state == "fault" and check.name != "space"
    ]
    result.unsound += bool(wrong)
    result.faults += [f"{project.name}: {line}" for line in wrong]


def kill_save(place: Place, kills: int, rng: random.Random, result: Result) -> None:
    """Each acknowledged save must be there exactly once; what was not is sent again, and is."""
    project = place.folder / "save.annotator"
    shutil.copy(_full(place), project)
    units = units_of(project)
    unsaved: dict[str, dict[str, dict[str, Any]]] = {coder: {} for coder in CODERS}
    acknowledged: dict[str, list[str]] = {coder: [] for coder in CODERS}
    while result.is_short_of(kills):
        server = Server(place, project)
        try:
            held = tokens_of(project)
            for coder, events in unsaved.items():
                _send_again(server, held[coder], events, acknowledged[coder])
            desks = {coder: Coder(server, held[coder], units) for coder in CODERS}
            for desk in desks.values():
                desk.start()
            next(iter(desks.values())).join(rng.uniform(0, SAVING))
        finally:
            server.kill()
        result.count(hit=any(desk.is_alive() or desk.unsaved for desk in desks.values()))
        for coder, desk in desks.items():
            desk.join()
            unsaved[coder] = desk.unsaved
            acknowledged[coder] += desk.acknowledged
        _check_saves(project, acknowledged, unsaved, result)
        _check_sound(project, result)
    result.acknowledged = sum(map(len, acknowledged.values()))


def tokens_of(project: Path) -> dict[str, str]:
    """The token of each coder, signed with the project's own key, as its pages sign it."""
    known = projects.open_project(project)
    try:
        return {coder: tokens.mint(known, coder) for coder in CODERS}
    finally:
        projects.close_project(project)


def _send_again(
    server: Server, token: str, events: dict[str, dict[str, Any]], acknowledged: list[str]
) -> None:
    if events:
        told = server.ask(token, "POST", "/events", {"events": list(events.values())})
        acknowledged += told["acks"]
        events.clear()


def units_of(project: Path) -> list[str]:
    """The ids of the project's sentences."""
    with opened(project) as store:
        return [row[0] for row in store.db.execute("select id from unit order by seq")]


def _check_saves(
    project: Path,
    acknowledged: dict[str, list[str]],
    unsaved: dict[str, dict[str, dict[str, Any]]],
    result: Result,
) -> None:
    wanted = {(coder, name) for coder, names in acknowledged.items() for name in names}
    with opened(project) as store:
        rows = store.db.execute("select coder, uuid from event").fetchall()
    result.lost = len(wanted - set(rows))
    # Every save goes out under one name, however often; what has another name is one too many.
    sent = wanted | {(coder, name) for coder, events in unsaved.items() for name in events}
    result.doubled = len([row for row in rows if row not in sent])


def kill_train(place: Place, kills: int, rng: random.Random, result: Result) -> None:
    """The model in force must be whole, and the next training must make another one."""
    _code_full(place, "ana")
    lasts = _timed(place, "train", _full(place))
    while result.is_short_of(kills):
        with opened(_full(place)) as store:
            before = jobs.model_id(store)
        result.count(hit=place.kill_within(rng.uniform(0, lasts), "train", _full(place)))
        _check_model(place, before, result)
        _check_sound(_full(place), result)
        with opened(_full(place)) as store:
            # What whoever sits there does; else the next training waits until this one is stale.
            supervising.cancel_training(store)
    with opened(_full(place)) as store:
        before = jobs.model_id(store)
        place.run("train", _full(place))
        _check_model(place, None, result)
        result.lost += jobs.model_id(store) == before
        known = {*jobs.model_ids(store), supervising.log_file(store).name}
        result.leftover = sum(path.name not in known for path in store.models.iterdir())


def _check_model(place: Place, before: str | None, result: Result) -> None:
    with opened(_full(place)) as store:
        model_id = jobs.model_id(store)
        try:
            artefact.load(store.models / str(model_id))
        except ModelError as fault:
            result.half += 1
            result.faults.append(str(fault))
        result.lost += model_id is None or (before is not None and not jobs.model(store))


def kill_export(place: Place, kills: int, rng: random.Random, result: Result) -> None:
    """The file must be the old one or the complete new one, and so must its dictionary."""
    table = place.folder / "out" / "labels.csv"
    table.parent.mkdir()
    words = ("export", _full(place), "--output", table)
    old = _exported(place, words, table)
    _code_full(place, "ben")
    lasts = _timed(place, *words)
    new = _written(table)
    while result.is_short_of(kills):
        for name, content in old.items():
            (table.parent / name).write_bytes(content)
        result.count(hit=place.kill_within(rng.uniform(0, lasts), *words))
        for name in old:
            is_half = (table.parent / name).read_bytes() not in (old[name], new[name])
            result.half += is_half
        result.leftover += sum(path.name not in old for path in table.parent.iterdir())
        for path in table.parent.iterdir():
            path.unlink()
        if _exported(place, words, table) != new:
            result.faults.append("an export after a kill differs from one before it")
    _check_sound(_full(place), result)


def _exported(place: Place, words: Sequence[object], table: Path) -> dict[str, bytes]:
    place.run(*words)
    return _written(table)


def _written(table: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(table.parent.iterdir())}


KILLS = {
    "import": kill_import,
    "save": kill_save,
    "train": kill_train,
    "export": kill_export,
}


def table_of(results: Sequence[Result]) -> str:
    """The results as a Markdown table."""
    names = [one.name for one in fields(Result) if one.name != "faults"]
    lines = ["| " + " | ".join(names) + " |", "|" + " --- |" * len(names)]
    for one in results:
        lines.append("| " + " | ".join(str(getattr(one, name)) for name in names) + " |")
    return "\n".join(lines)


def main() -> int:
    """Print the table; 1 where anything was lost, doubled, half done or unsound."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--articles", type=int, default=400)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = kill_all(Place(Path(folder), asked.articles), asked.kills, asked.seed)
    print(table_of(found))  # noqa: T201 (a bench is a command)
    for one in found:
        for fault in one.faults:
            print(f"{one.phase}: {fault}", file=sys.stderr)  # noqa: T201
    return int(not all(one.is_clean for one in found))


if __name__ == "__main__":
    sys.exit(main())
