"""Word vectors from plain text: words that stand in the same company get like vectors.

Counts of words within ``WINDOW`` tokens of each other, positive pointwise mutual information with
smoothed contexts (Levy, Goldberg and Dagan 2015), a truncated singular value decomposition, and
each row weighted by how rare its word is (Arora, Liang and Ma 2017): the vector of a text is then
the normalised sum of its tokens' rows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from annotator.core.batches import batches
from annotator.core.errors import ModelError
from annotator.core.progress import Progress, silent
from annotator.learn.tokens import tokenise

METHOD = "ppmi-svd"
DIMS = 200
WINDOW = 20
"""Tokens to each side that are a word's company, the farther the less: 1 / distance.

Wide, since what is learned is what a text is about. On ten news frames and 250 labelled
sentences, 2 tokens gave macro-F1 .48, 5 gave .56, 10 .57, 20 .60 and 40 .58.
"""

LEAST = 3
"""Times that a word must stand in the corpus to get a vector."""

SMOOTHING = 0.75
"""The power of context counts, which keeps rare contexts from outweighing all others."""

POWER = 0.5
"""The power of singular values in a vector; 0.25 to 1 gave the same within a hundredth."""

RARITY = 1e-3
"""The share of all tokens at which a word counts half of what the rarest does."""

MOST_WORDS = 100_000
MOST_CONTEXTS = 10_000
"""Words that count as company, the most frequent; of 11,000, the first 6,000 did as well as all."""

MOST_TOKENS = 50_000_000
LITTLE = 100_000
"""Tokens below which vectors hardly help.

On the same frames, those of the project's own 16,000 tokens took up to .03 away; in a project of
136,000 tokens they added .00 to .03.
"""

LEAST_WORDS = 200
"""Words that a corpus must hold ``LEAST`` times: from fewer, nothing can be learned."""

AT_ONCE = 10_000  # texts
ITERATIONS = 4
"""Of the randomised decomposition; macro-F1 rose by .03 from one to four, by .004 to eight."""

Floats = NDArray[np.float32]
Ids = NDArray[np.int32]


class WordVectors(Protocol):
    """What features ask of word vectors, wherever they come from."""

    @property
    def card(self) -> Mapping[str, object]:
        """What is said of them: where from, how many, how made."""

    @property
    def words(self) -> tuple[str, ...]:
        """The words that have a vector, as far as they can be listed."""

    @property
    def dims(self) -> int:
        """Numbers in each vector."""

    def rows(self, lexicon: Sequence[str]) -> Floats:
        """The row of each token, (tokens, dims); zeros where it is not known.

        A text's vector is the normalised sum of its tokens' rows.
        """


@dataclass(frozen=True, eq=False)
class Vectors:
    """Vectors of words, the most frequent first: ``array`` is (words, dims), already weighted."""

    words: tuple[str, ...]
    array: Floats
    card: Mapping[str, object]

    @property
    def dims(self) -> int:
        """Numbers in each vector."""
        return int(self.array.shape[1])

    def rows(self, lexicon: Sequence[str]) -> Floats:
        """The row of each token, (tokens, dims); zeros where the corpus did not have the word.

        Pieces of words were tried for those: where letters are features too, they added nothing.
        """
        at = np.array([self._index.get(token, -1) for token in lexicon], dtype=np.intp)
        found = np.zeros((len(at), self.dims), dtype=np.float32)
        found[at >= 0] = self.array[at[at >= 0]]
        return found

    @cached_property
    def _index(self) -> dict[str, int]:
        return {word: number for number, word in enumerate(self.words)}


def learn_vectors(
    texts: Iterable[str],
    *,
    dims: int = DIMS,
    window: int = WINDOW,
    least: int = LEAST,
    seed: int,
    progress: Progress = silent,
) -> Vectors:
    """Learn from texts, read once and one by one; company ends where a text ends.

    A text that comes again is left out, so that copies of a story, or a corpus that holds the
    project's own articles, count once. The same texts and seed give the same array, bit for bit.
    Raises ``ModelError`` where there is too little text for ``dims`` dimensions, or too much.
    """
    corpus = _read(texts, progress)
    words, numbers = _vocabulary(corpus, least)
    if len(words) < max(LEAST_WORDS, 2 * dims):
        raise _too_few(corpus, len(words), dims, least)
    steps = window + 2
    counts = _company(corpus, numbers, len(words), window, progress, steps)
    progress(window, steps, "weighing pairs of words")
    weighed = _ppmi(counts)
    progress(window + 1, steps, f"finding {dims} dimensions")
    array = _decomposed(weighed, dims, seed)
    share = np.bincount(numbers[numbers >= 0], minlength=len(words)) / len(corpus.ids)
    array *= (RARITY / (RARITY + share)).astype(np.float32)[:, None]
    array /= np.linalg.norm(array, axis=1).mean()
    progress(steps, steps, "")
    return Vectors(
        words=words,
        # As they are kept, so that vectors just learned are those that are loaded later.
        array=array.astype(np.float16).astype(np.float32),
        card={
            "method": METHOD,
            "texts": corpus.texts,
            "tokens": len(corpus.ids),
            "words": len(words),
            "dims": dims,
            "window": window,
            "least": least,
            "smoothing": SMOOTHING,
            "power": POWER,
            "rarity": RARITY,
            "seed": seed,
            "corpus_sha256": corpus.sha256,
        },
    )


@dataclass(frozen=True, eq=False)
class _Corpus:
    """All texts as numbers of one lexicon; ``text_of`` tells which text a token stands in."""

    lexicon: tuple[str, ...]
    ids: Ids
    text_of: Ids
    texts: int
    sha256: str


def _read(texts: Iterable[str], progress: Progress) -> _Corpus:
    lexicon: tuple[str, ...] = ()
    ids: list[Ids] = []
    lengths: list[NDArray[np.int64]] = []
    digest = hashlib.sha256()
    tokens = 0
    for batch in batches(_once(texts, digest.update), AT_ONCE):
        progress(0, 0, f"{tokens:,} tokens read")
        cut = tokenise(batch, lexicon)
        lexicon = cut.lexicon
        ids.append(cut.ids)
        lengths.append(np.diff(cut.ends))
        tokens += len(cut.ids)
        if tokens > MOST_TOKENS:
            raise ModelError(
                f"the corpus has more than {MOST_TOKENS:,} tokens, and so many cannot be learned "
                "from at once; give a part of it"
            )
    if not tokens:
        raise ModelError("there is no text to learn from; import articles, or give a corpus")
    each = np.concatenate(lengths)
    return _Corpus(
        lexicon=lexicon,
        ids=np.concatenate(ids),
        text_of=np.repeat(np.arange(len(each), dtype=np.int32), each),
        texts=len(each),
        sha256=digest.hexdigest(),
    )


def _once(texts: Iterable[str], tell: Callable[[bytes], None]) -> Iterator[str]:
    """Each text the first time that it comes; ``tell`` is given the digest of each of these."""
    seen: set[bytes] = set()
    for text in texts:
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
        if digest not in seen and not text.isspace() and text:
            seen.add(digest)
            tell(digest)
            yield text


def _vocabulary(corpus: _Corpus, least: int) -> tuple[tuple[str, ...], Ids]:
    """The words that get a vector, the most frequent first; and the corpus in their numbers.

    A token that is not among them is -1.
    """
    count = np.bincount(corpus.ids, minlength=len(corpus.lexicon))
    order = np.argsort(-count, kind="stable")[:MOST_WORDS]
    order = order[count[order] >= least]
    number = np.full(len(count), -1, dtype=np.int32)
    number[order] = np.arange(len(order), dtype=np.int32)
    return tuple(corpus.lexicon[at] for at in order), number[corpus.ids]


def _too_few(corpus: _Corpus, words: int, dims: int, least: int) -> ModelError:
    needed = max(LEAST_WORDS, 2 * dims)
    fewer = words // 2 // 10 * 10
    smaller = f", or ask for fewer dimensions: --dims {fewer}" if words >= LEAST_WORDS else ""
    return ModelError(
        f"the corpus has {len(corpus.ids):,} tokens, and only {words:,} words stand in it at least "
        f"{least} times; {dims} dimensions need {needed:,}: give a larger corpus{smaller}"
    )


def _company(
    corpus: _Corpus, numbers: Ids, words: int, window: int, progress: Progress, steps: int
) -> sparse.csr_matrix:
    """How often two words stand near each other, each pair once, the more frequent word as row.

    Two words of which neither is frequent enough to be a context make no pair.
    """
    counts = sparse.csr_matrix((words, words), dtype=np.float32)
    for distance in range(1, window + 1):
        progress(distance - 1, steps, "counting pairs of words")
        one, other = numbers[:-distance], numbers[distance:]
        frequent = np.minimum(one, other)
        near = corpus.text_of[:-distance] == corpus.text_of[distance:]
        near &= (frequent >= 0) & (frequent < MOST_CONTEXTS)
        pairs = (frequent[near], np.maximum(one, other)[near])
        weight = np.full(len(pairs[0]), 1 / distance, dtype=np.float32)
        counts += sparse.coo_matrix((weight, pairs), shape=counts.shape).tocsr()
    return counts


def _ppmi(counts: sparse.csr_matrix) -> sparse.csr_matrix:
    """Positive pointwise mutual information of words (rows) and contexts (columns)."""
    pairs = counts.tocoo()
    # A word beside itself is its own company on both sides.
    pairs.data = np.where(pairs.row == pairs.col, 2, 1).astype(np.float32) * pairs.data
    words = counts.shape[0]
    total = np.bincount(pairs.row, pairs.data, words) + np.bincount(pairs.col, pairs.data, words)
    total -= np.bincount(pairs.row, np.where(pairs.row == pairs.col, pairs.data, 0), words)
    smoothed = total**SMOOTHING
    smoothed /= smoothed.sum()
    with np.errstate(divide="ignore"):  # a word that stood alone has no pair to be asked about
        word, context = (np.log(one).astype(np.float32) for one in (total, smoothed))
    weight = np.log(pairs.data)
    there = _positive(weight, word, context, pairs.row, pairs.col, words)
    apart = pairs.row != pairs.col
    weight, row, col = weight[apart], pairs.row[apart], pairs.col[apart]
    return there + _positive(weight, word, context, col, row, words)


def _positive(
    weight: Floats, word: Floats, context: Floats, row: Ids, col: Ids, words: int
) -> sparse.csr_matrix:
    information = weight - word[row] - context[col]
    keep = (information > 0) & (col < MOST_CONTEXTS)
    return sparse.csr_matrix(
        (information[keep], (row[keep], col[keep])), shape=(words, min(words, MOST_CONTEXTS))
    )


def _decomposed(weighed: sparse.csr_matrix, dims: int, seed: int) -> Floats:
    # scikit-learn takes a second to load, and whoever only reads vectors does not need it.
    from sklearn.utils.extmath import randomized_svd
    from threadpoolctl import threadpool_limits

    # On one thread, since with others sums are added up in another order and round otherwise.
    with threadpool_limits(1, "blas"):
        left, values, _ = randomized_svd(weighed, dims, n_iter=ITERATIONS, random_state=seed)
    array: Floats = (left * values**POWER).astype(np.float32)
    return array
