"""What can go wrong, as one small tree; each edge (CLI, page, route) catches its root once.

AnnotatorError
├── CodebookError   a codebook that cannot be used; carries every fault at once
├── ReadError       a file that cannot be read as articles or as a table
│   ├── DateOrderError  a date that may be two days: the user must say which
│   └── NoTextError     an article without a sentence
├── ProjectError    a project that is missing, is not one, or is newer than this program
├── RejectedEventError something a desk sent that this project cannot take
├── TableError      a table of labels that does not fit the project
├── NotKeptError    what could not be written just now: full disk, locked file
├── ExportError     an export that cannot be written
└── ModelError      a model that cannot be trained, found or trusted
"""

from __future__ import annotations

from collections.abc import Sequence


class AnnotatorError(Exception):
    """A fault in what was given, told in one plain sentence."""


class CodebookError(AnnotatorError):
    """A codebook that cannot be used. ``faults`` holds one plain line for each fault."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


class ReadError(AnnotatorError):
    """A file that cannot be read as articles or as a table."""


class DateOrderError(ReadError):
    """A date that may be two days, as 03/04/2031 is: only the user knows which."""


class NoTextError(ReadError):
    """An article without a sentence; in a file of several, the others are read."""


class ProjectError(AnnotatorError):
    """A project that is missing, is not one, or is newer than this program."""


class NotKeptError(AnnotatorError):
    """Something that could not be written just now; nothing of what was asked was done."""


class RejectedEventError(AnnotatorError):
    """Something a desk sent that this project cannot take."""


class TableError(AnnotatorError):
    """A table of labels that does not fit the project."""


class ExportError(AnnotatorError):
    """An export that cannot be written."""


class ModelError(AnnotatorError):
    """A model that cannot be trained, found or trusted."""
