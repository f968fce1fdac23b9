"""Web archives (WARC), as crawlers write them: one article for each page that they hold."""

from __future__ import annotations

import logging
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple

from annotator.core.errors import NoTextError, ReadError
from annotator.corpus.article import Article
from annotator.corpus.file import MAX_BYTES, File
from annotator.corpus.format import Format
from annotator.corpus.guards import MOST_RATIO, RATIO_FROM
from annotator.corpus.html import read_page

SUFFIXES = (".warc", ".warc.gz")
BEGINNING = b"WARC/"
GZIP = b"\x1f\x8b"
PIECE = 65_536

MOST_HEADERS = 4 * 2**20
"""Bytes of the headers of one record, with what stands before it."""

HTML_TYPE = re.compile(r"\s*(?:text/html|application/xhtml\+xml)\b", re.IGNORECASE)
CHARSET = re.compile(r"\bcharset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)


class Record(NamedTuple):
    """One whole record: its number from 1, and what it is where it is no page (else empty).

    ``body`` are the page's bytes, packed as ``coding`` says.
    """

    number: int
    other: str
    address: str
    captured: str = ""
    charset: str = ""
    coding: str = ""
    body: bytes = b""


class Survey(NamedTuple):
    """What is in an archive: its pages, the other records by kind, addresses met again.

    ``broken`` is the number of the first record that is not whole, 0 where all are.
    """

    pages: int
    others: Counter[str]
    repeated: int
    broken: int


class _BrokenError(Exception):
    """A record that is not whole; ``args`` holds its number."""


def read_warc(file: File) -> Iterator[Article]:
    """Each page that was fetched with success, one by one; the file is gone through twice.

    The address is that of the record. The time of the capture is ``captured`` under ``meta``, and
    never the date. Raises ``ReadError`` where there is no page, or where unpacking would do harm.
    """
    survey = _survey(file)
    warnings = _told(survey)
    if not survey.pages:
        raise ReadError(f"{file.name}: {_nothing(survey)}")
    held: Article | None = None
    for article in _articles(file, warnings):
        if held:
            yield held
        held, warnings[:] = article._replace(of_file=tuple(warnings)), []
    if held is None:
        raise ReadError(f"{file.name}: {warnings[-1]}")
    yield held._replace(of_file=(*held.of_file, *warnings))


def _survey(file: File) -> Survey:
    others: Counter[str] = Counter()
    addresses: Counter[int] = Counter()
    broken = 0
    try:
        for record in _records(file):
            if record.other:
                others[record.other] += 1
            else:
                addresses[hash(record.address)] += 1
    except _BrokenError as fault:
        broken = fault.args[0]
    repeated = sum(1 for times in addresses.values() if times > 1)
    return Survey(addresses.total(), others, repeated, broken)


def _nothing(survey: Survey) -> str:
    """What to say of an archive without a page."""
    if survey.broken:
        return f"is damaged in record {survey.broken:,}, before any page; fetch the file again"
    return f"holds no web page, only records that are none: {_kinds(survey)}; give one with pages"


def _kinds(survey: Survey) -> str:
    return ", ".join(f"{number:,} {kind}" for kind, number in survey.others.most_common())


def _told(survey: Survey) -> list[str]:
    """What is said of the archive as a whole."""
    told = []
    if survey.others:
        told.append(f"records of the file that are no pages were passed over: {_kinds(survey)}")
    if survey.repeated:
        told.append(
            f"the file holds more than one capture of {survey.repeated:,} addresses; all are kept"
        )
    if survey.broken:
        told.append(
            f"the file is damaged or ends in record {survey.broken:,}; what came before it was "
            "read: fetch the file again to have the rest"
        )
    return told


def _articles(file: File, refused: list[str]) -> Iterator[Article]:
    """The pages as articles; why one cannot be read is added to ``refused``."""
    try:
        for record in _records(file):
            if not record.other:
                try:
                    yield _article(record, file.name)
                except NoTextError:
                    yield Article(text="", at=f"record {record.number}")
                except ReadError as fault:
                    refused.append(str(fault).removeprefix(f"{file.name}: "))
    except _BrokenError:
        return


def _article(record: Record, name: str) -> Article:
    at = f"record {record.number}"
    article = read_page(_decoded(record, f"{name}: {at}"), f"{name}: {at}", record.charset)
    meta = {**article.meta, "captured": record.captured}
    if article.url and article.url != record.address:
        meta["canonical"] = article.url
    return article._replace(
        url=record.address,
        meta=meta,
        found={**article.found, "url": "WARC-Target-URI"},
        at=at,
    )


def _decoded(record: Record, where: str) -> bytes:
    """The page as the server packed it, unpacked."""
    if not record.coding:
        return record.body
    for bits in (zlib.MAX_WBITS | 32, -zlib.MAX_WBITS):
        unpacking = zlib.decompressobj(bits)
        try:
            content = unpacking.decompress(record.body, MAX_BYTES)
        except zlib.error:
            continue
        if not unpacking.eof:
            break
        if len(content) > max(RATIO_FROM, MOST_RATIO * len(record.body)):
            raise ReadError(f"{where}: unpacks to more than {MOST_RATIO} times its size; left out")
        return content
    raise ReadError(f"{where}: the page cannot be unpacked ({record.coding}); left out")


def _records(file: File) -> Iterator[Record]:
    """Every whole record; raises ``_BrokenError`` at the first that is not."""
    from warcio.archiveiterator import WARCIterator  # type: ignore[import-untyped]
    from warcio.exceptions import ArchiveLoadFailed  # type: ignore[import-untyped]
    from warcio.statusandheaders import (  # type: ignore[import-untyped]
        StatusAndHeadersParserException,
    )

    class Records(WARCIterator):  # type: ignore[misc]
        INC_RECORD = ""  # it writes to stderr what it finds between records

    # It says of each odd address that it is odd; such a record is read or counted all the same.
    logging.getLogger("warcio").setLevel(logging.CRITICAL)
    number = 0
    with file.open() as opened:
        stream = _Unpacked(opened, file.name)
        records = iter(Records(stream))
        while True:
            number += 1
            stream.allowed = MOST_HEADERS
            try:
                record = next(records)
            except StopIteration:
                break
            except (ArchiveLoadFailed, StatusAndHeadersParserException, ValueError) as fault:
                raise _BrokenError(number) from fault
            except AttributeError as fault:  # a response without an address
                raise _BrokenError(number) from fault
            stream.allowed = None
            yield _whole(record, number)
    if stream.broken:
        raise _BrokenError(number)


def _whole(record: Any, number: int) -> Record:
    """A record that was read to its end, without its bytes where it is no page."""
    from warcio.bufferedreaders import ChunkedDataReader  # type: ignore[import-untyped]

    other = _other(record)
    http = record.http_headers
    chunked = http and (http.get_header("transfer-encoding") or "").lower() == "chunked"
    raw = record.raw_stream
    body = b"" if other else (ChunkedDataReader(raw) if chunked else raw).read(MAX_BYTES)
    while raw.read(PIECE):
        pass
    if record.length is None or getattr(raw, "limit", 0) > 0:
        raise _BrokenError(number)
    address = record.rec_headers.get_header("WARC-Target-URI") or ""
    if other:
        return Record(number, other, address)
    coding = (http.get_header("content-encoding") or "").strip().lower()
    charset = CHARSET.search(http.get_header("content-type") or "")
    return Record(
        number,
        "",
        address,
        captured=record.rec_headers.get_header("WARC-Date") or "",
        charset=charset[1] if charset else "",
        coding="" if coding == "identity" else coding,
        body=body,
    )


def _other(record: Any) -> str:
    """What a record is that is no page; empty for a page."""
    if record.rec_type != "response":
        return str(record.rec_type or "without a type")
    http = record.http_headers
    if http is None:
        return "not fetched from the web"
    if (status := http.get_statuscode()) != "200":
        return f"of status {status}" if re.fullmatch(r"\d{3}", status or "") else "without a status"
    if not HTML_TYPE.match(http.get_header("content-type") or ""):
        return "not HTML"
    return "" if record.length is None or record.length <= MAX_BYTES else "too large"


class _Unpacked:
    """An archive's bytes, unpacked where they are gzip: as many members as there are.

    ``broken`` tells that they end too soon. Raises ``ReadError`` for what unpacks to far more than
    it was, and for more than ``allowed`` bytes, where that is set.
    """

    def __init__(self, packed: BinaryIO, name: str) -> None:
        self.broken = False
        self.allowed: int | None = None
        self._file = packed
        self._name = name
        self._rest = packed.read(len(GZIP))
        self._member = zlib.decompressobj(zlib.MAX_WBITS | 16) if self._rest == GZIP else None
        self._read, self._given = len(self._rest), 0

    def tell(self) -> int:
        return self._given

    def read(self, most: int) -> bytes:
        """At most this many bytes; none at the end."""
        piece = self._piece(most) if self._member is None else self._unpacked(most)
        self._given += len(piece)
        if self._given > RATIO_FROM and self._given > MOST_RATIO * self._read:
            raise ReadError(
                f"{self._name}: unpacks to more than {MOST_RATIO} times its size, as harmful "
                "archives do; unpack it yourself and give that"
            )
        if self.allowed is not None:
            self.allowed -= len(piece)
            if self.allowed < 0:
                raise ReadError(
                    f"{self._name}: a record has more than {MOST_HEADERS // 2**20} MB of headers; "
                    "fetch the file again"
                )
        return piece

    def _piece(self, most: int) -> bytes:
        if self._rest:
            piece, self._rest = self._rest[:most], self._rest[most:]
            return piece
        piece = self._file.read(most)
        self._read += len(piece)
        return piece

    def _unpacked(self, most: int) -> bytes:
        while self._member is not None and not self.broken:
            if self._member.eof:
                self._rest = self._member.unused_data or self._piece(PIECE)
                if not self._rest.strip(b"\0"):
                    break
                self._member = zlib.decompressobj(zlib.MAX_WBITS | 16)
            packed = self._member.unconsumed_tail or self._piece(PIECE)
            try:
                piece = self._member.decompress(packed, most)
            except zlib.error:
                self.broken = True
                break
            if piece:
                return piece
            if not packed:
                self.broken = True
        return b""


def _is_warc(file: File) -> bool:
    if not file.head.startswith(GZIP):
        return file.head.startswith(BEGINNING)
    try:
        return (
            zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(file.head, 64).startswith(BEGINNING)
        )
    except zlib.error:
        return False


WARC = Format(
    name="warc", title="a web archive", suffixes=SUFFIXES, fits=_is_warc, articles=read_warc
)
