"""The gate of steady months: what a star asks of a supporter, pair by pair, and what it leaves to the score."""

import pytest

from matcher.grains import points
from matcher.people import Need, Offer
from matcher.questionnaire.schema import Questionnaire
from tests.matcher.worlds.pairs import need, offer, questions, roster

STARS = {"topics": "alcohol*; grief*; loneliness"}
PASSES, FAILS, UNKNOWN = 0, 1, 2
CASES = {
    "both lived, both steady": ({"topics": "alcohol; grief", "months_steady": "alcohol=12; grief=60"}, PASSES, PASSES),
    "one lived and steady": ({"topics": "alcohol", "months_steady": "alcohol=12"}, PASSES, FAILS),
    "one steady, one too short": ({"topics": "alcohol; grief", "months_steady": "alcohol=24; grief=11"}, FAILS, FAILS),
    "one steady, one not told": ({"topics": "alcohol; grief", "months_steady": "alcohol=24"}, UNKNOWN, UNKNOWN),
    "one too short, one not told": ({"topics": "alcohol; grief", "months_steady": "alcohol=3"}, FAILS, FAILS),
    "lived, nothing told": ({"topics": "alcohol"}, UNKNOWN, FAILS),
    "none lived": ({"topics": "loneliness", "months_steady": "loneliness=60"}, FAILS, FAILS),
    "none lived, whatever the months say": ({"topics": "loneliness", "months_steady": "alcohol=60"}, FAILS, FAILS),
    "none of these": ({"topics": "-", "months_steady": "alcohol=60; grief=60"}, FAILS, FAILS),
    "topics blank, by the months alone": ({"months_steady": "alcohol=60; grief=60"}, PASSES, PASSES),
    "topics blank, one by the months": ({"months_steady": "alcohol=60"}, PASSES, UNKNOWN),
    "topics blank, one too short": ({"months_steady": "alcohol=60; grief=3"}, FAILS, FAILS),
    "nothing answered": ({}, UNKNOWN, UNKNOWN),
}  # fmt: skip


def each() -> Questionnaire:
    """Return the default questions where a star is a must."""
    told = [
        one.remade(match=one.match.model_copy(update={"each": True})) if one.id == "months_steady" else one
        for one in questions().question
    ]
    return questions().remade(question=tuple(told))


def verdict(asks: Need, who: Offer, questionnaire: Questionnaire) -> int:
    """Say how the gate stands between two people."""
    held = roster(who, questionnaire=questionnaire)
    return held.stand(asks, who.id).gates.get("months_steady", PASSES)


@pytest.mark.parametrize(("cells", "by_default", "with_each"), CASES.values(), ids=CASES.keys())
def test_what_a_star_asks(cells: dict[str, str], by_default: int, with_each: int) -> None:
    asks, who = need(cells=STARS), offer("o", cells)
    assert verdict(asks, who, questions()) == by_default
    assert verdict(asks, who, each()) == with_each


def test_without_a_star_nothing_is_asked() -> None:
    asks = need(cells={"topics": "alcohol; grief"})
    assert verdict(asks, offer("o", {"topics": "alcohol"}), questions()) == PASSES


def test_a_starred_topic_that_was_not_lived_lowers_the_score_and_no_more() -> None:
    one = offer("one", {"topics": "alcohol; loneliness", "months_steady": "alcohol=24"})
    both = offer("both", {"topics": "alcohol; grief; loneliness", "months_steady": "alcohol=24; grief=24"})
    ranking = roster(one, both).rank(need(cells=STARS))
    assert [candidate.offer for candidate in ranking.candidates] == ["both", "one"]
    best, second = (points(candidate.grains) for candidate in ranking.candidates)
    assert best - second > 5
