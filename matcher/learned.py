"""What a fit learns from the roster: rarities and means. Stored and hashed, so that no two processes differ."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from matcher.refusals import Fault, Refused

FORMAT = 1


@dataclass(frozen=True)
class Learned:
    """Rarities and means by question, a value for each option in file order.

    `rarities` are those of coverage questions, divided by their mean. `means` are in [0, 1]: what the fitted supporters
    who answered would give a woman for that one option.
    """

    questionnaire: str
    version: int | str
    offers: int
    rarities: Mapping[str, tuple[float, ...]]
    means: Mapping[str, tuple[Fraction, ...]]

    @cached_property
    def whole_rarities(self) -> Mapping[str, tuple[int, ...]]:
        """Return the rarities of each question as whole numbers in exactly the same proportion."""
        return {question: _in_whole_numbers(values) for question, values in self.rarities.items()}

    @cached_property
    def parts_of_means(self) -> Mapping[str, tuple[tuple[int, int], ...]]:
        """Return the means of each question as a part and its whole."""
        return {
            question: tuple((mean.numerator, mean.denominator) for mean in values)
            for question, values in self.means.items()
        }

    @property
    def hash(self) -> str:
        """Return a fingerprint of all that was learned."""
        return hashlib.sha256(self.as_json().encode()).hexdigest()[:16]

    def as_json(self) -> str:
        """Write it so that from_json gives back the very same numbers."""
        said = {
            "format": FORMAT,
            "questionnaire": self.questionnaire,
            "version": self.version,
            "offers": self.offers,
            "rarities": {question: list(values) for question, values in sorted(self.rarities.items())},
            "means": {question: [str(value) for value in values] for question, values in sorted(self.means.items())},
        }
        return json.dumps(said, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "Learned":
        """Read what as_json wrote. Raises Refused."""
        try:
            return cls._read(json.loads(text))
        except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
            problem = f"what was learned cannot be read ({error})"
            raise Refused([Fault("the stored fit", problem, "Fit the roster again.")]) from None

    @classmethod
    def _read(cls, said: Mapping[str, Any]) -> "Learned":
        if said["format"] != FORMAT:
            raise ValueError(f"format {said['format']}, this engine reads {FORMAT}")
        rarities = {question: tuple(map(float, values)) for question, values in said["rarities"].items()}
        means = {question: tuple(map(Fraction, values)) for question, values in said["means"].items()}
        return cls(said["questionnaire"], said["version"], said["offers"], rarities, means)


def _in_whole_numbers(values: Sequence[float]) -> tuple[int, ...]:
    """Bring numbers to whole ones in exactly the same proportion; a float is a whole number over a power of two."""
    ratios = [value.as_integer_ratio() for value in values]
    below = max((under for _, under in ratios), default=1)
    return tuple(above * (below // under) for above, under in ratios)
