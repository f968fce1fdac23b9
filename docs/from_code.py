"""`make reference`: the pages of `docs/reference/` that follow from the code.

They are kept with the other pages, so that they can be read where the repository is; a test
compares them with what this module makes.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
import textwrap
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
from pydantic import BaseModel

from annotator import cli
from annotator.core.codebook import (
    CODE_KEYS,
    NAME,
    STANCE_CODES,
    STANCE_SCALE,
    Code,
    Codebook,
    Target,
    Variable,
)
from annotator.exchange import found_csv, learned_csv, ranked_csv, sample_csv
from annotator.exchange.columns import DESCRIPTIONS
from annotator.store import stories
from annotator.workflow import anchoring, projects, reporting, suggestion_files
from annotator.workflow.export_formats import FORMATS
from docs.pages_from_code import addresses

HERE = Path(__file__).resolve().parent / "reference"
MADE = "<!-- Made from the code by `make reference`; edit the code instead. -->"

GROUPS = {
    "Setting up": ("init", "check", "codebook"),
    "Articles in": ("import", "documents", "resegment", "analyse", "speakers", "copies"),
    "Samples and searching": ("plan", "find"),
    "Coding": ("serve", "code", "status"),
    "Learning": (
        *("train", "models", "suggestions", "vectors", "evaluate", "anchoring", "rank"),
        *("unfound", "replay", "suggest"),
    ),
    "Labels out": ("export",),
    "Keeping a project safe": ("backup", "doctor", "sample"),
}
"""Every command, in the order in which somebody meets them."""


def main() -> None:
    """Write every page anew."""
    for name in PAGES:
        (HERE / name).write_text(made(name), encoding="utf-8")


def made(name: str) -> str:
    """The page of that name as the code has it now."""
    title, below = PAGES[name]
    return f"# {title}\n\n{MADE}\n\n{below().lstrip()}"


def commands() -> str:
    """Every command with its options, as its help tells them."""
    lines = [
        "What `--help` says of each command, in one page.",
        "[What commands do](../commands.md) tells what they print, and what to know beside.",
    ]
    for title, names in GROUPS.items():
        lines += ["", f"## {title}"]
        for name in names:
            command = cli.main.commands[name]
            lines += _command(command, click.Context(cli.main, info_name="annotator"))
    return "\n".join([*lines, ""])


def _command(command: click.Command, above: click.Context) -> Iterator[str]:
    context = click.Context(command, info_name=command.name, parent=above)
    name = re.sub(r" [A-Z]\S*", "", context.command_path)
    usage = context.command_path + " " + " ".join(command.collect_usage_pieces(context))
    yield from ("", f"### {name}", "", "```text", usage.rstrip(), "```")
    yield from _prose(command.help or "")
    if told := options(command, context):
        yield from ("", "| option | does |", "|---|---|")
        yield from (f"| `{_cell(name)}` | {_cell(does)} |" for name, does in told)
    if isinstance(command, click.Group):
        for inner in command.list_commands(context):
            yield from _command(command.commands[inner], context)


def options(command: click.Command, context: click.Context) -> list[tuple[str, str]]:
    """What help says of each option: how it is written, and what it does."""
    shown = [one for one in command.params if isinstance(one, click.Option)]
    told = [record for one in shown if (record := one.get_help_record(context))]
    # The largest number that a file can hold says nothing.
    return [(name, does.replace("<=9223372036854775807", "")) for name, does in told]


def _prose(text: str) -> Iterator[str]:
    r"""A help text as Markdown; what stands behind ``\b`` keeps its lines."""
    for part in inspect.cleandoc(text).split("\n\n"):
        if part.startswith("\b"):
            yield from ("", "```text", *part.splitlines()[1:], "```")
        else:
            yield from ("", " ".join(part.split()))


def _cell(text: str) -> str:
    """A text as a cell of a table can hold it."""
    return " ".join(text.split()).replace("|", "\\|")


PATTERNS = {
    f"^{NAME}$": "small letters, digits and hyphens, no hyphen first",
    f"^({NAME}:)?{NAME}$": "a name, or `codebook:code`",
    r"^[0-9]{1,9}\.[0-9]{1,9}\.[0-9]{1,9}$": 'three numbers, as `"1.0.0"`',
}
LISTS = {"a table": "tables", "a text": "a list of texts"}

NOUNS: dict[str, type[BaseModel]] = {
    "At the top of the file": Codebook,
    "In each `[[variable]]`": Variable,
    "In each `[[variable.code]]`": Code,
    "In each of the `targets`": Target,
}


def codebook() -> str:
    """Every key of a codebook file: its form, what it is when left out, and its meaning."""
    lines = [
        "A codebook is a TOML file; [labels/README.md](../../labels/README.md) teaches how to "
        "write one.",
        "A key that is not listed here is refused.",
    ]
    for title, noun in NOUNS.items():
        lines += [
            "",
            f"## {title}",
            "",
            "| key | takes | if left out | means |",
            "|---|---|---|---|",
        ]
        lines += _keys(noun)
    lines += [
        *("", "## Keys of the desk that codes can take", ""),
        " ".join(f"`{key}`" for key in CODE_KEYS),
        *("", "## The stance scale", ""),
        f'`codes = "{STANCE_SCALE}"` brings these codes, in this order:',
        *("", "| code | title | key | means |", "|---|---|---|---|"),
    ]
    for code in STANCE_CODES:
        lines.append(f"| `{code.name}` | {code.title} | `{code.hotkey}` | {code.definition} |")
    return "\n".join([*lines, ""])


def _keys(noun: type[BaseModel]) -> Iterator[str]:
    schema = noun.model_json_schema(ref_template="{model}")
    meanings = attribute_docstrings(noun)
    for name, form in schema["properties"].items():
        needed = name in schema["required"]
        left_out = "needed" if needed else _value(form.get("default"))
        yield f"| `{name}` | {_form(form)} | {left_out} | {_cell(meanings[name])} |"


def attribute_docstrings(noun: type) -> dict[str, str]:
    """What stands below each field of a class, which Python itself does not keep."""
    body = ast.parse(textwrap.dedent(inspect.getsource(noun))).body[0]
    assert isinstance(body, ast.ClassDef)
    told = {}
    for field, below in zip(body.body, body.body[1:], strict=False):
        named = isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        if named and isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
            told[field.target.id] = str(below.value.value).replace("``", "`")
    return told


def _form(form: Mapping[str, Any]) -> str:
    """What a key takes, in words."""
    if "anyOf" in form:
        return _form(next(one for one in form["anyOf"] if one.get("type") != "null"))
    if "$ref" in form:
        return "a table"
    if choices := form.get("enum", [form["const"]] if "const" in form else []):
        return " or ".join(_value(one) for one in choices)
    if form["type"] == "array":
        return LISTS.get(inner := _form(form["items"]), f"a list of {inner}")
    if "pattern" in form:
        return PATTERNS[form["pattern"]]
    return {"string": "a text", "boolean": "`true` or `false`"}[form["type"]]


def _value(value: object) -> str:
    """A value as the file would have it."""
    if value in (None, "", []):
        return "none"
    return f"`{json.dumps(value)}`"


def columns() -> str:
    """Every format of the exports, and every column that is the same in all projects."""
    lines = [
        "`annotator export PROJECT --format NAME --output FILE` writes these formats, and so does "
        "the Export page.",
        "Beside each file lies `<name>.codebook.json` with the same descriptions, every codebook "
        "and what was left out.",
        "[The data model](../data-model.md#exports) tells how files are written and read back.",
        *("", "## Formats", "", "| format | holds | is for |", "|---|---|---|"),
    ]
    for name, how in FORMATS.items():
        lines.append(f"| `{name}` | {_cell(how.description)} | {_cell(how.programs)} |")
    lines += ["", "## Columns", "", "| column | in | holds |", "|---|---|---|"]
    formats = columns_of_formats()
    for name, description in DESCRIPTIONS.items():
        inside = ", ".join(one for one, names in formats.items() if name in names)
        lines.append(f"| `{name}` | {inside} | {_cell(description)} |")
    lines += [
        "",
        "In `wide`, a column for each code, or for each target's positions, stands behind these; "
        "[the data model](../data-model.md#exports) says how they are named.",
        *("", "## Tables that other commands write"),
    ]
    for (command, option), table in TABLES.items():
        lines += ["", f"### What {command} writes", "", f"`annotator {command} … {option} FILE`"]
        lines += ["", "| column | holds |", "|---|---|"]
        lines += [f"| `{name}` | {_cell(MORE.get(name) or DESCRIPTIONS[name])} |" for name in table]
    for (command, option), (table, page) in ELSEWHERE.items():
        lines += ["", f"### What {command} writes", "", f"`annotator {command} … {option} FILE`"]
        lines += ["", f"[Its {len(table)} columns](../{page}) are explained with what they tell."]
    return "\n".join([*lines, ""])


def columns_of_formats() -> dict[str, set[str]]:
    """The columns of each format in a project of a shipped codebook."""
    with TemporaryDirectory() as folder:
        place = Path(folder) / "any.annotator"
        project = projects.create(place, [projects.labels_directory() / "conflict.toml"])
        found = {
            name: {one["name"] for one in how.columns(project.store)}
            for name, how in FORMATS.items()
        }
        projects.close_project(place)
    return found


TABLES = {
    ("find", "--output"): found_csv.COLUMNS,
    ("rank", "--output"): ranked_csv.COLUMNS,
    ("plan show", "--output"): sample_csv.COLUMNS,
    ("copies", "--output"): stories.Weight._fields,
    ("models", "--learned-from ID --output"): learned_csv.COLUMNS,
    ("suggest", "--output"): suggestion_files.COLUMNS,
    ("import", "--report"): reporting.COLUMNS,
}

ELSEWHERE = {("anchoring", "--output"): (anchoring.COLUMNS, "anchoring.md#the-file")}
"""Tables of figures, and the places that explain them."""

MORE = {
    "matched": "The words that matched, as they stand in the text; several are joined by '; '.",
    "codes": "The codes, each as variable:code or variable:target:code, with the holder in "
    "brackets and the word rejected where it was; several are joined by '; '.",
    "rank": "The place in the order, from 1.",
    "list": "The name of the sample or set.",
    "position": "The place in the order of coding, from 1.",
    "stratum": "The stratum that it was drawn from.",
    "weight": "What to count it as: 1 over its probability of being drawn, or over the copies of "
    "its story.",
    "changed_since": "Empty where the label is the same today; else changed, taken back, skipped "
    "or not codable.",
    "codes_now": "The codes it has instead.",
    "id": "The unit's id; of new text, what stands in the column of the id, else the row's number.",
    "suggested": "1 where the score is at least the threshold, else 0.",
    "threshold": "The score from which on the code is suggested.",
    "result": "added, already there, refused or skipped.",
    "format": "What the file was read as.",
    "documents": "The documents that came in.",
    "units": "Their units.",
    "already_there": "The documents that the project had before.",
    "remarks": "Why a file was refused, and what else there is to know.",
}
"""The columns of those tables that no export has."""

PAGES: dict[str, tuple[str, Callable[[], str]]] = {
    "commands.md": ("Commands and their options", commands),
    "codebook.md": ("Keys of a codebook", codebook),
    "columns.md": ("Columns of the exports", columns),
    "addresses.md": ("Pages, variables and routes", addresses),
}
"""By file, the title of a page and what makes all below it."""

if __name__ == "__main__":
    main()
