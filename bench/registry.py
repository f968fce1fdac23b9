"""Everything that is measured: the design's table of speed in its order, then what is besides."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bench.rows import Bench, Row


class Measure(NamedTuple):
    """What is measured by one name: the function of a module here that yields its rows.

    ``design`` is the row of the design's table that it is of, and empty for what is besides.
    """

    name: str
    module: str
    function: str
    design: str = ""

    @property
    def rows(self) -> Callable[[Bench], Iterator[Row]]:
        """The function; its module is imported only now."""
        found: Callable[[Bench], Iterator[Row]]
        found = getattr(importlib.import_module(f"bench.{self.module}"), self.function)
        return found


MEASURES = (
    Measure("painted", "coding", "painted", "key → next sentence painted"),
    Measure("typed", "coding", "typed", "typed at 10 and 30 keys a second"),
    Measure("paced", "coding", "paced", "durable save, 32 coders"),
    Measure("loop", "coding", "loop", "saves a second, closed loop"),
    Measure("long-day", "coding", "long_day", "save after 10,000 by the same coder"),
    Measure("import", "moving", "import_", "import of 100,000 units"),
    Measure("export", "moving", "export", "export of 10,000 annotated units"),
    Measure("retrain", "learning", "retrain", "retrain"),
    Measure("training-desk", "learning", "training_desk_", "retrain"),
    Measure("rescored", "learning", "rescored", "re-score of 1,000,000 units"),
    Measure("new-text", "learning", "new_text", "new text"),
    Measure("many-cores", "learning", "many_cores", "new text"),
    Measure("machines", "learning", "machines", "new text"),
    Measure("start", "starting", "start", "process start → page usable"),
    Measure("install", "starting", "install", "install"),
    Measure("acknowledged", "coding", "acknowledged"),
    Measure("text-files", "moving", "text_files"),
    Measure("tiny-files", "moving", "tiny_files"),
    Measure("segmenting", "finding", "segmenting_"),
    Measure("quotations", "finding", "quotations_"),
    Measure("duplicates", "finding", "duplicates_"),
    Measure("search", "finding", "search_"),
    Measure("suggestions", "learning", "suggestions_"),
    Measure("ranking", "learning", "ranking_"),
    Measure("reasons", "learning", "reasons_"),
)
"""In the order of the table."""

BY_NAME = {measure.name: measure for measure in MEASURES}
DESIGN = tuple(measure.name for measure in MEASURES if measure.design)
"""What is measured where nothing is named."""
