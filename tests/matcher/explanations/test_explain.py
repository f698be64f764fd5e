"""The same facts in three voices: what each may hear, and what she may not."""

from dataclasses import replace
from decimal import Decimal

import pytest

from matcher.availability import ALWAYS
from matcher.explanations.explain import costliest_gaps, explain, gaps, reasons, strongest_reasons
from matcher.explanations.messages import Message, duration, in_words, languages
from matcher.people import Need, Offer
from matcher.questionnaire import weights
from matcher.questionnaire.loading import load
from matcher.ranking.roster import Roster
from tests.matcher.worlds.pairs import MEETING, ON, need, offer, questions, roster
from tests.matcher.worlds.small_programme import QUESTIONS, WEIGHTS, write
from tests.matcher.worlds.small_programme import changed as changed_text

HERS = {
    "topics": "alcohol*; grief; parenting",
    "ways": "counselling; faith",
    "interests": "music",
    "age_group": "age_35_44",
    "wishes": "same_faith=nice",
    "faith": "christian",
    "about_me": "lgbtq",
}
THEIRS = {
    "topics": "alcohol; grief",
    "months_steady": "alcohol=36; grief=36",
    "ways": "counselling",
    "interests": "music",
    "age_group": "age_55_64",
}


def said(voice, theirs=None, hers=None, language="en", **fields):
    asks, offers = need(cells={**HERS, **(hers or {})}), offer("o", {**THEIRS, **(theirs or {})}, **fields)
    standing = roster(offers).stand(asks, "o")
    told = explain(voice, asks, offers, standing, questions())
    return told, [in_words(message, questions(), language) for message in told]


def keys(messages):
    return [message.key for message in messages]


def test_what_a_supporter_keeps_to_herself_is_not_told_to_the_woman():
    told, texts = said("requester")
    assert not {"topics", "ways"} & {message.values.get("question") for message in told}
    assert "alcohol" not in " ".join(texts)


def test_what_her_card_opens_is_told():
    told, texts = said("requester", {"card": "topics; ways"})
    assert told[0] == Message("her_shared", {"question": "topics", "options": ["alcohol", "grief"]})
    assert "alcohol and grief" in texts[0]


def test_she_hears_at_most_three_shared_things_and_one_gap():
    told, _ = said("requester", {"card": "topics; ways; life_now"})
    assert len([message for message in told if message.key in ("her_shared", "her_times")]) == 3
    assert len(told) == 4


def test_the_gap_is_the_one_that_costs_most_among_those_that_may_be_told():
    hidden, _ = said("requester")
    opened, _ = said("requester", {"card": "topics; ways"})
    assert hidden[-1].values.get("question") not in ("topics", "ways", "wishes")
    assert opened[-1].values["question"] in ("topics", "ways")


def test_a_wish_that_does_not_hold_is_a_gap_where_it_looks_at_nothing_sensitive():
    perfect = {**THEIRS, "topics": HERS["topics"].replace("*", ""), "ways": HERS["ways"], "age_group": "age_55_64"}
    theirs = {**perfect, "faith": "christian", "months_steady": "alcohol=36; grief=36; parenting=36"}
    for wish, key in (("close_in_age=nice", "her_missing"), ("same_faith=nice", "her_keeps")):
        told, texts = said(
            "requester",
            {**theirs, "faith": "muslim"} if key == "her_keeps" else theirs,
            {"wishes": wish, "age_group": "age_35_44" if key == "her_missing" else "age_55_64"},
        )
        gap = [message for message in told if message.key in ("her_missing", "her_keeps", "her_not_said")]
        assert keys(gap) == [key]
        assert gap[0].values.get("question", "wishes") == "wishes"
        assert texts[-1].endswith(".")


def test_the_strongest_reasons_come_first():
    asks, theirs = need(cells=HERS), offer("o", {**THEIRS, "age_group": "age_35_44"})
    candidate = roster(theirs, offer("far", {"topics": "-", "ways": "-"})).stand(asks, "o").candidate
    earned = {line.line.question_id: line.grains for line in candidate.lines}
    told = [message.values["question"] for message in strongest_reasons(candidate, 99)]
    assert len(set(told)) > 2
    assert [earned[question] for question in told] == sorted((earned[question] for question in told), reverse=True)
    assert [one.values["question"] for one in strongest_reasons(candidate, 1)] == told[:1]


def test_three_things_are_told_one_after_the_other():
    message = Message("shared", {"question": "topics", "options": ["alcohol", "grief", "parenting"]})
    assert "alcohol, grief or loss and parenting" in in_words(message, questions(), "en")
    assert "l’alcool, un deuil ou une perte et le quotidien de mère" in in_words(message, questions(), "fr")


def test_a_wish_is_told_only_where_what_it_looks_at_is_open():
    wish = Message("her_shared", {"question": "wishes", "options": ["same_faith"]})
    closed, _ = said("requester", {"faith": "christian"})
    opened, _ = said("requester", {"faith": "christian", "card": "faith"})
    assert wish not in closed
    assert wish in opened


def test_a_pair_that_is_ruled_out_is_told_to_the_coordinator_alone():
    for voice in ("requester", "supporter"):
        assert keys(said(voice, status="on a break")[0]) == ["not_proposed"]
    told, texts = said("coordinator", status="on a break")
    assert keys(told)[:2] == ["ruled_out", "gate_fails"]
    assert "not active now" in texts[1]


def test_an_unknown_that_rules_out_is_named_as_unknown():
    told, _ = said("coordinator", until={"trained_until": None})
    assert Message("gate_unknown", {"gate": "trained_until"}) in told


def test_the_supporter_hears_what_is_starred_and_nothing_sensitive_else():
    told, texts = said("supporter")
    assert Message("hoped", {"question": "topics", "options": ["alcohol"]}) in told
    assert not {"ways", "wishes", "faith", "about_me", "age_group"} & {m.values.get("question") for m in told}
    assert "grief" not in " ".join(texts)


def test_the_coordinator_hears_every_part_in_points():
    told, _ = said("coordinator")
    parts = [message.values["part"] for message in told if message.key == "part"]
    assert parts == ["topics", "wishes", "ways", "life", "availability", "interests", "headroom"]
    (headline,) = [message for message in told if message.key == "stands"]
    assert headline.values["points"] == pytest.approx(sum(m.values["points"] for m in told if m.key == "part"))


def test_an_exclusion_against_an_unknown_answer_passes_and_is_told():
    asks, silent = need(cells={"not_now": "grief"}), offer("o")
    standing = roster(silent).stand(asks, "o")
    assert standing.gates == {}
    assert Message("exclusion_not_known", {"question": "not_now"}) in explain(
        "coordinator", asks, silent, standing, questions()
    )


def changed(cells, change):
    """Apply what "would be first if" names to a supporter's cells."""
    question = change.values.get("question", "")
    match change.key:
        case "if_option" if question == "wishes":
            return {**cells, "faith": HERS["faith"]}
        case "if_option":
            return {**cells, question: f"{cells[question]}; {change.values['option']}"}
        case "if_close":
            return {**cells, question: HERS[question]}
        case "if_minutes":
            return {**cells, question: MEETING[question]}
    return cells


@pytest.mark.parametrize(
    ("worse", "expected"),
    [
        ({"availability": "Mon 18:00-20:30"}, "if_minutes"),
        ({"age_group": "age_45_54", "ways": "counselling; faith"}, "if_close"),
        ({"topics": "alcohol; loneliness", "months_steady": "alcohol=24"}, "if_option"),
    ],
)
def test_the_nearest_change_that_would_make_her_first_is_named_and_is_enough(worse, expected):
    best = {**THEIRS, "topics": "alcohol; grief; parenting", "ways": "counselling; faith", "age_group": "age_35_44"}
    first, second = offer("first", best), offer("second", {**best, **worse})
    held, asks = roster(first, second), need(cells=HERS)
    held.update(offer("first", best, strain=Decimal("0.0001")))
    told = explain("coordinator", asks, second, held.stand(asks, "second"), questions())
    (message,) = [message for message in told if message.key == "would_be_first"]
    assert keys(message.values["changes"]) == [expected]
    change = in_words(message.values["changes"][0], questions(), "en")
    assert in_words(message, questions(), "en") == f"She would be first {change}."
    held.update(offer("second", changed({**best, **worse}, message.values["changes"][0])))
    assert held.stand(asks, "second").place == 1


def test_an_answer_that_is_not_known_is_named_as_what_would_make_her_first():
    best = {**THEIRS, "topics": "alcohol; grief; parenting", "ways": "counselling; faith", "age_group": "age_35_44"}
    silent = offer("silent", {question: cell for question, cell in best.items() if question != "age_group"})
    others = offer("first", best, strain=Decimal("0.0001")), offer("far", {**best, "age_group": "age_55_64"})
    held, asks = roster(silent, *others), need(cells={**HERS, "wishes": "-"})
    told = explain("coordinator", asks, silent, held.stand(asks, "silent"), questions())
    (message,) = [message for message in told if message.key == "would_be_first"]
    assert message.values["changes"] == [Message("if_known", {"question": "age_group"})]


def test_several_changes_are_named_where_none_alone_is_enough():
    best = {**THEIRS, "topics": "alcohol; grief; parenting", "ways": "counselling; faith", "age_group": "age_35_44"}
    second = offer("second", {**best, "age_group": "age_45_54", "interests": "-"})
    first = offer("first", best, strain=Decimal("0.0001"))
    held, asks = roster(first, second), need(cells={**HERS, "wishes": "-"})
    told = explain("coordinator", asks, second, held.stand(asks, "second"), questions())
    (message,) = [message for message in told if message.key == "would_be_first"]
    assert sorted(keys(message.values["changes"])) == ["if_close", "if_option"]


def test_who_is_far_behind_is_told_by_how_much():
    best = {**THEIRS, "topics": "alcohol; grief; parenting", "ways": "counselling; faith", "age_group": "age_35_44"}
    far = offer("far", {"topics": "alcohol", "months_steady": "alcohol=36", "availability": "Mon 18:00-19:00"})
    held, asks = roster(offer("first", best), far), need(cells={**HERS, "wishes": "-"})
    standing = held.stand(asks, "far")
    told = explain("coordinator", asks, far, standing, questions())
    (message,) = [message for message in told if message.key == "far_behind"]
    assert message.values == {"points": pytest.approx(standing.first.points - standing.candidate.points)}
    assert in_words(message, questions(), "en").endswith("behind the first; it would take more than three changes.")


def test_who_is_out_by_one_gate_alone_and_would_be_first_is_named():
    lapsed, other = offer("lapsed", THEIRS, status="left"), offer("other", {"months_steady": "alcohol=24"})
    assert roster(lapsed, other).nearest_outside(need(cells=HERS)) == ("lapsed", "status")
    assert roster(offer("lapsed", status="left"), offer("other", THEIRS)).nearest_outside(need(cells=HERS)) is None


def test_reasons_and_gaps_tell_what_is_shared_related_missing_and_not_known():
    asks = need(cells={"topics": "alcohol; grief", "support_kind": "listening", "age_group": "age_35_44"})
    (candidate,) = roster(offer("o", {"topics": "other_drugs; grief", "age_group": "age_45_54"})).rank(asks).candidates
    assert {"shared", "minutes"} <= set(keys(reasons(candidate)))
    assert Message("related", {"question": "topics", "options": ["alcohol"]}) in gaps(candidate)
    assert Message("not_known", {"question": "support_kind"}) in gaps(candidate)
    assert Message("steps", {"question": "age_group", "steps": 1}) in gaps(candidate)


def test_what_is_to_be_asked_before_they_meet_is_named_before_every_gap_and_never_cut_off():
    asks = need(cells={**HERS, "not_now": "grief"})
    candidate = roster(offer("o", {"interests": "-"}), offer("other", THEIRS)).stand(asks, "o").candidate
    told = [(message.key, message.values["question"]) for message in costliest_gaps(candidate, 99)]
    assert told[0] == ("exclusion_not_known", "not_now")
    lost = [
        sum(line.line.maximum - line.grains for line in candidate.lines if line.line.question_id == question)
        for _, question in told[1:]
    ]
    assert len(set(lost)) > 2
    assert lost == sorted(lost, reverse=True)
    for most in (0, 1, 2):
        assert costliest_gaps(candidate, most) == costliest_gaps(candidate, 99)[: max(1, most)]


def test_without_a_card_nothing_sensitive_is_told_and_everything_else_is(tmp_path):
    without = changed_text('card = "card"\n', "", QUESTIONS.partition('[[question]]\nid = "card"')[0])
    asked = load(write(tmp_path, "q.toml", without))
    answers = {"topics": frozenset({"grief"}), "pastimes": frozenset({"music"})}
    asks, theirs = Need(id="n", safe_hours=ALWAYS, answers=answers), Offer(id="o", answers=answers)
    weighed = weights.load(asked, write(tmp_path, "w.toml", WEIGHTS))
    standing = Roster(questionnaire=asked, weights=weighed, on=ON).fit([theirs]).stand(asks, "o")
    told = explain("requester", asks, theirs, replace(standing, gates={}), asked)
    assert told == [Message("her_shared", {"question": "pastimes", "options": ["music"]})]


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("voice", ["requester", "supporter", "coordinator"])
def test_every_message_has_words_in_every_language(voice, language):
    for theirs in ({}, {"card": "topics; ways"}, {"topics": "-"}, {"availability": "Tue 01:00-02:00"}):
        _, texts = said(voice, theirs, language=language)
        assert texts
        assert not [text for text in texts if "{" in text or not text.strip()]


def test_minutes_are_written_as_hours_and_minutes():
    assert [duration(minutes) for minutes in (0, 45, 60, 150)] == ["0 min", "45 min", "1 h", "2 h 30 min"]


HOURS = "Mon 17:00-19:00; Tue 20:00-21:30; Sun 23:00-24:00"


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "Mon 17:00 to 19:00; Tue 20:00 to 21:30; Sun 23:00 to midnight"),
        ("fr", "lun. 17 h à 19 h; mar. 20 h à 21 h 30; dim. 23 h à minuit"),
    ],
)
def test_hours_are_said_as_the_language_says_them(language, expected):
    values = {"question": "modes", "options": ["phone"], "hours": HOURS}
    words = in_words(Message("safe_times", values), questions(), language)
    assert expected in words.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("steps", "language", "expected"),
    [
        (1, "en", "age: one age group apart"),
        (2, "en", "age: 2 age groups apart"),
        (1, "fr", "âge : une tranche d’âge d’écart"),
        (3, "fr", "âge : 3 tranches d’âge d’écart"),
    ],
)
def test_how_far_apart_is_said_in_the_words_of_the_question(steps, language, expected):
    message = Message("steps", {"question": "age_group", "steps": steps})
    assert in_words(message, questions(), language).replace("\u00a0", " ") == expected


SAFE = {"modes": "site_messages; phone", "availability": "Mon 18:00-22:00; Tue 18:00-22:00"}
TUESDAY = frozenset(range(48 + 40, 48 + 44))


def test_ways_that_leave_the_site_are_told_with_the_hours_that_are_safe_and_no_others():
    asks = need(cells={**HERS, **SAFE}, time_zone="America/Toronto", safe_hours=TUESDAY)
    offers = offer("o", {**THEIRS, **SAFE}, time_zone="America/Chicago")
    standing = roster(offers).stand(asks, "o")
    ways = {"question": "modes", "options": ["phone"]}
    told = {voice: explain(voice, asks, offers, standing, questions()) for voice in ("supporter", "coordinator")}
    (hers,) = [message.values["hours"] for message in told["coordinator"] if message.key == "safe_times"]
    (theirs,) = [message.values["hours"] for message in told["supporter"] if message.key == "safe_times"]
    assert (hers, theirs) == ("Tue 20:00-22:00", "Tue 19:00-21:00")
    assert Message("safe_times", {**ways, "hours": theirs}) in told["supporter"]


def test_where_no_hour_is_safe_outside_it_is_said():
    asks = need(cells={**HERS, **SAFE}, safe_hours=frozenset())
    offers = offer("o", {**THEIRS, **SAFE})
    told = explain("supporter", asks, offers, roster(offers).stand(asks, "o"), questions())
    assert Message("never_safe", {"question": "modes", "options": ["phone"]}) in told
    only_by_phone = roster(offer("o", {**THEIRS, "modes": "phone"})).stand(asks, "o")
    assert only_by_phone.gates == {"availability": 2}


@pytest.mark.parametrize(
    ("hers", "fields"),
    [({}, {"never": frozenset({"best"})}), ({}, {"past": frozenset({"best"})}), ({"not_now": "grief"}, {})],
)
def test_a_gate_that_protects_is_never_told_as_what_stands_in_the_way(hers, fields):
    best, other = offer("best", THEIRS), offer("other", {"months_steady": "alcohol=24"})
    asks = need(cells={**HERS, "topics": "alcohol*", **hers}, **fields)
    held = roster(best, other)
    assert held.nearest_outside(asks) is None
    assert "would_stand" not in keys(explain("coordinator", asks, best, held.stand(asks, "best"), questions()))


def test_a_starred_topic_that_was_not_lived_is_known_and_one_without_months_is_not():
    asks = need(cells={"topics": "alcohol*"})
    held = roster(offer("not", {"topics": "grief"}), offer("lived", {"topics": "alcohol"}), offer("silent"))
    verdicts = {one: held.stand(asks, one).gates["months_steady"] for one in ("not", "lived", "silent")}
    assert verdicts == {"not": 1, "lived": 2, "silent": 2}
    assert held.rank(asks).unknown_by == {"months_steady": 2}


def test_a_town_written_longer_is_the_same_town():
    asks = need(cells={"different_town": "yes", "town": "Windsor, Ontario"})
    held = roster(offer("o", {"town": "Windsor"}), offer("p", {"town": "Marathon"}))
    assert [one.offer for one in held.rank(asks).candidates] == ["p"]
