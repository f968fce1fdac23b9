"""The models of a project: which there are, which is in force, and how two of them differ."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from annotator.cli.group import (
    AS_JSON,
    CODER,
    FILE,
    PROJECT,
    give_way,
    main,
    named,
    open_project,
    print_json,
    progress_bar,
    tell,
)
from annotator.core.counting import counted

if TYPE_CHECKING:
    from rich.table import Table

    from annotator.workflow.projects import Project


@main.command()
@PROJECT
@click.option("--use", default="", metavar="ID", help="Put this model in force.")
@click.option("--compare", nargs=2, default=None, metavar="A B", help="Two models side by side.")
@click.option("--learned-from", default="", metavar="ID", help="Which labels a model learned from.")
@click.option("--output", type=FILE, default=None, help="Write those labels to this CSV file.")
@click.option(
    "--background",
    is_flag=True,
    hidden=True,
    expose_value=False,
    callback=give_way,
    help="Give way to everything else.",
)
@CODER
@AS_JSON
def models(
    project: Path,
    use: str,
    compare: tuple[str, str] | None,
    learned_from: str,
    output: Path | None,
    coder: str,
    as_json: bool,
) -> None:
    """List the models; put one in force, compare two, see what one learned from."""
    if bool(use) + bool(compare) + bool(learned_from) > 1:
        raise click.UsageError("--use, --compare and --learned-from each stand alone")
    if output and not learned_from:
        raise click.UsageError("--output goes with --learned-from")
    opened = open_project(project)
    if use:
        _use(opened, use, named(coder), as_json)
    elif compare:
        _compare(opened, compare, as_json)
    elif learned_from:
        _learned_from(opened, learned_from, output, as_json)
    else:
        _list(opened, as_json)


def _use(opened: Project, model_id: str, who: str, as_json: bool) -> None:
    from annotator.store import jobs
    from annotator.workflow import register

    with progress_bar() as progress:
        register.use(opened, model_id, who=who, progress=progress)
    paused = jobs.is_paused(opened.store)
    told = f"model {model_id} is in force"
    if paused:
        told += f"; it stays so until somebody runs `annotator train {opened.path}`"
    tell(as_json, told, model_id=model_id, paused=paused)


def _list(opened: Project, as_json: bool) -> None:
    from annotator.store import jobs
    from annotator.workflow import register

    found = register.entries(opened)
    paused = jobs.is_paused(opened.store)
    if as_json:
        print_json({"models": [one.told() for one in found], "paused": paused})
        return
    if not found:
        click.echo("this project has no model yet; run `annotator train`")
        return
    table = _table("model", "made", "why", "sentences", "codebook", "on the desk", "mean F1", "")
    for one in found:
        marks = ["in force"] * one.model.in_force + ["to be scored anew"] * (not one.is_scored)
        table.add_row(
            *(one.model.id, one.model.made_at[:16].replace("T", " "), one.model.reason),
            *(f"{one.model.card['trained_on']:,}", one.codebook),
            *(f"{one.on_desk} of {one.codes}", _figure(one.mean_f1), ", ".join(marks)),
        )
    _print(table)
    for one in found:
        for line in one.misfit.lines:
            click.echo(f"{one.model.id}: {line}")
    if paused:
        click.echo(register.PAUSED)


def _compare(opened: Project, ids: tuple[str, str], as_json: bool) -> None:
    from annotator.workflow import comparing, register

    first, second = (register.find(opened, one) for one in ids)
    pairs = comparing.compare(opened, (first, second))
    judged = {one.place: one for one in comparing.fair(opened, (first, second))}
    if as_json:
        print_json(_compared(ids, pairs, judged))
        return
    heads = [f"{what} {one}" for what in ("positives", "F1") for one in ids]
    table = _table("code", *heads, *(f"F1 {one}\nsame sentences" for one in ids), "with the code")
    for pair in pairs:
        cards, fair = (pair.first, pair.second), judged.get(pair.place)
        same = [one.f1 for one in fair[1:]] if fair and fair.is_enough else [None, None]
        table.add_row(
            pair.name,
            *("–" if card is None else f"{card.positives:,}" for card in cards),
            *(_figure(None if card is None else card.f1) for card in cards),
            *map(_figure, same),
            f"{fair.first.positives:,}" if fair else "0",
        )
    _print(table)
    click.echo(comparing.CAUTION)
    click.echo(comparing.SAME)


def _compared(ids: tuple[str, str], pairs: Any, judged: Any) -> dict[str, Any]:
    from dataclasses import asdict

    return {
        "models": list(ids),
        "codes": [
            {
                **dict(zip(("variable", "target", "code"), pair.place, strict=True)),
                "cards": [card and asdict(card) for card in (pair.first, pair.second)],
                "same_sentences": [asdict(one) for one in judged[pair.place][1:]]
                if pair.place in judged
                else None,
            }
            for pair in pairs
        ],
    }


def _learned_from(opened: Project, model_id: str, output: Path | None, as_json: bool) -> None:
    from annotator.workflow import learned_from, register

    model = register.find(opened, model_id)
    if output is not None:
        rows = learned_from.write(opened.store, model, output)
        tell(as_json, f"wrote {counted(rows, 'label')} to {output}", rows=rows, file=str(output))
        return
    found = learned_from.shares(opened.store, model)
    if as_json:
        print_json([one._asdict() for one in found])
        return
    table = _table("coder", "codebook", "arm", "sentences", "changed since")
    for one in found:
        arm = one.arm or "none"
        table.add_row(one.coder, one.codebook, arm, f"{one.sentences:,}", f"{one.changed:,}")
    _print(table)


def _table(*heads: str) -> Table:
    from rich.table import Table

    return Table(*heads)


def _print(table: Table) -> None:
    from rich.console import Console

    Console(width=None if sys.stdout.isatty() else 120).print(table)


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
