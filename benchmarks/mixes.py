"""The two question mixes of the benchmarks, each with its questionnaire, its weights and its drawn people.

`recovery` is the default questionnaire (people: invented.py), `themes` a programme of many topics (themes.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from random import Random

from benchmarks import invented, themes
from matcher.people import Need, Offer, longest_waiting_first
from matcher.questionnaire import loading, weights
from matcher.questionnaire.schema import Questionnaire
from matcher.questionnaire.weights import Weights
from matcher.ranking.roster import Roster

NAMES = ("recovery", "themes")
WAITED_DAYS = 200


@dataclass(frozen=True)
class Mix:
    """One question mix."""

    name: str
    questions: Questionnaire
    weights: Weights

    def offers(self, count: int, one_place: bool = False) -> list[Offer]:
        """Draw supporters; with `one_place` all are active and have one place, which is free."""
        drawn = themes.offers(count) if self.name == "themes" else invented.offers(self.questions, count)
        return [replace(one, status="active", capacity=1, load=0) for one in drawn] if one_place else drawn

    def needs(self, count: int) -> list[Need]:
        """Draw requests."""
        return themes.needs(count) if self.name == "themes" else invented.needs(self.questions, count)

    def waiting_list(self, count: int) -> list[Need]:
        """Draw requests that have waited for up to 200 days, longest first."""
        draw = Random(3)
        days = [invented.ON - timedelta(days=draw.randrange(WAITED_DAYS)) for _ in range(count)]
        waiting = (replace(need, waiting_since=day) for need, day in zip(self.needs(count), days, strict=True))
        return sorted(waiting, key=longest_waiting_first)

    def roster(self, offers: Sequence[Offer]) -> Roster:
        """Fit a roster on the day of the benchmarks."""
        return Roster(questionnaire=self.questions, weights=self.weights, on=invented.ON).fit(offers)


@cache
def mix(name: str) -> Mix:
    """Load a mix by its name."""
    questions = themes.questions() if name == "themes" else loading.load()
    file: Path = themes.WEIGHTS if name == "themes" else weights.DEFAULT
    return Mix(name, questions, weights.load(questions, file))
