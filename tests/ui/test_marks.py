import re

import pytest

from annotator.core.codebook import Code
from annotator.ui import code_card, marks
from annotator.ui.marks import WORD_JOINER, plain

HOSTILE = (
    "<img src=x onerror=alert(1)> **b** `c` $x^2$ :red[hot] :smile: :material/home: -> -- <= "
    "![p](http://evil.example/x.png) www.evil.example a@b.example &amp; # h | \\ ~~s~~"
)


def _shown(markdown: str) -> str:
    """What a markdown reader makes of backslash escapes, without the invisible joiner."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown).replace(WORD_JOINER, "")


def test_plain_text_shows_as_it_was_written():
    assert _shown(plain(HOSTILE)) == HOSTILE


def test_plain_text_leaves_no_punctuation_with_a_meaning():
    rest = re.sub(r"\\[!-/:-@\[-`{-~]", "", plain(HOSTILE))

    assert not re.search(r"[!-/:-@\[-`{-~]", rest)


@pytest.mark.parametrize(
    "looked_for",
    [":smile:", ":material/home:", "->", "--", "<=", "<->", "www.", "http:", "https:", "b@"],
)
def test_what_streamlit_looks_for_after_the_backslashes_is_broken_up(looked_for):
    text = f"so {looked_for} there" if looked_for[-1] not in ".@" else f"so {looked_for}evil"

    assert looked_for not in re.sub(r"\\(.)", r"\1", plain(text))


def test_options_of_commands_can_be_copied_from_a_fault():
    assert WORD_JOINER not in plain("make it with `annotator init --codebook FILE`")


def test_lines_stay_lines():
    assert plain("one\ntwo") == "one  \ntwo"


def test_a_code_card_is_made_of_escaped_text_only():
    code = Code(name="a", title=HOSTILE, definition=HOSTILE, examples=(HOSTILE,), hotkey="<")

    card = code_card.card(code, [(HOSTILE, 2)])

    assert "<img" not in card
    assert card.count("&lt;img src=x onerror=alert(1)&gt;") == 4
    assert "&lt;</kbd>" in card


def test_a_colour_that_is_none_never_reaches_a_style():
    assert marks.swatch("#9b2226") == "#9b2226"
    assert "evil" not in marks.swatch("red;background:url(http://evil.example)")
