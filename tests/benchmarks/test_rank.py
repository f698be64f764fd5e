"""What ranking is set beside: cosine similarity keeps the gates, too; the page has a row for each size of each mix."""

import pytest

from benchmarks import rank
from benchmarks.cosine import Cosine
from benchmarks.mixes import NAMES, mix
from benchmarks.plain_loop import PlainLoop

SUPPORTERS, REQUESTS, TOP = 300, 12, 10


@pytest.mark.parametrize("name", NAMES)
def test_cosine_similarity_shows_those_alone_who_pass(name: str):
    drawn = mix(name)
    offers = drawn.offers(SUPPORTERS)
    roster = drawn.roster(offers)
    cosine = Cosine(roster, PlainLoop(roster, offers))
    for need in drawn.needs(REQUESTS):
        passing = {offers[row].id for row in roster.scored(need).rows.tolist()}
        shown = cosine.rank(need, TOP)
        assert set(shown) <= passing
        assert len(shown) == min(TOP, len(passing))


def test_the_page_says_what_was_measured_in_both_ways(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rank, "NEEDS", 4)
    monkeypatch.setattr(rank, "UPDATES", 4)
    plain = {"rank": 1.0, "read": 0.5, "loop": 300.0, "cosine": 40.0}
    fast = plain | {"rank": 0.5}
    found = {name: rank.measured(name, 60) for name in NAMES}
    sizes = [rank.Size(name, 60, one | plain, one | fast) for name, one in found.items()]
    page = rank.page(sizes)
    for name, size in zip(NAMES, sizes, strict=True):
        others = size.against_others()
        assert others[:-1] == [name, "60", "1.00", "0.50", "300", "600", "8 of 8", "40", "80"]
        assert size.against_reading()[-2:] == ["2.00", "1.00"]
        assert page.count(f"| {name} | 60 |") == 4
