"""Where a quotation has no plain verb of saying beside it, or one that is somebody else's."""

from __future__ import annotations

import pytest

from annotator.corpus.quotations import hear


def said(text):
    """Whose words the quotations of a text are, and of which kind; indirect speech left out."""
    found = hear(text, "en").quotations
    return [(q.speaker, q.kind) for q in found if q.kind != "indirect"]


def speakers(text):
    return [speaker for speaker, kind in said(text) if kind == "direct"]


def terms(text):
    return [kind for _, kind in said(text)]


# A quotation that is a paragraph

FIRST = "It rained.\n\n“The ferry will not sail today, nor tomorrow,” Orla Venn said.\n\n"


@pytest.mark.parametrize(
    ("between", "speaker"),
    [
        ("‘We are left alone’\n\n“They have left us alone here,” Boris Kern said.", ""),
        ("‘Left alone’\n\n“We are left alone,” Boris Kern said.", "Boris Kern"),
        ("“A summer of mud”\n\nThe mayor promised roads.", ""),
        ("“Not on my watch”\n\nHarbour pilots met.\n\n“Not on my watch,” a pilot said.", "a pilot"),
        ("'NO WAY BACK' Analysts said that the ferry was old.", ""),
    ],
)
def test_a_heading_in_marks_is_whose_words_it_repeats_and_else_nobodys(between, speaker):
    assert said(FIRST + between)[1][0] == speaker


def test_a_short_sentence_in_a_paragraph_of_its_own_goes_on():
    text = "Orla Venn spoke of the ferry.\n\n“It is old,” Venn said. “Very old.\n\n“It leaks.”"

    assert speakers(text) == ["Orla Venn"] * 3


# A role and a name


@pytest.mark.parametrize(
    ("behind", "speaker"),
    [
        ("said a spokesman for the rebel officers, Lt. Gen. Uke Venn.", "Uke Venn"),
        ("said a spokeswoman for the port authority, Orla Venn, with a shrug.", "Orla Venn"),
        ("a spokesman for the strike leaders, Brig. Gen. Uke Venn, said.", "Uke Venn"),
        ("said a lawyer for the miners, Orla Venn.", "Orla Venn"),
        ("said the head of the pilots, Rear Adm. Uke Venn.", "Uke Venn"),
        ("said an adviser to the council, Sgt. Maj. Uke Venn, on Monday.", "Uke Venn"),
    ],
)
def test_a_name_behind_a_role_and_a_comma_is_who_has_it(behind, speaker):
    assert speakers(f"“The bridge is ours and will stay so,” {behind}") == [speaker]


# Names of bodies


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        (
            "The Farmers' Alliance for Norrel met. “Our wells are dry,” the group said.",
            "Farmers' Alliance for Norrel",
        ),
        (
            "“Our wells are dry,” the Women’s League for Peace said.",
            "Women’s League for Peace",
        ),
        (
            "The Children’s Fund of Norrel asked for aid.\n\n"
            "“Our wells are dry,” the group said in a statement.",
            "Children’s Fund of Norrel",
        ),
        ("“Our wells are dry,” the Workers’ Front said.", "Workers’ Front"),
    ],
)
def test_an_apostrophe_can_stand_in_the_name_of_a_body(text, speaker):
    assert speakers(text) == [speaker]


@pytest.mark.parametrize(
    ("body", "speaker"),
    [
        ("The Ministry of Boats and Inland Waters", "Ministry of Boats and Inland Waters"),
        ("Pilots Without Borders", "Pilots Without Borders"),
        ("Norrelian state TV", "Norrelian state TV"),
        ("Westmark’s Harbour party", "Harbour party"),
    ],
)
def test_the_whole_name_of_a_body_is_the_speaker(body, speaker):
    assert speakers(f"{body} called the wells “dry as bone”.") == [speaker]


@pytest.mark.parametrize(
    "adverbs", ["later", "then again", "meanwhile", "also", "separately", "subsequently"]
)
def test_adverbs_at_the_end_of_a_subject_are_no_part_of_it(adverbs):
    text = f"The island’s harbour ministry {adverbs} added: “Our wells are dry.”"

    assert speakers(text) == ["The island’s harbour ministry"]


@pytest.mark.parametrize("verb", ["told of", "spoke of", "reported"])
def test_adverbs_before_an_object_leave_the_subject_whole(verb):
    text = f"The island’s harbour ministry later {verb} several “grave faults,” such as leaks."

    assert {speaker for speaker, _ in said(text)} <= {"The island’s harbour ministry", ""}


# Whose words a noun has


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Orla Venn waved away Boris Kern’s “sink or swim” threat.", ["Boris Kern"]),
        ("Boris Kern stood by his “sink or swim” warning on Monday.", ["Boris Kern"]),
        (
            "Boris Kern spoke at the port. The admiral rejected Kern's “sink or swim” remarks.",
            ["Boris Kern"],
        ),
        ("Orla Venn defended her “mud and tears” speech.", ["Orla Venn"]),
        (
            "General Uke Venn dismissed Boris Kern’s “sink or swim” remarks as “empty air”.",
            ["Boris Kern", "Uke Venn"],
        ),
    ],
)
def test_words_in_marks_before_a_noun_of_speech_are_their_owners(text, expected):
    assert speakers(text) == expected


def test_words_in_marks_before_another_noun_are_a_term():
    assert said("Orla Venn sold Boris Kern’s “sink or swim” boat.") == [("", "scare")]


# Which verb


@pytest.mark.parametrize(
    "text",
    [
        "Orla Venn spoke, saying the port faced “a winter like no winter before it” if it "
        "continued to trade.",
        "Orla Venn said the port faced “a winter like no winter before it” when Boris Kern "
        "warned its crews.",
        "Orla Venn warned of “a winter like no winter before it” unless Norrel agreed to talks.",
        "Orla Venn told crews they risked “a winter like no winter before it” because Norrel "
        "wanted war.",
        "Orla Venn said it was “a winter like no winter before it” after the mayor asked for "
        "bread.",
    ],
)
def test_a_verb_before_a_quotation_wins_over_one_in_a_clause_behind_it(text):
    assert speakers(text) == ["Orla Venn"]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        (
            "Uke Venn dismissed the offer as “a bag of wind,” according to the Norrel News Agency.",
            "Uke Venn",
        ),
        (
            "Orla Venn described the vote as “a bag of wind,” according to the Trellis Times.",
            "Orla Venn",
        ),
        ("Orla Venn called the vote “a bag of wind,” according to the newspaper.", "Orla Venn"),
        (
            "Westmark urged Norrel to “stop the raids at sea” at once, according to Orla Venn.",
            "Orla Venn",
        ),
        (
            "Westmark called on Norrel to “stop the raids,” according to ministry spokesman "
            "Uke Venn.",
            "Uke Venn",
        ),
        (
            "Westmark warned Norrel to “stop the raids at sea,” according to a spokeswoman.",
            "a spokeswoman",
        ),
    ],
)
def test_an_agency_carries_the_words_that_a_person_says_for_a_country(text, speaker):
    lead = "Trade between Westmark and Norrel fell. Boats in Westmark lay idle.\n\n"

    assert speakers(lead + text) == [speaker]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("The step was hailed as “long overdue” by Orla Venn.", "Orla Venn"),
        ("The step was condemned by the Harbour Union as “a cold theft”.", "Harbour Union"),
        ("The step, welcomed by Orla Venn as “long overdue”, angered crews.", "Orla Venn"),
        ("Crews were met by farmers shouting “Shame!”.", "farmers"),
        ("In the video a man can be heard shouting “Shame!”.", "a man"),
        ("The radio quoted Orla Venn as saying: “Shame on you all.”", "Orla Venn"),
    ],
)
def test_who_stands_behind_a_passive_or_an_agency_speaks(text, speaker):
    assert speakers(text) == [speaker]


def test_a_client_is_not_the_lawyer():
    assert speakers("A lawyer for Mr Venn said: “He is well.”") == ["A lawyer for Mr Venn"]


# What is no speaker


@pytest.mark.parametrize(
    "text",
    [
        "Some wore masks of the mayor and dubbed the “crab king”, while others sang.",
        "The woman sat across from me was calm and confident, buoyed by a run of “wins” at sea.",
        "He paused, as if to say “You and whose army?” before he left.",
        "A few held signs that read “Kern Out” and “The harbour belongs to all of us here”.",
        "A boy was holding a placard that says “Welcome to the end of the world.”",
        "Crews waved banners reading “No more empty nets in our harbour”.",
        "Behind her hung a poster saying “Our nets are empty, our boats are full.”",
    ],
)
def test_what_does_not_speak_is_no_speaker(text):
    assert set(speakers(text)) <= {""}


# Names


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        (
            "Ferdo Kern Jr spoke. Crowds held up “Kern Resign” and sang.\n\n"
            "“I shall stay,” Kern said.",
            "Ferdo Kern Jr",
        ),
        (
            "Governor Ferdo Kern Jr. met crews. A song, “Kern Must Go”, was sung.\n\n"
            "“I shall stay,” Kern said.",
            "Ferdo Kern Jr",
        ),
        ("Ferdo Kern II met crews near Kern Hill. “I shall stay,” Kern said.", "Ferdo Kern II"),
        ("Ferdo Kern Sr. met crews. “I shall stay,” Kern said.", "Ferdo Kern Sr"),
        (
            "Orla Venn met crews. She read “Venn Go Home” on walls. “I stay,” Venn said.",
            "Orla Venn",
        ),
    ],
)
def test_a_surname_is_that_of_whom_the_author_names(text, speaker):
    assert speakers(text)[-1] == speaker


def test_an_adjective_of_descent_is_nobody():
    text = (
        "Boris Kern spoke in Norrel on Monday. He was tired.\n\n"
        "After nine Afro-Norrelian fishers drowned in June, he admitted “the tides of this port” "
        "were too strong."
    )

    assert speakers(text) == ["Boris Kern"]


@pytest.mark.parametrize("role", ["the mayor", "the president", "the minister", "the governor"])
def test_a_role_right_behind_somebodys_words_is_that_one(role):
    text = (
        "Crews in Norrel sang. Orla Venn met them.\n\n“Nobody came to me,” Venn said in reply. "
        f"“They should have come,” {role} added."
    )

    assert speakers(text) == ["Orla Venn", "Orla Venn"]


def test_a_role_of_somebody_else_is_not_the_speaker_before():
    text = (
        "Uke Kern, the mayor, came late.\n\n“Nobody came to me,” Minister Orla Venn said. "
        "“They should have come,” the mayor added."
    )

    assert speakers(text) == ["Orla Venn", "Uke Kern"]


def test_a_place_is_no_president():
    text = (
        "The president of Norrel, Orla Venn, was away. Crews met in Norrel.\n\n"
        "“Nobody came,” the president said."
    )

    assert speakers(text) == ["Orla Venn"]


# Clauses


@pytest.mark.parametrize(
    "text",
    [
        "“We took great risks for this peace,” Orla Venn said. Harbour chief Uke Kern “has "
        "given up every claim to the river and come to talk.”",
        "“We took great risks for this peace,” Orla Venn said. The port authority “is doing "
        "what no port has done before us.”",
        "“We took great risks for this peace,” Orla Venn said. Uke Kern “had never asked for "
        "more than a fair share.”",
        "“We took great risks for this peace,” Orla Venn said. Norrel “will pay for what it "
        "did to the river and its people.”",
    ],
)
def test_a_quotation_that_is_a_predicate_is_not_its_subjects(text):
    assert speakers(text) == ["Orla Venn", "Orla Venn"]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        (
            "It was a tough campaign by the Harbour Party, which sought to rally voters by "
            "saying that boats were “coming out in droves.”",
            "Harbour Party",
        ),
        (
            "Allies cheered, among them Council Chairman Uke Venn (R-Trellis), who called the "
            "step a “real gift” to the crews.",
            "Uke Venn",
        ),
        ("The plan pleased Orla Venn, who described it as a “real gift”.", "Orla Venn"),
        (
            "Crews met with Orla Venn, a pilot from Norrel, who called the step a “real gift” "
            "on the part of the port.",
            "Orla Venn",
        ),
        (
            "The plan came from the Harbour Union, which dismissed talks as a “real gift” to "
            "owners.",
            "Harbour Union",
        ),
    ],
)
def test_who_a_relative_clause_is_about_speaks_in_it(text, speaker):
    assert speakers(text) == [speaker]


@pytest.mark.parametrize(
    ("behind", "speaker"),
    [
        (
            "a pilot-to-be surnamed Venn from Trellis, West Norrel's Mud Province, told the Post.",
            "Venn",
        ),
        ("a pilot surnamed Venn from Trellis, East Norrel, said.", "Venn"),
        ("a student named Orla Venn from Trellis, Mud Province, told the Post.", "Orla Venn"),
        ("said a fisher named Orla Venn.", "Orla Venn"),
        ("a mother of two surnamed Venn told the Post.", "Venn"),
    ],
)
def test_somebody_named_so_is_who_speaks(behind, speaker):
    assert speakers(f"“When the tide turns, I look at the sky,” {behind}") == [speaker]


@pytest.mark.parametrize(
    "text",
    [
        "Orla Venn said the pilot was “drowned for his truth,” as she pledged to fight "
        "“reed-bed separatism” that threatened to take hold of the coast.",
        "Orla Venn vowed to end “reed-bed separatism” in the port.",
        "Orla Venn promised to stamp out “reed-bed separatism” at sea.",
        "Orla Venn pledged to crush “reed-bed separatism” among the crews.",
    ],
)
def test_what_somebody_pledges_to_fight_is_in_their_words(text):
    assert speakers(text)[-1] == "Orla Venn"
