"""What the sample's two coders decided: it fits the articles, and looks like a team's work."""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from pathlib import Path

import pytest

from annotator import sample
from annotator.core.errors import TableError
from annotator.store import tables
from annotator.workflow import sample_codings

MIRA, TOMAS = "mira (sample)", "tomas (sample)"


@pytest.fixture(scope="module")
def told(built):
    return sample_codings.codings(built.store, sample.codings())


@pytest.fixture(scope="module")
def decided(built):
    """By unit, what each coder holds about it."""
    found = {}
    for coding in tables.codings(built.store):
        found.setdefault(coding.unit.unit_id, {})[coding.coder] = coding
    return found


@pytest.fixture(scope="module")
def pairs(decided):
    """What both coders coded, neither skipping it."""
    both = [two for two in decided.values() if len(two) == 2]
    coded = [two for two in both if {one.status for one in two.values()} == {"coded"}]
    return [(two[MIRA], two[TOMAS]) for two in coded]


@pytest.fixture
def tampered(tmp_path, built):
    """The fault that one changed cell of Mira's third row brings."""

    def fault(**cells: str) -> str:
        folder = tmp_path / "codings"
        shutil.copytree(sample.codings(), folder, dirs_exist_ok=True)
        file = folder / "mira.csv"
        with file.open(newline="", encoding="utf-8") as lines:
            rows = list(csv.DictReader(lines))
        rows[2] |= cells
        write(file, rows)
        with pytest.raises(TableError) as caught:
            sample_codings.codings(built.store, folder)
        return str(caught.value)

    return fault


def write(file: Path, rows: list[dict[str, str]]) -> None:
    with file.open("w", newline="", encoding="utf-8") as lines:
        table = csv.DictWriter(lines, list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def frames(coding, use: str = "asserted") -> set[str]:
    return {a.code for a in coding.answers if a.variable == "frame" and a.use == use}


def stance(coding, target: str) -> str:
    return next((answer.code for answer in coding.answers if answer.target == target), "")


def alpha(ratings: list[tuple[object, object]]) -> float:
    """Krippendorff's alpha of two coders, nominal, nothing missing."""
    values = Counter(value for pair in ratings for value in pair)
    pairs_of_values = values.total() * (values.total() - 1)
    alike = sum(n * (n - 1) for n in values.values())
    expected = 1 - alike / pairs_of_values
    observed = sum(one != other for one, other in ratings) / len(ratings)
    return 1 - observed / expected


def test_alpha_is_that_of_the_literature():
    """Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), section A."""
    meg = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    owen = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]

    assert alpha(list(zip(meg, owen, strict=True))) == pytest.approx(0.095, abs=0.0005)


def test_every_row_fits_its_sentence_and_is_in_the_project(told, built):
    rows = 0
    for file in sample.codings().glob("*.csv"):
        with file.open(newline="", encoding="utf-8") as lines:
            rows += len(list(csv.DictReader(lines)))
    decisions = [one for one in told if one.event.op not in {"memo", "flag"}]

    assert len(decisions) == rows
    assert Counter(one.coder for one in decisions).keys() == {MIRA, TOMAS}
    assert tables.coders(built.store) == [MIRA, TOMAS]


def test_about_170_sentences_are_decided_and_sixty_of_them_by_both(decided):
    both = [two for two in decided.values() if len(two) == 2]

    assert 140 <= len(decided) <= 180
    assert len(both) == 60
    assert len({two[MIRA].unit.document_id for two in both}) >= 5


def test_the_coders_reached_articles_of_every_outlet(decided):
    units = [next(iter(held.values())).unit for held in decided.values()]

    assert len({unit.document_id for unit in units}) >= 12
    assert {unit.source for unit in units} == {
        "Norrel Gazette",
        "Osten Courier",
        "Sedd Valley Post",
        "Velmar Wire",
    }


def test_they_worked_on_several_days_and_in_the_arms_of_a_project_without_a_model(decided):
    codings = [coding for held in decided.values() for coding in held.values()]

    assert len({coding.decided_at[:10] for coding in codings}) >= 4
    assert {coding.arm for coding in codings} == {"", "random"}
    assert {coding.model_id for coding in codings} == {""}


def test_they_skip_flag_remark_reject_undo_and_change_their_minds(told, decided):
    codings = [coding for held in decided.values() for coding in held.values()]
    statuses = Counter(coding.status for coding in codings)
    saves = Counter((one.coder, one.event.unit) for one in told if one.event.op == "set")

    assert statuses["skipped"] >= 2
    assert statuses["not_codable"] >= 1
    assert sum(coding.flagged for coding in codings) >= 2
    assert sum(bool(coding.memo) for coding in codings) >= 4
    assert sum(bool(frames(coding, "rejected")) for coding in codings) >= 20
    assert sum(one.event.op == "retract" for one in told) == 1
    assert max(saves.values()) == 2


def test_the_coders_agree_as_coders_do_and_not_more(pairs):
    codes = {code for pair in pairs for one in pair for code in frames(one)}
    pooled = [
        (code in frames(one), code in frames(other)) for one, other in pairs for code in codes
    ]
    toward_velmar = [(stance(one, "velmar"), stance(other, "velmar")) for one, other in pairs]

    assert 0.65 <= alpha(pooled) <= 0.9
    assert 0.6 <= alpha(toward_velmar) <= 0.9
    assert sum(frames(one) != frames(other) for one, other in pairs) >= 12


def test_codes_that_are_confused_in_life_are_confused_here(pairs):
    mixed = {
        frozenset((mine, theirs))
        for one, other in pairs
        for mine in frames(one) - frames(other)
        for theirs in frames(other) - frames(one)
    }

    assert frozenset(("sovereignty", "territorial-integrity")) in mixed


def test_the_same_files_make_the_same_events(told, built):
    again = sample_codings.codings(built.store, sample.codings())

    assert [one.event for one in again] == [one.event for one in told]
    assert len({one.event.uuid for one in told}) == len(told)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"sentence": "99"}, "there is no sentence '99' in an article"),
        ({"article": "velmar-wire/nothing"}, "in an article 'velmar-wire/nothing'"),
        ({"begins": "Five of our"}, "not 'Five of our'"),
        ({"begins": ""}, "not ''"),
        ({"status": "done"}, "status 'done' is none of coded, skipped"),
        ({"status": "undone"}, "there is no decision on this sentence to undo"),
        ({"frames": "war"}, "frame: the codebook has no code 'war'"),
        ({"velmar": "furious"}, "stance: the codebook has no code 'furious'"),
        ({"seconds": "long"}, "seconds 'long' is no number"),
        ({"seconds": "-1"}, "seconds"),
        ({"when": "Monday"}, "when 'Monday' is no time"),
        ({"when": "2021-06-07T08:12:30"}, "when '2021-06-07T08:12:30' is no time"),
        ({"when": "2021-06-01T08:00:00+00:00"}, "is earlier than the row above"),
    ],
)
def test_a_row_that_does_not_fit_is_named_by_file_and_line(tampered, cells, said):
    fault = tampered(**cells)

    assert fault.startswith("mira.csv: line 4: ")
    assert said in fault


def test_a_table_without_a_targets_column_is_refused(tmp_path, built):
    shutil.copytree(sample.codings(), tmp_path, dirs_exist_ok=True)
    file = tmp_path / "tomas.csv"
    file.write_text(file.read_text(encoding="utf-8").replace(",osten,", ",ostn,", 1), "utf-8")

    with pytest.raises(Exception, match=r"tomas\.csv: there is no column 'osten'"):
        sample_codings.codings(built.store, tmp_path)
