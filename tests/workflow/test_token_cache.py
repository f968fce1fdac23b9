"""The numbers of a project's words: kept beside it, and always what cutting anew would give."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from annotator.core.codebook import Codebook
from annotator.learn.tokens import tokenise
from annotator.store import Store, codebooks, documents, settings, tables
from annotator.workflow import catalogue, importing, token_cache
from annotator.workflow.resegmenting import resegment
from annotator.workflow.sources import from_uploads

AT = "2031-04-05T10:00:00.000+00:00"
SEED = 7
FILES = ["lexicon.txt", "ids.bin", "units.bin", "state.json"]
CODEBOOK = Codebook.model_validate(
    {
        "name": "small",
        "version": "1.0.0",
        "title": "Small",
        "variable": [
            {
                "name": "frame",
                "code": [{"name": "peace", "title": "Peace", "definition": "Fighting ends."}],
            }
        ],
    }
)


@pytest.fixture
def store(tmp_path):
    """Six articles of three sentences each."""
    made = create(tmp_path / "p.annotator")
    bring(made, *(f"The border {n} is ours. The road {n} was shut. Rain {n}!" for n in range(6)))
    yield made
    made.close()


@pytest.fixture
def in_small_runs(monkeypatch):
    """Cut four units at a time, as larger projects are cut in runs."""
    monkeypatch.setattr(token_cache, "AT_ONCE", 4)


def create(path):
    made = Store.create(path)
    codebooks.put_scheme(made, [(CODEBOOK, "")], AT)
    return made


def bring(store, *texts):
    files = [(f"{number}.txt", text.encode()) for number, text in enumerate(texts)]
    list(importing.import_sources(store, SEED, from_uploads(files)))


def folder(store):
    return store.cache / "tokens"


def assert_is_as_cut_anew(store, cached):
    units = list(tables.unit_texts(store, 0))
    anew = tokenise(text for _, _, text in units)
    assert cached.texts.lexicon == anew.lexicon
    np.testing.assert_array_equal(cached.texts.ids, anew.ids)
    np.testing.assert_array_equal(cached.texts.ends, anew.ends)
    assert cached.seqs.tolist() == [seq for seq, _, _ in units]


def cut_by(store):
    """How many units were there already and how many there are, for each run that was cut."""
    told = []
    cached = token_cache.brought_up(store, lambda done, total, _: told.append((done, total)))
    assert_is_as_cut_anew(store, cached)
    return told


def test_only_what_is_new_is_cut(store):
    assert cut_by(store) == [(0, 18)]
    assert cut_by(store) == []

    bring(store, "The envoy left. Nobody came.")

    assert cut_by(store) == [(18, 20)]
    assert cut_by(store) == []


@pytest.mark.usefixtures("in_small_runs")
def test_many_units_are_cut_in_runs(store):
    assert cut_by(store) == [(0, 18), (4, 18), (8, 18), (12, 18), (16, 18)]


def test_a_project_without_units_has_no_tokens(tmp_path):
    cached = token_cache.brought_up(create(tmp_path / "p.annotator"))

    assert (len(cached.texts), cached.texts.lexicon, len(cached.seqs)) == (0, (), 0)


@pytest.mark.usefixtures("in_small_runs")
def test_coders_save_and_progress_is_kept_while_words_are_cut(store):
    with ThreadPoolExecutor(1) as coder:

        def report(done, total, message):
            coder.submit(settings.put, store, saved=str(done)).result()
            settings.put(store, progress=str(done))

        token_cache.brought_up(store, report)

    assert settings.value(store, "progress") == settings.value(store, "saved") == "16"


@pytest.mark.usefixtures("in_small_runs")
def test_a_run_that_broke_off_is_cut_again_and_those_before_it_are_not(store):
    def report(done, total, message):
        if done == 8:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        token_cache.brought_up(store, report)

    assert cut_by(store) == [(8, 18), (12, 18), (16, 18)]


def cut(path):
    path.write_bytes(path.read_bytes()[:-3])


def halve(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty(path):
    path.write_bytes(b"")


def turn_a_byte(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def fill_with_zeros(path):
    path.write_bytes(bytes(path.stat().st_size))


def make_a_folder(path):
    path.unlink()
    path.mkdir()


def unlink(path):
    path.unlink()


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    "damage", [cut, halve, empty, turn_a_byte, fill_with_zeros, make_a_folder, unlink]
)
def test_a_damaged_file_is_cut_anew(store, name, damage):
    token_cache.brought_up(store)
    damage(folder(store) / name)

    assert cut_by(store) == [(0, 18)]
    assert cut_by(store) == []


@pytest.mark.parametrize("name", ["lexicon.txt", "ids.bin", "units.bin"])
def test_what_a_broken_off_writing_left_at_the_end_is_written_over(store, name):
    token_cache.brought_up(store)
    with (folder(store) / name).open("ab") as file:
        file.write(b"left over\n")
    assert cut_by(store) == []

    bring(store, "The envoy left.")

    assert cut_by(store) == [(18, 19)]
    assert cut_by(store) == []


def of_another_version(state):
    return state | {"version": state["version"] + 1}


def without_a_file(state):
    return state | {"whole": {"ids.bin": state["whole"]["ids.bin"]}}


def of_fewer_bytes(state):
    size, checksum = state["whole"]["ids.bin"]
    return state | {"whole": state["whole"] | {"ids.bin": [size - 4, checksum]}}


def of_parts_of_bytes(state):
    size, checksum = state["whole"]["ids.bin"]
    return state | {"whole": state["whole"] | {"ids.bin": [size + 0.5, checksum]}}


def below_nothing(state):
    return state | {"whole": state["whole"] | {"ids.bin": [-4, 0]}}


def in_words(state):
    return state | {"whole": "all of it"}


def a_list(state):
    return [state]


def nothing(state):
    return None


@pytest.mark.parametrize(
    "spoil",
    [
        *(of_another_version, without_a_file, of_fewer_bytes, of_parts_of_bytes, below_nothing),
        *(in_words, a_list, nothing),
    ],
)
def test_a_state_that_is_none_has_all_cut_anew(store, spoil):
    token_cache.brought_up(store)
    place = folder(store) / "state.json"
    place.write_text(json.dumps(spoil(json.loads(place.read_text()))))

    assert cut_by(store) == [(0, 18)]


@pytest.mark.parametrize("content", ["{", "[" * 100_000, "é"])
def test_a_state_that_cannot_be_read_has_all_cut_anew(store, content):
    token_cache.brought_up(store)
    (folder(store) / "state.json").write_text(content, encoding="utf-8")

    assert cut_by(store) == [(0, 18)]


def test_a_deleted_cache_is_made_again(store):
    token_cache.brought_up(store)
    shutil.rmtree(store.cache)

    assert cut_by(store) == [(0, 18)]


def test_another_project_of_the_same_name_is_cut_anew(store, tmp_path):
    token_cache.brought_up(store)
    other = create(tmp_path / "other.annotator")
    bring(other, *(f"It rained {n} days. The envoy {n} left. Nobody came!" for n in range(6)))
    place = store.path
    store.close()
    other.close()
    for end in ("", "-wal", "-shm"):
        place.with_name(place.name + end).unlink(missing_ok=True)
    other.path.rename(place)

    replaced = Store.open(place)

    assert cut_by(replaced) == [(0, 18)]
    replaced.close()


def test_what_stands_before_a_removed_article_is_kept_and_its_words_are_forgotten(store):
    token_cache.brought_up(store)
    third = documents.overview(store)[2]

    catalogue.remove(store, [third.id])

    assert cut_by(store) == [(6, 15)]
    assert "2" not in token_cache.brought_up(store).texts.lexicon


def test_a_removed_last_article_leaves_nothing_to_cut(store):
    token_cache.brought_up(store)

    catalogue.remove(store, [documents.overview(store)[-1].id])

    assert cut_by(store) == []
    assert "5" not in token_cache.brought_up(store).texts.lexicon


def test_an_emptied_project_has_no_tokens_left(store):
    token_cache.brought_up(store)

    catalogue.remove(store, [one.id for one in documents.overview(store)])

    assert cut_by(store) == []


def test_a_retired_article_keeps_its_numbers(store):
    token_cache.brought_up(store)

    catalogue.retire(store, [documents.overview(store)[2].id])

    assert cut_by(store) == []


def test_articles_that_are_cut_into_other_units_are_read_again(store):
    token_cache.brought_up(store)
    before = [seq for seq, _ in tables.unit_names(store)]

    resegment(store, SEED, unit="paragraph", who="ana")

    assert [seq for seq, _ in tables.unit_names(store)] != before
    assert cut_by(store) == [(0, 6)]
    assert cut_by(store) == []


@hypothesis_settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    texts=st.lists(st.text(min_size=1, max_size=300), max_size=12),
    late=st.lists(st.text(min_size=1, max_size=300), max_size=4),
    gone=st.integers(0, 11),
)
def test_any_text_that_comes_and_goes_gives_what_cutting_anew_would(
    tmp_path_factory, texts, late, gone
):
    store = create(tmp_path_factory.mktemp("any") / "p.annotator")
    bring(store, *texts)
    assert_is_as_cut_anew(store, token_cache.brought_up(store))

    catalogue.remove(store, [one.id for one in documents.overview(store)[gone : gone + 1]])
    bring(store, *late)

    assert_is_as_cut_anew(store, token_cache.brought_up(store))
    store.close()


def test_runs_of_texts_together_are_all_texts(store):
    cached = token_cache.brought_up(store)

    runs = list(token_cache.parts(cached.texts, 7))

    assert [(run.start, run.stop) for run, _ in runs] == [(0, 7), (7, 14), (14, 18)]
    for run, texts in runs:
        for place, number in enumerate(range(run.start, run.stop)):
            np.testing.assert_array_equal(
                texts.ids[texts.ends[place] : texts.ends[place + 1]],
                cached.texts.ids[cached.texts.ends[number] : cached.texts.ends[number + 1]],
            )
