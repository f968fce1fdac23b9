"""What the program has, the documentation names; and what the documentation names, there is."""

from __future__ import annotations

import fnmatch
import importlib
import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest

from annotator import cli
from annotator.core.codebook import Code, Codebook, Target, Variable
from annotator.corpus import readers
from annotator.exchange import wide_csv
from annotator.exchange.columns import DESCRIPTIONS
from annotator.learn.samplers import SAMPLERS
from annotator.store import codebooks
from annotator.workflow import anchoring
from annotator.workflow.export_formats import FORMATS
from docs import from_code, pages_from_code, site

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [
    *(place for place in sorted(DOCS.rglob("*.md")) if place.parent != DOCS / "tutorial"),
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "labels/README.md")),
]
SOURCES = [*(ROOT / "annotator").rglob("*.py"), ROOT / "streamlit_app.py"]
"""Where the program reads its environment."""


@cache
def text(place: Path) -> str:
    return place.read_text(encoding="utf-8") if place.exists() else ""


@cache
def prose(place: Path) -> str:
    """A page without its blocks of code."""
    return re.sub(r"^```.*?^```", "", text(place), flags=re.MULTILINE | re.DOTALL)


def inline() -> Iterator[tuple[Path, str]]:
    """Every stretch of code in a line of the documentation."""
    for place in PAGES:
        for found in re.finditer(r"`([^`\n]+)`", prose(place)):
            yield place, found[1].replace("\\|", "|")


def named(place: Path) -> str:
    return str(place.relative_to(ROOT))


def wrong(found: Iterator[tuple[Path, str]]) -> list[str]:
    """What stands where, for a list that says at once what to mend."""
    return sorted({f"{named(place)}: {what}" for place, what in found})


# --- What the program has --------------------------------------------------------------------


@pytest.mark.parametrize("name", from_code.PAGES)
def test_the_reference_says_what_the_code_says(name):
    assert text(DOCS / "reference" / name) == from_code.made(name), "run make reference"


def test_every_command_has_its_place_in_the_reference_and_is_told_of():
    grouped = [name for group in from_code.GROUPS.values() for name in group]

    assert sorted(grouped) == sorted(cli.main.commands)
    told = text(DOCS / "commands.md")
    assert [name for name in grouped if f"`annotator {name}" not in told] == []


def test_every_option_says_what_it_does():
    silent = [
        f"{command.name} {name}"
        for command in commands()
        for name, does in from_code.options(command, click.Context(command))
        if not re.sub(r"\[[^]]*\]", "", does).strip()
    ]

    assert silent == []


def test_every_format_of_the_exports_is_named_in_its_help():
    assert [name for name in FORMATS if name not in export_help()] == []


def test_every_key_of_a_codebook_is_taught():
    keys = {key for noun in (Codebook, Variable, Code, Target) for key in noun.model_fields}
    taught = text(ROOT / "labels" / "README.md")
    begins = r"`(?:\[\[)?(?:variable\.)?"

    assert [key for key in sorted(keys) if not re.search(f"{begins}{key}[`\\]]", taught)] == []


def test_every_key_of_the_desk_is_on_its_page():
    source = "".join(text(place) for place in (ROOT / "annotator/ui/desk").glob("*.js"))
    heard = re.findall(r'key: "([^"]+)", name:', source)
    page = text(DOCS / "desk.md").replace("\\|", "|")

    assert "Enter" in heard
    assert [key for key in heard if f"| `{key}` |" not in page] == []


def test_every_order_is_on_the_page_about_choosing():
    page = text(DOCS / "choosing.md")

    assert [name for name in SAMPLERS if f"`by:{name}" not in page] == []


def test_every_kind_of_file_is_on_the_page_of_formats():
    rows = [row.lower() for row in re.findall(r"^\|.*", text(DOCS / "formats.md"), re.M)]
    small = {"a", "an", "in", "or", "old", "file"}
    lacking = [
        one.name
        for one in readers.FORMATS
        if not any(set(re.findall(r"\w+", one.title.lower())) - small <= words(row) for row in rows)
    ]

    assert lacking == []


def words(row: str) -> set[str]:
    return set(re.findall(r"\w+", row))


def test_every_variable_of_the_environment_is_told_of():
    read = set(re.findall(r"ANNOTATOR_[A-Z_]+", "".join(map(text, SOURCES))))

    assert read == set(pages_from_code.VARIABLES)


def test_every_page_is_in_the_contents_of_the_site():
    contents = set(re.findall(r'"([^"]+\.md)"', text(ROOT / "zensical.toml")))
    shown = {place.relative_to(DOCS).as_posix() for place in PAGES if DOCS in place.parents}

    assert contents == shown.union(site.BESIDE)


# --- What the documentation names ------------------------------------------------------------


def commands(group: click.Group = cli.main) -> Iterator[click.Command]:
    """Every command, those of groups included."""
    for command in group.commands.values():
        yield command
        if isinstance(command, click.Group):
            yield from commands(command)


def export_help() -> str:
    command = cli.main.commands["export"]
    return command.get_help(click.Context(command))


SHELL = ("", "sh", "bash", "console")
"""The kinds of blocks of code that hold command lines."""


def blocks() -> Iterator[tuple[Path, str]]:
    """Every command line of ours in a block of code, joined where it goes on in the next line."""
    for place in PAGES:
        for kind, block in re.findall(r"^```(\w*)\n(.*?)^```", text(place), re.M | re.S):
            if kind not in SHELL:
                continue
            for line in block.replace("\\\n", " ").splitlines():
                if found := re.search(r"(?:^|[\s/])annotator (?!\.|\[OPTIONS)(.+)", line):
                    yield place, found[1]


def read(arguments: list[str]) -> None:
    """Read a command line as click does, without running it."""
    group: click.Command = cli.main
    context = click.Context(group, info_name="annotator")
    while isinstance(group, click.Group):
        _, arguments, _ = group.make_parser(context).parse_args(arguments)
        if not arguments and group.invoke_without_command:
            return
        if not arguments:
            raise click.UsageError("no command is named")
        name, group, arguments = group.resolve_command(context, arguments)
        context = click.Context(group, info_name=name, parent=context)
    group.make_context(group.name, arguments, parent=context.parent)


def test_every_command_line_of_the_documentation_is_one():
    faults = []
    for place, line in blocks():
        try:
            read(shlex.split(line, comments=True))
        except click.ClickException as fault:
            faults.append(f"{named(place)}: annotator {line}: {fault.format_message()}")

    assert faults == []
    assert len(list(blocks())) > 10


def of_command(words: list[str]) -> click.Command | None:
    """The command that these words begin with; a word in capitals stands for something."""
    found: click.Command = cli.main
    for word in words:
        if not isinstance(found, click.Group):
            break
        if word in found.commands:
            found = found.commands[word]
        elif not re.match(r"[A-Z\[]|\S+\.annotator$", word):
            return None
    return found


def named_commands() -> Iterator[tuple[Path, str]]:
    """What is named as a command and is none, or has an option that it has not."""
    for place, code in inline():
        if not code.startswith("annotator "):
            continue
        words = re.sub(r"[\[\]…]", " ", code).split()[1:]
        command = of_command([word for word in words if not word.startswith("-")])
        known = options_of(command) if command else set()
        written = set(re.findall(r"(?<!\S)--[a-z][\w-]*", code))
        if command is None or written - known - {"--help"}:
            yield place, code


def options_of(command: click.Command) -> set[str]:
    return {name for one in command.params for name in (*one.opts, *one.secondary_opts)}


def test_every_command_that_is_named_is_one():
    assert wrong(named_commands()) == []


def test_every_option_that_is_named_is_one_of_some_command():
    measured = "".join(text(place) for place in (ROOT / "bench").glob("*.py"))
    of_the_bench = re.findall(r'"(--[a-z-]+)"', measured)
    known = {"--help", "--version", *of_the_bench}.union(*map(options_of, commands()))
    strange = (
        (place, code)
        for place, code in inline()
        if (found := re.match(r"(--[a-z][\w-]*)", code)) and found[1] not in known
    )

    assert wrong(strange) == []


def test_every_address_of_a_page_that_is_named_is_one():
    pages = {one.address.strip("/") for one in pages_from_code.pages()}
    views = pages_from_code.views()
    strange = (
        (place, code)
        for place, code in inline()
        if (found := re.fullmatch(r"/([a-z]*)(?:\?(\w+)=(.*))?", code))
        and code != "/"
        and (
            found[1] not in pages
            or (found[2] == "view" and found[3] not in views)
            or found[2] not in (None, "view", "queue", "start")
        )
    )

    assert wrong(strange) == []


def test_every_variable_of_the_environment_that_is_named_is_read():
    told = (
        (place, name) for place in PAGES for name in re.findall(r"ANNOTATOR_[A-Z]+", text(place))
    )

    assert wrong(one for one in told if one[1] not in pages_from_code.VARIABLES) == []


def rows_of_columns() -> Iterator[tuple[Path, str]]:
    """The first cell of each row of a table whose first column is headed ``column``."""
    for place in PAGES:
        for table in re.findall(r"^\| column[^\n]*\n\|[-| ]+\n((?:\|.*\n?)+)", text(place), re.M):
            for names in re.findall(r"^\| (`.*?) \|", table, re.M):
                yield from ((place, name) for name in re.findall(r"[\w*]+", names))


def test_every_column_that_is_explained_is_written(toy):
    scheme = codebooks.current_scheme(toy)
    known = {*DESCRIPTIONS, *(name for table in from_code.TABLES.values() for name in table)}
    known |= set(wide_csv.columns({scheme.id: scheme}, scheme))
    known |= {*anchoring.COLUMNS}

    assert wrong(one for one in rows_of_columns() if not fnmatch.filter(known, one[1])) == []


def test_every_figure_about_anchoring_is_explained():
    place = DOCS / "anchoring.md"
    told = {name for page, name in rows_of_columns() if page == place} | {"coder", "code"}
    told |= {"variable", "target"}  # of the code

    silent = [
        name for name in anchoring.COLUMNS if not any(fnmatch.fnmatch(name, one) for one in told)
    ]
    assert silent == []


def links() -> Iterator[tuple[Path, str]]:
    for place in PAGES:
        for found in re.finditer(r"\]\((?!\w+:)([^)\s]+)\)", prose(place)):
            yield place, found[1]


def anchors(place: Path) -> set[str]:
    """The headings of a page as GitHub addresses them."""
    headings = re.findall(r"^#+ (.+)$", prose(place), re.M)
    return {re.sub(r"[^\w\- ]", "", one.lower()).strip().replace(" ", "-") for one in headings}


def test_every_link_leads_somewhere():
    broken = []
    for place, link in links():
        target, _, anchor = link.partition("#")
        there = (place.parent / target).resolve() if target else place
        headed = there.suffix == ".md" and anchor
        if not there.exists() or (headed and anchor not in anchors(there)):
            broken.append((place, link))

    assert wrong(iter(broken)) == []


def test_every_file_of_the_repository_that_is_named_is_there():
    begins = r"(?:annotator|docs|labels|tests|bench|deploy|\.streamlit)/[\w./-]*\w"
    strange = (
        (place, code)
        for place, code in inline()
        # The page for contributors names files that they are to make.
        if place.name != "CONTRIBUTING.md"
        and re.fullmatch(begins, code)
        and not (ROOT / code).exists()
    )

    assert wrong(strange) == []


def test_the_script_of_the_page_on_python_runs(tmp_path, monkeypatch, capsys):
    (script,) = re.findall(r"```python\n(.*?)```", text(DOCS / "reference/python.md"), re.DOTALL)
    (tmp_path / "articles").mkdir()
    article = "The bridge is closed\n\nGuards closed the bridge. Nobody said why.\n"
    (tmp_path / "articles" / "bridge.txt").write_text(article, encoding="utf-8")
    (tmp_path / "labels").symlink_to(ROOT / "labels")
    monkeypatch.setenv("ANNOTATOR_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)

    exec(compile(script, "python.md", "exec"), {})

    assert "bridge.txt added" in capsys.readouterr().out


def test_what_the_page_on_python_shows_is_there():
    page = text(DOCS / "reference" / "python.md")
    shown = re.findall(r"^::: ([\w.]+)(?:\n    options:\n      members: \[(.*?)\])?", page, re.M)
    lacking = [
        f"{module}.{name}"
        for module, names in shown
        for name in filter(None, names.split(", "))
        if not hasattr(importlib.import_module(module), name)
    ]

    assert len(shown) > 10
    assert lacking == []
