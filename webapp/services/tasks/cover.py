"""Who stands in for a coordinator, and when she is away: then her tasks go to her deputy at once, and new ones too."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.access import Action, Actor, Subject
from webapp.domain.audited import Act
from webapp.models import Role, StaffMember, User
from webapp.services import audit, names
from webapp.services.acting import Missing, require
from webapp.services.locking import lock_rows
from webapp.services.tasks import owners, passing
from webapp.services.tasks.keeping import desks_of

A_YEAR = timedelta(days=366)


class BadAbsence(Exception):
    """Raised for an absence that ends before it begins, or is over already."""


class TooFar(Exception):
    """Raised for an absence whose first or last day lies more than a year ahead: a slip of the keys."""


@dataclass(frozen=True)
class Colleague:
    """Somebody who works at the same desk, by the name that she signs in with."""

    id: UUID
    name: str


@dataclass(frozen=True)
class Cover:
    """Who stands in for one, from when until when one is away, and whom one could choose."""

    deputy: Colleague | None
    away_from: date | None
    away_until: date | None
    is_away: bool
    colleagues: list[Colleague]


def read_cover(session: Session, actor: Actor, *, now: datetime) -> Cover:
    """Return one's own cover."""
    require(actor, Action.SEE_COVER, Subject(owner=actor.id))
    kept, on = session.get(StaffMember, actor.id), passing.today(now)
    colleagues = list_colleagues(session, actor)
    deputy = next((one for one in colleagues if kept is not None and one.id == kept.deputy_id), None)
    if kept is None or kept.away_from is None or (kept.away_until is not None and kept.away_until < on):
        return Cover(deputy, None, None, False, colleagues)
    return Cover(deputy, kept.away_from, kept.away_until, kept.away_from <= on, colleagues)


def list_colleagues(session: Session, actor: Actor) -> list[Colleague]:
    """Return who else works at a desk of hers, by name."""
    roles = [owners.ROLES[desk] for desk in desks_of(actor)]
    working = select(User.id).join(User.roles).where(Role.name.in_(roles), User.active.is_(True), User.id != actor.id)
    called = names.of_staff(session, set(session.scalars(working)))
    return sorted((Colleague(*one) for one in called.items()), key=lambda one: one.name)


def choose_deputy(session: Session, actor: Actor, deputy_id: UUID | None, *, now: datetime) -> None:
    """Say who stands in for one; None for nobody in particular. Raises Missing for one who does not work there."""
    require(actor, Action.CHANGE_COVER, Subject(owner=actor.id))
    if deputy_id is not None and deputy_id not in {one.id for one in list_colleagues(session, actor)}:
        raise Missing
    kept = _lock_own(session, actor)
    kept.deputy_id = deputy_id
    audit.record(session, actor, Act.DEPUTY_CHOSEN, kept, at=now, about=actor.id)
    _pass_on_if_away(session, actor, kept, now)


def go_away(session: Session, actor: Actor, begins: date | None, ends: date | None, *, now: datetime) -> int:
    """Be away from a day on, today where none is said, until a day or until one is back. Raises BadAbsence, TooFar.

    What one has in hand goes to the deputy at once, or on the day when it begins. Returns how many tasks went.
    """
    require(actor, Action.CHANGE_COVER, Subject(owner=actor.id))
    on = passing.today(now)
    begins = begins or on
    if ends is not None and (ends < begins or ends < on):
        raise BadAbsence
    if max(begins, ends or begins) - on > A_YEAR:
        raise TooFar
    kept = _lock_own(session, actor)
    kept.away_from, kept.away_until = begins, ends
    audit.record(session, actor, Act.STAFF_AWAY, kept, at=now, about=actor.id)
    return _pass_on_if_away(session, actor, kept, now)


def come_back(session: Session, actor: Actor, *, now: datetime) -> None:
    """Be there again; said twice is said once. What the deputy has in hand stays with her."""
    require(actor, Action.CHANGE_COVER, Subject(owner=actor.id))
    kept = _lock_own(session, actor)
    kept.away_from = kept.away_until = None
    audit.record(session, actor, Act.STAFF_BACK, kept, at=now, about=actor.id)


@dataclass(frozen=True)
class Around:
    """For whom somebody stands in today, by name, and whether nobody else could take over from her."""

    stood_in_for: list[str]
    is_alone: bool


def look_around(session: Session, actor: Actor, *, now: datetime) -> Around:
    """Say for whom one stands in today, and whether one is alone: one look at all who work at the desk."""
    on = passing.today(now)
    columns = (*(getattr(User, column) for column in User.username.needs()), StaffMember.deputy_id)
    working = select(*columns, owners.is_away(on).label("is_away")).join(User.roles)
    working = working.outerjoin(StaffMember, StaffMember.id == User.id)
    staff = session.execute(working.where(Role.name.in_(owners.ROLES.values()), User.active.is_(True))).all()
    stood_in_for = {User.username.shown(one) or "" for one in staff if one.is_away and one.deputy_id == actor.id}
    return Around(sorted(stood_in_for), all(one.is_away or one.id == actor.id for one in staff))


def _lock_own(session: Session, actor: Actor) -> StaffMember:
    assert actor.id is not None
    found = lock_rows(session, StaffMember, StaffMember.id == actor.id)
    if found:
        return found[0]
    kept = StaffMember(id=actor.id)
    session.add(kept)
    session.flush()
    return kept


def _pass_on_if_away(session: Session, actor: Actor, kept: StaffMember, now: datetime) -> int:
    on = passing.today(now)
    is_away = kept.away_from is not None and kept.away_from <= on and (kept.away_until is None or kept.away_until >= on)
    return passing.pass_all_on(session, actor, now=now) if is_away else 0
