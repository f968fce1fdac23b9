"""Sample plans: drawn, listed, shown, extended, dropped."""

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
    main,
    named,
    open_project,
    print_json,
    tell,
)
from annotator.core.counting import counted

if TYPE_CHECKING:
    from annotator.store import Store
    from annotator.workflow.plans import Sample

OF = ("sentences", "articles", "two-stage")
SIZES = {"total": "proportional", "equal": "equal", "each": "each", "share": "share"}


@main.group("plan")
@PROJECT
@click.pass_context
def plan_group(ctx: click.Context, project: Path) -> None:
    """Draw samples with known probabilities, to be coded and counted."""
    ctx.obj = project


@plan_group.command("draw")
@click.argument("name")
@click.option(
    "--of", type=click.Choice(OF), default="sentences", show_default=True, help="What is drawn."
)
@click.option(
    "--by",
    default="",
    metavar="FIELD,…",
    help="Strata: source, year, quarter, month, week, language, section, part or voice; several "
    "at once as source,month.",
)
@click.option("--total", type=click.IntRange(1), help="In all, in proportion to the strata.")
@click.option("--equal", type=click.IntRange(1), help="In all, as many of each stratum.")
@click.option("--each", type=click.IntRange(1), help="Of each stratum.")
@click.option("--share", type=float, help="This share of each stratum, above 0 to 1.")
@click.option("--per-article", type=click.IntRange(1), help="Two-stage: sentences of each article.")
@click.option("--stories", is_flag=True, help="Count copies of an article once.")
@click.option("--within", default="", metavar="LIST", help="Draw from a set or another sample.")
@click.option("--seed", type=int, default=None, help="The project's own where none is given.")
@click.option("--in-order", is_flag=True, help="Code in the order of the documents, to read on.")
@click.option("--title", default="", help="What pages call it.")
@click.option("--dry-run", is_flag=True, help="Show the strata; draw nothing.")
@CODER
@AS_JSON
@click.pass_obj
def draw(
    project: Path,
    /,
    name: str,
    within: str,
    seed: int | None,
    title: str,
    dry_run: bool,
    coder: str,
    as_json: bool,
    **asked: Any,
) -> None:
    """Draw a sample of sentences, of whole articles, or of sentences in drawn articles."""
    from annotator.workflow import plans

    design, opened = plans.design(**_size(asked)), open_project(project)
    if dry_run:
        seen = plans.preview(opened, design, within)
        _tell_strata(plans.rows(seen.strata), as_json=as_json)
        _warn(seen.warnings)
        return
    made = plans.draw(
        opened,
        name,
        design,
        seed=opened.seed if seed is None else seed,
        within=within,
        title=title,
        who=named(coder),
    )
    _tell_sample(made, as_json=as_json)


def _size(asked: dict[str, Any]) -> dict[str, Any]:
    """The options with the one size that was given in the place of the four."""
    sizes = {name: asked.pop(name) for name in SIZES}
    given = {name: size for name, size in sizes.items() if size is not None}
    if len(given) != 1:
        raise click.UsageError("say how many: one of --total, --equal, --each, --share")
    [(name, size)] = given.items()
    per_article = asked.pop("per_article") or 0
    return asked | {"rule": SIZES[name], "size": size, "per_article": per_article}


@plan_group.command("list")
@AS_JSON
@click.pass_obj
def list_(project: Path, as_json: bool) -> None:
    """List the sample plans, newest first, and how far each coder is."""
    from annotator.store import lists
    from annotator.workflow import plans

    store = open_project(project).store
    coded: dict[str, dict[str, int]] = {}
    for far in lists.progress(store):
        coded.setdefault(far.list, {})[far.coder] = far.done
    told: list[dict[str, Any]] = [
        {
            "name": plan.name,
            "title": plan.title,
            "design": plans.in_words(plans.settings_of(plan)),
            "sentences": plan.units,
            "coded": coded.get(plan.name, {}),
            "made_by": plan.made_by,
            "made_at": plan.made_at,
        }
        for plan in lists.everything(store, "plan")
    ]
    if as_json:
        print_json(told)
        return
    for one in told:
        coders = ", ".join(f"{coder} {done:,}" for coder, done in one["coded"].items())
        click.echo(
            f"{one['name']}: {counted(one['sentences'], 'sentence')} ({one['design']});"
            f" coded: {coders or 'nothing'}"
        )


@plan_group.command("show")
@click.argument("name")
@click.option("--output", type=FILE, help="Write its units as CSV; - is stdout.")
@AS_JSON
@click.pass_obj
def show(project: Path, name: str, output: Path | None, as_json: bool) -> None:
    """Show how a plan was drawn, or write its units with their probabilities."""
    from annotator.workflow import plans

    store = open_project(project).store
    plan = plans.known(store, name)
    if output is not None:
        _write(store, plans.csv_bytes(store, name).decode("utf-8", "surrogatepass"), output)
        return
    settings = plans.settings_of(plan)
    if as_json:
        told = {"name": plan.name, "title": plan.title, "sentences": plan.units}
        print_json(told | dict(plan.settings))
        return
    click.echo(f"{plan.name}: {plans.in_words(settings)}; seed {settings.seed}")
    for number, one in enumerate(settings.draws, 1):
        click.echo(
            f"draw {number}, {one.at[:10]} by {one.who}: {one.drawn:,} of"
            f" {counted(one.sentences, 'sentence')} in {counted(one.documents, 'article')}"
            f" (annotator {one.version})"
        )
    _tell_strata(plans.rows(settings.strata), as_json=False)


def _write(store: Store, table: str, output: Path) -> None:
    if str(output) == "-":
        click.echo(table, nl=False)
        return
    from annotator.workflow import export_files

    with export_files.writing(store, output) as out:
        out.write(table)
    click.echo(f"wrote {output}", err=True)


@plan_group.command("extend")
@click.argument("name")
@CODER
@AS_JSON
@click.pass_obj
def extend(project: Path, name: str, coder: str, as_json: bool) -> None:
    """Draw from the articles that came since the last draw; earlier draws stay as they are."""
    from annotator.workflow import plans

    made = plans.extend(open_project(project), name, who=named(coder))
    _tell_sample(made, as_json=as_json)


@plan_group.command("drop")
@click.argument("name")
@CODER
@AS_JSON
@click.pass_obj
def drop(project: Path, name: str, coder: str, as_json: bool) -> None:
    """Take a plan away; refused once somebody decided through it."""
    from annotator.workflow import plans

    gone = plans.drop(open_project(project), name, who=named(coder))
    said = f"dropped {name}; `annotator plan {project} restore {gone}` brings it back"
    tell(as_json, said, name=name, event=gone)


@plan_group.command("restore")
@click.argument("event")
@CODER
@AS_JSON
@click.pass_obj
def restore(project: Path, event: str, coder: str, as_json: bool) -> None:
    """Bring a plan back that was dropped, by the event that drop named."""
    from annotator.workflow import plans

    back = plans.restore(open_project(project), event, who=named(coder))
    said = f"{back.name}: {counted(back.units, 'sentence')}"
    tell(as_json, said, name=back.name, sentences=back.units)


def _tell_sample(made: Sample, *, as_json: bool) -> None:
    from annotator.workflow import plans

    if as_json:
        told = {
            "name": made.plan.name,
            "drawn": made.drawn,
            "sentences": made.plan.units,
            "strata": plans.rows(made.strata),
            "warnings": made.warnings,
        }
        print_json(told)
    else:
        click.echo(f"{made.plan.name}: drew {counted(made.drawn, 'sentence')}")
    _warn(made.warnings)


def _tell_strata(rows: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        print_json(rows)
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table("stratum", box=None)
    for heading in ("holds", "drawn", "probability", "to code"):
        table.add_column(heading, justify="right")
    for one in rows:
        figures = (f"{one['held']:,}", f"{one['drawn']:,}", f"{one['probability']:.4f}")
        table.add_row(escape(one["stratum"]), *figures, f"{one['sentences']:,.0f}")
    Console(file=sys.stdout).print(table)


def _warn(warnings: list[str]) -> None:
    for line in warnings:
        click.echo(line, err=True)
