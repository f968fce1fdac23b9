"""What an unfinished run leaves beside its output, so that the same command goes on from there.

``<output>.parts`` holds the staged texts, the finished parts, and ``manifest.json``: with which
model, texts and options the run was begun, and of each finished part its texts, rows and bytes.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from annotator.core.counting import counted
from annotator.core.errors import ExportError
from annotator.workflow.scoring import Done

MANIFEST = "manifest.json"
TEXTS = "texts.parquet"
MODEL = "model"

SETTINGS = {
    "version": "another version of annotator",
    "model": "another model",
    "input": "other texts",
    "options": "other options",
}
"""What a manifest says of a run, and how a run that differs in it is told."""


class WorkingFolder:
    """The folder of one output; ``parts`` are those that are finished, by their number."""

    def __init__(self, output: Path) -> None:
        self.path = output.with_name(f"{output.name}.parts")
        self.settings: dict[str, Any] = {}
        self.parts: dict[int, Done] = {}
        self._suffix = output.suffix.lower()
        self._count = 0
        self._is_ours = False
        self._has_begun = False

    def open(self) -> None:
        """Make the folder, or read what an earlier run left in it.

        Raises ``ExportError`` where something else has its name.
        """
        if not self.path.exists():
            self.path.mkdir()
            self._is_ours = True
            self._save()
            return
        try:
            known = json.loads((self.path / MANIFEST).read_bytes())
            self.settings, self._count = dict(known["settings"]), int(known["count"])
            self.parts = {int(one[0]): Done(*map(int, one)) for one in known["parts"]}
        except (OSError, ValueError, KeyError, TypeError, IndexError) as fault:
            raise ExportError(
                f"{self.path} is in the way: it has no {MANIFEST} that can be read; move it "
                "away, or write to another file"
            ) from fault

        self._is_ours = True

    def begin(self, settings: Mapping[str, Any], count: int) -> str:
        """Keep the finished parts of a run with the same settings, in ``count`` parts.

        Those of another run go away, and it is said in what that one differed.
        """
        other = next(
            (said for name, said in SETTINGS.items() if settings[name] != self.settings.get(name)),
            "",
        )
        had = len(self.parts)
        self._has_begun = True
        self.settings, self._count = dict(settings), count
        self.parts = {at: one for at, one in self.parts.items() if _size(self.part(at)) == one.size}
        self._clear()
        self._save()
        return other if had and not self.parts else ""

    def part(self, number: int) -> Path:
        """Where a part lies; its name tells the run, so that no other run's is taken for it."""
        run = hashlib.sha256(json.dumps(self.settings, sort_keys=True).encode()).hexdigest()
        return self.path / f"part-{number:05}-{run[:12]}{self._suffix}"

    def finish(self, done: Done) -> None:
        """Note a finished part."""
        self.parts[done.number] = done
        self._save()

    def drop(self) -> None:
        """Forget what this run finished; what an earlier one did is not in question yet."""
        if self._has_begun:
            self.parts = {}

    def leave(self) -> str:
        """What stays of a run that breaks off, in words; where nothing is finished, nothing."""
        if not self.parts:
            if self._is_ours:
                self.remove()
            return ""
        if not self._has_begun:
            return ""
        return (
            f"{len(self.parts)} of {counted(self._count, 'part')} are finished and stay in "
            f"{self.path}; the same command goes on from there"
        )

    def remove(self) -> None:
        """Take the folder away with all that is in it."""
        shutil.rmtree(self.path, ignore_errors=True)

    def _clear(self) -> None:
        kept = {self.part(at).name for at in self.parts}
        for path in [*self.path.glob("part-*"), *self.path.glob(".part-*")]:
            if path.name not in kept:
                path.unlink(missing_ok=True)

    def _save(self) -> None:
        content = {
            "settings": self.settings,
            "count": self._count,
            "parts": [list(self.parts[at]) for at in sorted(self.parts)],
        }
        fresh = self.path / f".{MANIFEST}"
        fresh.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
        fresh.replace(self.path / MANIFEST)


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else -1
