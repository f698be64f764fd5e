"""The only door to the engine: the questionnaire, stored answers, needs, offers, and the roster of this process."""

import logging
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher import __version__ as engine_version
from matcher import questionnaire as questionnaire_files
from matcher import weights as weights_files
from matcher.answers import Answered, BadAnswer, read_answer, write_answer
from matcher.availability import ALWAYS, read_hours, write_hours
from matcher.explain import costliest_gaps, explain, gaps, reasons, strongest_reasons
from matcher.learned import Learned
from matcher.messages import Message, in_words
from matcher.messages import say_hours as say_spans
from matcher.people import Need, Offer
from matcher.questions import Question, Questionnaire, Side
from matcher.ranking import Roster
from matcher.results import Ranking
from matcher.weights import Weights
from webapp.crypto.fields import UNREADABLE
from webapp.crypto.keyring import CannotDecrypt
from webapp.domain import proposals, supporters
from webapp.models import Introduction, Proposal, Request, RosterFit, Supporter
from webapp.services import names
from webapp.services.answers import Said, answers_of

__all__ = [
    "Answered", "BadAnswer", "Message", "Question", "Questionnaire", "Ranking", "Said", "Side", "costliest_gaps",
    "engine_version", "gaps", "in_words", "read_answer", "reasons", "said_of", "strongest_reasons", "told_of",
    "weights",
]  # fmt: skip


UNREAD = "unread"
"""The key of the message that stands where what was told of a pair cannot be read."""
log = logging.getLogger(__name__)


@cache
def questionnaire() -> Questionnaire:
    """Return the questionnaire of the programme."""
    return questionnaire_files.load()


@cache
def weights() -> Weights:
    """Return the weights in force."""
    return weights_files.load(questionnaire())


# Answers as they are stored


def said_of(answered: Answered) -> Said:
    """Turn an answer into what is stored."""
    answer = answered.answer
    if isinstance(answer, frozenset):
        stored: Any = sorted(answer)
    elif isinstance(answer, Mapping):
        stored = dict(answer)
    else:
        stored = str(answer)
    return {"answer": stored, "stars": sorted(answered.stars)}


def read_cell(question_id: str, cell: str, side: Side) -> Said | None:
    """Read what was written in a form as an answer to store; None for nothing. Raises BadAnswer."""
    answered = read_answer(questionnaire().by_id[question_id], cell, side)
    return said_of(answered) if answered is not None else None


def write_cell(question_id: str, said: Said) -> str:
    """Write a stored answer as it would be typed, so that it reads back to the same."""
    question = questionnaire().by_id[question_id]
    return write_answer(question, Answered(answer_of(question, said), frozenset(said.get("stars") or ())))


def answer_of(question: Question, said: Said) -> Any:
    """Turn what is stored back into the engine's answer."""
    stored = said["answer"]
    match question.kind:
        case "text":
            return stored
        case "number":
            return Decimal(stored)
        case "months" | "wishes":
            return stored
        case _:
            return frozenset(stored)


def _answers(stored: Mapping[str, Said]) -> dict[str, Any]:
    asked = questionnaire().by_id
    return {question: answer_of(asked[question], said) for question, said in stored.items() if question in asked}


def unanswered(answers: Mapping[str, Said], side: Side) -> list[str]:
    """List the questions that are needed and not answered."""
    return [q.id for q in questionnaire().asked_of(side) if q.required and not answers.get(q.id, {}).get("answer")]


# Needs and offers


def need_of(session: Session, request: Request) -> Need:
    """Turn a request into what the engine compares. Her safe hours are none unless she named some.

    Raises CannotDecrypt.
    """
    stored = answers_of(request)
    answers = _answers(stored)
    stars = {question: frozenset(said["stars"]) for question, said in stored.items() if said.get("stars")}
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


def offers_of(found: Iterable[Supporter]) -> Iterator[Offer]:
    """Turn supporters into what the engine compares; whoever's answers cannot be read is left out of every ranking."""
    for supporter in found:
        try:
            yield offer_of(supporter)
        except CannotDecrypt as damaged:
            log.error("a supporter is left out of rankings, her answers cannot be read: %s", damaged)


def offer_of(supporter: Supporter) -> Offer:
    """Turn a supporter into what the engine compares. Raises CannotDecrypt."""
    return Offer(
        id=str(supporter.id),
        answers=_answers(answers_of(supporter)),
        time_zone=supporter.time_zone,
        status="active" if supporter.state == supporters.State.ACTIVE else supporter.state,
        until={
            "trained_until": supporter.trained_until,
            "cleared_until": supporter.cleared_until,
            "agreed_until": supporter.agreed_until,
            "supervised_until": supporter.supervised_until,
        },
        capacity=supporter.capacity,
        load=supporter.taken,
        strain=Decimal(supporter.strain),
        last_matched=supporter.last_matched,
    )


# The roster of this process, which follows the database


class RosterKeeper:
    """Keeps one roster in step with the database: before each use it reads whose version has changed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._roster: Roster | None = None
        self._versions: dict[str, int] = {}

    def forget(self) -> None:
        """Start afresh at the next use."""
        with self._lock:
            self._roster, self._versions = None, {}

    @contextmanager
    def roster(self, session: Session, *, now: datetime) -> Iterator[Roster]:
        """Lend the roster as the database has it now; nobody else changes it meanwhile."""
        with self._lock:
            versions = {str(row.id): row.version for row in session.execute(select(Supporter.id, Supporter.version))}
            if self._roster is None:
                self._roster = _fitted(session, now=now)
            else:
                self._follow(session, versions)
            self._versions = versions
            yield self._roster

    def _follow(self, session: Session, versions: Mapping[str, int]) -> None:
        assert self._roster is not None
        for gone in self._versions.keys() - versions.keys():
            self._put(gone, None)
        changed = [key for key, version in versions.items() if self._versions.get(key) != version]
        if changed:
            for supporter in session.scalars(select(Supporter).execution_options(populate_existing=True)):
                if str(supporter.id) in changed:
                    self._put(str(supporter.id), next(offers_of([supporter]), None))

    def _put(self, key: str, offer: Offer | None) -> None:
        """Take in what is known of a supporter now; None leaves her out."""
        assert self._roster is not None
        is_in = key in self._roster.columns_.row_of
        if offer is not None:
            (self._roster.update if is_in else self._roster.add)(offer)
        elif is_in:
            self._roster.remove(key)


def _fitted(session: Session, *, now: datetime) -> Roster:
    """Make a roster with the fit that is stored; fit and store one where there is none."""
    offers = list(offers_of(session.scalars(select(Supporter).order_by(Supporter.id))))
    roster = Roster(questionnaire=questionnaire(), weights=weights(), on=now.date())
    stored = session.scalars(select(RosterFit).order_by(RosterFit.fitted_at.desc())).first()
    if stored is not None:
        return roster.fit(offers, learned=Learned.from_json(stored.learned))
    roster.fit(offers)
    session.add(RosterFit(hash=roster.learned_.hash, learned=roster.learned_.as_json(), fitted_at=now))
    return roster


keeper = RosterKeeper()


def fit_anew(session: Session, *, now: datetime) -> None:
    """Learn rarities and means anew from everyone, store them, and let the roster start from there."""
    keeper.forget()
    offers = list(offers_of(session.scalars(select(Supporter).order_by(Supporter.id))))
    roster = Roster(questionnaire=questionnaire(), weights=weights(), on=now.date()).fit(offers)
    session.add(RosterFit(hash=roster.learned_.hash, learned=roster.learned_.as_json(), fitted_at=now))
    session.flush()


@dataclass(frozen=True)
class Told:
    """What each voice may say about one pair, as keys with values."""

    requester: list[dict[str, Any]]
    supporter: list[dict[str, Any]]


def told_of(session: Session, request: Request, supporter: Supporter, *, now: datetime) -> Told | None:
    """Explain one pair to both sides; None where a gate rules it out, or the supporter's answers cannot be read.

    Raises CannotDecrypt for answers of the woman that cannot be read.
    """
    need = need_of(session, request)
    with keeper.roster(session, now=now) as roster:
        if str(supporter.id) not in roster.columns_.row_of:
            return None
        offer = roster.offer(str(supporter.id))
        standing = roster.stand(need, offer.id, on=now.date())
    if standing.gates:
        return None
    to_her = explain("requester", need, offer, standing, questionnaire())
    to_supporter = explain("supporter", need, offer, standing, questionnaire())
    return Told(_stored(to_her), _stored(to_supporter))


def told_to(side: Side, proposal: Proposal) -> list[dict[str, Any]]:
    """Return what was told one side of a proposal; one message that says so where it cannot be read."""
    told = Proposal.told.shown(proposal)
    return [{"key": UNREAD, "values": {}}] if told is UNREADABLE else told[side]


def rank(session: Session, request: Request, *, top: int, now: datetime) -> Ranking:
    """Rank the supporters for a request as the database has them now."""
    need = need_of(session, request)
    with keeper.roster(session, now=now) as roster:
        return roster.rank(need, top, on=now.date(), with_excluded=True)


def nearest_outside(session: Session, request: Request, *, now: datetime) -> tuple[str, str] | None:
    """Find who would be first but for one gate."""
    need = need_of(session, request)
    with keeper.roster(session, now=now) as roster:
        return roster.nearest_outside(need, on=now.date())


def fit_hash(session: Session, *, now: datetime) -> str:
    """Return the hash of what was learned."""
    with keeper.roster(session, now=now) as roster:
        return roster.learned_.hash


def _stored(messages: Iterable[Message]) -> list[dict[str, Any]]:
    return [{"key": message.key, "values": dict(message.values)} for message in messages]


def say(message: Mapping[str, Any], language: str) -> str:
    """Say a stored message in words."""
    if message["key"] == UNREAD:
        return UNREADABLE
    return in_words(Message(message["key"], message["values"]), questionnaire(), language)


def name_gate(gate: str, language: str) -> str:
    """Name a gate in a word or two."""
    return in_words(Message("gate", {"gate": gate}), questionnaire(), language)


def name_part(part: str, language: str) -> str:
    """Name a part of the score in a word or two."""
    return in_words(Message("part_name", {"part": part}), questionnaire(), language)


def say_option(question: Question, option: str, language: str) -> str:
    """Say one marked answer of a question without labels of its own: yes or no."""
    return in_words(Message("answer", {"question": question.id, "option": option}), questionnaire(), language)


def say_hours(question: Question, hours: Iterable[int], language: str) -> list[str]:
    """Say half-hours of a week as the day parts that they fill, and what is left over as days with times."""
    left, parts = set(hours), []
    offered = [(option, read_hours(option.hours)) for option in question.options if option.hours]
    for option, span in offered:
        if span <= left:
            parts.append(text(option.label, language))
            left -= span
    said = say_spans(write_hours(frozenset(left)), language)
    return [*parts, *filter(None, said.split("; "))]


def text(wording: Mapping[str, str] | None, language: str) -> str:
    """Return a wording of the questionnaire in a language."""
    return wording.get(language, "") if wording else ""


def name_of(person: Request | Supporter) -> str:
    """Return the name that a person wants to be called; never her account's."""
    return names.of(person)
