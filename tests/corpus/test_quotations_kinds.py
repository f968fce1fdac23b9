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


# Names


@pytest.mark.parametrize(
    ("behind", "speaker"),
    [
        ("said Pablo Bruno Cardinal Venn of Norrel in a sermon.", "Pablo Bruno Cardinal Venn"),
        ("Edwin Bishop Kern told the crews.", "Edwin Bishop Kern"),
        ("said Hassan Sheikh Umaru, who runs the mill.", "Hassan Sheikh Umaru"),
        ("Farid Maulana Orsk said on Monday.", "Farid Maulana Orsk"),
        ("Karim Mullah Orsk said. “We know,” Orsk added.", "Karim Mullah Orsk"),
        ("said Norrel Cardinal Uke Venn.", "Uke Venn"),
        ("Cardinal Uke Venn said.", "Uke Venn"),
    ],
)
def test_a_title_inside_a_name_belongs_to_it_behind_a_given_name(behind, speaker):
    assert set(speakers(f"“The tide will turn for all of us,” {behind}")) == {speaker}


@pytest.mark.parametrize(
    "later",
    [
        "“Nobody came,” Cardinal Venn said.",
        "The cardinal warned: “Nobody came.”",
        "He said: “Nobody came.”",
        "“Nobody came,” Venn told the crews.",
    ],
)
def test_who_has_a_title_inside_the_name_goes_by_it_later(later):
    text = f"“The tide will turn,” said Pablo Bruno Cardinal Venn of Norrel.\n\n{later}"

    assert speakers(text) == ["Pablo Bruno Cardinal Venn"] * 2


@pytest.mark.parametrize(
    ("title", "speaker"),
    [
        ("former Miss World Orla Venn", "Orla Venn"),
        ("Miss Norrel Orla Venn", "Orla Venn"),
        ("reigning Mister Universe Uke Kern", "Uke Kern"),
        ("former Reed Federation Uke Kern", "Uke Kern"),
        ("Miss Mary Ann Venn", "Mary Ann Venn"),
    ],
)
def test_what_somebody_has_won_is_no_part_of_the_name(title, speaker):
    surname = speaker.split()[-1]
    text = f"“The tide will turn for all,” {title} said.\n\n“Nobody came,” {surname} added."

    assert speakers(text) == [speaker, speaker]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (
            "“It was their doing,” Orla Venn said, adding that the Reed States “should not "
            "take sides” in the row and “make no more such remarks or send such signals.”",
            3,
        ),
        ("Orla Venn said the Marsh States “must not meddle” in the row.", 1),
        ("Orla Venn warned that the Allied States “will come to regret” the move.", 1),
        ("Orla Venn said that Uke Shouts “would never have come” to Norrel.", 1),
    ],
)
def test_a_capital_word_inside_a_name_is_no_verb(text, count):
    assert speakers(text) == ["Orla Venn"] * count


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        (
            "The Alpine Norrel Public Works Committee met. Norrel has called the port “a trap” "
            "for boats.",
            "Norrel",
        ),
        ("Crews met in East Norrel. Norrel has called the port “a trap” for boats.", "Norrel"),
        (
            "Kern said that Norrel had explained its stance on setting up the East Norrel Reed "
            "Zone on Monday, and the remarks are “wholly groundless and nobody takes them.”",
            "Kern",
        ),
    ],
)
def test_a_place_named_alone_is_no_longer_name_that_holds_it(text, speaker):
    assert speakers(text) == [speaker]


@pytest.mark.parametrize(
    "text",
    [
        "Venn is the head of the Reed Dialogue Group in Norrel, which says on its site that it "
        "aims to “protect the rights of all fishers.”",
        "Venn is the founder of the Reed Dialogue Group in East Norrel, which says that it "
        "wants to “protect the rights of all fishers.”",
        "Venn leads the staff of the Reed Dialogue Group in Norrel, which claims to “protect "
        "the rights of all the fishers of the bay.”",
    ],
)
def test_a_body_speaks_in_its_relative_clause_wherever_it_is(text):
    assert speakers(text) == ["Reed Dialogue Group"]


# A few words in marks


@pytest.mark.parametrize("behind", ["report", "protesters", "study"])
def test_a_paper_or_a_crowd_behind_the_colon_of_a_headline_is_no_person(behind):
    text = f"Dam “a great sorrow”: {behind}\n\nOrla Venn said: “The dam will be built.”"

    assert speakers(text)[-1] == "Orla Venn"
    assert said(text)[0][0] == ""


@pytest.mark.parametrize(
    "text",
    [
        "“It hurts to speak of it,” said Orla Venn, a member of the crew known as “Reedmen” "
        "(“against our will”).",
        "“It hurts to speak of it,” said Orla Venn of the boat named “Vessa” (“it must be so”).",
        "“It hurts to speak of it,” said Orla Venn of the crew nicknamed “Tolk” (“our will”).",
    ],
)
def test_what_a_name_means_in_brackets_is_a_term(text):
    assert terms(text) == ["direct", "scare", "scare"]


@pytest.mark.parametrize(
    "text",
    [
        "“We had no wish to go” to sea for Norrel, added Orla Venn, speaking at the port.",
        "“We didn’t want to leave” the old harbour, said Orla Venn.",
        "“They never asked us once” about the dam, recalled Orla Venn.",
    ],
)
def test_a_sentence_that_opens_in_marks_is_whose_verb_closes_it(text):
    assert said(text) == [("Orla Venn", "direct")]


@pytest.mark.parametrize(
    ("title", "speaker"),
    [
        ("Plan for the dam “not acceptable”: harbour spokesman", "Uke Venn"),
        ("“Not acceptable”: spokesman", "Uke Venn"),
        ("Kern’s remarks “absurd”: minister", "Orla Kern"),
        ("Dam “a joke”: Reed Union", "Reed Union"),
    ],
)
def test_who_stands_behind_the_colon_of_a_headline_speaks(title, speaker):
    text = (
        f"{title}\n\nThe Harbour Ministry called the dam “a danger to all boats.”\n\n"
        "The ministry’s spokesman Uke Venn said: “The dam will not be built.”\n\n"
        "Minister Orla Kern said: “There is no money for it.”"
    )

    assert speakers(text)[0] == speaker


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Reed forces conceded last week that their boats “quite likely” sank.", "Reed forces"),
        (
            "Rebel spokesman Uke Venn said the “holy raid” on the port had left ten dead.",
            "Uke Venn",
        ),
        ("Orla Venn said the “great gift” was a farce.", "Orla Venn"),
        (
            "Orla Venn called Kern’s complaints about higher spending on the dams of the whole "
            "valley “fatuous” and her remarks on a link to the old wars “absurd.”",
            "Orla Venn",
        ),
        ("Uke Venn described the plans of the harbour crews for a new pier “daft.”", "Uke Venn"),
    ],
)
def test_a_few_words_inside_what_is_told_are_the_tellers(text, speaker):
    assert set(said(text)) == {(speaker, "direct")}


# Who is meant by a role, a paper or a pronoun


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        (
            "According to staff at banking giant Reed Norrel, boats could give the Marsh States a "
            "third of all fish.\n\n“Nobody else comes close to it,” the bank said in a note.",
            "Reed Norrel",
        ),
        (
            "The boats of the Marsh States were sold on Monday.\n\n“We sold all of them,” the "
            "company said.",
            "the company",
        ),
        (
            "Boats came to the bay in the Allied Kingdom for Norrel Shipping. They were sold to "
            "the Marsh States.\n\n“We sold all of them,” the company said.",
            "Norrel Shipping",
        ),
        (
            "The Marsh States said the boats were old. “We sold all of them,” the company said.",
            "the company",
        ),
        (
            "Boats burned in Norrel. Norrel said they were old. “We sold them,” the bank said.",
            "the bank",
        ),
        (
            "She has shares in Norrel. Norrel said it was late. “We sold them all,” the firm said.",
            "Norrel",
        ),
    ],
)
def test_the_company_is_no_country(text, speaker):
    assert speakers(text) == [speaker]


@pytest.mark.parametrize(
    "text",
    [
        "The plan pleased Gov. Orla Venn on Friday. Venn said that she would sign it.\n\n“It is "
        "a plan for all of us,” the Republican governor said.",
        "Liberal senator Orla Venn met Democratic senator Uke Kern. Kern said it was late.\n\n"
        "“The bay is ours,” the Liberal senator said.",
        "Conservative leader Orla Venn lost to Labour leader Uke Kern.\n\n“The bay is ours,” "
        "the Conservative leader said.",
    ],
)
def test_a_party_before_an_office_is_that_of_who_has_it(text):
    assert speakers(text) == ["Orla Venn"]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        (
            "According to harbour officials, Norrel’s Ministry of Boats “has often and openly "
            "broken the law of the sea.”",
            "harbour officials",
        ),
        (
            "According to the prosecutors, the Reed Bank “was never told of the boats in the bay.”",
            "the prosecutors",
        ),
        (
            "According to the mayor, Orla Venn, the Reed Bank “was never told of the boats.”",
            "Orla Venn",
        ),
    ],
)
def test_according_to_somebody_governs_the_sentence_that_it_opens(text, speaker):
    assert speakers(text) == [speaker]


@pytest.mark.parametrize(
    "text",
    [
        "The mayor, Orla Venn, who was to go to Tessel on Monday, said the Kern administration "
        "wants the dam because it “means that more boats will come home to us.”",
        "Orla Venn said that the Reed Bank hopes to build it since it “would bring more boats to "
        "the bay than ever.”",
        "Orla Venn, who lives there, said Uke Kern believes in the dam as it “will keep the sea "
        "out of all our houses.”",
    ],
)
def test_what_somebody_is_said_to_want_is_told_by_who_says_it(text):
    assert speakers(text) == ["Orla Venn"]


@pytest.mark.parametrize(
    "text",
    [
        "Orla Venn and her colleagues asked for answers by May.\n\n“The dam is a danger to all of "
        "us,” they wrote. “It must go.”",
        "The Reed Bank said nothing. Orla Venn and her friends met in the port. “The dam is a "
        "danger to all,” they said. “It must go.”",
        "Orla Venn and her colleagues wrote: “The dam is a danger to all of us.” They added: “It "
        "must go.”",
    ],
)
def test_somebody_with_their_colleagues_speaks_for_them(text):
    assert speakers(text) == ["Orla Venn"] * 2


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        (
            "Orla Venn sent a letter to the bank on Monday.\n\nThe Reed Union met. Uke Kern said "
            "he was there.\n\n“The dam must go, and soon,” the letter stated.\n\nIt described "
            "the dam as part of “wider efforts to ruin the whole bay.”",
            "Orla Venn",
        ),
        (
            "A letter from the Reed Union came on Monday. Uke Kern said that he had it.\n\n“The "
            "dam must go, and soon,” the letter said. It added: “We will not wait for it.”",
            "Reed Union",
        ),
        (
            "Lawmakers asked for help in a letter on Monday.\n\nThe Reed Union found two boats."
            "\n\n“The dam must go, and soon,” the letter stated. It called the dam “a danger to "
            "all of the bay.”",
            "Lawmakers",
        ),
    ],
)
def test_a_letter_says_what_its_sender_does(text, speaker):
    assert speakers(text) == [speaker] * 2


@pytest.mark.parametrize(
    "text",
    [
        "After Ilse Kern won on Monday, it was Orla Venn who got going on Tuesday.\n\n“I have "
        "begun well,” she told the Gazette.",
        "It was Orla Venn who beat Ilse Kern on Tuesday.\n\n“I have begun well,” she said.",
        "When Ilse Kern fell, it is Orla Venn who ran on. “I have begun well,” she said.",
    ],
)
def test_who_a_sentence_brings_out_is_meant_by_a_pronoun(text):
    assert speakers(text) == ["Orla Venn"]
