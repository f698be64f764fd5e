"""Roster: many offers packed for ranking and kept up to date one by one; rank: who fits one need, and why."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from types import ModuleType
from typing import Self

import numpy as np

from matcher import backends
from matcher.availability import monday_of
from matcher.grains import Grains, points
from matcher.people import Need, Offer
from matcher.profiles.fit import Counts, Learned
from matcher.profiles.space import ProfileSpace
from matcher.questionnaire.schema import Questionnaire
from matcher.questionnaire.weights import Weights
from matcher.ranking.bounds import top_k
from matcher.ranking.compiler import Compiler, Program
from matcher.ranking.results import Candidate, Excluded, Ranking, Scored, Standing
from matcher.ranking.scan import CompiledScan, PlainScan, Scan, agree
from matcher.ranking.weighting import Encoding
from matcher.roster import bitmaps
from matcher.roster.bitmaps import Bitmap, Rows
from matcher.roster.columns import Columns, Packed
from matcher.roster.layout import LAST_MATCHED, LOAD
from matcher.rules.comparison import Pair
from matcher.rules.gates import FAILS, UNKNOWN, Avoided, Gate, can_be_remedied, gates
from matcher.rules.shared_hours import Query
from matcher.scoring import score


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
        counts = Counts(self.questionnaire, space.columns_of)
        self.columns_ = columns = Columns(self.questionnaire, offers, None if learned else counts.add)
        self.space_ = space.use(learned or counts.learned())
        self.encoding = Encoding(columns.layout, self.weights, self.learned_)
        self._compiler = Compiler(columns)
        self._avoided = Avoided({}, {})
        self._trusts: ModuleType | None = None
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
        scan = self._scan(need, on)
        found = scan.found(top if top and top > 0 else None)
        return Ranking(
            need.id,
            scan.encoded.known,
            self._candidates(scan, self._ordered(found.rows, found.grains, top)),
            found.failed,
            found.unknown,
            self.columns_.count - found.passing,
            self._excluded(self.gates(need, on)) if with_excluded else (),
        )

    def scored(self, need: Need, *, on: date | None = None) -> Scored:
        """Score everyone who passes every gate on a date (default: the roster's), without explaining anything."""
        found = self._scan(need, on).found(None)
        return Scored(found.rows, found.grains)

    def score(self, need: Need, offer: Offer, *, on: date | None = None) -> float:
        """Score one pair in points, 0 to 100, whatever the gates say; she need not be in the roster.

        >>> from matcher import ALWAYS, load_questionnaire, load_weights
        >>> questions = load_questionnaire()
        >>> roster = Roster(questionnaire=questions, weights=load_weights(questions), on=date(2026, 11, 23)).fit([])
        >>> topics = {"topics": frozenset({"alcohol"})}
        >>> roster.score(Need(id="r1", answers=topics, safe_hours=ALWAYS), Offer(id="s1", answers=topics))
        100.0
        """
        alone = Query(need, Columns(self.questionnaire, [offer]), on or self.on)
        return points(int(score(self.encoding.encode(need), alone, np.arange(1)).sum()))

    def stand(self, need: Need, offer_id: str, on: date | None = None) -> Standing:
        """Tell where one supporter stands for a need, ruled out or not. Raises KeyError if she is not in the roster."""
        scan = self._plain_scan(need, on)
        row = np.array([self.columns_.row_of[offer_id]])
        passing = bitmaps.rows_of(scan.passing, self.columns_.count)
        others = passing[passing != row]
        grains = scan.encoded.total(scan.query, others)
        better = self._how_many_before(scan.encoded.total(scan.query, row)[0], int(row[0]), others, grains)
        candidate, *best = self._candidates(scan, np.concatenate([row, self._ordered(others, grains, 1)]))
        failed = {gate.name: _verdict(gate, row) for gate in scan.held if bitmaps.at(gate.fails, row)[0]}
        known = scan.encoded.known
        return Standing(need.id, known, candidate, failed, 1 + better, len(others) + 1, next(iter(best), None))

    def nearest_outside(self, need: Need, on: date | None = None) -> tuple[str, str] | None:
        """Find who would be first but for a single gate that can be remedied: her id and the gate."""
        scan, columns = self._plain_scan(need, on), self.columns_
        near = self._best(scan, _fail_one_alone(scan.held, columns, self.questionnaire))
        best = self._best(scan, scan.passing | columns.rows(near))
        if not len(near) or best[0] != near[0]:
            return None
        gate = next(gate for gate in scan.held if bitmaps.at(gate.fails, near)[0])
        offer: Offer = columns.offers[int(near[0])]
        return offer.id, gate.name

    def gates(self, need: Need, on: date | None = None) -> list[Gate]:
        """Hold every gate against every supporter, in the order of a ranking; what she does not ask is left out."""
        return gates(Query(need, self.columns_, on or self.on), self._avoided)

    def program(self, need: Need) -> Program | None:
        """Return a need compiled to a program; None where nothing compiled is there, or it is not trusted."""
        scan = self._scan(need, None)
        if not isinstance(scan, CompiledScan):
            return None
        return self._compiler.compile(scan.encoded, scan.query, scan.avoided, tallied=False).program

    @property
    def packed(self) -> Packed:
        """Return what programs are run over, on the roster's date; it holds until the roster changes."""
        return self.columns_.packed(monday_of(self.on), self.on)

    def _scan(self, need: Need, on: date | None) -> Scan:
        """Hold a need against everybody; the first time by both scans, to see that they come to the same."""
        plain = self._plain_scan(need, on)
        compiled_by = backends.current().scan
        if compiled_by is None:
            return plain
        compiled = CompiledScan(plain.encoded, plain.query, plain.avoided, compiled_by, self._compiler)
        return compiled if self._is_trusted(compiled, plain) else plain

    def _is_trusted(self, compiled: CompiledScan, plain: PlainScan) -> bool:
        if self._trusts is not compiled.compiled_by:
            try:
                problem = None if agree(compiled, plain) else backends.OTHER_NUMBERS
            except Exception as error:  # as in backends.py: it can fail anyhow, and the plain scan is always there
                problem = backends.said(error)
            if problem:
                backends.disable(problem)
                return False
            self._trusts = compiled.compiled_by
        return True

    def _plain_scan(self, need: Need, on: date | None) -> PlainScan:
        query = Query(need, self.columns_, on or self.on)
        return PlainScan(self.encoding.encode(need), query, self._avoided)

    def _best(self, scan: PlainScan, among: Bitmap) -> Rows:
        """Return the best of some alone; none of none."""
        return self._ordered(*top_k(scan.encoded, scan.query, among, 1), 1)

    def _ordered(self, rows: Rows, grains: Grains, top: int | None) -> Rows:
        """Order the best of some rows, or all of them.

        Order by score; ties by fewer current matches, then longest since the last one, then id.
        """
        if top is not None and 0 < top < len(rows):
            kept = np.flatnonzero(grains >= np.partition(grains, len(rows) - top)[len(rows) - top])
            rows, grains = rows[kept], grains[kept]
        columns = self.columns_
        loads, days = columns.values(LOAD, rows), columns.values(LAST_MATCHED, rows)
        ids = (offer.id for offer in columns.offers[rows])
        ordered = sorted(zip((-grains).tolist(), loads, days, ids, rows.tolist(), strict=True))[:top]
        return np.array([row for *_, row in ordered], dtype=np.int64)

    def _how_many_before(self, hers: int, row: int, others: Rows, grains: Grains) -> int:
        """Count who of the others stands before a row that earns so many grains."""
        tied = np.append(others[grains == hers], row)
        before: int = self._ordered(tied, np.full(len(tied), hers), None).tolist().index(row)
        return before + int((grains > hers).sum())

    def _candidates(self, scan: Scan, rows: Rows) -> tuple[Candidate, ...]:
        """Work out what each line earns, for the rows that are shown alone."""
        lines, monday = scan.encoded.lines, scan.query.monday
        candidates = []
        for row, earned in zip(rows.tolist(), scan.by_line(rows).T.tolist(), strict=True):
            offer = self.columns_.offers[row]
            pair = Pair(scan.encoded.need, offer, self.questionnaire, monday)
            candidates.append(Candidate(offer.id, lines, tuple(earned), pair))
        return tuple(candidates)

    def _excluded(self, held: Sequence[Gate]) -> tuple[Excluded, ...]:
        failing = np.array([bitmaps.unpack(gate.fails, self.columns_.count) for gate in held])
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


def _verdict(gate: Gate, row: Rows) -> int:
    return UNKNOWN if gate.unknown is not None and bitmaps.at(gate.unknown, row)[0] else FAILS


def _fail_one_alone(held: Sequence[Gate], columns: Columns, questionnaire: Questionnaire) -> Bitmap:
    """Say who fails a single gate, and one that can be remedied."""
    once, twice, remedied = columns.nobody, columns.nobody, columns.nobody
    for gate in held:
        twice |= once & gate.fails
        once |= gate.fails
        if can_be_remedied(gate.name, questionnaire):
            remedied |= gate.fails
    return once & ~twice & remedied
