"""The article card over HTTP: with the sentences of its article, and first when it is due."""

from __future__ import annotations

import itertools

import pytest

CODEBOOK = """
name = "tone"
version = "1.0.0"
title = "Tone"

[[variable]]
name = "frame"

[[variable.code]]
name = "trade"
title = "Trade"
definition = "Goods and money."
"""
TONE = """
[[variable]]
name = "tone"
unit = "document"

[[variable.code]]
name = "calm"
title = "Calm"
definition = "It does not alarm."
"""
ARTICLE = "A toll\n\nThe council met. Nobody came.\n"


@pytest.fixture
def project(project_of, tmp_path):
    return project_of(ARTICLE, codebook_file(tmp_path, CODEBOOK + TONE))


def codebook_file(folder, written):
    file = folder / "tone.toml"
    file.write_text(written, encoding="utf-8")
    return file


NUMBERS = itertools.count(1)


def save(client, item, **fields):
    event = {"uuid": f"card-{next(NUMBERS):04}", "op": "set", "unit": item["id"], "scheme": 1}
    event |= {"subject": item["subject"]}
    told = {"events": [event | fields], "want": 9}
    return client.post("/api/v1/events", json=told).json()


def test_the_card_comes_with_the_sentences_and_says_behind_which_it_stands(client):
    reply = client.get("/api/v1/queue").json()

    (card,) = reply["cards"]
    assert [item["subject"] for item in reply["next"]] == ["unit"] * 3
    assert (card["subject"], card["text"], card["due"]) == ("document", "A toll", False)
    assert card["cursor"] == reply["next"][-1]["cursor"]
    assert card["id"] == card["document"]["id"] == reply["next"][0]["document"]["id"]


def test_a_card_that_is_due_is_the_next_thing_until_it_is_answered(client):
    for item in client.get("/api/v1/queue").json()["next"]:
        reply = save(client, item)
    (card,) = reply["next"]
    assert (card["subject"], card["due"], reply["progress"]["done"]) == ("document", True, 3)

    reply = save(client, card, answers=[{"variable": "tone", "code": "calm"}])
    assert (reply["rejected"], reply["next"], reply["progress"]["done"]) == ([], [], 3)

    opening = client.get("/api/v1/queue").json()
    assert opening["recent"][0]["id"] == card["id"]
    assert [one["unit"] for one in opening["lately"]][-1] == card["id"]
    (asked,) = client.get("/api/v1/queue", params={"card": card["id"]}).json()["next"]
    assert [answer["code"] for answer in asked["decision"]["answers"]] == ["calm"]


def test_the_article_tells_what_the_coder_gave_its_sentences(client):
    item = client.get("/api/v1/queue").json()["next"][1]
    save(client, item, answers=[{"variable": "frame", "code": "trade"}])

    article = client.get("/api/v1/article", params={"document": item["document"]["id"]}).json()

    pieces = [piece for paragraph in article["paragraphs"] for piece in paragraph]
    given = {one["unit"]: one["answers"] for one in pieces if one["unit"]}
    assert [answer["code"] for answer in given[item["id"]]] == ["trade"]
    assert sum(map(len, given.values())) == 1


def test_there_is_no_card_where_nothing_is_asked_of_articles(project_of, client_of, tmp_path):
    frames_alone = codebook_file(tmp_path, CODEBOOK)
    with client_of(project_of(ARTICLE, frames_alone)) as client:
        reply = client.get("/api/v1/queue").json()
        assert "cards" not in reply
        for item in reply["next"]:
            reply = save(client, item)

        assert reply["next"] == []
        event = {"id": item["document"]["id"], "subject": "document"}
        (refused,) = save(client, event)["rejected"]
        assert refused["reason"] == "this codebook asks nothing about whole articles"


def test_nobody_is_told_of_the_card_of_an_article_that_is_not_there(client):
    assert client.get("/api/v1/queue", params={"card": "nowhere"}).json()["next"] == []
