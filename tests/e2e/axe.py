"""What axe-core finds wrong with a page, in one line each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SEVERE = {"serious", "critical"}
AXE = Axe()
COLORS = ("color-contrast", "link-in-text-block")
"""The rules that ask for colors: all that another color scheme can break."""

QUIET = """() => {
    const app = document.querySelector("[data-testid=stApp]");
    const drawn = !app || app.dataset.testScriptState === "notRunning";
    const moves = document.getAnimations().some((one) => one.playState === "running"
        && one.effect.getComputedTiming().endTime !== Infinity);
    return drawn && !moves && !document.querySelector("[data-stale=true]");
}"""


def findings(page: Page, *rules: str) -> list[str]:
    """Serious and critical findings: the rule, the element, and why, sorted.

    Of these ``rules`` alone where some are named. Waits until the page stands still, because what
    fades in has less contrast for that moment. Looks into open shadow roots too.
    """
    page.wait_for_function(QUIET)
    return sorted(_lines(page, rules))


def _lines(page: Page, rules: tuple[str, ...]) -> Iterator[str]:
    # Without style sheets fetched a second time, for a rule on locked screens that is not ours.
    options: dict[str, Any] = {"resultTypes": ["violations"], "preload": False}
    if rules:
        options["runOnly"] = list(rules)
    for rule in AXE.run(page, options=options).response["violations"]:
        if rule["impact"] in SEVERE:
            for node in rule["nodes"]:
                yield f"{rule['id']}: {_element(node)}: {_reason(node)}"


def _element(node: Mapping[str, Any]) -> str:
    """The path to the element, through shadow roots and frames, and how it begins."""
    steps = (" ".join(step) if isinstance(step, list) else step for step in node["target"])
    return f"{' '.join(steps)} ({node['html'][:90]})"


def _reason(node: Mapping[str, Any]) -> str:
    return "; ".join(one["message"] for one in (*node["any"], *node["all"], *node["none"]))
