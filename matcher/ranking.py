"""Roster: many offers packed for ranking and kept up to date one by one; rank: who fits one need, and why."""

from collections.abc import Sequence
from datetime import date
from typing import Self

import numpy as np
from numpy.typing import NDArray

from matcher.columns import Columns
from matcher.comparison import compare
from matcher.constraints import UNKNOWN, Avoided, Gate, can_be_remedied, gates
from matcher.learned import Learned
from matcher.people import Need, Offer
from matcher.profiles import ProfileSpace
from matcher.questions import Questionnaire
from matcher.results import Candidate, Excluded, LinePoints, Ranking, Scored, Standing
from matcher.scoring import FULL_SCORE, Grains, NeedInGrains, encode
from matcher.weights import Weights


class Roster:
    """All supporters of a programme, ready to be ranked for any need.

    `on` decides expiry and clock changes. `fit` learns rarities and means; `add`, `update` and `remove` keep the roster
    right without learning anew, so that nothing shifts in mid-day.
    """

    def __init__(self, *, questionnaire: Questionnaire, weights: Weights, on: date) -> None:
        self.questionnaire = questionnaire
        self.weights = weights
        self.on = on

    def fit(self, offers: Sequence[Offer], learned: Learned | None = None) -> Self:
        """Take the offers in; learn from them, or use what was learned and stored before."""
        if len({offer.id for offer in offers}) < len(offers):
            raise ValueError("two offers have the same id")
        space = ProfileSpace(self.questionnaire)
        self.space_ = space.use(learned) if learned else space.fit(offers)
        self.columns_ = Columns(self.space_, offers)
        self._avoided = Avoided({}, {})
        for offer in offers:
            self._note(offer)
        return self

    @property
    def learned_(self) -> Learned:
        """Return what the fit has learned."""
        return self.space_.learned_

    def add(self, offer: Offer) -> None:
        """Take one more supporter in. Raises KeyError if her id is taken."""
        if offer.id in self.columns_.row_of:
            raise KeyError(f"an offer {offer.id!r} is in the roster already")
        self.columns_.put(offer)
        self._note(offer)

    def update(self, offer: Offer) -> None:
        """Replace what is known of a supporter. Raises KeyError if she is not in the roster."""
        self._forget(self.offer(offer.id))
        self.columns_.put(offer)
        self._note(offer)

    def remove(self, offer_id: str) -> None:
        """Take a supporter out. Raises KeyError if she is not in the roster."""
        self._forget(self.offer(offer_id))
        self.columns_.drop(offer_id)

    def offer(self, offer_id: str) -> Offer:
        """Return a supporter by id. Raises KeyError."""
        offer: Offer = self.columns_.offers[self.columns_.row_of[offer_id]]
        return offer

    def rank(self, need: Need, top: int | None = 10, *, on: date | None = None, with_excluded: bool = False) -> Ranking:
        """Rank the supporters for one need on a date (default: the roster's); `top` None lists all who pass.

        `with_excluded` names everyone who was ruled out, which takes longer than the ranking itself.
        """
        held, encoded, total = self._weigh(need, on or self.on)
        passing = _passing(held, self.columns_.count)
        rows = self._in_order(total, passing, top)
        return Ranking(
            need.id,
            encoded.known,
            self._candidates(encoded, rows),
            {gate.name: int((gate.verdicts > 0).sum()) for gate in held if (gate.verdicts > 0).any()},
            {gate.name: int((gate.verdicts == UNKNOWN).sum()) for gate in held if (gate.verdicts == UNKNOWN).any()},
            self.columns_.count - len(passing),
            self._excluded(held) if with_excluded else (),
        )

    def scored(self, need: Need, *, on: date | None = None) -> Scored:
        """Score one need with everyone who passes every gate, without a word of why."""
        held, _, total = self._weigh(need, on or self.on)
        rows = _passing(held, self.columns_.count)
        return Scored(rows.astype(np.int64), total[rows])

    def stand(self, need: Need, offer_id: str, on: date | None = None) -> Standing:
        """Tell where one supporter stands for a need, ruled out or not. Raises KeyError if she is not in the roster."""
        held, encoded, total = self._weigh(need, on or self.on)
        row = self.columns_.row_of[offer_id]
        passing = _passing(held, self.columns_.count)
        others = self._in_order(total, passing[passing != row], None)
        place = 1 + sum(bool(self._order_of(total, other) < self._order_of(total, row)) for other in others)
        candidate, *first = self._candidates(encoded, [row, *others[:1]])
        failed = {gate.name: int(gate.verdicts[row]) for gate in held if gate.verdicts[row]}
        return Standing(need.id, encoded.known, candidate, failed, place, len(others) + 1, next(iter(first), None))

    def nearest_outside(self, need: Need, on: date | None = None) -> tuple[str, str] | None:
        """Find who would be first but for a single gate that can be remedied: her id and the gate."""
        held, _, total = self._weigh(need, on or self.on)
        failing = np.vstack([gate.verdicts > 0 for gate in held])
        remedied = np.array([can_be_remedied(gate.name, self.questionnaire) for gate in held])
        ranked = self._in_order(total, np.flatnonzero(failing.sum(axis=0) == 0), 1)
        by_one = (failing.sum(axis=0) == 1) & failing[remedied].any(axis=0)
        near = self._in_order(total, np.flatnonzero(by_one), 1)
        if not near or (ranked and self._order_of(total, ranked[0]) < self._order_of(total, near[0])):
            return None
        gate = held[int(np.flatnonzero(failing[:, near[0]])[0])]
        return self.columns_.offers[near[0]].id, gate.name

    def _weigh(self, need: Need, on: date) -> tuple[list[Gate], NeedInGrains, Grains]:
        encoded = encode(need, self.questionnaire, self.weights, self.learned_, on=on)
        return gates(need, self.columns_, self._avoided, on), encoded, encoded.total(self.columns_)

    def _in_order(self, total: Grains, rows: NDArray[np.intp], top: int | None) -> list[int]:
        if top is not None and 0 < top < len(rows):
            last_shown = np.partition(total[rows], len(rows) - top)[len(rows) - top]
            rows = rows[total[rows] >= last_shown]
        ordered = sorted((int(row) for row in rows), key=lambda row: self._order_of(total, row))
        return ordered[:top]

    def _order_of(self, total: Grains, row: int) -> tuple[int, int, int, str]:
        """Order by score; ties by fewer current matches, then longest since the last one, then id."""
        columns = self.columns_
        return -total[row], columns["load"][row], columns["last_matched"][row], columns.offers[row].id

    def _candidates(self, encoded: NeedInGrains, rows: Sequence[int]) -> tuple[Candidate, ...]:
        """Work out parts, facts and what is known, for the rows that are shown alone."""
        shown = self.columns_.only(rows)
        earned = [(line, line.earned(shown), line.unknown(shown)) for line in encoded.lines]
        candidates = []
        for row, offer in enumerate(shown.offers):
            lines = tuple(LinePoints(line, int(grains[row])) for line, grains, _ in earned)
            unknown = sum(int(open_[row]) for _, _, open_ in earned)
            facts = compare(encoded.need, offer, shown, encoded.monday)
            candidates.append(Candidate(offer.id, 1 - unknown / FULL_SCORE, lines, facts))
        return tuple(candidates)

    def _excluded(self, held: Sequence[Gate]) -> tuple[Excluded, ...]:
        failing = np.vstack([gate.verdicts > 0 for gate in held])
        rows = np.flatnonzero(failing.any(axis=0))
        names = np.array([gate.name for gate in held], dtype=object)
        excluded = (Excluded(self.columns_.offers[row].id, tuple(names[failing[:, row]])) for row in rows)
        return tuple(sorted(excluded, key=lambda one: one.offer))

    def _note(self, offer: Offer) -> None:
        for kind, needs in (("never", offer.never), ("past", offer.past)):
            for need_id in needs:
                getattr(self._avoided, kind).setdefault(need_id, set()).add(offer.id)

    def _forget(self, offer: Offer) -> None:
        for kind, needs in (("never", offer.never), ("past", offer.past)):
            for need_id in needs:
                getattr(self._avoided, kind)[need_id].discard(offer.id)


def _passing(held: Sequence[Gate], count: int) -> NDArray[np.intp]:
    passing = np.ones(count, dtype=bool)
    for gate in held:
        passing &= gate.verdicts == 0
    return np.flatnonzero(passing)
