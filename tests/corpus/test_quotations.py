"""Quotations are found where they are, and whoever said them is behind them."""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.core.document import Segment
from annotator.corpus import quotations
from annotator.corpus.quotations import hear, voices
from annotator.corpus.speech.words import words

WORD_FILES = sorted((Path(quotations.__file__).parent / "speech_words").glob("*.toml"))
INTRODUCED = "Orla Venn, head of the Tessel Institute, said on Monday that the dam was safe.\n\n"


def said(text, language="en"):
    """What was found, as text: whose words they are, and of which kind."""
    return [(q.speaker, q.kind, text[q.start : q.end]) for q in hear(text, language).quotations]


def speakers(text, language="en"):
    return [q.speaker for q in hear(text, language).quotations if q.kind == "direct"]


def unit_voices(text, *sentences, language="en"):
    """The voices of these sentences of a text."""
    segments = [
        Segment(start=text.index(s), end=text.index(s) + len(s), paragraph=0, part="body")
        for s in sentences
    ]
    return [(v.voice, v.speakers) for v in voices(text, segments, hear(text, language))]


# Marks


@pytest.mark.parametrize(
    "text",
    [
        '"We shall not leave, whatever happens," she said.',
        "“We shall not leave, whatever happens,” she said.",
        "‘We shan’t leave, whatever the workers’ union says,’ she said.",
        "'We shan't leave, whatever the workers' union says,' she said.",
        "„Wir gehen nicht, was auch kommt“, sagte sie.",
        "»Wir gehen nicht, was auch kommt«, sagte sie.",
        "« Nous ne partons pas, quoi qu’il arrive », dit-elle.",
        "«Мы не уйдём, что бы ни случилось», — сказала она.",
        "”Vi går inte, vad som än händer”, sade hon.",
        "「私たちは行きません。」と彼女は言った。",
        '"The so-called "peace", signed in May, is no peace at all," she said.',
        "“He told me ‘never again’, and I believed him,” she said.",
        '"הם לא באו אלינו, ואנחנו מחכים," אמרה.',
    ],
)
def test_one_quotation_is_found_whole_in_the_marks_of_its_language(text):
    closing = max(map(text.rfind, "\"”’'“«»」"))

    assert [text[q.start : q.end] for q in hear(text, "en").quotations] == [text[: closing + 1]]


def test_apostrophes_are_no_quotation_marks():
    assert said("The workers' union doesn't mind the '90s, and Venn's boys don't either.") == []


def test_an_open_quotation_ends_with_its_paragraph_and_says_so():
    text = 'He said: "We go on and on, he added.\n\nNobody answered him.'

    found = hear(text, "en").quotations[0]

    assert text[found.start : found.end] == '"We go on and on, he added.'
    assert found.flag == "unclosed"


def test_a_quotation_over_many_paragraphs_has_one_speaker():
    middle = "".join(f"“And on day {n} we waited again.\n\n" for n in range(12))
    text = f"“We waited, every one of us,” said Orla Venn. “On and on.\n\n{middle}“That was all.”"

    found = hear(text, "en").quotations

    assert {q.speaker for q in found} == {"Orla Venn"}
    assert [q.flag for q in found[2:]] == ["continued"] * 13


def test_a_stray_mark_does_not_swallow_what_follows():
    text = 'A pipe of 6" burst.\n\n"It is mended now, thank you," said Orla Venn.'

    assert said(text) == [("Orla Venn", "direct", '"It is mended now, thank you,"')]


def test_a_few_words_that_nobody_says_are_a_term():
    text = 'The so-called "Tessel council" met at noon. The film "The Long Way" opens today.'

    assert [kind for _, kind, _ in said(text)] == ["scare", "scare"]


def test_a_few_words_with_a_verb_are_speech():
    assert said('"No," said Orla Venn.') == [("Orla Venn", "direct", '"No,"')]


# Speakers


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ('"It is a good day for us all," Orla Venn said.', "Orla Venn"),
        ('"It is a good day for us all," said Dr. Orla Venn, a biologist.', "Orla Venn"),
        ('Foreign Minister Orla Venn said: "It is a good day for us all."', "Orla Venn"),
        ('"It is a good day for us all," the minister, Orla Venn, told reporters.', "Orla Venn"),
        ('"It is a good day for us all," the Harbour Ministry said.', "Harbour Ministry"),
        ('"It is a good day," said a spokesman for the army.', "a spokesman for the army"),
        ('"It is a good day for us all," grinned Orla Venn.', "Orla Venn"),
        ('In the words of Orla Venn, "it is a good day for us all".', "Orla Venn"),
        ('"It is a good day for us all." — Orla Venn', "Orla Venn"),
        ('Orla Venn: "It is a good day for us all."', "Orla Venn"),
        ('People wept, with one resident writing: "It is a good day."', "one resident"),
        ('"Is it a good day for us?" Orla Venn asked in parliament.', "Orla Venn"),
        ('"A good day for all!" Venn said. Orla Venn left.', "Orla Venn"),
    ],
)
def test_the_speaker_is_named_beside_the_quotation(text, speaker):
    assert speakers(text) == [speaker]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        # what stands between a name and its verb
        ('Orla Venn, who turned 42 in May, said: "It is a good day."', "Orla Venn"),
        ('Orla Venn — the captain for nine years — said: "It is a good day."', "Orla Venn"),
        ('Orla Venn, for her part, said: "It is a good day."', "Orla Venn"),
        ('"It is a good day," the boss, Kelly, said.', "Kelly"),
        ('The cooks, who had heard it all, will say: "It is a good day."', "The cooks"),
        ('Boris met Orla Venn, head of a union, who said: "It is a good day."', "Orla Venn"),
        # what stands before it
        ('Norrel envoy for Tamania Orla Venn said: "It is a good day."', "Orla Venn"),
        ('Leader of the Opposition Orla Venn said: "It is a good day."', "Orla Venn"),
        ('North Norrel coach Orla Venn said: "It is a good day."', "Orla Venn"),
        ('"It is a good day," said North Norrel coach Orla Venn.', "Orla Venn"),
        (
            'Reporting from Tessel, Trellis\'s Orla el-Venn said: "It is a good day."',
            "Orla el-Venn",
        ),
        ('17:42 Our reporter Orla Venn is on the bridge: "It is a good day."', "Orla Venn"),
        ('"It is a good day," said the Chair, Orla van der Venn.', "Orla van der Venn"),
        ('"It is a good day," said her sister, Orla Venn.', "Orla Venn"),
        ('"It is a good day," says Trellis partner Orla Venn.', "Orla Venn"),
        # a phrase whose end is no subject
        (
            'An aide with a group planning Norrel\'s future said: "It is a good day."',
            "An aide",
        ),
        ('Some people backing Orla Venn said: "It is a good day."', "Some people"),
        ('A source close to the mayor said: "It is a good day."', "A source close to the mayor"),
        ('Her family said: "It is a good day."', "Her family"),
        ('Kern\'s club, Norrel Athletic, said: "It is a good day."', "Norrel Athletic"),
        # several people
        ('"It is a good day," Orla Venn and Boris Kern said.', "Orla Venn"),
        ('"It is a good day," Orla Venn, Ada Tamm and Boris Kern said.', "Orla Venn"),
        ('Radio Norrel quoted Orla Venn as saying: "It is a good day."', "Orla Venn"),
        ('Orla Venn said it was "a very good day," the Norrel agency reported.', "Orla Venn"),
        ('Kern said that Orla Venn had come and had called it "a good day".', "Orla Venn"),
    ],
)
def test_the_subject_of_a_verb_is_the_speaker_whatever_stands_around_it(text, speaker):
    assert speakers(text) == [speaker]


def test_a_name_that_begins_small_is_the_same_at_the_head_of_a_sentence():
    text = '"It is late," Sami al-Jun told Trellis.\n\nAl-Jun said: "And it is cold."'

    assert speakers(text) == ["Sami al-Jun"] * 2


def test_the_first_word_of_a_phrase_for_somebody_else_is_no_pronoun():
    text = f'{INTRODUCED}His only pupil, Ada Tamm, came in May. "I know the dam," she said.'

    assert speakers(text) == ["Ada Tamm"]


def test_a_name_beside_an_object_tells_nothing_of_its_sex():
    text = 'Boris Kern left. Uke Venn thanked him. "He was a good man," she said.'

    assert speakers(text) == ["Uke Venn"]


def test_a_role_by_age_or_origin_is_the_person_the_sentence_before_is_about():
    text = 'Tiebe Ruit won on Monday. "It is good," the 22-year-old said. "Very," said the Italian.'

    assert speakers(text) == ["Tiebe Ruit"] * 2


def test_whose_club_it_is_can_be_the_pronoun_after_it():
    text = (
        '"Third is third," said Boris Kern.\n\n'
        "Ada Tamm's club, Norrel Athletic, said that it would frame the shoe. "
        'The athlete had other plans. "I need it for training," she said.'
    )

    assert speakers(text) == ["Boris Kern", "Ada Tamm"]


def test_an_answer_is_whose_name_the_question_has():
    text = f'{INTRODUCED}"It leaks," Boris Kern said.\n\nAnd what does Venn say?\n\n"Let it leak."'

    assert speakers(text) == ["Boris Kern", "Orla Venn"]


def test_a_sentence_goes_on_being_its_subjects_whoever_is_quoted_in_it():
    text = 'Uke Kern recalled that Mira Osk had called it "a so-called road". "Now she uses it."'

    assert speakers(text) == ["Mira Osk", "Uke Kern"]


def test_the_wife_of_somebody_who_spoke_is_not_him():
    text = '"I sang," Pete Lowry said.\n\nMrs Lowry said: "He sang all night."'

    assert speakers(text) == ["Pete Lowry", "Mrs Lowry"]


def test_the_company_is_the_one_that_the_sentence_before_is_about():
    text = (
        "The spill is large, the Norrel Coast Guard said. The owner, Delmar Lines, has apologised. "
        '"We take full responsibility," the company said.'
    )

    assert speakers(text) == ["Delmar Lines"]


def test_a_body_is_not_the_person_who_speaks_for_it():
    text = (
        'Orla Venn, spokeswoman for the dam committee, said: "It is safe." '
        'The committee said: "We agree."'
    )

    assert speakers(text) == ["Orla Venn", "The committee"]


@pytest.mark.parametrize(
    "text",
    [
        'The goat, now nicknamed "Bagel," is well.',
        'The attack was by a user labelled "Nobody" on Monday.',
        'The website "Norrel Today" is closed.',
    ],
)
def test_what_only_has_a_name_is_a_term(text):
    assert [kind for _, kind, _ in said(text)] == ["scare"]


def test_a_term_for_the_kind_of_a_thing_is_nobodys_words():
    text = 'The shares are cheap, according to Orla Venn, who has a "sell" rating on them.'

    assert [(who, kind) for who, kind, _ in said(text)] == [
        ("Orla Venn", "indirect"),
        ("", "scare"),
    ]


def test_a_sentence_that_ends_in_a_colon_tells_who_speaks_by_its_subject():
    text = (
        f'{INTRODUCED}17:42 Boris Kern, soaked to the skin, is on the bridge: "It is a good day."'
    )

    assert [(q.speaker, q.mode) for q in hear(text, "en").quotations[1:]] == [
        ("Boris Kern", "name")
    ]


def test_a_term_in_what_somebody_is_reported_with_is_theirs():
    text = "Orla Venn said the charge had been brought in for ‘moral’ reasons."

    assert [(who, kind) for who, kind, _ in said(text)] == [
        ("Orla Venn", "indirect"),
        ("Orla Venn", "direct"),
    ]


def test_paragraphs_that_open_with_a_single_mark_go_on_until_it_closes():
    text = "'We came by night,' said Orla Venn. 'On foot.\n\n'And it rained.'"

    assert speakers(text) == ["Orla Venn"] * 3


def test_the_parts_of_a_split_quotation_have_one_speaker():
    assert speakers('"We came," said Orla Venn, "and we saw the sea."') == ["Orla Venn"] * 2


def test_a_pronoun_means_who_spoke_last_and_fits():
    text = f'{INTRODUCED}Boris Kern disagreed. "It leaks in three places," he said.'

    assert speakers(text) == ["Boris Kern"]


def test_he_and_she_are_told_apart_by_what_the_text_says_of_them():
    text = (
        'Mr Adeyo and Mrs Tamm met in Tessel. "The bridge is mine," said Adeyo. '
        '"It is not," said Tamm.\n\n"I built it myself," he said.\n\n"I paid for it," she said.'
    )

    assert speakers(text) == ["Adeyo", "Tamm", "Adeyo", "Tamm"]


def test_a_role_without_a_name_is_the_last_speakers_and_less_sure():
    text = '"It leaks in three places," Orla Venn said.\n\n"Or in four," the expert said.'

    first, second = hear(text, "en").quotations

    assert (second.speaker, second.mode) == ("Orla Venn", "role")
    assert second.confidence < first.confidence


def test_an_interview_without_marks_is_its_speakers_turn_by_turn():
    text = (
        "A talk with Orla Venn\n\nTrellis: When did it begin?\n\nVenn: In May.\n\n"
        "Trellis: And now?\n\nVenn: Now we wait."
    )

    assert speakers(text) == ["Trellis", "Orla Venn", "Trellis", "Orla Venn"]


def test_two_people_of_one_surname_stay_two():
    text = (
        '"The valley is dry," said Ilka Brandt.\n\n"It was always dry," said Tomas Brandt.\n\n'
        '"We shall leave in the spring," said Ilka Brandt.'
    )

    assert speakers(text) == ["Ilka Brandt", "Tomas Brandt", "Ilka Brandt"]


def test_a_bare_surname_of_two_people_is_less_sure():
    text = '"It is dry," said Ilka Brandt.\n\n"It was," said Tomas Brandt.\n\n"Yes," said Brandt.'

    last = hear(text, "en").quotations[-1]

    assert last.speaker == "Tomas Brandt"
    assert last.confidence < hear(text, "en").quotations[0].confidence


def test_one_person_under_several_names_is_one():
    text = f'{INTRODUCED}"I am sure," Venn said.\n\n"Quite sure," the head of the institute said.'

    person = hear(text, "en").people[0]

    assert speakers(text) == ["Orla Venn", "Orla Venn"]
    assert (person.name, "Venn" in person.aliases) == ("Orla Venn", True)


def test_a_person_keeps_what_was_said_of_them():
    person = hear(INTRODUCED, "en").people[0]

    assert (person.affiliation, person.kind) == ("head of the Tessel Institute", "")


def test_an_outlet_that_was_told_is_the_source_and_not_the_speaker():
    found = hear('"The dam is safe for now," Orla Venn told the Gazette.', "en").quotations[0]

    assert (found.speaker, found.source) == ("Orla Venn", "the Gazette")


def test_a_quotation_without_a_verb_goes_on_from_the_one_before():
    text = '"The dam is safe," said Orla Venn. "I looked at it."\n\n"Twice, in fact."'

    assert [(q.speaker, q.mode) for q in hear(text, "en").quotations] == [
        ("Orla Venn", "name"),
        ("Orla Venn", "chain"),
        ("Orla Venn", "chain"),
    ]


def test_nobody_is_named_for_a_quotation_that_nobody_is_near():
    assert speakers('The rain fell.\n\n"What a day it has been for us all."\n\nIt stopped.') == [""]


def test_the_headline_quotes_whom_the_article_quotes():
    text = "“We count the boats”\n\n“We count the boats, not the fish,” said Orla Venn on Monday."

    assert speakers(text) == ["Orla Venn", "Orla Venn"]


# Indirect speech


@pytest.mark.parametrize(
    "sentence",
    [
        "Orla Venn noted that the dam was safe.",
        "The dam is safe, Orla Venn, head of the Tessel Institute, told Trellis.",
        "The dam is safe for now, said Orla Venn.",
        "According to Orla Venn, the dam is safe.",
        "In Orla Venn's view, the dam is safe.",
        "Orla Venn believes the dam is safe.",
        "Orla Venn accused the mayor of hiding a report.",
        "Orla Venn said the dam was “a very bad idea for all of us”.",
        "Orla Venn said Kern “had gone a little too far”.",
        "Dam to be finished by the end of May, says Orla Venn",
        "The dam had cost “far too much money” in a poor year, said Orla Venn.",
        "Orla Venn stated Kern had left on Monday.",
    ],
)
def test_reported_speech_is_the_speakers_and_not_the_authors(sentence):
    found = [(speaker, kind) for speaker, kind, _ in said(sentence) if kind == "indirect"]

    assert found == [("Orla Venn", "indirect")]


@pytest.mark.parametrize(
    "sentence",
    [
        "It was reported that two ships had sunk.",
        "The reports were published in May.",
        "The rain continued in the hills.",
        "A man who is accused of theft left town.",
        "The committee concluded its session on Friday.",
        "The parents were advised to send the child away.",
        "The groups agreed to dissolve the party.",
        "He wrote it on his barn.",
        "The flood was announced by a siren.",
        "Why would Orla Venn say it was late?",
        "The size of the dam reflects the mayor's plans, which have grown.",
    ],
)
def test_what_nobody_is_named_for_is_the_authors(sentence):
    assert said(sentence) == []


# Units


def test_the_voice_of_a_unit_is_whose_words_most_of_it_has():
    text = (
        '"We shall not leave the valley," said Orla Venn. Venn said the road was closed. '
        "The road is narrow and steep. The mayor walked home and slept, and “never again” was all "
        "that Venn said. The so-called “council” met."
    )

    assert unit_voices(
        text,
        '"We shall not leave the valley," said Orla Venn.',
        "Venn said the road was closed.",
        "The road is narrow and steep.",
        "The so-called “council” met.",
    ) == [
        ("direct", ("Orla Venn",)),
        ("indirect", ("Orla Venn",)),
        ("author", ()),
        ("author", ()),
    ]


def test_a_short_quotation_beside_other_words_makes_a_unit_mixed():
    text = "Orla Venn said on Monday that the whole of the plan for the dam was “a bad joke”."

    assert unit_voices(text, text) == [("mixed", ("Orla Venn",))]


def test_each_sentence_of_a_long_quotation_is_its_speakers():
    text = '"We came in May. We built a house. We stayed," said Orla Venn.'

    assert unit_voices(text, "We built a house.") == [("direct", ("Orla Venn",))]


def test_a_unit_with_two_speakers_has_both_in_the_order_of_the_text():
    text = (
        '"Yes, it is as safe as it ever was," said Orla Venn, and '
        '"no, it has not been safe for years," said Boris Kern.'
    )

    assert unit_voices(text, text) == [("direct", ("Orla Venn", "Boris Kern"))]


# Languages


@pytest.mark.parametrize(
    ("language", "text", "speaker"),
    [
        ("ru", "«Мы готовы к переговорам и ждём», — заявил министр Иван Лозин.", "Иван Лозин"),
        ("uk", "«Ми готові до переговорів і чекаємо», — сказала Олена Лозова.", "Олена Лозова"),
        ("de", "„Wir sind bereit zu reden, aber nicht heute“, sagte Anna Lind.", "Anna Lind"),
        ("fr", "« Nous sommes prêts à parler, mais pas ici », a dit Anne Lind.", "Anne Lind"),
        ("es", "«Estamos listos para hablar, pero no hoy», dijo Elena Ruz.", "Elena Ruz"),
        ("tr", 'Bakan Ali Kurdan, "Hazırız ama bugün burada değil" dedi.', "Ali Kurdan"),
        ("az", 'Nazir Elçin Zəkalı "Biz hazırıq, amma bu gün deyil, sabah" dedi.', "Elçin Zəkalı"),
    ],
)
def test_speakers_are_found_in_other_languages(language, text, speaker):
    assert speakers(text, language) == [speaker]


def test_a_language_without_words_has_quotations_and_nobody_behind_them():
    heard = hear("«Abc def ghi jkl mno pqr», xyz Orla Venn.", "xx")

    assert [(q.kind, q.speaker) for q in heard.quotations] == [("direct", "")]
    assert heard.people == ()


@pytest.mark.parametrize("path", WORD_FILES, ids=lambda path: path.stem)
def test_every_file_of_words_tells_a_verb_a_pronoun_and_a_title(path):
    known = words(path.stem)

    assert known is not None
    assert any("say" in kinds for kinds in known.cues.values())
    assert "male" in known.pronouns.values()
    assert known.titles


# Whatever comes

PIECES = st.sampled_from(
    (
        *('"', "“", "”", "‘", "’", "'", "«", "»", "„", " ", "\n\n", ". ", ", ", ": ", "— ", "("),
        *("said", " told ", "Orla Venn", "he", "she", "the minister", "according to ", "that "),
        *("Mr. ", "U.S.", "in her view", "😀", "İ", "\x00", "\ue000", "\ue001", "we go ", "?", ")"),
    )
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=60).map("".join), st.sampled_from(["en", "de", "tr", "xx"]))
def test_no_text_breaks_it_and_every_speaker_is_one_of_its_people(text, language):
    heard = hear(text, language)
    marked = [q for q in heard.quotations if q.kind != "indirect"]
    names = {person.name for person in heard.people}

    assert all(0 <= q.start < q.end <= len(text) for q in heard.quotations)
    assert all(a.end <= b.start for a, b in pairwise(marked))
    assert {q.speaker for q in heard.quotations} <= names | {""}
    assert len(names) == len(heard.people)


def test_furniture_is_in_no_quotation():
    text = "DRAVIK, May 5 (Trellis) - The dam is safe, Orla Venn said on Monday."
    start = text.index("The dam")

    found = hear(text, "en", furniture=((0, start - 1),)).quotations[0]

    assert (found.start, found.end) == (start, len(text))


def test_ten_thousand_quotations_are_all_found():
    text = '"Yes, we can do it now," said Orla Venn. ' * 10_000

    found = hear(text, "en").quotations

    assert len(found) == 10_000
    assert bisect_left(found, (len(text) // 2,)) == 5_000
