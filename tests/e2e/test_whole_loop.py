"""The tool's main job from files to CSV, in a real browser on a real server."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from annotator import cli
from annotator.store import Store, events, jobs, tables
from annotator.workflow import projects, tokens
from tests.e2e.axe import QUIET
from tests.e2e.hands import TITLES, kept, open_desk, press, unit_of, visit_page

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
CONFLICT = ROOT / "labels" / "conflict.toml"
PAGES = ("home", "import", "find", "speakers", "copies", "samples", "codebook", "model", "export")
SENTENCES = (
    "The border is ours and always was.",
    "The road was closed at noon.",
    "It rained on the hills.",
    "Their troops crossed the border at dawn.",
)


def article(number: int) -> str:
    """An article in the form of the wire: a date line, a dateline, and a quotation."""
    told = " ".join(SENTENCES[:2])
    quoted = " ".join(SENTENCES[2:])
    return (
        f" date 2021-05-{number + 1:02} DRAVIK, Velmar, May {number + 1}. "
        f'{told}\n\n"{quoted} Witness {number} saw it," she said.'
    )


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    """Twenty articles of five sentences, imported from files."""
    monkeypatch.setenv("ANNOTATOR_HOME", str(tmp_path))
    folder = tmp_path / "articles"
    folder.mkdir()
    for number in range(20):
        (folder / f"{number:02}.txt").write_text(article(number), encoding="utf-8")
    place = tmp_path / "p.annotator"
    for words in (
        ("init", str(place), "--codebook", str(CONFLICT), "--target", "velmar=Velmar"),
        ("import", str(place), str(folder)),
    ):
        cli.main(words, standalone_mode=False)
    return place


def desk(page: Page):
    return page.locator("[data-testid=desk]")


def codings(place: Path) -> dict[str, list[tuple[str, str, str]]]:
    """What stands in the project, by unit: ``(code, target, use)`` of each answer."""
    store = Store.open(place)
    found = {
        coding.unit.unit_id: sorted((a.code, a.target, a.use) for a in coding.answers)
        for coding in tables.codings(store)
    }
    store.close()
    return found


def test_ten_sentences_by_keyboard_to_csv(page, serve, project, tmp_path):
    server = serve(project)
    open_desk(page, server.url)
    typed: dict[str, list[tuple[str, str, str]]] = {}
    decisions = [
        (
            ["1", "j"],
            [("against", "azerbaijan", "asserted"), ("counter-terrorism", "", "asserted")],
        ),
        (["2", "3"], [("sovereignty", "", "asserted"), ("territorial-integrity", "", "asserted")]),
        ([], []),
        (["Shift+2"], [("sovereignty", "", "rejected")]),
        (["l", "k"], [("neutral", "azerbaijan", "asserted")]),
        (["2", "2", "1"], [("counter-terrorism", "", "asserted")]),
        (["1", "0"], []),
        (["2"], [("sovereignty", "", "asserted")]),
        (["1"], [("counter-terrorism", "", "asserted")]),
        (["3"], [("territorial-integrity", "", "asserted")]),
    ]
    for number, (keys, meant) in enumerate(decisions):
        unit = unit_of(page)
        press(page, *keys, "Enter")
        typed[unit] = sorted(meant)
        if number == 4:
            kept(page)
            page.reload()
            expect(desk(page)).not_to_have_attribute("data-unit", "")
            assert unit_of(page) not in typed
    press(page, "z")
    undone = unit_of(page)
    assert typed.pop(undone) == [("territorial-integrity", "", "asserted")]
    kept(page)

    exported = server.annotator("export", str(project), "--output", "-")

    rows = list(csv.DictReader(io.StringIO(exported)))
    coded = {row["unit_id"] for row in rows}
    assert coded == set(typed)
    for unit, meant in typed.items():
        mine = [row for row in rows if row["unit_id"] == unit]
        given = sorted((row["code"], row["target"], row["use"]) for row in mine if row["code"])
        assert given == meant
        assert all(row["status"] == "none" for row in mine if not row["code"])
    assert {row["coder"] for row in rows} == {"ana"}


@pytest.mark.parametrize("size", [(1280, 900), (768, 1024)])
def test_the_definition_is_in_sight_below_a_whole_codebook(page, visit, project, size):
    page.set_viewport_size({"width": size[0], "height": size[1]})
    open_desk(page, visit(project).url)
    page.locator("[data-testid=code]").first.hover()

    told = page.locator(".about")
    expect(told).to_contain_text("Counter-terrorism")
    box = told.bounding_box()
    assert box["y"] + box["height"] <= size[1]


def test_tags_become_suggestions_that_are_seen_and_recorded(page, visit, project):
    server = visit(project)
    store = Store.open(project)
    code_by_rule(store, "bela", articles=14)
    open_desk(page, server.url)
    server.annotator("train", str(project))

    press(page, "Enter")

    suggested = page.locator(
        "[data-testid=code][data-code=territorial-integrity][aria-label*=suggested]"
    )
    for _ in range(60):
        if suggested.count():
            break
        press(page, "Enter")
        kept(page)
    unit = unit_of(page)
    expect(suggested).to_be_visible()
    expect(suggested).to_have_attribute("aria-pressed", "false")
    press(page, "3", "Enter")
    kept(page)
    (mine,) = [c for c in tables.codings(store) if c.coder == "ana" and c.unit.unit_id == unit]
    scored = {c.code: c for c in mine.candidates}
    assert scored["territorial-integrity"].shown
    assert mine.model_id == "m1"
    hidden = [
        c for c in tables.codings(store) if c.coder == "ana" and c.arm in {"random", "control"}
    ]
    assert not any(candidate.shown for c in hidden for candidate in c.candidates)
    store.close()


def code_by_rule(store: Store, coder: str, articles: int) -> None:
    """Code whole articles as a coder would who looks for two words."""
    from annotator.core.annotation import Event

    told = []
    for number, unit in enumerate(itertools.islice(tables.units(store), articles * 5)):
        code = (
            "territorial-integrity"
            if "border" in unit.text
            else "blockade"
            if "road" in unit.text
            else None
        )
        answers = [{"variable": "frame", "code": code}] if code else []
        event = {"uuid": f"by-rule-{number:05}", "op": "set", "unit": unit.unit_id, "scheme": 1}
        told.append(
            events.Told(
                coder,
                Event.model_validate(event | {"answers": answers}),
                "2021-06-01T10:00:00.000+00:00",
            )
        )
    assert set(events.record(store, told)) == {None}


@pytest.mark.parametrize(
    ("pause", "training"),
    [(100, False), (33, True)],
    ids=["10 keys a second", "30 keys a second, while a model is trained"],
)
def test_forty_sentences_typed_fast_are_forty_right(page, visit, project, pause, training):
    server = visit(project)
    if training:
        store = Store.open(project)
        code_by_rule(store, "bela", articles=20)
        store.close()
    open_desk(page, server.url)
    order = units_in_order(project)[:40]
    plan = [str(number % 9 + 1) for number in range(40)]

    for key in plan:
        page.keyboard.press(key, delay=0)
        page.wait_for_timeout(pause)
        page.keyboard.press("Enter", delay=0)
        page.wait_for_timeout(pause)
    kept(page)

    keys = {}
    for chip in page.locator("[data-testid=code][data-variable=frame][aria-keyshortcuts]").all():
        keys[chip.get_attribute("aria-keyshortcuts")] = chip.get_attribute("data-code")
    store = Store.open(project)
    mine = {
        c.unit.unit_id: [a.code for a in c.answers]
        for c in tables.codings(store)
        if c.coder == "ana"
    }
    store.close()
    assert mine == {unit: [keys[key]] for unit, key in zip(order, plan, strict=True)}
    if training:
        assert trained(page, project) == ("automatic", "done")


def trained(page: Page, place: Path) -> tuple[str, str]:
    """What started the newest training and how it ended, once it has."""
    store = Store.open(place)
    while (job := jobs.latest(store)) is None or jobs.running(store):
        page.wait_for_timeout(200)
    store.close()
    return job.reason, job.status


def units_in_order(place: Path) -> list[str]:
    store = Store.open(place)
    found = [unit.unit_id for unit in tables.units(store)]
    store.close()
    return found


def test_back_to_back_saves_do_not_wait_for_the_network(serve, project):
    """With Nagle's algorithm on, each save but the first would wait 40 ms."""
    import http.client

    server = serve(project)
    token = tokens.mint(projects.open_project(project), "ana")
    unit = units_in_order(project)[0]
    line = http.client.HTTPConnection("127.0.0.1", server.port)
    headers = {"Annotator-Token": token, "Content-Type": "application/json"}
    waits = []
    for number in range(50):
        event = {"uuid": f"save-{number:05}", "op": "set", "unit": unit, "scheme": 1, "answers": []}
        began = time.perf_counter()
        line.request("POST", "/api/v1/events", json.dumps({"events": [event]}), headers)
        assert json.load(line.getresponse())["acks"] == [event["uuid"]]
        waits.append(time.perf_counter() - began)
    line.close()
    assert sorted(waits)[5] < 0.035  # a busy machine delays some, Nagle all


def test_kill_in_a_stream_of_saves_loses_nothing_and_doubles_nothing(page, serve, project):
    server = serve(project)
    open_desk(page, server.url)
    order = units_in_order(project)

    for _ in range(12):
        press(page, "1", "Enter")
    kept(page)
    acknowledged = set(codings(project))
    assert acknowledged == set(order[:12])
    press(page, *(["2", "Enter"] * 3))
    server.kill()
    press(page, *(["3", "Enter"] * 5))
    expect(desk(page)).not_to_have_attribute("data-unsaved", "0")
    found = codings(project)
    assert acknowledged <= set(found)

    server.start()

    expect(desk(page)).to_have_attribute("data-unsaved", "0", timeout=30_000)
    assert set(codings(project)) == set(order[:20])
    store = Store.open(project)
    assert events.count(store) == 20
    store.close()


def test_undelivered_saves_survive_closing_the_page(page, visit, project):
    open_desk(page, visit(project).url)
    page.route("**/api/v1/events", lambda route: route.abort())
    press(page, *(["1", "Enter"] * 4))
    expect(desk(page)).to_have_attribute("data-unsaved", "4")

    page.unroute("**/api/v1/events")
    page.reload()
    expect(desk(page)).to_have_attribute("data-unit", re.compile(r".+:\d+-\d+"))

    expect(desk(page)).to_have_attribute("data-unsaved", "0")
    assert len(codings(project)) == 4


def test_an_article_is_shown_as_the_letters_it_is(page, visit, tmp_path, monkeypatch):
    monkeypatch.setenv("ANNOTATOR_HOME", str(tmp_path))
    hostile = (
        '<script>window.hit=1</script> <img src=x onerror="window.hit=1"> and'
        " ![beacon](http://127.0.0.1:9/x.png) with $x^2$ and :red[colour] **bold** `code`."
    )
    (tmp_path / "hostile.txt").write_text(hostile, encoding="utf-8")
    place = tmp_path / "h.annotator"
    for words in (
        ("init", str(place), "--codebook", str(CONFLICT)),
        ("import", str(place), str(tmp_path / "hostile.txt")),
    ):
        cli.main(words, standalone_mode=False)
    server = visit(place)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    open_desk(page, server.url)

    (unit,) = units_in_order(place)
    assert page.locator("[data-testid=sentence]").text_content() == hostile
    press(page, "v")
    expect(page.get_by_role("dialog")).to_contain_text("[beacon]")
    press(page, "Escape")
    for place in TITLES:
        visit_page(page, place)
        expect(page.locator("h1").first).to_be_visible()
        page.wait_for_function(QUIET)
    assert page.evaluate("window.hit") is None
    assert not [
        url for url in asked if not url.startswith((server.server.url, "blob:", "data:", "ws"))
    ]
    assert unit
