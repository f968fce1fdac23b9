"""How right suggestions are, beside bare scikit-learn, on labelled sets.

`python -m bench.suggestions --data DIR [--corpus FILE] [--seeds 5] [--sets frac,babe]
[--ablations] [--markdown]`; `bench/suggestion_data.py` says what a set is. Each seed draws a test
part of 30 % (whole documents where they are known; the set's own test part where it has one) and
learns from the first labels of the rest, in the order that the seed gives them. Labels in fewer
than five rows are left out.

Macro-F1 is over the codes that the test part has; a code that is never suggested counts 0. Where
each text has one code, the one with the best score is suggested (the annotator: furthest above
its threshold). Where a text may have several, all at their thresholds are: 0.5 in the baselines,
in the annotator those that it learned. "As often as labelled" puts every threshold where a code
is suggested for the share of the test part that it has of the labels.

`word` is TF-IDF of words and pairs, `bare` has pieces of three to five letters besides; both are
fitted on the labelled texts alone, with one balanced logistic regression per code, C = 1, or with
one over all codes ("softmax"). The annotator may learn from all texts of the set, their labels
unseen. Where no bar is named, it is 0.02 above the best that `bare` reaches in any row.

The calibration error is that of all test parts together, of the codes with 100 positives to learn
from. CPU seconds are what one learning and scoring of the annotator takes, on one core.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from rich.console import Console
from threadpoolctl import threadpool_limits

from bench import machine, suggestion_engine
from bench.suggestion_baselines import BASELINES, one_by_one, together, vectors
from bench.suggestion_data import FILE, BenchError, Labelled, LabelledSet, parts, read_sets, sizes
from bench.suggestion_engine import Settings
from bench.suggestion_figures import Calibration, Errors, Scores, decide, macro_f1, prevalent
from bench.table import MARK, markdown, table

SEEDS = 5
MOST_ERROR = 0.05
AHEAD = 0.02

ALONE: dict[tuple[str, int | None], float] = {
    ("frac", 50): 0.30,
    ("frac", 100): 0.40,
    ("frac", 250): 0.55,
    ("frac", 366): 0.61,
    ("babe", 250): 0.67,
    ("babe", 1000): 0.73,
    ("babe", 2500): 0.75,
}
"""The macro-F1 to reach from a set's own texts, by its name and the number of labels."""

WITH_CORPUS = ALONE | {
    ("frac", 50): 0.33,
    ("frac", 100): 0.48,
    ("frac", 250): 0.62,
    ("frac", 366): 0.65,
}
"""The same with a larger corpus to learn words from."""

OWN, MATCHED, TOGETHER = "own thresholds", "as often as labelled", "softmax"
METHODS = (*BASELINES, "annotator")
WHOLE = "everything"
HEADS = ("set", "labels", "suggested", *METHODS, "must reach", "", "calibration error", "", "CPU s")

F1 = defaultdict[str, defaultdict[str, list[float]]]
"""Macro-F1 of each seed, by decision and method."""


class Line(NamedTuple):
    """Macro-F1 by method, one figure per seed, of one set, number of labels and decision."""

    name: str
    labels: int | None
    decision: str
    f1: dict[str, list[float]]
    bar: float | None = None
    errors: Errors | None = None
    seconds: float | None = None

    @property
    def size(self) -> str:
        """How many labels, in words."""
        return "all" if self.labels is None else f"{self.labels:,}"

    @property
    def met(self) -> bool | None:
        """Whether the annotator's figure reaches the bar."""
        return None if self.bar is None else statistics.mean(self.f1["annotator"]) >= self.bar

    @property
    def calibrated(self) -> bool | None:
        """Whether the calibration error is small enough."""
        return None if self.errors is None else self.errors.pooled <= MOST_ERROR

    def figure(self, method: str) -> str:
        """Mean and standard deviation over the seeds; blank where the method plays no part."""
        values = self.f1.get(method, [])
        if not values:
            return ""
        spread = f" ± {statistics.stdev(values):.3f}" if len(values) > 1 else ""
        return f"{statistics.mean(values):.3f}{spread}"


@threadpool_limits.wrap(limits=1)
def measured(
    one: LabelledSet, labels: int | None, *, seeds: int, corpus: Path | None = None
) -> list[Line]:
    """One line per decision for a set and a number of labels."""
    f1: F1 = defaultdict(lambda: defaultdict(list))
    calibration = Calibration()
    spent = 0.0
    for seed in range(seeds):
        train, test = _cut(one, labels, seed)
        for name in BASELINES:
            _try_bare(f1, name, train, test)
        begun = time.process_time()
        found = suggestion_engine.ours(
            train, one.rows.texts, test.texts, corpus=corpus, settings={}
        )
        spent += time.process_time() - begun
        calibration.add(train, test, found.scores)
        _judge(f1, "annotator", found, train, test)
    lines = [Line(one.name, labels, decision, figures) for decision, figures in f1.items()]
    reach = _bar(lines, with_corpus=corpus is not None)
    first = lines[0]._replace(bar=reach, errors=calibration.errors(), seconds=spent / seeds)
    return [first, *lines[1:]]


@threadpool_limits.wrap(limits=1)
def ablated(
    one: LabelledSet, labels: int | None, *, seeds: int, corpus: Path | None = None
) -> list[Line]:
    """One line per decision: the annotator with everything, and without one group each."""
    engines: dict[str, Settings] = {WHOLE: {}, **suggestion_engine.ABLATIONS}
    f1: F1 = defaultdict(lambda: defaultdict(list))
    for seed in range(seeds):
        train, test = _cut(one, labels, seed)
        for name, settings in engines.items():
            found = suggestion_engine.ours(
                train, one.rows.texts, test.texts, corpus=corpus, settings=settings
            )
            _judge(f1, name, found, train, test)
    return [Line(one.name, labels, decision, figures) for decision, figures in f1.items()]


def _cut(one: LabelledSet, labels: int | None, seed: int) -> tuple[Labelled, Labelled]:
    learned, tested = parts(one, seed)
    return one.rows.at(learned[:labels]), one.rows.at(tested)


def _try_bare(f1: F1, name: str, train: Labelled, test: Labelled) -> None:
    rows, new = vectors(name, train.texts, test.texts)
    halves = np.full(len(train.codes), 0.5)
    _judge(f1, name, Scores(one_by_one(train, rows, new), halves), train, test)
    if train.single and len(train.codes) > 2:
        suggested = decide(together(train, rows, new), halves, single=True)
        f1[TOGETHER][name].append(macro_f1(test.truth, suggested))


def _judge(f1: F1, name: str, found: Scores, train: Labelled, test: Labelled) -> None:
    matched = prevalent(found.scores, train.truth)
    for decision, cuts in ((OWN, found.thresholds), (MATCHED, matched)):
        suggested = decide(found.scores, cuts, single=train.single)
        f1[decision][name].append(macro_f1(test.truth, suggested))


def _bar(lines: Sequence[Line], *, with_corpus: bool) -> float:
    known = WITH_CORPUS if with_corpus else ALONE
    best = max(statistics.mean(line.f1["bare"]) for line in lines)
    return known.get((lines[0].name, lines[0].labels), best + AHEAD)


def row(line: Line) -> Sequence[str]:
    """The line as the table has it."""
    return (
        line.name,
        line.size,
        line.decision,
        *(line.figure(method) for method in METHODS),
        "" if line.bar is None else f"≥ {line.bar:.3f}",
        MARK[line.met],
        "" if line.errors is None else str(line.errors),
        MARK[line.calibrated],
        "" if line.seconds is None else f"{line.seconds:.1f}",
    )


def ablated_row(line: Line) -> Sequence[str]:
    """Macro-F1 with everything, and what is gained or lost without each group."""
    whole = statistics.mean(line.f1[WHOLE])
    less = (statistics.mean(line.f1[name]) - whole for name in suggestion_engine.ABLATIONS)
    changes = (f"{change:+.3f}" for change in less)
    return (line.name, line.size, line.decision, line.figure(WHOLE), *changes)


def main() -> int:
    """Measure the sets that are named, or all; 1 where a bar was missed."""
    options = _options()
    console = Console(width=None if sys.stdout.isatty() else 200, stderr=options.markdown)
    heads: Sequence[str] = HEADS
    measure, shown = measured, row
    if options.ablations:
        without = (f"without {name}" for name in suggestion_engine.ABLATIONS)
        heads = (*HEADS[:3], WHOLE, *without)
        measure, shown = ablated, ablated_row
    known = "all texts of the set" + (f" and {options.corpus.name}" if options.corpus else "")
    about = (
        f"{machine.described()}; {options.seeds} seeds; the annotator may learn from {known}, "
        "labels unseen, word and bare from the labelled texts alone"
    )
    console.print(about)
    lines: list[Line] = []
    try:
        sets = read_sets(options.data, options.sets)
        if not sets:
            raise BenchError(f"{options.data}: no folder in it has a {FILE} with labels")
        for one in sets:
            console.print(one.described())
            for labels in sizes(one, options.seeds):
                found = measure(one, labels, seeds=options.seeds, corpus=options.corpus)
                for line in found:
                    console.print("  " + "  ".join(filter(None, shown(line))))
                lines += found
    except BenchError as fault:
        console.print(str(fault))
        return 2
    if options.markdown:
        sys.stdout.write("\n".join([f"{about}.", "", *markdown(heads, map(shown, lines)), ""]))
    else:
        console.print(table(heads, map(shown, lines)))
    return int(any(False in (line.met, line.calibrated) for line in lines))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.suggestions",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--data", type=Path, required=True, help="a folder of labelled sets")
    parser.add_argument("--corpus", type=Path, help="a larger unlabelled text")
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--sets", type=lambda names: names.split(","), default=())
    parser.add_argument("--ablations", action="store_true", help="without each group of features")
    parser.add_argument("--markdown", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
