"""The table of a run: on the console, in Markdown, and in a page between two marks."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from rich.console import Console

from bench.rows import Row
from bench.table import MARK, markdown, table

HEADS = ("measure", "annotator", "must reach", "met", "peers")
BEGIN, END = "<!-- bench -->", "<!-- /bench -->"
KNOWN = Path(__file__).with_name("peers.toml")


class Peer(NamedTuple):
    """Another program, with its figures of this run by their keys, and why one is missing."""

    name: str
    version: str
    figures: Mapping[str, str]
    fault: str = ""


@dataclass(frozen=True)
class Report:
    """What a run found. ``about`` is the machine before it, ``after`` how the run went."""

    about: str
    rows: Sequence[Row]
    after: str
    peers: Sequence[Peer] = ()
    known: Mapping[str, object] = field(
        default_factory=lambda: tomllib.loads(KNOWN.read_text("utf-8"))
    )

    def print(self, console: Console) -> None:
        """Show it on the console."""
        console.print(table(HEADS, self._cells()))
        console.print("\n".join(self._below()))

    def markdown(self) -> str:
        """Itself as pages in docs/ have it."""
        lines = [*markdown(HEADS, self._cells()), "", *self._below()]
        return "\n".join([f"{self.about}.", "", *lines, ""])

    def _cells(self) -> Iterator[tuple[str, ...]]:
        for row in self.rows:
            yield (row.measure, row.ours, row.bar, MARK[row.met], self._beside(row.peers))
        for peer in self.peers:
            if peer.fault:
                name = f"{peer.name} {peer.version}, this run"
                yield (name, "", "", "", f"broke off: {peer.fault}")

    def _beside(self, key: str) -> str:
        """The figures of peers: of this run where there are any, else those known before."""
        known = self.known["figures"]
        assert isinstance(known, Mapping)
        figures = {name: f"{name} {told}" for name, told in known.get(key, {}).items()}
        for peer in self.peers:
            if key in peer.figures:
                figures[peer.name] = f"{peer.name} {peer.figures[key]} (this run)"
        return "; ".join(figures.values())

    def _below(self) -> Iterator[str]:
        yield self.after
        for peer in self.peers:
            yield f"{peer.name} {peer.version} was installed and measured in this run."
        yield f"{'Other figures of peers' if self.peers else 'Peers'}: {self.known['about']}"


def has_marks(page: str) -> bool:
    """Whether a page has the two marks, once each and in their order."""
    return page.count(BEGIN) == page.count(END) == 1 and page.index(BEGIN) < page.index(END)


def put_into(page: str, written: str) -> str:
    """The page with this between its marks."""
    before, _, rest = page.partition(BEGIN)
    after = rest.partition(END)[2]
    return f"{before}{BEGIN}\n{written.strip()}\n{END}{after}"
