"""Finding units by their words and by what is known of them."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from annotator.cli.group import AS_JSON, COUNT, FILE, PROJECT, main, named, open_project, print_json
from annotator.core.counting import counted

if TYPE_CHECKING:
    from annotator.core.query import Search
    from annotator.store.search import Hit
    from annotator.workflow.projects import Project


@main.command(context_settings={"ignore_unknown_options": True})
@PROJECT
@click.argument("words", nargs=-1)
@click.option("--source", multiple=True, metavar="NAME", help="An outlet; repeatable.")
@click.option("--from", "from_", default="", metavar="DATE", help="From this day, month or year.")
@click.option("--to", default="", metavar="DATE", help="Up to this day, month or year.")
@click.option("--language", default="", metavar="CODE", help="Like en, hy or ru.")
@click.option("--speaker", default="", metavar="NAME", help="Who speaks: an actor or a name.")
@click.option(
    "--voice", type=click.Choice(["author", "direct", "indirect", "mixed"]), help="Whose words."
)
@click.option("--coded/--not-coded", default=None, help="By anybody, or by --coder.")
@click.option("--coder", "by", default="", metavar="NAME", help="What they coded, or did not.")
@click.option("--code", default="", metavar="VARIABLE[:TARGET]:CODE", help="A code it carries.")
@click.option("--cluster", default="", metavar="ID", help="The copies of one story.")
@click.option("--one-copy", is_flag=True, help="The first document of each story alone.")
@click.option("--part", type=click.Choice(["headline", "lead", "body"]), help="Where it stands.")
@click.option("--title", default="", metavar="WORDS", help="A part of the document's title.")
@click.option("--limit", type=COUNT, default=50, show_default=True, help="Hits to print.")
@click.option(
    "--offset",
    type=click.IntRange(0, COUNT.max),
    default=0,
    show_default=True,
    help="Hits to leave out before.",
)
@click.option("--ranked", is_flag=True, help="The best hits first, where they are not too many.")
@click.option("--output", type=FILE, help="Write all that is found to this CSV file.")
@click.option("--save", "name", default="", metavar="NAME", help="Keep all that is found as a set.")
@AS_JSON
def find(
    project: Path,
    words: tuple[str, ...],
    *,
    limit: int,
    offset: int,
    ranked: bool,
    output: Path | None,
    name: str,
    as_json: bool,
    **asked: Any,
) -> None:
    """Find units: words, "exact phrases", beginnings*, OR, NOT or -word, and filters."""
    from annotator.workflow import searching

    opened = open_project(project)
    looked_for = searching.search_of(opened, _asked(words, asked))
    if output is not None:
        rows = searching.write_file(opened.store, looked_for, output)
        click.echo(f"wrote {counted(rows, 'unit')} to {output}", err=as_json)
    if name:
        who = named(os.environ.get("ANNOTATOR_CODER", "").strip())
        kept = searching.save(opened.store, looked_for, name, who)
        click.echo(f"the set {kept.name!r} has {counted(kept.units, 'unit')}", err=as_json)
    if as_json or (output is None and not name):
        _show(opened, looked_for, limit, offset, ranked=ranked, as_json=as_json)


def _asked(words: tuple[str, ...], given: dict[str, Any]) -> dict[str, list[str]]:
    coded = {None: "", True: "yes", False: "no"}[given.pop("coded")]
    sources = list(given.pop("source"))
    given |= {"q": " ".join(words), "from": given.pop("from_"), "coded": coded}
    given["copies"] = "one" if given.pop("one_copy") else ""
    return {name: [value or ""] for name, value in given.items()} | {"source": sources}


def _show(
    opened: Project, looked_for: Search, limit: int, offset: int, *, ranked: bool, as_json: bool
) -> None:
    from annotator.store import search

    most = search.MOST_RANKED if ranked else search.MOST_COUNTED
    total = search.count(opened.store, looked_for, most=most)
    if ranked and total > most:
        click.echo(f"more than {most:,} hits, shown in the order of the corpus", err=True)
    found = search.page(
        opened.store, looked_for, limit=limit, offset=offset, ranked=ranked and total <= most
    )
    if as_json:
        told = _told(looked_for, min(total, most), found) | {"more": total > most}
        print_json(told)
        return
    if looked_for.words:
        click.echo(f"units with {looked_for.words.told}", err=True)
    for hit in found:
        click.echo(_line(hit))
    first = f"{offset + 1:,} to {offset + len(found):,} of " if found else ""
    more = f"more than {most:,} units" if total > most else counted(total, "unit")
    click.echo(f"{first}{more}", err=True)


def _told(looked_for: Search, total: int, found: list[Hit]) -> dict[str, Any]:
    from annotator.workflow import searching

    rows = [
        {
            "unit_id": hit.unit.unit_id,
            "document_id": hit.unit.document_id,
            "title": hit.unit.title,
            "source": hit.unit.source,
            "published": hit.unit.published,
            "speaker": hit.unit.speaker,
            "text": hit.unit.text,
            "matched": hit.matched,
            "marks": hit.marks,
            "codes": [searching.name_of(one) for one in hit.codes],
        }
        for hit in found
    ]
    told = looked_for.words.told if looked_for.words else ""
    return {"understood": told, "total": total, "units": rows}


def _line(hit: Hit) -> str:
    """A unit in a line, its id first; on a terminal, the words that matched stand out."""
    text, at, shown = hit.unit.text, 0, ""
    for start, end in hit.marks:
        marked = text[start:end]
        lit = click.style(marked, bold=True) if sys.stdout.isatty() else marked
        shown, at = shown + text[at:start] + lit, end
    about = ", ".join(filter(None, (hit.unit.source, hit.unit.published, hit.unit.speaker)))
    line = " ".join((shown + text[at:]).split())
    return f"{hit.unit.unit_id}  {line}{f'  [{about}]' if about else ''}"
