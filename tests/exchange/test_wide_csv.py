"""The wide table: legal names, and blank wherever a coder was not asked."""

from __future__ import annotations

import csv
import io
import re

from hypothesis import given
from hypothesis import strategies as st

from annotator.core.codebook import Codebook, Scheme
from annotator.exchange import wide_csv
from annotator.store import codebooks, tables

LEGAL = re.compile(r"[a-z][a-z0-9_]{0,31}")
names = st.from_regex(r"[a-z0-9][a-z0-9-]{0,60}", fullmatch=True)


def written(store):
    out = io.StringIO(newline="")
    wide_csv.write(
        tables.codings(store), codebooks.schemes(store), codebooks.current_scheme(store), out
    )
    return list(csv.DictReader(io.StringIO(out.getvalue(), newline=""), strict=True))


def row_of(store, unit_id, coder):
    return next(r for r in written(store) if (r["unit_id"], r["coder"]) == (unit_id, coder))


def frames(row):
    return {name: cell for name, cell in row.items() if name.startswith("frame_")}


def stances(row):
    return {name: cell for name, cell in row.items() if name.startswith("stance_")}


def scheme_of(variables, number=1):
    book = {"name": "b", "version": f"1.{number}.0", "title": "B", "variable": variables}
    return Scheme(id=number, codebooks=(Codebook.model_validate(book),))


def codes(listed):
    return [{"name": name, "title": "T", "definition": "D."} for name in listed]


@st.composite
def variables(draw):
    told = []
    for name in draw(st.lists(names, min_size=1, max_size=4, unique=True)):
        variable = {"name": name, "holder": draw(st.booleans())}
        variable["choice"] = draw(st.sampled_from(["one", "many"]))
        variable["use"] = draw(st.sampled_from([["asserted"], ["asserted", "rejected"]]))
        variable["code"] = codes(draw(st.lists(names, min_size=1, max_size=5, unique=True)))
        if draw(st.booleans()):
            targets = draw(st.lists(names, min_size=1, max_size=4, unique=True))
            variable["targets"] = [{"name": target, "title": "T"} for target in targets]
        told.append(variable)
    return told


@given(st.lists(variables(), min_size=1, max_size=3))
def test_column_names_are_legal_in_r_and_stata_and_unique(versions):
    schemes = {n: scheme_of(told, n) for n, told in enumerate(versions, start=1)}

    named = [*wide_csv.IDENTIFYING, *wide_csv.columns(schemes, schemes[len(versions)])]

    assert len(set(named)) == len(named)
    assert [name for name in named if not LEGAL.fullmatch(name)] == []


@given(variables(), variables())
def test_a_codebook_that_grows_renames_no_column(first, more):
    # A variable of the same name with another shape is another question, not a grown codebook.
    more = [variable for variable in more if variable["name"] not in {v["name"] for v in first}]
    old = {1: scheme_of(first)}
    grown = old | {2: scheme_of([*more, *first], 2)}

    before = wide_csv.columns(old, old[1])
    after = wide_csv.columns(grown, grown[2])

    assert before.items() <= after.items()


def test_names_that_only_differ_in_their_joints_get_columns_of_their_own():
    variables = [{"name": "v", "code": codes(["a-b"])}, {"name": "v-a", "code": codes(["b"])}]
    schemes = {1: scheme_of(variables)}

    first, second = wide_csv.columns(schemes, schemes[1])

    assert first == "v_a_b"
    assert re.fullmatch(r"v_a_b_[0-9a-f]{6}", second)


def test_codes_are_one_or_zero_and_rejected_codes_have_a_column_of_their_own(toy, toy_units):
    assert frames(row_of(toy, toy_units["talks1"], "ana")) == {
        "frame_sovereignty": "0",
        "frame_sovereignty_rejected": "0",
        "frame_security": "0",
        "frame_security_rejected": "1",
        "frame_peace": "0",
        "frame_peace_rejected": "0",
    }


def test_quoted_voices_that_disagree_are_mixed_and_counted(toy, toy_units):
    assert stances(row_of(toy, toy_units["talks1"], "ana")) == {
        "stance_norland_author": "none",
        "stance_norland_quoted": "mixed",
        "stance_norland_holders": "2",
        "stance_esmar_author": "none",
        "stance_esmar_quoted": "",
        "stance_esmar_holders": "",
    }


def test_nobody_named_is_blank_and_not_none_though_the_sentence_quotes_somebody(toy):
    coding = next(one for one in tables.codings(toy) if one.coder == "ben" and one.answers)
    quoting = coding._replace(unit=coding.unit._replace(voice="direct", speaker="Mira Osk"))
    out = io.StringIO(newline="")

    wide_csv.write([quoting], codebooks.schemes(toy), codebooks.current_scheme(toy), out)

    (row,) = csv.DictReader(io.StringIO(out.getvalue(), newline=""))
    assert (row["voice"], row["stance_norland_author"]) == ("direct", "against")
    assert (row["stance_norland_quoted"], row["stance_norland_holders"]) == ("", "")


def test_one_holder_of_mixed_mind_is_told_from_holders_that_disagree(empty_toy, decide):
    of_one = {"variable": "stance", "target": "esmar", "holder": "Dan Rell", "code": "mixed"}
    decide(empty_toy, "ana", "talks1", answers=[of_one])

    (row,) = written(empty_toy)

    assert (row["stance_esmar_quoted"], row["stance_esmar_holders"]) == ("mixed", "1")


def test_the_author_has_a_position_apart_from_the_quoted(toy, toy_units):
    row = row_of(toy, toy_units["talks1"], "ben")

    assert (row["stance_norland_author"], row["stance_esmar_author"]) == ("against", "neutral")
    assert (row["stance_norland_quoted"], row["stance_norland_holders"]) == ("", "")


def test_skipped_and_not_codable_units_are_blank_in_every_code(toy, toy_units):
    for unit, coder in (("talks3", "ana"), ("talks0", "ben")):
        row = row_of(toy, toy_units[unit], coder)

        assert set((frames(row) | stances(row)).values()) == {""}


def test_one_row_for_each_unit_coder_round_and_pass(toy):
    keys = [(r["unit_id"], r["coder"], r["round"], r["pass"]) for r in written(toy)]

    assert len(keys) == len(set(keys)) == 7
    assert [key[3] for key in keys].count("2") == 1


def test_codes_five_units_adds_a_code_codes_five_more_blank_not_0_for_the_first_five(
    empty_toy, decide, add_code, toy_units
):
    first, rest = list(toy_units)[:5], list(toy_units)[4:]
    for unit in first:
        decide(empty_toy, "ana", unit, answers=[{"variable": "frame", "code": "peace"}])
    add_code(empty_toy, "late")
    for unit in rest:
        late = [{"variable": "frame", "code": "late"}]
        decide(empty_toy, "ben", unit, answers=late if unit == rest[0] else [], scheme=2)

    rows = written(empty_toy)

    assert [r["frame_late"] for r in rows if r["coder"] == "ana"] == [""] * 5
    assert [r["frame_late"] for r in rows if r["coder"] == "ben"] == ["1", "0", "0", "0", "0"]
    assert [r["frame_peace"] for r in rows] == ["1"] * 5 + ["0"] * 5


def test_what_a_decision_did_not_ask_is_blank(empty_toy, decide):
    decide(empty_toy, "ana", "note0", asked=["frame"], answers=[])

    (row,) = written(empty_toy)

    assert set(frames(row).values()) == {"0"}
    assert set(stances(row).values()) == {""}


def test_a_code_that_was_retired_keeps_its_column_after_those_in_force():
    schemes = {
        1: scheme_of([{"name": "frame", "code": codes(["old", "kept"])}]),
        2: scheme_of([{"name": "frame", "code": codes(["kept", "new"])}], 2),
    }

    assert list(wide_csv.columns(schemes, schemes[2])) == ["frame_kept", "frame_new", "frame_old"]
