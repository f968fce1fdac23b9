"""The desk's routes where a coder works through a list: its order, its counts, its name kept."""

from __future__ import annotations

import json

import pytest

from annotator.store import lists, tables
from annotator.store.lists import Listed

AT = "2026-01-05T09:00:00+00:00"
ARTICLE = "The road was closed. Nobody may pass. The bridge is open. It rained. The bus was late."


@pytest.fixture
def project(project_of):
    made = project_of(ARTICLE)
    rows = [Listed(seq, 0.6) for seq in (4, 1, 3)]
    lists.save(made.store, "may", "plan", "", {}, rows, who="ana", at=AT)
    return made


def save(unit, uuid="save-0001", **fields):
    stated = {"uuid": uuid, "op": "set", "unit": unit["id"], "scheme": 1, "queue": "may"}
    return stated | fields


def post(client, *made, **body):
    return client.post("/api/v1/events", json={"events": list(made), "queue": "may"} | body).json()


def test_a_list_is_told_in_its_own_order_with_its_own_counts(client):
    told = client.get("/api/v1/queue", params={"queue": "may"}).json()

    assert [unit["text"] for unit in told["next"]] == [
        "It rained.",
        "The road was closed.",
        "The bridge is open.",
    ]
    assert [unit["cursor"] for unit in told["next"]] == [1, 2, 3]
    assert told["progress"]["total"] == 3
    assert client.get("/api/v1/queue").json()["progress"]["total"] == 5


def test_a_save_leads_on_in_the_list(client):
    first, second, third = client.get("/api/v1/queue", params={"queue": "may"}).json()["next"]

    told = post(client, save(first), want=1, after=first["cursor"])

    assert told["acks"] == ["save-0001"]
    assert [unit["id"] for unit in told["next"]] == [second["id"]]
    assert told["progress"]["done"] == 1
    ended = post(client, save(third, "save-0003"), want=5, after=third["cursor"])
    assert (ended["next"], ended["progress"]["done"]) == ([], 2)


def test_a_decision_says_through_which_list_it_was_made(client, project):
    (unit, *_) = client.get("/api/v1/queue", params={"queue": "may"}).json()["next"]

    post(client, save(unit))

    (coding,) = tables.codings(project.store)
    assert (coding.sample_plan, coding.inclusion_probability) == ("may", 0.6)
    (payload,) = project.store.db.execute(
        "select payload from event where uuid = 'save-0001'"
    ).fetchone()
    assert json.loads(payload)["queue"] == "may"


def test_what_is_decided_in_one_list_is_decided_in_the_project(client):
    (unit, *_) = client.get("/api/v1/queue", params={"queue": "may"}).json()["next"]

    post(client, save(unit))

    left = client.get("/api/v1/queue").json()
    assert unit["id"] not in {one["id"] for one in left["next"]}
    assert left["progress"]["done"] == 1


def test_an_unknown_list_is_told_in_one_plain_sentence(client):
    told = client.get("/api/v1/queue", params={"queue": "june"})

    assert (told.status_code, told.json()) == (409, {"error": "this project has no list 'june'"})


def test_a_save_is_kept_though_its_list_has_gone_meanwhile(client, project):
    (unit, *_) = client.get("/api/v1/queue", params={"queue": "may"}).json()["next"]
    lists.drop(project.store, "may", who="ben", at=AT)

    told = post(client, save(unit), want=3)

    assert (told["acks"], told["next"], told["progress"]["total"]) == (["save-0001"], [], 0)


@pytest.mark.parametrize("queue", [3, None, ["may"]])
def test_a_list_is_named_by_a_text(client, queue):
    told = client.post("/api/v1/events", json={"events": [], "queue": queue})

    assert (told.status_code, told.json()) == (400, {"error": "round and queue must be names"})
