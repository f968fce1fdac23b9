"""Web archives to articles: pages one by one, the rest counted, damage and bombs refused."""

from __future__ import annotations

import gzip
import random
import tracemalloc
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.core.errors import ReadError
from annotator.corpus import readers, warc
from annotator.corpus.article import drafted
from annotator.corpus.file import File

PAGE = """<!DOCTYPE html><html lang="en"><head><title>{title} | Korva Herald</title>
<meta property="og:title" content="{title}"><meta property="og:site_name" content="Korva Herald">
<link rel="canonical" href="https://korva.example/canonical"></head><body>
<nav><a href="/">Home</a></nav><article><h1>{title}</h1><p>{text}</p></article></body></html>"""
TEXT = "The council of Korva met again on Monday, and an aide said that nothing was decided. " * 4


def record(kind: str, address: str, body: bytes, date: str = "2032-01-01T00:00:00Z") -> bytes:
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {address}\r\nWARC-Date: {date}\r\n"
        f"Content-Type: application/http\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body + b"\r\n\r\n"


def response(
    address: str,
    body: bytes,
    status: str = "200 OK",
    content_type: str = "text/html; charset=utf-8",
    more: str = "",
) -> bytes:
    http = f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\n{more}\r\n".encode()
    return record("response", address, http + body)


def page(number: int, title: str = "", text: str = TEXT, **more: str) -> bytes:
    body = PAGE.format(title=title or f"Story {number}", text=text).encode()
    return response(f"https://korva.example/{number}", body, **more)


def packed(records: list[bytes]) -> bytes:
    return b"".join(gzip.compress(one) for one in records)


def file_of(content: bytes, name: str = "crawl.warc.gz") -> File:
    return File.of_bytes(content, name)


def read(content: bytes, name: str = "crawl.warc.gz"):
    file = file_of(content, name)
    return list(readers.articles(file, readers.recognised(file)))


RECORDS = [record("warcinfo", "", b"software: x\r\n"), page(1), page(2)]


@pytest.mark.parametrize(
    "content",
    [b"".join(RECORDS), packed(RECORDS), gzip.compress(b"".join(RECORDS))],
    ids=["plain", "a member each", "one member"],
)
@pytest.mark.parametrize("name", ["crawl.warc.gz", "crawl.gz", "crawl"])
def test_each_page_is_an_article_however_the_archive_is_packed(content, name):
    articles = read(content, name)

    assert [one.title for one in articles] == ["Story 1", "Story 2"]
    assert [one.url for one in articles] == ["https://korva.example/1", "https://korva.example/2"]
    assert articles[0].at == "record 2"
    assert articles[0].found["url"] == "WARC-Target-URI"
    assert articles[0].meta["canonical"] == "https://korva.example/canonical"


def test_the_day_of_the_capture_is_never_the_date():
    file = file_of(packed(RECORDS))
    article = read(packed(RECORDS))[0]

    draft = drafted(article, file)

    assert (draft.published, draft.meta["captured"]) == ("", "2032-01-01T00:00:00Z")


def test_records_that_are_no_pages_are_counted_in_one_warning():
    others = [
        record(
            "request", "https://korva.example/1", b"GET / HTTP/1.1\r\nHost: korva.example\r\n\r\n"
        ),
        record(
            "request", "https://korva.example/2", b"GET / HTTP/1.1\r\nHost: korva.example\r\n\r\n"
        ),
        response("https://korva.example/a.png", b"\x89PNG", content_type="image/png"),
        page(9, status="404 Not Found"),
    ]

    articles = read(packed([*others, page(1), page(2)]))

    assert [one.title for one in articles] == ["Story 1", "Story 2"]
    assert articles[0].of_file[0] == (
        "records of the file that are no pages were passed over: 2 request, 1 not HTML, "
        "1 of status 404"
    )
    assert not any("passed over" in one for one in articles[1].of_file)


def test_captures_of_one_address_are_all_kept_and_told():
    articles = read(packed([page(1, "First"), page(1, "Second"), page(2)]))

    assert [one.title for one in articles] == ["First", "Second", "Story 2"]
    assert "more than one capture of 1 addresses" in articles[0].of_file[0]


def test_the_encoding_that_the_server_names_is_used():
    body = PAGE.format(title="Мост", text="Мост закрыт, и никто не спорит. " * 10).encode("cp1251")

    [article] = read(response("https://a.example/", body, content_type="text/html; charset=cp1251"))

    assert article.title == "Мост"


@pytest.mark.parametrize("coding", ["gzip", "deflate", "raw deflate"])
def test_a_page_that_the_server_packed_is_unpacked(coding):
    body = PAGE.format(title="Packed", text=TEXT).encode()
    raw = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    sent = {
        "gzip": gzip.compress(body),
        "deflate": zlib.compress(body),
        "raw deflate": raw.compress(body) + raw.flush(),
    }[coding]

    [article] = read(
        response("https://a.example/", sent, more=f"Content-Encoding: {coding.split()[-1]}\r\n")
    )

    assert article.title == "Packed"


def test_a_page_that_was_sent_in_chunks_is_joined():
    body = PAGE.format(title="Chunks", text=TEXT).encode()
    sent = b"%x\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n" % (50, body[:50], len(body) - 50, body[50:])

    [article] = read(response("https://a.example/", sent, more="Transfer-Encoding: chunked\r\n"))

    assert article.text == TEXT.strip()


@pytest.mark.parametrize("pack", [b"".join, packed], ids=["plain", "gzip"])
def test_an_archive_that_breaks_off_gives_what_is_whole_and_names_the_record(pack, capfd):
    whole = pack(RECORDS)

    articles = read(whole[: len(whole) - 200])

    assert [one.title for one in articles] == ["Story 1"]
    assert "the file is damaged or ends in record 3" in articles[0].of_file[-1]
    assert capfd.readouterr() == ("", "")


def test_a_page_that_cannot_be_read_leaves_the_others_in():
    entities = b'<!DOCTYPE html [<!ENTITY a "aa">]><html><p>&a;</p></html>'

    articles = read(packed([page(1), response("https://a.example/", entities), page(2)]))

    assert [one.title for one in articles] == ["Story 1", "Story 2"]
    assert articles[1].of_file[0].startswith("record 2: declares XML entities")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (packed(RECORDS[:1]), "holds no web page, only records that are none: 1 warcinfo"),
        (packed(RECORDS)[:300], "is damaged in record 2, before any page"),
        (b"WARC/1.0\r\n", "is damaged in record 1, before any page"),
        (packed([page(1, text="&#65;" * 9_000_000)]), "unpacks to more than 200 times its size"),
        (gzip.compress(b"WARC/1.0\r\nX: " + b"a" * 60_000_000), "more than"),
        (b"WARC/1.0\r\n" + b"X: y\r\n" * 2_000_000, "more than 4 MB of headers"),
    ],
    ids=["no page", "broken", "cut", "bomb", "header bomb", "headers"],
)
def test_an_archive_that_cannot_be_read_says_why(content, told):
    with pytest.raises(ReadError, match=r"\Acrawl\.warc\.gz: ") as raised:
        read(content)

    assert told in str(raised.value)


def test_a_bomb_inside_a_page_is_left_out_and_told():
    bomb = gzip.compress(b"<html>" + b" " * 30_000_000)

    articles = read(
        packed([page(1), response("https://a.example/", bomb, more="Content-Encoding: gzip\r\n")])
    )

    assert [one.title for one in articles] == ["Story 1"]
    assert "record 2: unpacks to more than 200 times its size" in articles[0].of_file[-1]


def test_memory_is_that_of_one_page_not_of_the_archive():
    def peak(pages: int) -> int:
        content = b"".join(page(number, text=TEXT * 100) for number in range(pages))
        tracemalloc.start()
        for _ in warc.read_warc(file_of(content)):
            pass
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    peak(5)  # what the libraries load is not counted

    assert peak(50) < 1.5 * peak(5)


def outcome(content: bytes):
    """The articles, or the sentence in which they were refused."""
    try:
        return list(warc.read_warc(file_of(content)))
    except ReadError as fault:
        return str(fault)


def mutated(content: bytes, seed: int) -> bytes:
    chance = random.Random(seed)
    changed = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        at, length = chance.randrange(len(changed)), chance.randint(1, 60)
        piece = changed[at : at + length]
        changed[at : at + length] = chance.choice(
            [b"", piece * 3, chance.randbytes(length), b"\r\n", b"\r\n\r\n", b"9" * 12, b"\x1f\x8b"]
        )
        changed = changed or bytearray(b"WARC/")
    return bytes(changed)


@settings(deadline=5000, max_examples=200)
@given(
    st.sampled_from([b"".join(RECORDS), packed(RECORDS)]),
    st.one_of(st.binary(), st.integers(0, 10**9)),
)
def test_any_bytes_give_articles_or_a_sentence(whole, given_):
    found = outcome(given_ if isinstance(given_, bytes) else mutated(whole, given_))

    assert found if isinstance(found, list) else found.startswith("crawl.warc.gz: ")
