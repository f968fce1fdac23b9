"""The toy project: three articles and three coders, small enough to check by hand.

======  =====  ==========================================================================
unit    coder  decision
======  =====  ==========================================================================
talks0  ana    sovereignty, resting on two spans; the author in favor of norland; its
               suggestion was taken
talks0  ben    not codable, with a memo
talks1  ana    security rejected; of two speakers one is for norland, one against it, and the
               same words say both
talks1  ben    peace; the author against norland, neutral toward esmar
talks2  ana    nothing applies; flagged; then a suggestion was revealed, and nothing changed
talks3  ana    skipped
rain1   ben    a memo only
rain2   cem    peace, in the second pass; its evidence ends in a dove
======  =====  ==========================================================================

Nobody decided on rain0, rain1, note0 and note1.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings

from annotator.core.annotation import Event
from annotator.core.codebook import Codebook
from annotator.core.document import Draft, Segment
from annotator.store import Store, codebooks, documents, events, settings

# How long an example takes is the machine's affair, and no promise of the code.
hypothesis_settings.register_profile("annotator", deadline=None)
hypothesis_settings.load_profile("annotator")

GOLDEN = Path(__file__).parent / "golden"
AT = "2026-01-05T09:00:00+00:00"

CODES = {
    "sovereignty": "The sentence argues from a state's right to rule.",
    "security": "The sentence argues from danger and protection.",
    "peace": "The sentence argues from the end of fighting.",
}

ARTICLES = {
    "talks": [
        ["Norland and Esmar to talk"],
        ["“We rule here,” said Norland's envoy.", 'Mira Osk: "Safe?", Dan Rell: "no, never".'],
        ["The bus was late."],
    ],
    "rain": [["Rain, again"], ["It rained in Velm.", "A truce held — at last 🕊."]],
    "note": [["سلام بر نورلند.", "=SUM(1;2) is not a formula"]],
}
"""The paragraphs of each article, each a list of sentences; the first is the title."""

ABOUT = {
    "talks": {
        "title": "Norland and Esmar to talk",
        "source": "Velm Courier",
        "published": "2025-03-01",
        "date_precision": "day",
        "author": "Ria Tan",
        "place": "Velm",
        "url": "https://courier.example/talks",
        "language": "en",
    },
    "rain": {
        "title": "Rain, again",
        "source": "The Esmar Post",
        "published": "2025-03",
        "date_precision": "month",
        "language": "en",
    },
    "note": {},
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite tests/golden")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, bytes], None]:
    """Compare bytes with a file of ``tests/golden``, or rewrite the file when asked to."""

    def compare(name: str, content: bytes) -> None:
        if request.config.getoption("--update-golden"):
            (GOLDEN / name).write_bytes(content)
        assert content.decode() == (GOLDEN / name).read_bytes().decode()

    return compare


def toy_codebook() -> Codebook:
    """Frames that may be rejected, and stances of several holders toward two targets."""
    codes = [{"name": n, "title": n.capitalize(), "definition": d} for n, d in CODES.items()]
    targets = [{"name": "norland", "title": "Norland"}, {"name": "esmar", "title": "Esmar"}]
    frame = {"name": "frame", "use": ["asserted", "rejected"], "code": codes}
    stance = {"name": "stance", "choice": "one", "level": "ordinal", "codes": "favor-against"}
    variables = [frame, stance | {"holder": True, "targets": targets}]
    return Codebook.model_validate(
        {"name": "toy", "version": "1.0.0", "title": "Toy", "variable": variables}
    )


def article(name: str) -> tuple[Draft, list[Segment]]:
    """One of ``ARTICLES`` as a reader would give it, cut into its sentences."""
    paragraphs = ARTICLES[name]
    title = str(ABOUT[name].get("title", ""))
    segments, at = [], 0
    for number, sentences in enumerate(paragraphs):
        for sentence in sentences:
            part = "headline" if title and number == 0 else "lead" if number < 2 else "body"
            end = at + len(sentence)
            segments.append(Segment(start=at, end=end, paragraph=number, part=part))
            at = end + 1
        at += 1
    text = "\n\n".join(" ".join(sentences) for sentences in paragraphs)
    draft = Draft(
        text=text, file=f"{name}.txt", file_sha256="0" * 64, headline_end=len(title), **ABOUT[name]
    )
    return draft, segments


@pytest.fixture
def toy_units() -> dict[str, str]:
    """The id of each unit by its short name: ``talks0`` is the first unit of ``talks``."""
    return {
        f"{name}{index}": f"{draft.document_id}:{segment.start}-{segment.end}"
        for name in ARTICLES
        for draft, segments in [article(name)]
        for index, segment in enumerate(segments)
    }


@pytest.fixture
def empty_toy(tmp_path: Path) -> Iterator[Store]:
    """The toy project before anybody coded."""
    store = Store.create(tmp_path / "toy.annotator")
    settings.put(store, id="toy", title="Toy project", seed="1", sample="0", made_at=AT)
    codebooks.put_scheme(store, [(toy_codebook(), "")], AT)
    articles = [article(name) for name in ARTICLES]
    documents.add_documents(store, articles, segmenter="toy", draw=lambda unit: 0.5, at=AT)
    yield store
    store.close()


@pytest.fixture
def add_code() -> Callable[[Store, str], None]:
    """Put version 1.1.0 of the toy codebook in force, which has one more frame."""

    def add(store: Store, name: str) -> None:
        book = codebooks.current_scheme(store).codebooks[0].model_dump(mode="json")
        code = {"name": name, "title": name.capitalize(), "definition": "It came later."}
        book["version"] = "1.1.0"
        book["variable"][0]["code"].append(code)
        codebooks.put_scheme(store, [(Codebook.model_validate(book), "")], AT)

    return add


@pytest.fixture
def decide(toy_units: dict[str, str]) -> Callable[..., str]:
    """Record an event and give its uuid: ``decide(store, "ana", "talks0", "set", answers=[…])``.

    Each event is made one second after the one before, and numbered.
    """
    made = 0

    def record(store: Store, coder: str, unit: str, op: str = "set", **fields: Any) -> str:
        nonlocal made
        made += 1
        stated = {
            "uuid": f"00000000-0000-4000-8000-{made:012}",
            "op": op,
            "unit": toy_units[unit],
            "scheme": 1,
            "client_at": f"2026-01-05T09:{made // 60:02}:{made % 60:02}+00:00",
        }
        event = Event.model_validate(stated | fields)
        faults = events.record(store, [events.Told(coder, event, "2026-01-05T10:00:00+00:00")])
        assert faults == [None]
        return event.uuid

    return record


def frame(code: str, use: str = "asserted") -> dict[str, str]:
    return {"variable": "frame", "code": code, "use": use}


def stance(target: str, code: str, holder: str = "", **fields: Any) -> dict[str, Any]:
    return {"variable": "stance", "target": target, "code": code, "holder": holder, **fields}


def evidence(name: str, *words: str) -> list[tuple[int, int]]:
    """Where these words stand in the text of one of the ``ARTICLES``."""
    text = article(name)[0].text
    return [(text.index(one), text.index(one) + len(one)) for one in words]


def scored(code: str, score: float, *, above: bool, shown: bool) -> dict[str, Any]:
    return {"variable": "frame", "code": code, "score": score, "above": above, "shown": shown}


@pytest.fixture
def toy(empty_toy: Store, decide: Callable[..., str]) -> Store:
    """The toy project, coded as the table at the top of this file says."""
    suggestions = {
        "arm": "suggest",
        "model_id": "m1",
        "candidates": [
            scored("sovereignty", 0.91, above=True, shown=True),
            scored("security", 0.08, above=False, shown=False),
            scored("peace", 0.66, above=True, shown=True),
        ],
    }
    control = {
        "arm": "control",
        "model_id": "m1",
        "candidates": [scored("security", 0.6, above=True, shown=False)],
    }
    rests = {"spans": evidence("talks", "Norland", "to talk")}
    of_the_author = [frame("sovereignty") | rests, stance("norland", "favor")]
    said = {"spans": evidence("talks", "We rule here")}
    of_the_quoted = [
        frame("security", "rejected"),
        stance("norland", "favor", "Mira Osk", explicit="explicit", confidence=3, **said),
        stance("norland", "against", "Dan Rell", holder_type="expert", explicit="implied", **said),
    ]
    of_ben = [frame("peace"), stance("norland", "against"), stance("esmar", "neutral")]
    decide(empty_toy, "ana", "talks0", answers=of_the_author, seconds=4.25, **suggestions)
    decide(empty_toy, "ana", "talks1", answers=of_the_quoted, seconds=12.0625, **control)
    first = decide(empty_toy, "ana", "talks2", answers=[], flagged=True, seconds=2.0)
    decide(empty_toy, "ana", "talks3", "skip")
    decide(empty_toy, "ben", "talks0", "not_codable", memo='A teaser, "as ever".\nAsk Ria.')
    decide(empty_toy, "ben", "talks1", answers=of_ben)
    decide(empty_toy, "ben", "rain1", "memo", memo="come back to this")
    dove = {"spans": evidence("rain", "at last 🕊")}
    decide(empty_toy, "cem", "rain2", answers=[frame("peace") | dove], **{"pass": 2})
    decide(empty_toy, "ana", "talks2", "reveal", first=first, **suggestions)
    return empty_toy


def _reworded(project: Any) -> int:
    """Put a codebook in force that says otherwise what a road is; the number of its scheme."""
    old = codebooks.current_scheme(project.store).codebooks[0].model_dump(mode="json")
    old["variable"][0]["code"][1]["definition"] = "A road is built."
    book = Codebook.model_validate(old | {"version": "1.1.0"})
    return codebooks.put_scheme(project.store, [(book, "")], AT).id


@pytest.fixture(scope="session")
def _slips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the closed project that ``tests.checked`` makes."""
    from tests import checked

    folder = tmp_path_factory.mktemp("slips")
    checked.make(folder)
    return folder


@pytest.fixture
def slips(_slips: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A project with a model that learned from labels of which a few are wrong."""
    from tests import checked

    monkeypatch.setenv("ANNOTATOR_HOME", str(tmp_path / "home"))
    with checked.copied(_slips, tmp_path / "copy") as opened:
        yield opened


@pytest.fixture(scope="session")
def _two_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a closed project that was trained, coded further, and trained again."""
    from annotator.workflow import training
    from tests.small import code_units, codebook, named, small_project

    folder = tmp_path_factory.mktemp("two")
    said = "The border {0} is ours. The road {0} was shut. It rained on {0}."
    articles = [said.format(number) for number in range(20)]
    with small_project(folder, codebook("border", "road"), articles) as made:
        code_units(made, named("border", "road"), slice(45))
        training.train(made)
        # From here on, roads are no longer what they were.
        code_units(made, named("border"), slice(30, 60), scheme=_reworded(made))
        training.train(made, reason="automatic")
    return folder


@pytest.fixture
def two_models(_two_models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A project of sixty sentences in twenty articles with two models, the second in force.

    The first learned that a border and a road are named from ana's 45 first decisions; then she
    left the roads out in the last 30, decided anew on 15 of them, and the second learned from all.
    """
    from annotator.workflow import projects

    monkeypatch.setenv("ANNOTATOR_HOME", str(tmp_path / "home"))
    place = tmp_path / "two"
    shutil.copytree(_two_models, place, ignore=shutil.ignore_patterns("home"))
    project = projects.open_project(place / "p.annotator")
    yield project
    projects.close_project(project.path)
