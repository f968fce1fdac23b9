"""The options that say where a table keeps its labels, for every command that reads one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import click

from annotator.core.errors import TableError

_OPTIONS = (
    click.option(
        "--labels",
        multiple=True,
        metavar="COL",
        help="The column of the labels; give it again for columns that stand for a label each.",
    ),
    click.option(
        "--labels-like", multiple=True, metavar="PATTERN", help="Such columns at once: 'frame_*'."
    ),
    click.option(
        "--labels-for",
        multiple=True,
        metavar="TARGET=COL",
        help="A column of labels for each target.",
    ),
    click.option(
        "--labels-by", multiple=True, metavar="CODER=COL", help="A column of labels of each coder."
    ),
    click.option(
        "--given", default="", metavar="COL", help="The column that says yes or no to the label."
    ),
    click.option("--delimiter", default="", help="What stands between several labels in a cell."),
    click.option("--text", default="", metavar="COL", help="The column of the text."),
    click.option("--id", "id_", default="", metavar="COL", help="The column of the id."),
    click.option(
        "--target", default="", metavar="COL", help="The column of what the label is about."
    ),
    click.option("--coder-column", default="", metavar="COL", help="The column that names coders."),
    click.option(
        "--not-asked",
        multiple=True,
        metavar="VALUE",
        help="What a yes/no cell says where nobody was asked, beside -1 and NA.",
    ),
    click.option("--variable", default="", help="The question of the codebook that is answered."),
)

_OF_ANSWERS = (
    click.option(
        "--map",
        "codes",
        multiple=True,
        metavar="LABEL=CODE",
        help="What a label or column is; 'LABEL=' is no code, 'LABEL=-' leaves its rows out.",
    ),
    click.option(
        "--partly-asked",
        "partly",
        type=click.Choice(["refuse", "leave-out", "no"]),
        default="refuse",
        help="What becomes of rows where only some of the codes were asked.",
    ),
    click.option(
        "--repeated",
        type=click.Choice(["refuse", "first", "last"]),
        default="refuse",
        help="Which answer counts where one coder gave two and the variable takes one.",
    ),
)


def label_options(command: Any) -> Any:
    """Give a command the options that say where labels stand."""
    return _given(command, _OPTIONS)


def answer_options(command: Any) -> Any:
    """Give a command those, and the ones that say what labels answer."""
    return _given(command, _OPTIONS + _OF_ANSWERS)


def _given(command: Any, options: tuple[Any, ...]) -> Any:
    for option in reversed(options):
        command = option(command)
    return command


def pairs(option: str, written: Iterable[str], form: str) -> dict[str, str]:
    """Options written ``KEY=VALUE``; the key may hold ``=`` itself.

    >>> pairs("map", ["a=b=law", "odd="], "LABEL=CODE")
    {'a=b': 'law', 'odd': ''}
    """
    found = {}
    for pair in written:
        key, equals, value = pair.rpartition("=")
        if not equals:
            raise TableError(f"--{option} {pair}: write it as {form}")
        found[key.strip()] = value.strip()
    return found


def read_answers(options: dict[str, Any]) -> dict[str, Any]:
    """What ``answer_options`` gave, with what is written as pairs read."""
    return read_pairs(options) | {"codes": pairs("map", options["codes"], "LABEL=CODE")}


def read_pairs(options: dict[str, Any]) -> dict[str, Any]:
    """What ``label_options`` gave, with what is written as pairs read."""
    return options | {
        "labels_for": pairs("labels-for", options["labels_for"], "TARGET=COL"),
        "labels_by": pairs("labels-by", options["labels_by"], "CODER=COL"),
    }
