"""Anne has left somebody who controlled her; she is anxious, shares a device, and writes late: kept safe, and met."""

from tests.journeys.stories.desk import Approver, Coordinator
from tests.journeys.stories.programme import EVENING, Programme
from tests.journeys.stories.said import ANNE
from tests.journeys.stories.supporter import Supporter
from tests.journeys.stories.woman import Answers, Woman

Said = dict[str, str]
SITE_ONLY = ["messages in this site"]
HER_ANSWERS: Answers = {
    "Are you 18 or older?": ["Yes"],
    "What name should we use?": "Anne",
    "Is it safe to use this device now?": ["not sure"],
    "How may we reach you safely?": SITE_ONLY,
    "Which languages do you want to talk in?": ["English", "French"],
    "How would you like to talk with your supporter?": SITE_ONLY,
    "When is a good time to talk?": ["weekday evenings (6 to 9)"],
    "What would you like support with?": ["life after abuse or control", "feeling low or anxious"],
}
HOLD = "Neither of you can write until it goes on, and what you wrote is kept."
LIVED = {
    "topics": "after_abuse; low_or_anxious",
    "card": "topics",
    "months_steady": "after_abuse=48; low_or_anxious=30",
    "availability": "Mon 18:00-21:00; Tue 18:00-21:00; Wed 18:00-21:00; Thu 18:00-21:00",
}


def test_anne(programme: Programme, neutral: str) -> None:
    said = ANNE[programme.language]
    robin, pat = programme.meet(Coordinator, "Robin", username="robin"), programme.approver(Approver, "Pat")
    there = {name: programme.supporter(Supporter, name, **LIVED) for name in ("Dee", "Ana")}
    anne = programme.meet(Woman, "Anne")

    asks_for_somebody_on_a_shared_device(anne)
    leaves_and_comes_back(anne, neutral)
    first = there[is_introduced(programme, robin, there, anne)]
    writes_in_the_evening(programme, first, anne, said)
    says_that_she_goes_too_far(programme, first, anne, said)
    is_taken_seriously(programme, robin, pat, said)
    reads_what_came_of_it(anne, said)
    goes_on_with_another(anne)
    second = there[is_introduced(programme, robin, there, anne)]
    assert second is not first
    talks_in_the_evening(programme, second, anne, said)
    parts_with_thanks(programme, second, anne, said)
    asks_about_becoming_a_supporter(robin, anne, said)
    nothing_has_left_for_her(programme, anne)


def asks_for_somebody_on_a_shared_device(anne: Woman) -> None:
    """She is shown ways to stay safer, says that nothing may leave the site, and sends."""
    anne.reads_who_reads_what().opens_an_account().presses("Start the questions")
    anne.answers(HER_ANSWERS, until="Reaching you safely").reads("You told us that this device may not be safe.")
    anne.answers(HER_ANSWERS, until="Your answers").sends()
    anne.presses("Account").presses("Look", about="How we may reach you")
    anne.reads("Everything happens in this site. Nothing is sent, and nobody calls.")


def leaves_and_comes_back(anne: Woman, neutral: str) -> None:
    """Somebody comes into the room: the dark button takes her away, and the device keeps nothing."""
    anne.presses("Leave this site")
    anne.page.wait_for_url(neutral)
    assert anne.page.context.cookies(anne.site) == []
    anne.comes_back().reads("The coordinator is looking for someone")


def is_introduced(programme: Programme, robin: Coordinator, there: dict[str, Supporter], anne: Woman) -> str:
    """She is shown the first on the list, asks her, and both have said yes. Return who it is."""
    programme.days_pass(1)
    (name,) = robin.shows_the_first(1, "Anne")
    programme.days_pass(0, until=EVENING)
    anne.sees_cards_of(name).reads("She knows this from her own life: %(options)s.").asks_for(name)
    there[name].accepts("Anne")
    return name


def writes_in_the_evening(programme: Programme, supporter: Supporter, anne: Woman, said: Said) -> None:
    anne.comes_back().is_with(supporter.name).writes_to_her(said["hello"])
    supporter.goes_to("Anne").reads_words(said["hello"]).writes_to_her(said["answer"])
    programme.days_pass(1, until=EVENING)
    anne.comes_back().reads_words(said["answer"])


def says_that_she_goes_too_far(programme: Programme, supporter: Supporter, anne: Woman, said: Said) -> None:
    """At once neither can write, and both read the same; nobody is told who asked."""
    anne.says_that_she_goes_too_far(supporter.name, said["too far"])
    anne.reads(
        "We let your conversation with %(name)s rest at once. Neither of you can write.",
        "Nobody is at the desk now. Somebody looks at it by %(moment)s.",
        name=supporter.name,
    )
    anne.presses("Continue").reads(HOLD).cannot_write()
    supporter.goes_to("Anne").reads(HOLD).cannot_write()
    assert said["too far"] not in supporter.sight
    programme.days_pass(1)


def is_taken_seriously(programme: Programme, robin: Coordinator, pat: Approver, said: Said) -> None:
    """The desk has it with a clock; what was done is kept, and two close it."""
    robin.looks_after_the_concern("Anne").reads_words(said["too far"])
    robin.adds("Words to her", said["to her"]).adds_what_she_did("I talked with the other", said["done"])
    robin.proposes_to_close_it(said["came of it"])
    pat.confirms_the_end("Anne", said["came of it"])


def reads_what_came_of_it(anne: Woman, said: Said) -> None:
    """It opens behind her passphrase alone."""
    anne.comes_back().presses("Account").presses("Look", about="What you told us")
    if anne.sees_heading("Your passphrase once more"):
        anne.writes("Your passphrase", anne.passphrase).presses("Open")
    anne.presses("She frightens me, or goes too far").reads(
        "It is settled.", "Two people looked at it. This came of it:"
    )
    anne.reads_words(said["too far"], said["to her"], said["came of it"])


def goes_on_with_another(anne: Woman) -> None:
    anne.presses("What is next").reads(HOLD)
    anne.presses("Pause, change or stop").presses("Meet another supporter")
    anne.comes_back().reads("The coordinator is looking for someone")


def talks_in_the_evening(programme: Programme, supporter: Supporter, anne: Woman, said: Said) -> None:
    """An evening that both marked is proposed and accepted; its file says nothing; both say that they talked."""
    anne.comes_back().writes_to_her(said["second hello"])
    evening = anne.proposes_an_evening()
    supporter.goes_to("Anne").writes_to_her(said["second answer"]).accepts_the_time("Anne")
    anne.comes_back()
    file = anne.puts_it_in_a_calendar()
    assert "DTSTART" in file
    assert not [word for word in ("Anne", supporter.name, "Riverside", "http") if word in file]
    assert evening
    programme.days_pass(7, until=EVENING)
    anne.comes_back().says_that_they_talked()
    supporter.goes_to("Anne").says_that_they_talked().reads("You both said that you talked on %(day)s.")


def parts_with_thanks(programme: Programme, supporter: Supporter, anne: Woman, said: Said) -> None:
    """When the last day comes near she would like to part, and both have time to say thank you."""
    programme.days_pass(66, until=EVENING)
    anne.comes_back().would_like_to_part().writes_to_her(said["thanks"])
    supporter.goes_to("Anne").reads("You two are saying goodbye. You can still write.").reads_words(said["thanks"])
    supporter.writes_to_her(said["thanks back"])
    programme.days_pass(15, until=EVENING)
    anne.comes_back().reads("Your request is resting").presses_name(supporter.name)
    anne.reads("Your time together has ended. Nobody can write here any more.").reads_words(said["thanks back"])


def asks_about_becoming_a_supporter(robin: Coordinator, anne: Woman, said: Said) -> None:
    anne.asks_the_coordinators(said["become"])
    robin.answers_in_the_thread("Anne", said["become"], said["reply"])
    anne.comes_back().reads_what_the_coordinators_wrote().reads_words(said["reply"])


def nothing_has_left_for_her(programme: Programme, anne: Woman) -> None:
    """Others were told by mail meanwhile; for her, nothing ever left the site."""
    assert programme.mails
    assert programme.told_outside(anne.username) == []
    assert not [mail for mail in programme.mails if "Anne" in mail or anne.username in mail]
