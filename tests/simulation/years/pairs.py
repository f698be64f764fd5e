"""What two who are introduced do: write, meet, log, agree, release, answer check-ins, rest, end, and raise concerns."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from tests.simulation.years.cast import Person
from tests.simulation.years.site import Site, looking
from webapp.domain.details import Kind as Detail
from webapp.domain.introductions import LIVE, State, Then, Wish
from webapp.domain.meetings import State as Time
from webapp.models import (
    Agreement,
    ContactDetail,
    Introduction,
    Meeting,
    Request,
    Supporter,
)
from webapp.services import conversations
from webapp.services.pairs import (
    agreements,
    details,
    endings,
    last_days,
    meetings,
    pauses,
    shared_times,
    talks,
    wishes,
)

People = tuple[UUID | None, ...]
LIVING = sorted(LIVE)
CONTACT = (State.INTRODUCED, State.IN_CONTACT, State.ENDING)


class Two:
    """One of a pair, drawn, and the other."""

    def __init__(self, person: Person, pair: UUID, state: str, other: UUID) -> None:
        self.person, self.pair, self.state, self.other = person, pair, state, other


def one_of(site: Site, *states: str) -> Two | None:
    """Draw one of a pair that stands so; the one who is drawn still does something."""
    both = select(Introduction.id, Introduction.state, Request.user_id, Supporter.user_id)
    both = both.join(Introduction.request).join(Introduction.supporter).where(Introduction.state.in_(states))
    found = [Two(site.cast.people[me], row[0], row[1], other)
             for row in site.rows(both.order_by(Introduction.id))
             for me, other in ((row[2], row[3]), (row[3], row[2])) if site.cast.is_here(me)]  # fmt: skip
    return site.rng.choice(found) if found else None


def write(site: Site) -> People | None:
    """One writes to the other."""
    two = one_of(site, *CONTACT)
    if two is None:
        return None
    once, words = UUID(int=site.rng.getrandbits(128)), f"how was your week {site.rng.randrange(99)}"
    site.do(
        two.person,
        lambda session, actor, now: conversations.write_message(
            session, actor, two.pair, words, once=once, now=now
        ) and None,
    )  # fmt: skip
    return (two.person.id, two.other)


def write_while_it_rests(site: Site) -> People | None:
    """One tries to write though contact rests: nothing passes."""
    two = one_of(site, State.ON_HOLD, State.PAUSED, State.ENDED)
    if two is None:
        return None
    name = "nobody writes while contact rests or is over"
    site.promise(name, is_kept=True)
    site.do(
        two.person,
        lambda session, actor, now: (
            conversations.write_message(session, actor, two.pair, "are you there", now=now) and None
        ),
    )
    site.broken.append((name, str(two.pair)))
    return (two.person.id, two.other)


def propose_time(site: Site) -> People | None:
    """One proposes a time that both share."""
    two = one_of(site, *CONTACT)
    if two is None:
        return None
    now = site.now
    with looking() as session:
        introduction = session.get_one(Introduction, two.pair)
        shared = shared_times.read_shared(session, introduction, now=now)
        known = set(session.scalars(select(Meeting.starts_at).where(Meeting.introduction_id == two.pair)))
        starts = {way: shared.starts(way, 30, two.person.zone, now=now)[:20] for way in shared.ways}
        found = [(way, at) for way, moments in starts.items() for at in moments if at not in known]
    if not found:
        return None
    way, at = site.rng.choice(found)
    site.do(
        two.person,
        lambda session, actor, now: meetings.propose(
            session, actor, two.pair, way=way, minutes=30, starts_at=at, now=now
        ) and None,
    )  # fmt: skip
    return (two.person.id, two.other)


def decide_time(site: Site) -> People | None:
    """The other accepts a time, lets it pass, or one of them calls it off."""
    ahead = select(Meeting.introduction_id, Meeting.id, Meeting.state, Meeting.proposed_by)
    row = site.pick(
        ahead.where(Meeting.state.in_((Time.PROPOSED, Time.ACCEPTED)), Meeting.starts_at > site.now)
        .order_by(Meeting.id)
    )  # fmt: skip
    if row is None:
        return None
    both = [one for one in both_of(site, row.introduction_id) if site.cast.is_here(one)]
    if not both:
        return None
    person = site.cast.people[site.rng.choice(both)]
    is_answer = row.proposed_by != person.id and row.state == Time.PROPOSED
    act = site.rng.choice((meetings.accept, meetings.accept, meetings.decline)) if is_answer else meetings.call_off
    if not is_answer and site.chance(0.6):
        return None
    site.do(person, lambda session, actor, now: act(session, actor, row.introduction_id, row.id, now=now))
    return tuple(both_of(site, row.introduction_id))


def say_talked(site: Site) -> People | None:
    """One says that the two talked, or did not; of a planned time or of a day."""
    two = one_of(site, *CONTACT)
    if two is None:
        return None
    past = select(Meeting.id).where(Meeting.introduction_id == two.pair, Meeting.state == Time.ACCEPTED)
    planned = site.ids(past.where(Meeting.starts_at <= site.now, Meeting.starts_at > site.now - timedelta(days=12)))
    meeting = site.rng.choice(planned) if planned else None
    talked = site.cast.is_here(two.other) and site.chance(0.8)
    site.do(
        two.person,
        lambda session, actor, now: talks.say_talked(
            session, actor, two.pair, talked=talked, meeting_id=meeting, now=now
        ) and None,
    )  # fmt: skip
    return (two.person.id, two.other)


def propose_terms(site: Site) -> People | None:
    """One proposes how and how long they talk."""
    two = one_of(site, *CONTACT)
    if two is None:
        return None
    words = f"about {site.rng.randrange(10**6)}"
    terms = {"often": "own words", "often_words": words, "weeks": site.rng.choice((4, 8, 12, 24))}
    site.do(
        two.person, lambda session, actor, now: agreements.propose(session, actor, two.pair, terms, now=now) and None
    )
    return (two.person.id, two.other)


def agree(site: Site) -> People | None:
    """The other says yes to it."""
    row = site.pick(
        select(Agreement.id, Agreement.introduction_id, Agreement.proposed_by)
        .join(Introduction, Introduction.id == Agreement.introduction_id)
        .where(Agreement.agreed_at.is_(None), Introduction.state.in_(CONTACT)).order_by(Agreement.id)
    )  # fmt: skip
    if row is None:
        return None
    (other,) = set(both_of(site, row.introduction_id)) - {row.proposed_by}
    if not site.cast.is_here(other):
        return None
    person = site.cast.people[other]
    site.do(person, lambda session, actor, now: agreements.agree(session, actor, row.introduction_id, row.id, now=now))
    return tuple(both_of(site, row.introduction_id))


def put_off(site: Site) -> People | None:
    """One would rather speak of it later."""
    two = one_of(site, *CONTACT)
    if two is None:
        return None
    site.do(two.person, lambda session, actor, now: agreements.put_off(session, actor, two.pair, now=now))
    return (two.person.id,)


def fold(site: Site) -> People | None:
    """One folds the conversation away."""
    two = one_of(site, *CONTACT)
    if two is None:
        return None
    site.do(
        two.person,
        lambda session, actor, now: wishes.fold(
            session, actor, two.pair, folded=True, locked=site.chance(0.5), now=now
        ),
    )
    return (two.person.id,)


def release(site: Site) -> People | None:
    """One releases a way to be reached to the other."""
    two = one_of(site, *CONTACT)
    if two is None:
        return None
    number = f"+1 416 555 {site.rng.randrange(10000):04}"
    site.do(
        two.person,
        lambda session, actor, now: details.release(session, actor, two.pair, Detail.NUMBER, number, now=now) and None,
    )
    return (two.person.id, two.other)


def take_detail_back(site: Site) -> People | None:
    """One takes it back."""
    row = site.pick(
        select(ContactDetail.id, ContactDetail.introduction_id, ContactDetail.user_id).order_by(ContactDetail.id)
    )
    if row is None or not site.cast.is_here(row.user_id):
        return None
    person = site.cast.people[row.user_id]
    site.do(person, lambda session, actor, now: details.take_back(session, actor, row.introduction_id, row.id, now=now))
    return (person.id,)


# Rests and endings


def pause(site: Site) -> People | None:
    """One lets the pair rest, until a day or until she says."""
    two = one_of(site, State.INTRODUCED, State.IN_CONTACT)
    if two is None:
        return None
    until: date | None = None if site.chance(0.3) else site.now.date() + timedelta(days=site.rng.randint(1, 40))
    site.do(two.person, lambda session, actor, now: pauses.pause(session, actor, two.pair, until=until, now=now))
    return (two.person.id, two.other)


def resume(site: Site) -> People | None:
    """Who took the pause ends it."""
    row = site.pick(
        select(Introduction.id, Introduction.paused_by)
        .where(Introduction.state == State.PAUSED)
        .order_by(Introduction.id)
    )
    if row is None or not site.cast.is_here(row.paused_by):
        return None
    person = site.cast.people[row.paused_by]
    site.do(person, lambda session, actor, now: pauses.resume(session, actor, row.id, now=now))
    return tuple(both_of(site, row.id))


def say_wish(site: Site) -> People | None:
    """The last day comes near: one says whether to go on or to part."""
    near = select(Introduction.id).where(
        Introduction.state.in_(CONTACT), Introduction.until <= site.now.date() + timedelta(weeks=2)
    )
    row = site.pick(near.order_by(Introduction.id))
    if row is None:
        return None
    both = site.cast.those_here(both_of(site, row.id))
    person = site.draw(both)
    if person is None:
        return None
    wish = Wish.GO_ON if site.chance(0.6) else Wish.PART
    site.do(person, lambda session, actor, now: last_days.say_wish(session, actor, row.id, wish, now=now))
    return tuple(both_of(site, row.id))


def end(site: Site) -> People | None:
    """One ends the pair: now, without a reason, with a goodbye or without."""
    two = one_of(site, *LIVING)
    if two is None:
        return None
    then, goodbye = site.rng.choice(list(Then)), "be well" if site.chance(0.5) else ""
    site.do(
        two.person,
        lambda session, actor, now: endings.end_pair(session, actor, two.pair, then=then, goodbye=goodbye, now=now),
    )
    site.promise("stop ends the pair at once", state_of(site, two.pair) == State.ENDED, str(two.pair))
    return (two.person.id, two.other)


def say_goodbye(site: Site) -> People | None:
    """Whoever ended it leaves a last word after all."""
    lately = Introduction.ended_at > site.now - timedelta(days=10)
    row = site.pick(select(Introduction.id).where(Introduction.state == State.ENDED, lately).order_by(Introduction.id))
    person = site.draw(site.cast.those_here(both_of(site, row.id))) if row is not None else None
    if row is None or person is None:
        return None
    site.do(person, lambda session, actor, now: endings.say_goodbye(session, actor, row.id, "thank you", now=now))
    return (person.id,)


def both_of(site: Site, pair: UUID) -> list[UUID]:
    both = select(Request.user_id, Supporter.user_id).join(Introduction, Introduction.request_id == Request.id)
    row = site.rows(both.join(Supporter, Supporter.id == Introduction.supporter_id).where(Introduction.id == pair))[0]
    return [row[0], row[1]]


def state_of(site: Site, pair: UUID) -> str:
    return site.ids(select(Introduction.state).where(Introduction.id == pair))[0]
