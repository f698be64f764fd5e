"""What holds of every ranking, whoever asks and whoever offers: properties over invented worlds.

PAIRWELL_EXAMPLES sets how many worlds each property is tried on (default 35).
"""

import os
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from matcher.grains import points
from matcher.people import Need, Offer
from matcher.questionnaire.answers import Answer, Marks
from matcher.questionnaire.columns import UNTIL
from matcher.questionnaire.schema import Question, Questionnaire
from matcher.questionnaire.weights import HEADROOM
from matcher.ranking.results import Candidate
from matcher.ranking.roster import Roster
from tests.matcher.oracles import plain_reading as plain
from tests.matcher.oracles.plain_gates import left_out, wish_holds
from tests.matcher.worlds.generated import World, gated_worlds, open_worlds, world

FULL = plain.FULL
EXAMPLES = settings(
    max_examples=int(os.environ.get("PAIRWELL_EXAMPLES", "35")),
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


def roster_of(invented: World, offers: Iterable[Offer] | None = None) -> Roster:
    roster = Roster(questionnaire=invented.questionnaire, weights=invented.weights, on=invented.on)
    roster.fit(invented.offers if offers is None else tuple(offers))
    return roster


def scores(roster: Roster, need: Need) -> dict[str, int]:
    return {
        candidate.offer: candidate.grains for candidate in roster.rank(need, top=None, with_excluded=True).candidates
    }


def parts(roster: Roster, need: Need) -> dict[str, dict[str, int]]:
    ranked = roster.rank(need, top=None, with_excluded=True).candidates
    return {candidate.offer: {p.part: p.grains for p in candidate.parts} for candidate in ranked}


def excluded(roster: Roster, need: Need) -> dict[str, tuple[str, ...]]:
    return {who.offer: tuple(who.gates) for who in roster.rank(need, top=None, with_excluded=True).excluded}


def with_answer(person: Any, question_id: str, answer: Answer | None) -> Any:
    """Give the person with another answer; None leaves the question out."""
    kept = {key: value for key, value in person.answers.items() if key != question_id}
    return replace(person, answers=kept if answer is None else {**kept, question_id: answer})


@EXAMPLES
@given(gated_worlds)
def test_the_parts_add_up_to_the_score_and_the_shares_to_a_hundred_points(invented: World) -> None:
    roster = roster_of(invented)
    for need in invented.needs:
        for candidate in roster.rank(need, top=None, with_excluded=True).candidates:
            assert sum(part.grains for part in candidate.parts) == candidate.grains
            assert sum(part.of for part in candidate.parts) in (0, FULL)
            assert all(0 <= part.grains <= part.of for part in candidate.parts)
            assert 0 <= candidate.known <= 1


@EXAMPLES
@given(gated_worlds)
def test_a_pair_by_itself_scores_as_before_everybody_whatever_the_gates_say(invented: World) -> None:
    roster = roster_of(invented)
    for need in invented.needs:
        assert all(roster.score(need, o) == points(roster.stand(need, o.id).candidate.grains) for o in invented.offers)


@EXAMPLES
@given(gated_worlds, st.randoms(use_true_random=False))
def test_the_order_of_the_input_changes_nothing(invented: World, rng: Random) -> None:
    shuffled = list(invented.offers)
    rng.shuffle(shuffled)
    there = [roster_of(invented).rank(need, top=None, with_excluded=True) for need in invented.needs]
    again = [
        roster_of(invented, shuffled).rank(need, top=None, with_excluded=True) for need in reversed(invented.needs)
    ]
    for one, other in zip(there, reversed(again), strict=True):
        assert list(one.candidates) == list(other.candidates)
        assert dict(one.excluded_by) == dict(other.excluded_by)
        assert sorted(one.excluded, key=lambda who: who.offer) == sorted(other.excluded, key=lambda who: who.offer)


@pytest.mark.parametrize("seed", range(4))
def test_threads_change_nothing(seed: int) -> None:
    invented = world(Random(seed), most_offers=60, most_needs=12)
    roster = roster_of(invented)
    alone = [roster.rank(need, top=None, with_excluded=True) for need in invented.needs]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda need: roster.rank(need, top=None, with_excluded=True), invented.needs * 4))
    assert together == alone * 4


@EXAMPLES
@given(gated_worlds)
def test_the_first_few_are_the_head_of_the_whole_ranking(invented: World) -> None:
    roster = roster_of(invented)
    for need in invented.needs:
        whole = roster.rank(need, top=None, with_excluded=True)
        assert list(roster.rank(need, top=2).candidates) == list(whole.candidates)[:2]
        order = [(candidate.offer, candidate.grains) for candidate in whole.candidates]
        reading = plain.ranking(invented.questionnaire, invented.weights, need, invented.offers, invented.on)
        assert order == reading


@EXAMPLES
@given(gated_worlds)
def test_who_fails_a_gate_is_never_a_candidate(invented: World) -> None:
    roster = roster_of(invented)
    for need in invented.needs:
        out = excluded(roster, need)
        failed = {o.id: tuple(plain.gates(invented.questionnaire, need, o, invented.on)) for o in invented.offers}
        assert out == {who: gates for who, gates in failed.items() if gates}
        assert set(scores(roster, need)) == {who for who, gates in failed.items() if not gates}


@EXAMPLES
@given(gated_worlds)
def test_another_day_is_judged_by_its_own_expiries_and_clocks(invented: World) -> None:
    roster, later = roster_of(invented), invented.on + timedelta(days=9)
    fit = plain.learn(invented.questionnaire, invented.offers)
    for need in invented.needs:
        ranked = [(c.offer, c.grains) for c in roster.rank(need, top=None, on=later).candidates]
        about = (fit, invented.questionnaire, invented.weights, need)
        assert ranked == plain.ranking_by(*about, invented.offers, later)


def _can_add(question: Question, offer: Offer) -> list[str]:
    """List the experiences that a supporter who answered could add."""
    if question.kind != "choices" or left_out(offer, question.id):
        return []
    return [option for option in question.option_ids if option not in cast(Marks, offer.answers[question.id])]


@EXAMPLES
@given(open_worlds, st.randoms(use_true_random=False))
def test_an_added_experience_never_lowers_a_score(invented: World, rng: Random) -> None:
    roster = roster_of(invented)
    offer = rng.choice(invented.offers)
    before = [scores(roster, need)[offer.id] for need in invented.needs]
    for question in invented.questionnaire.with_rule("coverage"):
        for option in _can_add(question, offer):
            more = cast(Marks, offer.answers[question.id]) | {option}
            roster.update(with_answer(offer, question.id, more))
            after = [scores(roster, need)[offer.id] for need in invented.needs]
            assert all(now >= then for now, then in zip(after, before, strict=True))


@EXAMPLES
@given(open_worlds)
def test_a_change_that_is_taken_back_leaves_no_trace(invented: World) -> None:
    roster = roster_of(invented)
    before = [roster.rank(need, top=None, with_excluded=True) for need in invented.needs]
    first = invented.offers[0]
    roster.add(invented.later[0])
    roster.update(replace(first, answers={}, strain=Decimal(1)))
    roster.remove(invented.later[0].id)
    roster.update(first)
    assert [roster.rank(need, top=None, with_excluded=True) for need in invented.needs] == before


def _without_unmarked_wishes(questionnaire: Questionnaire, need: Need) -> Questionnaire:
    """Take every wish that she did not mark out of the questionnaire."""
    wished = cast(Mapping[str, str], need.answers.get("wishes", {}))
    asked = []
    for question in questionnaire.question:
        kept = tuple(option for option in question.options if option.id in wished)
        asked.append(question.remade(options=kept) if question.id == "wishes" else question)
    return questionnaire.remade(question=tuple(asked))


@EXAMPLES
@given(gated_worlds | open_worlds)
def test_an_unmarked_wish_has_no_effect_at_all(invented: World) -> None:
    for need in invented.needs:
        assume(need.answers.get("wishes"))
        fewer = replace(invented, questionnaire=_without_unmarked_wishes(invented.questionnaire, need))
        one, other = (
            roster_of(invented).rank(need, top=None, with_excluded=True),
            roster_of(fewer).rank(need, top=None, with_excluded=True),
        )
        assert list(map(_told, one.candidates)) == list(map(_told, other.candidates))
        assert one.excluded == other.excluded


def _told(candidate: Candidate) -> tuple[object, ...]:
    """Tell all that a ranking says of a candidate; her lines and facts also hold the questions as they are asked."""
    return candidate.offer, candidate.known, [line.grains for line in candidate.lines], candidate.parts


def _parts_beside(questionnaire: Questionnaire, question: Question) -> set[str]:
    """List the parts that neither this question nor a wish that looks at it feeds."""
    looking = [q for q in questionnaire.with_rule("wishes") if question.id in {o.of for o in q.options}]
    touched = {getattr(q.match, "part", None) for q in (question, *looking)}
    return {part for part in (*questionnaire.parts, HEADROOM) if part not in touched}


@EXAMPLES
@given(open_worlds)
def test_silence_leaves_every_other_part_as_it_was(invented: World) -> None:
    roster, offer = roster_of(invented), invented.offers[0]
    for question in invented.questionnaire.with_rule("coverage", "closeness"):
        beside = _parts_beside(invented.questionnaire, question)
        for need in invented.needs:
            roster.update(offer)
            spoken = parts(roster, need)[offer.id]
            roster.update(with_answer(offer, question.id, None))
            silent = parts(roster, need)[offer.id]
            assert {p: spoken[p] for p in spoken if p in beside} == {p: silent[p] for p in silent if p in beside}


def _about_only(invented: World, question: Question) -> World:
    """Give the same world with this one question in its questionnaire, and nothing else in the score."""
    weights = replace(invented.weights, parts={getattr(question.match, "part", ""): plain.HALF})
    return replace(invented, questionnaire=invented.questionnaire.remade(question=(question,)), weights=weights)


@EXAMPLES
@given(open_worlds)
def test_silence_earns_exactly_the_mean_of_those_who_answered(invented: World) -> None:
    for question in invented.questionnaire.with_rule("coverage", "closeness"):
        narrowed = _about_only(invented, question)
        roster = roster_of(narrowed)
        silent = Offer(id="silent")
        roster.add(silent)
        who = [offer.id for offer in invented.offers if plain.is_known(question, offer)]
        for need in invented.needs:
            earned = scores(roster, need)
            mean = sum(earned[each] for each in who) / len(who) if who else 0
            assert abs(earned["silent"] - mean) <= len(question.option_ids) / 2 + 1


@EXAMPLES
@given(open_worlds)
def test_a_supporter_who_said_nothing_is_known_by_her_room_alone(invented: World) -> None:
    assume(not list(invented.questionnaire.with_rule("gate:overlap")))
    roster = roster_of(invented)
    roster.add(Offer(id="silent"))
    for need in invented.needs:
        (silent,) = [c for c in roster.rank(need, top=None, with_excluded=True).candidates if c.offer == "silent"]
        room = sum(part.of for part in silent.parts if part.part == HEADROOM)
        weighs = sum(part.of for part in silent.parts)
        assert silent.known == pytest.approx(room / FULL if weighs else 1, abs=1e-6)


PROTECTING = ("gate:any_shared", "gate:overlap", "gate:differs", "gate:steady", "wishes")


def _protects(question: Question, need: Need) -> str | None:
    """Name the question that must be answered to pass this gate; None where she asks nothing of it."""
    if question.match.rule not in PROTECTING:
        return None
    if question.match.rule == "gate:differs":
        return question.id if "yes" in cast(Marks, need.answers.get("elsewhere", frozenset())) else None
    if question.match.rule == "gate:steady":
        return question.id if need.stars.get(question.match.with_) else None
    if question.match.rule == "wishes":
        wished = cast(Mapping[str, str], need.answers.get(question.id, {}))
        return next((option.of for option in question.options if wished.get(option.id) == "must"), None)
    return question.id


@EXAMPLES
@given(gated_worlds)
def test_a_missing_answer_never_passes_a_gate_that_protects(invented: World) -> None:
    assume(invented.offers)
    roster, offer = roster_of(invented), invented.offers[0]
    for question in invented.questionnaire.question:
        for need in invented.needs:
            looked_at = _protects(question, need)
            if looked_at:
                roster.update(with_answer(offer, looked_at, None))
                assert question.id in excluded(roster, need)[offer.id]


@EXAMPLES
@given(gated_worlds, st.sampled_from(("gate:any_shared", "gate:overlap")))
def test_what_she_left_out_never_passes_a_gate_that_needs_both(invented: World, rule: str) -> None:
    for question in invented.questionnaire.with_rule(rule):
        for need in invented.needs:
            out = excluded(roster_of(invented), with_answer(need, question.id, None))
            assert all(question.id in out[offer.id] for offer in invented.offers)


@EXAMPLES
@given(open_worlds, st.sampled_from(("status", *UNTIL)))
def test_a_blank_column_never_passes(invented: World, column: str) -> None:
    offer = invented.offers[0]
    blank = {"status": None} if column == "status" else {"until": {column: None}}
    roster = roster_of(invented, [replace(offer, **cast(Any, blank))])
    for need in invented.needs:
        assert excluded(roster, need) == {offer.id: (column,)}


def _perfect(invented: World, need: Need) -> Offer:
    """Make the offer who is all that she asks for, as far as one person can be."""
    answers = dict(need.answers)
    for wish in (option for q in invented.questionnaire.with_rule("wishes") for option in q.options):
        if wish.has is not None:
            answers[str(wish.of)] = cast(Marks, answers.get(str(wish.of), frozenset())) | {wish.has}
    hours = frozenset(range(336))
    for question in invented.questionnaire.with_rule("gate:overlap"):
        answers[question.id] = hours
    return Offer(id="perfect", answers=answers, time_zone="UTC")


def _holds_every_wish(invented: World, need: Need, offer: Offer) -> bool:
    wishes = [option for q in invented.questionnaire.with_rule("wishes") for option in q.options]
    return all(wish_holds(invented.questionnaire, wish, need, offer) for wish in wishes)


@EXAMPLES
@given(open_worlds)
def test_a_perfect_pair_is_exactly_a_hundred_points(invented: World) -> None:
    for need in invented.needs:
        always = {q.id: frozenset(range(336)) for q in invented.questionnaire.with_rule("gate:overlap")}
        asking = replace(need, answers={**need.answers, **always})
        offer = _perfect(invented, asking)
        single = (q for q in invented.questionnaire.question if q.kind not in ("choices", "availability"))
        marks = (offer.answers.get(q.id) for q in single)
        assume(all(len(mark) < 2 for mark in marks if isinstance(mark, frozenset)))
        assume(_holds_every_wish(invented, asking, offer))
        roster = roster_of(invented)
        roster.add(offer)
        weighs = sum(part.of for part in roster.rank(asking, top=1).candidates[0].parts)
        assert scores(roster, asking)["perfect"] == weighs
        assert weighs in (0, FULL)


def test_the_worlds_are_the_same_for_the_same_seed() -> None:
    assert world(Random(5)) == world(Random(5))
