"""An invented corpus: sentences about two made-up states, with codes that leave traces in words."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from annotator.learn.model import Column

SECURITY = Column("frame", "", "security")
MARKET = Column("frame", "", "market")
FAVOR = Column("stance", "norvane", "favor")

TRACES = {
    SECURITY: ("border", "troops", "raid", "militia", "patrol"),
    MARKET: ("prices", "wheat", "tariff", "export", "bank"),
    FAVOR: ("praised", "welcomed", "thanked", "backed", "applauded"),
}
FILLER = (
    "the envoy of Norvane spoke on Tuesday in Tessaly about a new plan for the river towns "
    "while reporters of the Harbour Post waited outside and officials gave no further word"
)

MakeTable = Callable[..., pd.DataFrame]


def corpus(n: int = 200, per_document: int = 5, share: float = 0.3, seed: int = 5) -> pd.DataFrame:
    """``n`` sentences; a code's trace is there nine times in ten where the code is, else seldom."""
    rng = np.random.default_rng(seed)
    carried = {column: rng.random(n) < share for column in TRACES}
    texts = []
    for row in range(n):
        words = [str(word) for word in rng.choice(FILLER.split(), 9)]
        for column, traces in TRACES.items():
            if rng.random() < (0.9 if carried[column][row] else 0.05):
                words.insert(int(rng.integers(9)), str(rng.choice(traces)))
        texts.append(" ".join(words).capitalize() + ".")
    answers = {column.key: carried[column].astype(float) for column in TRACES}
    return pd.DataFrame(
        {
            "unit_id": [f"{row // per_document:016x}:{row}-{row + 60}" for row in range(n)],
            "document_id": [f"{row // per_document:016x}" for row in range(n)],
            "text": texts,
            "blind": True,
            "draw": 0.5,
            **answers,
        }
    )


@pytest.fixture
def make_table() -> MakeTable:
    return corpus


@pytest.fixture
def table() -> pd.DataFrame:
    return corpus()


@pytest.fixture
def columns() -> list[Column]:
    return list(TRACES)
