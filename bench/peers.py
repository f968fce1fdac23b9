"""Other programs, installed into throw-away environments and measured with the same browser."""

from __future__ import annotations

import json
import shutil
import tomllib
from pathlib import Path

from bench import label_studio, potato, running
from bench.peer import Program
from bench.report import KNOWN, Peer

PROGRAMS: dict[str, type[Program]] = {
    "Potato": potato.Potato,
    "Label Studio": label_studio.LabelStudio,
}
NAMES = tuple(PROGRAMS)
MINUTES = 10
"""How long one of them may take, its installation included."""


def version(name: str) -> str:
    """The release that is installed."""
    return str(tomllib.loads(KNOWN.read_text("utf-8"))["versions"][name])


def measured(name: str, folder: Path) -> Peer:
    """What one of them came to, in a process of its own; it is removed afterwards."""
    place = folder / PROGRAMS[name].package
    place.mkdir()
    words = ("bench.one_peer", name, str(place))
    lines, fault = running.run(words, folder, place.name, MINUTES)
    shutil.rmtree(place)
    return Peer(name, version(name), dict(map(json.loads, lines)), fault)
