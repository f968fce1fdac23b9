"""The examples of CONTRIBUTING.md are true: each runs as printed, and every place is there."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from annotator.corpus.file import File
from annotator.exchange import codebook_toml
from annotator.exchange.columns import DESCRIPTIONS
from annotator.learn import samplers
from annotator.learn.samplers import Frame, Sampler
from annotator.workflow import export_formats
from tests.test_architecture import MAY_IMPORT

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", PAGE, re.DOTALL)
MADE = re.findall(r"^1\. `(\S+)`[:;]", PAGE, re.MULTILINE)
"""The files that the examples make."""


def block(holding: str, language: str = "python") -> str:
    (found,) = [text for name, text in BLOCKS if name == language and holding in text]
    return found


def run(text: str, known: dict[str, Any] | None = None) -> dict[str, Any]:
    names = dict(known or {})
    exec(compile(text, "CONTRIBUTING.md", "exec"), names)
    return names


def test_the_examples_make_files_that_are_not_there_yet():
    assert MADE == [
        "labels/solutions.toml",
        "annotator/corpus/eml.py",
        "annotator/exchange/memos_csv.py",
    ]
    assert [name for name in MADE if (ROOT / name).exists()] == []


@pytest.mark.parametrize(
    "place",
    sorted(
        {*re.findall(r"`((?:annotator|tests|labels|docs)/\S*?)`", PAGE)}
        | {*re.findall(r"\]\((\w[^)]*)\)", re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL))}
    ),
)
def test_every_place_that_is_named_is_there(place):
    assert place in MADE or (ROOT / place).exists()


def test_the_table_of_layers_has_them_all():
    layers = set(re.findall(r"`(\w+)`", PAGE.partition("| layer |")[2].partition("\n\n")[0]))

    assert {*MAY_IMPORT} - {"sample", "__main__"} == layers


def test_the_codebook_has_no_fault(tmp_path):
    (tmp_path / "solutions.toml").write_text(block("Problem", "toml"), encoding="utf-8")

    codes = codebook_toml.load(tmp_path / "solutions.toml").variable[0].code
    assert [code.name for code in codes] == ["problem", "response"]


def test_the_reader_reads_the_letter():
    read = run(block("read_eml"))["EML"]
    ((name, letter),) = run(f"files = {{{block('letter.eml')}}}")["files"].items()
    file = File.of_bytes(letter, name)

    assert read.fits(file)
    (article,) = read.articles(file)
    assert (article.title, article.author) == (
        "Bridge closed",
        "Ilena Marsh <ilena@courier.example>",
    )
    assert article.text == "The bridge was closed. Nobody may pass.\n"
    assert article.found == {"title": "Subject", "author": "From", "date": "Date"}


def test_the_sampler_goes_by_the_places_in_articles():
    known = run(block("def _openings"), vars(samplers))
    (sampler,) = run(f"entries = {{{block('How articles begin')}}}", known)["entries"].values()
    frame = Frame(
        seqs=np.arange(5), documents=np.array([1, 1, 1, 2, 2]), draws=np.zeros(5), texts=list
    )

    assert isinstance(sampler, Sampler)
    assert sampler.rank(frame, "").tolist() == [0, -1, -2, 0, -1]


def test_the_export_writes_columns_that_are_explained():
    written = run(block("The remarks"))
    out = io.StringIO()

    assert written["write"]([], out) == 0
    assert out.getvalue() == ",".join(written["COLUMNS"]) + "\r\n"
    assert set(written["COLUMNS"]) <= set(DESCRIPTIONS)


def test_the_entry_of_the_export_is_one():
    known = vars(export_formats) | {"memos_csv": None}
    made = run(f"{block('def _memos')}\nentries = {{{block('description=')}}}", known)["entries"]

    assert isinstance(made["memos"], export_formats.Format)
