"""Looking at everything a project is made of, and making anew what can be made anew."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from shlex import quote

from annotator.core.errors import ModelError, ProjectError
from annotator.core.progress import Progress
from annotator.store import Store, checks, settings, view_checks
from annotator.store.checks import Strayed
from annotator.store.connection import beside, is_project, reading
from annotator.store.view_checks import Difference
from annotator.store.views import CardPlace
from annotator.workflow import surroundings
from annotator.workflow.backups import Backup, backup
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


def examine(project: Path) -> Examination:
    """Look at everything a project is made of, and change nothing.

    Coders may go on saving. Raises ``ProjectError`` only where there is no file.
    """
    path = project.expanduser()
    if not path.is_file():
        said = "is a folder; name the project file in it" if path.is_dir() else "is not there"
        raise ProjectError(f"{project} {said}")
    path = path.resolve()
    header = _header(path)
    if header.state == "fault":
        return Examination(project=path, checks=(header,))
    # Looked at first: while this reads its snapshot, what coders save has to wait in the journal.
    journal = surroundings.journal(path)
    try:
        with reading(path) as conn:
            inside = _inside(path, conn)
    except sqlite3.Error as fault:
        inside = Examination(project=path, checks=(_unreadable(path, "integrity", fault),))
    around = (
        journal,
        surroundings.secret(path),
        surroundings.leftovers(path),
        surroundings.space(path),
        *surroundings.place_of(path),
    )
    return Examination(
        project=path,
        checks=(header, *inside.checks, *around),
        differences=inside.differences,
        documents=inside.documents,
        speakers=inside.speakers,
        counts=inside.counts,
        index=inside.index,
    )


def repair(found: Examination, *, at: datetime, tell: Progress) -> Backup:
    """Make anew what ``examine`` found wrong in view, documents, speakers, counts and index.

    A backup is made first, beside the project. The events are never touched.
    """
    path = found.project
    stamp = at.strftime("%Y-%m-%d-%H%M%S")
    safe = path.with_name(f"{path.stem}-before-repair-{stamp}{path.suffix}")
    made = backup(path, safe, at=at, tell=tell)
    store = Store.open(path)
    places = [one.place for one in found.differences if one.mendable]
    try:
        checks.mend(
            store,
            places,
            documents=found.documents,
            speakers=found.speakers,
            counts=found.counts or bool(places) or bool(found.documents),
            index=found.index,
        )
    except sqlite3.Error as fault:
        raise ProjectError(
            f"{path} could not be mended ({fault}) and is as it was; {_restore(path)}"
        ) from fault
    finally:
        store.close()
    return made


def _restore(path: Path) -> str:
    recover = f"sqlite3 {quote(str(path))} .recover | sqlite3 recovered.annotator"
    return f"open the latest backup like any project; without one, `{recover}` saves what it can"


def _repair(path: Path) -> str:
    return f"run `annotator doctor {quote(str(path))} --repair`, which makes a backup first"


def _header(path: Path) -> Check:
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
    return Check(name="file", state="fault", message=f"{path} {said}", advice=_restore(path))


def _size(path: Path, header: bytes) -> Check:
    page = int.from_bytes(header[16:18], "big")
    told = (65_536 if page == 1 else page) * int.from_bytes(header[28:32], "big")
    size = path.stat().st_size
    if size >= told:
        return Check(name="file", message=f"{path} is a project of {size / 1e6:,.1f} MB")
    said = f"{path} is damaged: it ends after {size:,} of {told:,} bytes"
    if not beside(path, "-wal").exists():
        return Check(name="file", state="fault", message=said, advice=_restore(path))
    return Check(
        name="file",
        state="warning",
        message=said,
        advice="its end is missing, unless a program writes to it right now",
    )


def _unreadable(path: Path, name: str, fault: sqlite3.Error) -> Check:
    is_damage = "malformed" in str(fault) or "no such" in str(fault)
    if isinstance(fault, sqlite3.OperationalError) and not is_damage:
        advice = "close what holds it, or see that the file and its folder can be read"
        return Check(name=name, state="fault", message=f"cannot be opened ({fault})", advice=advice)
    return Check(
        name=name,
        state="fault",
        message=f"the file is damaged ({fault})",
        advice=_restore(path),
    )


def _inside(path: Path, conn: sqlite3.Connection) -> Examination:
    """What the file itself holds, looked at through one snapshot of it."""
    damage = _damage(path, conn)
    schema = _schema(path, conn)
    if "fault" in (damage.state, schema.state):
        return Examination(project=path, checks=(damage, schema))
    differences: list[Difference] = []
    strayed: list[Strayed] = []
    misheard: list[str] = []
    wrong: list[str] = []

    def documents() -> Check:
        strayed.extend(checks.documents_off_their_events(conn))
        strayed.extend(checks.documents_off_their_letters(conn))
        strayed.extend(checks.documents_off_their_cluster(conn))
        return _documents(path, strayed)

    def view() -> Check:
        differences.extend(view_checks.differences(conn))
        return _view(path, differences)

    def speakers() -> Check:
        misheard.extend(checks.faults_of_speakers(conn))
        return _speakers(path, misheard)

    def counts() -> Check:
        wrong.extend(checks.wrong_counts(conn))
        return _counts(path, wrong)

    looks: dict[str, Callable[[], Check]] = {
        "references": lambda: _references(path, conn),
        "codebooks": lambda: _codebooks(path, conn),
        "events": lambda: _events(path, conn),
        "view": view,
        "documents": documents,
        "speakers": speakers,
        "counts": counts,
        "texts": lambda: _texts(path, conn),
    }
    told = [damage, schema, *(_looked(path, name, look) for name, look in looks.items())]
    index, anew = _index(path, conn)
    told += [index, *_models(path, conn), *_vectors(path, conn), _jobs(conn)]
    return Examination(
        project=path,
        checks=tuple(told),
        differences=tuple(differences),
        documents=tuple(strayed),
        speakers=bool(misheard),
        counts=bool(wrong),
        index=anew,
    )


def _looked(path: Path, name: str, look: Callable[[], Check]) -> Check:
    try:
        return look()
    except sqlite3.Error as fault:
        return _unreadable(path, name, fault)


def _damage(path: Path, conn: sqlite3.Connection) -> Check:
    try:
        found = checks.faults_of_file(conn)
    except sqlite3.Error as fault:
        return _unreadable(path, "integrity", fault)
    if not found:
        return Check(name="integrity", message="every page and index of the file is sound")
    said = f"{found[0].splitlines()[-1]}{more(len(found) - 1)}"
    return Check(name="integrity", state="fault", message=said, advice=_restore(path))


def _schema(path: Path, conn: sqlite3.Connection) -> Check:
    try:
        lacking, unknown = checks.migrations(conn)
        missing = [] if lacking or unknown else checks.missing_parts(conn)
    except sqlite3.Error as fault:
        return _unreadable(path, "schema", fault)
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
            advice=_restore(path),
        )
    return Check(name="schema", message="as this version of annotator makes it")


def _references(path: Path, conn: sqlite3.Connection) -> Check:
    broken = checks.broken_references(conn)
    if not broken:
        return Check(name="references", message="every row finds what it refers to")
    said = ", ".join(f"{number:,} rows of {what}" for what, number in broken.items())
    return Check(name="references", state="fault", message=said, advice=_restore(path))


def _codebooks(path: Path, conn: sqlite3.Connection) -> Check:
    found = checks.faults_of_codebooks(conn)
    if not found:
        return Check(
            name="codebooks", message="what coders were asked can be read in every version"
        )
    said = "; ".join(found[:NAMED]) + more(len(found) - NAMED)
    return Check(name="codebooks", state="fault", message=said, advice=_restore(path))


def _events(path: Path, conn: sqlite3.Connection) -> Check:
    lost, homeless = checks.lost_events(conn), checks.events_without_unit(conn)
    said = [f"{lost:,} were deleted behind the program's back"] * bool(lost)
    said += [f"{homeless:,} are about units that are gone"] * bool(homeless)
    astray = checks.events_without_document(conn)
    said += [f"{astray:,} are about documents that are gone"] * bool(astray)
    if said:
        advice = _restore(path)
        return Check(name="events", state="fault", message="; ".join(said), advice=advice)
    return Check(name="events", message="numbered without a gap, each about a unit that is here")


def _view(path: Path, found: list[Difference]) -> Check:
    if not found:
        return Check(name="view", message="codings and annotations are what the events add up to")
    named = [f"{one.unit}, {one.place.coder}: {one.what}" for one in found[:NAMED]]
    cards = any(isinstance(one.place, CardPlace) for one in found)
    what = "decision" if cards else "unit"
    units = f"{what} differs" if len(found) == 1 else f"{what}s differ"
    said = f"{len(found):,} {units} from the events ({' | '.join(named)}{more(len(found) - NAMED)})"
    mendable = any(one.mendable for one in found)
    advice = _repair(path) if mendable else _restore(path)
    return Check(name="view", state="fault", message=said, advice=advice)


def _documents(path: Path, found: list[Strayed]) -> Check:
    if not found:
        return Check(name="documents", message="each is as it came in and was edited since")
    named = [f"{one.document}: {one.column} is {one.here!r}, not {one.due!r}" for one in found]
    more_ = more(len(found) - NAMED)
    said = f"{len(found):,} differ from their events ({' | '.join(named[:NAMED])}{more_})"
    return Check(name="documents", state="fault", message=said, advice=_repair(path))


def _speakers(path: Path, found: list[str]) -> Check:
    if not found:
        return Check(name="speakers", message="each follows from the articles and the corrections")
    said = f"{len(found):,} are not what they follow from ({' | '.join(found[:NAMED])}"
    said += f"{more(len(found) - NAMED)})"
    return Check(name="speakers", state="fault", message=said, advice=_repair(path))


def _counts(path: Path, wrong: list[str]) -> Check:
    if not wrong:
        return Check(name="counts", message="progress is what counting gives")
    said = f"{', '.join(wrong)} differ from counting anew"
    return Check(name="counts", state="fault", message=said, advice=_repair(path))


def _texts(path: Path, conn: sqlite3.Connection) -> Check:
    units, whole = checks.units_off_their_text(conn), checks.documents_off_their_units(conn)
    said = []
    if units:
        named = ", ".join(units[:NAMED]) + more(len(units) - NAMED)
        said.append(f"units that are not the part of the article they name: {named}")
    if whole:
        said.append(f"articles with more or fewer units than they were cut into: {whole:,}")
    if said:
        advice = _restore(path)
        return Check(name="texts", state="fault", message="; ".join(said), advice=advice)
    return Check(name="texts", message="every unit is the part of its article that it names")


def _index(path: Path, conn: sqlite3.Connection) -> tuple[Check, bool]:
    """How the search index is, and whether it is to be made anew."""
    try:
        words = checks.words_off_the_index(conn)
        said = f"{words:,} words are counted wrong" if words else ""
    except sqlite3.Error as fault:
        said = f"it cannot be read ({fault})"
    if not said:
        return Check(name="search", message="the index holds the words of every unit"), False
    anew = checks.index_opens(conn)
    advice = _repair(path) if anew else _restore(path)
    return Check(name="search", state="fault", message=said, advice=advice), anew


def _models(path: Path, conn: sqlite3.Connection) -> Iterator[Check]:
    """The model in force read whole; of the others, whether their files are there."""
    folder = beside(path, ".models")
    known = checks.models(conn)
    there = {one.name for one in folder.glob("m*") if one.is_dir()} if folder.is_dir() else set()
    advice = f"run `annotator train {path}`"
    if known.in_force and (fault := _fault_of_model(folder / known.in_force, known.in_force)):
        yield Check(name="model", state="fault", message=fault, advice=advice)
    elif known.in_force:
        yield Check(name="model", message=f"{known.in_force} is whole and in force")
    gone = sorted(known.ids - there - {known.in_force})
    if gone:
        said = f"the files of older models are gone: {', '.join(gone[:NAMED])}"
        yield Check(name="models", state="warning", message=said + more(len(gone) - NAMED))
    left = sorted(there - known.ids)
    if left and not known.training:
        yield Check(
            name="models",
            state="warning",
            message=f"files of trainings that were broken off: {', '.join(left[:NAMED])}"
            + more(len(left) - NAMED),
            advice=f"delete them from {folder}",
        )


def _fault_of_model(place: Path, name: str) -> str:
    # numpy and what comes with it take longer to load than most projects to check.
    import numpy as np

    from annotator.learn import artefact

    if not place.is_dir():
        return f"the files of {name} are gone"
    try:
        artefact.load(place)
        np.load(place / "scores.npy", mmap_mode="r", allow_pickle=False)
    except ModelError as fault:
        return str(fault)
    except (OSError, ValueError):
        return f"{name}: scores.npy is missing or damaged"
    return ""


def _vectors(path: Path, conn: sqlite3.Connection) -> Iterator[Check]:
    """The word vectors in force read whole; nothing is said where there are none."""
    # What they come with takes longer to load than most projects to check.
    from annotator.workflow import vectors

    name = settings.of(conn, vectors.IN_FORCE)
    if not name:
        return
    try:
        words = vectors.named(Store(path), name)
    except ModelError as fault:
        yield Check(name="vectors", state="fault", message=str(fault))
    else:
        yield Check(
            name="vectors", message=f"{name} are whole and in force ({words.dims} numbers each)"
        )


def _jobs(conn: sqlite3.Connection) -> Check:
    dead = checks.models(conn).dead_jobs
    if not dead:
        return Check(name="training", message="no training died")
    said = f"training {', '.join(map(str, dead))} ended without a word"
    return Check(
        name="training",
        state="warning",
        message=said,
        advice="the model before is in force; the next training puts this right",
    )
