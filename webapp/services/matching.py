"""What the site asks of the engine: rankings, gates, one pair explained. What it is made of is in services/engine."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from matcher import (
    Answered,
    BadAnswer,
    Learned,
    Message,
    Need,
    Question,
    Questionnaire,
    QuestionRole,
    Ranking,
    ReadColumn,
    ReadQuestion,
    Side,
    costliest_gaps,
    explain,
    gaps,
    in_words,
    read_answer,
    read_vector,
    reasons,
    strongest_reasons,
)
from matcher import __version__ as engine_version
from matcher import ruled_out_by as failing_a_gate
from webapp.crypto.fields import Unreadable
from webapp.crypto.keyring import CannotDecrypt
from webapp.models import Proposal, Request, Supporter
from webapp.services import names
from webapp.services.engine.answers import (
    Said,
    answer_of,
    asked_now,
    questionnaire,
    read_cell,
    said_in_role,
    said_of,
    unanswered,
    weights,
    write_cell,
)
from webapp.services.engine.meeting import (
    every_way,
    leaves_the_site,
    name_way,
    safe_hours_message,
    say_safe_hours,
    shared_time,
    shared_ways,
    ways_outside,
)
from webapp.services.engine.people import need_of, offer_of, offers_of
from webapp.services.engine.roster import RosterKeeper, alone, build, keep_fit, keeper, read_fit
from webapp.services.engine.wording import UNREAD, name_gate, name_part, say, say_hours, say_option, stored, text

__all__ = [
    "UNREAD",
    "Answered",
    "BadAnswer",
    "Message",
    "Question",
    "QuestionRole",
    "Questionnaire",
    "Ranking",
    "ReadColumn",
    "ReadQuestion",
    "RosterKeeper",
    "Said",
    "Side",
    "answer_of",
    "asked_now",
    "costliest_gaps",
    "engine_version",
    "every_way",
    "gaps",
    "in_words",
    "keeper",
    "leaves_the_site",
    "name_gate",
    "name_part",
    "name_way",
    "need_of",
    "offer_of",
    "questionnaire",
    "read_answer",
    "read_cell",
    "read_vector",
    "reasons",
    "said_in_role",
    "said_of",
    "say",
    "say_hours",
    "say_option",
    "shared_time",
    "shared_ways",
    "stored",
    "strongest_reasons",
    "text",
    "told_of",
    "unanswered",
    "weights",
    "with_hours_now",
    "write_cell",
]  # fmt: skip


SAFE_HOURS = frozenset({"safe_times", "never_safe"})
"""The messages that tell at which hours a woman may be met outside the site."""


def fit_anew(session: Session, *, now: datetime) -> None:
    """Learn rarities and means anew from everyone, store them, and let every roster start from there."""
    session.flush()
    roster = build(session, now=now, anew=True)
    keep_fit(session, roster.learned_, now=now)


# One pair


@dataclass(frozen=True)
class Told:
    """What each voice may say about one pair, as keys with values."""

    requester: list[dict[str, Any]]
    supporter: list[dict[str, Any]]


def told_of(session: Session, request: Request, supporter: Supporter, *, now: datetime) -> Told | None:
    """Explain one pair to both sides as the two are now; None where a gate rules it out.

    None, too, where the supporter's answers cannot be read. Raises CannotDecrypt for answers of the woman.
    """
    need, offer = need_of(session, request, now=now), next(offers_of([supporter]), None)
    if offer is None:
        return None
    standing = alone(session, offer, now=now).stand(need, offer.id, on=now.date())
    if standing.gates:
        return None
    to_her = explain("requester", need, offer, standing, questionnaire())
    to_supporter = explain("supporter", need, offer, standing, questionnaire())
    return Told(stored(to_her), stored(to_supporter))


def told_to(side: Side, proposal: Proposal) -> list[dict[str, Any]]:
    """Return what was told one side of a proposal; one message that says so where it cannot be read."""
    told = Proposal.told.shown(proposal)
    return [{"key": UNREAD, "values": {}}] if isinstance(told, Unreadable) else told[side]


def with_hours_now(
    session: Session, told: list[dict[str, Any]], request: Request, supporter: Supporter, *, now: datetime
) -> list[dict[str, Any]]:
    """Put the woman's safe hours as they count now in place of those that her supporter was told when they met.

    Where the answers of one cannot be read, no hour is known, and none is said.
    """
    try:
        said = say_safe_hours(need_of(session, request, now=now), offer_of(supporter), on=now.date())
    except CannotDecrypt:
        said = [safe_hours_message(ways_outside(every_way()))]
    return [*(one for one in told if one["key"] not in SAFE_HOURS), *stored(said)]


# One request before everybody


@dataclass(frozen=True)
class Ranked:
    """A ranking, who would be first but for one gate, of how many, and what it was made from."""

    ranking: Ranking
    nearest: tuple[str, str] | None
    of: int
    need: Need
    learned: Learned


def rank(session: Session, request: Request, *, top: int, now: datetime) -> Ranked:
    """Rank the supporters for a request as the database has them now. The roster may have to be built for it."""
    need = need_of(session, request, now=now)
    with keeper.roster(session, now=now) as roster:
        ranking = roster.rank(need, top, on=now.date())
        nearest = roster.nearest_outside(need, on=now.date())
        return Ranked(ranking, nearest, roster.columns_.count, need, roster.learned_)


def is_still_so(session: Session, request: Request, ranked: Ranked, *, now: datetime) -> bool:
    """Say whether she asks for what was ranked, and everybody is scored by the same fit."""
    learned = read_fit(session)
    is_same_fit = learned is None or learned.hash == ranked.learned.hash
    return is_same_fit and need_of(session, request, now=now) == ranked.need


def keep_what_was_learned(session: Session, ranked: Ranked, *, now: datetime) -> None:
    """Store the fit of a ranking where it is the first."""
    if read_fit(session) is None:
        keep_fit(session, ranked.learned, now=now)


@dataclass(frozen=True)
class RuledOut:
    """Some of those whom a gate rules out, by id, each with every gate that does; `count` is how many in all."""

    gates: dict[str, list[str]]
    count: int
    of: int


def ruled_out_by(
    session: Session, request: Request, gate: str, *, start: int, most: int, now: datetime
) -> RuledOut | None:
    """List whom a gate rules out now, in the order of their ids; None where she asks nothing by such a gate."""
    need = need_of(session, request, now=now)
    with keeper.roster(session, now=now) as roster:
        failing = failing_a_gate(roster, need, gate, on=now.date(), start=start, most=most)
        if failing is None:
            return None
        shown, count = failing
        return RuledOut({one.offer: list(one.gates) for one in shown}, count, roster.columns_.count)


def name_of(person: Request | Supporter) -> str:
    """Return the name that a person wants to be called; never her account's."""
    return names.of(person)
