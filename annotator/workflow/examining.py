"""What is looked at in a project: each part, and what is said of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from shlex import quote

from annotator.store import checks, view_checks
from annotator.store.checks import Strayed
from annotator.store.connection import beside, is_project
from annotator.store.view_checks import Difference
from annotator.store.views import CardPlace
from annotator.workflow.model_checks import models, trainings, word_vectors
from annotator.workflow.surroundings import NAMED, Check, more

ESSENTIAL = {"file", "integrity", "schema", "events"}
"""The checks that must find no fault before anything is made anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """Every check of one project, and what of the faults ``repair`` can mend."""

    project: Path
    checks: tuple[Check, ...]
    differences: tuple[Difference, ...] = ()
    documents: tuple[Strayed, ...] = ()
    speakers: bool = False
    counts: bool = False
    index: bool = False

    @property
    def faults(self) -> int:
        """How many checks found a fault."""
        return sum(check.state == "fault" for check in self.checks)

    @property
    def mendable(self) -> bool:
        """Whether there is something that can be made anew from the events and the units."""
        view = any(one.mendable for one in self.differences)
        sound = all(check.state != "fault" for check in self.checks if check.name in ESSENTIAL)
        others = self.documents or self.speakers or self.counts or self.index
        return sound and bool(view or others)

    def lines(self) -> Iterator[str]:
        """A line for each check, and what it comes to."""
        yield from (check.line() for check in self.checks)
        warnings = sum(check.state == "warning" for check in self.checks)
        yield f"faults: {self.faults}, warnings: {warnings}"

    def as_dict(self) -> dict[str, object]:
        """What ``--json`` prints."""
        return {
            "project": str(self.project),
            "faults": self.faults,
            "warnings": sum(check.state == "warning" for check in self.checks),
            "mendable": self.mendable,
            "checks": [asdict(check) for check in self.checks],
        }


def restore_advice(path: Path) -> str:
    """What to do where only a backup helps."""
    recover = f"sqlite3 {quote(str(path))} .recover | sqlite3 recovered.annotator"
    return f"open the latest backup like any project; without one, `{recover}` saves what it can"


def repair_advice(path: Path) -> str:
    """What to do where the fault can be made anew from the events."""
    return f"run `annotator doctor {quote(str(path))} --repair`, which makes a backup first"


def header(path: Path) -> Check:
    """What the first hundred bytes say: SQLite's file format, section 1.3.

    Read before SQLite opens the file: on POSIX, closing it here would drop SQLite's locks.
    """
    with path.open("rb") as file:
        start = file.read(100)
    if is_project(path):
        return _size(path, start)
    if start.startswith(b"SQLite format 3\0"):
        said = "is another program's database, or its header was overwritten"
    elif not start:
        said = "is empty"
    else:
        said = "is not a database: it is another file, or its beginning was overwritten"
    return Check(name="file", state="fault", message=f"{path} {said}", advice=restore_advice(path))


def _size(path: Path, header: bytes) -> Check:
    page = int.from_bytes(header[16:18], "big")
    told = (65_536 if page == 1 else page) * int.from_bytes(header[28:32], "big")
    size = path.stat().st_size
    if size >= told:
        return Check(name="file", message=f"{path} is a project of {size / 1e6:,.1f} MB")
    said = f"{path} is damaged: it ends after {size:,} of {told:,} bytes"
    if not beside(path, "-wal").exists():
        return Check(name="file", state="fault", message=said, advice=restore_advice(path))
    return Check(
        name="file",
        state="warning",
        message=said,
        advice="its end is missing, unless a program writes to it right now",
    )


def unreadable(path: Path, name: str, fault: sqlite3.Error) -> Check:
    """The check of that name where SQLite could not look: the file is damaged, or held."""
    is_damage = "malformed" in str(fault) or "no such" in str(fault)
    if isinstance(fault, sqlite3.OperationalError) and not is_damage:
        advice = "close what holds it, or see that the file and its folder can be read"
        return Check(name=name, state="fault", message=f"cannot be opened ({fault})", advice=advice)
    return Check(
        name=name,
        state="fault",
        message=f"the file is damaged ({fault})",
        advice=restore_advice(path),
    )


@dataclass(slots=True)
class _Found:
    """What the looks found that can be made anew."""

    differences: list[Difference] = field(default_factory=list)
    documents: list[Strayed] = field(default_factory=list)
    speakers: bool = False
    counts: bool = False
    index: bool = False


def inside(path: Path, conn: sqlite3.Connection) -> Examination:
    """What the file itself holds, looked at through one snapshot of it."""
    damage = _damage(path, conn)
    schema = _schema(path, conn)
    if "fault" in (damage.state, schema.state):
        return Examination(project=path, checks=(damage, schema))
    found = _Found()
    told = [damage, schema]
    for name, look in _LOOKS.items():
        try:
            told.append(look(path, conn, found))
        except sqlite3.Error as fault:
            told.append(unreadable(path, name, fault))
    told += [*models(path, conn), *word_vectors(path, conn), trainings(conn)]
    return Examination(
        project=path,
        checks=tuple(told),
        differences=tuple(found.differences),
        documents=tuple(found.documents),
        speakers=found.speakers,
        counts=found.counts,
        index=found.index,
    )


def _damage(path: Path, conn: sqlite3.Connection) -> Check:
    try:
        found = checks.faults_of_file(conn)
    except sqlite3.Error as fault:
        return unreadable(path, "integrity", fault)
    if not found:
        return Check(name="integrity", message="every page and index of the file is sound")
    said = f"{found[0].splitlines()[-1]}{more(len(found) - 1)}"
    return Check(name="integrity", state="fault", message=said, advice=restore_advice(path))


def _schema(path: Path, conn: sqlite3.Connection) -> Check:
    try:
        lacking, unknown = checks.migrations(conn)
        missing = [] if lacking or unknown else checks.missing_parts(conn)
    except sqlite3.Error as fault:
        return unreadable(path, "schema", fault)
    if unknown:
        said = f"made by a newer annotator ({', '.join(sorted(unknown))})"
        return Check(name="schema", state="fault", message=said, advice="update annotator")
    if lacking:
        return Check(
            name="schema",
            state="fault",
            message=f"of an older annotator (lacks {', '.join(sorted(lacking))})",
            advice=f"make a backup, then open it once, as by `annotator status {path}`",
        )
    if missing:
        return Check(
            name="schema",
            state="fault",
            message=f"{missing[0]} is gone{more(len(missing) - 1)}",
            advice=restore_advice(path),
        )
    return Check(name="schema", message="as this version of annotator makes it")


def _references(path: Path, conn: sqlite3.Connection, _: _Found) -> Check:
    broken = checks.broken_references(conn)
    if not broken:
        return Check(name="references", message="every row finds what it refers to")
    said = ", ".join(f"{number:,} rows of {what}" for what, number in broken.items())
    return Check(name="references", state="fault", message=said, advice=restore_advice(path))


def _codebooks(path: Path, conn: sqlite3.Connection, _: _Found) -> Check:
    found = checks.faults_of_codebooks(conn)
    if not found:
        return Check(
            name="codebooks", message="what coders were asked can be read in every version"
        )
    said = "; ".join(found[:NAMED]) + more(len(found) - NAMED)
    return Check(name="codebooks", state="fault", message=said, advice=restore_advice(path))


def _events(path: Path, conn: sqlite3.Connection, _: _Found) -> Check:
    lost, homeless = checks.lost_events(conn), checks.events_without_unit(conn)
    said = [f"{lost:,} were deleted behind the program's back"] * bool(lost)
    said += [f"{homeless:,} are about units that are gone"] * bool(homeless)
    astray = checks.events_without_document(conn)
    said += [f"{astray:,} are about documents that are gone"] * bool(astray)
    if said:
        advice = restore_advice(path)
        return Check(name="events", state="fault", message="; ".join(said), advice=advice)
    return Check(name="events", message="numbered without a gap, each about a unit that is here")


def _view(path: Path, conn: sqlite3.Connection, can_be_mended: _Found) -> Check:
    found = can_be_mended.differences
    found.extend(view_checks.differences(conn))
    if not found:
        return Check(name="view", message="codings and annotations are what the events add up to")
    named = [f"{one.unit}, {one.place.coder}: {one.what}" for one in found[:NAMED]]
    cards = any(isinstance(one.place, CardPlace) for one in found)
    what = "decision" if cards else "unit"
    units = f"{what} differs" if len(found) == 1 else f"{what}s differ"
    said = f"{len(found):,} {units} from the events ({' | '.join(named)}{more(len(found) - NAMED)})"
    mendable = any(one.mendable for one in found)
    advice = repair_advice(path) if mendable else restore_advice(path)
    return Check(name="view", state="fault", message=said, advice=advice)


def _documents(path: Path, conn: sqlite3.Connection, can_be_mended: _Found) -> Check:
    found = can_be_mended.documents
    found.extend(checks.documents_off_their_events(conn))
    found.extend(checks.documents_off_their_letters(conn))
    found.extend(checks.documents_off_their_cluster(conn))
    if not found:
        return Check(name="documents", message="each is as it came in and was edited since")
    named = [f"{one.document}: {one.column} is {one.here!r}, not {one.due!r}" for one in found]
    more_ = more(len(found) - NAMED)
    said = f"{len(found):,} differ from their events ({' | '.join(named[:NAMED])}{more_})"
    return Check(name="documents", state="fault", message=said, advice=repair_advice(path))


def _speakers(path: Path, conn: sqlite3.Connection, can_be_mended: _Found) -> Check:
    found = checks.faults_of_speakers(conn)
    can_be_mended.speakers = bool(found)
    if not found:
        return Check(name="speakers", message="each follows from the articles and the corrections")
    said = f"{len(found):,} are not what they follow from ({' | '.join(found[:NAMED])}"
    said += f"{more(len(found) - NAMED)})"
    return Check(name="speakers", state="fault", message=said, advice=repair_advice(path))


def _counts(path: Path, conn: sqlite3.Connection, can_be_mended: _Found) -> Check:
    wrong = checks.wrong_counts(conn)
    can_be_mended.counts = bool(wrong)
    if not wrong:
        return Check(name="counts", message="progress is what counting gives")
    said = f"{', '.join(wrong)} differ from counting anew"
    return Check(name="counts", state="fault", message=said, advice=repair_advice(path))


def _texts(path: Path, conn: sqlite3.Connection, _: _Found) -> Check:
    units, whole = checks.units_off_their_text(conn), checks.documents_off_their_units(conn)
    said = []
    if units:
        named = ", ".join(units[:NAMED]) + more(len(units) - NAMED)
        said.append(f"units that are not the part of the article they name: {named}")
    if whole:
        said.append(f"articles with more or fewer units than they were cut into: {whole:,}")
    if said:
        advice = restore_advice(path)
        return Check(name="texts", state="fault", message="; ".join(said), advice=advice)
    return Check(name="texts", message="every unit is the part of its article that it names")


def _index(path: Path, conn: sqlite3.Connection, can_be_mended: _Found) -> Check:
    """How the search index is."""
    try:
        words = checks.words_off_the_index(conn)
        said = f"{words:,} words are counted wrong" if words else ""
    except sqlite3.Error as fault:
        said = f"it cannot be read ({fault})"
    if not said:
        return Check(name="search", message="the index holds the words of every unit")
    can_be_mended.index = checks.index_opens(conn)
    advice = repair_advice(path) if can_be_mended.index else restore_advice(path)
    return Check(name="search", state="fault", message=said, advice=advice)


_LOOKS: dict[str, Callable[[Path, sqlite3.Connection, _Found], Check]] = {
    "references": _references,
    "codebooks": _codebooks,
    "events": _events,
    "view": _view,
    "documents": _documents,
    "speakers": _speakers,
    "counts": _counts,
    "texts": _texts,
    "search": _index,
}
