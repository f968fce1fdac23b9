"""`python -m bench [--markdown] [--data DIR] [NAME …]`: measure; print ours, bar and peers.

The peers' figures were measured once, on the machine that `bench/peers.toml` names, with their
releases of that day; ours are measured now. Each measure can be named alone. `--data` is a folder
that `quotations` (a gold, see `bench/quotations.py`) and `duplicates` (text files) measure as well,
and that `suggestions` cannot do without (labelled sets, see `bench/suggestion_data.py`).
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from rich.console import Console

from annotator.workflow import projects as annotator_projects
from bench import (
    bulk,
    desk,
    duplicates,
    machine,
    projects,
    quotations,
    ranking,
    reasons,
    saves,
    searching,
    segmenting,
    server,
    suggestion_data,
    suggestion_speed,
    suggestions,
    training_desk,
)
from bench.table import MARK, markdown, table

SMALL, LARGE, MILLION = 1_000, 100_000, 1_000_000
DECISIONS = 100
LOOP = 10.0  # seconds
PACED = 30.0
STARTS = 5
FEW, MANY = 5_000, 50_000
MEGABYTE = 1_000_000
GOLD = Path(__file__).parents[1] / "tests" / "data" / "quotations"

MARKDOWN = "--markdown"
DATA = "--data"
HEADS = ("measure", "annotator", "must reach", "", "peers")


class Row(NamedTuple):
    """One line of the table; ``met`` is None where there is no bar to reach."""

    measure: str
    ours: str
    bar: str
    met: bool | None
    peers: str = ""


class Bench:
    """The projects that measures share, each made when it is first asked for."""

    def __init__(self, folder: Path, data: Path | None = None) -> None:
        self.folder = folder
        self.data = data
        self.home = folder / "home"
        self.peers = tomllib.loads((Path(__file__).with_name("peers.toml")).read_text("utf-8"))

    def project(self, units: int) -> Path:
        """A project of that size."""
        place = self.folder / f"bench-{units}.annotator"
        if not place.is_file():
            projects.project(place, units).store.close()
            annotator_projects.close_project(place)
        return place

    def row(self, key: str, measure: str, ours: str, bar: str, met: bool | None) -> Row:
        """A line with the peers' figures of that key."""
        return Row(measure, ours, bar, met, self.peers["figures"].get(key, ""))


def felt(bench: Bench) -> Iterator[Row]:
    """A coder at the desk."""
    for units in (SMALL, LARGE):
        found = desk.felt(bench.home, bench.project(units), DECISIONS)
        for key, name, values, most in (
            ("painted", "Enter → next sentence painted", found.painted, 25),
            ("durable", "Enter → save on the disk and acknowledged", found.durable, 15),
        ):
            p50, p95 = statistics.median(values), _p95(values)
            yield bench.row(
                f"{key}-{units}",
                f"{name}, {units:,} units (n={len(values)})",
                f"p50 {p50:.1f}, p95 {p95:.1f} ms",
                f"p95 ≤ {most} ms",
                p95 <= most and len(values) >= DECISIONS * 0.95,
            )


def training_desk_(bench: Bench) -> Iterator[Row]:
    """A coder at the desk of a project that learns all the while."""
    place = bench.folder / "learning.annotator"
    found = training_desk.felt(bench.home, place, LARGE, DECISIONS)
    p95 = _p95(found.busy)
    yield bench.row(
        "training-desk",
        f"Enter → next sentence painted, {LARGE:,} units, {training_desk.LABELS:,} labels, "
        f"{found.trainings} trainings one after another (n={len(found.busy)})",
        f"p50 {statistics.median(found.busy):.1f}, p95 {p95:.1f} ms; without "
        f"p50 {statistics.median(found.quiet):.1f}, p95 {_p95(found.quiet):.1f} ms",
        "p95 ≤ 25 ms",
        p95 <= 25 and len(found.busy) >= DECISIONS * 0.95,
    )


def _p95(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]


def team(bench: Bench) -> Iterator[Row]:
    """32 coders at one save a second, then as fast as they can."""
    place = bench.project(LARGE)
    with server.served(bench.home, place) as port:
        load = saves.paced(place, port, 32, PACED)
        yield bench.row(
            "paced",
            f"32 coders at one save a second for {PACED:.0f} s (n={len(load.seconds)})",
            f"p50 {load.quantile(0.5):.1f}, p95 {load.quantile(0.95):.1f} ms, {load.lost} lost",
            "p95 ≤ 15 ms, none lost",
            load.quantile(0.95) <= 15 and not load.lost,
        )
        for sessions in (1, 8, 32):
            load = saves.closed_loop(place, port, sessions, LOOP)
            yield bench.row(
                f"loop-{sessions}",
                f"closed loop, {sessions} sessions for {LOOP:.0f} s",
                f"{load.rate:.0f} saves/s, p95 {load.quantile(0.95):.1f} ms, {load.lost} lost",
                "≥ 500 saves/s, none lost",
                load.rate >= 500 and not load.lost,
            )


def long_day(bench: Bench) -> Iterator[Row]:
    """Ten thousand saves of one coder."""
    place = bench.project(LARGE)
    with server.served(bench.home, place) as port:
        first, last = saves.long_day(place, port, 10_000)
    yield bench.row(
        "long-day",
        "save number 10,000 of one coder against the first of another (medians of 500 in turns)",
        f"{last:.2f} ms against {first:.2f} ms: × {last / first:.2f}",
        "× ≤ 1.2",
        last <= 1.2 * first,
    )


def import_(bench: Bench) -> Iterator[Row]:
    """Articles in: from one table, from text files, and how much memory many files take."""
    folder = bench.folder
    cases = (
        ("one CSV of 100,000 rows, each a unit", 5, ("--unit", "row"),
         projects.table(folder / "rows.csv", LARGE, per_row=1)),
        ("one CSV of 5,000 articles", 5, (),
         projects.table(folder / "articles.csv", LARGE, per_row=projects.ARTICLE)),
        ("5,000 text files", 20, (), projects.articles(folder / "articles", LARGE)),
    )  # fmt: skip
    for name, bar, words, place in cases:
        took = _imported(bench, place, *words)
        units = len(saves.units_of(bench.folder / f"{place.name}.annotator"))
        yield bench.row(
            "import",
            f"import of {units:,} sentences from {name}",
            f"{took.seconds:.1f} s, {took.megabytes:.0f} MB at most",
            f"≤ {bar} s, < 600 MB",
            took.seconds <= bar and took.megabytes < 600,
        )
    few, many = (
        _imported(bench, projects.one_sentence_files(folder / f"notes-{number}", number))
        for number in (FEW, MANY)
    )
    yield bench.row(
        "tiny-files",
        f"memory of importing {MANY:,} files of one sentence, against {FEW:,}",
        f"{many.megabytes:.0f} MB against {few.megabytes:.0f} MB, in {many.seconds:.0f} s",
        "× ≤ 1.5, < 600 MB",
        many.megabytes <= 1.5 * few.megabytes and many.megabytes < 600,
    )


def _imported(bench: Bench, place: Path, *words: str) -> bulk.Imported:
    project = bench.folder / f"{place.name}.annotator"
    projects.empty(project)
    annotator_projects.close_project(project)
    return bulk.imported(bench.home, project, place, *words)


def segmenting_(bench: Bench) -> Iterator[Row]:
    """Text to units, on one core."""
    speed = segmenting.articles(LARGE)
    yield bench.row(
        "segment",
        f"{speed.units:,} sentences of articles cut, one core",
        f"{speed.megabytes:.1f} MB/s",
        "≥ 8 MB/s",
        speed.megabytes >= 8,
    )
    speed = segmenting.rows(LARGE)
    yield bench.row(
        "segment-rows",
        f"{speed.texts:,} documents of one sentence cut",
        f"{speed.microseconds:.1f} µs each",
        "≤ 15 µs",
        speed.microseconds <= 15,
    )
    growth, piece = segmenting.hostile()
    yield bench.row(
        "segment-hostile",
        f"a character of 200,000 to one of 50,000, the worst of {len(segmenting.HOSTILE)} texts",
        f"× {growth:.2f} ({piece!r})",
        "× ≤ 1.8",
        growth <= 1.8,
    )
    speed = segmenting.languages(10_000)
    yield bench.row(
        "language",
        f"language of {speed.texts:,} sentences",
        f"{speed.microseconds:.1f} µs each",
        "≤ 60 µs",
        speed.microseconds <= 60,
    )


def quotations_(bench: Bench) -> Iterator[Row]:
    """Quotations and speakers: how many are right, and how fast they are found."""
    yield from _right(bench, "gold, dev half", quotations.read_gold(GOLD, "dev-"))
    yield from _right(bench, "gold, test half", quotations.read_gold(GOLD, "test-"))
    if bench.data and (bench.data / "gold.jsonl").is_file():
        yield from _right(bench, bench.data.name, quotations.read_gold(bench.data))
    for name, quoted, bar in (
        ("a third of the sentences quoted", True, 2),
        ("nobody quoted", False, None),
    ):
        texts = quotations.articles_written(10 * MEGABYTE, quoted=quoted)
        speed = quotations.megabytes_a_second(texts)
        yield bench.row(
            "quotations-speed",
            f"quotations found in {len(texts):,} articles of 4,000 letters, {name}, one core",
            f"{speed:.1f} MB/s",
            f"≥ {bar} MB/s" if bar else "",
            speed >= bar if bar else None,
        )
    growth = quotations.growth(MEGABYTE // 4, 4)
    yield bench.row(
        "quotations-growth",
        "quotations of one article of 1 MB against one of a quarter",
        f"× {growth:.1f}",
        "× ≤ 5",
        growth <= 5,
    )


def _right(bench: Bench, name: str, articles: list[quotations.Article]) -> Iterator[Row]:
    score = quotations.scored(articles)
    count, speakers = quotations.counted, score.speakers
    exact, kinds = count(score.exact), count(score.kinds)
    title = f"{name} ({len(articles)} articles)"
    yield bench.row(
        "quotations-spans",
        f"{title}: quotations whose two ends are right; and whose kind",
        f"{exact}; {kinds}",
        "≥ 97 %",
        exact.share >= 0.97,
    )
    yield bench.row(
        "quotations-speakers",
        f"{title}: speakers of direct speech, precision and recall",
        f"{speakers.precision}; {speakers.recall}",
        "≥ 88 %, ≥ 78 %",
        speakers.precision.share >= 0.88 and speakers.recall.share >= 0.78,
    )
    modes = (
        f"{mode} {tally.correct}/{tally.attributed}/{tally.gold}"
        for mode, tally in sorted(score.modes.items())
    )
    yield bench.row(
        "quotations-modes",
        f"{title}: right, attributed and in the gold, by mode",
        ", ".join(modes),
        "",
        None,
    )
    yield bench.row(
        "quotations-indirect",
        f"{title}: indirect speech found; its speakers right; found where none is",
        f"{count(score.indirect)}; {count(score.indirect_speakers)}; {score.indirect_extra}",
        "",
        None,
    )
    yield bench.row(
        "quotations-units",
        f"{title}: sentences whose voice is right; whose voice and speakers are",
        f"{count(score.unit_voices)}; {count(score.unit_speakers)}",
        "",
        None,
    )


def duplicates_(bench: Bench) -> Iterator[Row]:
    """Copies of one story: how many are found, and how fast."""
    found = duplicates.large(LARGE)
    yield bench.row(
        "duplicates",
        f"{found.documents:,} articles grouped by story, {found.characters / 1e6:.0f} MB of text",
        f"{found.seconds:.1f} s ({found.signing:.1f} s of it signatures), "
        f"{found.documents / found.seconds:,.0f} a second, {found.megabytes:.0f} MB on top",
        "≤ 20 s",
        found.seconds <= 20,
    )
    yield bench.row(
        "duplicates-right",
        "of these: precision of pairs; copies found by how much they were edited",
        _recalled(found),
        "≥ 98 %; light 100 %, medium ≥ 92 %",
        found.precision >= 0.98 and found.recall["light"] == 1 and found.recall["medium"] >= 0.92,
    )
    found = duplicates.short(LARGE // 2)
    yield bench.row(
        "duplicates-short",
        f"{found.documents:,} documents of one to four sentences: precision; copies found",
        _recalled(found),
        "≥ 98 %; exact 100 %",
        found.precision >= 0.98 and found.recall["exact"] == 1,
    )
    crowd, alone = duplicates.crowd(FEW)
    times = crowd.seconds / alone.seconds
    yield bench.row(
        "duplicates-crowd",
        f"{crowd.documents:,} copies of one story against as many stories: time, copies found",
        f"× {times:.1f}, {crowd.recall['light']:.1%}",
        "× ≤ 3, 100 %",
        times <= 3 and crowd.recall["light"] == 1,
    )
    if bench.data:
        found = duplicates.given(bench.data)
        yield bench.row(
            "duplicates-given",
            f"{bench.data.name}: its texts with four edited copies each, {found.documents:,}",
            f"{_recalled(found)}; {found.documents / found.seconds:,.0f} a second",
            "",
            None,
        )


def _recalled(found: duplicates.Found) -> str:
    kinds = (
        f"{kind} {share:.1%} (offered besides {found.offered[kind]:.1%})"
        for kind, share in found.recall.items()
    )
    return f"{found.precision:.2%} of {found.pairs:,} pairs; {', '.join(kinds)}"


def export(bench: Bench) -> Iterator[Row]:
    """Labels out."""
    made = projects.project(bench.folder / "export.annotator", 10_500)
    projects.annotate(made, 10_000)
    seconds, size = bulk.exported(made)
    yield bench.row(
        "export",
        f"export of 10,000 coded units, every column ({size / 1e6:.0f} MB)",
        f"{seconds:.2f} s",
        "≤ 0.5 s",
        seconds <= 0.5,
    )


def start(bench: Bench) -> Iterator[Row]:
    """From nothing to a sentence on the screen."""
    cases = [("the sample, built at this start", [])]
    cases += [(f"{n:,} units", [str(bench.project(n))]) for n in (SMALL, LARGE)]
    for name, words in cases:
        taken = []
        for number in range(STARTS + 1):
            home = bench.folder / f"start-{len(words)}-{number}"
            taken.append(desk.usable(home, *words))
        middle = statistics.median(taken[1:])  # the first warms the disk cache
        yield bench.row(
            "start",
            f"process start → sentence on the screen, {name} (n={STARTS})",
            f"{middle:.2f} s ({min(taken[1:]):.2f}–{max(taken[1:]):.2f})",
            "≤ 3 s",
            middle <= 3,
        )


def search_(bench: Bench) -> Iterator[Row]:
    """The first page of what is looked for in a million units."""
    store = searching.project(bench.folder / "search.annotator", MILLION)
    found = searching.first_pages(store)
    slowest = max(found, key=lambda one: one.milliseconds)
    yield bench.row(
        "search",
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
        yield bench.row("search", f"{name} of {len(kind)} kinds", ours, "", None)


def suggestions_(bench: Bench) -> Iterator[Row]:
    """Suggested codes: how many are right, in every labelled set of the folder."""
    sets = suggestion_data.read_sets(bench.data) if bench.data else []
    if not sets:
        what = f"suggestions are measured on labelled sets; name their folder after {DATA}"
        yield bench.row("suggestions", what, "", "", None)
    for one in sets:
        for labels in suggestion_data.sizes(one, suggestions.SEEDS):
            for line in suggestions.measured(one, labels, seeds=suggestions.SEEDS):
                yield from _suggested(bench, line)


def _suggested(bench: Bench, line: suggestions.Line) -> Iterator[Row]:
    title = f"{line.name}, {line.size} labels"
    row = bench.row(
        "suggestions",
        f"{title}: macro-F1, {line.decision}",
        line.figure("annotator"),
        "" if line.bar is None else f"≥ {line.bar:.3f}",
        line.met,
    )
    yield row._replace(
        peers=", ".join(f"{name} {line.figure(name)}" for name in suggestions.BASELINES)
    )
    if line.errors:
        yield bench.row(
            "suggestions-calibration",
            f"{title}: calibration error of codes with 100 positives",
            str(line.errors),
            f"≤ {suggestions.MOST_ERROR}",
            line.calibrated,
        )


def suggestions_speed(bench: Bench) -> Iterator[Row]:
    """Suggested codes: how long learning and scoring take."""
    seconds = suggestion_speed.retrained()
    yield bench.row(
        "suggestions-training",
        f"learning {suggestion_speed.CODES} codes from {suggestion_speed.LEARNED:,} labels of "
        "known units, CPU",
        f"{seconds:.1f} s",
        "≤ 5 s",
        seconds <= 5,
    )
    new, again = suggestion_speed.scored()
    for name, timed, bar in (
        ("new text scored, one core", new, 3),
        ("known units scored after a training, one core", again, 15),
    ):
        yield bench.row(
            "suggestions-scoring",
            f"{name}: {timed.about}",
            f"{timed.ours:.1f} s against {timed.other:.1f} s of bare scikit-learn: "
            f"× {timed.times:.1f}",
            f"× ≥ {bar}",
            timed.times >= bar,
        )
    timed = suggestion_speed.shared(bench.folder, bench.home)
    yield bench.row(
        "suggestions-workers",
        f"`annotator suggest` with two workers: {timed.about}",
        f"{timed.ours:.1f} s against {timed.other:.1f} s with one: × {timed.times:.2f}",
        "× ≥ 1.7",
        timed.times >= 1.7,
    )


def reasons_(bench: Bench) -> Iterator[Row]:
    """Why a code is suggested: how long the answer takes."""
    found = reasons.waits(bench.home, bench.folder / "reasons.annotator")
    for name, values, most in (
        ("asked again", found.warm, 50),
        ("asked after somebody's save", found.after_saves, 50),
        ("asked first of a server", found.cold, 300),
    ):
        p50, p95 = statistics.median(values), _p95(values)
        yield bench.row(
            "reasons",
            f"reasons and precedents of a suggestion, {reasons.CODED:,} coded units, {name} "
            f"(n={len(values)})",
            f"p50 {p50:.1f}, p95 {p95:.1f} ms",
            f"p95 ≤ {most} ms",
            p95 <= most,
        )


def ranking_(bench: Bench) -> Iterator[Row]:
    """What comes next, after a training."""
    found = ranking.measured(bench.project(MILLION))
    name, slowest = max(found.again.items(), key=lambda one: one[1])
    yield bench.row(
        "ranking",
        f"{MILLION:,} units ranked anew after new scores, {ranking.CODES} codes, the slowest of"
        f" {len(found.again)} orders",
        f"{slowest:.2f} s ({name}); first reading {found.first:.1f} s",
        "≤ 1 s",
        slowest <= 1,
    )
    yield bench.row(
        "ranking-walk",
        f"next {ranking.WANTED} units behind {ranking.DECIDED:,} decided",
        f"{1000 * found.walk:.0f} ms",
        "≤ 30 ms",
        found.walk <= 0.03,
    )


MEASURES: dict[str, Callable[[Bench], Iterator[Row]]] = {
    "felt": felt,
    "training-desk": training_desk_,
    "team": team,
    "long-day": long_day,
    "import": import_,
    "segmenting": segmenting_,
    "quotations": quotations_,
    "duplicates": duplicates_,
    "search": search_,
    "suggestions": suggestions_,
    "suggestions-speed": suggestions_speed,
    "reasons": reasons_,
    "ranking": ranking_,
    "export": export,
    "start": start,
}


def main(words: list[str]) -> int:
    """Measure what is named, or everything; 1 where a bar was missed."""
    console = Console(width=None if sys.stdout.isatty() else 200)
    data, words = _taken(words)
    if data and not data.is_dir():
        console.print(f"{data} is no folder; {DATA} wants the folder of texts or of a gold")
        return 2
    as_markdown, names = MARKDOWN in words, [word for word in words if word != MARKDOWN]
    if unknown := set(names) - set(MEASURES):
        console.print(f"no measure {', '.join(unknown)}; there are: {', '.join(MEASURES)}")
        return 2
    about = machine.described()
    console.print(about)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), data)
        for name in names or MEASURES:
            for row in MEASURES[name](bench):
                rows.append(row)
                console.print(f"  {row.measure}: {row.ours} {MARK[row.met]}")
        for path in Path(folder).glob("*.annotator"):
            annotator_projects.close_project(path)
    peers = f"Peers: {bench.peers['about']}"
    cells = map(_cells, rows)
    if as_markdown:
        sys.stdout.write("\n".join([f"{about}.", "", *markdown(HEADS, cells), "", peers, ""]))
    else:
        console.print(table(HEADS, cells))
        console.print(peers)
    return int(any(row.met is False for row in rows))


def _taken(words: list[str]) -> tuple[Path | None, list[str]]:
    """The folder after ``--data``, and the other words."""
    if DATA not in words:
        return None, words
    at = words.index(DATA)
    return Path(next(iter(words[at + 1 :]), "nothing")), words[:at] + words[at + 2 :]


def _cells(row: Row) -> tuple[str, ...]:
    return (row.measure, row.ours, row.bar, MARK[row.met], row.peers)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
