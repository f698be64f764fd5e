"""Marie is 35 and in recovery, and she hesitates: two tries, a return to use, and a pair that lasts."""

from tests.journeys.stories.desk import Coordinator
from tests.journeys.stories.programme import Programme
from tests.journeys.stories.said import MARIE
from tests.journeys.stories.supporter import Supporter
from tests.journeys.stories.woman import Answers, Woman

Said = dict[str, str]
SITE_ONLY = ["messages in this site"]
HER_ANSWERS: Answers = {
    "Are you 18 or older?": ["Yes"],
    "What name should we use?": "Marie",
    "Is it safe to use this device now?": ["yes, it is safe"],
    "How may we reach you safely?": SITE_ONLY,
    "Which languages do you want to talk in?": ["English", "French"],
    "How would you like to talk with your supporter?": SITE_ONLY,
    "When is a good time to talk?": ["weekday evenings (6 to 9)"],
    "What would you like support with?": ["alcohol", "loneliness", "parenting"],
    "What is your age group?": ["35 to 44"],
}


def test_marie(programme: Programme) -> None:
    said = MARIE[programme.language]
    robin = programme.meet(Coordinator, "Robin", username="robin")
    there = {name: programme.supporter(Supporter, name) for name in ("Dee", "Ana", "Eve", "Mia", "Noor")}
    marie = programme.meet(Woman, "Marie")

    begins_and_stops_half_way(marie)
    comes_back_and_sends(marie, said)
    waits(programme, marie)
    wants_none_of_the_first_two(robin, marie, said)
    first = there[asks_unasks_and_asks_again(robin, marie)]
    says_hello(first, marie, said)
    agrees_how_they_talk(first, marie)

    programme.days_pass(3)
    was_not_listened_to(first, marie, said)
    is_asked_how_it_was(first, marie)
    second = there[is_shown_another(robin, marie)]
    begins_again(second, marie, said)

    programme.days_pass(18)
    drinks_again_and_goes_on(programme, second, marie, said)
    says_each_month_how_it_is(programme, marie, robin, said)
    is_looked_at_half_way(programme, robin)
    goes_on_past_the_last_day(programme, second, marie)


def begins_and_stops_half_way(marie: Woman) -> None:
    """She reads, turns away, comes back, opens an account, answers half and goes."""
    marie.reads_who_reads_what().presses("Not now").reads("One woman who has been there")
    marie.reads_who_reads_what().opens_an_account()
    marie.reads("You answer what you like. Nobody reads it before you send it.").presses("Start the questions")
    marie.answers(HER_ANSWERS, until="When is a good time to talk?").presses("Sign out")


def comes_back_and_sends(marie: Woman, said: Said) -> None:
    """What she answered is kept, and nobody has read it."""
    marie.comes_back().reads("Your questions are waiting for you", "Nobody reads them before you send them.")
    marie.presses("Go on with the questions")
    hope = {"What is one thing you hope for in the next three months?": said["hope"]}
    marie.answers({**HER_ANSWERS, **hope}, until="Your answers").reads_words("Marie", said["hope"])
    marie.sends()


def waits(programme: Programme, marie: Woman) -> None:
    """Her page names the day; nothing is sent to her, so she comes by herself."""
    day = marie.reads_when_to_come_back()
    marie.reads("This site sends you nothing, so look in here yourself.")
    programme.days_pass(1)
    marie.comes_back()
    assert marie.reads_when_to_come_back() == day


def wants_none_of_the_first_two(robin: Coordinator, marie: Woman, said: Said) -> None:
    """Neither is right; they do not come back, and the coordinator reads what should differ."""
    names = robin.shows_the_first(2, "Marie")
    marie.sees_cards_of(*names)
    marie.wants_none_of_these("Her life now", words=said["differs"])
    robin.opens_request_of("Marie").reads("What should be different, she says").reads_words(said["differs"])
    robin.presses("See who could be there for her")
    for name in names:
        assert name not in robin.sight, f"{name} is suggested again"


def asks_unasks_and_asks_again(robin: Coordinator, marie: Woman) -> str:
    """She chooses, takes it back, and chooses the same after all. Return whom she asks."""
    names = robin.shows_the_first(2, "Marie")
    marie.sees_cards_of(*names).asks_for(names[0]).changes_her_mind()
    marie.reads_words(*names).asks_for(names[0])
    return names[0]


def says_hello(supporter: Supporter, marie: Woman, said: Said) -> None:
    supporter.accepts("Marie")
    marie.comes_back().is_with(supporter.name).reads("A first hello is hoped for by %(day)s, from either of you.")
    marie.writes_to_her(said["hello"])
    supporter.goes_to("Marie").reads_words(said["hello"]).writes_to_her(said["answer"])
    marie.comes_back().reads_words(said["answer"])


def agrees_how_they_talk(supporter: Supporter, marie: Woman) -> None:
    marie.proposes_how_they_talk()
    supporter.goes_to("Marie").agrees("Marie")
    marie.comes_back().reads("You agreed on a time until %(day)s.")


def was_not_listened_to(first: Supporter, marie: Woman, said: Said) -> None:
    """The third day: she says so, and what she ticks happens; later that day she finds the way back for a last word."""
    marie.comes_back().presses("A short check-in is ready for you")
    marie.fills_in(listened="not at all", next="meet another supporter", words=said["not heard"])
    marie.reads("A coordinator reads this by the next working day", "You wait in your old place")
    marie.presses("Back to your conversation").reads("Your time together has ended. Nobody can write here any more.")
    marie.comes_back().reads("The coordinator is looking for someone", "What you wrote to each other")
    marie.reads("How was it with %(name)s?", name=first.name).presses_name(first.name)
    marie.leaves_a_last_word(said["goodbye"])


def is_asked_how_it_was(supporter: Supporter, marie: Woman) -> None:
    """She reads that it has ended and never why, and is asked how she is herself."""
    supporter.goes_to("Marie").reads("Your time together has ended. Nobody can write here any more.").does_not_read(
        "I feel listened to."
    )
    supporter.is_asked_how_she_is("Marie")


def is_shown_another(robin: Coordinator, marie: Woman) -> str:
    """Her answers and her place are there; whom she left is not among those whom she is shown."""
    robin.does_what_is_to_do("A check-in needs somebody", "Marie")
    (name,) = robin.shows_the_first(1, "Marie")
    marie.sees_cards_of(name).asks_for(name)
    return name


def begins_again(supporter: Supporter, marie: Woman, said: Said) -> None:
    supporter.accepts("Marie")
    marie.comes_back().is_with(supporter.name).writes_to_her(said["again"])
    supporter.goes_to("Marie").writes_to_her(said["still here"])
    agrees_how_they_talk(supporter, marie)


def drinks_again_and_goes_on(programme: Programme, supporter: Supporter, marie: Woman, said: Said) -> None:
    """She says it to her supporter, and again in a check-in; nothing ends."""
    marie.comes_back().writes_to_her(said["return"])
    marie.answers_a_check_in(listened="fully", next="keep going", safe="yes", words=said["line"])
    marie.reads("A coordinator reads this by the next working day").presses("Back to your conversation")
    supporter.goes_to("Marie").reads_words(said["return"]).writes_to_her(said["stays"])
    marie.comes_back().is_with(supporter.name).reads_words(said["stays"])


def says_each_month_how_it_is(programme: Programme, marie: Woman, robin: Coordinator, said: Said) -> None:
    """The desk reads her line; after a month she is asked again, and sees how it has been."""
    robin.does_what_is_to_do("A check-in needs somebody", "Marie", note="She told her supporter herself.")
    programme.days_pass(12)
    marie.comes_back().answers_a_check_in(listened="fully", next="keep going", safe="yes")
    marie.reads("Only coordinators can read it. Nothing else is needed from you.")
    marie.presses("How it has been over time").reads("These are your own answers, from the first to the latest.")


def is_looked_at_half_way(programme: Programme, robin: Coordinator) -> None:
    programme.days_pass(13)
    robin.does_what_is_to_do("Half of the time together is over", "Marie")


def goes_on_past_the_last_day(programme: Programme, supporter: Supporter, marie: Woman) -> None:
    """Two weeks before the end both are asked, both go on, and the last day goes by without parting them."""
    programme.days_pass(30)
    marie.comes_back().would_like_to_go_on().reads("You would like to go on.")
    supporter.goes_to("Marie").would_like_to_go_on()
    programme.days_pass(16)
    marie.comes_back().is_with(supporter.name)
    assert marie.asks("Your message")
