"""Pseudo-random draws of what a replay cannot know, each a hash of the seed and its subject, not of a sequence.

So all policies meet the same refusals and the same patience (common random numbers): what differs between them is
theirs.
"""

from dataclasses import dataclass
from hashlib import blake2b
from typing import Literal

Answer = Literal["accepted", "declined", "expired"]


@dataclass(frozen=True)
class Chances:
    """A seed, and how many of a hundred offers are declined or run out, as shares from 0 to 1 that sum up to 1 at most.

    >>> Chances(1, decline=0.3).answer("r1", "s1") == Chances(1, decline=0.3).answer("r1", "s1")
    True
    """

    seed: int = 1
    decline: float = 0.0
    expire: float = 0.0

    def answer(self, need: str, offer: str) -> Answer:
        """Draw what becomes of an offer of this pair; the same whenever it is made."""
        drawn = self._draw("answer", need, offer)
        if drawn < self.decline:
            return "declined"
        return "expired" if drawn < self.decline + self.expire else "accepted"

    def between(self, least: int, most: int, *about: str) -> int:
        """Draw a whole number from `least` to `most`, both among them, each as likely."""
        return least + int(self._draw(*about) * (most - least + 1))

    def _draw(self, *about: str) -> float:
        """Draw from 0 up to, not including, 1: 53 bits of a hash, the same on every machine."""
        said = "\n".join((str(self.seed), *about)).encode()
        return (int.from_bytes(blake2b(said, digest_size=8).digest(), "big") >> 11) / 2**53
