"""Which sentences of a project stand around which, as articles are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from annotator.learn.context import NOWHERE, Around, Near, in_a_row
from annotator.store import Store, tables


@dataclass(frozen=True, eq=False)
class ReadingOrder:
    """Every unit, article by article and sentence by sentence: its number, and its article's."""

    seqs: NDArray[np.int64]
    documents: NDArray[np.int64]

    @classmethod
    def of(cls, store: Store) -> ReadingOrder:
        """The order of all units of a project, those of retired articles too."""
        rows = np.fromiter(tables.reading_order(store), np.dtype("i8,i8"))
        return cls(rows["f0"], rows["f1"])

    def around(self, seqs: NDArray[np.int64]) -> Around:
        """The neighbours of units, in the order of these numbers.

        Units that came in since these were counted are nobody's neighbours, and those that went
        have none.
        """
        from scipy import sparse  # a tenth of a second that the first page need not wait for

        known = np.isin(self.seqs, seqs)
        place = np.searchsorted(seqs, self.seqs[known])
        read = in_a_row(self.documents[known]).shares.tocoo()
        cells = (read.data, (place[read.row], place[read.col]))
        return Around(sparse.csr_matrix(cells, shape=(len(seqs), len(seqs))))

    def near(self, store: Store, units: Sequence[int]) -> list[Near]:
        """The texts around some units."""
        at = {seq: place for place, seq in enumerate(self.seqs.tolist())}
        found = [self._steps(at[unit]) if unit in at else ((), ()) for unit in units]
        wanted = sorted({seq for steps in found for step in steps for seq in step})
        known = tables.texts_of(store, wanted)

        def told(step: tuple[int, ...]) -> tuple[str, ...]:
            return tuple(known[seq] for seq in step if seq in known)

        return [(told(one), told(two)) for one, two in found]

    def _steps(self, place: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        one, two = (
            tuple(
                int(self.seqs[at])
                for at in (place - step, place + step)
                if 0 <= at < len(self.seqs) and self.documents[at] == self.documents[place]
            )
            for step in (1, 2)
        )
        return one, two


def near_unit(store: Store, unit: str) -> Near:
    """The texts around one unit, by its id; none around a unit that is not there."""
    steps: dict[int, list[str]] = {1: [], 2: []}
    for step, text in tables.texts_around(store, unit):
        steps[step].append(text)
    return (tuple(steps[1]), tuple(steps[2])) if steps[1] else NOWHERE
