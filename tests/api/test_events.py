"""The desk's routes: idempotent, validated, and never a traceback."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sqlite3

import pytest

from annotator import api
from annotator.store import events, tables
from annotator.workflow import exporting, projects, tokens
from annotator.workflow.recording import recorder

ARTICLE = """date 2021-05-03 DRAVIK, Velmar, May 3. The border is ours, the minister said.

"They closed the road. Nobody may pass," he said.
"""


@pytest.fixture
def project(project_of):
    return project_of(ARTICLE)


@pytest.fixture
def units(client):
    return client.get("/api/v1/queue").json()["next"]


def save(unit, uuid="save-0001", **fields):
    answers = [{"variable": "frame", "code": "sovereignty", "target": "", "use": "asserted"}]
    stated = {"uuid": uuid, "op": "set", "unit": unit["id"], "scheme": 1, "answers": answers}
    return stated | fields


def post(client, *made, **body):
    return client.post("/api/v1/events", json={"events": list(made)} | body)


def test_the_queue_holds_each_sentence_with_its_article(units):
    assert [unit["text"] for unit in units] == [
        "The border is ours, the minister said.",
        '"They closed the road.',
        'Nobody may pass," he said.',
    ]
    assert units[0]["document"]["published"] == "2021-05-03"
    assert units[1]["follow"] == ' Nobody may pass," he said.'


def test_a_save_is_acknowledged_and_brings_the_next_sentences(client, project, units):
    reply = post(client, save(units[0]), want=5, after=units[0]["cursor"]).json()

    assert reply["acks"] == ["save-0001"]
    assert [unit["id"] for unit in reply["next"]] == [units[1]["id"], units[2]["id"]]
    assert reply["progress"]["done"] == 1
    (coding,) = tables.codings(project.store)
    assert (coding.coder, coding.decision_id) == ("ana", "save-0001")


def test_the_same_save_sent_twice_counts_once(client, project, units):
    for _ in range(2):
        assert post(client, save(units[0])).json()["acks"] == ["save-0001"]

    assert events.count(project.store) == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"unit": "nowhere:0-1"}, "no unit"),
        ({"answers": [{"variable": "frame", "code": "weather"}]}, "no code 'weather'"),
        ({"answers": [{"variable": "mood", "code": "calm"}]}, "no variable 'mood'"),
        ({"scheme": 99}, "no scheme 99"),
        ({"round": "pilot"}, "no round"),
        ({"seconds": -1}, "seconds"),
        ({"seconds": float("nan")}, "seconds"),
        ({"memo": "x" * 10_001}, "memo"),
        ({"colour": "red"}, "colour"),
        ({"memo": "\ud800"}, "memo"),
        ({"op": "delete"}, "op"),
        ({"pass": 0}, "pass"),
        ({"pass": 2**70}, "pass"),
        ({"scheme": 2**70}, "scheme"),
        ({"memo": "a\0b"}, "memo"),
        ({"origin": "save-0000"}, "only the server"),
        (
            {"answers": [{"variable": "frame", "code": c} for c in ("sovereignty", "cannot-tell")]},
            "cannot-tell excludes every other code",
        ),
    ],
)
def test_a_bad_event_is_told_why_and_harms_no_other(client, project, units, change, said):
    body = json.dumps({"events": [save(units[0]) | change, save(units[1], uuid="save-0002")]})

    reply = client.post("/api/v1/events", content=body)

    assert reply.status_code == 200
    (refused,) = reply.json()["rejected"]
    assert refused["uuid"] == "save-0001"
    assert said in refused["reason"]
    assert reply.json()["acks"] == ["save-0002"]
    assert events.count(project.store) == 1


@pytest.mark.parametrize("event", [None, 7, "set", [], {}])
def test_what_is_no_event_at_all_is_told_so(client, event):
    reply = client.post("/api/v1/events", json={"events": [event]})

    assert reply.status_code == 200
    assert len(reply.json()["rejected"]) == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[]", 400),
        (b'{"events": {}}', 400),
        (b'{"events": [], "want": "many"}', 400),
        (b'{"events": [' + b"1," * 60 + b"1]}", 400),
        (b"[" * 100_000, 400),
        (b" " * (api.LARGEST_BODY + 1), 413),
    ],
)
def test_a_request_that_makes_no_sense_is_answered_in_a_sentence(client, body, status):
    reply = client.post("/api/v1/events", content=body)

    assert reply.status_code == status
    assert reply.json()["error"]


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "WyJwIiwiYW5hIl0.aaaa.bbbb"])
def test_a_token_that_is_none_is_refused(client, token):
    reply = client.get("/api/v1/queue", headers={"Annotator-Token": token})

    assert reply.status_code == 401


def test_a_program_may_give_the_token_as_bearer(client):
    token = client.headers.pop("Annotator-Token")

    reply = client.get("/api/v1/queue", headers={"Authorization": f"Bearer {token}"})

    assert reply.status_code == 200


def test_the_password_of_a_proxy_does_not_get_in_the_way_of_the_token(client):
    reply = client.get("/api/v1/queue", auth=("team", "secret"))

    assert reply.status_code == 200


def test_a_token_that_was_tampered_with_is_refused(client, project):
    token = tokens.mint(project, "ana")

    reply = client.get("/api/v1/queue", headers={"Annotator-Token": f"{token[:-2]}xx"})

    assert reply.status_code == 401


def test_an_expired_token_is_refused(client, project, monkeypatch):
    monkeypatch.setattr(tokens, "LIFETIME", -1)

    assert client.get("/api/v1/queue").status_code == 401


def test_a_token_speaks_for_its_own_coder_only(client, project, units):
    post(client, save(units[0]) | {"coder": "bela"})

    assert events.count(project.store) == 0


def test_what_cannot_be_kept_is_not_acknowledged(client, project, units):
    project.store.db.execute("pragma busy_timeout = 1")
    with sqlite3.connect(project.path) as other:
        other.execute(
            "create trigger full before insert on event begin"
            " select raise(fail, 'database or disk is full'); end"
        )
    other.close()

    reply = post(client, save(units[0]))

    assert reply.status_code == 503
    assert "disk is full" in reply.json()["error"]
    assert events.count(project.store) == 0


def test_a_fault_in_one_request_never_stops_the_saves_after_it(client, project, units):
    broken = recorder(project.store).submit([None])

    with pytest.raises(AttributeError):
        broken.result(timeout=10)
    assert post(client, save(units[0])).json()["acks"] == ["save-0001"]


def test_a_copy_of_a_project_is_a_project_of_its_own(client, project, units, tmp_path):
    project.store.db.execute("pragma wal_checkpoint(truncate)")
    copy = tmp_path / "copy.annotator"
    shutil.copy(project.path, copy)
    shutil.copy(f"{project.path}.secret", f"{copy}.secret")
    other = projects.open_project(copy)
    headers = {"Annotator-Token": tokens.mint(other, "ana")}

    client.post("/api/v1/events", json={"events": [save(units[0])]}, headers=headers)

    assert (events.count(other.store), events.count(project.store)) == (1, 0)
    other.store.close()


def test_what_was_skipped_or_flagged_can_be_gone_through_again(client, units):
    post(
        client,
        save(units[0]) | {"op": "skip", "answers": []},
        save(units[1], uuid="save-0002") | {"op": "flag", "flagged": True, "answers": []},
    )

    told = {
        which: [
            unit["id"]
            for unit in client.get("/api/v1/queue", params={"which": which}).json()["next"]
        ]
        for which in ("skipped", "flagged")
    }

    assert told == {"skipped": [units[0]["id"]], "flagged": [units[1]["id"]]}
    assert client.get("/api/v1/queue", params={"which": "best"}).status_code == 400


def test_an_article_is_told_whole(client, units):
    reply = client.get("/api/v1/article", params={"document": units[0]["document"]["id"]}).json()

    told = ["".join(piece["text"] for piece in paragraph) for paragraph in reply["paragraphs"]]
    assert told[1] == '"They closed the road. Nobody may pass," he said.'


def test_an_article_that_is_not_there_is_said_so(client):
    assert client.get("/api/v1/article", params={"document": "x"}).status_code == 404


def test_without_a_model_nothing_is_explained_and_one_reads_when_there_will_be_one(client, units):
    asked = {"unit": units[0]["id"], "variable": "frame", "code": "sovereignty"}

    reply = client.get("/api/v1/why", params=asked)

    assert reply.status_code == 404
    said = reply.json()["error"]
    assert said.startswith("There is no model yet. Training starts by itself after 25 more")


@pytest.mark.parametrize("asked", [{}, {"unit": "x", "code": "y"}, {"round": "none"}])
def test_a_question_about_what_is_not_there_is_answered_in_a_sentence(client, asked):
    reply = client.get("/api/v1/why", params=asked)

    assert reply.status_code == 404
    assert reply.json()["error"]


NEW_CODE = {
    "add": "code",
    "scheme": 1,
    "variable": "frame",
    "title": "Border trade",
    "definition": "Goods cross the line.",
}


def add(client, **fields):
    return client.post("/api/v1/codebook", json=NEW_CODE | fields)


def frame_codes(told):
    (frame,) = (one for one in told["scheme"]["variables"] if one["name"] == "frame")
    return {code["name"]: code for code in frame["codes"]}


def exported(project, name):
    return list(csv.DictReader(io.StringIO(exporting.as_bytes(project.store, name).decode())))


def test_a_code_that_is_added_is_in_the_scheme_from_now_on(client, project):
    before = client.get("/api/v1/codebook").json()
    reply = add(client)

    assert reply.status_code == 200
    added = reply.json()["added"]
    assert (added["name"], added["variable"], added["new"]) == ("border-trade", "frame", True)
    assert frame_codes(reply.json())["border-trade"]["definition"] == "Goods cross the line."
    assert "border-trade" not in frame_codes(before)
    assert client.get("/api/v1/codebook").json()["scheme"] == reply.json()["scheme"]
    assert project.scheme.id == reply.json()["scheme"]["id"] == before["scheme"]["id"] + 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"variable": "mood"}, "no variable 'mood'"),
        ({"variable": "stance"}, "shared scale"),
        ({"title": " "}, "title"),
        ({"definition": " "}, "definition"),
        ({"title": "sovereignty"}, "already"),
        ({"hotkey": "z"}, "'z'"),
        ({"hotkey": "c"}, "'c'"),
        ({"hotkey": "1"}, "is taken by"),
        ({"title": "x" * 301}, "title"),
        ({"title": "a\0b"}, "title"),
        ({"add": "frame"}, "add"),
        ({"colour": "red"}, "colour"),
        ({"scheme": 99}, "no scheme 99"),
        ({"add": "target", "title": "Armenia"}, "there already"),
        ({"add": "target", "title": ""}, "no title"),
        ({"add": "example", "unit": "nowhere:0-1", "code": "sovereignty"}, "no unit"),
    ],
)
def test_what_the_codebook_cannot_take_is_told_in_a_sentence(client, project, change, said):
    reply = add(client, **change)

    assert reply.status_code == 400
    assert said in reply.json()["error"]
    assert project.scheme.id == 1


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_codebook_is_for_those_who_hold_a_token(client, project, method):
    reply = client.request(
        method, "/api/v1/codebook", json=NEW_CODE, headers={"Annotator-Token": "a.b.c"}
    )

    assert reply.status_code == 401
    assert project.scheme.id == 1


def test_an_addition_that_cannot_be_written_is_not_made(client, project):
    with sqlite3.connect(project.path) as other:
        other.execute(
            "create trigger full before insert on scheme begin"
            " select raise(fail, 'database or disk is full'); end"
        )
    other.close()

    reply = add(client)

    assert reply.status_code == 503
    assert reply.json()["error"].startswith("nothing was changed")
    assert project.scheme.id == 1


def test_every_reply_names_the_scheme_in_force(client, units):
    before = post(client, save(units[0])).json()["scheme_id"]
    add(client)

    assert post(client, save(units[1], uuid="save-0002")).json()["scheme_id"] == before + 1
    assert client.get("/api/v1/queue").json()["scheme_id"] == before + 1


def test_a_save_that_waited_under_the_older_scheme_was_not_asked_for_the_new_code(
    client, project, units
):
    number = add(client).json()["scheme"]["id"]
    reply = post(
        client,
        save(units[0]),
        save(units[1], uuid="save-0002", scheme=number),
        save(
            units[2],
            uuid="save-0003",
            scheme=number,
            answers=[
                {"variable": "frame", "code": "border-trade", "target": "", "use": "asserted"}
            ],
        ),
    ).json()

    assert reply["acks"] == ["save-0001", "save-0002", "save-0003"]
    told = {row["unit_id"]: row["frame_border_trade"] for row in exported(project, "wide")}
    assert told == {units[0]["id"]: "", units[1]["id"]: "0", units[2]["id"]: "1"}


def test_a_target_that_is_added_was_not_asked_about_before(client, project, units):
    post(client, save(units[0]))
    reply = add(client, add="target", title="Osk").json()
    post(client, save(units[1], uuid="save-0002", scheme=reply["scheme"]["id"]))

    told = {
        row["unit_id"]: row["status"]
        for row in exported(project, "labels")
        if row["target"] == "osk"
    }
    assert reply["added"]["name"] == "osk"
    assert told == {units[0]["id"]: "not_asked", units[1]["id"]: "none"}


def test_a_sentence_becomes_an_example_once(client, units):
    example = {"add": "example", "code": "sovereignty", "unit": units[0]["id"]}
    first, again = add(client, **example).json(), add(client, **example).json()

    assert frame_codes(first)["sovereignty"]["examples"][-1] == units[0]["text"]
    assert [told["added"]["new"] for told in (first, again)] == [True, False]
    assert again["scheme"] == first["scheme"]


def test_an_example_is_no_new_question(client, project, units):
    post(client, save(units[0]))
    add(client, add="example", code="sovereignty", unit=units[0]["id"])

    (row,) = exported(project, "wide")
    assert (row["frame_sovereignty"], row["frame_displacement"]) == ("1", "0")
