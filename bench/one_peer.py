"""`python -m bench.one_peer NAME FOLDER LINES`: one peer; its figures are appended to a file."""

from __future__ import annotations

import sys
from pathlib import Path

from bench import peer, peers
from bench.running import say


def main(name: str, folder: str, lines: str) -> None:
    """Install, measure, and tell each figure as it is there."""
    program = peers.PROGRAMS[name](Path(folder))
    for figure in peer.figures(program, peers.version(name)):
        say(Path(lines), figure)


if __name__ == "__main__":
    main(*sys.argv[1:])
