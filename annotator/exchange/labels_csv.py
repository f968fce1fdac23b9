"""The long table: one row per decision, variable, target, holder and code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import NamedTuple, TextIO

from annotator.core.annotation import Answer, Status
from annotator.core.codebook import Scheme
from annotator.core.records import CodingRecord
from annotator.exchange.asked import Place, not_asked, places
from annotator.exchange.columns import coding_fields, unit_fields
from annotator.exchange.csv_text import END, quoting, seconds_text

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
_seat = coding_fields(COLUMNS[_AT["coder"] : _AT["sample_plan"]])
_NO_PLAN = ("", "")
_NO_SPANS = ",,,"
_NO_SUGGESTION = ","
STATUS_WITHOUT_CODE = {"coded": "none", "skipped": "skipped", "not_codable": "not_codable"}


class _Form(NamedTuple):
    """What a decision was asked and was not; each place with its codebook's part of the line."""

    asked: list[tuple[Place, str]]
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
    """What one row says of the answer, the place its score is found by, and of the codebook."""

    text: str
    scored: tuple[str, str, str] | None
    codebook: str


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

    def lines(self, coding: CodingRecord) -> list[str]:
        """All rows of one decision."""
        head = self._quote((coding.decision_id, *_unit(coding.unit), *_seat(coding), *_NO_PLAN))
        # The trailing empty field leaves the comma that the codebook's part begins after.
        model = self._quote((coding.model_id, ""))
        margin = self._margin(coding)
        return [
            f"{head},{answer},{_NO_SPANS},{margin},{suggestion},{model}{codebook}{END}"
            for answer, suggestion, codebook in self._rows(coding)
        ]

    def _rows(self, coding: CodingRecord) -> list[tuple[str, str, str]]:
        """For each row its parts about the answer, the suggestion and the codebook."""
        pieces = self._answered(coding.scheme, coding.asked, coding.status, coding.answers)
        given = {answer.code for answer in coding.answers}
        scores = coding.candidates.scores(given) if given else {}
        return [
            (text, _suggestion(scores.get(place)) if place else _NO_SUGGESTION, book)
            for text, place, book in pieces
        ]

    def _make_pieces(
        self,
        scheme: int,
        asked: tuple[str, ...] | None,
        status: Status,
        answers: tuple[Answer, ...],
    ) -> list[_Piece]:
        given: dict[tuple[str, str], list[Answer]] = {}
        for answer in answers:
            given.setdefault((answer.variable, answer.target), []).append(answer)
        form, without = self._form(scheme, asked), STATUS_WITHOUT_CODE[status]
        pieces = []
        for place, book in form.asked:
            for one in given.get(place[:2], ()):
                scored = (one.variable, one.target, one.code)
                pieces.append(_Piece(self._quote_answer(one), scored, book))
            if place[:2] not in given:
                pieces.append(_Piece(self._quote_without_code(place, without), None, book))
        for place, book in form.not_asked:
            pieces.append(_Piece(self._quote_without_code(place, "not_asked"), None, book))
        return pieces

    def _margin(self, coding: CodingRecord) -> str:
        seconds = seconds_text(coding.seconds)
        return self._quote((coding.memo, int(coding.flagged), coding.decided_at, seconds))

    def _quote_answer(self, answer: Answer) -> str:
        who = (answer.variable, answer.target, answer.holder, answer.holder_type)
        what = (answer.code, answer.use, "coded", answer.explicit, answer.confidence)
        return self._quote((*who, *what))

    def _quote_without_code(self, place: Place, status: str) -> str:
        return self._quote((place.variable, place.target, "", "", "", "", status, "", ""))

    def _make_form(self, scheme: int, put: tuple[str, ...] | None) -> _Form:
        asked = places(self._schemes[scheme], put)
        missing = not_asked(asked, self._current)
        return _Form(
            asked=[(place, self._quote((place.codebook, place.version))) for place in asked],
            not_asked=[(place, self._quote((place.codebook, place.version))) for place in missing],
        )


def _suggestion(scored: tuple[float, bool] | None) -> str:
    return _NO_SUGGESTION if scored is None else f"{int(scored[1])},{scored[0]!r}"
