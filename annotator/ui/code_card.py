"""One code as people read it in the codebook: HTML made of escaped text only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from annotator.core.codebook import Code, Target, Variable
from annotator.ui.marks import escaped, swatch

LISTS = (
    ("include", "Code it for"),
    ("exclude", "Not for"),
    ("examples", "Examples"),
    ("counterexamples", "Counterexamples"),
)
QUIET = "opacity:.72"
KEY = (
    "font:600 .8rem ui-monospace,monospace;padding:.1rem .45rem;border-radius:4px;"
    "border:1px solid color-mix(in srgb,currentColor 35%,transparent)"
)
CARD = (
    "padding:.7rem 1rem .8rem;margin:0 0 .2rem;border-radius:6px;"
    "border:1px solid color-mix(in srgb,currentColor 15%,transparent);"
    "border-left:6px solid {color}"
)


def fits(code: Code, variable: Variable, wanted: str) -> bool:
    """Whether the code, or the variable it belongs to, has all the words looked for."""
    words = wanted.casefold().split()
    targets = [name for one in variable.targets or () for name in (one.title, *one.aliases)]
    lists = [text for name, _ in LISTS for text in getattr(code, name)]
    said = [code.name, code.title, code.definition, code.hotkey or "", variable.heading]
    everything = "\n".join([*said, *lists, *targets, variable.question]).casefold()
    return all(word in everything for word in words)


def card(code: Code, counted: Sequence[tuple[str, int]]) -> str:
    """The whole code: title, key, colour, how often it was given, and what it means."""
    style = CARD.format(color=swatch(code.color))
    key = f'<kbd style="{KEY}">{escaped(code.hotkey)}</kbd>' if code.hotkey else ""
    head = (
        '<div style="display:flex;gap:.7rem;align-items:baseline">'
        f'<strong style="font-size:1.1rem">{escaped(code.title)}</strong>{key}'
        f'<span style="margin-left:auto;text-align:right;{QUIET}">{_counts(counted)}</span></div>'
        f'<div style="font-size:.85rem;{QUIET}">{escaped(_kin(code))}</div>'
    )
    parts = "".join(_list(heading, getattr(code, name)) for name, heading in LISTS)
    definition = f'<p style="margin:.4rem 0 0">{escaped(code.definition)}</p>'
    return f'<section style="{style}">{head}{definition}{parts}</section>'


def _kin(code: Code) -> str:
    """The code's name, what it belongs to, and whether it stands alone."""
    said = [code.name]
    if code.parent:
        said.append(f"under {code.parent}")
    if code.exclusive:
        said.append("never together with another code")
    return " · ".join(said)


def facts(variable: Variable) -> str:
    """How the variable is answered, in one line."""
    said = ["one code" if variable.choice == "one" else "any number of codes"]
    said.append(f"for each {variable.unit}")
    if variable.targets is not None:
        said.append("and target")
    if variable.holder:
        said.append("and holder")
    if "rejected" in variable.use:
        said.append("· may be marked as rejected")
    if variable.required:
        said.append("· required")
    return f'<p style="margin:0;{QUIET}">{escaped(" ".join(said).capitalize())}</p>'


def targets(found: Iterable[Target]) -> str:
    """The targets with their other names."""
    rows = "".join(
        f"<li>{escaped(target.title)} <code>{escaped(target.name)}</code>{_aliases(target)}</li>"
        for target in found
    )
    return f'<p style="margin:0"><strong>Targets</strong></p><ul style="margin:0">{rows}</ul>'


def _aliases(target: Target) -> str:
    if not target.aliases:
        return ""
    return f' <span style="{QUIET}">also {escaped(", ".join(target.aliases))}</span>'


def _counts(counted: Sequence[tuple[str, int]]) -> str:
    if not counted:
        return "not coded yet"
    return escaped(" · ".join(f"{target} {number:,}".strip() for target, number in counted))


def _list(heading: str, texts: Sequence[str]) -> str:
    if not texts:
        return ""
    items = "".join(f"<li>{escaped(text)}</li>" for text in texts)
    return (
        f'<p style="margin:.5rem 0 0;font-size:.85rem;{QUIET}">{heading}</p>'
        f'<ul style="margin:.1rem 0 0">{items}</ul>'
    )
