"""Texts as numbers: pieces of words and whole words, and what stands together in the project.

Everything is a sum over tokens. A text's row is, for each kind of piece, the sum of its tokens'
rows, divided by the text's length in that kind; so a model is one table of tokens × codes, and a
text is scored by adding up the rows of its tokens, however rich the features are.

The length is the root of the sum of the tokens' squared lengths, as if no piece stood in two of
them. Against the true length it made no difference (macro-F1 within .01 on three sets), and it
needs no look at pieces.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from annotator.learn.hashing import Hashes, Pieces, letter_pieces, word_pieces
from annotator.learn.tokens import Tokenised

if TYPE_CHECKING:
    from scipy import sparse

    from annotator.learn.vectors import WordVectors

LEAST_TEXTS = 2
"""Texts a piece must stand in: what stands in one tells nothing of another."""

MOST_TEXTS = 10_000
"""Texts that pieces and topics are learned from; more change neither."""

TOPICS = 150
"""Axes of what stands together, of each kind of piece.

With 60, macro-F1 was up to 3 points lower from 250 labels on, and 1 point higher below.
"""

MOST_VECTORS = 100_000
"""Tokens of a project that vectors are asked for beside the words that they list."""

LEAST_ANSWERS = 5
"""Positives, and as many negatives, that a code is learned from at least."""

Floats = NDArray[np.float32]


class Kind(NamedTuple):
    """One kind of piece: how tokens are cut, and the power of a piece's rarity as its weight."""

    cut: Callable[[Sequence[str]], Pieces]
    power: float


KINDS: Mapping[str, Kind] = {
    "letters": Kind(letter_pieces, 1.5),
    "words": Kind(word_pieces, 2.0),
    "vectors": Kind(word_pieces, 0.0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Which groups of features are on; all that proved worth their cost are.

    ``letters`` and ``words`` are the pieces; ``topics`` is what stands together in the project's
    own sentences, coded or not; ``codebook`` lets the codes' own words speak as examples;
    ``vectors`` are word vectors, where the project has some; ``context`` lets the sentences around
    one speak too. ``least`` is how many positives, and
    as many negatives, a code is learned from at least.
    """

    letters: bool = True
    words: bool = True
    topics: bool = True
    codebook: bool = True
    vectors: bool = True
    context: bool = True
    least: int = LEAST_ANSWERS


@dataclass(frozen=True, eq=False, kw_only=True)
class Block:
    """One kind of piece as learned from texts: its numbers, rising, their weights and topics.

    ``topics`` is ``(pieces, axes)``, scaled so that a text's topics are about as long as the rest
    of its row; without topics it has no axes. Word vectors are topics of words that do not count
    by themselves: their weight is the length of their vector.
    """

    kind: str
    hashes: Hashes
    weights: Floats
    topics: Floats

    @property
    def counts_alone(self) -> bool:
        """Whether a piece tells something beside its topics."""
        return self.kind != "vectors"

    def table(self, lexicon: Sequence[str]) -> sparse.csr_matrix:
        """``(tokens, pieces)``: the weight of each piece in each token, float32."""
        from scipy import sparse  # a tenth of a second that the first page need not wait for

        owner, hashes = KINDS[self.kind].cut(lexicon)
        shape = (len(lexicon), len(self.hashes))
        if not len(self.hashes):
            return sparse.csr_matrix(shape, dtype=np.float32)
        place = np.minimum(np.searchsorted(self.hashes, hashes), len(self.hashes) - 1)
        known = self.hashes[place] == hashes
        cells = (self.weights[place[known]], (owner[known], place[known]))
        return sparse.csr_matrix(cells, shape=shape, dtype=np.float32)


@dataclass(frozen=True, eq=False)
class Features:
    """What was learned of a project's text without any label, one block for each kind of piece."""

    blocks: tuple[Block, ...]


def fit_features(texts: Tokenised, settings: Settings, seed: int) -> Features:
    """Learn which pieces there are, how rare they are, and what stands together."""
    counts = counted(texts)
    wanted = {"letters": settings.letters, "words": settings.words}
    return Features(
        tuple(
            _block(kind, texts.lexicon, counts, settings, seed)
            for kind, is_on in wanted.items()
            if is_on
        )
    )


def with_vectors(
    features: Features, vectors: WordVectors, texts: Tokenised, lexicon: Sequence[str] = ()
) -> Features:
    """The features and what word vectors say of the tokens of the texts, and of a lexicon."""
    words = tuple(dict.fromkeys([*texts.lexicon, *vectors.words, *lexicon[:MOST_VECTORS]]))
    rows = vectors.rows(words)
    length = np.sqrt(np.square(rows).sum(axis=1))
    hashes = word_pieces(words).hashes
    known = np.flatnonzero(length > 0)
    known = known[np.argsort(hashes[known])]
    block = Block(
        kind="vectors",
        hashes=hashes[known],
        weights=length[known],
        topics=rows[known] / length[known, np.newaxis],
    )
    table, counts = block.table(texts.lexicon), counted(texts)
    sums = (counts @ (table @ block.topics)) / lengths(counts, table)[:, np.newaxis]
    usual = float(np.sqrt(np.mean(np.square(sums).sum(axis=1)))) if len(texts) else 0.0
    scaled = block.topics / np.float32(max(usual, 1e-9))
    return Features((*features.blocks, replace(block, topics=scaled)))


def counted(texts: Tokenised) -> sparse.csr_matrix:
    """``(texts, lexicon)``: 1 + the logarithm of how often each token stands in each text."""
    from scipy import sparse

    counts = sparse.csr_matrix(
        (np.ones(len(texts.ids), np.float32), texts.ids.copy(), texts.ends.copy()),
        shape=(len(texts), len(texts.lexicon)),
    )
    # In place, and the numbers of the texts are others' too.
    counts.sum_duplicates()
    counts.data = 1 + np.log(counts.data)
    return counts


def lengths(counts: sparse.csr_matrix, table: sparse.csr_matrix) -> Floats:
    """The length of each text in one kind of piece, at least a hair."""
    of_token = np.asarray(table.multiply(table).sum(axis=1)).ravel()
    squared: Floats = np.maximum(counts.power(2) @ of_token, 1e-9)
    return np.sqrt(squared)


def _block(
    kind: str, lexicon: Sequence[str], counts: sparse.csr_matrix, settings: Settings, seed: int
) -> Block:
    from scipy import sparse

    owner, hashes = KINDS[kind].cut(lexicon)
    numbers, place = np.unique(hashes, return_inverse=True)
    cells = (np.ones(len(owner), np.float32), (owner, place))
    there = counts @ sparse.csr_matrix(cells, shape=(len(lexicon), len(numbers)))
    texts_with = np.bincount(there.indices, minlength=len(numbers))
    kept = texts_with >= LEAST_TEXTS
    rarity = np.log((1 + counts.shape[0]) / (1 + texts_with[kept])) + 1
    weights = (rarity ** KINDS[kind].power).astype(np.float32)
    bare = Block(
        kind=kind,
        hashes=numbers[kept],
        weights=weights,
        topics=np.zeros((len(weights), 0), np.float32),
    )
    if not settings.topics:
        return bare
    table = bare.table(lexicon)
    rows = sparse.diags(1 / lengths(counts, table)) @ (counts @ table)
    return Block(kind=kind, hashes=bare.hashes, weights=weights, topics=_topics(rows, seed))


def _topics(rows: sparse.csr_matrix, seed: int) -> Floats:
    """The strongest axes of the rows, each as long as the root of its strength."""
    from sklearn.utils.extmath import randomized_svd
    from threadpoolctl import threadpool_limits

    axes = min(TOPICS, rows.shape[0] - 1, rows.shape[1] - 1)
    if axes < 1:
        return np.zeros((rows.shape[1], 0), np.float32)
    # On one thread, since others add up in another order, and round otherwise.
    with threadpool_limits(1, "blas"):
        _, strength, found = randomized_svd(rows, axes, n_iter=4, random_state=seed)
    scaled = found.T * np.sqrt(strength)
    usual = np.sqrt(np.mean(np.sum(np.square(rows @ scaled), axis=1)))
    # As exact as they are kept on disk, so that a model learned from there is the same.
    kept: Floats = (scaled / max(float(usual), 1e-9)).astype(np.float16).astype(np.float32)
    return kept
