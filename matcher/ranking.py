"""Roster: many offers packed for ranking and kept up to date one by one; rank: who fits one need, and why."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Self

import numpy as np

from matcher import planes
from matcher.columns import Columns
from matcher.comparison import Pair
from matcher.constraints import FAILS, UNKNOWN, Avoided, Gate, can_be_remedied, gates, passing
from matcher.facts import LAST_MATCHED, LOAD
from matcher.learned import Learned
from matcher.learning import learn
from matcher.meeting import Encounter
from matcher.people import Need, Offer
from matcher.planes import Plane, Rows
from matcher.profiles import ProfileSpace
from matcher.pruning import strongest
from matcher.questions import Questionnaire
from matcher.results import Candidate, Excluded, LinePoints, Ranking, Scored, Standing
from matcher.scoring import NeedInGrains, encode
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
        columns = Columns(self.questionnaire, offers)
        self.space_ = ProfileSpace(self.questionnaire).use(learned or learn(columns))
        self.columns_ = columns
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

    def hold(self, offer_id: str, load: int, last_matched: date | None) -> Offer:
        """Change what a supporter holds and when she was last matched, and return her. Raises KeyError."""
        offer = replace(self.offer(offer_id), load=load, last_matched=last_matched)
        self.update(offer)
        return offer

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
        encounter, encoded, held = self._meet(need, on)
        rows = planes.rows_of(passing(held, self.columns_), self.columns_.count)
        failed, unknown = _counted(held)
        return Ranking(
            need.id,
            encoded.known,
            self._candidates(encoded, encounter, self._best(encoded, encounter, rows, top)),
            failed,
            unknown,
            self.columns_.count - len(rows),
            self._excluded(held) if with_excluded else (),
        )

    def scored(self, need: Need, *, on: date | None = None) -> Scored:
        """Score everyone who passes every gate on a date (default: the roster's), without explaining anything."""
        encounter, encoded, held = self._meet(need, on)
        rows = planes.rows_of(passing(held, self.columns_), self.columns_.count)
        return Scored(rows, encoded.total(encounter, rows))

    def stand(self, need: Need, offer_id: str, on: date | None = None) -> Standing:
        """Tell where one supporter stands for a need, ruled out or not. Raises KeyError if she is not in the roster."""
        encounter, encoded, held = self._meet(need, on)
        row = np.array([self.columns_.row_of[offer_id]])
        others = planes.rows_of(passing(held, self.columns_), self.columns_.count)
        others = others[others != row]
        better = self._how_many_before(encoded.total(encounter, row)[0], int(row[0]), encoded, encounter, others)
        first = self._best(encoded, encounter, others, 1)
        candidate, *best = self._candidates(encoded, encounter, np.concatenate([row, first]))
        failed = {gate.name: _verdict(gate, row) for gate in held if planes.at(gate.fails, row)[0]}
        return Standing(need.id, encoded.known, candidate, failed, 1 + better, len(others) + 1, next(iter(best), None))

    def nearest_outside(self, need: Need, on: date | None = None) -> tuple[str, str] | None:
        """Find who would be first but for a single gate that can be remedied: her id and the gate."""
        encounter, encoded, held = self._meet(need, on)
        columns = self.columns_
        by_one = planes.rows_of(_fail_one_alone(held, columns, self.questionnaire), columns.count)
        within = planes.rows_of(passing(held, columns), columns.count)
        near, first = (self._best(encoded, encounter, rows, 1) for rows in (by_one, within))
        best = self._best(encoded, encounter, np.concatenate([near, first]), 1)
        if not len(near) or best[0] != near[0]:
            return None
        gate = next(gate for gate in held if planes.at(gate.fails, near)[0])
        offer: Offer = columns.offers[int(near[0])]
        return offer.id, gate.name

    def _meet(self, need: Need, on: date | None) -> tuple[Encounter[Columns], NeedInGrains, list[Gate]]:
        encounter = Encounter(need, self.columns_, on or self.on)
        encoded = encode(need, self.columns_.facts, self.weights, self.learned_)
        return encounter, encoded, gates(encounter, self._avoided)

    def _best(self, encoded: NeedInGrains, encounter: Encounter[Columns], rows: Rows, top: int | None) -> Rows:
        """Order the best of these rows, or all of them.

        Order by score; ties by fewer current matches, then longest since the last one, then id.
        """
        if top is None or top <= 0:
            grains = encoded.total(encounter, rows)
        else:
            rows, grains = strongest(encoded, encounter, rows, top)
        if top is not None and 0 < top < len(rows):
            kept = np.flatnonzero(grains >= np.partition(grains, len(rows) - top)[len(rows) - top])
            rows, grains = rows[kept], grains[kept]
        columns = self.columns_
        loads, days = columns.values(LOAD, rows), columns.values(LAST_MATCHED, rows)
        ids = (offer.id for offer in columns.offers[rows])
        ordered = sorted(zip((-grains).tolist(), loads, days, ids, rows.tolist(), strict=True))[:top]
        return np.array([row for *_, row in ordered], dtype=np.int64)

    def _how_many_before(
        self, hers: int, row: int, encoded: NeedInGrains, encounter: Encounter[Columns], others: Rows
    ) -> int:
        """Count who of the others stands before a row that earns so many grains."""
        grains = encoded.total(encounter, others)
        tied = np.append(others[grains == hers], row)
        before: int = self._best(encoded, encounter, tied, None).tolist().index(row)
        return before + int((grains > hers).sum())

    def _candidates(self, encoded: NeedInGrains, encounter: Encounter[Columns], rows: Rows) -> tuple[Candidate, ...]:
        """Work out parts, facts and what is known, for the rows that are shown alone."""
        earned = [line.earned(encounter, rows).tolist() for line in encoded.lines]
        candidates = []
        for number, row in enumerate(rows.tolist()):
            offer = self.columns_.offers[row]
            lines = tuple(LinePoints(line, of[number]) for line, of in zip(encoded.lines, earned, strict=True))
            pair = Pair(encoded.need, offer, self.questionnaire, encounter.monday)
            candidates.append(Candidate(offer.id, lines, pair))
        return tuple(candidates)

    def _excluded(self, held: Sequence[Gate]) -> tuple[Excluded, ...]:
        failing = np.array([planes.unpack(gate.fails, self.columns_.count) for gate in held])
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


def _counted(held: Sequence[Gate]) -> tuple[dict[str, int], dict[str, int]]:
    """Count who fails each gate, and of whom something is not known; what is 0 is left out."""
    failed = {gate.name: planes.size(gate.fails) for gate in held}
    unknown = {gate.name: planes.size(gate.unknown) for gate in held if gate.unknown is not None}
    return _without_zeros(failed), _without_zeros(unknown)


def _without_zeros(counts: dict[str, int]) -> dict[str, int]:
    return {name: count for name, count in counts.items() if count}


def _verdict(gate: Gate, row: Rows) -> int:
    return UNKNOWN if gate.unknown is not None and planes.at(gate.unknown, row)[0] else FAILS


def _fail_one_alone(held: Sequence[Gate], columns: Columns, questionnaire: Questionnaire) -> Plane:
    """Say who fails a single gate, and one that can be remedied."""
    once, twice, remedied = columns.nobody, columns.nobody, columns.nobody
    for gate in held:
        twice |= once & gate.fails
        once |= gate.fails
        if can_be_remedied(gate.name, questionnaire):
            remedied |= gate.fails
    return once & ~twice & remedied
