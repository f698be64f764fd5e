"""What a ranking says: candidates with their parts in grains, who was ruled out, and where one person stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from matcher.grains import FULL_SCORE, GRAINS_A_POINT, Grains
from matcher.roster.bitmaps import Rows
from matcher.rules.comparison import Fact, Pair, compare
from matcher.scoring import Line


class LinePoints(NamedTuple):
    """One question's share of a score: the line, and the grains earned of its full grains."""

    line: Line
    grains: int


@dataclass(frozen=True)
class PartPoints:
    """One part of a score: grains earned of how many, and what is shared and missing by option id."""

    part: str
    grains: int
    of: int
    shared: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Candidate:
    """One supporter's score for one need: the lines that were scored, and the grains that she earned of each.

    The two people do not change, so they are compared only when somebody asks for the facts.
    """

    offer: str
    scored: tuple[Line, ...] = field(repr=False)
    earned: tuple[int, ...]
    pair: Pair = field(repr=False)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Candidate):
            return NotImplemented
        mine, hers = ((one.offer, one.lines, one.facts) for one in (self, other))
        return mine == hers

    def __hash__(self) -> int:
        return hash((self.offer, self.earned))

    @cached_property
    def lines(self) -> tuple[LinePoints, ...]:
        """Return each line with the grains earned of it."""
        return tuple(map(LinePoints, self.scored, self.earned))

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """Tell what the two share, lack and leave open, question by question."""
        return compare(self.pair)

    @cached_property
    def known(self) -> float:
        """Return the share of the weight that rests on known answers, 0 to 1."""
        return 1 - sum(one.line.unknown(self.pair.offer) for one in self.lines) / FULL_SCORE

    @property
    def grains(self) -> int:
        """Return the score in grains: the exact sum of its lines, and so of its parts."""
        return sum(self.earned)

    @property
    def points(self) -> float:
        """Return the score in points, 0 to 100."""
        return self.grains / GRAINS_A_POINT

    @cached_property
    def parts(self) -> tuple[PartPoints, ...]:
        """Add the lines up by part, in the order of the weights file."""
        return tuple(self._part(part) for part in dict.fromkeys(line.line.part for line in self.lines))

    def _part(self, part: str) -> PartPoints:
        lines = [line for line in self.lines if line.line.part == part]
        fed = [fact for fact in self.facts if fact.question.part == part]
        return PartPoints(
            part,
            sum(line.grains for line in lines),
            sum(line.line.maximum for line in lines),
            tuple(option for fact in fed for option in fact.shared),
            tuple(option for fact in fed for option in (*fact.missing, *fact.unknown)),
        )


@dataclass(frozen=True)
class Excluded:
    """One supporter who fails at least one gate, with the names of all that she fails."""

    offer: str
    gates: tuple[str, ...]


@dataclass(frozen=True)
class Ranking:
    """The ordered supporters for one need, and who was ruled out by what. `known` is the share of weight answered.

    `excluded_by` counts every gate that fails, `unknown_by` how often because something is not known. `ruled_out`
    counts persons, `excluded` names them if it was asked for.
    """

    need: str
    known: float
    candidates: tuple[Candidate, ...]
    excluded_by: Mapping[str, int]
    unknown_by: Mapping[str, int]
    ruled_out: int
    excluded: tuple[Excluded, ...]


@dataclass(frozen=True, eq=False)
class Scored:
    """Everyone who passes every gate for one need: `rows` of the roster's columns, ascending, and `grains` of each.

    Both have shape (supporters who pass,) and type int64. Rows hold until the roster changes.
    """

    rows: Rows
    grains: Grains


@dataclass(frozen=True)
class Standing:
    """Where one supporter stands for one need.

    `gates` are those that she fails: 1 fails, 2 because something is not known. `place` of `places` is hers among those
    who pass, or the one that she would have if the gates were open. `first` is the best of the others.
    """

    need: str
    known: float
    candidate: Candidate
    gates: Mapping[str, int]
    place: int
    places: int
    first: Candidate | None
