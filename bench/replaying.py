"""How many labels ways of choosing need, beside chance, on labelled sets.

`python -m bench.replaying --data DIR [--seeds 12] [--sets frac,babe] [--orders least-sure]
[--markdown]`. Each seed draws a test part of 30 % (whole documents where they are known; the set's
own test part where it has one) that stands for the random stream, and plays the rest again. The
codebook is the labels' own names. The figures are of the mean curve over the seeds.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from rich.console import Console
from threadpoolctl import threadpool_limits

from annotator.core.progress import silent
from annotator.learn.features import Settings, fit_features
from annotator.learn.fit import Material
from annotator.learn.model import Column
from annotator.learn.replay import BASELINE, needed, replay
from annotator.learn.tokens import tokenise
from bench.suggestion_data import BenchError, LabelledSet, parts, read_sets
from bench.table import MARK, markdown, table

SEEDS = 12
ORDERS = ("least-sure", "rare-code", "disagreement", "diverse")
GOAL, MOST = 0.9, 0.6
"""The share of the full F1, and the share of chance's labels to reach it with."""

HEADS = ("set", "order", "80 %", "90 %", "95 %", "of chance at 90 %", "must be", "")


class Line(NamedTuple):
    """What one order needs on one set, beside chance."""

    name: str
    order: str
    needs: dict[float, float | None]
    share: float | None

    @property
    def met(self) -> bool | None:
        """Whether it needs few enough; None for chance itself."""
        return None if self.order == BASELINE or self.share is None else self.share <= MOST

    def cells(self) -> tuple[str, ...]:
        """The line of the table."""
        labels = ["" if found is None else f"{found:.0f}" for found in self.needs.values()]
        share = "" if self.share is None or self.order == BASELINE else f"{self.share:.0%}"
        must = "" if self.order == BASELINE else f"≤ {MOST:.0%}"
        return (self.name, self.order, *labels, share, must, MARK[self.met])


@threadpool_limits.wrap(limits=1)
def measured(one: LabelledSet, orders: Sequence[str], seeds: int) -> list[Line]:
    """One line per order."""
    curves: dict[str, list[list[float]]] = {}
    full, sizes, pool = [], [], 0
    for seed in range(seeds):
        played = replay(
            _table(one, seed),
            _columns(one),
            orders,
            material=_material(one),
            seed=seed,
            runs=1,
            progress=silent,
        )
        full.append(played.full)
        sizes, pool = played.sizes, played.pool
        for curve in played.curves:
            curves.setdefault(curve.order, []).extend(curve.f1)
    shortest = min(len(each) for found in curves.values() for each in found)
    needs = {
        order: needed(sizes[:shortest], [f1[:shortest] for f1 in found], float(np.mean(full)), pool)
        for order, found in curves.items()
    }
    chance = needs[BASELINE][GOAL]
    return [
        Line(one.name, order, found, mine / chance if (mine := found[GOAL]) and chance else None)
        for order, found in needs.items()
    ]


def _columns(one: LabelledSet) -> list[Column]:
    return [Column("code", "", str(at)) for at in range(len(one.rows.codes))]


def _table(one: LabelledSet, seed: int) -> pd.DataFrame:
    _, tested = parts(one, seed)
    draws = np.full(len(one.rows.texts), 0.5)
    draws[tested] = 0.0
    answers = {
        column.key: one.rows.truth[:, at].astype(float) for at, column in enumerate(_columns(one))
    }
    return pd.DataFrame(
        {
            "unit_id": [f"{at:08}" for at in range(len(draws))],
            "document_id": one.rows.documents,
            "text": one.rows.texts,
            "blind": True,
            "draw": draws,
            **answers,
        }
    )


def _material(one: LabelledSet) -> Material:
    return Material(
        features=fit_features(tokenise(one.rows.texts), Settings(), seed=0),
        spoken={
            column.key: [title] for column, title in zip(_columns(one), one.rows.codes, strict=True)
        },
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 1 where no order needs few enough labels on two sets."""
    parser = argparse.ArgumentParser(prog="bench.replaying", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--sets", default="")
    parser.add_argument("--orders", default=",".join(ORDERS))
    parser.add_argument("--markdown", action="store_true")
    asked = parser.parse_args(arguments)
    try:
        sets = read_sets(asked.data, [name for name in asked.sets.split(",") if name])
    except BenchError as fault:
        sys.stderr.write(f"{fault}\n")
        return 2
    lines: list[Line] = []
    console = Console(width=None if sys.stdout.isatty() else 200, stderr=asked.markdown)
    for one in sets:
        console.print(one.described())
        for line in measured(one, asked.orders.split(","), asked.seeds):
            console.print("  " + "  ".join(filter(None, line.cells())))
            lines.append(line)
    if asked.markdown:
        sys.stdout.write("\n".join([*markdown(HEADS, [line.cells() for line in lines]), ""]))
    else:
        console.print(table(HEADS, [line.cells() for line in lines]))
    return 0 if len({line.name for line in lines if line.met}) >= 2 else 1


if __name__ == "__main__":
    sys.exit(main())
