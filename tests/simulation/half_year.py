"""Live the stream of half a year through the services: who is shown whom, who is asked in vain, who is shown nobody.

A day: women come and leave, pairs end, the desk shows people on weekdays, women look in and choose, supporters answer.
Every draw is a hash of the seed and its subject, so that all ways meet the same women and answers; ties go by ids,
which are made anew in each run.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from hashlib import blake2b
from uuid import UUID

from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from seeds.load import Programme, _answers, _supporter
from seeds.people import HERE, WRITTEN_ON, Row, read
from seeds.stream import FIRST, WEEKS
from tests.programme.databases import OnSqlite
from tests.proofs.counts import Count
from tests.services.worlds import use_keys
from webapp.domain.access import Actor, Role
from webapp.domain.introductions import LASTS
from webapp.domain.proposals import MOST_SHOWN, State
from webapp.models import Introduction, Proposal, Request
from webapp.services import choices, matching, offers, proposals, rankings, requests, supporters
from webapp.services.cards import falling_away
from webapp.services.safety import records

NEEDED = {"adult": "yes", "device_safe": "yes", "reach": "in_site"}
DECLINED, EXPIRED = 0.2, 0.05
"""Of a hundred offers, how many are declined, and how many get no answer."""
WANT_NONE, ONLY_ONE = 0.05, 0.3
"""Of a hundred women with cards, how many want none, and how many ask for one alone; the others give an order."""
SAYS_AGAIN = 25
"""Days after which a woman says again that the way she is reached is still right."""
LATE_AFTER = 10
"""Days after which a coordinator shows a woman somebody who is shown to enough already."""
LOOKS_IN, ANSWERS = 3, 2
"""Within how many days a woman looks in once she is shown people, and a supporter answers."""


class Desk(StrEnum):
    """How the desk decides whom to show."""

    FIRST_ON_THE_LIST = "the first on the list, however often they are shown"
    KEEPS_THE_RULE = "nobody who is shown to enough"
    LATE_ONES_FIRST = "the same; who waited ten days is shown one all the same"


@dataclass
class Woman:
    """One request of the stream, and what happened to it."""

    key: str
    arrived: date
    left: date | None
    actor: Actor
    request_id: UUID
    had_candidates: date | None = None
    was_shown: date | None = None


@dataclass
class HalfYear:
    """What is counted."""

    women: list[Woman] = field(default_factory=list)
    cards: int = 0
    cards_fallen: int = 0
    asks: int = 0
    asked_in_vain: int = 0
    introduced: int = 0
    overrides: int = 0
    passed_over: int = 0
    """How often somebody who stood on her list was shown to a woman who has waited less, and she was shown nobody."""

    @property
    def never_shown(self) -> list[Woman]:
        """Those for whom somebody stood on the list at some look of the desk, and who were never shown anybody."""
        return [one for one in self.women if one.had_candidates and one.was_shown is None]

    @property
    def starved(self) -> list[Woman]:
        """Those of them for whom that was more than ten days before the half year ended."""
        last = FIRST + timedelta(days=7 * WEEKS - LATE_AFTER)
        return [one for one in self.never_shown if one.had_candidates and one.had_candidates < last]

    @property
    def waits(self) -> list[int]:
        """The days from the first look with somebody on the list to the first card."""
        return sorted(
            (one.was_shown - one.had_candidates).days for one in self.women if one.was_shown and one.had_candidates
        )


def draw(*about: object) -> float:
    """Draw from 0 up to, not including, 1."""
    said = "|".join(map(str, about)).encode()
    return int.from_bytes(blake2b(said, digest_size=6).digest(), "big") / 2**48


class Run:
    """One half year on one database."""

    def __init__(self, session: Session, desk: Desk, seed: int = 1) -> None:
        self.session, self.desk, self.seed, self.counted = session, desk, seed, HalfYear()
        self.programme = Programme(session, "no passphrase", at(FIRST))
        for row in read("supporters", WRITTEN_ON):
            actor, key = _supporter(self.programme, row)
            self.programme.supporters[str(key)] = (actor, key)
        session.flush()
        matching.fit_anew(session, now=at(FIRST))
        self.coming: dict[date, list[Row]] = defaultdict(list)
        for row in stream():
            self.coming[date.fromisoformat(row.cells["arrived"])].append(row)
        self.by_request: dict[UUID, Woman] = {}

    def live(self) -> HalfYear:
        """Live every day, and count."""
        for day in (FIRST + timedelta(days=passed) for passed in range(7 * WEEKS)):
            self.come_and_go(day)
            if day.weekday() < 5:
                self.show_people(day)
            self.work(at(day, 12))
            self.choose(day)
            self.work(at(day, 18))
            self.answer(day)
            self.session.commit()
        return self.count()

    def come_and_go(self, day: date) -> None:
        """Let women send their requests or leave, and pairs end after their weeks."""
        for row in self.coming[day]:
            self.counted.women.append(self.send(row, day))
        over = select(Introduction.request_id).where(
            Introduction.introduced_at <= at(day) - LASTS, Introduction.state != "ended"
        )
        ending = set(self.session.scalars(over))
        for one in self.counted.women:
            if (day - one.arrived).days % SAYS_AGAIN == 0:
                records.still_safe(self.session, one.actor, one.actor.id, now=at(day))
            if one.request_id in ending or (one.left == day and self.state(one) in ("waiting", "proposed")):
                requests.withdraw_request(self.session, one.actor, one.request_id, now=at(day))
        self.session.commit()

    def send(self, row: Row, day: date) -> Woman:
        """Send one request."""
        actor = self.programme.account(row.id, Role.REQUESTER)
        zone = row.cells["time_zone"] or "America/Toronto"
        request = requests.start_request(self.session, actor, time_zone=zone, now=at(day))
        self.session.flush()
        needed = {question: matching.read_cell(question, cell, "requester") for question, cell in NEEDED.items()}
        named = {"name": matching.read_cell("name", row.id, "requester")}
        requests.answer_questions(
            self.session, actor, request.id, {**_answers(row, "requester"), **needed, **named}, now=at(day)
        )
        requests.send_request(self.session, actor, request.id, now=at(day))
        self.session.flush()
        records.still_safe(self.session, actor, request.user_id, now=at(day))
        left = date.fromisoformat(row.cells["left"]) if row.cells["left"] else None
        woman = Woman(row.id, day, left, actor, request.id)
        self.by_request[request.id] = woman
        return woman

    def state(self, woman: Woman) -> str:
        """Say where her request stands."""
        return self.session.get_one(Request, woman.request_id).state

    def show_people(self, day: date) -> None:
        """Let the desk go through those who wait, the longest wait first, and show each whom its way allows."""
        waiting = select(Request.id).where(Request.state == "waiting").order_by(Request.waiting_since, Request.id)
        left: list[set[UUID]] = []
        for request_id in self.session.scalars(waiting).all():
            woman, robin, now = self.by_request[request_id], self.programme.coordinator, at(day, 10)
            made = rankings.rank_request(self.session, robin, request_id, now=now)
            self.session.flush()
            listed = rankings.read_ranking(self.session, robin, made.id, now=now).supporters
            if listed:
                woman.had_candidates = woman.had_candidates or day
            chosen, override = self.whom_to_show(woman, listed, day)
            if chosen:
                proposals.approve_proposals(
                    self.session, robin, made.id, chosen, override=override, has_read_names=True, now=now
                )
                woman.was_shown = woman.was_shown or day
                self.counted.overrides += override is not None
                self.counted.passed_over += sum(not listed_before.isdisjoint(chosen) for listed_before in left)
            else:
                left.append({one.supporter_id for one in listed})
            self.session.commit()

    def whom_to_show(
        self, woman: Woman, listed: list[rankings.RankedSupporter], day: date
    ) -> tuple[list[UUID], str | None]:
        """Return whom the desk shows her, and the reason that it needs for that."""
        if self.desk is Desk.FIRST_ON_THE_LIST:
            return [one.supporter_id for one in listed[:MOST_SHOWN]], "known_fit"
        free = [one.supporter_id for one in listed if not one.is_shown_enough][:MOST_SHOWN]
        waits = (day - woman.had_candidates).days if woman.had_candidates else 0
        if free or not listed or self.desk is Desk.KEEPS_THE_RULE or waits < LATE_AFTER:
            return free, None
        return [min(listed, key=lambda one: (one.elsewhere.holding, one.place)).supporter_id], "known_fit"

    def choose(self, day: date) -> None:
        """Let every woman who looks in today choose among her cards."""
        for woman in self.counted.women:
            cards = self.cards_of(woman)
            if not cards or any(one.state == State.OFFERED for one in cards):
                continue
            shown = max(one.shown_at for one in cards if one.shown_at).date()
            if day < shown + timedelta(days=int(draw(self.seed, "looks in", woman.key, shown) * (LOOKS_IN + 1))):
                continue
            ordered, instead = self.wish(woman, cards, shown)
            choices.choose(
                self.session, woman.actor, woman.request_id, ordered=ordered, instead=instead, now=at(day, 13)
            )
            self.session.commit()

    def cards_of(self, woman: Woman) -> list[Proposal]:
        """Return her open cards."""
        open_ = Proposal.state.in_((State.SHOWN, State.OFFERED))
        hers = select(Proposal).where(Proposal.request_id == woman.request_id, open_)
        return list(self.session.scalars(hers.order_by(Proposal.place)))

    def wish(self, woman: Woman, cards: list[Proposal], shown: date) -> tuple[list[UUID], str | None]:
        """Draw what she chooses."""
        drawn = draw(self.seed, "wish", woman.key, shown)
        if drawn < WANT_NONE:
            return [], choices.NOBODY
        liked = sorted(
            cards, key=lambda one: one.place + 2 * draw(self.seed, "likes", woman.key, self.name_of(one.supporter_id))
        )
        return [one.id for one in liked[: 1 if drawn < WANT_NONE + ONLY_ONE else MOST_SHOWN]], None

    def answer(self, day: date) -> None:
        """Let supporters answer, each within two days; what comes of it follows at once, as on the site."""
        now = at(day, 19)
        for offer in self.session.scalars(select(Proposal).where(Proposal.state == State.OFFERED)).all():
            offered = offer.offered_at
            assert offered is not None
            woman = self.by_request[offer.request_id]
            drawn = draw(self.seed, "answer", woman.key, self.name_of(offer.supporter_id))
            after = int(draw(self.seed, "after", woman.key, self.name_of(offer.supporter_id)) * ANSWERS)
            if drawn < EXPIRED or day < offered.date() + timedelta(days=after):
                continue
            self.take_answer(offer, yes=drawn >= EXPIRED + DECLINED, now=now)
        for over in offers.list_over(self.session, now=now):
            offers.expire_offer(self.session, over, now=now)
        self.session.commit()

    def take_answer(self, offer: Proposal, *, yes: bool, now: datetime) -> None:
        """Keep one answer; an offer that fell away meanwhile has none."""
        actor = self.actor_of(offer.supporter_id)
        if offer.state != State.OFFERED:
            return
        if yes:
            offers.accept_proposal(self.session, actor, offer.id, now=now)
            self.counted.introduced += 1
        else:
            offers.decline_proposal(self.session, actor, offer.id, now=now)
        self.session.commit()
        self.work(now)

    def work(self, now: datetime) -> None:
        """Do what the worker does, and what follows a yes at once: some have rested, some can take nobody on."""
        for supporter_id in supporters.list_rested(self.session, now=now):
            supporters.end_rest(self.session, offers.SYSTEM, supporter_id, now=now)
        self.session.commit()
        for request_id in falling_away.list_left(self.session, now=now):
            falling_away.let_fall_away(self.session, request_id, now=now)
            self.session.commit()

    def actor_of(self, supporter_id: UUID) -> Actor:
        """Return a supporter as somebody who acts."""
        return self.programme.supporters[str(supporter_id)][0]

    def name_of(self, supporter_id: UUID) -> str:
        """Return what a draw about a supporter is made of: her place in the sheet, the same in every run."""
        return str(list(self.programme.supporters).index(str(supporter_id)))

    def count(self) -> HalfYear:
        """Count cards and asks from the rows."""
        for one in self.session.scalars(select(Proposal)):
            self.counted.cards += 1
            self.counted.cards_fallen += one.state == State.FELL_AWAY and one.offered_at is None
            self.counted.asks += one.offered_at is not None
            self.counted.asked_in_vain += one.state == State.FELL_AWAY and one.offered_at is not None
        return self.counted


def at(day: date, hour: int = 9) -> datetime:
    """Return an hour of a day."""
    return datetime.combine(day, time(hour), tzinfo=UTC)


def stream() -> Iterator[Row]:
    """Go through the women of the stream."""
    with (HERE / "stream.csv").open(encoding="utf-8", newline="") as file:
        for cells in csv.DictReader(file):
            yield Row(cells["id"], cells, FIRST)


MOST_IN_VAIN = 0.05


def live(desk: Desk, seed: int = 1) -> HalfYear:
    """Live half a year on a database of its own."""
    databases = OnSqlite()
    engine = create_engine(databases.ready())
    use_keys()
    try:
        with Session(engine) as session:
            return Run(session, desk, seed).live()
    finally:
        engine.dispose()
        databases.close()


def prove(*, long: bool) -> Count:
    """M1: count the asks of half a year; those in vain fail where they are one in twenty, each passed over too."""
    lived = live(Desk.KEEPS_THE_RULE)
    failures = lived.asked_in_vain if lived.asked_in_vain >= MOST_IN_VAIN * lived.asks else 0
    failures += lived.passed_over
    note = f"{lived.asked_in_vain} in vain; {len(lived.starved)} of {len(lived.women)} women starved of cards"
    note += f"; {lived.passed_over} passed over"
    return Count(lived.asks, failures, note)
