"""Requests and supporters as the engine compares them: one read whole, or the whole roster a few columns at a time."""

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from matcher.availability import ALWAYS
from matcher.people import UNTIL, Need, Offer
from webapp.crypto import keyring
from webapp.domain import proposals
from webapp.models import Introduction, Proposal, Request, Supporter, SupporterAnswer
from webapp.services.engine.answers import answer_of, questionnaire

AT_ONCE = 1_000
"""How many rows are fetched at once: few enough to be held beside the roster."""
FACTS = ("id", "state", "time_zone", "capacity", "taken", "strain", "last_matched", *UNTIL)


def _answers(rows: Iterable[Any]) -> dict[str, Any]:
    asked = questionnaire().by_id
    return {row.question: answer_of(asked[row.question], row.said) for row in rows if row.question in asked}


def need_of(session: Session, request: Request) -> Need:
    """Turn a request into what the engine compares. Her safe hours are none unless she named some."""
    answers = _answers(request.answers)
    stars = {row.question: frozenset(row.said["stars"]) for row in request.answers if row.said.get("stars")}
    met = select(Introduction.supporter_id).where(Introduction.request_id == request.id)
    said_no = select(Proposal.supporter_id).where(
        Proposal.request_id == request.id, Proposal.state == proposals.State.DECLINED
    )
    asks_safe_hours = "safe_hours" in questionnaire().by_id
    return Need(
        id=str(request.id),
        answers=answers,
        stars=stars,
        time_zone=request.time_zone,
        safe_hours=answers.get("safe_hours", frozenset()) if asks_safe_hours else ALWAYS,
        past=frozenset(str(supporter_id) for supporter_id in (*session.scalars(met), *session.scalars(said_no))),
        waiting_since=request.waiting_since.date() if request.waiting_since else None,
    )


def offer_of(supporter: Supporter) -> Offer:
    """Turn a supporter into what the engine compares."""
    return _offer(supporter, _answers(supporter.answers))


def _offer(facts: Any, answers: Mapping[str, Any]) -> Offer:
    return Offer(
        id=str(facts.id),
        answers=answers,
        time_zone=facts.time_zone,
        status=str(facts.state),
        until={name: getattr(facts, name) for name in UNTIL},
        capacity=facts.capacity,
        load=facts.taken,
        strain=Decimal(facts.strain),
        last_matched=facts.last_matched,
    )


# The roster: a few columns of everybody, and no answer twice


def read_offers(session: Session, *, since: int | None = None) -> list[Offer]:
    """Read everybody by id, or those alone whose number in the roster is higher than `since`.

    Only what the engine compares is kept: no name and no other words of theirs.
    """
    changed = (Supporter.roster_version > since,) if since is not None else ()
    said = _Answers(session, changed)
    facts = session.execute(select(*(getattr(Supporter, name) for name in FACTS)).where(*changed))
    offers = [_offer(row, said.of(row.id)) for row in facts.yield_per(AT_ONCE)]
    return sorted(offers, key=lambda offer: offer.id)


def read_ids(session: Session) -> set[str]:
    """Return the ids of everybody in the roster."""
    return {str(key) for key in session.scalars(select(Supporter.id))}


@cache
def compared() -> frozenset[str]:
    """Name the questions that the engine compares: all but words and numbers that no rule looks at."""
    asked = questionnaire().asked_of("supporter")
    return frozenset(q.id for q in asked if q.match.rule != "none" or q.kind not in ("text", "number"))


class _Answers:
    """The answers of many supporters; the same answer of two is one object."""

    def __init__(self, session: Session, changed: Iterable[ColumnElement[bool]]) -> None:
        self._known: dict[tuple[str, bytes], Any] = {}
        self._of: dict[UUID, dict[str, Any]] = {}
        columns = (SupporterAnswer.id, SupporterAnswer.supporter_id, SupporterAnswer.question)
        asked = select(*columns, SupporterAnswer.said_sealed).join(
            Supporter, Supporter.id == SupporterAnswer.supporter_id
        )
        rows = session.execute(asked.where(SupporterAnswer.question.in_(sorted(compared())), *changed))
        for row in rows.yield_per(AT_ONCE):
            self._of.setdefault(row.supporter_id, {})[row.question] = self._read(row)

    def of(self, key: UUID) -> dict[str, Any]:
        """Hand over what one supporter answered."""
        return self._of.pop(key, {})

    def _read(self, row: Any) -> Any:
        plain = keyring.ring().decrypt(row.said_sealed, SupporterAnswer.said.place(row.id))
        key = (row.question, plain)
        if key not in self._known:
            answer = answer_of(questionnaire().by_id[row.question], json.loads(plain))
            self._known[key] = _small(answer)
        return self._known[key]


_WHOLE = tuple(range(2 * 24 * 7))


def _small(answer: Any) -> Any:
    """Let half-hours be the same few numbers in everybody's answer."""
    if isinstance(answer, frozenset):
        return frozenset(_WHOLE[one] if isinstance(one, int) else one for one in answer)
    return answer
