"""`make pictures`: every picture of the README and of these pages, taken from the running sample.

The sample is built anew and its model learns; then each picture is taken in light and in dark, with
Chromium. One that cannot be taken is named, the others are taken all the same, and the exit code
is 1. Run it again whenever a page looks different.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from PIL import Image
from playwright.sync_api import Error, Page

from annotator.store import tables
from annotator.workflow import projects, sample_project
from bench import desk, server

HERE = Path(__file__).resolve().parent
PICTURES = HERE / "pictures"
ARTICLES = sorted((HERE / "tutorial").glob("*.txt"))
SIZE = {"width": 1280, "height": 900}
SCHEMES = ("light", "dark")
CODER = "ana"
LEARNED = 120.0  # seconds that the sample's model may take
SETTLED = 1_000  # milliseconds that charts may take after a page is drawn
EXACT = 64  # colours of the largest areas
LARGEST = 150_000  # bytes
SENTENCE = "The hospital in Ilsa reported"


class Shot(NamedTuple):
    """One picture: its name, the page with what it is asked, and what is done there first."""

    name: str
    page: str
    prepare: Callable[[Page], None]


def main() -> int:
    """Take every picture; how many could not be taken."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with server.launched(home, "--coder", CODER) as port:
            server.wait(port)
            address = f"http://127.0.0.1:{port}/"
            failed = _wait_for_model(home, address)
            unit = _unit(home)
            for scheme in SCHEMES:
                failed += [_said(shot, scheme, address) for shot in _shots(unit)]
    faults = [fault for fault in failed if fault]
    sys.stderr.writelines(f"{fault}\n" for fault in faults)
    return len(faults)


def _wait_for_model(home: Path, address: str) -> list[str]:
    """The first page starts the training of the sample's model; what there is to say of it."""
    with desk.browser_page(address) as page:
        page.locator("[data-testid=sentence]").wait_for()
    pause, until = threading.Event(), time.monotonic() + LEARNED
    while time.monotonic() < until:
        if any(home.glob("sample.annotator.models/*/scores.npy")):
            return []
        pause.wait(0.2)
    return [f"the sample's model did not learn within {LEARNED:.0f} s: nothing is suggested"]


def _unit(home: Path) -> str:
    """The id of the sentence that the desk is shown with."""
    os.environ["ANNOTATOR_HOME"] = str(home)
    sample = projects.open_project(sample_project.sample_path())
    try:
        return next(
            one.unit_id for one in tables.units(sample.store) if one.text.startswith(SENTENCE)
        )
    finally:
        projects.close_project(sample.path)


def _shots(unit: str) -> list[Shot]:
    at = f"?unit={unit}"
    return [
        Shot("desk", at, _coded),
        Shot("why", at, _why),
        Shot("keys", at, _keys),
        Shot("home", "home", _headed),
        Shot("import", "import", _articles),
        Shot("codebook", "codebook", _headed),
        Shot("model", "model", _headed),
        Shot("export", "export", _headed),
    ]


def _said(shot: Shot, scheme: str, address: str) -> str:
    """Take one picture; what is wrong with it, empty where nothing is."""
    name = f"{shot.name}-{scheme}.png"
    try:
        with desk.browser_page("about:blank") as page:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.set_viewport_size(SIZE)
            page.goto(address + shot.page)
            shot.prepare(page)
            page.wait_for_timeout(SETTLED)
            taken = page.screenshot(animations="disabled", caret="hide")
    except Error as fault:
        return f"{name}: not taken: {fault.message.splitlines()[0]}"
    size = _write(PICTURES / name, taken)
    return f"{name}: {size:,} bytes; at most {LARGEST:,}" if size > LARGEST else ""


def _write(place: Path, taken: bytes) -> int:
    """Keep a picture with 256 colours; its bytes.

    Those of large areas stay exactly as they are, the others cover what is left, such as the narrow
    edges of codes.
    """
    whole = Image.open(io.BytesIO(taken)).convert("RGB")
    often = sorted(whole.getcolors(whole.width * whole.height), reverse=True)[:EXACT]
    rest = whole.quantize(256 - EXACT, Image.Quantize.MAXCOVERAGE).getpalette() or []
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for _, color in often for part in color] + rest)
    whole.quantize(palette=palette, dither=Image.Dither.NONE).save(place, optimize=True)
    return place.stat().st_size


def _sentence(page: Page) -> None:
    page.locator("[data-testid=sentence]", has_text=SENTENCE).wait_for()
    page.wait_for_timeout(SETTLED)


def _coded(page: Page) -> None:
    """A suggestion that was taken."""
    _sentence(page)
    page.keyboard.press("n")
    page.mouse.move(5, 5)


def _why(page: Page) -> None:
    _sentence(page)
    page.keyboard.press("w")


def _keys(page: Page) -> None:
    _sentence(page)
    page.keyboard.press("?")
    page.keyboard.press("?")
    page.get_by_role("heading", name="Keys").wait_for()


def _headed(page: Page) -> None:
    page.get_by_role("heading", level=1).first.wait_for()
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()


def _articles(page: Page) -> None:
    """The preview of the tutorial's articles, which are not imported."""
    page.locator("input[type=file]").first.set_input_files(ARTICLES)
    page.get_by_role("button", name="Import 4 files").wait_for()
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()


if __name__ == "__main__":
    raise SystemExit(1 if main() else 0)
