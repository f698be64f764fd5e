"""What is done while a supporter is away: her break, the woman's yes or no to who covers, and hers who is asked."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from tests.simulation.years.cast import Person
from tests.simulation.years.site import Site
from webapp.domain.absences.covers import State
from webapp.domain.access import Role
from webapp.models import Cover, Introduction, Request, Supporter
from webapp.services.absences import asking, at_once, breaks
from webapp.services.cards import falling_away

People = tuple[UUID | None, ...]
NO, NO_DAY = 0.3, 0.3
"""So often who is asked says no, and a break has no last day."""


def take_break(site: Site) -> People | None:
    """A supporter takes a break, with or without a last day; what follows is done at once."""
    supporter = site.draw([one for one in site.cast.here(Role.SUPPORTER) if one.id not in _away(site)])
    if supporter is None:
        return None
    until = None if site.chance(NO_DAY) else site.now.date() + timedelta(days=site.rng.randrange(2, 40))
    site.do(supporter, lambda session, actor, now: breaks.begin(session, actor, until, now=now))
    falling_away.pass_on_from(supporter.thing_id, now=site.now)
    at_once.follow(now=site.now)
    return (supporter.id,)


def come_back(site: Site) -> People | None:
    """She is back, by her own word."""
    supporter = site.draw(site.cast.those_here(sorted(_away(site))))
    if supporter is None:
        return None
    site.do(supporter, lambda session, actor, now: breaks.come_back(session, actor, now=now))
    at_once.follow(now=site.now)
    return (supporter.id,)


def _away(site: Site) -> set[UUID]:
    return set(site.ids(select(Supporter.user_id).where(Supporter.away_since.is_not(None))))


def answer_meanwhile(site: Site) -> People | None:
    """A woman says whether she would like who is named meanwhile."""
    hers = select(Cover.introduction_id, Cover.id, Request.user_id)
    hers = hers.join(Introduction, Introduction.id == Cover.introduction_id).join(Introduction.request)
    found = _of_somebody_here(site, hers.where(Cover.state == State.SHOWN).order_by(Cover.id))
    if found is None:
        return None
    woman, (pair, cover) = found
    act = asking.say_no if site.chance(NO) else asking.want
    site.do(woman, lambda session, actor, now: act(session, actor, pair, cover, now=now))
    return (woman.id,)


def answer_ask(site: Site) -> People | None:
    """A supporter who is asked to cover says yes or no."""
    hers = select(Cover.introduction_id, Cover.id, Supporter.user_id)
    hers = hers.join(Supporter, Supporter.id == Cover.supporter_id).where(Cover.state == State.OFFERED)
    found = _of_somebody_here(site, hers.order_by(Cover.id))
    if found is None:
        return None
    supporter, (_, cover) = found
    if site.chance(NO):
        site.do(supporter, lambda session, actor, now: asking.decline(session, actor, cover, now=now))
    else:
        site.do(supporter, lambda session, actor, now: asking.accept(session, actor, cover, now=now) and None)
        falling_away.pass_on_from(supporter.thing_id, now=site.now)
    return (supporter.id,)


def _of_somebody_here(site: Site, query: object) -> tuple[Person, tuple[UUID, UUID]] | None:
    rows = [row for row in site.rows(query) if site.cast.is_here(row[2])]
    if not rows:
        return None
    row = site.rng.choice(rows)
    return site.cast.people[row[2]], (row[0], row[1])
