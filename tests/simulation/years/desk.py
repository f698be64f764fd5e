"""What the desk does: show people, answer, settle tasks, look after concerns and holds, go away, vanish."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from tests.simulation.years.cast import Person
from tests.simulation.years.pairs import CONTACT, LIVING
from tests.simulation.years.site import Site, looking
from webapp.domain import concerns as concern_rules
from webapp.domain import proposals as card_rules
from webapp.domain.access import VISITOR, Actor, Role
from webapp.domain.concerns import Did
from webapp.domain.holds import BY_THE_DESK, SAID_BY_A_PERSON
from webapp.domain.introductions import State, Then, WhyEnded
from webapp.domain.requests import State as RequestState
from webapp.domain.tasks import ENDS_WITH_ITS_THING, Kind
from webapp.domain.tasks import SAID_BY_A_PERSON as OUTCOMES
from webapp.models import (
    ClosedFile,
    Concern,
    Hold,
    Introduction,
    Proposal,
    Request,
    StaffMember,
    Supporter,
    Task,
    ThreadWord,
)
from webapp.services import accounts, proposals, rankings, supporters, tasks, waiting
from webapp.services.acting import Missing
from webapp.services.cards import taking_back
from webapp.services.pairs import endings
from webapp.services.safety import handling, holds
from webapp.services.tasks import cover
from webapp.services.threads import talking

People = tuple[UUID | None, ...]
SETTLES = (Kind.STRAIN, Kind.WORDS_UNANSWERED, Kind.CONTACT_SOON)
MOST_VANISHED = 2
"""So many coordinators are gone for good at most: nobody but herself can close an account as yet."""


def join(site: Site, role: Role) -> Person:
    """Somebody begins to work at the desk."""
    number = site.cast.came
    user_id = site.do(
        Person("", VISITOR),
        lambda session, actor, now: (
            accounts.create_user(
                session, actor, username=f"{role}-{number}", password_hash="none", role=role, now=now
            ).id
        ),
    )
    return site.cast.add(Person(f"{role}{number}", Actor(user_id, frozenset({role}))))


def present(site: Site, *roles: Role) -> list[Person]:
    """Return who of the desk is there today, by what each has said of it."""
    today = site.now.date()
    away = select(StaffMember.id).where(StaffMember.away_from <= today)
    gone = set(site.ids(away.where((StaffMember.away_until.is_(None)) | (StaffMember.away_until >= today))))
    return [one for one in site.cast.here(*(roles or (Role.COORDINATOR,))) if one.id not in gone]


# People to choose from


def show_people(site: Site) -> People | None:
    """A coordinator ranks for one who waits and shows her the first on the list, or others for a reason."""
    woman = site.pick(
        select(Request.id, Request.user_id).where(Request.state == RequestState.WAITING).order_by(Request.id)
    )
    desk = site.draw(present(site))
    if woman is None or desk is None:
        return None

    def rank(session, actor, now):
        made = rankings.rank_request(session, actor, woman.id, now=now)
        session.flush()
        return made.id, rankings.read_ranking(session, actor, made.id, now=now).supporters

    ranking, listed = site.do(desk, rank)
    free = [one.supporter_id for one in listed if not one.is_shown_enough]
    reason = site.rng.choice(list(card_rules.OverrideReason)) if site.chance(0.15) else None
    among = [one.supporter_id for one in listed] if reason else free
    chosen = site.rng.sample(among, min(3, len(among))) if reason else among[: site.rng.randint(1, 3)]
    if chosen:
        site.do(
            desk,
            lambda session, actor, now: proposals.approve_proposals(
                session, actor, ranking, chosen, override=reason, has_read_names=True, now=now
            ) and None,
        )  # fmt: skip
    return (desk.id, woman.user_id)


def take_card_back(site: Site) -> People | None:
    """A coordinator takes a card back before the woman chose."""
    cards = select(Proposal.id, Proposal.request_id, Request.user_id).join(Proposal.request)
    row = site.pick(cards.where(Proposal.state == card_rules.State.SHOWN).order_by(Proposal.id))
    desk = site.draw(present(site))
    if row is None or desk is None:
        return None
    reason = site.rng.choice(list(card_rules.TakeBackReason))
    site.do(
        desk,
        lambda session, actor, now: taking_back.take_back(
            session, actor, row.request_id, row.id, reason=reason, now=now
        ),
    )
    return (desk.id, row.user_id)


def name_a_day(site: Site) -> People | None:
    """A coordinator names a day on which is looked again, with a word to her."""
    row = site.pick(
        select(Request.id, Request.user_id).where(Request.state == RequestState.WAITING).order_by(Request.id)
    )
    desk = site.draw(present(site))
    if row is None or desk is None:
        return None
    day = site.now.date() + timedelta(days=site.rng.randint(3, 12))
    day += timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
    site.do(desk, lambda session, actor, now: waiting.look_again_on(session, actor, row.id, day, "soon", now=now))
    return (desk.id, row.user_id)


# Tasks


def settle(site: Site) -> People | None:
    """Somebody who is there does a task of hers: by a word, by its own room, or by saying what was done."""
    mine = {one.id: one for one in present(site, Role.COORDINATOR, Role.APPROVER)}
    open_ = select(Task.id, Task.owner_id, Task.about_id).where(Task.done_at.is_(None), Task.owner_id.in_(mine))
    row = site.pick(open_.order_by(Task.id))
    if row is None:
        return None
    desk = mine[row.owner_id]
    with looking() as session:
        said = session.get_one(Task, row.id).said
    kind, thing = Kind(said["kind"]), UUID(said["thing"])
    _BY_KIND.get(kind, _tick)(site, desk, row.id, row.about_id, thing)
    return (desk.id, row.about_id)


def _tick(site: Site, desk: Person, task: UUID, about: UUID, thing: UUID) -> None:
    outcome = site.rng.choice(OUTCOMES)
    site.do(desk, lambda session, actor, now: tasks.finish(session, actor, task, act=outcome, now=now))


def _lift_strain(site: Site, desk: Person, task: UUID, about: UUID, thing: UUID) -> None:
    """She talks with a supporter who said that it is too much, and lets her be suggested again."""
    _tick(site, desk, task, about, thing)
    if Role.COORDINATOR in desk.actor.roles:
        site.do(desk, lambda session, actor, now: supporters.lift_rest(session, actor, thing, now=now))


def _answer(site: Site, desk: Person, task: UUID, about: UUID, thing: UUID) -> None:
    hers = select(ThreadWord.id).where(ThreadWord.thread_id == about, ThreadWord.sender_id == about)
    last = site.ids(hers.order_by(ThreadWord.sent_at.desc(), ThreadWord.id.desc()).limit(1))
    once = str(site.rng.random())
    site.do(
        desk,
        lambda session, actor, now: talking.answer(
            session, actor, about, "we have read it", once, seen=last[0] if last else None, now=now
        ),
    )


def _look_after(site: Site, desk: Person, task: UUID, about: UUID, thing: UUID) -> None:
    """Take a concern one step on; in the end propose to close it."""
    steps: tuple[Callable[..., object], ...] = (
        lambda session, actor, now: handling.look_after(session, actor, thing, now=now),
        lambda session, actor, now: handling.add_note(session, actor, thing, "a note", now=now),
        lambda session, actor, now: handling.write_to_her(session, actor, thing, "we look at it", now=now),
        lambda session, actor, now: handling.note_done(session, actor, thing, Did.TALKED_WITH_HER, now=now),
        lambda session, actor, now: handling.propose(session, actor, thing, "we talked with both", now=now),
        lambda session, actor, now: handling.propose(session, actor, thing, "it is settled", now=now),
    )
    site.do(desk, site.rng.choice(steps))


def _close(site: Site, desk: Person, task: UUID, about: UUID, thing: UUID) -> None:
    """Close a concern as another has proposed; or say why not yet."""
    if site.chance(0.15):
        site.do(desk, lambda session, actor, now: handling.send_back(session, actor, thing, "not yet", now=now))
        return
    site.do(desk, lambda session, actor, now: handling.confirm(session, actor, thing, now=now))
    state = site.ids(select(Concern.state).where(Concern.id == thing))
    site.promise("a concern is closed by two", state == [concern_rules.State.CLOSED], str(thing))


def _decide_hold(site: Site, desk: Person, task: UUID, about: UUID, thing: UUID) -> None:
    """Lift a hold, let it stand for some days, or end the pair."""
    (pair,) = site.ids(select(Hold.introduction_id).where(Hold.id == thing))
    drawn = site.rng.random()
    if drawn < 0.5:
        _lift(site, desk, pair)
    elif drawn < 0.8 or Role.COORDINATOR not in desk.actor.roles:
        site.do(desk, lambda session, actor, now: holds.let_stand(session, actor, pair, now=now))
    else:
        _end(site, desk, pair)


_BY_KIND: dict[Kind, Callable[[Site, Person, UUID, UUID, UUID], None]] = {
    Kind.STRAIN: _lift_strain,
    Kind.WORDS_UNANSWERED: _answer,
    Kind.CONTACT_SOON: _answer,
    Kind.CONCERN: _look_after,
    Kind.CONCERN_TO_CLOSE: _close,
    Kind.ON_HOLD: _decide_hold,
}
assert _BY_KIND.keys() >= ENDS_WITH_ITS_THING


# Pairs


def hold(site: Site) -> People | None:
    """The desk lets a pair rest."""
    row = site.pick(select(Introduction.id).where(Introduction.state.in_(CONTACT)).order_by(Introduction.id))
    desk = site.draw(present(site))
    if row is None or desk is None:
        return None
    why = site.rng.choice(BY_THE_DESK)
    site.do(desk, lambda session, actor, now: holds.hold_pair(session, actor, row.id, why, now=now))
    return (desk.id,)


def lift(site: Site) -> People | None:
    """The desk lets a pair go on."""
    row = site.pick(select(Introduction.id).where(Introduction.state == State.ON_HOLD).order_by(Introduction.id))
    desk = site.draw(present(site))
    if row is None or desk is None:
        return None
    _lift(site, desk, row.id)
    return (desk.id,)


def _lift(site: Site, desk: Person, pair: UUID) -> None:
    why = site.rng.choice(SAID_BY_A_PERSON)
    site.do(desk, lambda session, actor, now: holds.lift(session, actor, pair, why, now=now))


def end_pair(site: Site) -> People | None:
    """The desk ends a pair, mostly one whose supporter is gone."""
    both = select(Introduction.id, Supporter.user_id).join(Introduction.supporter).where(Introduction.state.in_(LIVING))
    gone = [row.id for row in site.rows(both.order_by(Introduction.id)) if not site.cast.is_here(row.user_id)]
    desk = site.draw(present(site))
    if not gone or desk is None:
        return None
    _end(site, desk, site.rng.choice(gone))
    return (desk.id,)


def _end(site: Site, desk: Person, pair: UUID) -> None:
    why, then = site.rng.choice(list(WhyEnded)), site.rng.choice((Then.ANOTHER, Then.REST))
    site.do(
        desk,
        lambda session, actor, now: endings.end_at_desk(session, actor, pair, why=why, then=then, note="", now=now),
    )


# Who is there


def choose_deputy(site: Site) -> People | None:
    """A coordinator says who stands in for her."""
    role = site.rng.choice((Role.COORDINATOR, Role.COORDINATOR, Role.APPROVER))
    staff = present(site, role)
    if len(staff) < 2:
        return None
    desk, deputy = site.rng.sample(staff, 2)
    site.do(desk, lambda session, actor, now: cover.choose_deputy(session, actor, deputy.id, now=now))
    return (desk.id,)


def go_away(site: Site) -> People | None:
    """Somebody of the desk is away for some days; somebody else is there."""
    role = site.rng.choice((Role.COORDINATOR, Role.COORDINATOR, Role.APPROVER))
    staff = present(site, role)
    if len(staff) < 2:
        return None
    desk, until = site.rng.choice(staff), site.now.date() + timedelta(days=site.rng.randint(1, 20))
    site.do(desk, lambda session, actor, now: cover.go_away(session, actor, None, until, now=now))
    return (desk.id,)


def come_back(site: Site) -> People | None:
    """She is there again, earlier than she said."""
    there = {one.id for one in present(site, Role.COORDINATOR, Role.APPROVER)}
    desk = site.draw([one for one in site.cast.here(Role.COORDINATOR, Role.APPROVER) if one.id not in there])
    if desk is None:
        return None
    site.do(desk, lambda session, actor, now: cover.come_back(session, actor, now=now))
    return (desk.id,)


def vanish(site: Site) -> People | None:
    """A coordinator is gone without a word, her tasks in her name; somebody new begins on the same day."""
    staff = site.cast.here(Role.COORDINATOR)
    gone = sum(one.vanished_at is not None for one in site.cast.people.values() if Role.COORDINATOR in one.actor.roles)
    if len(staff) < 3 or gone >= MOST_VANISHED:
        return None
    desk = site.rng.choice(staff)
    desk.vanished_at = site.now
    join(site, Role.COORDINATOR)
    return (desk.id,)


def open_closed_file(site: Site) -> People | None:
    """A coordinator tries to read about somebody whose file is closed to her: for her nobody is there."""
    row = site.pick(select(ClosedFile.staff_id, ClosedFile.about_id).order_by(ClosedFile.id))
    if row is None or not site.cast.is_here(row.staff_id) or row.about_id not in site.cast.people:
        return None
    desk, about = site.cast.people[row.staff_id], site.cast.people[row.about_id]
    try:
        site.do(desk, lambda session, actor, now: talking.read_of(session, actor, about.id) and None)
        is_closed = False
    except Missing:
        is_closed = True
    site.promise("a closed file is closed", is_closed, f"{desk.name} {about.name}")
    return (desk.id, about.id)
