"""`make docs`: the pages as a site in `site/`, which loads nothing from anywhere else.

The pages stay where they are read on GitHub. For the site, `docs/` becomes its root, and what the
pages link to outside of it, such as `labels/README.md`, comes beside them.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from os.path import relpath
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
LAID = ROOT / "build" / "docs"
SITE = ROOT / "site"
BESIDE = ("labels/README.md", "CHANGELOG.md", "CONTRIBUTING.md")
"""Pages of the site that lie elsewhere in the repository."""

LINK = re.compile(r"(?<=\]\()(?!\w+:|#)([^)#\s]+)(?=[)#\s])")
LOADED = {"link": "href", "script": "src", "img": "src", "source": "srcset", "iframe": "src"}
"""By element, the attribute that names what a browser fetches without being asked."""

NOT_FETCHED = {"canonical", "alternate", "edit", "next", "prev"}
"""What a `link` may be that only names an address."""


def main() -> None:
    """Lay the pages out, build them, and look whether the site loads anything from elsewhere."""
    shutil.rmtree(LAID, ignore_errors=True)
    lay_out()
    build = [sys.executable, "-m", "zensical", "build", "--strict", "--clean"]
    if subprocess.run(build, cwd=ROOT, check=False).returncode:
        raise SystemExit("the site was not built; mend what is named above")
    if loaded := list(from_elsewhere()):
        raise SystemExit("\n".join(loaded))
    sys.stdout.write("read it with: python -m http.server --directory site\n")


def lay_out() -> None:
    """Copy the pages to where the site is built from, with all that they link to."""
    waiting = [place for place in HERE.rglob("*") if place.is_file() and place.suffix != ".py"]
    waiting += [ROOT / name for name in BESIDE]
    placed: set[Path] = set()
    while waiting:
        place = waiting.pop()
        if place in placed or "__pycache__" in place.parts:
            continue
        placed.add(place)
        target = LAID / on_site(place)
        target.parent.mkdir(parents=True, exist_ok=True)
        if place.suffix != ".md":
            shutil.copyfile(place, target)
            continue
        text = place.read_text(encoding="utf-8")
        target.write_text(moved(text, place), encoding="utf-8")
        waiting += [one for one in linked(text, place) if one.is_file()]


def on_site(place: Path) -> Path:
    """Where a file of the repository lies on the site, from the site's root."""
    return place.relative_to(HERE if place.is_relative_to(HERE) else ROOT)


def linked(text: str, place: Path) -> list[Path]:
    """The files that the page at ``place`` links to."""
    return [(place.parent / link[0]).resolve() for link in LINK.finditer(text)]


def moved(text: str, place: Path) -> str:
    """The page at ``place`` with its links as they have to be on the site."""

    def there(link: re.Match[str]) -> str:
        target = (place.parent / link[0]).resolve()
        return Path(relpath(on_site(target), on_site(place).parent)).as_posix()

    return LINK.sub(there, text)


def from_elsewhere() -> Iterator[str]:
    """What pages or style sheets of the site would fetch over the network, one line each."""
    for place in sorted(SITE.rglob("*.html")):
        for element, address in _Fetched.of(place.read_text(encoding="utf-8")):
            yield f"{place.relative_to(ROOT)}: {element} loads {address}"
    for place in sorted(SITE.rglob("*.css")):
        for address in re.findall(r"""url\(["']?(https?:[^)"']*)""", place.read_text("utf-8")):
            yield f"{place.relative_to(ROOT)}: loads {address}"


class _Fetched(HTMLParser):
    """Collects the addresses on other hosts that a page would load."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []

    @classmethod
    def of(cls, page: str) -> list[tuple[str, str]]:
        reader = cls()
        reader.feed(page)
        return reader.found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        address = told.get(LOADED.get(tag, "")) or ""
        named_only = tag == "link" and told.get("rel") in NOT_FETCHED
        if not named_only and re.match(r"(https?:)?//", address):
            self.found.append((tag, address))


if __name__ == "__main__":
    main()
