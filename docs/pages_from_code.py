"""The reference page about addresses: every page and view, variable and route of the server."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from annotator import api
from annotator.ui.page import model

ROOT = Path(__file__).resolve().parents[1]
UI = ROOT / "annotator" / "ui"

VARIABLES = {
    "ANNOTATOR_PROJECT": "The project file that `streamlit run streamlit_app.py` opens; without "
    "it, the embedded sample.",
    "ANNOTATOR_CODER": "Who codes, so that the desk does not ask; on the command line, who does "
    "what a command does, for the history.",
    "ANNOTATOR_QUEUE": "The sample, set or order that the desk opens on.",
    "ANNOTATOR_HOME": "The folder of the list of projects and of the embedded sample, in place of "
    "the user's data directory.",
}

ROUTES = {
    ("POST", "/api/v1/events"): "Keeps what a coder did, up to 50 events, and answers each; the "
    "next units come with the answer.",
    ("GET", "/api/v1/queue"): "The next units, with their context, speakers and suggestions.",
    ("GET", "/api/v1/article"): "A whole article with its units.",
    ("GET", "/api/v1/why"): "Why codes are suggested for a unit, and sentences like it.",
    ("GET", "/api/v1/codebook"): "The codebooks in force.",
    ("POST", "/api/v1/codebook"): "Adds a code, a target or an example.",
    ("POST", "/api/v1/boundary"): "Splits a sentence or joins it with another, or takes that back.",
}


class Page(NamedTuple):
    """A page: its title in the bar, its address, and the first sentence of its module."""

    title: str
    address: str
    said: str


def addresses() -> str:
    """The reference page."""
    lines = ["", "## Pages", "", "| page | address | holds |", "|---|---|---|"]
    lines += [f"| {one.title} | `{one.address}` | {one.said} |" for one in pages()]
    lines += [
        "",
        "The address of the desk takes the sample, set or order to code in, as in "
        "`/?queue=by:least-sure`, and `/?start=1` opens its start card.",
        *("", "## Views of the model page", "", "| view | address |", "|---|---|"),
    ]
    lines += [f"| {title} | `/model?view={name}` |" for name, title in views().items()]
    lines += ["", "## Environment", "", "| variable | holds |", "|---|---|"]
    lines += [f"| `{name}` | {said} |" for name, said in VARIABLES.items()]
    lines += [
        *("", "## Routes", ""),
        "The desk talks to the server by these; every request carries the token that its page was "
        "given, and every answer is JSON.",
        "They are no stable interface.",
        *("", "| route | does |", "|---|---|"),
    ]
    lines += [f"| `{method} {path}` | {ROUTES[method, path]} |" for method, path in routes()]
    return "\n".join([*lines, ""])


def pages() -> Iterator[Page]:
    """Every page, in the order of the bar."""
    for call in ast.walk(ast.parse((UI / "pages.py").read_text(encoding="utf-8"))):
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "st.Page":
            told = {one.arg: ast.literal_eval(one.value) for one in call.keywords}
            module = ast.unparse(call.args[0]).removeprefix("page(").removesuffix(")")
            yield Page(str(told["title"]), f"/{told.get('url_path', '')}", _said(module))


def _said(module: str) -> str:
    """The first sentence of a page's module, without the name of the page."""
    tree = ast.parse((UI / "page" / f"{module}.py").read_text(encoding="utf-8"))
    line = (ast.get_docstring(tree) or "").split("\n\n")[0]
    said = re.sub(r"^The [\w']+ page: ", "", " ".join(line.split()))
    return said[:1].upper() + said[1:]


def views() -> dict[str, str]:
    """The views of the model page: their titles by their names in the address."""
    return {name: view.title for name, view in model.VIEWS.items()}


def routes() -> Iterator[tuple[str, str]]:
    """Every route of the desk as its method and its path."""
    for route in api.ROUTES:
        for method in sorted((route.methods or set()) - {"HEAD"}):
            yield method, route.path
