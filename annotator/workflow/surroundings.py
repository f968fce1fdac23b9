"""What lies around a project file: its journal, its key, leftovers, and the disk it is on."""

from __future__ import annotations

import shutil
import stat
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from glob import escape
from pathlib import Path
from typing import Literal

from annotator.store.connection import beside

State = Literal["ok", "warning", "fault"]

NAMED = 5
"""Faults of one kind that are told one by one; the others are counted."""

ROOM_TO_SAVE = 50_000_000  # bytes below which the next saves may fail
ROOM_TO_WORK = 1_000_000_000
LARGE_WAL = 256_000_000  # bytes: many times what SQLite keeps when nothing holds it up
HOUR = 3_600.0

NETWORK = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ncpfs", "fuse.sshfs", "davfs"}
"""Names that Linux gives to file systems of other machines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing looked at: how it is, and what to do about it where it is not well."""

    name: str
    state: State = "ok"
    message: str
    advice: str = ""

    def line(self) -> str:
        """The check as a terminal tells it."""
        advice = f"; {self.advice}" if self.advice else ""
        return f"{self.state:<8} {self.name}: {self.message}{advice}"


def journal(path: Path) -> Check:
    """How much waits in the write-ahead log to be taken into the file."""
    size = size_of(beside(path, "-wal"))
    if size < LARGE_WAL:
        return Check(name="journal", message=f"{size / 1e6:,.1f} MB wait to be taken in")
    return Check(
        name="journal",
        state="warning",
        message=f"{size / 1e6:,.0f} MB wait to be taken in, which makes reading slow",
        advice="end every program that has the project open, then open it once",
    )


def secret(path: Path) -> Check:
    """Whether only its owner can read the secret that signs tokens."""
    place = beside(path, ".secret")
    if not place.exists():
        return Check(name="secret", message="not made yet")
    mode = stat.S_IMODE(place.stat().st_mode)
    if sys.platform == "win32" or not mode & 0o077:
        return Check(name="secret", message="readable by its owner only")
    return Check(
        name="secret",
        state="warning",
        message=f"others on this machine can read or change it (mode {mode:o})",
        advice=f"run `chmod 600 {place}`",
    )


def leftovers(path: Path) -> Check:
    """What a program that was ended in the middle left behind, if it is an hour old."""
    folder = beside(path, ".models")
    found = [
        *(one for what in (".backup.*", ".export.*") for one in path.parent.glob(what)),
        *path.parent.glob(f"{escape(path.name)}.secret.*"),
        *(
            one
            for what in ("**/.*.part", "**/*.tmp.npy", "vectors/.part-*")
            for one in folder.glob(what)
        ),
    ]
    old = [one for one in found if one.stat().st_mtime < time.time() - HOUR]
    if not old:
        return Check(name="leftovers", message="none")
    return Check(
        name="leftovers",
        state="warning",
        message=f"unfinished files: {', '.join(map(str, old[:NAMED]))}{more(len(old) - NAMED)}",
        advice="they can be deleted",
    )


def space(path: Path) -> Check:
    """Whether the disk has room for saves, and for trainings, exports and backups."""
    free = shutil.disk_usage(path.parent).free
    said = f"{free / 1e9:,.1f} GB free"
    if free < ROOM_TO_SAVE:
        advice = "make room now: saves will fail"
        return Check(name="space", state="fault", message=said, advice=advice)
    if free < max(ROOM_TO_WORK, 2 * size_of(path)):
        advice = "make room: training, exports and backups need it"
        return Check(name="space", state="warning", message=said, advice=advice)
    return Check(name="space", message=said)


def place_of(path: Path) -> Iterator[Check]:
    """Whether the file lies on another machine, where the system tells."""
    try:
        mounts = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return
    kind = kind_of_place(path, mounts)
    if kind in NETWORK:
        yield Check(
            name="place",
            state="warning",
            message=f"the project lies on a network file system ({kind}), whose locks are not safe",
            advice="move it to a disk of the machine that serves it",
        )
    else:
        yield Check(name="place", message=f"a disk of this machine ({kind})")


def kind_of_place(path: Path, mounts: str) -> str:
    """The kind of file system that holds a path, by a table like Linux's ``/proc/mounts``.

    >>> kind_of_place(Path("/data/p.annotator"), "disk / ext4 rw 0 0\\nnas:/v /data nfs4 rw 0 0")
    'nfs4'
    """
    rows = [line.split() for line in mounts.splitlines()]
    places = {row[1].replace("\\040", " "): row[2] for row in rows if len(row) > 2}
    above = (str(one) for one in path.parents)
    return next((places[one] for one in above if one in places), "of unknown kind")


def size_of(place: Path) -> int:
    """The bytes of a file, or of all files in a folder; 0 where there is neither."""
    if place.is_dir():
        return sum(file.stat().st_size for file in place.rglob("*") if file.is_file())
    return place.stat().st_size if place.is_file() else 0


def more(number: int) -> str:
    """The end of a list that was cut short.

    >>> more(3), more(0)
    (' and 3 more', '')
    """
    return f" and {number:,} more" if number > 0 else ""
