"""Packed files: read as what is inside, damage and bombs told before anything is used."""

from __future__ import annotations

import gzip

import pytest

from annotator.core.errors import ReadError
from annotator.corpus import gzipped, readers
from annotator.corpus.file import File

TABLE = b"id,text\n1,The road was shut.\n2,It rained on Korva.\n"


def test_a_packed_table_is_the_table_inside():
    file = gzipped.unpacked(File.of_bytes(gzip.compress(TABLE), "news.csv.gz"))

    assert (file.name, file.size, file.content()) == ("news.csv", len(TABLE), TABLE)
    rows = list(readers.rows(file, readers.recognised(file)).rows)
    assert [row.cells["text"] for row in rows] == ["The road was shut.", "It rained on Korva."]


def test_any_other_file_stays_as_it_is():
    plain = File.of_bytes(TABLE, "news.csv")

    assert gzipped.unpacked(plain) is plain


def test_a_web_archive_stays_packed_as_its_reader_wants_it():
    archive = File.of_bytes(gzip.compress(b"WARC/1.0\r\n"), "news.warc.gz")

    assert gzipped.unpacked(archive) is archive


@pytest.mark.parametrize(
    "content",
    [TABLE, gzip.compress(TABLE)[:-9], gzip.compress(TABLE)[:12] + b"\xff" * 40],
    ids=["not packed", "cut short", "overwritten"],
)
def test_damage_is_told_before_a_row_is_read(content):
    with pytest.raises(ReadError, match=r"^news\.csv\.gz: is damaged"):
        gzipped.unpacked(File.of_bytes(content, "news.csv.gz"))


def test_what_unfolds_without_end_is_refused(monkeypatch):
    monkeypatch.setattr(gzipped, "LARGEST", 2**20)

    with pytest.raises(ReadError, match="unfolds to more than"):
        gzipped.unpacked(File.of_bytes(gzip.compress(b"\0" * 2**21), "news.txt.gz"))
