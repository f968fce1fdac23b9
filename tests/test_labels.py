"""The codebooks of labels/ and what their README teaches."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest

from annotator.core.codebook import STANCE_CODES, Code, Codebook, Target, Variable, combine
from annotator.core.errors import CodebookError
from annotator.exchange.codebook_toml import dump, load, parse
from annotator.exchange.label_table import Names
from annotator.workflow import making, projects

LABELS = Path(__file__).parents[1] / "labels"
SHIPPED = sorted(LABELS.glob("*.toml"))
BOOKS = {path.stem: load(path) for path in SHIPPED}
CODES = [
    pytest.param(book, variable, code, id=f"{book.name}:{code.name}")
    for book in BOOKS.values()
    for variable in book.variable
    for code in variable.code
]
EACH_FILE = pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
EACH_BOOK = pytest.mark.parametrize("book", BOOKS.values(), ids=BOOKS)
EACH_CODE = pytest.mark.parametrize(("book", "variable", "code"), CODES)

POLICY_DIMENSIONS = [
    "economic",
    "capacity-and-resources",
    "morality",
    "fairness-and-equality",
    "legality-constitutionality-jurisdiction",
    "policy-prescription-and-evaluation",
    "crime-and-punishment",
    "security-and-defense",
    "health-and-safety",
    "quality-of-life",
    "cultural-identity",
    "public-opinion",
    "political",
    "external-regulation-and-reputation",
    "other",
]
"""Boydstun, Gross, Resnik and Smith (2013), in their order."""

SEMEVAL_LABELS = [
    "Economic",
    "Capacity_and_resources",
    "Morality",
    "Fairness_and_equality",
    "Legality_Constitutionality_and_jurisprudence",
    "Policy_prescription_and_evaluation",
    "Crime_and_punishment",
    "Security_and_defense",
    "Health_and_safety",
    "Quality_of_life",
    "Cultural_identity",
    "Public_opinion",
    "Political",
    "External_regulation_and_reputation",
]
"""The labels of the data set of SemEval-2023 Task 3, subtask 2, as they are written there."""

QUESTIONS = {
    "attribution-of-responsibility": 5,
    "human-interest": 5,
    "conflict": 4,
    "morality": 3,
    "economic-consequences": 3,
}
"""How many yes/no questions stand behind each frame in Semetko and Valkenburg (2000)."""

TOGETHER = [
    ("policy-frames", "generic-frames", "stance"),
    ("semeval-2023-frames", "generic-frames", "stance"),
]

PAIRS = [pair for pair in combinations(BOOKS, 2) if pair != ("conflict", "stance")]

REAL = re.compile(
    r"\b(Afghan|America|Arab|Argentin|Armeni|Australi|Austria|Azerbaijan|Balkan|Belarus|Belgi|Bosni"
    r"|Brazil|Britain|British|Bulgari|Canad|Chile|China|Chinese|Croat|Cuba|Cyprus|Czech|Danish"
    r"|Denmark|Dutch|Egypt|England|English|Estoni|Ethiopi|Europe|Finland|Finnish|France|French"
    r"|Georgia|German|Greece|Greek|Hungar|Iceland|India|Indonesi|Iran|Iraq|Ireland|Irish|Israel"
    r"|Ital|Japan|Jordan|Karabakh|Kazakh|Kenya|Korea|Kosov|Kurd|Kyiv|Latvia|Leban|Libya|Lithuan"
    r"|London|Macedon|Mexic|Moldov|Montenegr|Morocc|Moscow|Netherlands|Nigeri|Norway|Norwegian"
    r"|Pakistan|Palestin|Paris|Poland|Polish|Portug|Romania|Russia|Saudi|Scot|Serb|Slovak|Slovenia"
    r"|Somali|Spain|Spanish|Sudan|Swed|Swiss|Syria|Taiwan|Tehran|Tibet|Tunis|Turk|Ukrain|Vietnam"
    r"|Washington|Wales|Welsh|Yemen|Yerevan|Yugoslav)"
)
"""How the names of states, peoples and capitals begin that no invented sentence may hold."""


def sentences(code: Code) -> tuple[str, ...]:
    """The invented sentences of a code, without what is said about them in brackets."""
    written = (*code.examples, *code.counterexamples)
    return tuple(re.sub(r" [\[(][a-z, -]+[\])]$", "", sentence) for sentence in written)


def codes(book: Codebook) -> list[Code]:
    return [code for variable in book.variable for code in variable.code]


# --- Every file -----------------------------------------------------------------------------


@EACH_FILE
def test_a_shipped_codebook_has_the_name_of_its_file(path):
    assert load(path).name == path.stem


@EACH_BOOK
def test_a_shipped_codebook_survives_a_round_trip(book):
    assert parse(dump(book), f"{book.name}.toml") == book


@EACH_FILE
def test_writing_an_unchanged_codebook_leaves_its_file_as_it_was(path):
    text = path.read_text(encoding="utf-8")

    assert dump(load(path), text) == text


@EACH_BOOK
def test_a_shipped_codebook_cites_its_source_and_asks_in_words(book):
    assert re.search(r"\(\d{4}\)", book.source)
    assert [v.name for v in book.variable if not v.question.endswith((".", "?"))] == []


@EACH_BOOK
def test_the_decision_rules_are_numbered_from_one(book):
    numbers = re.findall(r"^(\d+)\. ", book.description, re.MULTILINE)

    assert len(numbers) >= 7
    assert numbers == [str(number) for number in range(1, len(numbers) + 1)]


def test_the_new_project_form_offers_every_shipped_codebook():
    assert [shipped.codebook.name for shipped in making.shipped()] == list(BOOKS)


# --- Every code -----------------------------------------------------------------------------


@EACH_CODE
def test_a_code_gives_a_coder_enough_to_decide_by(book, variable, code):
    assert len(code.include) >= 2
    assert len(code.exclude) >= 2
    assert len(code.examples) >= (1 if code.exclusive else 2)
    assert len(code.counterexamples) >= 1
    assert code.definition.endswith(".")
    assert code.color


@EACH_CODE
def test_a_counterexample_names_the_right_code(book, variable, code):
    names = {each.name for each in variable.code} | {"none", "rejected"}
    for sentence in code.counterexamples:
        bracket = re.search(r"\[([^\]]+)\]$", sentence)
        assert bracket, sentence
        right = set(bracket[1].split(", "))
        assert right <= names, sentence
        assert right != {code.name}, sentence


@EACH_CODE
def test_an_exclude_rule_says_what_to_code_instead(book, variable, code):
    names = {each.name for each in variable.code}
    # "rejected" is the frame itself, marked as denied; "both" and "code of" need no name.
    ways_out = {"none", "not codable", "rejected", "code both", "the code of"}
    for rule in code.exclude:
        case, colon, remedy = rule.partition(": ")
        assert case
        assert colon, rule
        named = [word for word in re.findall(r"[a-z][a-z-]+", remedy) if word in names]
        assert named or any(way in remedy for way in ways_out), rule
        assert code.name not in named, rule
        assert set(re.findall(r"[a-z]+(?:-[a-z]+)+", remedy)) <= names, rule


@EACH_BOOK
def test_a_parent_is_a_code_of_a_shipped_codebook(book):
    for parent in filter(None, (code.parent for code in codes(book))):
        place, _, name = parent.rpartition(":")
        # conflict.toml names the policy dimensions without their codebook.
        broader = [BOOKS[place]] if place else [book, BOOKS["policy-frames"]]
        assert name in {code.name for one in broader for code in codes(one)}, parent


@EACH_BOOK
def test_the_codes_of_a_variable_have_colors_that_differ(book):
    for variable in book.variable:
        colors = [code.color for code in variable.answers]
        assert len(colors) == len(set(colors))


@EACH_CODE
def test_no_invented_sentence_names_a_real_state(book, variable, code):
    assert [sentence for sentence in sentences(code) if REAL.search(sentence)] == []


def test_no_sentence_stands_in_two_places():
    told = Counter(
        sentence for book in BOOKS.values() for code in codes(book) for sentence in sentences(code)
    )

    assert [sentence for sentence, times in told.items() if times > 1] == []


@pytest.mark.parametrize("part", ["definition", "include", "exclude"])
def test_no_two_codebooks_share_their_words(part):
    told = Counter()
    for book in BOOKS.values():
        written = [getattr(code, part) for code in codes(book)]
        told.update({line for one in written for line in ([one] if isinstance(one, str) else one)})

    assert [line for line, times in told.items() if times > 1] == []


# --- Each codebook --------------------------------------------------------------------------


def test_policy_frames_has_the_fifteen_dimensions_in_their_order():
    (variable,) = BOOKS["policy-frames"].variable

    assert [code.name for code in variable.code] == POLICY_DIMENSIONS


def test_semeval_frames_are_the_fourteen_labels_of_the_data_set_in_their_order():
    (variable,) = BOOKS["semeval-2023-frames"].variable
    names = Names((code.name, [code.title]) for code in variable.code)

    assert [names.find(label) for label in SEMEVAL_LABELS] == [c.name for c in variable.code]


def test_each_semeval_frame_lies_under_the_policy_dimension_of_its_place():
    (variable,) = BOOKS["semeval-2023-frames"].variable

    parents = [code.parent for code in variable.code]
    assert parents == [f"policy-frames:{name}" for name in POLICY_DIMENSIONS[:14]]


def test_a_policy_dimension_has_one_key_and_color_in_both_codebooks_that_have_it():
    (policy,), (semeval,) = (BOOKS[n].variable for n in ("policy-frames", "semeval-2023-frames"))

    for dimension, frame in zip(policy.code, semeval.code, strict=False):
        assert (dimension.hotkey, dimension.color) == (frame.hotkey, frame.color)


def test_generic_frames_keep_the_twenty_questions_of_their_source():
    (variable,) = BOOKS["generic-frames"].variable

    assert {code.name: len(code.include) for code in variable.code} == QUESTIONS
    asked = [question for code in variable.code for question in code.include]
    assert [question for question in asked if not question.endswith("?")] == []


def test_conflict_asks_for_frames_first_with_the_exclusive_codes_last():
    frame = BOOKS["conflict"].variable[0]

    assert (frame.name, frame.unit, frame.choice) == ("frame", "sentence", "many")
    assert frame.use == ("asserted", "rejected")
    exclusive = [code.exclusive for code in frame.code]
    assert exclusive == sorted(exclusive)
    assert frame.code[-1].name == "cannot-tell"


def test_every_conflict_frame_lies_under_a_policy_dimension():
    for code in BOOKS["conflict"].variable[0].code:
        named = (code.parent or "").removeprefix("policy-frames:")
        assert code.exclusive or named in POLICY_DIMENSIONS, code.name


def test_stance_is_one_ordinal_question_about_targets_and_holders():
    (variable,) = BOOKS["stance"].variable

    asked = (variable.codes, variable.choice, variable.level, variable.holder, variable.targets)
    assert asked == ("favor-against", "one", "ordinal", True, ())


def test_stance_shows_every_position_and_no_answer_by_an_invented_sentence():
    shown = re.findall(r"^([a-z]+): (.+)$", BOOKS["stance"].description, re.MULTILINE)

    assert [position for position, _ in shown] == [*(c.name for c in STANCE_CODES), "nothing"]
    assert [sentence for _, sentence in shown if REAL.search(sentence)] == []


@pytest.mark.parametrize("matter", ["irony", "implication", "passes on", "neutral:", "unclear:"])
def test_stance_has_a_rule_for_what_coders_ask_most(matter):
    rules = BOOKS["stance"].description.partition("Decide in this order")[2]

    assert matter in rules.lower()


# --- Several in one project -----------------------------------------------------------------


@pytest.mark.parametrize("names", TOGETHER, ids="+".join)
def test_codebooks_made_to_stand_together_share_no_key(names):
    assert combine(BOOKS[name] for name in names).moved == ()


def test_no_frame_takes_a_key_of_the_stance_scale():
    scale = {code.hotkey for code in STANCE_CODES}

    taken = [code.name for book in BOOKS.values() for code in codes(book) if code.hotkey in scale]
    assert taken == []


@pytest.mark.parametrize("pair", PAIRS, ids="+".join)
def test_any_two_codebooks_that_ask_different_questions_make_a_project(pair, tmp_path):
    files = [LABELS / f"{name}.toml" for name in pair]
    asks = any(v.targets is not None for name in pair for v in BOOKS[name].variable)
    targets = [Target(name="velmar", title="Velmar")] if asks else []

    made = projects.create(tmp_path / "two.annotator", files, targets=targets)

    assert [book.name for book in made.scheme.codebooks] == list(pair)
    keys = [code.hotkey for _, v in made.scheme.variables() for code in v.answers if code.hotkey]
    assert len(keys) == len(set(keys))
    projects.close_project(made.path)


def test_the_stance_cannot_be_asked_by_two_codebooks_and_nothing_is_left_behind(tmp_path):
    files = [LABELS / "conflict.toml", LABELS / "stance.toml"]

    with pytest.raises(CodebookError) as refused:
        projects.create(tmp_path / "two.annotator", files)

    assert refused.value.faults == (
        "variable 'stance' is in both conflict and stance; rename one of them",
    )
    assert list(tmp_path.iterdir()) == []


def test_four_codebooks_make_one_project(tmp_path):
    names = ("generic-frames", "policy-frames", "semeval-2023-frames", "stance")
    files = [LABELS / f"{name}.toml" for name in names]
    targets = [Target(name="velmar", title="Velmar")]

    made = projects.create(tmp_path / "four.annotator", files, targets=targets)

    asked = [variable.name for _, variable in made.scheme.variables()]
    assert asked == ["generic-frame", "policy-frame", "semeval-frame", "stance"]
    projects.close_project(made.path)


# --- What labels/README.md says --------------------------------------------------------------

README = (LABELS / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
WHOLE = [text for text in BLOCKS if text.startswith("name = ")]
FAULTY = next(text for text in BLOCKS if text.startswith("# faulty.toml"))
PARTS = [text for text in BLOCKS if text != FAULTY and text not in WHOLE]
SLIPS = re.findall(r"^\| `(.+?)` \| `(mine\.toml: .+)` \|$", README, re.MULTILINE)


def faults(text: str, origin: str) -> tuple[str, ...]:
    with pytest.raises(CodebookError) as refused:
        parse(text, origin)
    return refused.value.faults


def test_the_codebooks_of_the_readme_have_no_fault():
    assert [parse(text, "readme.toml").version for text in WHOLE] == ["1.0.0", "1.1.0"]


def test_the_first_codebook_of_the_readme_has_ten_lines():
    assert len([line for line in WHOLE[0].splitlines() if line]) == 10


@pytest.mark.parametrize("text", PARTS)
def test_the_parts_of_codebooks_in_the_readme_are_keys_that_exist(text):
    assert set(tomllib.loads(text)) <= {*Variable.model_fields, *Code.model_fields}


def test_the_readme_prints_what_the_check_says_of_its_faulty_file():
    assert "\n".join(faults(FAULTY, "faulty.toml")) in README


@pytest.mark.parametrize(("slip", "said"), SLIPS, ids=[slip for slip, _ in SLIPS])
def test_the_readme_prints_what_the_check_says_of_a_slip(slip, said):
    assert faults(_with_slip(slip), "mine.toml") == (said,)


def _with_slip(slip: str) -> str:
    """The first codebook of the README, its last line of that key or bracket written wrong."""
    tables = {"[variable]": "[[variable]]", "[[variable.codes]]": "[[variable.code]]"}
    lines = WHOLE[0].splitlines()
    begins = tables.get(slip) or re.split(r"[ :]", slip)[0]
    at = max(number for number, line in enumerate(lines) if line.startswith(begins))
    return "\n".join([*lines[:at], slip, *lines[at + 1 :], ""])


def test_the_readme_shows_every_slip():
    assert len(SLIPS) == 7


@pytest.mark.parametrize("names", [("stance",), ("conflict", "stance")], ids="+".join)
def test_the_readme_prints_why_a_project_is_refused(names, tmp_path):
    files = [LABELS / f"{name}.toml" for name in names]

    with pytest.raises(CodebookError) as refused:
        projects.create(tmp_path / "no.annotator", files)

    assert f"```\n{refused.value.faults[0]}\n```" in README


@pytest.mark.parametrize("noun", [Codebook, Variable, Code])
def test_the_readme_teaches_every_key(noun):
    untaught = [key for key in noun.model_fields if f"`{key}`" not in README]

    assert [key for key in untaught if key not in ("variable", "code")] == []


@EACH_FILE
def test_the_readme_lists_every_file(path):
    assert f"| [`{path.name}`]({path.name}) |" in README
