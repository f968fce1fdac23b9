"""Measures of coding: what one coder feels at the desk, and what many ask of the server."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from bench import desk, saves, server
from bench.rows import LARGE, MILLION, SMALL, Bench, Row, p95

DECISIONS = 100
TYPED = 100
"""Sentences that are typed fast."""

PAINTED, DURABLE, ACKNOWLEDGED = 25, 10, 15
"""Milliseconds: to the next sentence, to the reply to one of 32 coders, and within a browser."""

CODERS, PACED, LOOP = 32, 30.0, 10.0  # seconds
LOOPS = (1, 8, 32)
RATE, CROWDED = 500, 120
"""Saves a second, and milliseconds of a save while the most sessions save."""

DAY, AS_FIRST = 10_000, 1.2


def painted(bench: Bench) -> Iterator[Row]:
    """A coder at the desk of a small and of a very large project."""
    for units in (SMALL, MILLION):
        found = desk.felt(bench.home, bench.copy(units, "painted"), DECISIONS).painted
        yield Row(
            f"key → next sentence painted, {units:,} units (n={len(found)})",
            f"p50 {statistics.median(found):.1f}, p95 {p95(found):.1f} ms",
            f"p95 ≤ {PAINTED} ms",
            p95(found) <= PAINTED and len(found) >= DECISIONS * 0.95,
            f"painted-{units}",
        )


def typed(bench: Bench) -> Iterator[Row]:
    """A coder who types faster than anybody reads."""
    for rate in (10, 30):
        found = desk.typed(bench.home, bench.copy(SMALL, f"typed-{rate}"), TYPED, rate)
        yield Row(
            f"{TYPED} sentences typed at {rate} keys a second (they came at {found.rate:.1f})",
            f"{found.right} of {TYPED} annotations right",
            "every one",
            found.right == TYPED,
            "typed",
        )


def paced(bench: Bench) -> Iterator[Row]:
    """Many coders at one save a second each."""
    place = bench.copy(LARGE, "paced")
    with server.served(bench.home, place) as port:
        load = saves.paced(place, port, CODERS, PACED)
    yield Row(
        f"durable save, {CODERS} coders at one a second for {PACED:.0f} s (n={len(load.seconds)})",
        f"p50 {load.quantile(0.5):.1f}, p95 {load.quantile(0.95):.1f} ms, {load.lost} lost",
        f"p95 ≤ {DURABLE} ms, none lost",
        load.quantile(0.95) <= DURABLE and not load.lost,
    )


def loop(bench: Bench) -> Iterator[Row]:
    """Saves one upon the other, in several sessions."""
    place = bench.copy(LARGE, "loop")
    with server.served(bench.home, place) as port:
        for sessions in LOOPS:
            load = saves.closed_loop(place, port, sessions, LOOP)
            slow, most = load.quantile(0.95), max(LOOPS)
            crowded = f", p95 ≤ {CROWDED} ms" if sessions == most else ""
            yield Row(
                f"saves a second, closed loop for {LOOP:.0f} s, "
                f"{sessions} {'session' if sessions == 1 else 'sessions'}",
                f"{load.rate:.0f} a second, p95 {slow:.1f} ms, {load.lost} lost",
                f"≥ {RATE}{crowded}, none lost",
                load.rate >= RATE and not load.lost and (slow <= CROWDED or sessions < most),
                f"loop-{sessions}",
            )


def long_day(bench: Bench) -> Iterator[Row]:
    """Ten thousand saves of one coder."""
    place = bench.copy(LARGE, "long-day")
    with server.served(bench.home, place) as port:
        first, last = saves.long_day(place, port, DAY)
    yield Row(
        f"save after {DAY:,} of the same coder, against another's first (medians of 500 in turns)",
        f"{last:.2f} ms against {first:.2f} ms: × {last / first:.2f}",
        f"× ≤ {AS_FIRST}",
        last <= AS_FIRST * first,
        "long-day",
    )


def acknowledged(bench: Bench) -> Iterator[Row]:
    """How soon the browser of one coder knows that a decision is kept."""
    for units in (SMALL, LARGE):
        found = desk.felt(bench.home, bench.copy(units, "acknowledged"), DECISIONS).durable
        yield Row(
            f"Enter → save on the disk and acknowledged, {units:,} units (n={len(found)})",
            f"p50 {statistics.median(found):.1f}, p95 {p95(found):.1f} ms",
            f"p95 ≤ {ACKNOWLEDGED} ms",
            p95(found) <= ACKNOWLEDGED and len(found) >= DECISIONS * 0.95,
        )
