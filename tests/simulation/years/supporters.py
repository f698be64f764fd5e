"""What supporters do: they join, answer offers or stay silent, say where notices go, leave, or are simply gone."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from seeds.load import _answers
from tests.simulation.years.cast import Person
from tests.simulation.years.site import Site, a_while
from webapp.domain import supporters as rules
from webapp.domain.access import VISITOR, Actor, Role
from webapp.domain.introductions import LIVE
from webapp.domain.proposals import State
from webapp.models import Introduction, LeavingWish, NoticeAddress, Proposal, Supporter
from webapp.services import accounts, offers, supporters
from webapp.services.accounts import closing
from webapp.services.cards import falling_away
from webapp.services.notices import addresses

People = tuple[UUID | None, ...]
DIES_BEFORE_PASSING_ON = 0.1
"""So often the process dies between a yes and what follows it: then the worker does it."""


def join(site: Site) -> People | None:
    """A supporter is taken into the programme, with papers that last for one to three years."""
    desk = site.draw(site.cast.here(Role.COORDINATOR))
    row = site.rng.choice(site.cast.supporters)
    number = site.cast.came
    user_id = site.do(
        Person("", VISITOR),
        lambda session, actor, now: (
            accounts.create_user(
                session, actor, username=f"supporter-{number}", password_hash="none", role=Role.SUPPORTER, now=now
            ).id
        ),
    )
    zone = row.cells["time_zone"] or "America/Toronto"
    until = site.now.date() + a_while(site.rng, timedelta(days=365), timedelta(days=1200))
    facts = {"state": rules.State.ACTIVE, "time_zone": zone, "capacity": int(row.number("capacity", "1"))}
    facts |= dict.fromkeys(rules.PAPERS, until)

    def act(session, actor, now):
        kept = supporters.enrol_supporter(session, actor, user_id, _answers(row, "supporter"), now=now, **facts)
        session.flush()
        return kept.id

    person = Person(f"S{number}", Actor(user_id, frozenset({Role.SUPPORTER})), row, zone)
    person.thing_id = site.do(desk or person, act)
    site.cast.add(person)
    return (person.id,)


def say_yes(site: Site) -> People | None:
    """She takes on the woman whom she was offered; what follows is done at once, or by the worker."""
    found = _asked(site)
    if found is None:
        return None
    supporter, offer = found
    site.do(supporter, lambda session, actor, now: offers.accept_proposal(session, actor, offer, now=now) and None)
    if not site.chance(DIES_BEFORE_PASSING_ON):
        falling_away.pass_on_from(supporter.thing_id, now=site.now)
    return (supporter.id,)


def say_no(site: Site) -> People | None:
    """She says no, without a reason; or that she may know her, which is the same."""
    found = _asked(site)
    if found is None:
        return None
    supporter, offer = found
    site.do(supporter, lambda session, actor, now: offers.decline_proposal(session, actor, offer, now=now))
    return (supporter.id,)


def _asked(site: Site) -> tuple[Person, UUID] | None:
    asked = select(Supporter.user_id, Proposal.id).join(Proposal, Proposal.supporter_id == Supporter.id)
    found = site.rows(asked.where(Proposal.state == State.OFFERED).order_by(Proposal.id))
    known = [(site.cast.people[row[0]], row[1]) for row in found if site.cast.is_here(row[0])]
    return site.rng.choice(known) if known else None


# Where her notices go


def give_address(site: Site) -> People | None:
    """A supporter or a coordinator says to which address her notices go; a code is sent there."""
    person = site.draw([one for one in _working(site) if not one.address or site.chance(0.02)])
    if person is None:
        return None
    address = f"{person.name.lower()}-{site.rng.randrange(999)}@example.org"
    site.do(person, lambda session, actor, now: addresses.give_address(session, actor, address, person.zone, now=now))
    person.address, person.code = address, ""
    site.cast.by_address[address] = person
    return (person.id,)


def type_code(site: Site) -> People | None:
    """She types in the code that came by mail."""
    person = site.draw([one for one in _working(site) if one.code])
    if person is None:
        return None
    code, person.code = person.code, ""
    came_of_it = site.do(person, lambda session, actor, now: addresses.try_code(session, actor, code, now=now))
    site.promise("the code that came by mail is right", came_of_it is not addresses.Outcome.WRONG, person.name)
    return (person.id,)


def forget_address(site: Site) -> People | None:
    """She takes her address away."""
    with_one = set(site.ids(select(NoticeAddress.user_id)))
    person = site.draw([one for one in _working(site) if one.id in with_one])
    if person is None:
        return None
    site.do(person, lambda session, actor, now: addresses.forget_address(session, actor, now=now))
    person.address = ""
    return (person.id,)


def _working(site: Site) -> list[Person]:
    return site.cast.here(Role.SUPPORTER, Role.COORDINATOR, Role.APPROVER)


# How she goes


def ask_to_leave(site: Site) -> People | None:
    """She asks to leave: no new woman from this minute on, and her open offers are passed on."""
    asked = set(site.ids(select(LeavingWish.user_id)))
    supporter = site.draw([one for one in site.cast.here(Role.SUPPORTER) if one.id not in asked])
    if supporter is None:
        return None
    site.do(supporter, lambda session, actor, now: closing.ask_to_leave(session, actor, now=now))
    falling_away.pass_on_from(supporter.thing_id, now=site.now)
    return (supporter.id,)


def leave(site: Site) -> People | None:
    """She closes her account, once no woman counts on her; before that the site says no."""
    wishes = set(site.ids(select(LeavingWish.user_id)))
    supporter = site.draw([one for one in site.cast.here(Role.SUPPORTER) if one.id in wishes])
    if supporter is None:
        return None
    site.do(supporter, lambda session, actor, now: closing.close_account(session, actor, now=now))
    supporter.has_left, supporter.address = True, ""
    falling_away.pass_on_from(supporter.thing_id, now=site.now)
    return (supporter.id,)


def vanish(site: Site) -> People | None:
    """A supporter is gone without a word, women or not."""
    counted_on = select(Supporter.user_id).join(Introduction, Introduction.supporter_id == Supporter.id)
    found = site.cast.those_here(sorted(set(site.ids(counted_on.where(Introduction.state.in_(sorted(LIVE)))))))
    supporter = site.draw(found)
    if supporter is None:
        return None
    supporter.vanished_at = site.now
    return (supporter.id,)
