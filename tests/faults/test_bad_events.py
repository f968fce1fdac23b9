"""What a desk may not send: answered in a sentence, for that event alone, and nothing is kept."""

from __future__ import annotations

import json

import pytest
from itsdangerous import TimestampSigner, URLSafeTimedSerializer

from annotator import api
from annotator.store import events, tables
from annotator.workflow import tokens

BAD = {
    "a unit that is not there": ({"unit": "nowhere:0-1"}, "this project has no unit 'nowhere:0-1'"),
    "a code that is not there": (
        {"answers": [{"variable": "frame", "code": "weather"}]},
        "frame: the codebook has no code 'weather'",
    ),
    "a target that is not there": (
        {"answers": [{"variable": "stance", "code": "favor", "target": "nobody"}]},
        "stance: 'nobody' is not a target of this project, only osk",
    ),
    "a span of no answer": ({"spans": [[0, 10]]}, "spans: "),
    "a span that is outside its unit": (
        {"answers": [{"variable": "frame", "code": "sovereignty", "spans": [[0, 10_000]]}]},
        "frame: the span 0 to 10000 is outside its unit, 0 to ",
    ),
    "a span that is empty": (
        {"answers": [{"variable": "frame", "code": "sovereignty", "spans": [[2, 2]]}]},
        "frame: the span 2 to 2 is empty",
    ),
    "spans that overlap": (
        {"answers": [{"variable": "frame", "code": "sovereignty", "spans": [[2, 6], [0, 4]]}]},
        "frame: the span 2 to 6 overlaps another one of sovereignty; make them one",
    ),
    "51 spans": (
        {"answers": [{"variable": "frame", "code": "sovereignty", "spans": [[0, 1]] * 51}]},
        "answers.0.spans: ",
    ),
    "a stance that is explicit by half": (
        {"answers": [{"variable": "frame", "code": "sovereignty", "explicit": "half"}]},
        "frame: a stance is explicit or implied, not 'half'",
    ),
    "a confidence of four": (
        {"answers": [{"variable": "frame", "code": "sovereignty", "confidence": 4}]},
        "frame: confidence is 1 to 3, not 4",
    ),
    "half a character": ({"memo": "\ud800"}, "memo: holds half a character; write it again"),
    "a NUL": ({"memo": "a\0b"}, "memo: holds what cannot be kept here; write it again"),
    "a memo without an end": (
        {"memo": "x" * 10_001},
        "memo: has more than 10,000 characters; shorten it",
    ),
    "an undo of nothing": (
        {"op": "retract", "answers": [], "ref": "save-none"},
        "the event to take back is not here",
    ),
    "a codebook that is not there": ({"scheme": 99}, "this project has no scheme 99; reload"),
}


@pytest.fixture
def desk(sit_down, project):
    return sit_down(project)


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_event_is_told_why_and_the_one_beside_it_is_kept(desk, project, save, kind):
    change, sentence = BAD[kind]
    one, two, *_ = desk.units()
    sent = json.dumps({"events": [save(one) | change, save(two, "save-0002")]})

    reply = desk.client.post(
        "/api/v1/events", content=sent, headers={"Annotator-Token": desk.token}
    )

    assert reply.status_code == 200
    (refused,) = reply.json()["rejected"]
    assert refused["uuid"] == "save-0001"
    assert refused["reason"].startswith(sentence)
    assert "\n" not in refused["reason"]
    assert reply.json()["acks"] == ["save-0002"]
    assert [coding.unit.unit_id for coding in tables.codings(project.store)] == [two]


def test_a_token_of_one_project_opens_no_other(sit_down, make_project, save):
    own, other = make_project("own.annotator"), make_project("other.annotator")
    unit = sit_down(own).units()[0]

    reply = sit_down(other).post(save(unit))

    assert reply.json()["acks"] == [save(unit)["uuid"]]
    assert (events.count(own.store), events.count(other.store)) == (0, 1)


def test_a_token_signed_by_another_project_is_refused(sit_down, make_project, save):
    own, other = make_project("own.annotator"), make_project("other.annotator")
    desk = sit_down(own)
    unit = desk.units()[0]
    key = URLSafeTimedSerializer(other.store.secret(), salt="desk")
    desk.token = str(key.dumps([own.id, "ana"]))

    reply = desk.post(save(unit))

    assert reply.status_code == 401
    assert reply.json()["error"] == "the token is missing, forged or expired; reload the page"
    assert events.count(own.store) == 0


def test_a_coder_can_neither_overwrite_nor_undo_what_another_one_saved(sit_down, project, save):
    ana, ben = sit_down(project, "ana"), sit_down(project, "ben")
    unit = ana.units()[0]
    ana.post(save(unit))
    undo = save(unit, "undo-0001", op="retract", answers=[], ref="save-0001")

    reasons = [ben.post(sent).json()["rejected"][0]["reason"] for sent in (save(unit), undo)]

    assert reasons == [
        "this event's uuid belongs to another coder",
        "only the coder's own event on the same unit, round and pass can be taken back",
    ]
    assert [coding.coder for coding in tables.codings(project.store)] == ["ana"]


class _Tomorrow(TimestampSigner):
    def get_timestamp(self):
        return super().get_timestamp() + 24 * 3600


class _Yesterday(TimestampSigner):
    def get_timestamp(self):
        return super().get_timestamp() - tokens.LIFETIME - 1


@pytest.mark.parametrize("signer", [_Tomorrow, _Yesterday])
def test_an_expired_token_is_refused_and_its_save_is_kept_with_a_fresh_one(
    desk, project, save, signer
):
    unit, fresh = desk.units()[0], desk.token
    key = URLSafeTimedSerializer(project.store.secret(), salt="desk", signer=signer)
    desk.token = str(key.dumps([project.id, "ana"]))
    reply = desk.post(save(unit))
    assert reply.status_code == 401
    assert reply.json()["error"] == "the token is missing, forged or expired; reload the page"
    assert events.count(project.store) == 0

    desk.token = fresh

    assert desk.post(save(unit)).json()["acks"] == ["save-0001"]
    assert events.count(project.store) == 1


def test_a_body_of_10_mb_is_refused_and_the_next_one_is_kept(desk, project, save):
    unit = desk.units()[0]

    reply = desk.post(save(unit, memo="x" * 10_000_000))

    assert reply.status_code == 413
    assert reply.json()["error"] == (
        f"a request may hold {api.LARGEST_BODY:,} bytes; send fewer events"
    )
    assert desk.post(save(unit)).json()["acks"] == ["save-0001"]
    assert events.count(project.store) == 1
