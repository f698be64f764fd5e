"""The one gate before every channel: a permit for this person, way, hour and wording, or a refusal with its code.

A woman is reached inside her own record alone. Staff and supporters are reached where they asked for it themselves. No
channel sends without a permit, and nobody but this module makes one.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.crypto.keyring import CannotDecrypt
from webapp.domain.access import Role
from webapp.domain.notices import URGENT, Notice, after_the_night
from webapp.domain.requests import OPEN
from webapp.domain.safe_contact import (
    Channel,
    Contact,
    Others,
    Standing,
    Wording,
    end_of_half_hour,
    next_within,
)
from webapp.models import NoticeAddress, Request, User
from webapp.services.safety import reading

PERMIT_LASTS = timedelta(minutes=2)
"""What was let through is sent at once or asked for again: meanwhile she may have closed the way."""
_SEAL = object()


class Code(StrEnum):
    """Why something does not leave."""

    ACCOUNT_CLOSED = "account_closed"
    IN_SITE_ONLY = "in_site_only"
    EXPIRED = "expired"
    CLOSED = "closed"
    UNREADABLE = "unreadable"
    WAY_NOT_MARKED = "way_not_marked"
    SEEN_BY_OTHERS = "seen_by_others"
    WORDS_NOT_ALLOWED = "words_not_allowed"
    NO_HOURS = "no_hours"
    NO_CLOCK = "no_clock"
    NO_ADDRESS = "no_address"
    NOT_CONFIRMED = "not_confirmed"
    NO_WAY_OUT = "no_way_out"


class NotPermitted(Exception):
    """Raised where something would be sent without a permit, or after its time."""


@dataclass(frozen=True)
class Permit:
    """Leave to send once, by this way, to this address, in such words, until this moment. Only the gate makes one."""

    channel: Channel
    address: str
    wording: Wording
    until: datetime
    seal: object

    def __post_init__(self) -> None:
        """Refuse one that the gate did not make. Raises NotPermitted."""
        if self.seal is not _SEAL:
            raise NotPermitted

    def hold(self, channel: Channel, *, now: datetime) -> str:
        """Return the address where this permit is for this way and still holds. Raises NotPermitted."""
        if channel is not self.channel or now >= self.until:
            raise NotPermitted
        return self.address


@dataclass(frozen=True)
class Refusal:
    """It does not leave, and will not."""

    code: Code


@dataclass(frozen=True)
class Later:
    """It may leave, but not before this moment; then it is asked for again."""

    at: datetime


Verdict = Permit | Refusal | Later


def decide(
    session: Session, user_id: UUID, channel: Channel, kinds: frozenset[Notice], wording: Wording, *, now: datetime
) -> Verdict:
    """Decide whether notices may go to one person now. Whoever has ever asked as a woman is reached as a woman only."""
    user = session.get(User, user_id)
    if user is None or not user.active:
        return Refusal(Code.ACCOUNT_CLOSED)
    if Role.REQUESTER in {role.name for role in user.roles}:
        return _of_woman(session, user_id, channel, wording, now)
    return _of_others(session, user_id, channel, kinds, wording, now)


def permit_test(address: str, *, now: datetime) -> Permit:
    """Let the operator's own test go to the address that she typed."""
    return Permit(Channel.EMAIL, address, Wording.NEUTRAL, now + PERMIT_LASTS, _SEAL)


# A woman: inside her record


def _of_woman(session: Session, user_id: UUID, channel: Channel, wording: Wording, now: datetime) -> Verdict:
    known = reading.read(session, user_id, now=now)
    if known.standing is not Standing.OPEN:
        return Refusal(_WHY_NOT[known.standing])
    if known.contact is None or known.valid_until is None:
        return Refusal(Code.UNREADABLE)
    fault = _fault_of(known.contact, channel, wording)
    zone = _her_zone(session, user_id)
    if fault is not None or zone is None:
        return Refusal(fault or Code.NO_CLOCK)
    at = next_within(known.contact.hours, zone, now)
    if at is None or at >= known.valid_until:
        return Refusal(Code.NO_HOURS if at is None else Code.EXPIRED)
    if at > now:
        return Later(at)
    until = min(end_of_half_hour(now, zone), known.valid_until, now + PERMIT_LASTS)
    return Permit(channel, known.contact.addresses[channel], wording, until, _SEAL)


_WHY_NOT = {
    Standing.NONE: Code.IN_SITE_ONLY,
    Standing.EXPIRED: Code.EXPIRED,
    Standing.CLOSED: Code.CLOSED,
}


def _fault_of(contact: Contact, channel: Channel, wording: Wording) -> Code | None:
    if channel not in contact.addresses:
        return Code.WAY_NOT_MARKED
    if contact.others in (Others.SOMEBODY, Others.NOT_SURE):
        return Code.SEEN_BY_OTHERS
    if wording is Wording.NAMED and contact.wording is not Wording.NAMED:
        return Code.WORDS_NOT_ALLOWED
    return None if contact.hours else Code.NO_HOURS


def _her_zone(session: Session, user_id: UUID) -> ZoneInfo | None:
    open_ = select(Request.time_zone).where(Request.user_id == user_id, Request.state.in_(sorted(OPEN)))
    zone = session.scalar(open_)
    return ZoneInfo(zone) if zone is not None else None


# Staff and supporters: where they said themselves


def _of_others(
    session: Session, user_id: UUID, channel: Channel, kinds: frozenset[Notice], wording: Wording, now: datetime
) -> Verdict:
    row = session.scalars(select(NoticeAddress).where(NoticeAddress.user_id == user_id)).first()
    if row is None or channel is not Channel.EMAIL:
        return Refusal(Code.NO_ADDRESS)
    if row.confirmed_at is None and kinds != {Notice.CONFIRM_YOUR_ADDRESS}:
        return Refusal(Code.NOT_CONFIRMED)
    if wording is Wording.NAMED:
        return Refusal(Code.WORDS_NOT_ALLOWED)
    try:
        said = row.said
    except CannotDecrypt:
        return Refusal(Code.UNREADABLE)
    at = now if kinds & URGENT else after_the_night(now, ZoneInfo(said["zone"]))
    return Later(at) if at > now else Permit(channel, said["address"], wording, now + PERMIT_LASTS, _SEAL)
