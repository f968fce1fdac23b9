"""The command line: results on stdout, faults as one line on stderr, exit codes that tell."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path

import pytest

from annotator import cli
from annotator.core.annotation import Event
from annotator.store import Store, codebooks, events
from annotator.store.events import Told
from tests.terminal import annotator

ROOT = Path(__file__).parents[1]
CONFLICT = str(ROOT / "labels" / "conflict.toml")
WIRE = """ date 2021-05-03 DRAVIK, Velmar, May 3. The border is ours, the minister said.

"They closed the road. Nobody may pass," he said.
"""


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("ANNOTATOR_HOME", str(tmp_path / "home"))
    place = tmp_path / "p.annotator"
    assert annotator("init", place, "--codebook", CONFLICT).exit_code == 0
    return place


@pytest.fixture
def article(tmp_path) -> Path:
    place = tmp_path / "wire.txt"
    place.write_text(WIRE, encoding="utf-8")
    return place


@pytest.mark.parametrize("command", cli.main.commands)
def test_every_command_says_what_it_is_for(command):
    shown = annotator(command, "--help")

    assert shown.exit_code == 0
    assert cli.main.commands[command].help


def test_a_shipped_codebook_is_meant_by_its_name_unless_a_file_has_it(tmp_path, monkeypatch):
    monkeypatch.setenv("ANNOTATOR_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)

    assert "made" in annotator("init", "a.annotator", "--codebook", "conflict").stdout
    assert "conflict.toml" in annotator("init", "b.annotator", "--codebook", "conflict.toml").stderr
    Path("conflict").write_text("name = 1", encoding="utf-8")
    assert "conflict:" in annotator("init", "c.annotator", "--codebook", "conflict").stderr


@pytest.mark.parametrize("name", ["https://desk.example.org", "desk.example.org:8443", "a/b", ""])
def test_a_host_is_allowed_by_its_name_alone(project, name):
    result = annotator("serve", project, "--no-browser", "--allow-host", name)

    assert result.exit_code == 2
    assert f"{name!r} is not a host name alone" in result.stderr


def test_a_report_never_takes_the_place_of_the_project_or_an_article(project, article):
    before = project.read_bytes()

    for place in (project, article, article.parent / "gone" / "report.csv"):
        done = annotator("import", project, article, "--report", place)

        assert done.exit_code == 1
        assert done.stderr.startswith(str(place))
    assert project.read_bytes() == before
    assert article.read_text(encoding="utf-8") == WIRE


@pytest.mark.parametrize("given", ["language=english", "date=31/02/2031", "outlet=Osk", "source"])
def test_a_field_that_cannot_be_given_to_all_documents_is_refused(project, article, given):
    done = annotator("import", project, article, "--set", given)

    assert done.exit_code == 1
    assert "write" in done.stderr
    assert json.loads(annotator("status", project, "--json").stdout)["documents"] == 0


def test_a_path_that_cannot_even_be_looked_up_leaves_the_others_alone(project, article):
    done = annotator("import", project, "x" * 300 + ".txt", article)

    assert done.exit_code == 1
    assert "cannot be opened (File name too long)" in done.stderr
    assert done.stdout.startswith("added 1 document with ")


def test_an_empty_path_is_not_the_current_folder(project):
    done = annotator("import", project, "")

    assert done.exit_code == 2
    assert "the path is empty" in done.stderr


def test_importing_again_adds_nothing_and_says_so(project, article):
    first = annotator("import", project, article, "--json")
    again = annotator("import", project, article)

    assert json.loads(first.stdout) == {
        "files": {"added": 1, "known": 0, "refused": 0, "skipped": 0},
        "documents": 1,
        "units": 3,
    }
    assert again.exit_code == 0
    assert "added 0 documents" in again.stdout
    assert "wire.txt: is in the project already" in again.stderr


def test_a_bad_file_has_a_line_of_its_own_and_the_good_ones_come_in(project, article, tmp_path):
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "report.txt").write_bytes(b"%PDF-1.7 rest")

    done = annotator("import", project, tmp_path / "empty.txt", tmp_path / "report.txt", article)

    assert done.exit_code == 1
    assert "added 1 document with 3 units" in done.stdout
    assert [line.partition(":")[0] for line in done.stderr.splitlines()] == [
        *("empty.txt", "report.txt")
    ]


def test_a_dry_run_tells_and_adds_nothing(project, article):
    told = annotator("import", project, article, article, "--dry-run")

    assert "would add 1 document with 3 units" in told.stdout
    assert json.loads(annotator("status", project, "--json").stdout)["documents"] == 0


def test_the_same_text_from_two_outlets_is_two_documents(project, tmp_path):
    for outlet in ("wire", "courier"):
        (tmp_path / "in" / outlet).mkdir(parents=True)
        (tmp_path / "in" / outlet / "a.txt").write_text(WIRE, encoding="utf-8")

    done = annotator("import", project, tmp_path / "in", "--json")
    units = list(csv.DictReader(io.StringIO(exported(project, "units"))))

    assert json.loads(done.stdout)["documents"] == 2
    assert {unit["source"] for unit in units} == {"wire", "courier"}


def test_fields_can_be_given_to_all_documents(project, article):
    annotator("import", project, article, "--set", "source=Velmar Wire", "--set", "date=2021-05")

    (first, *_) = csv.DictReader(io.StringIO(exported(project, "units")))

    assert (first["source"], first["published"]) == ("Velmar Wire", "2021-05")


def test_an_unknown_field_is_refused_with_those_there_are(project, article):
    done = annotator("import", project, article, "--set", "outlet=x")

    assert done.exit_code == 1
    assert "source" in done.stderr


def test_status_as_json_has_the_promised_keys(project, article):
    annotator("import", project, article)

    told = json.loads(annotator("status", project, "--json").stdout)

    assert set(told) == {
        *("documents", "units", "annotated_units", "events", "coders", "codebook"),
        *("codebook_version", "model_id", "warnings"),
    }
    assert (told["documents"], told["units"], told["codebook"]) == (1, 3, "conflict")


@pytest.mark.parametrize(
    "words",
    [
        ("status", "nowhere.annotator"),
        ("export", "nowhere.annotator", "--output", "-"),
        ("train", "nowhere.annotator"),
    ],
)
def test_a_project_that_is_not_there_is_one_plain_line(words):
    done = annotator(*words)

    assert done.exit_code == 1
    assert len(done.stderr.splitlines()) == 1
    assert "annotator init" in done.stderr


def test_wrong_usage_is_exit_code_2(project):
    assert annotator("export", project).exit_code == 2
    assert annotator("sample").exit_code == 2


def test_every_fault_of_every_codebook_is_told_at_once(tmp_path):
    bad = tmp_path / "bad.toml"
    bad.write_text(
        'name = "bad"\nversion = "1"\ntitle = "Bad"\n[[variable]]\nname = "frame"\n'
        '[[variable.code]]\nname = "a"\ntitle = "A"\nhotkey = "z"\n',
        encoding="utf-8",
    )

    done = annotator("check", bad, tmp_path / "missing.toml", CONFLICT)

    assert done.exit_code == 1
    assert "no fault" in done.stdout
    for fault in ("version", "definition", "hotkey", "missing.toml"):
        assert any(fault in line for line in done.stderr.splitlines())


def test_training_without_tags_says_what_to_do(project, article):
    annotator("import", project, article)

    done = annotator("train", project)

    assert done.exit_code == 1
    assert "code some sentences first" in done.stderr


def targets(place: Path) -> list[tuple[str, str]]:
    stance = codebooks.current_scheme(Store.open(place)).variable("stance")
    return [(target.name, target.title) for target in stance.targets]


def test_a_target_given_stands_beside_the_codebooks_own(project, tmp_path):
    place = tmp_path / "q.annotator"
    own = targets(project)

    annotator("init", place, "--codebook", CONFLICT, "--target", "velmar=Republic of Velmar")

    assert targets(place) == [*own, ("velmar", "Republic of Velmar")]


def test_a_target_given_twice_is_refused(tmp_path):
    words = ("--codebook", CONFLICT, "--target", "a=A", "--target", "a=B")

    done = annotator("init", tmp_path / "q.annotator", *words)

    assert done.exit_code == 1
    assert "given twice" in done.stderr
    assert not (tmp_path / "q.annotator").exists()


def test_targets_given_at_the_start_outlive_an_edit_of_the_codebook(tmp_path):
    place, edited = tmp_path / "q.annotator", tmp_path / "conflict.toml"
    annotator("init", place, "--codebook", CONFLICT, "--target", "velmar=Velmar")
    text = Path(CONFLICT).read_text(encoding="utf-8")
    edited.write_text(text.replace('title = "Armenia"', 'title = "Republic of Armenia"'))

    annotator("codebook", "update", place, edited)

    assert {("velmar", "Velmar"), ("armenia", "Republic of Armenia")} <= set(targets(place))


@pytest.mark.parametrize("place", ["/etc/passwd/x.annotator", "/proc/x.annotator"])
def test_a_place_that_takes_no_project_is_one_plain_line(place):
    done = annotator("init", place, "--codebook", CONFLICT)

    assert done.exit_code == 1
    assert "choose another place" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_file_name_of_strange_bytes_does_not_stop_the_others(project, article, tmp_path):
    strange = tmp_path / "in"
    strange.mkdir()
    (strange / "a.txt").write_bytes(article.read_bytes())
    (strange / os.fsdecode(b"bad\xff.txt")).write_bytes(b"The bridge is open.")

    done = annotator("import", project, strange)

    assert done.exit_code == 0, done.stderr
    assert "added 2 documents" in done.stdout


def test_a_warning_names_its_file(project, tmp_path):
    (tmp_path / "old.txt").write_bytes(
        "Граница была закрыта в полдень, сказал министр.".encode("cp1251")
    )

    done = annotator("import", project, tmp_path / "old.txt")

    assert all(line.startswith("old.txt: ") for line in done.stderr.splitlines())
    assert done.stderr


def test_an_edited_codebook_comes_in_as_a_new_version(project, tmp_path):
    edited = tmp_path / "conflict.toml"
    edited.write_text(
        Path(CONFLICT)
        .read_text(encoding="utf-8")
        .replace('title = "Sovereignty"', 'title = "National sovereignty"'),
        encoding="utf-8",
    )

    done = annotator("codebook", "update", project, edited)
    again = annotator("codebook", "update", project, edited)

    assert "changed: frame: sovereignty: title" in done.stdout
    assert "1.0.1" in done.stdout
    assert "nothing changed" in again.stdout


def test_another_codebook_under_the_same_version_is_refused(tmp_path, monkeypatch, article):
    """Else a code the first days never asked would come back as 0."""
    monkeypatch.setenv("ANNOTATOR_HOME", str(tmp_path / "home"))
    small = (
        'name = "own"\nversion = "1.0.0"\ntitle = "Own"\n[[variable]]\nname = "frame"\n'
        '[[variable.code]]\nname = "law"\ntitle = "Law"\ndefinition = "A rule is named."\n'
    )
    grown = small + '[[variable.code]]\nname = "loss"\ntitle = "Loss"\ndefinition = "Harm."\n'
    for name, text in (("first", small), ("second", grown)):
        (tmp_path / f"{name}.toml").write_text(text)
        annotator("init", tmp_path / f"{name}.annotator", "--codebook", tmp_path / f"{name}.toml")
        annotator("import", tmp_path / f"{name}.annotator", article)
    (tmp_path / "t.csv").write_text('text,y\n"Nobody may pass,"" he said.",law\n')
    first, second = tmp_path / "first.annotator", tmp_path / "second.annotator"
    labels = ("--text", "text", "--labels", "y", "--variable", "frame", "--coder", "ana")
    assert annotator("code", first, tmp_path / "t.csv", *labels).exit_code == 0
    annotator("export", first, "--output", tmp_path / "labels.csv")

    done = annotator("code", second, tmp_path / "labels.csv")

    assert done.exit_code == 1
    assert "has other codes" in done.stderr


def exported(project: Path, name: str) -> str:
    done = annotator("export", project, "--format", name, "--output", "-")
    assert done.exit_code == 0, done.stderr
    return done.stdout


def table(place: Path) -> list[dict[str, str]]:
    with place.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def tagged(project: Path) -> None:
    """Give every unit that names a border the code for it, in a project with enough of them."""
    store = Store.open(project)
    rows = store.db.execute("select id, text from unit order by seq").fetchall()
    made = [
        Event(
            uuid=f"event-{number:06}",
            op="set",
            unit=unit,
            scheme=1,
            answers=[{"variable": "frame", "code": code}]
            if (code := "sovereignty" if "border" in text else "blockade" if "road" in text else "")
            else [],
        )
        for number, (unit, text) in enumerate(rows)
    ]
    at = "2021-05-03T10:00:00.000+00:00"
    assert set(events.record(store, [Told("ana", event, at) for event in made])) == {None}
    store.close()


@pytest.fixture
def trained(project, tmp_path) -> Path:
    for number in range(8):
        (tmp_path / f"{number}.txt").write_text(
            f"The border number {number} is ours alone.\n\n"
            f"The road {number} was closed at noon.\n\n"
            f"It rained on day {number} of May.\n",
            encoding="utf-8",
        )
    annotator("import", project, *(tmp_path / f"{n}.txt" for n in range(8)))
    tagged(project)
    done = annotator("train", project)
    assert done.exit_code == 0, done.stderr
    return project


def test_a_model_learns_and_suggests_for_the_project_and_for_new_text(trained, tmp_path):
    fresh = tmp_path / "new.csv"
    fresh.write_text("key,body,outlet\nk1,The border is shut.,wire\nk2,Soup is hot.,wire\n")

    annotator("suggest", trained, "--output", tmp_path / "own.jsonl")
    done = annotator(
        *("suggest", trained, "--input", fresh, "--text", "body", "--id", "key"),
        *("--keep", "outlet", "--output", tmp_path / "new-suggestions.csv"),
    )

    assert "not a share" in done.stderr
    rows = table(tmp_path / "new-suggestions.csv")
    assert list(rows[0]) == [
        *("id", "variable", "target", "code", "score", "suggested", "threshold", "model_id"),
        "outlet",
    ]
    score = {(row["id"], row["code"]): float(row["score"]) for row in rows}
    assert score["k1", "sovereignty"] > score["k2", "sovereignty"]
    assert all(0 <= value <= 1 for value in score.values())
    assert all(
        (float(r["score"]) >= float(r["threshold"])) == (r["suggested"] == "1") for r in rows
    )
    own = [json.loads(line) for line in (tmp_path / "own.jsonl").read_text().splitlines()]
    assert len({row["id"] for row in own}) == 24


def test_new_text_can_be_cut_into_sentences(trained, tmp_path):
    fresh = tmp_path / "new.csv"
    fresh.write_text("text\nThe border is shut. The road is open.\n")

    annotator(
        "suggest", trained, "--input", fresh, "--unit", "sentence", "--output", tmp_path / "o.csv"
    )

    assert {row["id"] for row in table(tmp_path / "o.csv")} == {"1:0-19", "1:20-37"}


def test_csv_is_never_written_under_a_name_that_promises_something_else(trained, tmp_path):
    said = annotator("export", trained, "--output", tmp_path / "labels.xlsx", code=1).output

    assert "labels.xlsx: labels leave as CSV" in said
    assert list(tmp_path.glob("labels*")) == []


def test_an_export_to_a_file_and_to_stdout_is_the_same(trained, tmp_path):
    place = tmp_path / "labels.csv"

    annotator("export", trained, "--output", place)

    done = annotator("export", trained, "--output", "-")
    assert place.read_bytes() == done.stdout_bytes
    assert (tmp_path / "labels.codebook.json").is_file()


def test_an_unknown_format_names_those_there_are(trained):
    done = annotator("export", trained, "--format", "stata", "--output", "-")

    assert done.exit_code == 1
    assert "labels" in done.stderr
    assert "wide" in done.stderr


def test_labels_go_out_and_come_back_the_same(trained, tmp_path):
    annotator("export", trained, "--output", tmp_path / "labels.csv")
    fresh = tmp_path / "fresh.annotator"
    annotator("init", fresh, "--codebook", CONFLICT)
    annotator("import", fresh, *(tmp_path / f"{n}.txt" for n in range(8)))

    done = annotator("code", fresh, tmp_path / "labels.csv", "--coder", "ana")
    assert done.exit_code == 0, done.stderr
    annotator("export", fresh, "--output", tmp_path / "again.csv")

    assert (tmp_path / "labels.csv").read_bytes() == (tmp_path / "again.csv").read_bytes()
