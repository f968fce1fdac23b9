"""Measures of what is found in text: sentences, quotations, copies, and what somebody looks for."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from pathlib import Path

from bench import duplicates, quotations, searching, segmenting
from bench.rows import LARGE, MILLION, Bench, Row

MEGABYTE = 1_000_000
STORY = 5_000
"""Copies of one story."""

GOLD = Path(__file__).parents[1] / "tests" / "data" / "quotations"


def segmenting_(bench: Bench) -> Iterator[Row]:
    """Text to units, on one core."""
    speed = segmenting.articles(LARGE)
    yield Row(
        f"{speed.units:,} sentences of articles cut, one core",
        f"{speed.megabytes:.1f} MB/s",
        "≥ 8 MB/s",
        speed.megabytes >= 8,
        "segment",
    )
    speed = segmenting.rows(LARGE)
    yield Row(
        f"{speed.texts:,} documents of one sentence cut",
        f"{speed.microseconds:.1f} µs each",
        "≤ 15 µs",
        speed.microseconds <= 15,
    )
    growth, piece = segmenting.hostile()
    yield Row(
        f"a character of 200,000 to one of 50,000, the worst of {len(segmenting.HOSTILE)} texts",
        f"× {growth:.2f} ({piece!r})",
        "× ≤ 1.8",
        growth <= 1.8,
    )
    speed = segmenting.languages(10_000)
    yield Row(
        f"language of {speed.texts:,} sentences",
        f"{speed.microseconds:.1f} µs each",
        "≤ 60 µs",
        speed.microseconds <= 60,
    )


def quotations_(bench: Bench) -> Iterator[Row]:
    """Quotations and speakers: how many are right, and how fast they are found."""
    yield from _right("gold, dev half", quotations.read_gold(GOLD, "dev-"))
    yield from _right("gold, test half", quotations.read_gold(GOLD, "test-"))
    if bench.data and (bench.data / "gold.jsonl").is_file():
        yield from _right(bench.data.name, quotations.read_gold(bench.data))
    for name, quoted, bar in (
        ("a third of the sentences quoted", True, 2),
        ("nobody quoted", False, None),
    ):
        texts = quotations.articles_written(10 * MEGABYTE, quoted=quoted)
        speed = quotations.megabytes_a_second(texts)
        yield Row(
            f"quotations found in {len(texts):,} articles of 4,000 letters, {name}, one core",
            f"{speed:.1f} MB/s",
            f"≥ {bar} MB/s" if bar else "",
            speed >= bar if bar else None,
        )
    growth = quotations.growth(MEGABYTE // 4, 4)
    yield Row(
        "quotations of one article of 1 MB against one of a quarter",
        f"× {growth:.1f}",
        "× ≤ 5",
        growth <= 5,
    )


def _right(name: str, articles: list[quotations.Article]) -> Iterator[Row]:
    score = quotations.scored(articles)
    count, speakers = quotations.counted, score.speakers
    exact, kinds = count(score.exact), count(score.kinds)
    title = f"{name} ({len(articles)} articles)"
    yield Row(
        f"{title}: quotations whose two ends are right; and whose kind",
        f"{exact}; {kinds}",
        "≥ 97 %",
        exact.share >= 0.97,
    )
    yield Row(
        f"{title}: speakers of direct speech, precision and recall",
        f"{speakers.precision}; {speakers.recall}",
        "≥ 88 %, ≥ 78 %",
        speakers.precision.share >= 0.88 and speakers.recall.share >= 0.78,
    )
    modes = (
        f"{mode} {tally.correct}/{tally.attributed}/{tally.gold}"
        for mode, tally in sorted(score.modes.items())
    )
    yield Row(
        f"{title}: right, attributed and in the gold, by mode",
        ", ".join(modes),
    )
    yield Row(
        f"{title}: indirect speech found; its speakers right; found where none is",
        f"{count(score.indirect)}; {count(score.indirect_speakers)}; {score.indirect_extra}",
    )
    yield Row(
        f"{title}: sentences whose voice is right; whose voice and speakers are",
        f"{count(score.unit_voices)}; {count(score.unit_speakers)}",
    )


def duplicates_(bench: Bench) -> Iterator[Row]:
    """Copies of one story: how many are found, and how fast."""
    found = duplicates.large(LARGE)
    yield Row(
        f"{found.documents:,} articles grouped by story, {found.characters / 1e6:.0f} MB of text",
        f"{found.seconds:.1f} s ({found.signing:.1f} s of it signatures), "
        f"{found.documents / found.seconds:,.0f} a second, {found.megabytes:.0f} MB on top",
        "≤ 20 s",
        found.seconds <= 20,
    )
    yield Row(
        "of these: precision of pairs; copies found by how much they were edited",
        _recalled(found),
        "≥ 98 %; light 100 %, medium ≥ 92 %",
        found.precision >= 0.98 and found.recall["light"] == 1 and found.recall["medium"] >= 0.92,
    )
    found = duplicates.short(LARGE // 2)
    yield Row(
        f"{found.documents:,} documents of one to four sentences: precision; copies found",
        _recalled(found),
        "≥ 98 %; exact 100 %",
        found.precision >= 0.98 and found.recall["exact"] == 1,
    )
    crowd, alone = duplicates.crowd(STORY)
    times = crowd.seconds / alone.seconds
    yield Row(
        f"{crowd.documents:,} copies of one story against as many stories: time, copies found",
        f"× {times:.1f}, {crowd.recall['light']:.1%}",
        "× ≤ 3, 100 %",
        times <= 3 and crowd.recall["light"] == 1,
    )
    if bench.data:
        found = duplicates.given(bench.data)
        yield Row(
            f"{bench.data.name}: its texts with four edited copies each, {found.documents:,}",
            f"{_recalled(found)}; {found.documents / found.seconds:,.0f} a second",
        )


def _recalled(found: duplicates.Found) -> str:
    kinds = (
        f"{kind} {share:.1%} (offered besides {found.offered[kind]:.1%})"
        for kind, share in found.recall.items()
    )
    return f"{found.precision:.2%} of {found.pairs:,} pairs; {', '.join(kinds)}"


def search_(bench: Bench) -> Iterator[Row]:
    """The first page of what is looked for in a million units."""
    store = searching.project(bench.folder / "search.annotator", MILLION)
    found = searching.first_pages(store)
    slowest = max(found, key=lambda one: one.milliseconds)
    yield Row(
        f"first page of 50 from {MILLION:,} units, {len(found)} kinds of searches",
        f"median {statistics.median(one.milliseconds for one in found):.0f} ms, slowest "
        f"{slowest.milliseconds:.0f} ms ({slowest.shape})",
        "each ≤ 200 ms",
        slowest.milliseconds <= 200,
    )
    for name, kind in (
        ("hundredth pages", searching.hundredth_pages(store)),
        ("counts", searching.counts(store)),
        ("best first", searching.ranked(store)),
    ):
        middle = statistics.median(one.milliseconds for one in kind)
        ours = f"median {middle:.0f} ms, slowest {searching.slowest(kind, 1)}"
        yield Row(f"{name} of {len(kind)} kinds", ours)
