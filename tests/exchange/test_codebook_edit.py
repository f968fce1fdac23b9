"""Edits of a codebook and of its TOML: what changes, what is refused, what stays as it was."""

from __future__ import annotations

import re
from difflib import ndiff

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.codebook import Target
from annotator.core.errors import CodebookError
from annotator.exchange import codebook_toml
from annotator.exchange.codebook_edit import is_written, with_changes, with_code, with_target, write

SOURCE = """\
# Who wrote this, and why.
name = "small"
version = "1.0.0"
title = "Small"

[[variable]]
name = "frame"   # the first question

# On order.
[[variable.code]]
name = "order"
title = "Order"
definition = "Order is invoked."   # to be sharpened
examples = [
    # from the pilot
    "Order returned to the town.",
]
hotkey = "1"
color = "#112233"

# On freedom.
[[variable.code]]
name = "freedom"
title = "Freedom"
definition = "Freedom is invoked."
hotkey = "2"

# Last, because it stands alone.
[[variable.code]]
name = "cannot-tell"
title = "Cannot tell"
definition = "A frame is there, and which one cannot be told."
exclusive = true

[[variable]]
name = "stance"
choice = "one"
codes = "favor-against"
targets = [{ name = "norvia", title = "Norvia" }]
# The end.
"""
SMALL = codebook_toml.parse(SOURCE, "small.toml")
SIEGE = {"name": "siege", "title": "Siege", "definition": "A town is shut in."}


def fault(edit) -> str:
    with pytest.raises(CodebookError) as refused:
        edit()
    (said,) = refused.value.faults
    return said


def lines_changed(codebook) -> list[str]:
    written = write(codebook, SOURCE)
    assert codebook_toml.parse(written, "small.toml").variable[0] == codebook.variable[0]
    found = ndiff(SOURCE.splitlines(), written.splitlines())
    return [line for line in found if line[0] in "+-"]


def test_a_new_code_stands_before_the_exclusive_ones():
    names = [code.name for code in with_code(SMALL, "frame", SIEGE).variable[0].code]

    assert names == ["order", "freedom", "siege", "cannot-tell"]


def test_a_new_code_is_written_without_touching_a_line_of_the_others():
    changed = lines_changed(with_code(SMALL, "frame", SIEGE))

    assert not [line for line in changed if line.startswith("-")]
    assert '+ name = "siege"' in changed


def test_a_new_wording_changes_one_line_and_keeps_the_remark_on_it():
    reworded = with_changes(SMALL, "frame", "order", {"definition": "Order is called for."})

    assert lines_changed(reworded) == [
        '- definition = "Order is invoked."   # to be sharpened',
        '+ definition = "Order is called for."   # to be sharpened',
    ]


def test_a_new_example_stands_behind_the_others_and_their_comments():
    examples = ["Order returned to the town.", "The mayor restored order."]

    changed = lines_changed(with_changes(SMALL, "frame", "order", {"examples": examples}))

    assert changed == ['+     "The mayor restored order.",']


def test_a_key_and_a_color_can_be_taken_away():
    plain = with_changes(SMALL, "frame", "order", {"hotkey": None, "color": None})

    assert lines_changed(plain) == ['- hotkey = "1"', '- color = "#112233"']


@given(st.text(min_size=1).filter(lambda text: text.strip() == text), st.sampled_from(range(3)))
def test_any_wording_is_read_back_as_it_was_written_and_no_comment_is_lost(text, at):
    code = SMALL.variable[0].code[at].name
    changed = with_changes(SMALL, "frame", code, {"definition": text, "exclude": [text]})

    written = write(changed, SOURCE)

    assert codebook_toml.parse(written, "small.toml") == changed
    assert set(re.findall(r"# [A-Z][^\n]*", SOURCE)) <= set(written.splitlines())


def test_a_target_comes_into_every_question_about_targets_and_not_into_the_file():
    aimed = with_target(SMALL, Target(name="osten", title="Osten"))

    assert aimed.variable[1].target_names == ("norvia", "osten")
    assert aimed.variable[0].targets is None
    assert write(aimed, SOURCE) == SOURCE


def test_without_an_earlier_text_the_whole_codebook_is_written():
    aimed = with_target(SMALL, Target(name="osten", title="Osten"))

    assert codebook_toml.parse(write(aimed, ""), "small.toml") == aimed


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"definition": " "}, "frame: order: definition is empty"),
        ({"title": ""}, "frame: order: title is empty"),
        ({"hotkey": "2"}, "frame: order: hotkey '2' is taken by frame: freedom; take one of 1 3"),
        ({"hotkey": "j"}, "frame: order: hotkey 'j' is taken by stance: against"),
        ({"hotkey": "z"}, "frame: order: hotkey 'z' belongs to the desk"),
        ({"hotkey": "c"}, "frame: order: hotkey 'c' belongs to Streamlit"),
        ({"color": "red"}, "frame: order: color 'red' is not a color; write # and six digits"),
        ({"color": "#12345"}, "frame: order: color '#12345' is not a color"),
    ],
)
def test_a_faulty_edit_is_one_sentence_about_the_code_that_was_edited(fields, said):
    assert fault(lambda: with_changes(SMALL, "frame", "order", fields)).startswith(said)


def test_a_name_that_is_there_already_is_refused():
    assert "'order' is used twice" in fault(
        lambda: with_code(SMALL, "frame", SIEGE | {"name": "order"})
    )


def test_a_code_that_is_not_there_cannot_be_changed():
    said = fault(lambda: with_changes(SMALL, "frame", "law", {"title": "Law"}))

    assert said == "frame: there is no code 'law' in this codebook"


def test_the_shared_stance_scale_cannot_be_reworded():
    said = fault(lambda: with_changes(SMALL, "stance", "favor", {"title": "For"}))

    assert "the same in every codebook" in said
    assert "targets can be added" in said
    assert (is_written(SMALL, "frame"), is_written(SMALL, "stance")) == (True, False)
