"""What each column of the exports holds, in one sentence, and where a record keeps it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import TypedDict

from annotator.core.records import CodingRecord, UnitRecord


class Described(TypedDict, total=False):
    """One column as the data dictionary tells it; the mapping only where a code made the column."""

    name: str
    description: str
    variable: str
    target: str
    holder: str
    code: str
    use: str


DESCRIPTIONS: dict[str, str] = {
    "decision_id": "The uuid of the saving event: the same for all that one press of Enter saved.",
    "first_decision_id": "The decision before the suggestions were revealed; the same as "
    "decision_id where the coder left it as it was.",
    "document_id": "The document: sixteen hex digits made of its text and origin.",
    "file": "The name of the file the document came from.",
    "title": "The document's title.",
    "source": "The outlet.",
    "author": "The byline.",
    "published": "Date of publication, ISO 8601, as exact as it is known: day, month or year.",
    "place": "The place in the dateline.",
    "url": "The document's address.",
    "language": "The document's language, ISO 639-1.",
    "cluster_id": "The documents that tell the same story: the id of the first; empty where none "
    "was found to be copied.",
    "unit_id": "The unit: document_id:start-end; of an article card, the whole text.",
    "unit_index": "The unit's place among the document's units, from 0; empty on an article card.",
    "paragraph": "The unit's paragraph in the document, from 0; empty on an article card.",
    "part": "Where the unit stands: headline, lead or body; document on an article card.",
    "start": "Where the unit begins in the document's text, in Unicode code points from 0.",
    "end": "Where the unit ends in the document's text, in code points, exclusive.",
    "text": "The unit's text; empty on an article card, where it would be the whole article.",
    "voice": "Who speaks: author, direct, indirect or mixed; empty where it is not known.",
    "speaker": "The speakers that are quoted, joined by '; ' in the order of the text.",
    "speaker_basis": "Who found the speaker: machine or coder.",
    "speaker_mode": "How the speaker was found; of several speakers, the weakest.",
    "speaker_confidence": "How sure the machine is of the speaker, 0 to 1.",
    "coder": "The person who decided.",
    "layer": "coder, or gold for the adjudicated answer.",
    "round": "The round of coding.",
    "pass": "1, or above 1 for a hidden repeat by the same coder.",
    "arm": "The experimental arm that the unit was coded in; copy where the decision was copied "
    "from the same sentence in another document and is not independent; check where a label that "
    "the model doubted was reviewed; bulk where suggestions were confirmed in a list; empty where "
    "there was none.",
    "sample_plan": "The sample plan that drew the unit: that which the coder worked through, else "
    "the only one that drew it; random-stream where a sentence of the random stream was decided "
    "through an order; empty where there is none.",
    "inclusion_probability": "The unit's probability of being drawn by that plan; for a plan "
    "that counts copies once, that of the story; for the random stream, the share of the corpus up "
    "to the furthest draw that the coder decided.",
    "variable": "The question of the codebook.",
    "target": "What the stance is toward; empty where the variable has no targets.",
    "holder": "Whose stance it is: a speaker by name, or empty for the author, or for the "
    "sentence's own voice where holders were not told apart.",
    "holder_type": "What kind of speaker the holder is: official, expert, civilian, military, "
    "organisation or outlet; empty for the author, and where it is not known.",
    "code": "The answer; empty where there is none, and the status says why.",
    "use": "asserted, or rejected where the frame is invoked to be denied; empty without a code.",
    "status": "coded; none: asked and left empty; skipped; not_codable; "
    "not_asked: the codebook in force at the decision did not ask it, or only single codes of it "
    "were confirmed.",
    "explicit": "explicit where the stance is said in so many words, implied where it is not; "
    "empty where it was not judged.",
    "confidence": "How sure the coder was: 1 unsure, 2 fairly sure, 3 sure; empty where they did "
    "not say.",
    "n_spans": "How many spans of evidence the coder marked for the code, 0 for none; empty "
    "without a code. The format spans has all of them.",
    "span_index": "The span's place among those of its answer, in the order of the text, from 0.",
    "span_start": "Where the span begins in the document's text, in code points from 0; in labels "
    "the first span of the answer.",
    "span_end": "Where that span ends, in code points, exclusive.",
    "span_text": "That span's words.",
    "memo": "The coder's written remark on the unit.",
    "flagged": "1 where the coder flagged the unit for discussion, else 0.",
    "decided_at": "When the decision was made, ISO 8601 with zone.",
    "seconds": "Seconds the coder spent on the unit, to the millisecond.",
    "suggestion_shown": "1 where the model's suggestion of this code was on the coder's screen, "
    "0 where it was kept from it; empty where the model had no score.",
    "suggestion_score": "The model's score of this code, 0 to 1.",
    "model_id": "The model whose scores the event recorded.",
    "codebook": "The codebook that asks the variable.",
    "codebook_version": "That codebook's version at the decision; "
    "for not_asked, the version now in force.",
    "scheme": "The number of the scheme in force at the decision; see schemes in this file.",
    "score": "The model's score of the code, 0 to 1.",
    "above_threshold": "1 where the score reached the code's threshold, else 0.",
    "shown": "1 where the suggestion was on the coder's screen, else 0.",
    "outcome": "accepted: shown, and the coder gave the code, asserted or rejected; "
    "typed: given without being shown; ignored: shown and not given; "
    "withheld: neither shown nor given.",
    "first": "1 where the coder gave the code, asserted or rejected, before the reveal, else 0.",
    "final": "1 where the decision that stands gives the code, asserted or rejected, else 0.",
    "annotated": "1 where anybody coded the unit, else 0.",
}

DECISION_STATUS = "What the coder did with the unit: coded, skipped or not_codable."
"""What ``status`` says where a row is a whole decision."""

NUMERIC = frozenset(
    (
        *("unit_index", "paragraph", "start", "end", "speaker_confidence", "pass"),
        *("inclusion_probability", "confidence", "n_spans", "span_start", "span_end"),
        *("flagged", "seconds", "suggestion_shown", "suggestion_score"),
    )
)
"""The columns of the long table that hold numbers, or 0 and 1."""

RENAMED = {"unit_index": "position", "pass": "pass_"}
"""The columns that a record keeps under another name."""


def described(names: Iterable[str]) -> list[Described]:
    """These columns with their descriptions."""
    return [Described(name=name, description=DESCRIPTIONS[name]) for name in names]


def unit_fields(names: Iterable[str]) -> Callable[[UnitRecord], tuple[object, ...]]:
    """A function that takes these columns from a unit."""
    return attrgetter(*(RENAMED.get(name, name) for name in names))


def coding_fields(names: Iterable[str]) -> Callable[[CodingRecord], tuple[object, ...]]:
    """A function that takes these columns from a coding."""
    return attrgetter(*(RENAMED.get(name, name) for name in names))
