"""Sample plans of a project: looked at before they are drawn, drawn, extended, dropped."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any, NamedTuple, TextIO

from annotator import __version__
from annotator.core.counting import counted
from annotator.core.errors import RejectedEventError
from annotator.exchange import sample_csv
from annotator.learn import plans
from annotator.learn.plans import About, Design, Drawn, Stratum, Unit
from annotator.store import Store, clusters, frames, lists, tables
from annotator.store.catalogue import NOBODY
from annotator.store.frames import FrameDocument
from annotator.store.lists import Listed, UnitList
from annotator.workflow.clock import now
from annotator.workflow.projects import Project


class Draw(NamedTuple):
    """One draw of a plan, and the frame that it was drawn from.

    ``documents`` and ``sentences`` are how many the frame had; what came after ``last_document``
    or ``last_added`` was not in it. ``version`` is that of the program.
    """

    at: str
    who: str
    version: str
    documents: int
    sentences: int
    last_document: int
    last_added: str
    drawn: int
    strata: tuple[Stratum, ...]


class Settings(NamedTuple):
    """All that it takes to draw a plan again; ``within`` is the list that it was drawn from."""

    design: Design
    within: str
    seed: int
    draws: tuple[Draw, ...]

    @property
    def strata(self) -> list[Stratum]:
        """The strata of all draws, in their order."""
        return [one for draw in self.draws for one in draw.strata]


class Preview(NamedTuple):
    """What a plan would draw: by stratum, with what should be known of it."""

    documents: int
    sentences: int
    strata: list[Stratum]
    warnings: list[str]


class Sample(NamedTuple):
    """What a draw put into a plan's list."""

    plan: UnitList
    drawn: int
    strata: tuple[Stratum, ...]
    warnings: list[str]


class _Frame(NamedTuple):
    """The documents that a plan may draw from, and where the frame ends."""

    documents: list[FrameDocument]
    last_document: int
    last_added: str


def preview(project: Project, design: Design, within: str = "") -> Preview:
    """What the design would draw from the corpus, or from a list; nothing is drawn.

    Raises ``RejectedEventError`` for a design that nothing can be drawn by.
    """
    with tables.snapshot(project.store):
        frame = _checked_frame(project.store, design, within)
        held, sentences = _held(project.store, frame, design, within)
        uncompared = clusters.waiting(project.store) if design.stories else 0
    strata = plans.strata_of(held, design, sentences)
    total = sum(document.units for document in frame.documents)
    told = plans.warnings(strata, design) + _unseen(uncompared)
    return Preview(len(frame.documents), total, strata, told)


def draw(
    project: Project,
    name: str,
    design: Design,
    *,
    seed: int,
    within: str = "",
    title: str = "",
    who: str = NOBODY,
) -> Sample:
    """Draw a sample and keep it under this name, as a list that can be coded through.

    Raises ``RejectedEventError`` for a name that is taken, a design that nothing can be drawn by,
    or a corpus without articles.
    """
    store = project.store
    if fault := lists.fault_in_name(name):
        raise RejectedEventError(fault)
    if lists.find(store, name) is not None:
        raise RejectedEventError(f"there is a list {name!r} already; choose another name")
    settings = Settings(design, within, seed, ())
    with tables.snapshot(store):
        frame = _checked_frame(store, design, within)
        made, drawn = _draw(store, frame, name, settings, who)
        uncompared = clusters.waiting(store) if design.stories else 0
    kept = settings._replace(draws=(made,))
    plan = lists.save(
        store, name, "plan", title, _written(kept), _listed(drawn), who=who, at=made.at
    )
    told = plans.warnings(made.strata, design) + _unseen(uncompared)
    return Sample(plan, made.drawn, made.strata, told)


def extend(project: Project, name: str, *, who: str = NOBODY) -> Sample:
    """Draw from the documents that came since the last draw, with the same settings.

    Earlier draws stay as they are, and each unit keeps the probability of its own draw. Raises
    ``RejectedEventError`` where nothing came, or the list is no plan.
    """
    store = project.store
    plan = known(store, name)
    settings = settings_of(plan)
    with tables.snapshot(store):
        frame = _since(_frame(store, settings.design, settings.within), settings)
        if not frame.documents:
            raise RejectedEventError(
                f"no article came since {name!r} was drawn last; import some first"
            )
        made, drawn = _draw(store, frame, name, settings, who)
    kept = settings._replace(draws=(*settings.draws, made))
    with store.write():
        if known(store, name).settings != plan.settings:
            raise RejectedEventError(f"{name!r} was extended by somebody else just now; try again")
        extended = lists.extend(store, name, _written(kept), _listed(drawn), who=who, at=made.at)
    return Sample(extended, made.drawn, made.strata, plans.warnings(made.strata, settings.design))


def drop(project: Project, name: str, *, who: str = NOBODY) -> str:
    """Take a plan away that nobody decided through; the uuid by which it is brought back."""
    known(project.store, name)
    return lists.drop(project.store, name, who=who, at=now())


def restore(project: Project, event_uuid: str, *, who: str = NOBODY) -> UnitList:
    """Bring a plan back that was dropped."""
    return lists.restore(project.store, event_uuid, who=who, at=now())


def known(store: Store, name: str) -> UnitList:
    """The plan of that name. Raises ``RejectedEventError`` where there is none."""
    found = lists.find(store, name)
    if found is None or found.kind != "plan":
        there = ", ".join(one.name for one in lists.everything(store, "plan")) or "none"
        raise RejectedEventError(f"this project has no sample plan {name!r}; there are: {there}")
    return found


def settings_of(plan: UnitList) -> Settings:
    """What a plan's list keeps of how it was drawn."""
    kept: Mapping[str, Any] = plan.settings
    design = kept["design"]
    return Settings(
        Design(**{**design, "by": tuple(design["by"])}),
        kept["within"],
        kept["seed"],
        tuple(
            Draw(**{**one, "strata": tuple(Stratum(*stratum) for stratum in one["strata"])})
            for one in kept["draws"]
        ),
    )


def design(*, by: str = "", **asked: Any) -> Design:
    """A design as somebody writes it, ``by`` as fields joined by commas.

    Raises ``RejectedEventError`` for a field that strata are not made by.

    >>> design(by="source, month", size=200).by
    ('source', 'month')
    """
    fields = {str(one): one for one in plans.FIELDS}
    named = [part.strip() for part in by.split(",") if part.strip()]
    if unknown := [one for one in named if one not in fields]:
        raise RejectedEventError(
            f"strata are made by {', '.join(fields)}, not by {unknown[0]!r}; name some of these"
        )
    return Design(by=tuple(fields[one] for one in named), **asked)


def rows(strata: Iterable[Stratum]) -> list[dict[str, Any]]:
    """The strata as the rows of a table."""
    return [
        {
            "stratum": one.name,
            "held": one.held,
            "drawn": one.drawn,
            "asked": one.asked,
            "probability": one.probability,
            "sentences": one.sentences,
        }
        for one in strata
    ]


def in_words(settings: Settings) -> str:
    """How a plan draws, in one sentence.

    >>> in_words(Settings(Design(size=200, by=("source", "month")), "", 1, ()))
    '200 sentences in proportion, by source and month'
    """
    design = settings.design
    what = "sentence" if design.of == "sentences" else "article"
    number = counted(int(design.size), what)
    size = {
        "proportional": number + (" in proportion" if design.by else ""),
        "equal": number + (", as many of each" if design.by else ""),
        "each": number + (" of each" if design.by else ""),
        "share": f"{design.size:.4g} of all {what}s",
    }[design.rule]
    if design.of == "two-stage":
        size += f", {counted(design.per_article, 'sentence')} of each article"
    parts = [f", by {' and '.join(design.by)}" if design.by else ""]
    parts += [", copies counted once" if design.stories else ""]
    parts += [f", from {settings.within}" if settings.within else ""]
    return size + "".join(parts)


def write_csv(store: Store, name: str, out: TextIO) -> int:
    """Write a list as CSV, a row for each unit with its probability; how many rows."""
    lists.known(store, name)
    rows = (sample_csv.Row(*one[:3], about=one[3:]) for one in lists.units(store, name))
    return sample_csv.write(name, rows, out)


def csv_bytes(store: Store, name: str) -> bytes:
    """The same as the bytes that its file would have."""
    with tables.snapshot(store), io.StringIO(newline="") as out:
        write_csv(store, name, out)
        return out.getvalue().encode("utf-8", "surrogatepass")


def _checked_frame(store: Store, design: Design, within: str) -> _Frame:
    if fault := plans.fault_in(design):
        raise RejectedEventError(fault)
    if within:
        lists.known(store, within)
    frame = _frame(store, design, within)
    if not frame.documents:
        raise RejectedEventError(
            f"{within!r} has no article in the corpus" if within else "there are no articles yet"
        )
    return frame


def _frame(store: Store, design: Design, within: str) -> _Frame:
    found = frames.documents(store, within)
    last = max((one.number for one in found), default=0)
    added = max((one.added_at for one in found), default="")
    return _Frame(list(_stories(found)) if design.stories else found, last, added)


def _since(frame: _Frame, settings: Settings) -> _Frame:
    """What of the frame came after the last draw; a story that was told before is not new."""
    last = settings.draws[-1]
    new = [
        one
        for one in frame.documents
        if one.number > last.last_document or one.added_at > last.last_added
    ]
    return frame._replace(documents=new)


def _stories(found: Iterable[FrameDocument]) -> Iterator[FrameDocument]:
    """Of documents that are copies of each other, the first alone: it stands for the story."""
    told: set[str] = set()
    for one in found:
        if one.cluster_id and one.cluster_id in told:
            continue
        told.add(one.cluster_id)
        yield one


def _held(
    store: Store, frame: _Frame, design: Design, within: str
) -> tuple[dict[str, int], dict[str, int] | None]:
    """What each stratum holds, and the sentences that all of its articles would bring in."""
    held: dict[str, int] = {}
    brought: dict[str, int] = {}
    if set(design.by) - set(plans.OF_ARTICLES):
        for unit in _units(store, frame, design, within):
            held[unit.stratum] = held.get(unit.stratum, 0) + 1
        return held, None
    for one in frame.documents:
        stratum = plans.stratum_of(_about(one), design.by)
        count = min(one.units, design.per_article or one.units)
        held[stratum] = held.get(stratum, 0) + (count if design.of == "sentences" else 1)
        brought[stratum] = brought.get(stratum, 0) + count
    return held, None if design.of == "sentences" else brought


def _draw(
    store: Store, frame: _Frame, name: str, settings: Settings, who: str
) -> tuple[Draw, list[Drawn]]:
    design, number = settings.design, len(settings.draws) + 1
    units = list(_units(store, frame, design, settings.within, number))
    drawn = plans.draw(units, design, seed=settings.seed, name=name)
    made = Draw(
        at=now(),
        who=who,
        version=__version__,
        documents=len(frame.documents),
        sentences=len(units),
        last_document=frame.last_document,
        last_added=frame.last_added,
        drawn=len(drawn),
        strata=tuple(_strata(units, design)),
    )
    return made, drawn


def _strata(units: Sequence[Unit], design: Design) -> list[Stratum]:
    if design.of == "sentences":
        held: dict[str, int] = {}
        for unit in units:
            held[unit.stratum] = held.get(unit.stratum, 0) + 1
        return plans.strata_of(held, design)
    sizes: dict[tuple[str, str], int] = {}
    for unit in units:
        place = (unit.stratum, unit.document)
        sizes[place] = sizes.get(place, 0) + 1
    articles: dict[str, int] = {}
    brought: dict[str, int] = {}
    for (stratum, _), size in sizes.items():
        articles[stratum] = articles.get(stratum, 0) + 1
        brought[stratum] = brought.get(stratum, 0) + min(size, design.per_article or size)
    return plans.strata_of(articles, design, brought)


def _units(
    store: Store, frame: _Frame, design: Design, within: str, number: int = 1
) -> Iterator[Unit]:
    """The sentences of the frame with their strata; those of a later draw carry its number."""
    known = {one.id: _about(one) for one in frame.documents}
    later = f" · draw {number}" if number > 1 else ""
    names: dict[About, str] = {}
    for unit in frames.units(store, within):
        about = known.get(unit.document)
        if about is None:
            continue
        about = about._replace(part=unit.part, voice=unit.voice)
        stratum = names.get(about)
        if stratum is None:
            stratum = names[about] = plans.stratum_of(about, design.by) + later
        yield Unit(unit.seq, unit.id, unit.document, stratum)


def _about(one: FrameDocument) -> About:
    return About(one.source, one.published, one.language, one.section)


def _listed(drawn: Iterable[Drawn]) -> Iterator[Listed]:
    return (Listed(*one) for one in drawn)


def _written(settings: Settings) -> dict[str, Any]:
    return {
        **settings._asdict(),
        "design": asdict(settings.design),
        "draws": [one._asdict() for one in settings.draws],
    }


def _unseen(uncompared: int) -> list[str]:
    if not uncompared:
        return []
    return [
        f"{counted(uncompared, 'article was', 'articles were')} not compared for copies yet; what"
        " is a copy among them counts as a story of its own."
    ]
