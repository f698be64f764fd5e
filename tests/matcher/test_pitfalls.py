"""How comparable systems failed, one to twelve, and that this engine does not."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from matcher import availability
from matcher.cli.main import main
from matcher.grains import FULL_SCORE
from matcher.people import Need
from matcher.profiles.space import ProfileSpace
from matcher.questionnaire.answers import write_answer
from tests.matcher.worlds.pairs import need, offer, questions, ranked, read, roster

TOPICS = "alcohol; grief"
ALL_TOPICS = "; ".join(questions().by_id["topics"].option_ids)


def grains(roster, need, identity):
    return {candidate.offer: candidate.grains for candidate in roster.rank(need, top=None).candidates}[identity]


def test_1_a_forbidden_pair_is_absent_however_high_it_would_score():
    best = offer("best", {"topics": TOPICS}, never=frozenset({"n"}))
    other = offer("other")
    held = roster(best, other)
    assert ranked(held, need(cells={"topics": TOPICS})) == ["other"]
    assert held.rank(need(cells={"topics": TOPICS})).excluded_by == {"never": 1}


def test_2_one_impossible_request_leaves_the_others_ranked_and_says_why():
    held = roster(offer())
    impossible = held.rank(need("impossible", {"languages": "oj"}))
    assert (impossible.candidates, impossible.excluded_by) == ((), {"languages": 1})
    assert ranked(held, need("possible")) == ["o"]


def test_3_absent_data_is_neither_agreement_nor_disagreement():
    lived, not_lived, silent = offer("lived", {"topics": "grief"}), offer("not", {"topics": "alcohol"}), offer("silent")
    held, asked = roster(lived, not_lived, silent), need(cells={"topics": "grief"})
    assert grains(held, asked, "not") < grains(held, asked, "silent") < grains(held, asked, "lived")
    (known,) = [c.known for c in held.rank(asked).candidates if c.offer == "silent"]
    assert known < 0.5


def test_3_an_empty_need_is_no_perfect_pair_by_what_it_left_out():
    known = roster(offer()).rank(need()).known
    assert known < 0.2


def test_3_an_answer_that_is_no_option_earns_nothing():
    nothing, stray = offer("nothing", {"topics": "-"}), offer("stray", {"topics": "-"})
    stray = replace(stray, answers={**stray.answers, "topics": frozenset({"no_such_topic"})})
    for topic in questions().by_id["topics"].option_ids:
        held = roster(nothing, stray)
        asks = need(cells={"topics": topic})
        assert grains(held, asks, "stray") == grains(held, asks, "nothing")


def test_4_unknown_fails_what_protects():
    lapsed = offer("lapsed", until={"trained_until": None})
    unsaid = offer("unsaid", {"town": ""})
    held = roster(lapsed, unsaid)
    assert ranked(held, need(cells={"different_town": "yes", "town": "Windsor"})) == []


def test_4_her_safe_hours_are_said_and_never_left_to_a_default():
    with pytest.raises(TypeError, match="safe_hours"):
        Need(id="n")


def test_5_ticking_everything_gains_a_woman_nothing_beyond_her_bound():
    held = roster(offer("one", {"topics": TOPICS}), offer("two", {"topics": "grief"}))
    for ticked in (TOPICS, ALL_TOPICS):
        assert grains(held, need(cells={"topics": ticked}), "one") <= FULL_SCORE
    assert ranked(held, need(cells={"topics": ALL_TOPICS})) == ["one", "two"]


def test_5_ticking_a_single_hour_buys_no_better_match():
    plenty, single = offer("plenty"), offer("single", {"availability": "Mon 18:00-19:00"})
    assert ranked(roster(plenty, single), need()) == ["plenty", "single"]


def test_6_the_same_input_gives_the_same_output_in_any_order():
    offers = [offer(f"o{number}", {"topics": topic}) for number, topic in enumerate(("grief", "alcohol", "grief"))]
    asked = need(cells={"topics": TOPICS})
    assert roster(*offers).rank(asked) == roster(*reversed(offers)).rank(asked) == roster(*offers).rank(asked)


def test_7_no_number_reaches_the_woman(capsys):
    files = ["--offers", "seeds/supporters.csv", "--needs", "seeds/requests.csv", "--on", "2026-11-23"]
    for language in ("en", "fr"):
        pair = ["--need", "r02", "--offer", "s31", "--voice", "requester", "--language", language]
        assert main(["explain", *files, *pair]) == 0
        said = capsys.readouterr().out
        assert len(said.splitlines()) >= 3
        assert not any(letter.isdigit() or letter == "%" for letter in said)


def test_8_everyone_is_scored_before_the_list_is_cut():
    offers = [offer(f"o{number:02d}", {"topics": "alcohol"}) for number in range(30)]
    best = offer("z", {"topics": "grief"})
    assert ranked(roster(*offers, best), need(cells={"topics": "grief"}), top=1) == ["z"]


def test_9_many_ties_are_ordered_by_the_stated_rule():
    busy = offer("a", capacity=4, load=2)
    waiting_longer = offer("c", capacity=2, load=1, last_matched=date(2026, 1, 1))
    waiting_less = offer("b", capacity=2, load=1, last_matched=date(2026, 6, 1))
    never_matched = offer("d", capacity=2, load=1)
    held = roster(busy, waiting_less, waiting_longer, never_matched)
    assert {candidate.grains for candidate in held.rank(need()).candidates} == {held.rank(need()).candidates[0].grains}
    assert ranked(held, need()) == ["d", "c", "b", "a"]


def test_9_a_grain_is_enough_to_be_told_apart():
    strained, rested = offer("a", strain=Decimal("0.0001")), offer("b")
    assert ranked(roster(strained, rested), need()) == ["b", "a"]


def test_10_waiting_is_shown_in_order_and_does_not_saturate(tmp_path, capsys):
    header = "id,languages,modes,availability,waiting_since\n"
    rows = [f"{name},en,phone,Mon 18:00-20:00,{since}\n" for name, since in SINCE.items()]
    (tmp_path / "needs.csv").write_text(header + "".join(rows))
    files = ["--offers", "seeds/supporters.csv", "--needs", str(tmp_path / "needs.csv"), "--on", "2026-11-23"]
    assert main(["rank", *files, "--format", "csv", "--top", "1"]) == 0
    needs = [line.split(",")[0] for line in capsys.readouterr().out.splitlines()[1:]]
    assert needs == ["c", "b", "a"]


SINCE = {"a": "2026-11-01", "b": "2024-11-01", "c": "2023-11-01"}


@pytest.mark.parametrize("on", [date(2026, 3, 2), date(2026, 3, 9), date(2026, 10, 26), date(2026, 11, 2)])
def test_11_a_weekly_hour_stays_where_the_clock_on_the_wall_puts_it(on):
    hers = need(cells={"availability": "Wed 19:00-20:00"}, time_zone="America/Toronto")
    same_wall = offer("same", {"availability": "Wed 19:00-20:00"}, time_zone="America/Toronto")
    assert ranked(roster(same_wall, on=on), hers) == ["same"]


def test_11_hours_meet_across_midnight():
    hers = need(cells={"availability": "Mon 23:00-01:00"})
    assert ranked(roster(offer("o", {"availability": "Tue 00:00-01:00"})), hers) == ["o"]
    assert ranked(roster(offer("o", {"availability": "Mon 00:00-01:00"})), hers) == []


def test_12_nothing_is_lost_between_the_cell_and_the_profile_vector():
    cells = {
        "topics": "alcohol*; grief",
        "stage": "steady",
        "availability": "Mon 18:00-21:30; Sun 23:00-24:00",
        "wishes": "same_faith=must; close_in_age=nice",
        "different_town": "yes",
        "interests": "-",
    }
    person: Need = need(cells=cells)
    space = ProfileSpace(questions()).fit([offer()])
    (traced,) = space.inverse_transform(space.transform([person]))
    written = {column: write_answer(questions().by_id[column], traced[column]) for column in cells}
    assert written == cells
    assert read("requester", written) == read("requester", cells)


def test_12_minutes_are_minutes_from_the_sheet_to_the_score():
    hers = need(cells={"availability": "Mon 18:00-20:30"})
    (candidate,) = roster(offer("o", {"availability": "Mon 17:00-22:00"})).rank(hers).candidates
    (fact,) = [fact for fact in candidate.facts if fact.minutes is not None]
    assert fact.minutes == 150
    assert len(availability.read_hours("Mon 18:00-20:30")) * 30 == fact.minutes


def test_too_few_months_are_known_and_months_that_were_not_told_are_not():
    few = offer("few", {"topics": "alcohol", "months_steady": "alcohol=3"})
    silent = offer("silent", {"topics": "alcohol"})
    ranking = roster(few, silent).rank(need(cells={"topics": "alcohol*"}))
    assert ranking.excluded_by["months_steady"] == 2
    assert ranking.unknown_by["months_steady"] == 1


def test_hours_that_are_not_known_are_not_counted_as_known():
    told, silent = offer("told"), offer("silent", time_zone=None)
    held, asks = roster(told, silent), need(cells={"topics": "grief"})
    known = [held.stand(asks, one).candidate.known for one in ("told", "silent")]
    assert known[1] < known[0]
