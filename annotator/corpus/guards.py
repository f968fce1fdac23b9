"""Containers and markup that would do harm: refused in one sentence before they are opened."""

from __future__ import annotations

import lzma
import re
import stat
import struct
import zipfile
import zlib
from pathlib import PurePosixPath, PureWindowsPath

from annotator.core.errors import ReadError

MOST_RATIO = 200
"""How many times its packed size a member may have; news text packs about 3 to 1."""

RATIO_FROM = 1_000_000
"""Bytes below which a member cannot do harm, however well it is packed."""

MOST_MEMBERS = 200_000
MOST_UNPACKED = 4_000_000_000
"""Bytes of all members of an archive together."""

DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError),
    *(NotImplementedError, ValueError, RuntimeError),
)
"""What unpacking raises where an archive is broken or packed in an unknown way."""

ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
UTF16_ENTITY = re.compile("<!ENTITY".encode("utf-16-le"), re.IGNORECASE)


def refuse_entities(content: bytes, name: str) -> None:
    """Refuse XML or HTML that declares entities: news never does, and bombs do.

    ``content`` is the whole file, or its beginning up to the first element.
    """
    if ENTITY.search(content) or UTF16_ENTITY.search(content):
        raise ReadError(
            f"{name}: declares XML entities, which a harmful file uses to fill the memory; "
            "save it again without them, or as plain text"
        )


def member_fault(info: zipfile.ZipInfo) -> str:
    """Why a member of an archive is not unpacked, and what to do; empty where it is sound.

    >>> member_fault(zipfile.ZipInfo("../etc/passwd"))
    'its path leads out of the archive; pack it again without .. in the name'
    """
    parts = PurePosixPath(info.filename.replace("\\", "/"))
    if parts.is_absolute() or PureWindowsPath(info.filename).drive:
        return "its path is absolute; pack it again with a path inside the archive"
    if ".." in parts.parts:
        return "its path leads out of the archive; pack it again without .. in the name"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "is a link; pack the file itself"
    if info.flag_bits & 1:
        return "is encrypted; unpack it with its password and give the files"
    if info.file_size > RATIO_FROM and info.file_size > MOST_RATIO * max(1, info.compress_size):
        return (
            f"unpacks to more than {MOST_RATIO} times its size, as harmful archives do; "
            "unpack it yourself and give the files"
        )
    return ""


def checked(archive: zipfile.ZipFile, name: str) -> list[zipfile.ZipInfo]:
    """The members of an archive; raises ``ReadError`` where there are too many, or too much."""
    members = archive.infolist()
    if len(members) > MOST_MEMBERS:
        raise ReadError(f"{name}: holds {len(members):,} files; at most {MOST_MEMBERS:,} are read")
    if (size := sum(one.file_size for one in members)) > MOST_UNPACKED:
        raise ReadError(
            f"{name}: unpacks to {size / 2**30:.1f} GB; at most "
            f"{MOST_UNPACKED / 2**30:.1f} GB are read: split it"
        )
    return members


def unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, most: int) -> bytes:
    """The bytes of one member, never more than ``most``, whatever the archive says of its size."""
    if refusal := member_fault(info):
        raise ReadError(f"{name}: {refusal}")
    if info.file_size > most:
        raise ReadError(
            f"{name}: has {info.file_size / 2**20:.1f} MB and the limit is {most // 2**20} MB; "
            "split it into smaller files"
        )
    try:
        with archive.open(info) as member:
            content = member.read(most + 1)
    except DAMAGE as fault:
        raise ReadError(f"{name}: is damaged in the archive ({fault}); pack it again") from fault
    if len(content) > most:
        raise ReadError(f"{name}: is larger than the archive says; pack it again")
    return content


def check_office(archive: zipfile.ZipFile, name: str, most: int) -> None:
    """Refuse an Office document whose parts are harmful: links, bombs, entities."""
    for info in checked(archive, name):
        if info.filename.endswith((".xml", ".rels")):
            refuse_entities(unpacked(archive, info, f"{name}: {info.filename}", most), name)
        elif fault := member_fault(info):
            raise ReadError(f"{name}: {info.filename}: {fault}")
