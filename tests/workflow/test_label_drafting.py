"""A published table becomes a project in three commands, whichever shape it has."""

from __future__ import annotations

import csv
import json

import pytest

from annotator.core.errors import CodebookError
from annotator.store import tables
from annotator.workflow import label_drafting, projects
from annotator.workflow.label_choices import LabelChoices
from tests.terminal import annotator

SENTENCES = [
    ("s1", "The dam drowned our orchards.", "Economic"),
    ("s2", "Velm signed the water law.", "Legality, Constitutionality"),
    ("s3", "Nobody was hurt.", "Economic"),
]


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ANNOTATOR_HOME", str(tmp_path / "home"))

    def ran(*words):
        return annotator(*words, code=0).stdout

    yield ran
    projects.close_project(tmp_path / "p.annotator")


def write(path, header, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def held(tmp_path):
    store = projects.open_project(tmp_path / "p.annotator").store
    return {
        (coding.coder, coding.unit.text): sorted((a.target, a.code) for a in coding.answers)
        for coding in tables.codings(store)
    }


def test_sentences_with_one_label_each(run, tmp_path):
    write(tmp_path / "set.csv", ("id", "text", "label"), SENTENCES)

    run("codebook", "draft", "set.csv", "--labels", "label", "--output", "set.toml")
    run("check", "set.toml")
    run("init", "p.annotator", "--codebook", "set.toml")
    run("code", "p.annotator", "set.csv", "--coder", "published", "--id", "id", "--text", "text",
        "--labels", "label", "--create")  # fmt: skip

    assert held(tmp_path) == {
        ("published", "The dam drowned our orchards."): [("", "economic")],
        ("published", "Velm signed the water law."): [("", "legality-constitutionality")],
        ("published", "Nobody was hurt."): [("", "economic")],
    }


def test_several_coders_for_each_sentence(run, tmp_path):
    write(tmp_path / "set.csv", ("id", "text", "label"), SENTENCES)
    rows = [(id_, who, y) for id_, _, y in SENTENCES[:2] for who in ("c1", "c2")]
    lines = [json.dumps({"id": i, "annotator": who, "label": [y]}) for i, who, y in rows]
    (tmp_path / "coders.jsonl").write_text("\n".join(lines), encoding="utf-8")

    run("codebook", "draft", "coders.jsonl", "--labels", "label", "--output", "set.toml")
    run("init", "p.annotator", "--codebook", "set.toml")
    run("import", "p.annotator", "set.csv", "--unit", "row")
    run("code", "p.annotator", "coders.jsonl", "--coder-column", "annotator", "--id", "id",
        "--labels", "label")  # fmt: skip

    assert len(held(tmp_path)) == 4
    assert held(tmp_path)["c2", "Velm signed the water law."] == [
        ("", "legality-constitutionality")
    ]


def test_yes_and_no_questions_for_each_article(run, tmp_path):
    header = ("id", "text", "annotator", "q1 blame", "q2 cost")
    rows = [
        ("a1", "The dam broke.\n\nThe builders knew.", "c1", "1", "0"),
        ("a1", "The dam broke.\n\nThe builders knew.", "c2", "1", "1"),
        ("a2", "It rained in Velm.", "c1", "0", "0"),
        ("a2", "It rained in Velm.", "c2", "-1", "-1"),
    ]
    write(tmp_path / "set.csv", header, rows)

    run("codebook", "draft", "set.csv", "--labels-like", "q*", "--output", "set.toml")
    run("init", "p.annotator", "--codebook", "set.toml")
    run("code", "p.annotator", "set.csv", "--coder-column", "annotator", "--id", "id", "--text",
        "text", "--labels-like", "q*", "--create")  # fmt: skip

    assert held(tmp_path) == {
        ("c1", rows[0][1]): [("", "q1-blame")],
        ("c2", rows[0][1]): [("", "q1-blame"), ("", "q2-cost")],
        ("c1", "It rained in Velm."): [],
    }


def test_stances_toward_targets(run, tmp_path):
    rows = [("Save the Arn dam!", "Arn dam", "FAVOR"), ("Velm lies.", "Velm", "AGAINST")]
    write(tmp_path / "set.csv", ("Tweet", "Target", "Stance"), rows)

    run("codebook", "draft", "set.csv", "--labels", "Stance", "--target", "Target", "--output",
        "set.toml")  # fmt: skip
    run("init", "p.annotator", "--codebook", "set.toml")
    run("code", "p.annotator", "set.csv", "--coder", "published", "--text", "Tweet", "--labels",
        "Stance", "--target", "Target", "--create")  # fmt: skip

    assert held(tmp_path) == {
        ("published", "Save the Arn dam!"): [("arn-dam", "favor")],
        ("published", "Velm lies."): [("velm", "against")],
    }


def test_a_draft_takes_the_place_of_no_file(tmp_path):
    write(tmp_path / "set.csv", ("text", "y"), [("Rain fell.", "law")])
    there = tmp_path / "mine.toml"
    there.write_text("mine", encoding="utf-8")

    with pytest.raises(CodebookError, match="is there already, and nothing was written"):
        label_drafting.draft_codebook(tmp_path / "set.csv", there, LabelChoices(labels=("y",)))
    assert there.read_text(encoding="utf-8") == "mine"
