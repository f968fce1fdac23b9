"""The ways of agencies and papers: whose a statement is, what is only a title, who "he" will be."""

from __future__ import annotations

import pytest

from annotator.corpus.quotations import hear


def said(text, language="en"):
    """Whose words the quotations of a text are, and of which kind; indirect speech left out."""
    found = hear(text, language).quotations
    return [(q.speaker, q.kind) for q in found if q.kind != "indirect"]


def speakers(text, language="en"):
    return [speaker for speaker, kind in said(text, language) if kind == "direct"]


# What is only named


@pytest.mark.parametrize(
    "text",
    [
        "Orla Venn said little. She had the title role in “Inside the Mill.”",
        "Orla Venn said that the war is known there as “La Tempesta.”",
        "Orla Venn thanked her readers, whom she refers to as “Team Venn,” on Monday.",
        "Orla Venn works on dams (see “Ten Dams That Changed Us”), she says.",
        "The drama, titled “The Last Ferry”, stars Orla Venn.",
        "Orla Venn had a part in “Salt,” and sang.",
        "The committee's report, “A Nation Adrift,” was late.",
        "A court jailed Orla Venn for “plain treason”, the Norrel agency reported.",
    ],
)
def test_a_title_or_a_term_is_nobodys_speech(text):
    assert ("", "scare") in said(text)
    assert speakers(text) == []


def test_words_with_capitals_are_speech_beside_a_verb_of_saying():
    assert speakers("“Not In Norrel,” Orla Venn said.") == ["Orla Venn"]


def test_a_few_words_that_go_on_a_reported_clause_are_the_speakers():
    assert speakers("Orla Venn said in a video that the mayor “has been removed”.") == ["Orla Venn"]


def test_a_new_word_for_a_thing_is_nobodys_in_what_somebody_says():
    assert said("Orla Venn said her new “smart” meter would cut bills.") == [("", "scare")]


def test_a_term_before_a_report_with_a_clause_of_its_own_is_the_first_speakers():
    text = "While Orla Venn said the dam was “sound”, Boris Kern said that it “would not hold.”"

    assert speakers(text) == ["Orla Venn", "Boris Kern"]


# Whose words a paper has


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ('Orla Venn\'s statement added: "We shall go on."', "Orla Venn"),
        ('A statement from the Harbour Ministry said: "We shall go on."', "Harbour Ministry"),
        ('Norrel Lines released a second statement saying: "We shall go on."', "Norrel Lines"),
        (
            'The Harbour Ministry spoke up. "We shall go on," the statement read.',
            "Harbour Ministry",
        ),
    ],
)
def test_a_statement_is_its_owners_words(text, speaker):
    assert speakers(text) == [speaker]


# Names


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ('J.D. Venn wrote a book. "It is all true," Venn said.', "J.D. Venn"),
        ('Undersecretary for Harbours Mr. Venn said: "It is all true."', "Venn"),
        (
            'Under Secretary for Trade and Public Works Uke Venn said: "It is all true."',
            "Uke Venn",
        ),
        ('"It is all true," Uke Venn of oil brokerage PVN said in a note.', "Uke Venn"),
        ('"It is all true," Uke Venn said by telephone.', "Uke Venn"),
        ('"It is all true," rights group Norrel Watch said.', "Norrel Watch"),
        ('The Harbour Ministry in Norrel said: "It is all true."', "Harbour Ministry"),
        ('Venn\'s army gave no figures and said: "It is all true."', "Venn's army"),
        ('Peter Mayor came late. "It is all true," Mayor told Trellis.', "Peter Mayor"),
        ('"It is all true," Uke Venn was cited as saying by Trellis.', "Uke Venn"),
        ("Uke Venn, known as “the Cat”, said it was “all true and well known”.", "Uke Venn"),
        ('Police said the driver, seen near Norrel, had shouted: "It is all true."', "the driver"),
        ('Ada Tamm gave the floor to Mayor Uke Venn, who said: "It is all true."', "Uke Venn"),
    ],
)
def test_the_speaker_is_told_from_what_stands_around_the_name(text, speaker):
    assert speakers(text) == [speaker]


@pytest.mark.parametrize(
    "behind", ["Said Orla Venn, the mayor.", "Orla Venn said in response to Trellis."]
)
def test_a_paragraph_that_only_says_who_spoke_is_for_the_quotation_before(behind):
    assert speakers(f'It rained.\n\n"We have never seen such waves."\n\n{behind}') == ["Orla Venn"]


# Roles


def test_a_role_in_the_lede_is_whoever_comes_up_next_without_a_word_on_who_it_is():
    text = (
        "Norrel's mayor on Monday rejected the plan, calling it “null and void”.\n\n"
        "“It has no basis at all,” Orla Venn told reporters."
    )

    assert speakers(text) == ["Orla Venn"] * 2


def test_somebody_who_is_introduced_is_not_the_role_before():
    text = (
        "Norrel's mayor on Monday rejected the plan, calling it “null and void”.\n\n"
        "“It has no basis at all,” said Orla Venn, a fish seller."
    )

    assert speakers(text) == ["Norrel's mayor", "Orla Venn"]


def test_a_role_that_anybody_has_is_the_last_speakers():
    text = '"It rained," Inspector Orla Venn said.\n\n"Hard," the police officer added.'

    assert speakers(text) == ["Orla Venn"] * 2


def test_another_office_is_not_the_last_speakers():
    text = '"It rained," Minister Orla Venn said.\n\n"Hard," the mayor added.'

    assert speakers(text) == ["Orla Venn", "the mayor"]


def test_his_neighbour_is_not_himself():
    text = '"It rained," Boris Kern said. His neighbour came out. "It is late," she said.'

    assert speakers(text) == ["Boris Kern", "His neighbour"]


# Pronouns and chains


def test_a_pronoun_can_mean_the_name_that_comes_behind_it():
    text = (
        '"It rained," Uke Kern said. Although he said the talks went “well”, Boris Venn left early.'
    )

    assert speakers(text) == ["Uke Kern", "Boris Venn"]


def test_a_pronoun_means_the_subject_of_its_own_sentence():
    text = (
        'The dam is old.\n\nIt leaks.\n\n"It rained," Uke Kern said.\n\nThe sea rose.\n\n'
        'Boris Venn came by when he was told: "It is late," he said.'
    )

    assert speakers(text) == ["Uke Kern", "Boris Venn"]


def test_a_spokesperson_can_be_they():
    text = 'Norrel Lines was fined. A spokesperson said it would pay. "It is fair," they said.'

    assert speakers(text) == ["A spokesperson"]


def test_a_quotation_goes_on_over_a_sentence_about_nobody_in_its_paragraph():
    text = '"Why us?" asked Orla Venn. Around her a dozen traders nodded. "We have nothing left."'

    assert speakers(text) == ["Orla Venn"] * 2


def test_a_heading_inside_an_article_leaves_nobody_to_go_on():
    text = '"It rained," Orla Venn said.\n\nA new dam\n\n"We shall build it in a year or two."'

    assert speakers(text) == ["Orla Venn", ""]


def test_a_role_in_the_headline_is_the_first_speaker_below():
    text = 'Expert: "The dam is safe now"\n\nThe dam is safe, Orla Venn told Trellis.'

    assert speakers(text) == ["Orla Venn"]


# Marks


@pytest.mark.parametrize(
    "text",
    [
        '""We go on and on," Orla Venn said.',
        "``We go on and on,'' Orla Venn said.",
        "‘’We go on and on’’, Orla Venn said.",
        '"We go on and on.“ Orla Venn left.',
    ],
)
def test_doubled_and_mixed_marks_are_one_quotation(text):
    found = [q for q in hear(text, "en").quotations if q.kind == "direct"]

    assert [text[q.start : q.end] for q in found] == [text[: text.rindex(" Orla")].rstrip(",")]


@pytest.mark.parametrize(
    ("language", "text", "kind"),
    [
        ("ar", "«لن نغادر هذا المكان»، أكد الوزير.", "direct"),
        ("ar", "قال: ”لن نغادر“ ثم ذهب.", "direct"),
        ("he", "״לא נזוז מכאן״, הבהיר השר.", "direct"),
        ("he", 'דובר צה"ל מסר: "הכוחות פועלים".', "direct"),
        ("ar", "ما يسمى «المنطقة الآمنة» في الشمال.", "scare"),
    ],
)
def test_a_sentence_in_marks_is_speech_in_a_language_without_words(language, text, kind):
    assert said(text, language) == [("", kind)]
