"""Suggestions for new text and for the project: in parts, by one process or two, begun again."""

from __future__ import annotations

import csv
import json
import multiprocessing
import resource
import shutil
import signal
import subprocess
import sys
from itertools import chain
from textwrap import dedent

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from annotator.core.errors import AnnotatorError, ExportError, ModelError, ReadError, TableError
from annotator.core.progress import silent
from annotator.learn import artefact
from annotator.learn.context import in_a_row
from annotator.learn.tokens import tokenise
from annotator.store import Store, jobs, tables
from annotator.store.seat import Seat
from annotator.workflow import (
    boundaries,
    importing,
    partitions,
    predicting,
    projects,
    reasons,
    suggesting,
    training,
    unit_scores,
    workers,
)
from annotator.workflow.boundaries import Boundary
from annotator.workflow.partitions import Columns
from annotator.workflow.sources import from_uploads
from annotator.workflow.staging import Wanted, stage
from tests.small import code_units, codebook, named, small_project

BOOK = codebook("border", "road", "flood")
ROWS = 20
"""Texts of a part: so few that a small table has many."""


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A project in English whose model knows borders and roads, and no flood."""
    said = "The border {0} is ours. The road {0} was shut. It rained."
    articles = [said.format(n) for n in range(12)]
    with small_project(tmp_path_factory.mktemp("trained"), BOOK, articles) as made:
        code_units(made, named("border", "road"))
        training.train(made)
        yield made


LENGTH = 8
"""Sentences of an article that is about the border from its middle on, or not at all."""
CODED = 38
"""Articles, of forty, that somebody coded."""


def is_about_border(number, place):
    return number % 2 == 1 and place >= LENGTH // 2


def about_border(_, unit):
    number = int(unit.file.removesuffix(".txt"))
    return ["border"] * is_about_border(number, unit.position)


def article(number):
    """Sentences of which half of those about the border name it, and few others."""
    said = []
    for place in range(LENGTH):
        at = number // 2 + place
        named = at % 2 == 0 if is_about_border(number, place) else at % 9 == 0
        words = "the border" if named else "much rain"
        said.append(f"On day {number} of week {place} the envoy spoke of {words}.")
    return " ".join(said)


@pytest.fixture(scope="module")
def trained_in_runs(tmp_path_factory):
    """A project whose model knows borders by the sentences around as well."""
    articles = [article(n) for n in range(40)]
    with small_project(tmp_path_factory.mktemp("running"), BOOK, articles) as made:
        code_units(made, about_border, slice(CODED * LENGTH))
        model = training.train(made)
        assert model.sigmoids.strength[0] > 0
        assert model.cards[0].alone != model.cards[0].threshold
        yield made


def in_a_folder(made, folder, monkeypatch):
    """A copy of a trained project, in a folder of its own."""
    monkeypatch.setenv("ANNOTATOR_HOME", str(folder / "home"))
    made.store.db.execute("pragma wal_checkpoint(truncate)")
    shutil.copy(made.path, folder / "p.annotator")
    shutil.copytree(made.store.models, folder / "p.annotator.models")
    return projects.open_project(folder / "p.annotator")


@pytest.fixture
def project(trained, tmp_path, monkeypatch):
    """The trained project, in a folder of its own."""
    yield in_a_folder(trained, tmp_path, monkeypatch)
    projects.close_project(tmp_path / "p.annotator")


@pytest.fixture
def running(trained_in_runs, tmp_path, monkeypatch):
    """The project whose sentences count for each other, in a folder of its own."""
    yield in_a_folder(trained_in_runs, tmp_path, monkeypatch)
    projects.close_project(tmp_path / "p.annotator")


TEXTS = [
    "The border, at noon",
    'They said "the road\nis ours"',
    "The café — 🕊 — is dry",
    "",
    "It rained.",
]


def table(count):
    """Rows of a table with what CSV and JSON must quote."""
    return [
        {"key": f'k"{n},', "body": f"{TEXTS[n % 5]} {n}" * bool(TEXTS[n % 5]), "outlet": f"a,{n}"}
        for n in range(count)
    ]


@pytest.fixture
def new_text(tmp_path):
    """A function that writes such a table, as CSV, JSON lines or Parquet."""

    def write(name, count=10 * ROWS, **more):
        path, rows = tmp_path / name, table(count)
        if path.suffix == ".parquet":
            parquet.write_table(pa.Table.from_pylist(rows), path, **more)
        elif path.suffix == ".jsonl":
            path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        else:
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, rows[0])
                writer.writeheader()
                writer.writerows(rows)
        return path

    return write


def suggest(project, output, input_=None, **more):
    """Suggest in small parts, for the units or for a table of ``new_text``."""
    about = {"input_": input_, "text": "body", "id_": "key", "keep": ["outlet"]} if input_ else {}
    return predicting.suggest(project.store, output, **({"rows": ROWS} | about | more))


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def once(act):
    """A progress that does something when the first part is done."""
    acted = []

    def progress(done, total, what):
        if what == "scoring" and 0 < done < total and not acted:
            acted.append(done)
            act()

    return progress


def interrupt():
    raise KeyboardInterrupt


def test_every_row_has_the_score_of_its_text_to_six_places(project, new_text, tmp_path):
    report = suggest(project, tmp_path / "out.csv", new_text("in.csv"))

    rows = read(tmp_path / "out.csv")
    model = artefact.load(project.store.models / "m1")
    texts = {row["key"]: row["body"] for row in table(10 * ROWS)}
    known = [at for at, card in enumerate(model.cards) if card.fitted]
    expected = dict(zip(texts, model.score(list(texts.values()))[:, known], strict=True))
    got = {key: [float(r["score"]) for r in rows if r["id"] == key] for key in list(texts)[:3]}
    assert list(rows[0]) == [
        *("id", "variable", "target", "code", "score", "suggested", "threshold", "model_id"),
        "outlet",
    ]
    assert got == {key: pytest.approx(expected[key], abs=2e-6) for key in got}
    assert {row["code"] for row in rows} == {"border", "road"}
    assert {(row["score"] == "", row["suggested"] == "") for row in rows if row["score"] == ""} == {
        (True, True)
    }
    assert all(
        (float(r["score"]) >= float(r["threshold"])) == (r["suggested"] == "1")
        for r in rows
        if r["score"]
    )
    assert (report.texts, report.rows, report.codes) == (10 * ROWS, len(rows), 2)


def test_csv_json_lines_and_parquet_hold_the_same(project, new_text, tmp_path):
    place = new_text("in.csv")
    for suffix in ("csv", "jsonl", "parquet"):
        suggest(project, tmp_path / f"out.{suffix}", place)

    as_parquet = parquet.read_table(tmp_path / "out.parquet")
    lines = (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == as_parquet.to_pylist()
    assert [str(as_parquet.schema.field(name).type) for name in ("id", "score", "suggested")] == [
        *("string", "double", "int8")
    ]
    told = [
        row | {name: float(row[name]) if row[name] else None for name in ("score", "threshold")}
        | {"suggested": int(row["suggested"]) if row["suggested"] else None}
        for row in read(tmp_path / "out.csv")
    ]  # fmt: skip
    assert told == as_parquet.to_pylist()


def test_the_same_texts_from_csv_json_lines_and_parquet_have_the_same_suggestions(
    project, new_text, tmp_path
):
    for place in (new_text("in.csv"), new_text("in.jsonl"), new_text("in.parquet")):
        suggest(project, tmp_path / f"{place.suffix[1:]}.csv", place)

    whole = (tmp_path / "csv.csv").read_bytes()
    assert (tmp_path / "jsonl.csv").read_bytes() == whole
    assert (tmp_path / "parquet.csv").read_bytes() == whole


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_two_processes_write_the_bytes_that_one_writes(project, new_text, tmp_path, suffix):
    one, two = tmp_path / f"one.{suffix}", tmp_path / f"two.{suffix}"
    place = new_text("in.parquet", row_group_size=ROWS)

    suggest(project, one, place)
    suggest(project, two, place, run=workers.in_processes(2))

    assert two.read_bytes() == one.read_bytes()
    assert not list(tmp_path.glob("*.parts"))


def test_texts_are_cut_into_sentences_within_their_parts(project, new_text, tmp_path):
    suggest(project, tmp_path / "out.csv", new_text("in.csv"), unit="sentence")

    ids = [row["id"] for row in read(tmp_path / "out.csv")[::2]]
    assert ids[:2] == ['k"0,:0-21', 'k"1,:0-30']
    assert len(ids) == len(set(ids)) >= 10 * ROWS


def test_the_units_of_a_project_keep_their_columns(project, tmp_path):
    suggest(project, tmp_path / "out.csv", keep=["file", "position"])

    rows = read(tmp_path / "out.csv")
    units = list(tables.units(project.store))
    assert [row["id"] for row in rows[::2]] == [unit.unit_id for unit in units]
    assert [row["file"] for row in rows[::2]] == [unit.file for unit in units]
    assert [row["position"] for row in rows[::2]] == [str(unit.position) for unit in units]


def of_code(path, code="border"):
    """The rows of one code, by id."""
    return {row["id"]: row for row in read(path) if row["code"] == code}


def among_each_other(model, texts):
    """Their scores as sentences of one article."""
    cut = tokenise(texts)
    decisions = model.decide(cut, model.of_tokens(cut.lexicon))
    return model.scores_in_context(decisions, in_a_row(np.zeros(len(texts), np.int64)))


def scores_in(rows):
    return [float(row["score"]) for row in rows]


def test_units_have_the_very_scores_of_the_desk(running, tmp_path):
    # Scores that no model gives, so that they can only have been read.
    place = suggesting.scores_file(running.store, "m1")
    scores = np.load(place)
    scores[:, 0] = np.linspace(0, 1, len(scores), dtype=np.float32)
    np.save(place, scores)

    suggest(running, tmp_path / "out.csv")

    rows = of_code(tmp_path / "out.csv")
    units = list(tables.units(running.store))
    card = artefact.load(place.parent).cards[0]
    assert list(rows) == [unit.unit_id for unit in units]
    expected = [float(scores[unit.seq, 0]) for unit in units]
    assert scores_in(rows.values()) == pytest.approx(expected, abs=1e-6)
    assert {row["threshold"] for row in rows.values()} == {str(round(card.threshold, 6))}


def test_articles_that_came_or_were_cut_anew_after_the_training_are_decided_anew(running, tmp_path):
    model = artefact.load(running.store.models / "m1")
    before = {unit.unit_id: unit for unit in tables.units(running.store)}
    cut = next(unit for unit in before.values() if unit.file == "39.txt" and unit.position == 4)
    split = Boundary(op="split", unit=cut.unit_id, at=cut.start + cut.text.index("the envoy"))
    boundaries.change(running, split, "ana")
    come = from_uploads([("new.txt", article(41).replace("day", "noon").encode())])
    list(importing.import_sources(running.store, running.seed, come))

    suggest(running, tmp_path / "out.csv")

    rows = of_code(tmp_path / "out.csv")
    kept = np.load(suggesting.scores_file(running.store, "m1"))
    units = list(tables.units(running.store))
    assert len(rows) == len(units) == len(before) + 1 + LENGTH
    for file in ("39.txt", "new.txt"):
        mine = sorted((one for one in units if one.file == file), key=lambda one: one.position)
        expected = among_each_other(model, [one.text for one in mine])[:, 0]
        got = scores_in(rows[one.unit_id] for one in mine)
        assert got == pytest.approx(expected.tolist(), abs=2e-6)
    same = [one for one in units if one.file not in ("39.txt", "new.txt")]
    assert scores_in(rows[one.unit_id] for one in same) == pytest.approx(
        [float(kept[one.seq, 0]) for one in same], abs=1e-6
    )


def test_the_desk_gives_the_sentences_around_as_a_reason_and_leaves_nothing_out(running):
    model = artefact.load(running.store.models / "m1")
    scores = np.load(suggesting.scores_file(running.store, "m1"))
    units = [one for one in tables.units(running.store) if one.position == LENGTH - 2]

    asked = [
        (one, reasons.why(running, Seat("ben"), one.unit_id, model.columns[0])) for one in units
    ]

    found = [(one, told) for one, told in asked if told is not None]
    around = {True: [], False: []}
    for one, told in found:
        score = float(scores[one.seq, 0])
        decision = np.log(score / (1 - score)) - model.sigmoids.offset[0]
        said = sum(word["weight"] for word in told["words"])
        assert said + told["around"] + told["rest"] == pytest.approx(decision, abs=1e-3)
        around[is_about_border(int(one.file.removesuffix(".txt")), one.position)].append(
            told["around"]
        )
    assert np.mean(around[True]) > np.mean(around[False])


def test_scores_that_are_damaged_are_decided_anew(running, tmp_path):
    place = suggesting.scores_file(running.store, "m1")
    suggest(running, tmp_path / "before.csv")
    place.write_bytes(place.read_bytes()[:100])

    suggest(running, tmp_path / "after.csv")

    before, after = of_code(tmp_path / "before.csv"), of_code(tmp_path / "after.csv")
    assert list(after) == list(before)
    assert scores_in(after.values()) == pytest.approx(scores_in(before.values()), abs=2e-6)


def test_units_may_be_asked_for_in_any_order_and_one_that_is_gone_has_no_score(running):
    model = artefact.load(running.store.models / "m1")
    units = list(tables.units(running.store))
    wanted = [units[50].seq, 10**6, units[3].seq, units[50].seq]

    scores = unit_scores.aligned(running.store, model, "m1", np.array(wanted))

    kept = np.load(suggesting.scores_file(running.store, "m1"))
    np.testing.assert_array_equal(scores[[0, 2, 3]], kept[[wanted[0], wanted[2], wanted[3]]])
    assert np.isnan(scores[1]).all()
    assert unit_scores.aligned(running.store, model, "m1", np.zeros(0, np.int64)).shape == (0, 3)


def test_however_many_come_in_their_articles_stay_whole(running):
    model = artefact.load(running.store.models / "m1")
    whole = np.array([unit.seq for unit in tables.units(running.store)])
    suggesting.scores_file(running.store, "m1").unlink()

    together = unit_scores.aligned(running.store, model, "m1", whole)
    some_at_a_time = unit_scores.aligned(running.store, model, "m1", whole, at_once=3)

    np.testing.assert_allclose(some_at_a_time, together, atol=1e-5)


@pytest.fixture
def articles(tmp_path):
    """A table of whole articles."""
    place = tmp_path / "articles.csv"
    with place.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("text",), *((article(n),) for n in range(21, 61))])
    return place


def test_rows_are_scored_alone_and_cut_at_the_threshold_for_that(running, articles, tmp_path):
    predicting.suggest(running.store, tmp_path / "out.csv", input_=articles)

    model = artefact.load(running.store.models / "m1")
    rows = of_code(tmp_path / "out.csv").values()
    alone = model.score([article(n) for n in range(21, 61)])[:, 0]
    assert scores_in(rows) == pytest.approx(alone.tolist(), abs=2e-6)
    assert {row["threshold"] for row in rows} == {str(round(model.cards[0].alone, 6))}


def test_sentences_of_a_row_count_for_each_other(running, articles, tmp_path):
    predicting.suggest(running.store, tmp_path / "out.csv", input_=articles, unit="sentence")

    model = artefact.load(running.store.models / "m1")
    rows = of_code(tmp_path / "out.csv")
    for number, row in ((21, 1), (40, 20), (60, 40)):
        texts = [f"{said}." for said in article(number).removesuffix(".").split(". ")]
        mine = [one for name, one in rows.items() if name.partition(":")[0] == str(row)]
        expected = among_each_other(model, texts)[:, 0]
        assert scores_in(mine) == pytest.approx(expected.tolist(), abs=2e-6)
    assert {row["threshold"] for row in rows.values()} == {str(round(model.cards[0].threshold, 6))}


def test_the_sentences_of_a_row_are_never_parted(running, articles, tmp_path):
    columns = Columns("text", None, ())
    wanted = Wanted(input_=articles, text="text", id_=None, keep=())
    staged = stage(running.store, wanted, tmp_path / "staged.parquet", 10, silent)

    found = [
        [text.row for text in batch]
        for part in staged.parts
        for batch in partitions.texts(part, columns, "sentence", 20)
    ]

    assert [len(batch) for batch in found] == [3 * LENGTH, 3 * LENGTH, 3 * LENGTH, LENGTH] * 4
    assert list(chain(*found)) == [row for row in range(1, 41) for _ in range(LENGTH)]


@pytest.mark.parametrize(("what", "suffix"), [("units", "parquet"), ("sentences", "csv")])
def test_what_counts_for_each_other_is_the_same_in_two_processes(
    running, articles, tmp_path, suffix, what
):
    about = {} if what == "units" else {"input_": articles, "unit": "sentence"}
    one, two, anew = (tmp_path / f"{name}.{suffix}" for name in ("one", "two", "anew"))

    predicting.suggest(running.store, one, **about, rows=10)
    predicting.suggest(running.store, two, **about, rows=10, run=workers.in_processes(2))
    with pytest.raises(ExportError):
        predicting.suggest(running.store, anew, **about, rows=10, progress=once(interrupt))
    predicting.suggest(running.store, anew, **about, rows=10)

    assert two.read_bytes() == anew.read_bytes() == one.read_bytes()


BROKEN_OFF = """
    import os, signal, sys
    from pathlib import Path
    from annotator.core.errors import ExportError
    from annotator.workflow import predicting, projects, workers

    def progress(done, total, what):
        if what == "scoring" and done >= 3 * {rows}:
            {act}

    if __name__ == "__main__":
        # As at a terminal; what a shell runs in the background is deaf to the keyboard.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            predicting.suggest(
                projects.open_project(Path(sys.argv[1])).store, Path(sys.argv[2]),
                input_=Path(sys.argv[3]), text="body", id_="key", keep=["outlet"], rows={rows},
                run=workers.in_processes(2), progress=progress,
            )
        except ExportError as fault:
            sys.exit(str(fault))
"""


def broken_off(project, output, place, act):
    """A run in a process of its own that does something to itself after three parts."""
    script = output.with_name("run.py")
    script.write_text(dedent(BROKEN_OFF).format(rows=ROWS, act=act), encoding="utf-8")
    words = [sys.executable, script, project.path, output, place]
    return subprocess.run(
        words, check=False, capture_output=True, text=True, start_new_session=True
    )


def test_a_run_that_was_killed_goes_on_and_writes_the_same_bytes(project, new_text, tmp_path):
    place, output = new_text("in.csv"), tmp_path / "out.csv"
    killed = broken_off(project, output, place, "os.kill(os.getpid(), signal.SIGKILL)")
    finished = json.loads((tmp_path / "out.csv.parts" / "manifest.json").read_bytes())["parts"]
    told = []

    suggest(project, output, place, progress=lambda *step: told.append(step))
    suggest(project, tmp_path / "whole.csv", place)

    assert killed.returncode == -signal.SIGKILL
    assert len(finished) == 3
    assert next(step for step in told if step[2] == "scoring") == (3 * ROWS, 10 * ROWS, "scoring")
    assert output.read_bytes() == (tmp_path / "whole.csv").read_bytes()
    assert not (tmp_path / "out.csv.parts").exists()


def test_the_keyboard_stops_all_processes_and_one_sentence_is_left(project, new_text, tmp_path):
    # Ctrl-C reaches the workers as well as the process that began them.
    act = "os.killpg(0, signal.SIGINT)"

    stopped = broken_off(project, tmp_path / "out.csv", new_text("in.csv"), act)

    assert stopped.stderr == (
        f"stopped; 3 of 10 parts are finished and stay in {tmp_path}/out.csv.parts; "
        "the same command goes on from there\n"
    )


def test_a_manifest_says_what_was_scored_with_what(project, new_text, tmp_path):
    place, output = new_text("in.csv"), tmp_path / "out.csv"

    with pytest.raises(ExportError):
        suggest(project, output, place, progress=once(interrupt))

    told = json.loads((tmp_path / "out.csv.parts" / "manifest.json").read_bytes())
    assert told["settings"]["model"][0] == "m1"
    assert len(told["settings"]["model"][1]) == 64
    assert told["settings"]["input"]["size"] == place.stat().st_size
    assert told["parts"] == [[0, ROWS, 2 * ROWS, pytest.approx(1600, abs=800)]]


def test_stopping_keeps_what_is_finished_and_says_so(project, new_text, tmp_path):
    place, output = new_text("in.csv"), tmp_path / "out.csv"
    output.write_text("what was there", encoding="utf-8")

    with pytest.raises(ExportError) as stopped:
        suggest(project, output, place, progress=once(interrupt))

    assert str(stopped.value) == (
        f"stopped; 1 of 10 parts are finished and stay in {output}.parts; "
        "the same command goes on from there"
    )
    assert output.read_text(encoding="utf-8") == "what was there"
    assert not (tmp_path / ".out.csv.part").exists()


def test_stopping_before_a_part_is_finished_leaves_nothing(project, new_text, tmp_path):
    def stop(done, total, what):
        raise KeyboardInterrupt

    with pytest.raises(ExportError, match=r"^stopped; nothing was written$"):
        suggest(project, tmp_path / "out.csv", new_text("in.csv"), progress=stop)

    assert sorted(path.name for path in tmp_path.glob("*out*")) == []


def other_texts(project, place):
    place.write_text(place.read_text(encoding="utf-8") + "k,The road.,x\n", encoding="utf-8")
    return {}


def other_options(project, place):
    return {"keep": []}


def other_model(project, place):
    training.train(project)
    return {}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (other_texts, "other texts"),
        (other_options, "other options"),
        (other_model, "another model"),
    ],
)
def test_what_was_begun_with_something_else_is_begun_anew_and_said(
    project, new_text, tmp_path, change, said
):
    place, output, told = new_text("in.csv"), tmp_path / "out.csv", []
    with pytest.raises(ExportError):
        suggest(project, output, place, progress=once(interrupt))
    more = change(project, place)

    suggest(project, output, place, tell=told.append, **more)
    suggest(project, tmp_path / "whole.csv", place, **more)

    assert told == [f"{output}.parts was begun with {said}; starting anew"]
    assert output.read_bytes() == (tmp_path / "whole.csv").read_bytes()


def test_units_that_came_meanwhile_are_other_texts(project, tmp_path):
    output, told = tmp_path / "out.csv", []
    with pytest.raises(ExportError):
        suggest(project, output, progress=once(interrupt))
    more = from_uploads([("more.txt", b"The border is shut again.")])
    list(importing.import_sources(project.store, project.seed, more))

    report = suggest(project, output, tell=told.append)

    assert told == [f"{output}.parts was begun with other texts; starting anew"]
    assert report.texts == 37


def kill_a_worker():
    multiprocessing.active_children()[0].kill()


def test_a_worker_that_is_killed_costs_only_what_it_had(project, new_text, tmp_path):
    place, output = new_text("in.csv"), tmp_path / "out.csv"

    suggest(project, output, place, run=workers.in_processes(2), progress=once(kill_a_worker))
    suggest(project, tmp_path / "whole.csv", place)

    assert output.read_bytes() == (tmp_path / "whole.csv").read_bytes()


def test_workers_that_are_killed_again_and_again_end_in_a_sentence(project, new_text, tmp_path):
    told = []

    def kill(done, total, what):
        for child in multiprocessing.active_children()[:1]:
            child.kill()  # the pool may have ended it meanwhile

    with pytest.raises(ExportError, match=r"ended from outside twice.* fewer than 2 --workers$"):
        suggest(
            project, tmp_path / "out.csv", new_text("in.csv", 40 * ROWS),
            run=workers.in_processes(2), progress=kill, tell=told.append,
        )  # fmt: skip

    assert told[0].endswith("the same command goes on from there")
    assert multiprocessing.active_children() == []


PEAK = """
    import re, sys
    from pathlib import Path
    from annotator.workflow import predicting, projects

    store = projects.open_project(Path(sys.argv[1])).store
    for place in sys.argv[2:]:
        predicting.suggest(
            store, Path(place + ".out.csv"), input_=Path(place), keep=["memo"], rows=200
        )
        # What getrusage tells begins with the peak of the process that started this one.
        print(re.search("VmHWM:(.*) kB", Path("/proc/self/status").read_text())[1])
"""


def test_memory_stays_flat_however_much_there_is_to_score(project, tmp_path):
    (tmp_path / "run.py").write_text(dedent(PEAK), encoding="utf-8")
    little, much = tmp_path / "little.csv", tmp_path / "much.csv"
    for place, count in ((little, 400), (much, 16_000)):
        place.write_text("text,memo\n" + f"Rain.,{'word ' * 800}\n" * count, encoding="utf-8")

    words = [sys.executable, tmp_path / "run.py", project.path, little, much]
    before, after = map(int, subprocess.run(words, check=True, capture_output=True).stdout.split())

    # Held at once, the cells alone would be 64 MB.
    assert after - before < 16 * 1024


def test_parquet_in_good_row_groups_is_read_where_it_lies(project, new_text, tmp_path):
    def paths(place):
        wanted = Wanted(input_=place, text="body", id_="key", keep=())
        staged = stage(project.store, wanted, tmp_path / "staged.parquet", ROWS, silent)
        return [(part.path.name, part.first, part.rows) for part in staged.parts]

    good = new_text("good.parquet", row_group_size=2 * ROWS)
    large, small = new_text("large.parquet"), new_text("small.parquet", row_group_size=2)

    assert paths(good) == [("good.parquet", 1 + 2 * ROWS * n, 2 * ROWS) for n in range(5)]
    assert paths(large) == [("staged.parquet", 1 + ROWS * n, ROWS) for n in range(10)]
    assert paths(small) == paths(large)


def refused(project, input_, output, **more):
    """The fault, after which nothing is left of the output."""
    with pytest.raises(AnnotatorError) as fault:
        suggest(project, output, input_, **more)
    assert sorted(path.name for path in output.parent.glob("*out*")) == []
    return type(fault.value), str(fault.value)


@pytest.mark.parametrize(
    ("name", "place"), [("in.csv", "line 6"), ("in.jsonl", "line 4"), ("in.parquet", "row 4")]
)
def test_a_row_without_an_id_is_told_by_its_place(project, new_text, tmp_path, name, place):
    said = refused(project, new_text(name), tmp_path / "out.csv", id_="body")

    assert said == (TableError, f"{name}: {place}: has no body; fill the cell or drop the row")


def test_a_wrong_option_costs_no_part_of_the_run_before(project, new_text, tmp_path):
    place, output, told = new_text("in.csv"), tmp_path / "out.csv", []
    with pytest.raises(ExportError):
        suggest(project, output, place, progress=once(interrupt))

    with pytest.raises(ReadError):
        suggest(project, output, place, text="story")
    suggest(project, output, place, progress=lambda *step: told.append(step))

    assert next(step for step in told if step[2] == "scoring")[0] == ROWS


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_ids_far_apart_that_are_the_same_are_refused(project, tmp_path, suffix):
    place, output = tmp_path / f"in.{suffix}", tmp_path / "out.csv"
    ids = [f"id {n}" for n in range(9 * ROWS)] + ["id 3"]
    if suffix == "csv":
        place.write_text("key,body\n" + "".join(f"{one},Rain\n" for one in ids), "utf-8")
    else:
        parquet.write_table(pa.table({"key": ids, "body": ["Rain"] * len(ids)}), place)

    said = refused(project, place, output, keep=[])

    assert said == (TableError, f"in.{suffix}: key 'id 3' is there twice; ids must be unique")


def test_a_quotation_mark_that_stays_open_is_told_by_its_line(project, new_text, tmp_path):
    place = new_text("in.csv")
    place.write_text(place.read_text("utf-8") + 'k,"The road,x\nand more\n', encoding="utf-8")

    kind, said = refused(project, place, tmp_path / "out.csv")

    assert kind is ReadError
    assert "a quotation mark is opened here and never closed" in said


@pytest.mark.parametrize("name", ["in.csv", "in.jsonl", "in.parquet"])
@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"text": "story"}, "there is no column 'story'; the columns are: key, body, outlet"),
        ({"id_": "nr"}, "there is no column 'nr'; the columns are: key, body, outlet"),
        ({"keep": ["day"]}, "has no column 'day'; there are: body, key, outlet"),
    ],
)
def test_a_column_that_is_not_there_is_named(project, new_text, tmp_path, name, more, said):
    assert refused(project, new_text(name), tmp_path / "out.csv", **more)[1] == f"{name}: {said}"


def test_a_file_that_is_no_table_is_refused(project, tmp_path):
    place = tmp_path / "in.txt"
    place.write_text("The border is ours.", encoding="utf-8")

    kind, said = refused(project, place, tmp_path / "out.csv")

    assert kind is ReadError
    assert said.startswith("in.txt: is ")
    assert "and no table; name one of .csv, " in said


def test_a_cell_of_parquet_that_cannot_be_kept_is_told_by_its_row(project, tmp_path):
    place = tmp_path / "in.parquet"
    texts = ["Rain"] * 25 + ["Ra\0in"]
    parquet.write_table(pa.table({"body": texts}), place, row_group_size=5)

    _, said = refused(project, place, tmp_path / "out.csv", id_=None, keep=[], rows=5)

    assert said.startswith("in.parquet: row 26: column 'body' holds a NUL")


def test_a_damaged_parquet_file_is_refused(project, new_text, tmp_path):
    place = new_text("in.parquet", row_group_size=ROWS)
    content = bytearray(place.read_bytes())
    content[200:1200] = bytes(1000)
    place.write_bytes(content)

    kind, said = refused(project, place, tmp_path / "out.csv")

    assert kind is ReadError
    assert said.startswith("in.parquet: cannot be read as Parquet (")


def test_a_folder_of_that_name_that_is_none_of_ours_is_left_alone(project, new_text, tmp_path):
    (tmp_path / "out.csv.parts").mkdir()
    (tmp_path / "out.csv.parts" / "mine.txt").write_text("mine", encoding="utf-8")

    with pytest.raises(ExportError, match=r"out.csv.parts is in the way: it has no manifest.json"):
        suggest(project, tmp_path / "out.csv", new_text("in.csv"))

    assert [path.name for path in (tmp_path / "out.csv.parts").iterdir()] == ["mine.txt"]


def test_a_disk_that_is_full_at_the_end_costs_no_part(project, new_text, tmp_path):
    place, output, told, steps = new_text("in.csv"), tmp_path / "out.csv", [], []
    output.write_text("what was there", encoding="utf-8")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    # Room for each part, none for all of them.
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, hard))
    try:
        with pytest.raises(ExportError, match=r"out.csv cannot be written: .*another place$"):
            suggest(project, output, place, tell=told.append)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert output.read_text(encoding="utf-8") == "what was there"
    (said,) = told
    finished = int(said.partition(" of 10 parts are finished and stay in ")[0])
    suggest(project, output, place, progress=lambda *step: steps.append(step))
    assert next(s for s in steps if s[2] == "scoring") == (
        *(finished * ROWS, 10 * ROWS),
        "scoring",
    )
    assert finished
    assert len(read(output)) == 20 * ROWS


def test_a_part_that_was_cut_short_is_scored_again(project, new_text, tmp_path):
    place, output = new_text("in.csv"), tmp_path / "out.csv"
    with pytest.raises(ExportError):
        suggest(project, output, place, progress=once(interrupt))
    (part,) = (tmp_path / "out.csv.parts").glob("part-*")
    part.write_bytes(part.read_bytes()[:100])

    suggest(project, output, place)

    assert len(read(output)) == 20 * ROWS


def test_a_model_that_was_tampered_with_scores_nothing(project, new_text, tmp_path):
    card = project.store.models / jobs.model_id(project.store) / artefact.CARD
    card.write_text(card.read_text("utf-8").replace("border", "bolder"), encoding="utf-8")

    assert refused(project, new_text("in.csv"), tmp_path / "out.csv")[0] is ModelError


ARMENIAN = "Կամուրջը բաց է։"
LONG = "The council met in the evening and the ministers agreed on a new border regime at last."


def test_texts_in_a_language_the_model_never_saw_are_told_of_once(project, tmp_path):
    place, told = tmp_path / "in.csv", []
    place.write_text("text\n" + f"{LONG}\n" * 150 + f"{ARMENIAN}\n" * 50, encoding="utf-8")

    predicting.suggest(
        project.store, tmp_path / "out.csv", input_=place, rows=ROWS, tell=told.append
    )

    assert told == [
        "about 33% of the texts seem to be in a language the model never saw (hy); "
        "it learned from en, and its scores mean little for others"
    ]


def test_a_stray_sentence_in_another_language_is_not_told_of(project, tmp_path):
    place, told = tmp_path / "in.csv", []
    place.write_text("text\n" + f"{LONG}\n" * 60 + f"{ARMENIAN}\n" * 3, encoding="utf-8")

    predicting.suggest(project.store, tmp_path / "out.csv", input_=place, tell=told.append)

    assert told == []


def test_a_model_without_a_learned_code_writes_a_header_alone(project, new_text, tmp_path):
    # A column is there for every code of the codebook; a score for those that were learned.
    model = artefact.load(project.store.models / "m1")
    unlearned = [at for at, card in enumerate(model.cards) if not card.fitted]

    assert [model.cards[at].code for at in unlearned] == ["flood"]
    assert np.isnan(model.score(["The flood."])[0, unlearned]).all()
    suggest(project, tmp_path / "out.csv", new_text("in.csv"))
    assert "flood" not in {row["code"] for row in read(tmp_path / "out.csv")}


def test_the_store_stays_readable_by_others_meanwhile(project, tmp_path):
    def read_project():
        other = Store.open(project.path)
        assert tables.totals(other)["units"] == 36
        other.close()

    suggest(project, tmp_path / "out.csv", progress=once(read_project))
