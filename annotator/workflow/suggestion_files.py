"""Suggestions as files: CSV, JSON lines or Parquet, written in parts and joined into one.

A part is written a batch at a time, as arrays: text, code and score come together only in the
bytes. The parts of a CSV have no header, so that joining them is copying them.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from annotator.exchange.csv_text import END, quoting
from annotator.learn.model import CodeCard
from annotator.workflow.partitions import Text

COLUMNS = ("id", "variable", "target", "code", "score", "suggested", "threshold", "model_id")
NAMES = COLUMNS[1:4]
PLACES = 6
"""Decimals of a score and a threshold; ``suggested`` compares them as they are written."""


class Code(NamedTuple):
    """A code that is scored, and from which score on it is suggested."""

    variable: str
    target: str
    code: str
    threshold: float


class Scored(NamedTuple):
    """Some texts, and the score of each of them for each code; NaN: no row."""

    texts: Sequence[Text]
    codes: Sequence[Code]
    scores: NDArray[np.float64]


class Cells(NamedTuple):
    """The rows of some texts as columns of equal length; ``blank`` rows have no score."""

    text: NDArray[np.intp]
    code: NDArray[np.intp]
    score: NDArray[np.float64]
    suggested: NDArray[np.int8]
    blank: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One form of output.

    ``write`` writes one part and counts its texts and rows; ``join`` makes one file of the parts,
    as they come.
    """

    write: Callable[[Path, Iterable[Scored], str, Sequence[str]], tuple[int, int]]
    join: Callable[[Path, Iterable[Path], Sequence[str]], None]


def scored(
    cards: Sequence[CodeCard],
    thresholds: Sequence[float | None],
    texts: Sequence[Text],
    scores: NDArray[np.float32],
) -> Scored:
    """The texts with their scores for every code that has a threshold, which all have learned."""
    known = [(at, cut) for at, cut in enumerate(thresholds) if cut is not None]
    codes = [
        Code(cards[at].variable, cards[at].target, cards[at].code, round(float(cut), PLACES))
        for at, cut in known
    ]
    told = np.asarray(scores[:, [at for at, _ in known]], np.float64)
    return Scored(texts, codes, told.round(PLACES))


def cells(of: Scored) -> Cells:
    """Text by text a row for every code that has a score."""
    text, code = np.nonzero(~np.isnan(of.scores))
    score = of.scores[text, code]
    thresholds = np.array([one.threshold for one in of.codes])
    blank = np.array([not one.text.strip() for one in of.texts], dtype=np.bool_)
    return Cells(text, code, score, (score >= thresholds[code]).astype(np.int8), blank[text])


def _write_csv(
    path: Path, batches: Iterable[Scored], model_id: str, keep: Sequence[str]
) -> tuple[int, int]:
    quote = quoting()

    def lines(of: Scored) -> Any:
        return _lines(
            of,
            heads=[quote((one.id, "")) for one in of.texts],
            befores=[quote((one.variable, one.target, one.code, "")) for one in of.codes],
            between=",",
            afters=[quote(("", one.threshold, model_id)) for one in of.codes],
            tails=[quote(("", *one.kept)) + END if keep else END for one in of.texts],
            nothing="",
        )

    return _write_lines(path, batches, lines)


def _write_jsonl(
    path: Path, batches: Iterable[Scored], model_id: str, keep: Sequence[str]
) -> tuple[int, int]:
    def lines(of: Scored) -> Any:
        return _lines(
            of,
            heads=['{"id": ' + _json(one.id) for one in of.texts],
            befores=[
                _members(dict(zip(NAMES, one, strict=False))) + ', "score": ' for one in of.codes
            ],
            between=', "suggested": ',
            afters=[
                _members({"threshold": one.threshold, "model_id": model_id}) for one in of.codes
            ],
            tails=[_members(dict(zip(keep, one.kept, strict=True))) + "}\n" for one in of.texts],
            nothing="null",
        )

    return _write_lines(path, batches, lines)


_json = json.JSONEncoder(ensure_ascii=False).encode


def _members(content: Mapping[str, Any]) -> str:
    """Members of an object that come behind another one."""
    return "".join(f", {_json(name)}: {_json(one)}" for name, one in content.items())


def _lines(
    of: Scored,
    *,
    heads: list[str],
    befores: list[str],
    between: str,
    afters: list[str],
    tails: list[str],
    nothing: str,
) -> Any:
    """An array of lines: what a text begins with, a code's names, its score, and the rest.

    Only scores differ from line to line; all else is made once for each text or code.
    """
    import pyarrow as pa
    from pyarrow import compute

    rows = cells(of)
    text, code = pa.array(rows.text), pa.array(rows.code)
    told = [
        compute.fill_null(pa.array(column, mask=rows.blank).cast(pa.string()), nothing)
        for column in (rows.score, rows.suggested)
    ]
    return compute.binary_join_element_wise(
        pa.array(heads, pa.string()).take(text),
        pa.array(befores, pa.string()).take(code),
        told[0],
        between,
        told[1],
        pa.array(afters, pa.string()).take(code),
        pa.array(tails, pa.string()).take(text),
        "",
    )


def _write_lines(
    path: Path, batches: Iterable[Scored], lines: Callable[[Scored], Any]
) -> tuple[int, int]:
    texts = rows = 0
    with path.open("wb") as file:
        for batch in batches:
            made = lines(batch)
            _put(file, made)
            texts += len(batch.texts)
            rows += len(made)
    return texts, rows


def _put(file: BinaryIO, lines: Any) -> None:
    """Write lines without taking them apart: an array of text holds them one behind another."""
    if len(lines):
        _, _, content = lines.buffers()
        file.write(content)


def _join_bytes(output: BinaryIO, parts: Iterable[Path]) -> None:
    for part in parts:
        with part.open("rb") as content:
            shutil.copyfileobj(content, output, 2**20)


def _join_csv(output: Path, parts: Iterable[Path], keep: Sequence[str]) -> None:
    with output.open("wb") as file:
        file.write((quoting()((*COLUMNS, *keep)) + END).encode())
        _join_bytes(file, parts)


def _join_jsonl(output: Path, parts: Iterable[Path], keep: Sequence[str]) -> None:
    with output.open("wb") as file:
        _join_bytes(file, parts)


def _schema(keep: Sequence[str]) -> Any:
    import pyarrow as pa

    types = {"score": pa.float64(), "suggested": pa.int8(), "threshold": pa.float64()}
    text = pa.dictionary(pa.int32(), pa.string())
    return pa.schema([(name, types.get(name, text)) for name in (*COLUMNS, *keep)])


def _write_parquet(
    path: Path, batches: Iterable[Scored], model_id: str, keep: Sequence[str]
) -> tuple[int, int]:
    texts = rows = 0
    with _parquet_writer(path, keep) as writer:
        for batch in batches:
            table = _table(batch, model_id, keep)
            writer.write_table(table)
            texts += len(batch.texts)
            rows += len(table)
    return texts, rows


def _table(of: Scored, model_id: str, keep: Sequence[str]) -> Any:
    """The rows as Arrow has them, what repeats as numbers in a dictionary."""
    import pyarrow as pa

    rows = cells(of)

    def named(at: NDArray[np.intp], names: Iterable[str]) -> Any:
        return pa.DictionaryArray.from_arrays(at.astype(np.int32), pa.array(names, pa.string()))

    by_code = {
        name: named(rows.code, [getattr(one, name) for one in of.codes])
        for name in ("variable", "target", "code")
    }
    return pa.table(
        {
            "id": named(rows.text, [one.id for one in of.texts]),
            **by_code,
            "score": pa.array(rows.score, mask=rows.blank),
            "suggested": pa.array(rows.suggested, mask=rows.blank),
            "threshold": np.array([one.threshold for one in of.codes])[rows.code],
            "model_id": named(np.zeros_like(rows.text), [model_id]),
            **{
                name: named(rows.text, [one.kept[at] for one in of.texts])
                for at, name in enumerate(keep)
            },
        }
    )


def _parquet_writer(path: Path, keep: Sequence[str]) -> Any:
    from pyarrow import parquet

    return parquet.ParquetWriter(
        path,
        _schema(keep),
        compression="zstd",
        use_dictionary=[name for name in (*COLUMNS, *keep) if name not in ("score", "suggested")],
        # Readers are not told of the dictionaries: to them it is text.
        store_schema=False,
    )


def _join_parquet(output: Path, parts: Iterable[Path], keep: Sequence[str]) -> None:
    from pyarrow import parquet

    with _parquet_writer(output, keep) as writer:
        for part in parts:
            with parquet.ParquetFile(part, read_dictionary=[*COLUMNS, *keep]) as content:
                for at in range(content.num_row_groups):
                    writer.write_table(content.read_row_group(at))


FORMS: dict[str, Form] = {
    ".csv": Form(write=_write_csv, join=_join_csv),
    ".jsonl": Form(write=_write_jsonl, join=_join_jsonl),
    ".parquet": Form(write=_write_parquet, join=_join_parquet),
}
