"""Requests and supporters as the engine compares them: one read whole, or the whole roster a few columns at a time."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, select, union
from sqlalchemy.orm import InstrumentedAttribute, Session

from matcher import UNTIL, Need, Offer
from webapp.crypto.keyring import CannotDecrypt
from webapp.domain import proposals
from webapp.domain.absences import covers
from webapp.models import Cover, Introduction, Proposal, Request, Supporter
from webapp.services.answers import answers_of
from webapp.services.engine.answers import Said, answer_of, only_asked, questionnaire
from webapp.services.safety import reading

log = logging.getLogger(__name__)

AT_ONCE = 1_000
"""How many rows are fetched at once: few enough to be held beside the roster."""
LEFT_OUT = "a supporter is left out of rankings, her answers cannot be read: %s"
NEVER_AGAIN = (proposals.State.DECLINED, proposals.State.PASSED_BY)
"""How a proposal ended after which the two are not suggested to each other again, in no request of hers."""
ON_HOLD = "on hold"
"""How a supporter stands while a pair of hers rests: whoever asked for it, nobody new is suggested to her."""
FACTS = ("id", "state", "rests_why", "held", "time_zone", "capacity", "taken", "strain", "last_matched", *UNTIL)


def _answers(stored: Mapping[str, Said]) -> dict[str, Any]:
    asked = questionnaire().by_id
    return {question: answer_of(asked[question], said) for question, said in stored.items() if question in asked}


def need_of(session: Session, request: Request, *, now: datetime) -> Need:
    """Turn a request into what the engine compares. Her safe hours are those of her record while it counts, else none.

    Raises CannotDecrypt.
    """
    said = answers_of(request)
    hours = reading.hours_of(session, request.user_id, now=now)
    answers = _with_hours(_answers(said), hours)
    stars = {question: frozenset(one["stars"]) for question, one in said.items() if one.get("stars")}
    return Need(
        id=str(request.id),
        answers=answers,
        stars=stars,
        time_zone=request.time_zone,
        safe_hours=hours,
        past=frozenset(map(str, _past_of(session, request.user_id))),
        waiting_since=request.waiting_since.date() if request.waiting_since else None,
    )


def _with_hours(answers: Mapping[str, Any], hours: frozenset[int]) -> dict[str, Any]:
    """Let the answer say what the record says: there is one truth about her safe hours."""
    asks = questionnaire().of_role("safe_hours", "requester")
    if asks is None:
        return dict(answers)
    others = {question: answer for question, answer in answers.items() if question != asks.id}
    return {**others, asks.id: hours} if hours else others


def _past_of(session: Session, user_id: UUID) -> Iterable[UUID]:
    """Return whom a woman met, who said no to her, and whom she passed by: in all of her requests, as covers too."""
    hers = select(Request.id).where(Request.user_id == user_id)
    pairs = select(Introduction.id).where(Introduction.request_id.in_(hers))
    # What rules a row out stands beside the columns: as a condition it would lead SQLite along an index of all states
    met = select(_where(Introduction.covers_id.is_(None), Introduction.supporter_id)).where(
        Introduction.request_id.in_(hers)
    )
    ended = select(_where(Proposal.state.in_(NEVER_AGAIN), Proposal.supporter_id)).where(Proposal.request_id.in_(hers))
    covered = select(_where(Cover.state.in_(covers.NEVER_AGAIN), Cover.supporter_id))
    found = session.scalars(union(met, ended, covered.where(Cover.introduction_id.in_(pairs))))
    return (one for one in found if one is not None)


def _where(holds: ColumnElement[bool], column: InstrumentedAttribute[UUID]) -> ColumnElement[UUID | None]:
    return case((holds, column))


def offers_of(found: Iterable[Supporter]) -> Iterator[Offer]:
    """Turn supporters into what the engine compares; whoever's answers cannot be read is left out."""
    for supporter in found:
        try:
            yield offer_of(supporter)
        except CannotDecrypt as damaged:
            log.error(LEFT_OUT, damaged)


def offer_of(supporter: Supporter) -> Offer:
    """Turn a supporter into what the engine compares. Raises CannotDecrypt."""
    return _offer(supporter, _answers(answers_of(supporter)))


def _offer(facts: Any, answers: Mapping[str, Any]) -> Offer:
    return Offer(
        id=str(facts.id),
        answers=answers,
        time_zone=facts.time_zone,
        status=ON_HOLD if facts.held else str(facts.rests_why or facts.state),
        until={name: getattr(facts, name) for name in UNTIL},
        capacity=facts.capacity,
        load=facts.taken,
        strain=Decimal(facts.strain),
        last_matched=facts.last_matched,
    )


# The roster: a few columns of everybody, and no answer twice


def read_offers(session: Session) -> list[Offer]:
    """Read everybody by id; whoever's answers cannot be read is left out of every ranking."""
    return [offer for offer in read_changed(session, since=None).values() if offer is not None]


def read_changed(session: Session, *, since: int | None) -> dict[str, Offer | None]:
    """Read by id those whose number in the roster is higher than `since`; None where answers cannot be read.

    Only what the engine compares is kept: no name and no other words of theirs.
    """
    changed = (Supporter.roster_version > since,) if since is not None else ()
    field, said = Supporter.answers, _Answers()
    columns = (getattr(Supporter, name) for name in dict.fromkeys((*FACTS, *field.needs())))
    rows = session.execute(select(*columns).where(*changed))
    found: dict[str, Offer | None] = {}
    for row in rows.yield_per(AT_ONCE):
        try:
            found[str(row.id)] = _offer(row, said.of(field.read(row) or {}))
        except CannotDecrypt as damaged:
            log.error(LEFT_OUT, damaged)
            found[str(row.id)] = None
    return dict(sorted(found.items()))


def read_ids(session: Session) -> set[str]:
    """Return the ids of everybody in the roster."""
    return {str(key) for key in session.scalars(select(Supporter.id))}


@cache
def compared() -> frozenset[str]:
    """Name the questions that the engine compares: all but words and numbers that no rule looks at."""
    asked = questionnaire().asked_of("supporter")
    return frozenset(q.id for q in asked if q.match.rule != "none" or q.kind not in ("text", "number"))


class _Answers:
    """The answers of many supporters, as the engine reads them; the same answer of two is one object."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Any] = {}

    def of(self, stored: Mapping[str, Said]) -> dict[str, Any]:
        """Read what one supporter answered, as far as it is compared."""
        asked = only_asked(stored)
        return {question: self._read(question, said) for question, said in asked.items() if question in compared()}

    def _read(self, question: str, said: Said) -> Any:
        key = (question, repr(said["answer"]))
        if key not in self._known:
            self._known[key] = _small(answer_of(questionnaire().by_id[question], said))
        return self._known[key]


_WHOLE = tuple(range(2 * 24 * 7))


def _small(answer: Any) -> Any:
    """Let half-hours be the same few numbers in everybody's answer."""
    if isinstance(answer, frozenset):
        return frozenset(_WHOLE[one] if isinstance(one, int) else one for one in answer)
    return answer
