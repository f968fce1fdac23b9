"""The project's sentences as numbers, cut once, in files beside the project that may be deleted.

Cutting words is nearly all the work of scoring; a training reads the numbers instead. Whatever is
damaged, half written, of another version or of another project of that name is noticed and cut
anew: each file has a checksum, and each unit a check of its id, which names its text. What is read
is always what cutting every unit by number would give, to the byte.
"""

from __future__ import annotations

import json
import shutil
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from annotator.core.progress import Progress
from annotator.learn.tokens import Tokenised, tokenise
from annotator.store import Store, tables

VERSION = 1
"""Another number cuts all anew; tokens and their pieces must then have changed."""

AT_ONCE = 20_000

STATE, LEXICON, IDS, UNITS = "state.json", "lexicon.txt", "ids.bin", "units.bin"
NAME = np.dtype([("seq", "<i8"), ("check", "<u4")])
UNIT = np.dtype([("seq", "<i8"), ("end", "<i8"), ("check", "<u4")])
ID = np.dtype("<i4")


class Cached(NamedTuple):
    """The texts of all units, the number of each unit, rising, and the check of each id."""

    texts: Tokenised
    seqs: NDArray[np.int64]
    checks: NDArray[np.uint32]


class _Whole(NamedTuple):
    """How many bytes of a file are whole, and their checksum."""

    size: int = 0
    sum: int = 0

    def and_(self, content: bytes | memoryview) -> _Whole:
        """With this behind it."""
        return _Whole(self.size + memoryview(content).nbytes, zlib.crc32(content, self.sum))


_State = dict[str, _Whole]


class _Held(NamedTuple):
    """What the files hold, as far as they are whole."""

    lexicon: tuple[str, ...]
    ids: NDArray[np.int32]
    units: NDArray[np.void]


def brought_up(store: Store, progress: Progress | None = None) -> Cached:
    """The project's tokens, with what is new cut and kept. Only one process may do so at once."""
    folder = store.cache / "tokens"
    names = np.fromiter(
        ((seq, _check(name)) for seq, name in tables.unit_names(store)), NAME, count=-1
    )
    state, lexicon, number = _usable(folder, names)
    after = int(names["seq"][number - 1]) if number else 0
    # Each run is a question of its own: in the middle of one, nothing could be written, progress
    # neither, once a coder had saved.
    while batch := list(islice(tables.unit_texts(store, after), AT_ONCE)):
        if progress:
            progress(min(number, len(names)), len(names), "cutting the words of new sentences")
        state, lexicon = _added(folder, state, lexicon, batch)
        number, after = number + len(batch), batch[-1][0]
    _, ids, units = _held(folder, state)
    ends = np.concatenate([np.zeros(1, np.int64), units["end"]])
    return Cached(Tokenised(lexicon, ids, ends), units["seq"].copy(), units["check"].copy())


def _check(name: str) -> int:
    return zlib.crc32(name.encode("utf-8", "surrogatepass"))


def _usable(folder: Path, names: NDArray[np.void]) -> tuple[_State, tuple[str, ...], int]:
    """What of the files is whole and of this project, with its lexicon and number of units."""
    state = _written(folder)
    if state is None:
        return _emptied(folder), (), 0
    held = _held(folder, state)
    both = min(len(names), len(held.units))
    wrong = [held.units[key][:both] != names[key][:both] for key in ("seq", "check")]
    same = int(np.append(np.flatnonzero(np.logical_or(*wrong)), both)[0])
    if same < len(held.units):
        held = _first(held, same)
        state = {
            LEXICON: _Whole().and_(_lines(held.lexicon)),
            IDS: _Whole().and_(held.ids.data),
            UNITS: _Whole().and_(held.units.data),
        }
        _keep(folder, state)
    return state, held.lexicon, same


def _written(folder: Path) -> _State | None:
    """What the state names as whole; None where the files do not hold just that."""
    with suppress(OSError, ValueError, TypeError, KeyError, OverflowError, RecursionError):
        said = json.loads((folder / STATE).read_text("ascii"))
        state = {name: _Whole(*said["whole"][name]) for name in (LEXICON, IDS, UNITS)}
        contents = {name: _mapped(folder / name, whole.size) for name, whole in state.items()}
        if said["version"] == VERSION and state == {
            name: _Whole().and_(content.data) for name, content in contents.items()
        }:
            return state
    return None


def _mapped(place: Path, size: int) -> NDArray[np.uint8]:
    if not size:
        return np.zeros(0, np.uint8)
    return np.memmap(place, np.uint8, mode="r", shape=(size,)).view(np.ndarray)


def _emptied(folder: Path) -> _State:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in (LEXICON, IDS, UNITS):
        (folder / name).touch()
    return {name: _Whole() for name in (LEXICON, IDS, UNITS)}


def _held(folder: Path, state: _State) -> _Held:
    contents = {name: _mapped(folder / name, whole.size) for name, whole in state.items()}
    lexicon = contents[LEXICON].tobytes().decode("utf-8", "surrogatepass").split("\n")[:-1]
    return _Held(tuple(lexicon), contents[IDS].view(ID), contents[UNITS].view(UNIT))


def _first(held: _Held, units: int) -> _Held:
    """What would be held of so many units alone; a token's number tells when it was first seen."""
    ids = held.ids[: int(held.units["end"][units - 1]) if units else 0]
    return _Held(held.lexicon[: int(ids.max(initial=-1)) + 1], ids, held.units[:units])


def _added(
    folder: Path, state: _State, lexicon: Sequence[str], batch: Sequence[tuple[int, str, str]]
) -> tuple[_State, tuple[str, ...]]:
    """Cut a batch of units and write it behind what is there."""
    cut = tokenise((text for _, _, text in batch), lexicon)
    units = np.zeros(len(batch), UNIT)
    units["seq"] = [seq for seq, _, _ in batch]
    units["end"] = cut.ends[1:] + state[IDS].size // ID.itemsize
    units["check"] = [_check(name) for _, name, _ in batch]
    new = {
        LEXICON: _lines(cut.lexicon[len(lexicon) :]),
        IDS: cut.ids.astype(ID).tobytes(),
        UNITS: units.tobytes(),
    }
    for name, content in new.items():
        _put(folder / name, state[name].size, content)
    state = {name: state[name].and_(content) for name, content in new.items()}
    _keep(folder, state)
    return state, cut.lexicon


def _lines(tokens: Sequence[str]) -> bytes:
    return "".join(f"{token}\n" for token in tokens).encode("utf-8", "surrogatepass")


def _put(path: Path, at: int, content: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(content)
        file.truncate()


def _keep(folder: Path, state: _State) -> None:
    """Say what is whole: last, so that what was broken off before is written over."""
    fresh = folder / f".{STATE}.part"
    try:
        fresh.write_text(json.dumps({"version": VERSION, "whole": state}), "ascii")
        fresh.replace(folder / STATE)
    finally:
        fresh.unlink(missing_ok=True)


def parts(texts: Tokenised, size: int) -> Iterator[tuple[slice, Tokenised]]:
    """The texts in runs of so many, with the lexicon of all."""
    for first in range(0, len(texts), size):
        run = slice(first, min(first + size, len(texts)))
        begin, end = texts.ends[run.start], texts.ends[run.stop]
        ends = texts.ends[run.start : run.stop + 1] - begin
        yield run, Tokenised(texts.lexicon, texts.ids[begin:end], ends)
