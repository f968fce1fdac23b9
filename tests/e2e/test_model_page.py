"""Training as a person sees it: a bar that moves, a page that renews itself, a way out."""

from __future__ import annotations

import csv
import os
import random
import signal
import subprocess
import threading
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from annotator.store import jobs
from annotator.workflow import analysing, labelling, projects

pytestmark = pytest.mark.browser

FILLER = ("envoy", "river", "town", "plan", "others", "waited", "gave", "no", "word", "spoke")

WATCH = """() => {
  window.seen = [];
  const look = () => {
    const bar = document.querySelector('[data-testid=stProgress] [role=progressbar]');
    const value = bar && Number(bar.getAttribute('aria-valuenow'));
    if (bar && window.seen.at(-1) !== value) window.seen.push(value);
  };
  new MutationObserver(look).observe(document.body,
    {subtree: true, childList: true, attributes: true});
}"""
"""Notes every value that the progress bar ever has."""


def coded(tmp_path: Path, codes: int, sentences: int) -> Path:
    """A project whose sentences are all coded, one code each."""
    blocks = "".join(
        f'[[variable.code]]\nname = "code-{n}"\ntitle = "Code {n}"\ndefinition = "Says {n}."\n'
        for n in range(codes)
    )
    book = tmp_path / "many.toml"
    book.write_text(
        'name = "many"\nversion = "1.0.0"\ntitle = "Many"\n[[variable]]\nname = "frame"\n' + blocks,
        encoding="utf-8",
    )
    draw = random.Random(3)
    with (tmp_path / "coded.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["text", "labels"])
        for row in range(sentences):
            code = draw.randrange(codes)
            words = [*draw.choices(FILLER, k=20), f"sign{code}", f"number{row}"]
            # One in ten is coded otherwise than its words say, so that there are mistakes.
            given = code if row % 10 else draw.randrange(codes)
            rows.writerow([" ".join(draw.sample(words, len(words))), f"code-{given}"])
    project = tmp_path / "many.annotator"
    made = projects.create(project, [book])
    labelling.code_table(
        made.store,
        tmp_path / "coded.csv",
        coder="ana",
        text="text",
        labels="labels",
        variable="frame",
        create=True,
    )
    analysing.finish(made.store)
    projects.close_project(project)
    return project


@pytest.fixture
def small(tmp_path, visit):
    return visit(coded(tmp_path, codes=3, sentences=200))


@pytest.fixture
def large(tmp_path, visit):
    """Enough codes and sentences that training takes some seconds."""
    return visit(coded(tmp_path, codes=16, sentences=2_500))


def test_the_bar_moves_and_the_page_shows_the_new_model_by_itself(large, page: Page):
    page.goto(large.at("model"))
    page.evaluate(WATCH)

    page.get_by_role("button", name="Train now").click()

    expect(page.get_by_text("Model m1, trained")).to_be_visible(timeout=120_000)
    seen = page.evaluate("window.seen")
    assert len(set(seen)) >= 4
    assert seen == sorted(seen)
    expect(page.get_by_role("button", name="Train now")).to_be_enabled()
    expect(page.get_by_text("16 of 16 codes are on the desk.")).to_be_visible()


def test_a_cancelled_training_says_so_and_leaves_the_model_before(small, page: Page):
    small.annotator("train", str(small.project))
    with small.running("train", str(small.project)) as training:
        hold(training, projects.open_project(small.project))
        page.goto(small.at("model"))
        page.get_by_role("button", name="Cancel the training").click()

        stays = "The last training was cancelled; the model before stays in force."
        expect(page.get_by_text(stays)).to_be_visible(timeout=30_000)
        os.kill(training.pid, signal.SIGCONT)
        _, said = training.communicate()

    assert said.strip() == "training was cancelled; the model before stays in force"
    assert training.returncode == 1
    page.reload()
    expect(page.get_by_text("Model m1, trained")).to_be_visible()
    expect(page.get_by_role("button", name="Train now")).to_be_enabled()


def hold(training: subprocess.Popen[str], project: projects.Project) -> None:
    """Stop the clock of a training that has begun, or it may be over before anybody clicks."""
    pause = threading.Event()
    while jobs.running(project.store) is None:
        assert training.poll() is None
        pause.wait(0.005)
    os.kill(training.pid, signal.SIGSTOP)


def test_a_model_made_elsewhere_shows_without_a_reload(small, page: Page):
    page.goto(small.at("model"))
    expect(page.get_by_role("button", name="Train now")).to_be_enabled()

    small.annotator("train", str(small.project))

    expect(page.get_by_text("Model m1, trained")).to_be_visible(timeout=30_000)


def test_a_mistake_opens_its_article_with_the_sentence_marked(small, page: Page):
    small.annotator("train", str(small.project))
    page.goto(small.at("model"))

    page.get_by_role("button", name="Read the article").first.click()

    article = page.get_by_role("dialog")
    expect(article.locator("mark")).to_have_count(1)
    expect(article.locator("mark")).to_contain_text("sign")
