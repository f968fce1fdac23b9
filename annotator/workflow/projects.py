"""Making, opening and remembering projects."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import threading
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from annotator import sample
from annotator.core.codebook import NAME, Codebook, Scheme, Target
from annotator.core.errors import AnnotatorError, CodebookError, ProjectError
from annotator.exchange import codebook_toml
from annotator.store import Store, codebooks, settings
from annotator.store.connection import BESIDE, beside
from annotator.workflow import recording
from annotator.workflow.clock import now

SEED = 20_260_101
"""The seed of a project's sampling where none is given; it is stored with the project."""


@dataclass(frozen=True, slots=True)
class Project:
    """An open project."""

    store: Store
    id: str
    title: str
    seed: int
    is_sample: bool

    @property
    def path(self) -> Path:
        """The project's file."""
        return self.store.path

    @property
    def scheme(self) -> Scheme:
        """The scheme in force."""
        return codebooks.current_scheme(self.store)


_opened: dict[Path, Project] = {}
_lock = threading.Lock()


def create(
    path: Path,
    codebook_files: Sequence[Path],
    *,
    targets: Sequence[Target] = (),
    keep_targets: bool = False,
    title: str = "",
    is_sample: bool = False,
) -> Project:
    """Make a project with these codebooks, and these targets in place of the codebooks' own.

    With ``keep_targets`` they are added to those.
    """
    path = path.expanduser()
    chosen = [(codebook_toml.load(file), file) for file in codebook_files]
    check_together([codebook for codebook, _ in chosen])
    settled = settle_targets([codebook for codebook, _ in chosen], targets, keep=keep_targets)
    sources = [file.read_text(encoding="utf-8") for _, file in chosen]
    store = Store.create(path)
    try:
        settings.put(
            store,
            id=uuid.uuid4().hex,
            title=title or path.stem,
            seed=str(SEED),
            sample=str(int(is_sample)),
            made_at=now(),
        )
        codebooks.put_scheme(store, list(zip(settled, sources, strict=True)), now())
    except BaseException:
        store.close()
        discard(store.path)
        raise
    store.close()
    return open_project(path)


def check_together(chosen: Sequence[Codebook]) -> None:
    """Refuse codebooks that ask a question of the same name."""
    if not chosen:
        raise CodebookError(["a project needs a codebook; name one with --codebook FILE"])
    seen: dict[str, str] = {}
    faults = []
    for codebook in chosen:
        for variable in codebook.variable:
            if variable.name in seen:
                faults.append(
                    f"variable {variable.name!r} is in both {seen[variable.name]} and "
                    f"{codebook.name}; rename one of them"
                )
            seen[variable.name] = codebook.name
    if faults:
        raise CodebookError(faults)


def settle_targets(
    chosen: Sequence[Codebook], targets: Sequence[Target], *, keep: bool
) -> list[Codebook]:
    """The codebooks with these targets; each variable that asks about targets must have one."""
    names = [target.name for target in targets]
    if repeated := next((name for name in names if names.count(name) > 1), None):
        raise CodebookError([f"target {repeated!r} is given twice; keep one"])
    asking = [v for codebook in chosen for v in codebook.variable if v.targets is not None]
    if targets and not asking:
        raise CodebookError(["no variable of the codebook asks about targets; leave them out"])
    settled = [
        codebook.with_targets(targets, keep=keep) if targets else codebook for codebook in chosen
    ]
    for codebook in settled:
        require_targets(codebook)
    return settled


def require_targets(codebook: Codebook) -> None:
    """Refuse a codebook that asks about targets and has none."""
    for variable in codebook.variable:
        if variable.targets is not None and not variable.targets:
            raise CodebookError(
                [f"{codebook.name}: {variable.name}: has no target; give one: --target NAME=TITLE"]
            )


def parse_target(written: str) -> Target:
    """A target written ``NAME=TITLE``, or as a title alone.

    >>> parse_target("varnia=Republic of Varnia").name, parse_target("Port Osten").name
    ('varnia', 'port-osten')
    """
    name, equals, title = written.partition("=")
    title = (title if equals else name).strip()
    name = name.strip() if equals else slug(title)
    if not title or not re.fullmatch(NAME, name):
        raise CodebookError(
            [f"target {written!r}: write it as kelmar=Republic of Kelmar, its name in lower case"]
        )
    return Target(name=name, title=title)


def slug(text: str) -> str:
    """A name made of a title: lower case, words joined by hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def open_project(path: Path) -> Project:
    """Open a project; within one process the same file is one store."""
    place = path.expanduser().resolve()
    with _lock:
        project = _opened.get(place)
        if project is None or not place.is_file():
            project = _opened[place] = _read(Store.open(place))
    return project


def _read(store: Store) -> Project:
    # A copied file carries the original's id; its place tells the two apart.
    place = hashlib.sha256(str(store.path).encode("utf-8", "surrogateescape")).hexdigest()
    return Project(
        store=store,
        id=settings.value(store, "id")[:16] + place[:8],
        title=settings.value(store, "title"),
        seed=_seed(store),
        is_sample=settings.value(store, "sample") == "1",
    )


def _seed(store: Store) -> int:
    written = settings.value(store, "seed", str(SEED))
    if not written.isdecimal():
        raise ProjectError(
            f"{store.path} is damaged: its seed is {written!r}; run `annotator doctor`"
        )
    return int(written)


def close_project(path: Path) -> None:
    """Close a project and forget it, so that its file may be moved or removed."""
    with _lock:
        project = _opened.pop(path.expanduser().resolve(), None)
    if project is not None:
        recording.forget(project.store)
        project.store.close()


def home() -> Path:
    """The user's data directory: the sample, and the list of projects opened before."""
    return Path(os.environ.get("ANNOTATOR_HOME") or click.get_app_dir("annotator"))


def remember(project: Project) -> None:
    """Keep the project among those opened before, newest first."""
    others = [place for place in _remembered() if place != str(project.path)]
    home().mkdir(parents=True, exist_ok=True)
    fresh = home() / f"projects.{os.getpid()}.tmp"
    fresh.write_text(json.dumps([str(project.path), *others[:19]], indent=1), encoding="utf-8")
    fresh.replace(home() / "projects.json")


def known_projects() -> list[Project]:
    """The projects opened before that are still there, newest first."""
    found = []
    for place in _remembered():
        try:
            found.append(open_project(Path(place)))
        except AnnotatorError:
            continue
    return found


def by_id(id_: str) -> Project | None:
    """The project of that id among those opened now or before."""
    opened = next((one for one in list(_opened.values()) if one.id == id_), None)
    if opened is not None and opened.path.is_file():
        return opened
    return next((project for project in known_projects() if project.id == id_), None)


def _remembered() -> list[str]:
    try:
        kept = json.loads((home() / "projects.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [place for place in kept if isinstance(place, str)] if isinstance(kept, list) else []


def labels_directory() -> Path:
    """Where the codebooks lie: beside the package in a checkout, inside it in a wheel."""
    package = Path(__file__).resolve().parent.parent
    checkout = package.parent / "labels"
    return checkout if (checkout / f"{sample.CODEBOOK}.toml").is_file() else package / "labels"


def codebook_file(written: Path) -> Path:
    """The file that is meant: a name alone stands for the shipped codebook, unless it is a file."""
    shipped = labels_directory() / f"{written}.toml"
    alone = written.name == str(written) and not written.exists()
    return shipped if alone and shipped.is_file() else written


def discard(path: Path) -> None:
    """Remove a project file and what lies beside it."""
    for place in (path, *(beside(path, end) for end in BESIDE)):
        if place.is_dir():
            shutil.rmtree(place)
        else:
            place.unlink(missing_ok=True)
