"""The files of the export page, fetched with a real browser."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from annotator.core.annotation import Event
from annotator.store import Store, events, tables
from annotator.store.events import Told
from annotator.workflow import exporting

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
CONFLICT = ROOT / "labels" / "conflict.toml"
AT = "2026-03-02T09:00:00.000+00:00"


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    """One article of three sentences; the first is coded, with a memo that looks like a formula."""
    monkeypatch.setenv("ANNOTATOR_HOME", str(tmp_path))
    (tmp_path / "a.txt").write_text("The border is ours. The road was closed. It rained.\n")
    place = tmp_path / "p.annotator"
    for words in (
        ("init", str(place), "--codebook", str(CONFLICT), "--target", "velmar=Velmar"),
        ("import", str(place), str(tmp_path / "a.txt")),
    ):
        subprocess.run([sys.executable, "-m", "annotator", *words], check=True, cwd=ROOT)
    store = Store.open(place)
    stated = {
        "uuid": "event-0001",
        "op": "set",
        "unit": next(tables.units(store)).unit_id,
        "scheme": 1,
        "memo": "=1+1",
        "client_at": AT,
    }
    events.record_all(store, [Told("ana", Event.model_validate(stated), AT)])
    store.close()
    return place


def fetched(page: Page, button: str, place: Path) -> Path:
    with page.expect_download() as download:
        page.get_by_role("button", name=button).click()
    target = place / download.value.suggested_filename
    download.value.save_as(target)
    return target


def test_what_is_downloaded_is_what_the_command_writes(page, visit, project, tmp_path):
    (tmp_path / "down").mkdir()
    page.goto(visit(project).at("export"))
    page.get_by_text("excel", exact=True).click()
    expect(page.get_by_role("heading", name="excel:")).to_be_visible()
    expect(page.get_by_text("Left out: 2 undecided units")).to_be_visible()
    # The last thing on the page: a download that is asked for before is broken off by the drawing.
    expect(page.get_by_text("--format excel")).to_be_visible()

    table = fetched(page, "Download CSV", tmp_path / "down")
    both = fetched(page, "Both in a ZIP", tmp_path / "down")

    store = Store.open(project)
    wanted = exporting.as_bytes(store, "excel")
    store.close()
    assert b",'=1+1," in wanted
    assert (table.name, table.read_bytes()) == ("p-excel.csv", wanted)
    with zipfile.ZipFile(both) as archive:
        assert archive.namelist() == ["p-excel.csv", "p-excel.codebook.json"]
        assert archive.read("p-excel.csv") == wanted
