"""The desk's routes for who speaks and for boundaries: one sentence for every fault."""

from __future__ import annotations

import pytest

from annotator.store import events

ARTICLE = "The road\n\nIt rained.And it was cold. Nobody came.\n\nThe end.\n"


@pytest.fixture
def project(project_of):
    return project_of(ARTICLE)


def ahead(client) -> list[dict]:
    return client.get("/api/v1/queue").json()["next"]


def correct(client, **fields):
    event = {"uuid": "told-0001", "op": "speaker", "unit": ahead(client)[1]["id"], "scheme": 1}
    return client.post("/api/v1/events", json={"events": [event | fields]}).json()


def redraw(client, **stated):
    return client.post("/api/v1/boundary", json=stated)


def test_a_correction_is_acknowledged_and_comes_with_the_sentences_from_then_on(client):
    assert correct(client, voice="indirect", speakers=["Mira Osk"])["acks"] == ["told-0001"]

    item = ahead(client)[1]
    assert (item["voice"], item["set_by"]) == ("indirect", "ana")
    assert [one["name"] for one in item["speakers"]] == ["Mira Osk"]
    assert item["people"] == [{"name": "Mira Osk", "kind": "", "here": True}]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"voice": "loud"}, "voice: "),
        (
            {"voice": "direct", "speakers": [f"Person {n}" for n in range(21)]},
            "speakers: has more than 20 entries; leave some out",
        ),
        (
            {"voice": "direct", "speakers": ["x" * 301]},
            "speakers.0: has more than 300 characters; shorten it",
        ),
        (
            {"voice": "direct", "speakers": ["a\0b"]},
            "speakers.0: holds what cannot be kept here; write it again",
        ),
        ({"voice": "author", "speakers": ["Mira Osk"]}, "where the author speaks, nobody else"),
        ({"voice": "direct", "speakers": [" "]}, "a speaker has no name"),
    ],
)
def test_a_correction_that_cannot_be_taken_is_refused_in_a_sentence(client, fields, reason):
    (rejected,) = correct(client, **fields)["rejected"]

    assert rejected["reason"].startswith(reason)
    assert ahead(client)[1]["set_by"] == ""


def test_the_new_sentences_come_with_the_answer_in_the_order_of_the_text(client):
    unit = ahead(client)[1]
    at = unit["start"] + unit["text"].index("And")

    reply = redraw(client, op="split", unit=unit["id"], at=at).json()

    assert [one["text"] for one in reply["next"]] == ["It rained.", "And it was cold."]
    assert [(one["index"], one["of"]) for one in reply["next"]] == [(1, 5), (2, 5)]
    assert reply["gone"] == [unit["id"]]
    assert reply["progress"]["total"] == 5
    # For everybody who comes later they stand at the end of the order of coding.
    assert [one["text"] for one in ahead(client)][-2:] == ["It rained.", "And it was cold."]

    back = redraw(client, op="undo", event=reply["event"]).json()
    assert [one["id"] for one in back["next"]] == [unit["id"]]
    assert [one["text"] for one in ahead(client)][1] == unit["text"]


def test_a_preview_has_the_sentences_as_they_would_be(client, project):
    unit = ahead(client)[1]

    reply = redraw(client, op="join_next", unit=unit["id"], preview=True).json()

    assert reply == {"texts": [f"{unit['text']} Nobody came."]}
    assert events.count(project.store) == 0


@pytest.mark.parametrize(
    ("stated", "status", "said"),
    [
        ({"op": "join_next", "unit": "nowhere:0-1"}, 409, "cut otherwise meanwhile"),
        ({"op": "undo", "event": "nothing"}, 409, "no such change"),
        ({"op": "melt"}, 400, "op: "),
        ({"op": "split", "unit": "x", "at": -1}, 400, "at: "),
        ({"op": "split", "unit": "x", "at": "here"}, 400, "at: "),
        ({"op": "split", "colour": "red"}, 400, "colour: is not known to this server"),
        ({"op": "split", "unit": "x" * 301}, 400, "unit: has more than 300 characters"),
    ],
)
def test_a_boundary_that_makes_no_sense_is_answered_in_a_sentence(client, stated, status, said):
    reply = redraw(client, **stated)

    assert reply.status_code == status
    assert said in reply.json()["error"]


def test_boundaries_are_for_those_who_hold_a_token(client):
    stated = {"op": "join_next", "unit": ahead(client)[1]["id"]}
    reply = client.post("/api/v1/boundary", json=stated, headers={"Annotator-Token": "x"})

    assert reply.status_code == 401
    assert len(ahead(client)) == 4
