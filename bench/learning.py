"""Measures of what the model does: learning, scoring, and what waits for it."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from annotator.core.counting import counted
from bench import (
    ranking,
    reasons,
    scoring_many,
    suggestion_data,
    suggestion_speed,
    suggestions,
    training_desk,
)
from bench.rows import LARGE, MILLION, Bench, Row, p95

TRAINED = 5.0  # seconds of the processor
AGAIN, NEW = 15, 3
"""How many times as fast as bare scikit-learn."""

WORKERS, MACHINES = 1.7, 1.5
"""How many times as fast two are; dask's scheduler has no core of its own here."""

PAINTED, FRAME = 25, 17
"""Milliseconds to the next sentence, and of one frame of the screen."""

DECISIONS = 100
ANSWERED, COLD = 50, 300
"""Milliseconds to reasons, and to the first of a server."""

RANKED, WALKED = 1.0, 0.03  # seconds


def retrain(bench: Bench) -> Iterator[Row]:
    """How long learning takes."""
    seconds = suggestion_speed.retrained()
    yield Row(
        f"retrain, {suggestion_speed.LEARNED:,} tags × {suggestion_speed.CODES} codes, "
        "from cached features",
        f"{seconds:.1f} s of CPU",
        f"≤ {TRAINED:.0f} s",
        seconds <= TRAINED,
    )


def training_desk_(bench: Bench) -> Iterator[Row]:
    """A coder at the desk of a project that learns all the while."""
    place = bench.copy(LARGE, "learning")
    found = training_desk.felt(bench.home, place, DECISIONS)
    busy, quiet = p95(found.busy), p95(found.quiet)
    yield Row(
        f"key → next sentence painted beside it, {LARGE:,} units, {training_desk.LABELS:,} coded, "
        f"{counted(found.trainings, 'training')} ended meanwhile (n={len(found.busy)})",
        f"p95 {busy:.1f} ms; without {quiet:.1f} ms",
        f"unmoved: p95 ≤ {PAINTED} ms, within a frame ({FRAME} ms) of that without",
        busy <= PAINTED and busy - quiet <= FRAME and len(found.busy) >= DECISIONS * 0.95,
    )


def rescored(bench: Bench) -> Iterator[Row]:
    """Known units after a training."""
    yield _beside_bare("re-score after a retrain", suggestion_speed.rescored(), AGAIN)


def new_text(bench: Bench) -> Iterator[Row]:
    """Text that nobody has seen, on one core."""
    yield _beside_bare("new text, one core", suggestion_speed.new_text(), NEW)


def _beside_bare(name: str, timed: suggestion_speed.Timed, least: int) -> Row:
    return Row(
        f"{name}: {timed.about}",
        f"{timed.ours:.1f} s against {timed.other:.1f} s of bare scikit-learn: × {timed.times:.1f}",
        f"× ≥ {least}",
        timed.times >= least,
    )


def many_cores(bench: Bench) -> Iterator[Row]:
    """New text on two cores."""
    timed = scoring_many.on_cores(bench.folder, bench.home)
    yield Row(
        f"new text, `annotator suggest` with two workers: {timed.about}",
        f"{timed.ours:.1f} s against {timed.other:.1f} s with one: × {timed.times:.2f}",
        f"× ≥ {WORKERS}",
        timed.times >= WORKERS,
    )


def machines(bench: Bench) -> Iterator[Row]:
    """New text on a cluster of two."""
    timed = scoring_many.on_machines(bench.folder, bench.home)
    yield Row(
        "new text, `annotator suggest` on a dask cluster of two workers, all on this machine: "
        f"{timed.about}",
        f"{timed.ours:.1f} s against {timed.other:.1f} s with one: × {timed.times:.2f}",
        f"× ≥ {MACHINES}",
        timed.times >= MACHINES,
    )


def suggestions_(bench: Bench) -> Iterator[Row]:
    """Suggested codes: how many are right, in every labelled set of the folder."""
    sets = suggestion_data.read_sets(bench.data) if bench.data else []
    if not sets:
        yield Row("suggestions are measured on labelled sets; name their folder after --data", "")
    for one in sets:
        for labels in suggestion_data.sizes(one, suggestions.SEEDS):
            for line in suggestions.measured(one, labels, seeds=suggestions.SEEDS):
                yield from _suggested(line)


def _suggested(line: suggestions.Line) -> Iterator[Row]:
    title = f"{line.name}, {line.size} labels"
    bare = ", ".join(f"{name} {line.figure(name)}" for name in suggestions.BASELINES)
    yield Row(
        f"{title}: macro-F1, {line.decision}; beside {bare}",
        line.figure("annotator"),
        "" if line.bar is None else f"≥ {line.bar:.3f}",
        line.met,
    )
    if line.errors:
        yield Row(
            f"{title}: calibration error of codes with 100 positives",
            str(line.errors),
            f"≤ {suggestions.MOST_ERROR}",
            line.calibrated,
        )


def reasons_(bench: Bench) -> Iterator[Row]:
    """Why a code is suggested: how long the answer takes."""
    found = reasons.waits(bench.home, bench.folder / "reasons.annotator")
    for name, values, most in (
        ("asked again", found.warm, ANSWERED),
        ("asked after somebody's save", found.after_saves, ANSWERED),
        ("asked first of a server", found.cold, COLD),
    ):
        yield Row(
            f"reasons and precedents of a suggestion, {reasons.CODED:,} coded units, {name} "
            f"(n={len(values)})",
            f"p50 {statistics.median(values):.1f}, p95 {p95(values):.1f} ms",
            f"p95 ≤ {most} ms",
            p95(values) <= most,
        )


def ranking_(bench: Bench) -> Iterator[Row]:
    """What comes next, after a training."""
    found = ranking.measured(bench.copy(MILLION, "ranking"))
    name, slowest = max(found.again.items(), key=lambda one: one[1])
    yield Row(
        f"{MILLION:,} units ranked anew after new scores, {ranking.CODES} codes, the slowest of"
        f" {len(found.again)} orders",
        f"{slowest:.2f} s ({name}); first reading {found.first:.1f} s",
        f"≤ {RANKED:.0f} s",
        slowest <= RANKED,
    )
    yield Row(
        f"next {ranking.WANTED} units behind {ranking.DECIDED:,} decided",
        f"{1000 * found.walk:.0f} ms",
        f"≤ {1000 * WALKED:.0f} ms",
        found.walk <= WALKED,
    )
