"""Simulate a policy on a dated stream of requests, day by day: what it would have meant for those who came.

A day: supporters come and go, places are given back, requests arrive, who has left is gone, the policy offers, each
offer is answered, and whose patience is over leaves.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from matcher.grains import GRAINS_A_POINT
from matcher.people import Need, Offer
from matcher.profiles.fit import Learned
from matcher.questionnaire.columns import UNTIL
from matcher.questionnaire.schema import Questionnaire
from matcher.questionnaire.weights import Weights
from matcher.ranking.roster import Roster
from matcher.replay.caseloads import Caseloads
from matcher.replay.draws import Answer, Chances
from matcher.replay.policies import Policy
from matcher.replay.reachable import Prospects
from matcher.replay.streams import Arrival, Stream
from matcher.rounds.solve import solve_round

State = Literal["introduced", "left", "waiting"]
DAYS_TO_ANSWER = 2
"""An offer that nobody answers runs out after 48 hours."""


@dataclass(frozen=True)
class Offered:
    """One offer that was made: the day, the pair, its score in grains by the weights that measure, and the answer."""

    day: date
    need: str
    offer: str
    grains: int
    answer: Answer


@dataclass(frozen=True)
class Outcome:
    """What became of one request by the last day. `ended` is the day on which she was introduced, or left."""

    need: str
    arrived: date
    state: State
    ended: date | None
    offers: tuple[Offered, ...]

    @property
    def accepted(self) -> Offered | None:
        """Return the offer that led to an introduction."""
        return self.offers[-1] if self.state == "introduced" else None


@dataclass(frozen=True)
class Day:
    """How a day ended: how many wait, and how many places there were and were in use, by supporter who may take one."""

    day: date
    waiting: int
    places: Mapping[str, int]
    in_use: Mapping[str, int]


@dataclass(frozen=True)
class ReplayResult:
    """A whole replay under one policy: what became of every request in order of arrival, every day, all supporters."""

    policy: Policy
    outcomes: tuple[Outcome, ...]
    days: tuple[Day, ...]
    supporters: tuple[str, ...]


@dataclass
class _Waiting:
    """A woman who waits. `asks_from` is the first day on which she can be offered to somebody again."""

    need: Need
    arrival: Arrival
    gives_up: date
    asks_from: date
    offers: list[Offered] = field(default_factory=list)

    def outcome(self, state: State, ended: date | None) -> Outcome:
        return Outcome(self.need.id, self.arrival.arrived, state, ended, tuple(self.offers))


class Replays:
    """One stream, replayed under any number of policies; what was learned of the supporters is the same for all.

    `weights` measure the fit for every policy, also for one that ranks by others.
    """

    def __init__(self, stream: Stream, questionnaire: Questionnaire, weights: Weights) -> None:
        self.stream = stream
        self.questionnaire = questionnaire
        self.weights = weights
        self._prospects: dict[str, Prospects] = {}
        self.learned = self._fitted(weights).learned_

    def replay(
        self, policy: Policy, chances: Chances, progress: Callable[[Iterable[date]], Iterable[date]] = iter
    ) -> ReplayResult:
        """Replay the stream from its first day to its last. The same arguments give the same result.

        `progress` is given the days in order and yields them, to show how far it is.
        """
        roster = self._fitted(policy.weights, self.learned)
        if policy.weights.hash not in self._prospects:
            self._prospects[policy.weights.hash] = Prospects(roster, self._offers)
        prospects = self._prospects[policy.weights.hash]
        return _Run(self, policy, chances, prospects, Caseloads(roster, self.stream.supporters)).through(progress)

    def grains(self, need: Need, offer: Offer, day: date) -> int:
        """Score a pair by the weights that measure, in grains."""
        return self._roster(self.weights, day).fit([offer], self.learned).stand(need, offer.id).candidate.grains

    @property
    def _offers(self) -> list[Offer]:
        return [one.offer for one in self.stream.supporters]

    def _fitted(self, weights: Weights, learned: Learned | None = None) -> Roster:
        return self._roster(weights, self.stream.first or date.min).fit(self._offers, learned)

    def _roster(self, weights: Weights, on: date) -> Roster:
        return Roster(questionnaire=self.questionnaire, weights=weights, on=on)


class _Run:
    """The state of one simulation: who waits, what supporters hold, and the outcomes so far."""

    def __init__(
        self, replays: Replays, policy: Policy, chances: Chances, prospects: Prospects, caseloads: Caseloads
    ) -> None:
        self.replays, self.policy, self.chances = replays, policy, chances
        self.prospects, self.caseloads = prospects, caseloads
        self.waiting: dict[tuple[str, date], _Waiting] = {}
        self.outcomes: dict[tuple[str, date], Outcome] = {}
        self.not_again: dict[str, frozenset[str]] = {}
        """Whom a person met, or who said no to her: not to be offered again, whatever she asks for next."""

    def through(self, all_days: Callable[[Iterable[date]], Iterable[date]]) -> ReplayResult:
        """Simulate all days, in order; `all_days` passes them on, to show how far it is."""
        stream = self.replays.stream
        arriving = _by_day(stream)
        days = [self._day(day, arriving.get(day, [])) for day in all_days(self._opened(stream))]
        for one in self.waiting.values():
            self.outcomes[one.arrival.key] = one.outcome("waiting", None)
        outcomes = tuple(self.outcomes[arrival.key] for arrival in stream.requests)
        return ReplayResult(self.policy, outcomes, tuple(days), tuple(one.offer.id for one in stream.supporters))

    def _opened(self, stream: Stream) -> Iterator[date]:
        """Open the days one by one; what supporters hold on their first day ends on days that are drawn."""
        if stream.first:
            self._note_what_they_hold(stream, stream.first)
            self.caseloads.begin(stream.first)
        for day in stream.days:
            self.caseloads.open(day)
            yield day

    def _note_what_they_hold(self, stream: Stream, first: date) -> None:
        for one in stream.supporters:
            for place in range(one.offer.load):
                days = self.chances.between(1, self.policy.lasts, "ends", one.offer.id, str(place))
                self.caseloads.will_end(one.offer.id, max(first, one.joined or first) + timedelta(days=days))

    def _day(self, day: date, arriving: list[Arrival]) -> Day:
        for arrival in arriving:
            self.waiting[arrival.key] = self._arrived(arrival)
        self._leave(day, [one for one in self.waiting.values() if one.arrival.left and one.arrival.left <= day])
        self._offer_as_the_policy_does(day)
        self._leave(day, [one for one in self.waiting.values() if one.gives_up <= day])
        return self._ended(day)

    def _arrived(self, arrival: Arrival) -> _Waiting:
        patience, need = self.policy.patience, self._as_she_asks(arrival.need)
        if patience is None:
            return _Waiting(need, arrival, date.max, arrival.arrived)
        days = self.chances.between(patience.least, patience.most, "patience", need.id)
        return _Waiting(need, arrival, arrival.arrived + timedelta(days=days), arrival.arrived)

    def _as_she_asks(self, need: Need) -> Need:
        """Keep from a person whom she met before."""
        before = self.not_again.get(need.id)
        return replace(need, past=need.past | before) if before else need

    def _leave(self, day: date, leaving: list[_Waiting]) -> None:
        for one in leaving:
            self.outcomes[one.arrival.key] = one.outcome("left", day)
            del self.waiting[one.arrival.key]

    def _ended(self, day: date) -> Day:
        may_take = sorted((one for one in self.caseloads.present() if _may_take(one, day)), key=lambda one: one.id)
        places = {one.id: one.capacity for one in may_take}
        return Day(day, len(self.waiting), places, {one.id: min(one.load, one.capacity) for one in may_take})

    # Offers

    def _offer_as_the_policy_does(self, day: date) -> None:
        first = self.replays.stream.first
        if first and (day - first).days % self.policy.every:
            return
        hopeful = [one for one in self._asking() if self._has_hope(one, day)]
        if self.policy.pace == "on-arrival":
            for one in hopeful:
                self._offer_one_after_another(one, day)
        elif hopeful:
            self._offer_a_round(hopeful, day)

    def _asking(self) -> list[_Waiting]:
        """List one request of each who waits: her earliest. The later ones wait until that has ended."""
        earliest: dict[str, _Waiting] = {}
        for one in self.waiting.values():
            earliest.setdefault(one.need.id, one)
        return list(earliest.values())

    def _has_hope(self, one: _Waiting, day: date) -> bool:
        """Say whether anybody may be found for her today; where nobody can, a ranking would change nothing."""
        if day < one.asks_from:
            return False
        prospects = self.prospects.of(one.arrival.need, day, self.policy.floor)
        return not self.caseloads.free.isdisjoint(prospects - one.need.past)

    def _offer_one_after_another(self, one: _Waiting, day: date) -> None:
        """Offer her to the best who is free; if that is declined, to the next."""
        while one.arrival.key in self.waiting and self._has_hope(one, day):
            candidates = self.caseloads.roster.rank(one.need, 1).candidates
            if not candidates or candidates[0].grains < self.policy.floor:
                return
            self._offer(one, candidates[0].offer, self._fit(one, candidates[0].offer, candidates[0].grains, day), day)

    def _offer_a_round(self, hopeful: list[_Waiting], day: date) -> None:
        """Solve the whole waiting list at once, and make every offer of the round; scores are those from before it."""
        solved = solve_round(
            self.caseloads.roster,
            [one.need for one in hopeful],
            objective=self.policy.objective,
            floor=Decimal(self.policy.floor) / GRAINS_A_POINT,
        )
        by_id = {one.need.id: one for one in hopeful}
        pairs = [(by_id[pair.need], pair.offer, pair.grains) for pair in solved.pairs]
        for one, offer, grains in [(one, offer, self._fit(one, offer, grains, day)) for one, offer, grains in pairs]:
            self._offer(one, offer, grains, day)

    def _fit(self, one: _Waiting, offer_id: str, grains: int, day: date) -> int:
        if self.policy.weights == self.replays.weights:
            return grains
        return self.replays.grains(one.need, self.caseloads.roster.offer(offer_id), day)

    def _offer(self, one: _Waiting, offer_id: str, grains: int, day: date) -> None:
        answer = self.chances.answer(one.need.id, offer_id)
        one.offers.append(Offered(day, one.need.id, offer_id, grains, answer))
        if answer == "accepted":
            self.caseloads.take(offer_id, day + timedelta(days=self.policy.lasts), day)
            self.outcomes[one.arrival.key] = one.outcome("introduced", day)
            del self.waiting[one.arrival.key]
        if answer == "expired":
            one.asks_from = day + timedelta(days=DAYS_TO_ANSWER)
            self.caseloads.take(offer_id, one.asks_from, None)
        if answer != "accepted" or not self.policy.again:
            self._never_again(one.need.id, offer_id)

    def _never_again(self, person: str, offer_id: str) -> None:
        self.not_again[person] = self.not_again.get(person, frozenset()) | {offer_id}
        for other in self.waiting.values():
            if other.need.id == person:
                other.need = self._as_she_asks(other.need)


def _by_day(stream: Stream) -> dict[date, list[Arrival]]:
    arriving: dict[date, list[Arrival]] = {}
    for arrival in stream.requests:
        arriving.setdefault(arrival.arrived, []).append(arrival)
    return arriving


def _may_take(offer: Offer, day: date) -> bool:
    """Say whether her places count: she is active, and everything that the programme keeps of her is in date."""
    last_days = [offer.until[name] for name in UNTIL if name in offer.until]
    return offer.status == "active" and all(last is not None and last >= day for last in last_days)
