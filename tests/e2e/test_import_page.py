"""From a mixed folder to a corrected date, in a real browser."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from annotator import cli
from annotator.store import Store, documents
from annotator.workflow import analysing, importing, projects
from tests.e2e.hands import choose

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
CONFLICT = ROOT / "labels" / "conflict.toml"
HEADER, ROW = 35, 35  # pixels of the table that are drawn on a canvas
LIST = "[class*='st-key-catalogue-']"
LONG = 30_000  # milliseconds: reading and writing on a machine that does other things too

STORY = "The bridge\n\nThe bridge at Korva was closed. Nobody said why.\n"
PAGE = """<!doctype html><html lang="en"><head><title>Bread again in Hallen</title>
<meta property="og:site_name" content="Velm Courier"></head><body><article>
<h1>Bread again in Hallen</h1>
<p>Bread came back to the shops of Hallen on Monday, after eleven weeks without deliveries.</p>
<p>"It is a good day," said the mayor, who had waited at the gate since dawn.</p>
</article></body></html>"""
TABLE = "one,two,when\n{}"
ROWS = (
    "It rained in Velm on the day of the talks.,It snowed in Hallen on that day.,03/04/2031",
    "The bus to Esmar came late once more.,It left early with nobody in it.,05/04/2031",
)


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    """A project without articles."""
    monkeypatch.setenv("ANNOTATOR_HOME", str(tmp_path))
    place = tmp_path / "p.annotator"
    made = ("init", str(place), "--codebook", str(CONFLICT), "--target", "velmar=Velmar")
    cli.main(made, standalone_mode=False)
    return place


@pytest.fixture
def mixed(tmp_path) -> Path:
    """A folder as people have them: two articles, a table, a broken file and a bad archive."""
    folder = tmp_path / "collected"
    (folder / "courier").mkdir(parents=True)
    (folder / "courier" / "bridge.txt").write_text(STORY, encoding="utf-8")
    (folder / "bread.html").write_text(PAGE, encoding="utf-8")
    (folder / "reports.csv").write_text(TABLE.format("\n".join(ROWS)), encoding="utf-8")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4\n1 0 obj\n<< broken")
    with zipfile.ZipFile(folder / "more.zip", "w") as archive:
        archive.writestr("korva/truce.txt", "A truce\n\nIt held for a day at Korva.\n")
        archive.writestr("../evil.txt", STORY)
    return folder


def _in_table(page: Page, column: int, row: int) -> Locator:
    """A cell as screen readers find it: the canvas that sighted people see has no elements."""
    return page.locator(f"{LIST} [data-testid='glide-cell-{column}-{row}']")


def _table(page: Page) -> Locator:
    """What takes the clicks on the list of documents."""
    return page.locator(f"{LIST} .dvn-scroller")


def _write(page: Page, row: int, column: int, text: str) -> None:
    """Write into a cell of the list of documents; columns count from the title."""
    _table(page).click(position={"x": 200, "y": HEADER + ROW * row + ROW // 2})
    for _ in range(column):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.locator(".gdg-input").fill(text)
    expect(page.locator(".gdg-input")).to_have_value(text)
    page.keyboard.press("Enter")


def _stored(project: Path) -> dict[str, str]:
    """The date of each document, by its title or file."""
    store = Store.open(project)
    found = {one.title or one.file: one.published for one in documents.overview(store)}
    store.close()
    return found


def test_a_mixed_folder_is_looked_at_answered_imported_and_corrected(page, visit, project, mixed):
    here = visit(project)
    page.goto(here.at("import"))
    page.locator("input[type=file]").nth(1).set_input_files(mixed)

    # What is wrong is said with what to do, and no answer is taken for granted.
    expect(page.get_by_text("../evil.txt: its path leads out")).to_be_visible(timeout=LONG)
    expect(page.get_by_text("broken.pdf: ")).to_be_visible()
    expect(page.get_by_text("Which column holds the text?")).to_be_visible()
    expect(page.get_by_role("button", name="Import 3 of 6 files")).to_be_visible()
    expect(page.get_by_text("How one document comes in")).to_be_visible()

    choose(page, "Text", "two")
    expect(page.get_by_text("03/04/2031 means")).to_be_visible(timeout=LONG)
    page.get_by_text("3 April 2031").click()
    expect(page.get_by_role("button", name="Import 4 of 6 files")).to_be_visible(timeout=LONG)
    page.get_by_role("button", name="Import 4 of 6 files").click()

    expect(page.get_by_text("5 documents with ")).to_be_visible(timeout=LONG)
    expect(page.get_by_text("2 files were refused")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Report as CSV").click()
    report = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text("utf-8"))))
    assert sorted(row["result"] for row in report) == ["added"] * 4 + ["refused"] * 2

    page.get_by_role("tab", name="What is here").click()
    expect(page.get_by_text("5 documents", exact=True)).to_be_visible(timeout=LONG)
    titles = [_in_table(page, 1, row).text_content() for row in range(5)]
    _write(page, titles.index("The bridge"), 2, "2031-05-04")
    expect(page.get_by_role("button", name="Undo: the date of The bridge")).to_be_visible()

    written = here.annotator("export", str(project), "--format", "units", "--output", "-")
    dates = {(row["title"], row["published"]) for row in csv.DictReader(io.StringIO(written))}
    assert ("The bridge", "2031-05-04") in dates
    assert {("", "2031-04-03"), ("", "2031-04-05")} < dates
    (event,) = _edits(project)
    assert event == ("ana", {"field": "published", "from": "", "to": "2031-05-04"})

    page.reload()
    page.get_by_role("tab", name="What is here").click()
    expect(_in_table(page, 3, titles.index("The bridge"))).to_have_text("2031-05-04", timeout=LONG)


def _edits(project: Path) -> list[tuple[str, object]]:
    store = Store.open(project)
    rows = store.db.execute(
        "select coder, payload from event where subject = 'document' and op = 'edit' order by seq"
    )
    found = [(coder, json.loads(payload)) for coder, payload in rows]
    store.close()
    return found


def test_a_correction_in_a_list_that_the_browser_sorts_is_of_the_document_that_is_seen(
    page, visit, project, tmp_path
):
    folder = tmp_path / "articles"
    folder.mkdir()
    for name, title in (("a", "Bread"), ("b", "Coast"), ("c", "Arms")):
        text = f"{title}\n\nIt was said in {title.lower()} today. Nobody knew.\n"
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    made = projects.open_project(project)
    importing.import_paths(made.store, made.seed, [folder])
    analysing.finish(made.store)
    projects.close_project(made.path)
    page.goto(visit(project).at("import"))
    page.get_by_role("tab", name="What is here").click()
    expect(_in_table(page, 1, 0)).to_have_text("Bread", timeout=LONG)

    _table(page).click(position={"x": 200, "y": HEADER // 2})
    expect(_in_table(page, 1, 0)).to_have_text("Arms")
    _write(page, 0, 2, "2031-01-01")
    expect(page.get_by_role("button", name="Undo: the date of Arms")).to_be_visible(timeout=LONG)
    _write(page, 2, 2, "2033")
    expect(page.get_by_role("button", name="Undo: the date of Coast")).to_be_visible(timeout=LONG)

    assert _stored(project) == {"Bread": "", "Coast": "2033", "Arms": "2031-01-01"}
    assert len(_edits(project)) == 2

    # What is no date is refused as a whole, and the last correction can be taken back.
    _write(page, 1, 2, "someday")
    expect(page.get_by_text("Nothing was kept: Bread: the date 'someday'")).to_be_visible()
    expect(_in_table(page, 3, 0)).to_have_text("")
    page.get_by_role("button", name="Undo: the date of Coast").click()
    expect(_in_table(page, 3, 1)).to_have_text("")
    assert _stored(project) == {"Bread": "", "Coast": "", "Arms": "2031-01-01"}
