"""A stored ranking said in words, in the language of the coordinator who reads it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from webapp.services import matching
from webapp.services.rankings import RankedSupporter, ShownRanking

PAST = "past"
"""The gate of those whom she met, passed by, or who said no: here each of these counts, in all of her requests."""


@dataclass(frozen=True)
class PartShown:
    """One part of a score as the bar shows it."""

    label: str
    points: float


@dataclass(frozen=True)
class Gates:
    """Gates in words."""

    language: str

    def name(self, gate: str) -> str:
        """Name a gate in a word or two."""
        return _("met before, or a no between them") if gate == PAST else matching.name_gate(gate, self.language)

    def names(self, gates: list[str]) -> list[str]:
        """Name several gates."""
        return [self.name(gate) for gate in gates]


@dataclass(frozen=True)
class Reading:
    """What the templates say of one ranking."""

    ranking: ShownRanking
    language: str

    def all(self, messages: list[dict[str, Any]]) -> list[str]:
        """Say reasons or gaps, each as a sentence that begins with a capital."""
        said = [matching.say(message, self.language) for message in messages]
        return [one[:1].upper() + one[1:] for one in said]

    def rest(self, one: RankedSupporter) -> tuple[list[str], list[str]]:
        """Say the reasons and the gaps that are not shown at once."""
        reasons = [message for message in one.reasons if message not in one.strongest]
        return self.all(reasons), self.all([message for message in one.gaps if message not in one.costliest])

    def elsewhere(self, one: RankedSupporter) -> str:
        """Say to how many other women she is shown, and how many of them ask her now."""
        shown, asking = one.elsewhere.shown + one.elsewhere.asking, one.elsewhere.asking
        told: str = ngettext("shown to %(num)s other", "shown to %(num)s others", shown)
        return told + (_(", asked by %(number)s", number=asking) if asking else "")

    def parts(self, one: RankedSupporter) -> list[PartShown]:
        """Name the parts of a score with their points."""
        return [PartShown(matching.name_part(part["part"], self.language), part["points"]) for part in one.parts]

    @cached_property
    def counts(self) -> list[tuple[str, str, int, int]]:
        """Say which gate ruled out how many, the most first: its id, its name, the number, of how many not known."""
        ordered = sorted(self.ranking.excluded_by.items(), key=lambda gate: -gate[1])
        unknown = self.ranking.unknown_by
        return [(gate, self.gate(gate), count, unknown.get(gate, 0)) for gate, count in ordered if count]

    def gate(self, gate: str) -> str:
        """Name a gate in a word or two."""
        return Gates(self.language).name(gate)

    def share(self, share: float) -> str:
        """Write a share of one as a percentage."""
        return self.number(share * 100, 0) + ("\u00a0%" if self.language == "fr" else "%")

    def number(self, points: float, digits: int = 1) -> str:
        """Write a number as the language does."""
        return say_decimal(points, digits, self.language)


def say_decimal(number: float, digits: int, language: str) -> str:
    """Write a number with so many decimals as a language does."""
    written = f"{number:.{digits}f}"
    return written.replace(".", ",") if language == "fr" else written
