"""From tags to a model in force: what counts, what is cancelled, what is shown."""

from __future__ import annotations

import math
import shutil
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from annotator.core.annotation import Event
from annotator.core.codebook import Code
from annotator.core.errors import ModelError
from annotator.learn import sealed, vector_files
from annotator.learn.context import in_a_row
from annotator.learn.model import CodeCard, Column, Mistake
from annotator.learn.sampling import RESERVED, Policy, arm_of
from annotator.learn.tokens import tokenise
from annotator.learn.vectors import METHOD, Vectors
from annotator.store import codebooks, desk_units, documents, events, jobs, settings, tables
from annotator.store.events import Told
from annotator.store.seat import Seat
from annotator.workflow import (
    catalogue,
    desk,
    importing,
    overview,
    policies,
    projects,
    reasons,
    suggesting,
    supervising,
    token_cache,
    training,
)
from annotator.workflow.sources import from_uploads
from annotator.workflow.training_table import training_table
from tests.models import put_model
from tests.small import AT, code_units, codebook, named, small_project

BOOK = codebook("border", "road", use='use = ["asserted", "rejected"]')
BY_WORD = named("border", "road")


@pytest.fixture
def project(tmp_path):
    """Twelve articles of three sentences: one on a border, one on a road, one on the rain."""
    said = "The border {0} is ours. The road {0} was shut. It rained on {0}."
    with small_project(tmp_path, BOOK, [said.format(n) for n in range(12)]) as made:
        yield made


def grow(project):
    """A new version of the codebook, with a code more."""
    old = codebooks.current_scheme(project.store).codebooks[0]
    rain = Code(name="rain", title="Rain", definition="Rain falls.")
    frame = old.variable[0].model_copy(update={"code": (*old.variable[0].code, rain)})
    grown = old.model_copy(update={"version": "1.1.0", "variable": (frame,)})
    codebooks.put_scheme(project.store, [(grown, "")], AT)


def test_a_code_added_later_is_blank_in_the_training_table_for_what_came_before(project):
    code_units(project, BY_WORD, which=slice(0, 5))
    grow(project)
    code_units(project, BY_WORD, scheme=2, which=slice(5, 10))

    table = training_table(project.store)

    assert table["frame||rain"].isna().tolist() == [True] * 5 + [False] * 5
    assert table["frame||border"].notna().all()


def test_a_rejected_frame_is_neither_a_positive_nor_a_negative(project):
    (first, *_) = tables.units(project.store)
    answers = [{"variable": "frame", "code": "border", "use": "rejected"}]
    stated = {"uuid": "rejected-1", "op": "set", "unit": first.unit_id, "scheme": 1}
    event = Event.model_validate(stated | {"answers": answers})
    events.record(project.store, [Told("ana", event, AT)])

    (row,) = training_table(project.store).to_dict("records")

    assert math.isnan(row["frame||border"])
    assert row["frame||road"] == 0.0


def test_coders_who_differ_teach_the_share_of_them_that_gave_the_code(project):
    code_units(project, BY_WORD, coder="ana", which=slice(0, 1))
    code_units(project, named(), coder="bela", which=slice(0, 1))
    of_two = training_table(project.store)["frame||border"].tolist()
    code_units(project, named(), coder="cem", which=slice(0, 1))

    assert of_two == [1 / 2]
    assert training_table(project.store)["frame||border"].tolist() == [1 / 3]


def test_skipped_units_teach_nothing(project):
    (first, *_) = tables.units(project.store)
    stated = {"uuid": "skipped-1", "op": "skip", "unit": first.unit_id, "scheme": 1}
    events.record(project.store, [Told("ana", Event.model_validate(stated), AT)])

    assert training_table(project.store).empty


def test_a_trained_model_is_in_force_and_scores_every_unit(project):
    code_units(project, BY_WORD)

    training.train(project)

    engine = suggesting.engine(project.store)
    assert engine is not None
    assert engine.model_id == "m1"
    assert engine.card["scheme"]["codebooks"] == {"small": "1.0.0"}
    assert not np.isnan(engine.scores[1:]).any()
    assert jobs.latest(project.store).status == "done"


def test_suggestions_are_shown_in_their_own_arm_alone(project):
    code_units(project, BY_WORD)
    training.train(project)

    items = desk.upcoming(project, Seat("bela"), after=0, want=40)["next"]

    shown = {item["arm"] for item in items if any(c["show"] for c in item["candidates"])}
    assert {item["arm"] for item in items} == {"random", "control", "suggest"}
    assert shown == {"suggest"}
    assert all(len(item["candidates"]) == 2 for item in items)


def test_a_reason_is_given_only_where_the_suggestion_may_be_seen(project):
    code_units(project, BY_WORD)
    training.train(project)
    items = desk.upcoming(project, Seat("bela"), after=0, want=40)["next"]
    border = ("frame", "", "border")

    told = {
        item["arm"]: reasons.why(project, Seat("bela"), item["id"], Column(*border))
        for item in items
        if "border" in item["text"]
    }

    assert "border" in {word["term"] for word in told["suggest"]["words"]}
    assert told["random"] is None


def test_the_model_before_stays_in_force_when_training_is_cancelled(project):
    code_units(project, BY_WORD)
    training.train(project)

    def cancel(done: int, total: int, message: str) -> None:
        supervising.cancel_training(project.store)

    with pytest.raises(ModelError, match="cancelled"):
        training.train(project, progress=cancel)

    assert jobs.model_id(project.store) == "m1"
    assert jobs.latest(project.store).status == "cancelled"


def test_a_training_can_be_cancelled_while_it_scores_and_leaves_nothing_behind(project):
    code_units(project, BY_WORD)

    def cancel(done: int, total: int, message: str) -> None:
        if message == "scoring every sentence":
            supervising.cancel_training(project.store)

    with pytest.raises(ModelError, match="cancelled"):
        training.train(project, progress=cancel)

    assert list(project.store.models.iterdir()) == []
    assert jobs.model_id(project.store) is None


def test_the_card_says_on_what_it_was_trained_and_why(project):
    code_units(project, BY_WORD, which=slice(0, 5))
    grow(project)
    code_units(project, BY_WORD, scheme=2, which=slice(5, 36))
    code_units(project, BY_WORD, coder="bela", scheme=2, which=slice(5, 6))

    training.train(project, reason="automatic")

    _, card = jobs.model(project.store)
    told = card["scheme"]
    assert card["trained_on"] == 36
    assert (told["decisions"], told["coders"], told["documents"]) == (37, 2, 12)
    assert told["codebooks"] == {"small": "1.1.0"}
    assert told["coded_with"] == {"small": ["1.0.0", "1.1.0"]}
    assert told["reason"] == "automatic"
    assert 0 < told["seconds"] < 60


def test_progress_goes_up_to_the_end_and_names_each_code(project):
    code_units(project, BY_WORD)
    told = []

    training.train(project, progress=lambda *step: told.append(step))

    shares = [done / total for done, total, _ in told if total]
    assert shares == sorted(shares)
    done, total, message = told[-1]
    assert (done, message) == (total, "scoring every sentence")
    assert {"frame||border", "frame||road"} <= {message for _, _, message in told}


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (MemoryError(), "this machine has too little memory"),
        (OSError(28, "No space left on device", "scores.npy"), "No space left on device"),
        (KeyError("frame"), "a fault in the program (KeyError)"),
    ],
)
def test_a_training_that_breaks_off_says_why_and_where_to_read_more(project, fault, said):
    code_units(project, BY_WORD)
    log = supervising.log_file(project.store)

    def fail(done: int, total: int, message: str) -> None:
        raise fault

    with pytest.raises(type(fault)):
        training.train(project, progress=fail, log=log)

    told = supervising.last_fault(project)
    assert told.startswith("The last training failed: it broke off")
    assert said in told
    assert told.endswith(f"{log} says more.")


def test_a_training_whose_process_is_killed_is_noticed_at_once(project):
    code_units(project, BY_WORD)
    supervising.start_training(project, "asked")
    child = supervising._children[project.path].process
    jobs.start(project.store, pid=child.pid, reason="asked", at=AT, last_event=0)

    child.kill()
    child.wait()

    assert not supervising.is_training(project)
    assert "ended from outside (signal 9)" in supervising.last_fault(project)
    assert "training.log" in supervising.last_fault(project)


def test_how_long_a_training_still_takes_is_guessed_from_how_far_it_is(project):
    job = jobs.start(project.store, pid=1, reason="asked", at=AT, last_event=0)
    at = AT.replace("10:00:00", "10:00:10")

    assert supervising.remaining(job._replace(done=5, total=20), at) == 30
    assert supervising.remaining(job._replace(done=0, total=20), at) is None
    assert supervising.remaining(job._replace(done=5, total=20), AT) is None


def lacking(**fields):
    card = {"variable": "frame", "target": "", "code": "road", "negatives": 200} | fields
    return overview.missing(CodeCard(**card))


def test_what_a_code_lacks_is_one_plain_sentence():
    assert lacking(positives=0) == "never given"
    assert lacking(positives=7, positive_documents=4) == "7 of about 20 positives"
    assert lacking(positives=1, positive_documents=1) == "1 of at least 5 positives"
    assert lacking(positives=30, positive_documents=1) == "in 1 article only: needs at least 2"
    assert lacking(positives=40, negatives=3) == "only 3 sentences without it: needs at least 5"
    assert (
        lacking(positives=40, surest_precision=0.389)
        == "precision too unsure: lower bound .38 < .50"
    )
    assert lacking(positives=40) == "not yet surely right in half of the cases"
    assert lacking(positives=40, desk_threshold=0.6) == ""


def test_codes_are_told_the_best_first_and_those_that_learn_the_nearest_first():
    codes = [
        CodeCard(variable="frame", target="", code=name, positives=positives, negatives=90)
        for name, positives in (("few", 4), ("none", 0), ("some", 12))
    ]
    desk = [
        CodeCard(variable="frame", target="", code=name, positives=40, negatives=90,
                 desk_threshold=0.5, average_precision=average)
        for name, average in (("good", 0.7), ("better", 0.9))
    ]  # fmt: skip

    told = overview.readiness([*codes, *desk])

    assert [code.code for code in told.on_desk] == ["better", "good"]
    assert [code.code for code in told.learning] == ["some", "few"]
    assert [code.code for code in told.never_given] == ["none"]


def test_a_sentence_still_to_be_coded_blind_is_not_among_the_mistakes_to_read(project):
    code_units(project, BY_WORD)
    put_model(project, ["border"])
    mistakes = [Mistake(unit_id=unit.unit_id, score=0.5) for unit in tables.units(project.store)]

    mine = overview.to_read(project, "ana", mistakes, most=99)
    others = overview.to_read(project, "bela", mistakes, most=99)
    nobodys = overview.to_read(project, None, mistakes, most=99)

    arms = {arm_of(unit.unit_id, project.seed, unit.draw) for _, unit in mine}
    assert arms == {"random", "control", "suggest"}
    assert {arm_of(unit.unit_id, project.seed, unit.draw) for _, unit in others} == {"suggest"}
    assert nobodys == others
    assert len(overview.to_read(project, "ana", mistakes)) == 5
    policies.put(project.store, Policy("off"), who="ana")
    assert overview.to_read(project, "bela", mistakes) == []
    assert overview.to_read(project, "ana", mistakes, most=99) == mine


def test_a_mistake_whose_article_is_gone_is_left_out(project):
    gone = Mistake(unit_id="0123456789abcdef:0-9", score=0.5)

    assert overview.to_read(project, "ana", [gone]) == []


def saved(project):
    """The bytes of the files of the model in force that say nothing of when it was made."""
    folder = project.store.models / jobs.model_id(project.store)
    return {name: (folder / name).read_bytes() for name in ("model.npz", "units.json")}


def test_the_same_events_and_seed_make_the_same_model_to_the_byte(project):
    code_units(project, BY_WORD, which=slice(0, 30))
    training.train(project)
    first, scores = saved(project), np.load(suggesting.scores_file(project.store, "m1"))

    training.train(project)
    again = saved(project)
    shutil.rmtree(project.store.cache)
    training.train(project)

    assert jobs.model_id(project.store) == "m3"
    assert again == first
    assert saved(project) == first
    np.testing.assert_array_equal(np.load(suggesting.scores_file(project.store, "m3")), scores)


def test_the_model_is_the_same_whether_the_words_were_cut_at_once_or_as_they_came(project):
    late = [(f"late {n}.txt", f"The bridge {n} fell. Rain {n} fell.".encode()) for n in range(4)]
    gone = [("gone.txt", b"Nobody else says umbrella. An umbrella it was.")]
    code_units(project, BY_WORD)
    for files in (gone, late):
        list(importing.import_sources(project.store, project.seed, from_uploads(files)))
        token_cache.brought_up(project.store)
    last = next(one for one in documents.overview(project.store) if one.file == "gone.txt")
    catalogue.remove(project.store, [last.id])
    training.train(project)
    by_and_by = saved(project)

    shutil.rmtree(project.store.cache)
    training.train(project)

    assert saved(project) == by_and_by


def test_another_project_of_the_same_name_learns_nothing_from_what_was_there(project, tmp_path):
    code_units(project, BY_WORD)
    training.train(project)
    cache, place = project.store.cache, project.path
    shutil.copytree(cache, tmp_path / "left")
    projects.close_project(place)
    projects.discard(place)
    other = projects.create(place, [tmp_path / "small.toml"])
    said = "A border that nobody saw, {n}. One road led to {n}. Snow fell on {n} roofs."
    files = [(f"{n}.txt", said.format(n=n).encode()) for n in range(12)]
    list(importing.import_sources(other.store, other.seed, from_uploads(files)))
    code_units(other, BY_WORD)
    training.train(other)
    alone = saved(other)

    shutil.rmtree(cache)
    shutil.copytree(tmp_path / "left", cache)
    training.train(other)

    assert saved(other) == alone


def put_vectors(project, *words):
    """Put word vectors of these words in force; their name."""
    about = {"method": METHOD, "words": len(words), "dims": len(words)}
    vectors = Vectors(words, np.eye(len(words), dtype=np.float32), about)
    folder = project.store.models / "vectors"
    card = vector_files.save(vectors, folder / "new", {})
    name = str(sealed.digest(card, sealed.CARD))[:16]
    (folder / "new").rename(folder / name)
    settings.put(project.store, vectors=name)
    return name


def test_the_card_names_the_word_vectors_that_were_in_force_when_training_began(project):
    code_units(project, BY_WORD)
    training.train(project)
    _, without = jobs.model(project.store)
    first = put_vectors(project, "border", "road")

    def replace(done: int, total: int, message: str) -> None:
        if message == "reading the tags":
            put_vectors(project, "rained", "shut", "ours")

    training.train(project, progress=replace)

    _, card = jobs.model(project.store)
    assert "vectors" not in without
    assert card["vectors"] == first
    assert card["scheme"]["vectors"] == {"method": METHOD, "dims": 2}
    assert card["features"]["pieces"]["vectors"] == 2


def test_the_scores_of_all_sentences_are_those_of_their_texts(project):
    code_units(project, BY_WORD, which=slice(0, 30))
    training.train(project)
    model = suggesting.loaded(project.store, "m1")
    units = list(tables.units(project.store))
    texts = tokenise([unit.text for unit in units])
    decisions = model.decide(texts, model.of_tokens(texts.lexicon))
    documents_ = np.unique([unit.document_id for unit in units], return_inverse=True)[1]

    scores = np.load(suggesting.scores_file(project.store, "m1"))

    np.testing.assert_allclose(
        scores[[unit.seq for unit in units]],
        model.scores_in_context(decisions, in_a_row(documents_)),
        rtol=1e-5,
    )


@contextmanager
def room_for(size):
    """No file can be written beyond so many bytes, as on a disk that becomes full."""
    resource = pytest.importorskip("resource", reason="only POSIX limits the size of files")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("lexicon.txt", [f"{'syllable' * 7}{n}" for n in range(4_000)]),
        ("ids.bin", [f"word{n % 6}" for n in range(60_000)]),
    ],
    ids=["many words", "long texts"],
)
def test_a_disk_that_becomes_full_leaves_the_old_model_and_the_next_training_is_right(
    project, name, words
):
    code_units(project, BY_WORD, which=slice(0, 30))
    training.train(project)
    said = (" ".join(words[at : at + 100]) for at in range(0, len(words), 100))
    files = [("long.txt", ". ".join(said).encode())]
    list(importing.import_sources(project.store, project.seed, from_uploads(files)))
    project.store.db.execute("pragma wal_checkpoint(truncate)")

    with room_for(200_000), pytest.raises(OSError, match="File too large"):
        training.train(project)

    assert (project.store.cache / "tokens" / name).stat().st_size == 200_000
    told = supervising.last_fault(project)
    assert told == "The last training failed: it broke off: File too large."
    assert jobs.model_id(project.store) == "m1"
    assert [path.name for path in project.store.models.iterdir()] == ["m1"]
    training.train(project)
    right = saved(project)
    shutil.rmtree(project.store.cache)
    training.train(project)
    assert saved(project) == right


def test_only_one_training_runs_at_a_time(project):
    code_units(project, BY_WORD)

    def again(done: int, total: int, message: str) -> None:
        training.train(project)

    with pytest.raises(ModelError, match="being trained already"):
        training.train(project, progress=again)


def test_a_training_that_died_does_not_block_the_next_one(project):
    code_units(project, BY_WORD)
    job = jobs.start(project.store, pid=1, reason="asked", at=AT, last_event=0)
    with project.store.write() as conn:
        conn.execute("update train_job set heartbeat = 0 where id = ?", (job.id,))

    training.train(project)

    assert jobs.model_id(project.store) == "m1"


def test_training_is_due_after_25_decisions_with_5_of_two_codes(project):
    code_units(project, BY_WORD, which=slice(0, 24))
    assert not supervising.is_due(project.store)

    code_units(project, BY_WORD, which=slice(24, 25))
    assert supervising.is_due(project.store)

    training.train(project)
    assert not supervising.is_due(project.store)


def test_training_is_not_due_while_only_one_code_has_enough(project):
    code_units(project, named("border"))

    assert not supervising.is_due(project.store)


def test_a_model_id_is_never_used_twice(project):
    code_units(project, BY_WORD)
    training.train(project)
    Path(project.store.models / "m1").rename(project.path.with_name("elsewhere"))

    training.train(project)

    assert jobs.model_id(project.store) == "m2"


def test_without_a_model_only_the_random_stream_has_an_arm(project):
    items = desk.upcoming(project, Seat("ana"), after=0, want=40)["next"]

    reserved = {unit.unit_id for unit in tables.units(project.store) if unit.draw < RESERVED}
    assert {item["id"] for item in items if item["arm"] == "random"} == reserved
    assert {item["arm"] for item in items} == {"random", ""}


def test_a_desk_is_told_its_recent_decisions_newest_first(project):
    code_units(project, BY_WORD, which=slice(0, 3))

    recent = desk.opening(project, Seat("ana"))["recent"]

    last = [unit.unit_id for unit in desk_units.recent(project.store, Seat("ana"))]
    assert [item["id"] for item in recent] == last
    assert recent[0]["text"].startswith("It rained")
