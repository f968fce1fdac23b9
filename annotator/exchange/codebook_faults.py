"""What is wrong with a codebook: every fault at once, in sentences that say what to write."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from itertools import pairwise
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from annotator.core.codebook import (
    CODE_KEYS,
    DESK_KEYS,
    STANCE_CODES,
    STANCE_SCALE,
    STREAMLIT_KEYS,
    Code,
    Codebook,
    Target,
    Use,
    Variable,
)

Place = tuple[str | int, ...]
"""Where a fault is, as pydantic tells it: ``("variable", 0, "code", 2, "hotkey")``."""

Fault = tuple[Place, str]

NOUNS: dict[str, type[BaseModel]] = {"variable": Variable, "code": Code, "targets": Target}
LONGEST_NAME = 300  # characters that an answer can hold
NAME_FORM = "small letters, digits and hyphens, no hyphen first, such as 'peace-talks'"


def faults_in(raw: Mapping[str, Any]) -> list[str]:
    """One plain line for each fault, in the order of the file; empty when there is none.

    The checks below know what a codebook means and stand lenient on anything malformed;
    pydantic knows its form. Where both object to one place, the first says it better.
    """
    found: dict[Place, str] = {}
    for place, message in (*_semantic_faults(raw), *_formal_faults(raw)):
        found.setdefault(place, message)
    inherited = [place for place in found if _is_inside_another(place, found)]
    for place in inherited:
        del found[place]
    in_order = sorted(found.items(), key=lambda fault: _position(fault[0], raw))
    return [_line(place, message, raw) for place, message in in_order]


def _is_inside_another(place: Place, found: Mapping[Place, str]) -> bool:
    return any(place[:end] in found for end in range(1, len(place)))


def _position(place: Place, raw: Any) -> list[int]:
    """The place as numbers, so that faults come in the order of the file, missing keys last."""
    numbers = []
    for step in place:
        if isinstance(step, int):
            numbers.append(step)
            raw = raw[step] if isinstance(raw, list) and step < len(raw) else None
        else:
            keys = list(raw) if isinstance(raw, dict) else []
            numbers.append(keys.index(step) if step in keys else len(keys))
            raw = raw.get(step) if isinstance(raw, dict) else None
    return numbers


def _line(place: Place, message: str, raw: Any) -> str:
    """The message behind the variable, code or target it is about.

    >>> raw = {"variable": [{"name": "frame", "code": [{"title": "Order"}]}]}
    >>> _line(("variable", 0, "code", 0, "name"), "name is missing", raw)
    'frame: code 1: name is missing'
    """
    where = []
    for step, at in pairwise(place):
        raw = raw.get(step) if isinstance(raw, dict) and isinstance(step, str) else raw
        if isinstance(at, int) and isinstance(raw, list):
            raw = raw[at]
            if step in NOUNS:
                where.append(_called(raw, str(step), at))
    return ": ".join([*where, message])


def _called(raw: Any, noun: str, at: int) -> str:
    name = raw.get("name") if isinstance(raw, dict) else None
    if isinstance(name, str) and name.strip() and name.isprintable():
        return name
    return f"{noun.removesuffix('s')} {at + 1}"


def _semantic_faults(raw: Mapping[str, Any]) -> Iterator[Fault]:
    variables = list(_tables(raw, "variable"))
    yield from _repeated_names(variables, "variable")
    yield from _long_names(raw)
    yield from _hotkey_faults(raw)
    if raw.get("variable") == []:
        yield ("variable",), f"variable is empty; {_remedy('variable')}"
    for place, variable in variables:
        yield from _variable_faults(place, variable)


def _long_names(raw: Mapping[str, Any]) -> Iterator[Fault]:
    named = [((), raw), *_tables(raw, "variable")]
    for above, variable in _tables(raw, "variable"):
        named += [*_tables(variable, "code", above), *_tables(variable, "targets", above)]
    for place, table in named:
        if len(str(table.get("name"))) > LONGEST_NAME:
            yield (*place, "name"), f"name has more than {LONGEST_NAME} characters; shorten it"


def _tables(raw: Mapping[str, Any], key: str, above: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Each table of a list, with its place; whatever is not a list of tables is passed over."""
    tables = raw.get(key)
    for at, table in enumerate(tables if isinstance(tables, list) else []):
        if isinstance(table, dict):
            yield (*above, key, at), table


def _repeated_names(tables: Sequence[tuple[Place, Any]], noun: str) -> Iterator[Fault]:
    seen = set()
    for place, table in tables:
        name = table.get("name")
        if not isinstance(name, str):
            continue
        if name in seen:
            message = f"the name {_shown(name)} is used twice; give this {noun} another name"
            yield (*place, "name"), message
        seen.add(name)


def _variable_faults(place: Place, variable: Mapping[str, Any]) -> Iterator[Fault]:
    codes = list(_tables(variable, "code", place))
    targets = list(_tables(variable, "targets", place))
    yield from _repeated_names(codes, "code")
    yield from _repeated_names(targets, "target")
    yield from _answer_faults(place, variable)
    yield from _use_faults(place, variable)
    yield from _parent_faults(codes)
    for key in ("holder", "required"):
        yield from _flag_faults(place, variable, key)
    for code_place, code in codes:
        yield from _flag_faults(code_place, code, "exclusive")
        yield from _color_faults(code_place, code)
        if str(code.get("name", "")).lower() == "none":
            yield (*code_place, "name"), NONE_IS_NO_CODE


NONE_IS_NO_CODE = (
    "none is never a code: every variable can be left empty with the key 0; take this code out"
)


def _answer_faults(place: Place, variable: Mapping[str, Any]) -> Iterator[Fault]:
    has_codes = variable.get("code") not in (None, [])
    if isinstance(variable.get("codes"), list):
        yield (*place, "codes"), "codes is not a list; write each code under [[variable.code]]"
    elif "codes" in variable and has_codes:
        message = "has both code and codes; keep the [[variable.code]] tables or the codes line"
        yield (*place, "codes"), message
    elif "codes" not in variable and not has_codes:
        message = (
            "has no codes; add [[variable.code]] tables, "
            f'or codes = "{STANCE_SCALE}" for the stance scale'
        )
        yield (*place, "code"), message


def _use_faults(place: Place, variable: Mapping[str, Any]) -> Iterator[Fault]:
    use = variable.get("use", ["asserted"])
    remedy = 'write use = ["asserted"] or use = ["asserted", "rejected"]'
    if not isinstance(use, list):
        yield (*place, "use"), f"use must be a list; {remedy}"
    elif wrong := [word for word in use if word not in get_args(Use)]:
        yield (*place, "use"), f"use cannot be {_shown(wrong[0])}; {remedy}"
    elif "asserted" not in use or len(use) != len(set(use)):
        yield (*place, "use"), f"use must name asserted, and each use once; {remedy}"


def _flag_faults(place: Place, table: Mapping[str, Any], key: str) -> Iterator[Fault]:
    # pydantic would take "yes", 1 and "off" as well, and a reader would have to know that.
    if key in table and not isinstance(table[key], bool):
        message = f"{key} cannot be {_shown(table[key])}; write true or false, without quotes"
        yield (*place, key), message


def _color_faults(place: Place, code: Mapping[str, Any]) -> Iterator[Fault]:
    """Only malformed colours: black or white text reaches 4.5:1 on every well-formed one."""
    color = code.get("color")
    if color is not None and not re.fullmatch("#[0-9a-fA-F]{6}", str(color)):
        remedy = "write # and six digits 0–9 or a–f, such as '#2d6a4f'"
        yield (*place, "color"), f"color {_shown(color)} is not a color; {remedy}"


def _parent_faults(codes: Sequence[tuple[Place, Any]]) -> Iterator[Fault]:
    """A parent may lie in another codebook; inside this variable it must not lead in a circle."""
    parents = {code.get("name"): code.get("parent") for _, code in codes if _is_named(code)}
    for place, code in codes:
        if not _is_named(code):
            continue
        way = [code["name"]]
        while (parent := parents.get(way[-1])) is not None and parent not in way:
            way.append(parent)
        if parent == code["name"]:
            yield (*place, "parent"), _circle([*way, parent])


def _is_named(code: Mapping[str, Any]) -> bool:
    return isinstance(code.get("name"), str) and isinstance(code.get("parent", ""), str)


def _circle(way: Sequence[str]) -> str:
    if len(way) == 2:
        return f"parent {_shown(way[0])} is the code itself; name a broader code or leave it out"
    shown = " → ".join(way)
    return f"parent leads in a circle ({shown}); take one of these parents out"


def _hotkey_faults(raw: Mapping[str, Any]) -> Iterator[Fault]:
    """Every key of the codebook, the stance scale's included: all are on screen together."""
    scales = [(p, v) for p, v in _tables(raw, "variable") if v.get("codes") == STANCE_SCALE]
    taken: dict[str, str] = {}
    if scales:
        first = _called(scales[0][1], "variable", int(scales[0][0][-1]))
        taken = {str(code.hotkey): f"{first}: {code.name}" for code in STANCE_CODES}
        for place, _ in scales[1:]:
            yield (*place, "codes"), SECOND_SCALE.format(first=first)
    wanted = {str(code.get("hotkey")) for _, _, code in _codes(raw)} | set(taken)
    free = [key for key in CODE_KEYS if key not in wanted]
    remedy = f"take one of {' '.join(free)}" if free else "no key is left, so leave it out"
    for place, owner, code in _codes(raw):
        key = code.get("hotkey")
        if key is None:
            continue
        problem = _key_problem(key)
        if not problem and key in taken:
            problem = f"is taken by {taken[key]}"
        if problem:
            yield (*place, "hotkey"), f"hotkey {_shown(key)} {problem}; {remedy}"
        else:
            taken[key] = owner


SECOND_SCALE = (
    f'codes = "{STANCE_SCALE}" is already asked by {{first}}, and both would want the same keys; '
    "add the targets there, or put this variable into a codebook of its own"
)


def _codes(raw: Mapping[str, Any]) -> Iterator[tuple[Place, str, Any]]:
    """Each code written out in the file, with its place and its full name."""
    for place, variable in _tables(raw, "variable"):
        above = _called(variable, "variable", int(place[-1]))
        for code_place, code in _tables(variable, "code", place):
            yield code_place, f"{above}: {_called(code, 'code', int(code_place[-1]))}", code


def _key_problem(key: Any) -> str:
    if not isinstance(key, str):
        return "must stand in quotation marks"
    if len(key) != 1:
        return "must be one character"
    if key in CODE_KEYS:
        return ""
    if key.lower() in CODE_KEYS:
        return "is a capital, and Shift marks a code as rejected"
    if key == "0":
        return "means None on the desk"
    if key.lower() in DESK_KEYS:
        return "belongs to the desk"
    return "belongs to Streamlit" if key.lower() in STREAMLIT_KEYS else "is not a key for codes"


def _formal_faults(raw: Mapping[str, Any]) -> Iterator[Fault]:
    try:
        Codebook.model_validate(raw)
    except ValidationError as error:
        for fault in error.errors(include_url=False):
            # Also said of a list whose entries all have faults of their own.
            if fault["type"] == "too_short":
                continue
            yield _sentence(fault["loc"], fault["type"], fault["input"], fault.get("ctx", {}))


def _sentence(place: Place, kind: str, given: Any, context: Mapping[str, Any]) -> Fault:
    key = next((step for step in reversed(place) if isinstance(step, str)), "")
    if kind == "extra_forbidden":
        return place, f"unknown key {_shown(key)}; {_known_keys(place)}"
    if kind == "missing":
        return place, f"{key} is missing; {_remedy(key)}"
    if kind == "literal_error":
        return place, f"{key} cannot be {_shown(given)}; write {context['expected']}"
    if kind == "string_pattern_mismatch":
        return place, f"{key} cannot be {_shown(given)}; {_remedy(key)}"
    if kind == "string_too_short":
        return place, f"{key} is empty; {_remedy(key)}"
    if kind == "string_type":
        return place, f"{key} cannot be {_shown(given)}; put it in quotation marks"
    if kind == "tuple_type":
        return place, f"{key} must be a list; {_remedy(key)}"
    if kind == "model_type":
        return place, f"{key} cannot be {_shown(given)}; {_remedy(key)}"
    return place, f"{key} cannot be {_shown(given)}; {context.get('error', kind)}"


REMEDIES = {
    "name": f"write {NAME_FORM}",
    "parent": "write the name of a code, or 'codebook:code' for one of another codebook",
    "version": 'write three numbers, such as version = "1.0.0"',
    "title": "write what coders read on the chip or page",
    "definition": "write in one sentence when the code applies",
    "variable": "write each variable under a line [[variable]], with two brackets",
    "code": "write each code under a line [[variable.code]], with two brackets",
    "targets": 'write targets = [{ name = "norvia", title = "Norvia" }]',
}


def _remedy(key: str) -> str:
    return REMEDIES.get(key, f'write {key} = ["…"], each entry in quotation marks')


def _known_keys(place: Place) -> str:
    """What may stand there instead: the key that was probably meant, else all of them."""
    nouns = [step for step in place[:-1] if isinstance(step, str)]
    known = list((NOUNS[nouns[-1]] if nouns else Codebook).model_fields)
    close = get_close_matches(str(place[-1]).lower(), known, n=1, cutoff=0.7)
    return f"did you mean {close[0]}?" if close else f"there are: {', '.join(known)}"


def _shown(value: Any) -> str:
    """The value as the file has it, short and in one line."""
    shown = repr(value) if isinstance(value, str) else str(value)
    return shown if len(shown) <= 60 else f"{shown[:59]}…"
