"""The desk on every screen and for everybody: it stands still, fits, reads and can be worked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from annotator.learn.sampling import Policy
from annotator.store import lists, tables
from annotator.store.lists import Listed
from annotator.workflow import analysing, policies, register, training
from tests.e2e.axe import COLORS, findings
from tests.e2e.codebook import FRAME, STANCE
from tests.e2e.hands import kept, open_desk, press, unit_of
from tests.small import AT, code_units, named, small_project

pytestmark = pytest.mark.browser

BOOK = f"""{FRAME.replace('question = "Which frames?"', 'use = ["asserted", "rejected"]')}
color = "#9b2226"

[[variable.code]]
name = "road"
title = "Road"
definition = "A road is named."
hotkey = "2"
color = "#ffd166"

[[variable.code]]
name = "long"
title = "Restraint and the protection of civilians along the road"
definition = "A title that takes more than one line."
color = "#1d3557"
{STANCE}
[[variable]]
name = "tone"
question = "What is the tone of the article?"
unit = "document"

[[variable.code]]
name = "calm"
title = "Calm"
definition = "It does not alarm."
hotkey = "3"
"""
LONG = "and the road to Osk, which the council of Velmar had shut in spring, " * 6
ARTICLE = (
    f"The bridge {{0}}\n\nThe law {{0}} is ours. The road {{0}} was shut {LONG}as was said.\n\n"
    "It rained on {0}. “The law {0} is theirs,” said Mira Oden of Osk.\n"
)
PHONES = {"upright": (390, 844), "small": (360, 640), "sideways": (844, 390)}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Articles that bela coded, a model of them that suggests, and labels of ana's to check."""
    folder = tmp_path_factory.mktemp("look")
    articles = [ARTICLE.format(number) for number in range(12)]
    with small_project(folder, BOOK, articles) as project:
        code_units(project, named("law", "road"), coder="bela")
        code_units(project, lambda *_: ["law"], slice(1, 2), client_at=AT)
        analysing.finish(project.store)
        for _ in range(2):
            training.train(project)
        # While an older model is chosen no other comes: what is suggested stays what it is.
        register.use(project, "m1", who="ana")
        policies.put(project.store, Policy("shown", control=0), who="ana")
        seq = list(tables.units(project.store))[1].seq
        for name in ("again-light", "again-dark"):
            rows = [Listed(seq, None, "doubted")]
            lists.save(project.store, name, "check", "", {}, rows, who="ana", at=AT)
        made = project.path
    return made


@pytest.fixture
def opened(visit, place: Path) -> Callable[..., str]:
    """The desk's address for a coder, with what else it is asked."""

    def address(coder: str = "ana", **asked: str) -> str:
        return visit(place, coder).at(**asked)

    return address


@pytest.fixture(autouse=True)
def _as_it_is(page: Page) -> Iterator[None]:
    """What a test asks of the system's settings holds for that test alone."""
    yield
    page.emulate_media(color_scheme="null", reduced_motion="null", forced_colors="null")


@pytest.fixture
def phone(browser: Browser) -> Iterator[Callable[[int, int], Page]]:
    """A page on a screen of this size that is touched."""
    held = []

    def hold(width: int, height: int) -> Page:
        screen = {"width": width, "height": height}
        held.append(browser.new_context(viewport=screen, has_touch=True, is_mobile=True))
        return held[-1].new_page()

    yield hold
    for context in held:
        context.close()


PLACES = """desk => Object.fromEntries([
    ...desk.querySelectorAll(
        "[data-testid=code], .target, .command, .top, .kept, .now, .about, .bar, .figures, .trail"
    ),
].map((node, at) => {
    const { x, y, width, height } = node.getBoundingClientRect();
    return [`${at} ${node.className} ${node.dataset.code ?? ""}`, [x, y, width, height].join()];
}))"""
"""Where everything stands that must not move."""

SHIFTS = """() => {
    window.shifted = 0;
    new PerformanceObserver((list) => {
        for (const { value } of list.getEntries()) window.shifted += value;
    }).observe({ type: "layout-shift", buffered: false });
}"""
WORDS_CHANGE = 0.005
"""What other words in the same line come to in the browser's score; a row of chips that moves by
one line comes to more."""

SETTLED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def test_nothing_moves_over_thirty_decisions(opened, page: Page):
    open_desk(page, opened("dora"))
    desk = page.get_by_test_id("desk")
    kinds = {"long": set(), "suggested": set(), "notice": set()}

    stood = desk.evaluate(PLACES)
    for number in range(30):
        text = str(page.get_by_test_id("sentence").text_content())
        kinds["long"].add(len(text) > 400)
        kinds["suggested"].add(page.locator("[data-suggested]").count() > 0)
        press(
            page,
            *(("1",), ("Shift+2", "j"), ("1", "l", "."), ("2", "Shift+ArrowRight"))[number % 4],
        )
        if number % 5 == 0:
            press(page, "Shift+3")  # not possible, and said so
        page.evaluate(SETTLED)
        kinds["notice"].add(page.locator(".notice[data-kind]").count() > 0)
        if desk.get_attribute("data-card") is None:
            assert desk.evaluate(PLACES) == stood, text
        press(page, "Enter")

    assert set.union(*kinds.values()) == {True, False}
    assert all(len(seen) == 2 for seen in kinds.values()), kinds
    kept(page)


def test_typing_shifts_nothing_and_neither_does_a_save_that_fails(opened, page: Page):
    open_desk(page, opened("emil"))
    desk = page.get_by_test_id("desk")
    stood = desk.evaluate(PLACES)
    page.evaluate(SHIFTS)
    press(page, "1", "Shift+2", "1", "j", "t", "l", ".", ",", "h", "ArrowRight", "Shift+ArrowRight")
    press(page, "0", "f", "w", "Escape")
    page.evaluate(SETTLED)
    assert page.evaluate("shifted") < WORDS_CHANGE
    assert desk.evaluate(PLACES) == stood

    kept(page)
    page.route("**/api/v1/events", lambda route: route.abort())
    press(page, "Enter", "Enter")
    expect(page.locator("[data-part=kept]")).to_contain_text("unsaved 2")
    expect(page.locator(".notice[data-kind]")).to_contain_text("No connection")
    assert desk.evaluate(PLACES) == stood
    page.unroute_all()
    kept(page)


# --- phones -----------------------------------------------------------------------------------

HIDDEN = """desk => [...desk.querySelectorAll("button, a")].filter((node) => {
    if (!node.checkVisibility({ visibilityProperty: true }) || node.closest("dialog")) return false;
    node.scrollIntoView({ block: "nearest", inline: "nearest" });
    const { left, right, top, bottom, width, height } = node.getBoundingClientRect();
    const found = desk.getRootNode().elementFromPoint(left + width / 2, top + height / 2);
    const inside = left >= -1 && right <= innerWidth + 1 && top >= 0 && bottom <= innerHeight + 1;
    return !inside || !(node.contains(found) || found?.contains(node));
}).map((node) => `${node.className}: ${node.textContent}`)"""
"""What cannot be scrolled to where a finger would press it."""

LOW = """desk => [...desk.querySelectorAll(".chip, .command, .holder, .target, .codemark")]
    .map((node) => [node.textContent, node.getBoundingClientRect().height])
    .filter(([, height]) => height < 44 && height > 0)"""

ASIDE = """() => [document.scrollingElement, document.querySelector("[data-testid=stMain]")]
    .filter((box) => box.scrollWidth > box.clientWidth).length"""
"""How many boxes of the page scroll sideways."""


@pytest.mark.parametrize("size", PHONES.values(), ids=PHONES)
def test_a_phone_is_enough_to_code(opened, phone, size):
    page = phone(*size)
    page.goto(opened(f"phone-{size[0]}"))
    desk, sentence = page.get_by_test_id("desk"), page.get_by_test_id("sentence")
    expect(desk).to_have_attribute("data-unit", re.compile(":"))

    assert page.evaluate(ASIDE) == 0
    assert desk.evaluate(LOW) == []
    assert desk.evaluate(HIDDEN) == []

    # The last chip, and the sentence with it.
    chip = page.locator("[data-testid=code][data-code=unclear][data-target=osk]")
    chip.scroll_into_view_if_needed()
    expect(chip).to_be_in_viewport(ratio=1)
    expect(sentence).to_be_in_viewport()
    chip.tap()
    expect(chip).to_have_attribute("aria-pressed", "true")

    # A second tap on a frame means that it is rejected, a third that it was not meant.
    law = page.locator("[data-testid=code][data-code=law]")
    for use in ("asserted", "rejected", None):
        law.tap()
        assert law.get_attribute("data-use") == use

    # The list of people has the focus, and no keyboard comes up before its filter is touched.
    page.locator(".command[data-command=people]").tap()
    filter_ = page.locator("[data-part=people-text]")
    expect(filter_).to_be_focused()
    assert filter_.evaluate("one => one.inputMode") == "none"
    expect(page.get_by_test_id("desk-people")).to_be_in_viewport(ratio=0.9)
    filter_.tap()
    assert filter_.evaluate("one => one.inputMode") == ""
    press(page, "Escape")

    before = unit_of(page)
    for command in ("flag", "save"):
        page.locator(f"[data-command={command}]").tap()
    expect(desk).not_to_have_attribute("data-unit", before)
    page.locator("[data-command=back]").tap()
    expect(desk).to_have_attribute("data-unit", before)
    page.locator("[data-command=undo]").tap()
    page.locator("[data-command=skip]").tap()
    expect(page.locator("[data-part=walk-skipped]")).to_have_text("1 skipped")
    kept(page)


def test_at_400_percent_one_scrolls_down_only_and_nothing_covers_what_has_the_focus(
    opened, page: Page
):
    page.set_viewport_size({"width": 320, "height": 256})
    open_desk(page, opened("zoe"))
    desk = page.get_by_test_id("desk")

    assert page.evaluate(ASIDE) == 0
    assert desk.evaluate(HIDDEN) == []
    for keys in (["?"], ["m"], ["/"], ["v"], ["p"]):
        press(page, *keys)
        page.evaluate(SETTLED)
        assert page.evaluate(ASIDE) == 0
        box = page.evaluate(
            "() => { let at = document.activeElement; "
            "while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement; "
            "const { left, right, top } = at.getBoundingClientRect(); return [left, right, top]; }"
        )
        assert box[0] >= 0, keys
        assert box[1] <= 320, keys
        assert 0 <= box[2] < 256, keys
        press(page, "Escape")


# --- what people set on their system -------------------------------------------------------------


def test_who_wants_no_motion_gets_none(opened, page: Page):
    page.emulate_media(reduced_motion="reduce")
    open_desk(page, opened())
    moving = """desk => [...desk.querySelectorAll("*")].filter((node) => {
        const { transitionDuration, animationName } = getComputedStyle(node);
        return animationName !== "none" || transitionDuration !== "0s";
    }).map((node) => node.className)"""

    assert page.get_by_test_id("desk").evaluate(moving) == []
    page.emulate_media(reduced_motion="no-preference")
    assert page.get_by_test_id("desk").evaluate(moving) != []


def test_in_high_contrast_what_is_on_rejected_suggested_and_focused_still_differs(
    opened, page: Page
):
    open_desk(page, opened("hanna", unit=suggested_unit(opened, page)))
    press(page, "Shift+2", "j")
    page.emulate_media(forced_colors="active")
    look = """chip => {
        const { backgroundColor, borderStyle, outlineStyle } = getComputedStyle(chip);
        const struck = getComputedStyle(chip.querySelector(".name")).textDecorationLine;
        return [backgroundColor, borderStyle, struck].join(" ");
    }"""
    chips = page.locator("[data-testid=code]")
    off, on, rejected, suggested = (
        page.locator(f"[data-testid=code]{which}").first.evaluate(look)
        for which in (
            "[aria-pressed=false]:not([data-suggested])",
            "[data-use=asserted]",
            "[data-use=rejected]",
            "[data-suggested][aria-pressed=false]",
        )
    )

    assert len({off, on, rejected, suggested}) == 4
    chips.first.focus()
    press(page, "Tab")
    focused = page.locator("[data-testid=code]:focus-visible")
    assert focused.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"


def suggested_unit(opened: Callable[..., str], page: Page) -> str:
    """A sentence on which a code is suggested."""
    open_desk(page, opened("scout"))
    suggested = page.locator("[data-suggested]")
    for _ in range(12):
        if suggested.count():
            return unit_of(page)
        press(page, "Enter")
        page.evaluate(SETTLED)
    raise AssertionError("nothing is suggested on the first twelve sentences")


# --- who reads with something else than their eyes ------------------------------------------------


def states(opened: Callable[..., str], page: Page, check: str, panels: str) -> Iterator[str]:
    """The desk in each of its states, told by name; ``panels`` by the keys that open them."""
    open_desk(page, opened(f"eve-{check}", unit=suggested_unit(opened, page)))
    yield "fresh"
    press(page, "1", "Shift+2", "l", ".", "Shift+ArrowRight")
    yield "coded, with evidence"
    for key in panels:
        press(page, key)
        expect(page.locator("[data-part=why-text]")).not_to_have_text("Loading…")
        yield f"after {key}"
        press(page, "Escape")
        expect(page.get_by_test_id("desk")).to_be_focused()
    kept(page)
    page.route("**/api/v1/events", lambda route: route.abort())
    press(page, "Enter", "Enter")
    expect(page.locator(".notice[data-kind]")).to_contain_text("No connection")
    yield "unsaved"
    page.unroute_all()
    kept(page)
    open_desk(page, opened("ana", queue=check))
    yield "review"
    press(page, "Enter")
    expect(page.get_by_test_id("desk-empty")).to_be_visible()
    yield "end"
    kept(page)


@pytest.mark.parametrize(
    ("scheme", "panels", "rules"), [("light", "m/p|v?+w", ()), ("dark", "p?w", COLORS)]
)
def test_axe_finds_nothing_severe_in_any_state_of_the_desk(
    opened, page: Page, scheme, panels, rules
):
    page.emulate_media(color_scheme=scheme)

    check = f"again-{scheme}"
    found = {state: findings(page, *rules) for state in states(opened, page, check, panels)}

    assert len(found) == len(panels) + 5
    assert {state: lines for state, lines in found.items() if lines} == {}


def test_a_screen_reader_hears_names_states_and_places(opened, page: Page):
    open_desk(page, opened("sara", unit=suggested_unit(opened, page)))
    desk = page.get_by_test_id("desk")
    expect(desk).to_match_aria_snapshot(
        """
        - region "Coding desk":
          - paragraph:
            - 'button "Speaker: Author"'
          - group "The text before"
          - group "The sentence":
            - paragraph: /The law \\d+ is ours/
          - group "The text after"
          - group "Frame":
            - heading "Frame" [level=3]
            - button /^Law, suggested 0[.]\\d\\d$/ [pressed=false]
            - button "Road" [pressed=false]
          - toolbar "Commands":
            - button "Save and next"
            - button "Back"
            - button "Undo"
          - progressbar "Sentences done"
        """
    )

    press(page, "1", "Shift+2", "j", "Shift+ArrowRight")
    expect(desk).to_match_aria_snapshot(
        """
        - region "Coding desk":
          - group "Frame":
            - button "Road, rejected" [pressed]
          - group "Stance":
            - group "Whose stance":
              - button "Author" [pressed]
            - group "Velmar":
              - 'button "Velmar: Against, 1 stretch of evidence" [pressed]'
              - 'button "Velmar: Neutral" [pressed=false]'
          - group "Stances given":
            - list:
              - listitem:
                - button "Velmar · Author · Against"
                - button "Remove Velmar · Author · Against"
          - paragraph: 'evidence: 1 word for Velmar: Against'
        """
    )

    press(page, "w")
    expect(page.get_by_test_id("desk-why")).to_match_aria_snapshot(
        """
        - dialog "Why these suggestions":
          - heading "Why suggested" [level=2]
          - tablist "Suggested codes":
            - tab /Law/ [selected]
          - button "Close Esc"
        """
    )
    press(page, "Escape", "Enter")
    kept(page)
    expect(page.locator("[data-part=live]")).to_have_text("saved 1, unsaved 0")


def test_the_keyboard_reaches_everything_in_order_and_the_focus_is_seen(opened, page: Page):
    open_desk(page, opened("tabea", unit=suggested_unit(opened, page)))
    press(page, "f", "j")
    desk = page.get_by_test_id("desk")
    wanted = desk.evaluate(
        """desk => [...desk.querySelectorAll("button, a[href], [tabindex]")].filter((node) =>
            node.checkVisibility({ visibilityProperty: true }) && node.tabIndex >= 0
        ).map((node) => node.textContent)"""
    )
    here = """desk => {
        const node = desk.getRootNode().activeElement;
        const { outlineStyle, outlineWidth } = getComputedStyle(node);
        return [node.textContent, `${outlineStyle} ${outlineWidth}`];
    }"""

    walked = []
    for _ in wanted:
        press(page, "Tab")
        walked.append(desk.evaluate(here))

    assert [text for text, _ in walked] == wanted
    assert {outline for _, outline in walked} == {"solid 2px"}


def test_a_sentence_that_has_to_be_scrolled_is_scrolled_without_a_mouse(opened, page: Page):
    page.set_viewport_size({"width": 500, "height": 700})
    open_desk(page, opened("willa"))
    sentence, box = page.get_by_test_id("sentence"), page.locator("[data-part=now]")
    expect(sentence).to_have_text("The bridge 0")
    expect(box).not_to_have_attribute("tabindex", re.compile(""))

    press(page, "Enter", "Enter")
    expect(sentence).to_have_text(re.compile("^The road 0 was shut"))
    expect(box).to_have_attribute("tabindex", "0")
    box.focus()
    press(page, "End")

    page.wait_for_function("box => box.scrollTop > 0", arg=box.element_handle())
    press(page, "1", "Enter")
    kept(page)
    expect(box).not_to_have_attribute("tabindex", re.compile(""))
