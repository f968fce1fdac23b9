"""The long table: one row per decision, variable, target, holder and code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import NamedTuple, TextIO

from annotator.core.annotation import Answer, Span, Status
from annotator.core.codebook import Scheme
from annotator.core.records import CodingRecord, UnitRecord
from annotator.exchange.asked import Place, not_asked, of_codes, places
from annotator.exchange.columns import coding_fields, unit_fields
from annotator.exchange.csv_text import END, quoting, seconds_text
from annotator.exchange.spans_csv import text_at

_HEADER = (
    "decision_id,document_id,file,title,source,author,published,place,url,language,cluster_id,"
    "unit_id,unit_index,paragraph,part,start,end,text,voice,speaker,speaker_basis,"
    "speaker_confidence,coder,layer,round,pass,arm,sample_plan,inclusion_probability,variable,"
    "target,holder,holder_type,code,use,status,explicit,confidence,n_spans,span_start,span_end,"
    "span_text,memo,flagged,decided_at,seconds,suggestion_shown,suggestion_score,model_id,"
    "codebook,codebook_version"
)
COLUMNS = tuple(_HEADER.split(","))

_AT = {name: index for index, name in enumerate(COLUMNS)}
_unit = unit_fields(COLUMNS[_AT["document_id"] : _AT["coder"]])
_seat = coding_fields(COLUMNS[_AT["coder"] : _AT["variable"]])
_NO_CODE = ",,,"
_NO_SPANS = "0,,,"
_NO_SUGGESTION = ","
STATUS_WITHOUT_CODE = {"coded": "none", "skipped": "skipped", "not_codable": "not_codable"}


class _Asked(NamedTuple):
    """What decides on the form of a decision: its scheme, what of it was asked, and of what."""

    scheme: int
    asked: tuple[str, ...] | None
    card: bool


class _Form(NamedTuple):
    """What a decision was asked and was not; each place with its codebook's part of the line.

    Of the places ``of_codes`` single codes were asked: they are told, and the rest is not asked.
    """

    asked: list[tuple[Place, str]]
    of_codes: list[tuple[Place, str]]
    not_asked: list[tuple[Place, str]]


def write(
    codings: Iterable[CodingRecord], schemes: Mapping[int, Scheme], current: Scheme, out: TextIO
) -> int:
    """Write the table; the number of its rows."""
    table = _Table(schemes, current)
    out.write(_HEADER + END)
    rows = 0
    for coding in codings:
        lines = table.lines(coding)
        out.write("".join(lines))
        rows += len(lines)
    return rows


class _Piece(NamedTuple):
    """What one row says of the answer, its evidence, and of the codebook.

    ``scored`` is the place by which the code's score is found, None where there is no code.
    """

    text: str
    scored: tuple[str, str, str] | None
    spans: tuple[Span, ...]
    codebook: str


class _Answered(NamedTuple):
    """The rows of a decision, and the codes that were given in them."""

    pieces: list[_Piece]
    codes: set[str]


class _Table:
    """Makes the lines. Parts that come again from row to row are quoted once, which is what
    makes the export fast.
    """

    def __init__(self, schemes: Mapping[int, Scheme], current: Scheme) -> None:
        self._schemes = schemes
        self._current = current
        self._quote = quoting()
        # The same answers come again and again, those without a code most of all.
        self._answered = lru_cache(maxsize=10_000)(self._make_pieces)
        self._form = cache(self._make_form)
        # The trailing empty field leaves the comma that the codebook's part begins after.
        self._model = cache(lambda model_id: self._quote((model_id, "")))

    def lines(self, coding: CodingRecord) -> list[str]:
        """All rows of one decision."""
        head = self._quote((coding.decision_id, *_unit(coding.unit), *_seat(coding)))
        model, margin = self._model(coding.model_id), self._margin(coding)
        return [
            f"{head},{answer},{evidence},{margin},{suggestion},{model}{codebook}{END}"
            for answer, evidence, suggestion, codebook in self._rows(coding)
        ]

    def _rows(self, coding: CodingRecord) -> list[tuple[str, str, str, str]]:
        """For each row its parts about the answer, its evidence, the suggestion, the codebook."""
        asked = _Asked(coding.scheme, coding.asked, coding.unit.is_card)
        told = self._answered(asked, coding.status, coding.answers)
        scores = coding.candidates.scores(told.codes) if told.codes else {}
        rows = []
        for text, scored, spans, book in told.pieces:
            if scored is None:
                rows.append((text, _NO_CODE, _NO_SUGGESTION, book))
                continue
            evidence = self._evidence(spans, coding.unit) if spans else _NO_SPANS
            rows.append((text, evidence, _suggestion(scores.get(scored)), book))
        return rows

    def _evidence(self, spans: tuple[Span, ...], unit: UnitRecord) -> str:
        start, end = spans[0]
        return self._quote((len(spans), start, end, text_at(unit, start, end)))

    def _make_pieces(
        self,
        asked: _Asked,
        status: Status,
        answers: tuple[Answer, ...],
    ) -> _Answered:
        given: dict[tuple[str, str], list[Answer]] = {}
        for answer in answers:
            given.setdefault((answer.variable, answer.target), []).append(answer)
        form, without = self._form(asked), STATUS_WITHOUT_CODE[status]
        pieces = []
        for place, book in form.asked:
            for one in given.get(place[:2], ()):
                scored = (one.variable, one.target, one.code)
                pieces.append(_Piece(self._quote_answer(one), scored, one.spans, book))
            if place[:2] not in given:
                pieces.append(_Piece(self._quote_without_code(place, without), None, (), book))
        for place, book in form.of_codes:
            for one in given.get(place[:2], ()):
                scored = (one.variable, one.target, one.code)
                pieces.append(_Piece(self._quote_answer(one), scored, one.spans, book))
        for place, book in form.not_asked:
            pieces.append(_Piece(self._quote_without_code(place, "not_asked"), None, (), book))
        return _Answered(pieces, {answer.code for answer in answers})

    def _margin(self, coding: CodingRecord) -> str:
        seconds = seconds_text(coding.seconds)
        return self._quote((coding.memo, int(coding.flagged), coding.decided_at, seconds))

    def _quote_answer(self, answer: Answer) -> str:
        who = (answer.variable, answer.target, answer.holder, answer.holder_type)
        what = (answer.code, answer.use, "coded", answer.explicit, answer.confidence)
        return self._quote((*who, *what))

    def _quote_without_code(self, place: Place, status: str) -> str:
        return self._quote((place.variable, place.target, "", "", "", "", status, "", ""))

    def _make_form(self, put: _Asked) -> _Form:
        scheme = self._schemes[put.scheme]
        asked = places(scheme, put.asked)
        missing = not_asked(asked, self._current, card=put.card)
        told = (asked, of_codes(scheme, put.asked), missing)
        return _Form(
            *(
                [(place, self._quote((place.codebook, place.version))) for place in some]
                for some in told
            )
        )


def _suggestion(scored: tuple[float, bool] | None) -> str:
    return _NO_SUGGESTION if scored is None else f"{int(scored[1])},{scored[0]!r}"
