"""Codebook files: what is read, what is refused and how, and what an update leaves alone."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.core.codebook import (
    CODE_KEYS,
    DESK_KEYS,
    STREAMLIT_KEYS,
    Code,
    Codebook,
    Target,
    Variable,
    contrast,
    ink,
)
from annotator.core.errors import CodebookError
from annotator.exchange.codebook_toml import LARGEST, dump, load, parse

SMALL = """\
# Who wrote this, and why.
name = "small"
version = "1.0.0"
title = "Small"

[[variable]]
name = "frame"   # the first question
use = ["asserted", "rejected"]

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

# On stance.
[[variable]]
name = "stance"
choice = "one"
codes = "favor-against"
targets = [{ name = "norvia", title = "Norvia" }]
# The end.
"""

COMMENTS = re.findall(r"#\s[^\n]*", SMALL)


def faults(text: str) -> tuple[str, ...]:
    with pytest.raises(CodebookError) as refused:
        parse(text, "mine.toml")
    return refused.value.faults


def changed(old: str, new: str) -> str:
    assert old in SMALL
    return SMALL.replace(old, new, 1)


# --- Colours ---------------------------------------------------------------------------------


@given(st.integers(min_value=0, max_value=0xFFFFFF))
def test_black_or_white_text_reaches_four_and_a_half_to_one_on_every_color(number):
    color = f"#{number:06x}"

    assert contrast(color, ink(color)) >= 4.5


# --- What is refused ------------------------------------------------------------------------

CODE = 'name = "order"\ntitle = "Order"'
STANCE = 'codes = "favor-against"'
ONE_FAULT = {
    "unknown key": (
        changed('hotkey = "1"', 'hotkay = "1"'),
        "mine.toml: frame: order: unknown key 'hotkay'; did you mean hotkey?",
    ),
    "unknown key like none we have": (
        changed('choice = "one"', 'choice = "one"\nzzz = 1'),
        "mine.toml: stance: unknown key 'zzz'; there are: name,",
    ),
    "unknown key on top": (
        changed('title = "Small"', 'title = "Small"\ndescripton = "x"'),
        "mine.toml: unknown key 'descripton'; did you mean description?",
    ),
    "missing definition": (
        changed('definition = "Freedom is invoked."', ""),
        "mine.toml: frame: freedom: definition is missing;",
    ),
    "empty definition": (
        changed('"Freedom is invoked."', '"  "'),
        "mine.toml: frame: freedom: definition is empty;",
    ),
    "missing title": (
        changed('title = "Freedom"', ""),
        "mine.toml: frame: freedom: title is missing;",
    ),
    "empty title": (changed('"Small"', '""'), "mine.toml: title is empty;"),
    "code without a name": (
        changed('name = "freedom"', ""),
        "mine.toml: frame: code 2: name is missing;",
    ),
    "bad name": (
        changed('"freedom"', '"Free Dom"'),
        "mine.toml: frame: Free Dom: name cannot be 'Free Dom'; write small letters",
    ),
    "name that no answer can hold": (
        changed('"freedom"', '"' + "f" * 301 + '"'),
        "mine.toml: frame: " + "f" * 301 + ": name has more than 300 characters; shorten it",
    ),
    "bad version": (changed("1.0.0", "1.0"), "mine.toml: version cannot be '1.0'; write three"),
    "endless version": (
        changed("1.0.0", "9" * 5000 + ".0.0"),
        "mine.toml: version cannot be '9999",
    ),
    "version in other digits": (changed("1.0.0", "١.٠.٠"), "mine.toml: version cannot be '١.٠.٠'"),
    "version without quotes": (changed('"1.0.0"', "1.0"), "mine.toml: version cannot be 1.0; put"),
    "bad color": (changed("#112233", "red"), "mine.toml: frame: order: color 'red' is not a color"),
    "short color": (changed("#112233", "#123"), "mine.toml: frame: order: color '#123' is not"),
    "two-letter hotkey": (
        changed('hotkey = "1"', 'hotkey = "ab"'),
        "mine.toml: frame: order: hotkey 'ab' must be one character; take one of 1 2 3",
    ),
    "empty hotkey": (
        changed('hotkey = "1"', 'hotkey = ""'),
        "mine.toml: frame: order: hotkey '' must be one character;",
    ),
    "hotkey without quotes": (
        changed('hotkey = "1"', "hotkey = 1"),
        "mine.toml: frame: order: hotkey 1 must stand in quotation marks;",
    ),
    "hotkey that means none": (
        changed('hotkey = "1"', 'hotkey = "0"'),
        "mine.toml: frame: order: hotkey '0' means None on the desk;",
    ),
    "capital hotkey": (
        changed('hotkey = "1"', 'hotkey = "A"'),
        "mine.toml: frame: order: hotkey 'A' is a capital",
    ),
    "hotkey from another alphabet": (
        changed('hotkey = "1"', 'hotkey = "ж"'),
        "mine.toml: frame: order: hotkey 'ж' is not a key for codes;",
    ),
    "hotkey used twice": (
        changed('name = "freedom"', 'name = "freedom"\nhotkey = "1"'),
        "mine.toml: frame: freedom: hotkey '1' is taken by frame: order; take one of 2 3",
    ),
    "hotkey of the stance scale": (
        changed('hotkey = "1"', 'hotkey = "j"'),
        "mine.toml: frame: order: hotkey 'j' is taken by stance: against;",
    ),
    "stance scale asked twice": (
        f'{SMALL}[[variable]]\nname = "tone"\n{STANCE}\n',
        'mine.toml: tone: codes = "favor-against" is already asked by stance,',
    ),
    "variable named twice": (
        changed('name = "stance"', 'name = "frame"'),
        "mine.toml: frame: the name 'frame' is used twice; give this variable another name",
    ),
    "code named twice": (
        changed('name = "freedom"', 'name = "order"'),
        "mine.toml: frame: order: the name 'order' is used twice; give this code another name",
    ),
    "target named twice": (
        changed("targets = [", 'targets = [{ name = "norvia", title = "N." }, '),
        "mine.toml: stance: norvia: the name 'norvia' is used twice; give this target another",
    ),
    "none as a code": (
        changed('name = "freedom"', 'name = "none"'),
        "mine.toml: frame: none: none is never a code",
    ),
    "neither code nor codes": (changed(STANCE, ""), "mine.toml: stance: has no codes; add"),
    "code and codes": (
        changed(STANCE, f'{STANCE}\ncode = [{{ name = "x", title = "X", definition = "X" }}]'),
        "mine.toml: stance: has both code and codes; keep",
    ),
    "codes as tables": (
        changed(STANCE, 'codes = [{ name = "x" }]'),
        "mine.toml: stance: codes is not a list; write each code under [[variable.code]]",
    ),
    "codes of an unknown scale": (
        changed("favor-against", "likert"),
        "mine.toml: stance: codes cannot be 'likert'; write 'favor-against'",
    ),
    "unknown choice": (
        changed('choice = "one"', 'choice = "two"'),
        "mine.toml: stance: choice cannot be 'two'; write 'one' or 'many'",
    ),
    "unknown level": (
        changed('choice = "one"', 'level = "ratio"'),
        "mine.toml: stance: level cannot be 'ratio'; write 'nominal' or 'ordinal'",
    ),
    "unknown unit": (
        changed('choice = "one"', 'unit = "page"'),
        "mine.toml: stance: unit cannot be 'page'; write 'sentence' or 'document'",
    ),
    "unknown use": (
        changed('"rejected"]', '"denied"]'),
        "mine.toml: frame: use cannot be 'denied'; write use =",
    ),
    "use without asserted": (
        changed('"asserted", "rejected"]', '"rejected"]'),
        "mine.toml: frame: use must name asserted",
    ),
    "use as text": (
        changed('["asserted", "rejected"]', '"asserted"'),
        "mine.toml: frame: use must be a list;",
    ),
    "yes for true": (
        changed('choice = "one"', 'holder = "yes"'),
        "mine.toml: stance: holder cannot be 'yes'; write true or false, without quotes",
    ),
    "own parent": (
        changed(CODE, f'{CODE}\nparent = "order"'),
        "mine.toml: frame: order: parent 'order' is the code itself;",
    ),
    "list as text": (
        changed(CODE, f'{CODE}\ninclude = "order"'),
        'mine.toml: frame: order: include must be a list; write include = ["…"]',
    ),
    "empty entry": (
        changed('"Order returned to the town."', '" "'),
        "mine.toml: frame: order: examples is empty;",
    ),
    "variable in one bracket": (
        'name = "a"\nversion = "1.0.0"\ntitle = "A"\n[variable]\nname = "frame"\n',
        "mine.toml: variable must be a list; write each variable under a line [[variable]]",
    ),
    "no variable": (
        'name = "a"\nversion = "1.0.0"\ntitle = "A"\nvariable = []\n',
        "mine.toml: variable is empty; write each variable under a line [[variable]]",
    ),
    "target that is no table": (
        changed('[{ name = "norvia", title = "Norvia" }]', '["norvia"]'),
        "mine.toml: stance: target 1: targets cannot be 'norvia'; write targets = [{",
    ),
    "syntax": (
        changed('title = "Small"', "title = Small"),
        "mine.toml: line 4, column 9: invalid value; text goes in quotation marks",
    ),
    "key written twice": (
        changed('title = "Small"', 'title = "Small"\ntitle = "Small"'),
        "mine.toml: line 5, column 16: cannot overwrite a value; this key or table stands there",
    ),
    "lists nested too deep": ("a = " + "[" * 9000, "mine.toml: a number is too long or a list too"),
}


@pytest.mark.parametrize("case", ONE_FAULT)
def test_a_fault_is_told_once_in_one_plain_line(case):
    text, line = ONE_FAULT[case]

    told = faults(text)

    assert len(told) == 1
    assert told[0].startswith(line)
    assert "\n" not in told[0]


@pytest.mark.parametrize("key", sorted(DESK_KEYS))
def test_keys_of_the_desk_are_refused(key):
    told = faults(changed('hotkey = "1"', f'hotkey = "{key}"'))

    free = "1 2 3 4 5 6 7 8 9 a b d g n o q y"
    assert told == (
        f"mine.toml: frame: order: hotkey '{key}' belongs to the desk; take one of {free}",
    )


@pytest.mark.parametrize("key", sorted(STREAMLIT_KEYS))
def test_keys_of_streamlit_are_refused(key):
    told = faults(changed('hotkey = "1"', f'hotkey = "{key}"'))

    assert len(told) == 1
    assert f"hotkey '{key}' belongs to Streamlit; take one of" in told[0]


def test_every_key_that_the_advice_offers_is_accepted():
    free = set(CODE_KEYS) - set("jklui")

    for key in free:
        codebook = parse(changed('hotkey = "1"', f'hotkey = "{key}"'), "mine.toml")
        assert codebook.variable[0].code[0].hotkey == key


def test_a_circle_of_parents_is_refused_and_a_chain_is_not():
    chain = changed('name = "freedom"', 'name = "freedom"\nparent = "order"')
    circle = chain.replace(CODE, f'{CODE}\nparent = "freedom"')

    assert parse(chain, "mine.toml").variable[0].code[1].parent == "order"
    assert faults(circle) == (
        "mine.toml: frame: order: parent leads in a circle (order → freedom → order); "
        "take one of these parents out",
        "mine.toml: frame: freedom: parent leads in a circle (freedom → order → freedom); "
        "take one of these parents out",
    )


def test_all_faults_are_told_at_once_in_the_order_of_the_file():
    text = (
        changed('"1.0.0"', '"one"')
        .replace('hotkey = "1"', 'hotkey = "e"')
        .replace("#112233", "blue")
        .replace('definition = "Freedom is invoked."', "")
        .replace('choice = "one"', 'choice = "none"')
        .replace(', title = "Norvia"', "")
    )

    places = [fault.partition(";")[0] for fault in faults(text)]

    assert places == [
        "mine.toml: version cannot be 'one'",
        "mine.toml: frame: order: hotkey 'e' belongs to the desk",
        "mine.toml: frame: order: color 'blue' is not a color",
        "mine.toml: frame: freedom: definition is missing",
        "mine.toml: stance: choice cannot be 'none'",
        "mine.toml: stance: norvia: title is missing",
    ]


def test_ordinal_without_codes_of_its_own_is_fine():
    text = changed('choice = "one"', 'choice = "one"\nlevel = "ordinal"')

    assert parse(text, "mine.toml").variable[1].level == "ordinal"


def test_a_missing_file_names_itself(tmp_path):
    with pytest.raises(CodebookError, match=r"absent\.toml: there is no such file"):
        load(tmp_path / "absent.toml")


def test_a_folder_names_itself(tmp_path):
    with pytest.raises(CodebookError, match=f"{tmp_path.name}: is a folder"):
        load(tmp_path)


def test_a_file_that_is_not_utf8_names_itself_and_the_line(tmp_path):
    path = tmp_path / "latin.toml"
    path.write_bytes('name = "x"\ntitle = "Défense"\n'.encode("latin-1"))

    with pytest.raises(CodebookError, match=r"latin\.toml: line 2: is not UTF-8; save"):
        load(path)


def test_a_file_too_large_for_a_codebook_names_itself(tmp_path):
    path = tmp_path / "large.toml"
    path.write_bytes(b"#" * (LARGEST + 1))

    with pytest.raises(CodebookError, match=r"large\.toml: is larger than"):
        load(path)


def test_a_file_saved_on_windows_is_read(tmp_path):
    path = tmp_path / "small.toml"
    path.write_bytes(b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode())

    assert load(path) == parse(SMALL, "small.toml")


# --- What is written ------------------------------------------------------------------------


def with_codes(codebook: Codebook, *codes: Code) -> Codebook:
    frame, *others = codebook.variable
    frame = frame.model_copy(update={"code": codes})
    return codebook.model_copy(update={"variable": (frame, *others)})


def test_a_changed_value_is_replaced_in_place_and_everything_else_stays():
    small = parse(SMALL, "small.toml")
    order, freedom = small.variable[0].code
    sharper = order.model_copy(update={"definition": "Public order is invoked."})

    written = dump(with_codes(small, sharper, freedom), SMALL)

    assert written == changed('"Order is invoked."', '"Public order is invoked."')


def test_a_new_example_joins_the_others_and_their_comments():
    small = parse(SMALL, "small.toml")
    order, freedom = small.variable[0].code
    richer = order.model_copy(update={"examples": (*order.examples, "Order, he said.")})

    written = dump(with_codes(small, richer, freedom), SMALL)

    line = '    "Order returned to the town.",\n'
    assert written == changed(line, f'{line}    "Order, he said.",\n')


def test_comments_stay_with_their_codes_when_codes_come_and_move():
    small = parse(SMALL, "small.toml")
    order, freedom = small.variable[0].code
    peace = Code(name="peace", title="Peace", definition="Peace is invoked.")
    grown = with_codes(small, order, peace, freedom)

    written = dump(grown, SMALL)

    assert parse(written, "small.toml") == grown
    assert [note for note in COMMENTS if note not in written] == []
    assert '# On freedom.\n[[variable.code]]\nname = "freedom"' in written
    assert '# On stance.\n[[variable]]\nname = "stance"' in written


def test_a_renamed_code_keeps_its_comments():
    small = parse(SMALL, "small.toml")
    order, freedom = small.variable[0].code
    renamed = with_codes(small, order.model_copy(update={"name": "calm"}), freedom)

    written = dump(renamed, SMALL)

    assert written == changed('name = "order"', 'name = "calm"')


def test_a_key_added_to_a_variable_goes_above_its_codes():
    small = parse(SMALL, "small.toml")
    frame, stance = small.variable
    asked = (frame.model_copy(update={"required": True}), stance)
    stricter = small.model_copy(update={"variable": asked})

    written = dump(stricter, SMALL)

    assert parse(written, "small.toml") == stricter
    assert '# On order.\n[[variable.code]]\nname = "order"' in written


def test_a_default_that_somebody_wrote_down_stays_written():
    text = changed('name = "frame"', 'unit = "sentence"\nname = "frame"')

    assert dump(parse(text, "small.toml"), text) == text


def test_line_ends_of_windows_are_kept():
    text = SMALL.replace("\n", "\r\n")

    assert dump(parse(text, "small.toml"), text) == text


def test_a_source_that_is_not_toml_is_a_fault():
    with pytest.raises(CodebookError, match="small: the text to write the changes into"):
        dump(parse(SMALL, "small.toml"), "name = ")


NAMES = st.text(string.ascii_lowercase, min_size=1, max_size=6).filter(lambda n: n != "none")
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
SENTENCES = TEXTS.map(str.strip).filter(bool)
LISTS = st.lists(SENTENCES, max_size=3).map(tuple)


def named(noun, **fields):
    """Up to four of a noun, no two of one name."""
    one = st.builds(noun, name=NAMES, **fields)
    return st.lists(one, max_size=4, unique_by=lambda each: each.name).map(tuple)


CODES = named(
    Code,
    title=SENTENCES,
    definition=SENTENCES,
    include=LISTS,
    exclude=LISTS,
    examples=LISTS,
    counterexamples=LISTS,
    hotkey=st.none(),
    color=st.sampled_from([None, "#112233", "#AABBCC"]),
    parent=st.none(),
)
TARGETS = st.none() | named(Target, title=SENTENCES, aliases=LISTS)
VARIABLES = named(
    Variable,
    title=TEXTS,
    question=TEXTS,
    code=CODES.filter(bool),
    codes=st.none(),
    targets=TARGETS,
    use=st.sampled_from([("asserted",), ("asserted", "rejected")]),
)
CODEBOOKS = st.builds(
    Codebook,
    name=NAMES,
    version=st.just("1.0.0"),
    title=SENTENCES,
    description=TEXTS,
    source=TEXTS,
    variable=VARIABLES.filter(bool),
)


@settings(max_examples=60, deadline=None)
@given(CODEBOOKS)
def test_every_codebook_survives_a_round_trip(codebook):
    assert parse(dump(codebook), "any.toml") == codebook


@settings(max_examples=60, deadline=None)
@given(CODEBOOKS, CODEBOOKS)
def test_any_codebook_can_be_written_into_the_text_of_any_other(old, new):
    assert parse(dump(new, dump(old)), "any.toml") == new


@settings(max_examples=60, deadline=None)
@given(VARIABLES.filter(bool))
def test_any_variables_can_be_written_into_a_text_with_comments(variables):
    new = parse(SMALL, "small.toml").model_copy(update={"variable": variables})

    assert parse(dump(new, SMALL), "any.toml") == new
