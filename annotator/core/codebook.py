"""The coding scheme: codebooks, their variables and codes, and how a coder meets them together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

NAME = r"[a-z0-9][a-z0-9-]*"
Name = Annotated[str, StringConstraints(pattern=f"^{NAME}$")]
Parent = Annotated[str, StringConstraints(pattern=f"^({NAME}:)?{NAME}$")]
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Use = Literal["asserted", "rejected"]

DESK_KEYS = frozenset("zsxfmthvwpe")
STREAMLIT_KEYS = frozenset("cr")
CODE_KEYS = "123456789abdgijklnoquy"
STANCE_SCALE = "favor-against"


class Closed(BaseModel):
    """A noun that never changes and knows every key it may have."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Code(Closed):
    """One possible answer, with what a coder needs to decide by."""

    name: Name
    """What answers, models and exports call the code; it never changes once coding has begun."""
    title: Sentence
    """What the chip on the desk says; it may be reworded at any time."""
    definition: Sentence
    """When the code applies, in one sentence."""
    include: tuple[Sentence, ...] = ()
    """Cases that a coder might doubt and that belong here."""
    exclude: tuple[Sentence, ...] = ()
    """Cases that look alike and belong elsewhere, each with the name of the right code."""
    examples: tuple[Sentence, ...] = ()
    """Sentences that get this code."""
    counterexamples: tuple[Sentence, ...] = ()
    """Near misses, each with the right code in brackets."""
    hotkey: str | None = None
    """The key that toggles the code on the desk; without one, the desk's search finds it."""
    color: str | None = None
    """``#`` and six hexadecimal digits; the desk writes on it in black or white."""
    parent: Parent | None = None
    """The broader code that it belongs to, of another codebook as ``codebook:code``: a note for
    analysis, carried in the data dictionary of every export."""
    exclusive: bool = False
    """Whether choosing it clears the other codes of the variable, as for "can't tell"."""


class Target(Closed):
    """What a stance is toward."""

    name: Name
    """What answers and exports call the target."""
    title: Sentence
    """What people read."""
    aliases: tuple[Sentence, ...] = ()
    """Other names that the texts give it."""


STANCE_CODES = (
    Code(
        name="against",
        title="Against",
        definition="The voice speaks or argues against the target, or paints it as wrong, "
        "harmful or unworthy of support.",
        hotkey="j",
        color="#982027",
    ),
    Code(
        name="neutral",
        title="Neutral",
        definition="The voice addresses the target and takes no side. "
        "Where nothing is said about the target, choose nothing.",
        hotkey="k",
        color="#425d78",
    ),
    Code(
        name="favor",
        title="In favor",
        definition="The voice speaks or argues for the target, or paints it as right, "
        "good or worthy of support.",
        hotkey="l",
        color="#038569",
    ),
    Code(
        name="mixed",
        title="Mixed",
        definition="The same voice takes both sides toward the target in this sentence.",
        hotkey="u",
        color="#7e57bc",
    ),
    Code(
        name="unclear",
        title="Unclear",
        definition="The voice takes a side toward the target, "
        "but which one cannot be told from the text.",
        hotkey="i",
        color="#96650a",
    ),
)


class Variable(Closed):
    """One question of a codebook, with all its possible answers."""

    name: Name
    """What answers and exports call the variable; no two variables of a project share one."""
    title: str = ""
    """The heading over its codes; without one, the name."""
    question: str = ""
    """What the coder is asked."""
    unit: Literal["sentence", "document"] = "sentence"
    """What is judged: the unit on screen, or each article once, on its card."""
    choice: Literal["one", "many"] = "many"
    """How many codes at a time; with targets, for each target and holder."""
    level: Literal["nominal", "ordinal"] = "nominal"
    """Whether the codes are kinds, or have an order."""
    code: tuple[Code, ...] = ()
    """The codes, each a table of its own; a variable has these or ``codes``, never both."""
    codes: Literal["favor-against"] | None = None
    """The shared stance scale, in place of codes of its own."""
    targets: tuple[Target, ...] | None = None
    """What a stance is toward; an empty list leaves them to the project."""
    holder: bool = False
    """Whether coders say whose answer it is, the author's or a quoted speaker's."""
    required: bool = False
    """Whether the unit cannot be saved while the question is open."""
    use: tuple[Use, ...] = ("asserted",)
    """With ``rejected``, coders can mark a code as invoked in order to be denied."""

    @property
    def answers(self) -> tuple[Code, ...]:
        """Every code of this variable, those of the shared stance scale included."""
        return STANCE_CODES if self.codes == STANCE_SCALE else self.code

    @property
    def heading(self) -> str:
        """What pages call the variable."""
        return self.title or self.name.replace("-", " ").replace("_", " ").capitalize()

    @property
    def target_names(self) -> tuple[str, ...]:
        """The names of the targets; one empty name where the variable has none."""
        return tuple(target.name for target in self.targets) if self.targets is not None else ("",)


class Codebook(Closed):
    """A named, versioned set of variables; in the file system one TOML file of ``labels/``."""

    name: Name
    """What the program and every export call the codebook; by custom the file's name."""
    version: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,9}\.[0-9]{1,9}\.[0-9]{1,9}$")]
    """Three numbers, raised with every change that coders can notice."""
    title: Sentence
    """What people read."""
    description: str = ""
    """The decision rules that hold for all codes, in order."""
    source: str = ""
    """Where the scheme comes from, as it would be cited."""
    variable: Annotated[tuple[Variable, ...], Field(min_length=1)]
    """The questions, each a table of its own."""

    def with_targets(self, targets: Sequence[Target], *, keep: bool = False) -> Codebook:
        """The same codebook with these targets in every variable that asks about targets.

        With ``keep`` they come behind the codebook's own, where they do not name one of those.
        """
        variables = []
        for variable in self.variable:
            own = variable.targets or () if keep else ()
            given = {target.name: target for target in (*own, *targets)}
            settled = {"targets": tuple(given.values())}
            asks_about = variable.targets is not None
            variables.append(variable.model_copy(update=settled) if asks_about else variable)
        return self.model_copy(update={"variable": tuple(variables)})


class Scheme(Closed):
    """All codebooks of a project as a coder meets them at one time; events point at it by ``id``.

    ``moved`` names the keys that two codebooks both wanted: ``(variable, code, wanted, given)``,
    where an empty ``given`` means that no key was left.
    """

    id: int
    codebooks: tuple[Codebook, ...]
    moved: tuple[tuple[str, str, str, str], ...] = ()

    def variables(self) -> Iterator[tuple[Codebook, Variable]]:
        """Every variable with the codebook it belongs to, in the order shown."""
        for codebook in self.codebooks:
            for variable in codebook.variable:
                yield codebook, variable

    def variable(self, name: str) -> Variable | None:
        """The variable of that name, or None."""
        return next((v for _, v in self.variables() if v.name == name), None)

    def columns(self) -> Iterator[tuple[str, str, str]]:
        """Every question a coder answers with yes or no: ``(variable, target, code)``."""
        for _, variable in self.variables():
            for target in variable.target_names:
                for code in variable.answers:
                    yield variable.name, target, code.name


def combine(codebooks: Iterable[Codebook], scheme_id: int = 0) -> Scheme:
    """Put codebooks side by side; a key that is already taken is replaced by a free one.

    Keys inside one codebook never collide (its check refuses that), so the first codebook
    keeps all of its keys and the later ones give way.
    """
    shown = tuple(codebooks)
    taken: set[str] = set()
    moved: list[tuple[str, str, str, str]] = []
    settled: list[Codebook] = []
    for position, codebook in enumerate(shown):
        wanted_later = {
            code.hotkey
            for later in shown[position + 1 :]
            for variable in later.variable
            for code in variable.answers
        }
        variables = []
        for variable in codebook.variable:
            codes = []
            for code in variable.answers:
                key = code.hotkey
                if key is not None and key in taken:
                    free = [k for k in CODE_KEYS if k not in taken and k not in wanted_later]
                    key = free[0] if free else None
                    moved.append((variable.name, code.name, str(code.hotkey), key or ""))
                if key is not None:
                    taken.add(key)
                codes.append(
                    code if key == code.hotkey else code.model_copy(update={"hotkey": key})
                )
            settled_codes = tuple(codes)
            if settled_codes == variable.answers:
                variables.append(variable)
            else:
                update = {"code": settled_codes, "codes": None}
                variables.append(variable.model_copy(update=update))
        settled.append(codebook.model_copy(update={"variable": tuple(variables)}))
    return Scheme(id=scheme_id, codebooks=tuple(settled), moved=tuple(moved))


def ink(color: str) -> str:
    """Black or white, whichever reads better on ``#rrggbb`` (WCAG 2.2 contrast ratio).

    One of the two always reaches 4.5:1: the worst ground, at relative luminance 0.179,
    still gives both of them 4.58:1.

    >>> ink("#9b2226"), ink("#ffd166")
    ('#ffffff', '#000000')
    """
    return "#ffffff" if contrast(color, "#ffffff") >= contrast(color, "#000000") else "#000000"


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two ``#rrggbb`` colours, 1 to 21 (WCAG 2.2, 1.4.3).

    >>> contrast("#000000", "#ffffff")
    21.0
    """
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: str) -> float:
    channels = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
