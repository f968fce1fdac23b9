"""An invented corpus: sentences about two made-up states, with codes that leave traces in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
import pytest
from hypothesis import settings
from threadpoolctl import threadpool_limits

from annotator.learn.context import Near
from annotator.learn.fit import fit
from annotator.learn.model import Column, Model

# How long an example takes says how busy the machine is.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

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


def corpus(n: int = 180, per_document: int = 5, share: float = 0.3, seed: int = 5) -> pd.DataFrame:
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


def runs(documents: int = 24, length: int = 8, seed: int = 5) -> pd.DataFrame:
    """Articles in which the first code stands in a run of four sentences, seldom named."""
    rng = np.random.default_rng(seed)
    table = corpus(documents * length, length, seed=seed)
    begin = rng.integers(0, length - 3, documents)
    place = np.arange(len(table)) % length
    carried = (place >= np.repeat(begin, length)) & (place < np.repeat(begin, length) + 4)
    texts = []
    for has_code in carried:
        words = [str(word) for word in rng.choice(FILLER.split(), 9)]
        if rng.random() < (0.4 if has_code else 0.03):
            words.insert(4, str(rng.choice(TRACES[SECURITY])))
        texts.append(" ".join(words))
    return table.assign(
        text=texts, near=near_each(texts, length), **{SECURITY.key: carried.astype(float)}
    )


def near_each(texts: list[str], length: int) -> list[Near]:
    """What stands one and two steps away from each sentence of articles of one length."""

    def steps_away(at: int, step: int) -> tuple[str, ...]:
        return tuple(
            texts[other]
            for other in (at - step, at + step)
            if 0 <= other < len(texts) and other // length == at // length
        )

    return [(steps_away(at, 1), steps_away(at, 2)) for at in range(len(texts))]


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> Iterator[None]:
    """Threads of small products wait for each other longer than they work."""
    import scipy.linalg  # noqa: F401 - brings a library of its own, which must be there to be held

    with threadpool_limits(1, user_api="blas"):
        yield


@pytest.fixture(scope="session")
def model() -> Model:
    """Learned from the corpus as it is; to be looked at and not to be changed."""
    return fit(corpus(), list(TRACES), seed=1, progress=lambda *step: None)


@pytest.fixture(scope="session")
def make_table() -> MakeTable:
    return corpus


@pytest.fixture(scope="session")
def in_runs() -> MakeTable:
    return runs


@pytest.fixture
def table() -> pd.DataFrame:
    return corpus()


@pytest.fixture(scope="session")
def columns() -> list[Column]:
    return list(TRACES)
