"""The oracle itself, against cases that were worked out by hand; the arithmetic stands beside each."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from matcher.availability import ALWAYS, read_hours
from matcher.people import Need, Offer
from matcher.questionnaire.schema import Questionnaire
from matcher.questionnaire.weights import Weights
from tests.matcher.oracles import plain_reading as plain
from tests.matcher.oracles.plain_gates import shared_minutes, squeezed

ON = date(2026, 6, 10)


def questions(*asked: dict[str, Any]) -> Questionnaire:
    made = [{"asked": "both", "label": {"en": "?"}, **question} for question in asked]
    raw = {"id": "by hand", "version": 1, "languages": ["en"], "question": made}
    return Questionnaire.model_validate(raw)


def options(names: str, **more: Any) -> list[dict[str, Any]]:
    return [{"id": name, **more} for name in names.split()]


def weighed(**parts: int) -> Weights:
    return Weights(1, "test", "by hand", {part: Fraction(weight) for part, weight in parts.items()})


def marks(names: str) -> frozenset[str]:
    return frozenset(names.split())


TOPICS = questions(
    {
        "id": "topics",
        "kind": "choices",
        "stars": 3,
        "options": [*options("alcohol drugs", family="substances"), *options("grief")],
        "match": {"rule": "coverage", "part": "topics", "rarity": False},
    }
)
STAGE = questions(
    {
        "id": "stage",
        "kind": "scale",
        "options": options("one two three four"),
        "match": {"rule": "closeness", "part": "life", "falloff": Decimal("0.3"), "at_least": True},
    }
)
HOURS = questions(
    {"id": "hours", "kind": "availability", "match": {"rule": "gate:overlap", "part": "availability"}},
    {
        "id": "modes",
        "kind": "choices",
        "options": [*options("chat"), *options("phone cafe", outside=True)],
        "match": {"rule": "gate:any_shared"},
    },
)


def test_equal_remainders_go_to_the_earlier() -> None:
    # 10 in thirds is 3.33 each: one is left, all remainders are equal, so the first has it.
    assert plain.shared_out(10, [Fraction(1)] * 3) == [4, 3, 3]
    # 10 by 1, 2, 3 is 1.67, 3.33, 5: the largest remainder is the first's.
    assert plain.shared_out(10, [Fraction(1), Fraction(2), Fraction(3)]) == [2, 3, 5]


def test_stars_family_and_headroom_by_hand() -> None:
    # 35 and 5 of 40: 8,750,000 and 1,250,000 grains.
    # alcohol* weighs 2 of 3: 5,833,333.33; grief 1 of 3: 2,916,666.67, whose remainder is larger.
    # She lacks alcohol but has drugs, of its family: floor(5,833,333 x 0.3 + 0.5) = floor(1,750,000.4).
    # She has grief: 2,916,667. Headroom: (2 - 1) / 2 x (1 - 0.5) = 1/4 of 1,250,000.
    weights = weighed(topics=35, headroom=5)
    need = Need(
        id="n", safe_hours=ALWAYS, answers={"topics": marks("alcohol grief")}, stars={"topics": marks("alcohol")}
    )
    answers = {"topics": marks("drugs grief")}
    offer = Offer(id="o", answers=answers, capacity=2, load=1, strain=Decimal("0.5"))
    fit = plain.learn(TOPICS, [offer])
    grains = plain.grains(TOPICS, weights, fit, need, offer, ON)
    assert grains == {"topics": 1_750_000 + 2_916_667, "headroom": 312_500}
    # 100 x (35 x (2 x 0.3 + 1) / 3 + 5 x 0.25) / 40 = 49.791666...
    assert plain.real_score(TOPICS, weights, fit, need, offer, ON) == pytest.approx(49.7916666667)


def test_a_silent_supporter_takes_the_mean_of_those_who_answered() -> None:
    # Four answered: alcohol earns 1, 0.3, 0, and 0 for `-`: 1.3 / 4 = 0.325. The silent one is not counted.
    have = {"a": "alcohol", "b": "drugs", "c": "grief", "d": ""}
    offers = [Offer(id=who, answers={"topics": marks(what)}) for who, what in have.items()]
    silent = Offer(id="e")
    fit = plain.learn(TOPICS, [*offers, silent])
    need = Need(id="n", safe_hours=ALWAYS, answers={"topics": marks("alcohol")})
    assert plain.grains(TOPICS, weighed(topics=1), fit, need, silent, ON) == {"topics": 3_250_000}
    assert plain.real_score(TOPICS, weighed(topics=1), fit, need, silent, ON) == pytest.approx(32.5)


def test_rarity_is_the_smoothed_logarithm_over_its_mean() -> None:
    # Three offers, all with a, none with b: ln(4/4) + 1 = 1, ln(4/1) + 1 = 2.386294; their mean is 1.693147.
    match = {"rule": "coverage", "part": "topics"}
    asked = questions({"id": "t", "kind": "choices", "options": options("a b"), "match": match})
    fit = plain.learn(asked, [Offer(id=who, answers={"t": marks("a")}) for who in "xyz"])
    assert float(fit.rarities["t"]["a"]) == pytest.approx(0.590616, abs=1e-6)
    assert float(fit.rarities["t"]["b"]) == pytest.approx(1.409384, abs=1e-6)
    # She marked both: a takes 0.5906161 / 2 of 10,000,000: 2,953,080.55, whose remainder is the larger.
    need = Need(id="n", safe_hours=ALWAYS, answers={"t": marks("a b")})
    assert plain.grains(asked, weighed(topics=1), fit, need, fit.offers[0], ON)["topics"] == 2_953_081


def test_steps_apart_count_down_and_further_along_counts_whole() -> None:
    # She is at three. One: 2 steps, 1 - 0.6; two: 0.7; four, further along: 1; `-` and silence: the mean 0.7.
    chosen = {"a": {"one"}, "b": {"two"}, "c": {"four"}, "d": set[str]()}
    offers = [Offer(id=who, answers={"stage": frozenset(what)}) for who, what in chosen.items()]
    fit = plain.learn(STAGE, offers)
    need = Need(id="n", safe_hours=ALWAYS, answers={"stage": marks("three")})
    earned = [plain.grains(STAGE, weighed(life=1), fit, need, o, ON)["life"] for o in (*offers, Offer(id="e"))]
    assert earned == [4_000_000, 7_000_000, 10_000_000, 7_000_000, 7_000_000]


def minutes(her: str, her_zone: str, theirs: str, on: date, **more: Any) -> int | None:
    chat = {"modes": marks("chat phone")}
    need = Need(
        id="n", answers={**chat, "hours": read_hours(her)}, time_zone=her_zone, **{"safe_hours": ALWAYS, **more}
    )
    offer = Offer(id="o", answers={**chat, "hours": read_hours(theirs)}, time_zone="UTC")
    return shared_minutes(HOURS, HOURS.question[0], need, offer, on)


def test_hours_are_on_the_wall_when_the_clocks_change() -> None:
    always = "Mon-Sun 00:00-24:00"
    # Toronto, Sunday 1 November 2026: 01:00 to 02:00 comes twice (05:00 to 07:00 UTC).
    assert minutes("Sun 01:00-02:00", "America/Toronto", always, date(2026, 10, 28)) == 120
    # Sunday 8 March 2026: 02:00 to 03:00 is skipped.
    assert minutes("Sun 02:00-03:00", "America/Toronto", always, date(2026, 3, 2)) == 0
    # Lord Howe goes back half an hour, Sunday 5 April 2026: 01:30 to 02:00 comes twice.
    assert minutes("Sun 01:00-02:00", "Australia/Lord_Howe", always, date(2026, 4, 1)) == 90


def test_a_zone_three_quarters_off_shares_quarter_hours() -> None:
    # Kathmandu is 5:45 ahead: Monday 00:00 to 00:30 is Sunday 18:15 to 18:45 UTC; 18:30 to 18:45 is shared.
    assert minutes("Mon 00:00-00:30", "Asia/Kathmandu", "Sun 18:30-19:00", ON) == 15


def test_only_ways_that_leave_the_site_are_narrowed_to_safe_hours() -> None:
    safe = read_hours("Tue 20:00-20:30")
    assert minutes("Tue 19:00-21:00", "UTC", "Tue 18:00-20:30", ON, safe_hours=safe) == 90
    need = Need(id="n", answers={"modes": marks("phone"), "hours": read_hours("Tue 19:00-21:00")}, safe_hours=safe)
    offer = Offer(id="o", answers={"modes": marks("chat phone"), "hours": read_hours("Tue 18:00-20:30")})
    assert shared_minutes(HOURS, HOURS.question[0], need, offer, ON) == 30


def test_every_failed_gate_is_named_in_its_order() -> None:
    until = {"agreed_until": None, "cleared_until": ON, "trained_until": date(2026, 6, 9)}
    offer = Offer(id="o", status=None, until=until, load=1, never=marks("n"), past=marks("x"))
    expected = ["status", "trained_until", "agreed_until", "capacity", "never", "past", "hours", "modes"]
    assert plain.gates(HOURS, Need(id="n", safe_hours=ALWAYS, past=marks("o")), offer, ON) == expected


def test_text_is_compared_without_case_accents_and_punctuation() -> None:
    assert squeezed(" MONTRÉAL,  Qc. ") == squeezed("montreal qc")
    assert squeezed("-") == ""


def test_ties_go_to_the_idle_then_to_the_longest_waiting_then_to_the_id() -> None:
    # No weight on headroom: all are equal but d, who has only half.
    weights, both = weighed(topics=1), {"topics": marks("alcohol grief")}
    offers = [
        Offer(id="b", answers=both, capacity=3, load=1),
        Offer(id="a", answers=both, capacity=3, load=2),
        Offer(id="e", answers=both, last_matched=date(2026, 1, 1)),
        Offer(id="f", answers=both, last_matched=date(2025, 1, 1)),
        Offer(id="h", answers=both),
        Offer(id="g", answers=both),
        Offer(id="d", answers={"topics": marks("grief")}),
        Offer(id="c", answers=both, status="left"),
    ]
    ranked = plain.ranking(TOPICS, weights, Need(id="n", safe_hours=ALWAYS, answers=both), offers, ON)
    assert [who for who, _ in ranked] == ["g", "h", "f", "e", "b", "a", "d"]
    assert ranked[0][1] == plain.FULL
