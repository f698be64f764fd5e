"""Words that a woman says on the phone to be let in again: she sets them, the desk types them, the site answers.

The desk never sees them. Right ones are used up and give a link of an hour.
"""

import hmac
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, defer

from webapp.domain import access, requests
from webapp.domain.access import Action, Actor, Subject, may
from webapp.domain.audited import Act
from webapp.domain.recovery import PHONE_TRIES_A_DAY, PHONE_WORDS_OFFERED, are_phone_words, neat_phone_words
from webapp.models import PhoneTry, PhoneWords, Request, User
from webapp.models.accounts import key_of_name
from webapp.services import accounts, audit
from webapp.services.accounts import reset_links
from webapp.services.accounts.recovery import lock_own, offer_words
from webapp.services.acting import Missing, load_locked, require
from webapp.services.answers import answers_of
from webapp.services.matching import said_in_role
from webapp.services.requests import subject_of
from webapp.services.safety import reading
from webapp.services.safety.closed_files import require_as_staff, with_closed


class NotForThePhone(Exception):
    """Raised for words that are too few or too short for the phone."""


class IsCodeWord(Exception):
    """Raised for words that are her code word: we say that one first when we call, so it proves nothing."""


@dataclass(frozen=True)
class Answer:
    """What came of words that the desk tried: a code of an hour, or none, and how many tries are left today."""

    code: str | None
    left: int
    was_tried: bool = True


def offer(language: str) -> str:
    """Draw the two words that are offered for the phone; too short ones, which would be refused, are drawn anew."""
    while not are_phone_words(drawn := offer_words(language, PHONE_WORDS_OFFERED)):
        continue
    return drawn


def set_phone_words(session: Session, actor: Actor, said: str, *, now: datetime) -> None:
    """Keep the words that she will say on the phone. Raises NotForThePhone, IsCodeWord."""
    user = lock_own(session, actor, Action.KEEP_WAYS_BACK)
    if not are_phone_words(said):
        raise NotForThePhone
    if neat_phone_words(said) in _code_words(session, user.id, now):
        raise IsCodeWord
    session.execute(delete(PhoneWords).where(PhoneWords.user_id == user.id))
    row = PhoneWords(user_id=user.id, made_at=now)
    row.words = said.strip()
    session.add(row)
    session.flush()
    audit.record(session, actor, Act.PHONE_WORDS_SET, row, at=now, about=user.id)


def forget_phone_words(session: Session, actor: Actor, *, now: datetime) -> None:
    """Take her words for the phone away; taken away twice is taken away once."""
    user = lock_own(session, actor, Action.KEEP_WAYS_BACK)
    row = session.scalars(select(PhoneWords).where(PhoneWords.user_id == user.id)).first()
    if row is not None:
        audit.record(session, actor, Act.PHONE_WORDS_FORGOTTEN, row, at=now, about=user.id)
        session.delete(row)


def _code_words(session: Session, user_id: UUID, now: datetime) -> set[str]:
    answered = (answers_of(request) for request in session.scalars(select(Request).where(Request.user_id == user_id)))
    said = [said_in_role("code_word", "requester", answers) for answers in answered]
    on_record = reading.read(session, user_id, now=now).contact
    words = [str(one["answer"]) for one in said if one] + [on_record.code_word if on_record else ""]
    return {neat_phone_words(one) for one in words if one}


# What the desk does


def let_in_by_name(session: Session, actor: Actor, username: str, said: str, *, now: datetime) -> Answer:
    """Try the words of somebody who calls, by the name that she signs in with; wrong names answer like wrong words."""
    require(actor, Action.LET_BACK_IN, Subject())
    user = accounts.find_user(session, username)
    return _try_words(session, actor, user, key_of_name(username), said, now=now)


def let_in_by_request(session: Session, actor: Actor, request_id: UUID, said: str, *, now: datetime) -> Answer:
    """Try the words of a woman whose request is known. Raises Missing, for one's own file too."""
    user = session.get_one(User, _owner_of(session, actor, request_id))
    return _try_words(session, actor, user, user.username_key, said, now=now)


def has_phone_words(session: Session, actor: Actor, request_id: UUID) -> bool:
    """Say whether a woman whose request is known can be let in by the phone."""
    user_id = _owner_of(session, actor, request_id)
    return session.scalar(select(PhoneWords.id).where(PhoneWords.user_id == user_id)) is not None


def _owner_of(session: Session, actor: Actor, request_id: UUID) -> UUID:
    request = session.get(Request, request_id, options=[defer(Request.answers_sealed)])
    if request is None:
        raise Missing
    require_as_staff(session, actor, Action.LET_BACK_IN, subject_of(request))
    user = session.get_one(User, request.user_id)
    if request.state == requests.State.DRAFT or not _may_be_let_in(session, actor, user):
        raise Missing
    return user.id


def _may_be_let_in(session: Session, actor: Actor, user: User) -> bool:
    is_staff = bool({access.Role.COORDINATOR, access.Role.APPROVER} & {role.name for role in user.roles})
    return user.active and not is_staff and may(actor, Action.LET_BACK_IN, with_closed(session, Subject(owner=user.id)))


def _try_words(session: Session, actor: Actor, user: User | None, key: str, said: str, *, now: datetime) -> Answer:
    used = _tries_today(session, key, now.date())
    if used >= PHONE_TRIES_A_DAY:
        return Answer(None, 0, was_tried=False)
    tried = PhoneTry(name_key=key, on_day=now.date(), number=used + 1)
    session.add(tried)
    session.flush()
    if user is not None:
        user = load_locked(session, User, user.id) if _may_be_let_in(session, actor, user) else None
    about, left = user.id if user else None, PHONE_TRIES_A_DAY - used - 1
    right = user is not None and are_hers(session, user.id, said)
    audit.record(session, actor, Act.PHONE_WORDS_TRIED, tried, at=now, about=about, code="right" if right else "wrong")
    if user is None or not right:
        return Answer(None, left)
    session.execute(delete(PhoneWords).where(PhoneWords.user_id == user.id))
    return Answer(reset_links.make_link(session, actor, user, reset_links.DESK, now=now), left)


def _tries_today(session: Session, key: str, today: date) -> int:
    session.execute(delete(PhoneTry).where(PhoneTry.on_day < today))
    return session.scalar(select(func.count()).where(PhoneTry.name_key == key, PhoneTry.on_day == today)) or 0


def are_hers(session: Session, user_id: UUID, said: str) -> bool:
    """Say whether these are the words that she says on the phone."""
    row = session.scalars(select(PhoneWords).where(PhoneWords.user_id == user_id)).first()
    kept = neat_phone_words(row.words) if row is not None else ""
    return bool(kept) and hmac.compare_digest(kept.encode(), neat_phone_words(said).encode())
