"""Zip archives as folders: what is sound comes in, what would do harm is named."""

from __future__ import annotations

import io
import os
import stat
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.errors import ReadError
from annotator.corpus import archives, guards
from annotator.corpus.file import File


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def archive(*members: tuple[str | zipfile.ZipInfo, bytes]) -> File:
    return File.of_bytes(zipped(*members), "news.zip")


def fault(file: File) -> str:
    with pytest.raises(ReadError) as raised:
        opened(file)
    return str(raised.value)


def opened(file: File) -> list[bytes]:
    return [one.file(f"{file.name}/{one.name}").content() for one in archives.members(file)]


def test_members_come_in_the_order_of_their_names_without_folders():
    file = archive(("velm/b.txt", b"B"), ("korva/", b""), ("korva/a.txt", b"A"))

    found = [(one.name, one.file(one.name).content()) for one in archives.members(file)]

    assert found == [("korva/a.txt", b"A"), ("velm/b.txt", b"B")]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("../../bridge.txt", "its path leads out of the archive"),
        ("korva\\..\\..\\bridge.txt", "its path leads out of the archive"),
        ("/etc/bridge.txt", "its path is absolute"),
        ("C:\\bridge.txt", "its path is absolute"),
    ],
)
def test_a_member_that_would_leave_the_archive_is_refused_by_name(name, said):
    told = fault(archive((name, b"The bridge is open.")))

    assert told.startswith("news.zip/")
    assert said in told


def test_a_link_in_an_archive_is_not_followed():
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16

    assert "is a link; pack the file itself" in fault(archive((link, b"/etc/passwd")))


def test_a_member_that_unpacks_to_more_than_200_times_its_size_is_refused_unopened():
    told = fault(archive(("bomb.txt", b"0" * 5_000_000)))

    assert told.startswith("news.zip/bomb.txt: unpacks to more than 200 times its size")


def test_an_archive_that_lies_about_a_size_is_not_believed():
    content = bytearray(zipped(("bridge.txt", os.urandom(3_000))))
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = content.index(mark) + at
        content[place : place + 4] = (10).to_bytes(4, "little")

    with pytest.raises(ReadError, match=r"news\.zip/bridge\.txt: is (damaged|larger)"):
        opened(File.of_bytes(bytes(content), "news.zip"))


def test_an_archive_in_an_archive_is_refused_with_what_to_do():
    inner = zipped(("a.txt", b"A"))

    assert fault(archive(("inner.bin", inner))) == (
        "news.zip/inner.bin: is an archive inside an archive; unpack it and give that"
    )


def test_an_empty_archive_says_so():
    assert fault(archive()) == "news.zip: the archive is empty; put articles into it"


@pytest.mark.parametrize("most", [3, 2])
def test_an_archive_of_too_many_files_is_refused_whole(monkeypatch, most):
    monkeypatch.setattr(guards, "MOST_MEMBERS", most)
    file = archive(*((f"{n}.txt", b"A") for n in range(3)))

    if most == 3:
        assert len(list(archives.members(file))) == 3
    else:
        assert fault(file) == "news.zip: holds 3 files; at most 2 are read"


def test_an_office_document_is_no_archive_of_files():
    assert not archives.is_archive(archive(("[Content_Types].xml", b"<x/>"), ("word/a.xml", b"")))
    assert archives.is_archive(archive(("a.txt", b"A")))


def test_a_document_that_declares_entities_is_refused():
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'

    for content in (bomb, bomb.decode().encode("utf-16")):
        with pytest.raises(ReadError, match=r"page\.xml: declares XML entities"):
            guards.refuse_entities(content, "page.xml")


@given(st.binary(), st.integers(0, 300))
def test_a_damaged_archive_is_opened_or_refused_and_nothing_else(noise, at):
    content = zipped(("bridge.txt", b"The bridge is open. " * 9))
    file = File.of_bytes(content[:at] + noise + content[at + len(noise) :], "news.zip")

    with suppress(ReadError):
        opened(file)
