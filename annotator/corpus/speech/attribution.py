"""Who is behind each quotation: reporting clauses first, then what goes on from before."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from annotator.core.voice import Heard
from annotator.corpus.layout import Span
from annotator.corpus.speech import headline, indirect, phrases, questions
from annotator.corpus.speech.ahead import named_ahead
from annotator.corpus.speech.belonging import (
    is_borne,
    is_bracketed,
    is_few,
    is_named,
    is_title,
    is_weak,
    report_for,
    stands_alone,
    without_titles,
)
from annotator.corpus.speech.cast import Cast
from annotator.corpus.speech.found import Found
from annotator.corpus.speech.interview import labels
from annotator.corpus.speech.marks import Quoted, is_term
from annotator.corpus.speech.mention import Mention
from annotator.corpus.speech.recent import Subjects, Unread
from annotator.corpus.speech.report import ACCORDING, Report
from annotator.corpus.speech.reports import carrier, reports
from annotator.corpus.speech.somebody import Attributed, Somebody, Spoken
from annotator.corpus.speech.subjects import subject_of
from annotator.corpus.speech.tokens import QUOTE, Sentence, masked, parted, tokens
from annotator.corpus.speech.words import Words

WORD = re.compile(r"\w+")
SIGNED = re.compile(r"[—–\-]{1,2}\s*(?=[^\W\d_])")
SIGNED_MAX = 120
"""Characters of a paragraph that signs the quotation before it: "— Ada Lind, fish seller"."""


class Listener:
    """Reads one text from its beginning to its end, and remembers who spoke last."""

    def __init__(self, text: str, words: Words, quoted: Iterable[Sequence[Quoted]] = ()) -> None:
        self._text = text
        self._words = words
        self._cast = Cast(without_titles(text, quoted, words), words)
        self._found: list[Found] = []
        self._chain: Found | None = None
        self._chain_open = False
        self._colon = False
        self._begun = 0
        self._headings: set[int] = set()
        self._subjects = Subjects(words)

    def heard(self) -> Heard:
        """What was found so far."""
        found = sorted(self._found, key=lambda f: (f.start, -f.end))
        speakers = {f.who.name for f in found if f.who is not None}
        return Heard(tuple(f.quotation() for f in found), self._cast.persons(speakers))

    def read(self, paragraphs: Sequence[Span], quoted: Sequence[Sequence[Quoted]]) -> None:
        """Listen to a text, given its paragraphs and the quotations of each."""
        labelled = labels(self._text, paragraphs, quoted)
        for number, (span, here) in enumerate(zip(paragraphs, quoted, strict=True)):
            paragraph = self._text[span[0] : span[1]]
            if number in labelled:
                self._labelled(span, labelled[number])
            elif here or self._has_cue(paragraph):
                self._paragraph(span, here)
            elif SIGNED.match(paragraph) and len(paragraph) < SIGNED_MAX:
                self._sign(span)
            else:
                if headline.is_subhead(paragraph):
                    self._forget()
                else:
                    self._subjects.leave(span[0], paragraph)
                self._chain_open = False
                self._colon = paragraph.endswith(":")
            if number == 0 and headline.is_title(paragraph):
                self._forget()
        if paragraphs:
            headline.settle(self._text, paragraphs[0][1], self._found, self._headings)

    def _forget(self) -> None:
        """A headline leaves nobody who could go on speaking."""
        self._chain = None
        self._cast.forget_last()
        self._subjects.forget()

    def _has_cue(self, text: str) -> bool:
        return not self._words.starters.isdisjoint(WORD.findall(text.lower()))

    def _paragraph(self, span: Span, here: Sequence[Quoted]) -> None:
        paragraph = masked(self._text, span, here)
        self._begun = span[0]
        by_start = {quotation.start: quotation for quotation in here}
        spans = list(parted(paragraph, self._words))
        for number, (start, end) in enumerate(spans):
            sentence = paragraph[start:end]
            if QUOTE in sentence or self._has_cue(sentence):
                following = paragraph[slice(*spans[number + 1])] if number + 1 < len(spans) else ""
                part = tokens(sentence, span[0] + start, self._words)
                if part:
                    self._sentence(part, by_start, Unread(span[0] + end, following))
            else:
                self._subjects.leave(span[0] + start, sentence)
                self._chain_open = False
        self._colon = paragraph.endswith(":")

    def _sentence(self, part: Sentence, by_start: Mapping[int, Quoted], following: Unread) -> None:
        told = reports(part, self._words)
        has_quotes = any(token.sort == "quote" for token in part)
        if told and not has_quotes and self._said(part, told):
            return
        main = indirect.main(part, told, self._words)
        if main is not None and main.kinds is ACCORDING and has_quotes and told[0] is not main:
            main = None  # “…,” the boy said, according to the police
        first = main is not None and (not has_quotes or self._starts_with(part, main))
        if main is not None and first:
            self._indirect(part, main)
        for at, token in enumerate(part):
            if token.sort == "quote":
                self._quotation(by_start[token.start], part, at, told, following)
        if main is not None and not first:
            self._indirect(part, main)
        elif main is not None and has_quotes:
            self._resume(part)
        if main is None and not (told and has_quotes):
            self._subjects.note(part)
        elif main is not None and main.subject.form != "pronoun":
            self._subjects.note_owner(part, main.subject)
        if part[-1].sort != "quote" and not told:
            self._chain_open = False

    def _resume(self, part: Sentence) -> None:
        """Whose sentence it was speaks on, whoever is quoted in it."""
        told = next((f for f in reversed(self._found) if f.kind == "indirect"), None)
        if told is not None and told.who is not None and told.start >= part[0].start:
            self._chain = told
            self._cast.heard(told.who, told.start)

    @staticmethod
    def _starts_with(part: Sentence, report: Report) -> bool:
        return all(token.sort != "quote" for token in part[: report.at])

    def _meant(self, report: Report, part: Sentence) -> Attributed | None:
        at = part[report.at].start
        if report.subject.form in ("name", "organisation"):
            return self._cast.meant(report.subject, at)
        named = named_ahead(part, report, self._words)
        ahead = self._cast.fitting(report.subject.name, named) if named is not None else None
        if ahead is not None:
            return Attributed(ahead, "pronoun")
        return self._cast.meant(
            report.subject, at, self._subjects.before(part, report.subject.first)
        )

    # Quotations

    def _quotation(
        self,
        quoted: Quoted,
        part: Sentence,
        at: int,
        told: Sequence[Report],
        following: Unread,
    ) -> None:
        title = is_title(self._text, quoted, self._words)
        term = title or is_few(self._text, quoted, part, at, told, self._words)
        found = Found(quoted.start, quoted.end, "direct", flag=quoted.flag)
        inner = self._text[quoted.start : quoted.end]
        is_whole = len(part) == 1 and quoted.start == self._begun and not following.text
        if headline.is_heading(self._text, part, quoted, is_whole):
            self._headings.add(quoted.start)
            self._forget()
            self._keep_nobodys(found)
            return
        if is_borne(part, at, self._words):
            self._keep_nobodys(found)
            return
        if is_named(part, at, inner, title, self._words) or (
            (title or is_term(self._text, quoted.start, quoted.end))
            and is_bracketed(self._text, part, quoted)
        ):
            self._found.append(found._replace(kind="scare"))
            return
        report = report_for(part, at, told, term, self._words, title)
        of = part
        if report is None and at == len(part) - 1 and self._has_cue(following.text):
            of = tokens(following.text, following.offset, self._words)
            report = indirect.bare(of, reports(of, self._words), self._words)
        attributed = self._meant(report, of) if report is not None else None
        if report is not None and attributed is not None and report.last < at and of is part:
            person = self._told_by(attributed, part, at, told)
            report, attributed = person or (report, attributed)
        if report is not None and is_weak(report, self._words):
            self._keep_nobodys(found)
        elif report is not None and attributed is not None:
            source = report.source or carrier(of, self._words)
            self._keep(found.by(attributed, report.cue, source))
        elif report is None and term and not stands_alone(part, quoted):
            self._found.append(found._replace(kind="scare"))
        else:
            self._keep(self._carried(found, part, at, report))

    def _told_by(
        self, body: Attributed, part: Sentence, at: int, told: Sequence[Report]
    ) -> tuple[Report, Attributed] | None:
        """Who says what a body is reported with: "Norrel urged “a truce”, according to Lind"."""
        report = next((r for r in told if r.kinds is ACCORDING and r.first > at), None)
        if report is None or not self._cast.is_body(body.who):
            return None
        attributed = self._meant(report, part)
        if attributed is None or not self._cast.is_named_person(attributed.who):
            return None
        return report, attributed

    def _keep(self, found: Found) -> None:
        self._found.append(found)
        self._chain = found
        self._chain_open = True
        if found.who is not None:
            self._cast.heard(found.who, found.start)
            self._subjects.spoken()

    def _keep_nobodys(self, found: Found) -> None:
        """A quotation that nobody says, and that nobody goes on from."""
        self._found.append(found)
        self._chain_open = False

    def _carried(self, found: Found, part: Sentence, at: int, report: Report | None) -> Found:
        """Who goes on speaking in a quotation without a verb of its own."""
        chain = self._chain
        if found.flag != "continued" and questions.answers(self._text, found.start):
            asked = questions.asked(self._text, found.start, self._words)
            who = self._cast.subject(asked) or self._cast.last
            if who is not None:
                return found.by(Attributed(who, "chain", sure=False))
        if report is None and at and found.flag != "continued":
            own = self._own_subject(part, at)
            if own is not None:
                return found.by(Attributed(own, "chain", sure=False))
        if chain is not None and chain.who is not None and report is None:
            going_on = Attributed(chain.who, "chain", chain.sure)
            if found.flag == "continued" or self._chain_open:
                return found.by(going_on, source=chain.source)
        if self._colon and at == 0 and self._cast.last is not None:
            return found.by(Attributed(self._cast.last, "chain"))
        if report is None and not (self._chain_open and chain is not None):
            subject = self._cast.subject(self._subjects.before(part, 0)[-1:])
            if subject is not None:
                return found.by(Attributed(subject, "chain", sure=False))
            if chain is not None and chain.who is not None and chain.start >= self._begun:
                return found.by(Attributed(chain.who, "chain", sure=False), source=chain.source)
        return found

    def _own_subject(self, part: Sentence, at: int) -> Somebody | None:
        """Who a sentence is about that has a quotation in it, and no verb of saying."""
        first = WORD.search(self._text, part[at].start, part[at].end)
        if first is not None and first[0] in self._words.finite:
            return None  # Lind “has gone too far”
        own = subject_of(part, self._words)
        if own is None or own.form != "name" or own.last >= at:
            return None
        return self._cast.subject([Spoken(part[0].start, own)])

    # Indirect speech

    def _indirect(self, part: Sentence, report: Report) -> None:
        attributed = self._meant(report, part)
        if attributed is None:
            return
        start, end = indirect.extent(part, report)
        source = report.source or carrier(part, self._words)
        found = Found(start, end, "indirect").by(attributed, report.cue, source)
        self._keep(found)

    # Labels, signatures, headlines

    def _labelled(self, span: Span, label: str) -> None:
        """A paragraph of an interview: all of it is what the one said whose name it begins with."""
        start = span[0] + self._text[span[0] : span[1]].index(":") + 1
        start += len(self._text[start : span[1]]) - len(self._text[start : span[1]].lstrip())
        attributed = self._cast.meant(Mention("name", label, 0, 0), span[0])
        if attributed is not None:
            self._keep(Found(start, span[1], "direct").by(attributed))

    def _said(self, part: Sentence, told: Sequence[Report]) -> bool:
        """ "Said Ada Lind, the mayor." behind what she said, or before it with a colon."""
        opens = told[0].inverted and not told[0].at
        before = self._found[-1] if self._found else None
        follows = before is not None and not self._text[before.end : part[0].start].strip()
        report = told[0] if opens else indirect.bare(part, told, self._words)
        if report is None or not (opens or follows):
            return False
        if before is not None and before.start in self._headings:
            return False
        is_open = before is not None and follows and self._is_open(before)
        attributed = self._meant(report, part)
        if attributed is None or not (opens or is_open):
            return False
        self._cast.heard(attributed.who, part[0].start)
        if before is not None and is_open and part[-1].text != ":" and before.kind == "direct":
            self._found[-1] = self._chain = before.by(attributed, report.cue)
        return True

    def _is_open(self, found: Found) -> bool:
        """Whether nobody was found for a quotation, or only who goes on over a paragraph's end."""
        opens = self._text[max(0, found.start - 1) : found.start] in ("", "\n")
        return not found.mode or (found.mode == "chain" and opens and found.flag != "continued")

    def _sign(self, span: Span) -> None:
        """ "— Ada Lind, fish seller" in a paragraph of its own, below what she said."""
        opened = SIGNED.match(self._text, *span)
        start = opened.end() if opened else span[0]
        mention = phrases.after(
            tokens(self._text[start : span[1]], start, self._words), 0, self._words
        )
        if mention is None or mention.form != "name":
            return
        attributed = self._cast.meant(mention, start)
        if attributed is None:
            return
        for number in range(len(self._found) - 1, -1, -1):
            found = self._found[number]
            if found.who is not None or found.kind != "direct":
                break
            mode = attributed.mode if number == len(self._found) - 1 else "chain"
            self._found[number] = found.by(attributed._replace(mode=mode), "—")
            self._cast.heard(attributed.who, found.start)
