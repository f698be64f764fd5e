"""What the two tell the programme: answers of check-ins, concerns of all five kinds, words to the coordinators."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from tests.simulation.years.cast import Person
from tests.simulation.years.pairs import CONTACT, LIVING, People, Two, one_of, state_of
from tests.simulation.years.site import Site
from webapp.domain import checkins as questions
from webapp.domain import concerns as concern_rules
from webapp.domain.access import Role
from webapp.domain.introductions import State
from webapp.models import CheckIn, Concern, Introduction, Request, SafeContact, Supporter
from webapp.services import checkins
from webapp.services.safety import concerns, own_concerns
from webapp.services.safety.concerns import Told
from webapp.services.threads import talking


def answer_checkin(site: Site) -> People | None:
    """One answers the check-in that is due, anything at all."""
    due = select(CheckIn.id, CheckIn.user_id, CheckIn.kind, CheckIn.introduction_id, Request.user_id.label("woman"))
    due = due.join(CheckIn.introduction).join(Introduction.request)
    row = site.pick(
        due.where(CheckIn.state == questions.State.DUE, CheckIn.due_on <= site.now.date()).order_by(CheckIn.id)
    )
    if row is None or not site.cast.is_here(row.user_id):
        return None
    _answer(site, site.cast.people[row.user_id], row.id, row.kind, row.introduction_id, row.user_id == row.woman)
    return (row.user_id,)


def tell(site: Site) -> People | None:
    """One has something to tell though no check-in is due, and ticks anything."""
    two = one_of(site, *CONTACT)
    if two is None:
        return None
    opened = site.do(two.person, lambda session, actor, now: checkins.begin_checkin(session, actor, two.pair, now=now))
    row = site.rows(select(CheckIn.kind).where(CheckIn.id == opened))[0]
    _answer(site, two.person, opened, row.kind, two.pair, Role.REQUESTER in two.person.actor.roles)
    return (two.person.id,)


def _answer(site: Site, person: Person, checkin: UUID, kind: str, pair: UUID, is_hers: bool) -> None:
    side = questions.Side.REQUESTER if is_hers else questions.Side.SUPPORTER
    asked = questions.asked(side, questions.Kind(kind))
    answers = {name: _ticked(site, said) for name, said in asked.items() if site.chance(0.7)}
    if site.chance(0.1):
        answers[questions.WORDS] = "a line of mine"
    site.do(
        person, lambda session, actor, now: checkins.answer_checkin(session, actor, checkin, answers, now=now) and None
    )
    _heed(site, person, pair, answers, kind)


def _ticked(site: Site, offered: tuple[str, ...]) -> str:
    """Tick the usual answer mostly: all is well; sometimes any other."""
    usual = {"keep_going", "fine", "yes", "fully", "none"} & set(offered)
    return sorted(usual)[0] if usual and site.chance(0.75) else site.rng.choice(offered)


def _heed(site: Site, person: Person, pair: UUID, answers: dict[str, str], kind: str) -> None:
    """Hold what followed against what is promised, and remember what she said of being reached."""
    if answers.get("next") in ("stop", "different_supporter"):
        site.promise("stop in a check-in ends the pair at once", state_of(site, pair) == State.ENDED, str(pair))
    if answers.get("feeling") == "need_to_talk":
        rests = site.ids(select(Supporter.rests_why).where(Supporter.user_id == person.id))
        site.promise("who needs to talk is given no new woman", rests == ["strain"], str(person.id))
    word = person.word
    if word is not None and answers.get("safe") in ("no", "not_sure"):
        word.is_closed = True
        site.promise("not safe in a check-in closes the ways outside", _is_closed(site, person), str(person.id))
    elif word is not None and answers.get("safe") == "yes" and not word.is_closed and word.said_at is not None:
        word.said_at = site.now


def skip_checkin(site: Site) -> People | None:
    """One skips it."""
    due = select(CheckIn.id, CheckIn.user_id).where(CheckIn.state == questions.State.DUE)
    row = site.pick(due.where(CheckIn.due_on <= site.now.date()).order_by(CheckIn.id))
    if row is None or not site.cast.is_here(row.user_id):
        return None
    site.do(
        site.cast.people[row.user_id],
        lambda session, actor, now: checkins.skip_checkin(session, actor, row.id, now=now),
    )
    return (row.user_id,)


# Concerns, and words to the coordinators


def raise_concern(site: Site) -> People | None:
    """One says that something is not right, of any of the five kinds."""
    two = one_of(site, *LIVING)
    if two is None:
        return None
    kind = site.rng.choice(list(concern_rules.Kind))
    desk = site.draw(site.cast.here(Role.COORDINATOR))
    staff_id = desk.id if kind is concern_rules.Kind.STAFF and desk and _may_lose_one(site) else None
    told = Told(kind, two.pair, staff_id=staff_id, words="something is not right", is_urgent=site.chance(0.1))
    once = str(site.rng.random())
    site.do(
        two.person,
        lambda session, actor, now: concerns.raise_concern(session, actor, told, once=once, now=now) and None,
    )
    _heed_concern(site, two, kind)
    return (two.person.id, two.other)


def _may_lose_one(site: Site) -> bool:
    return site.chance(0.5)


def _heed_concern(site: Site, two: Two, kind: concern_rules.Kind) -> None:
    """Hold what was done at once against what each kind promises."""
    state = state_of(site, two.pair)
    if kind is concern_rules.Kind.DANGER:
        site.promise("danger lets the pair rest at once", state == State.ON_HOLD, str(two.pair))
    if kind is concern_rules.Kind.WORRY:
        site.promise("a worry takes nobody's person away", state == two.state, str(two.pair))
    if kind is concern_rules.Kind.REACH:
        person = two.person
        if person.word is not None:
            person.word.is_closed = True
            site.promise("an unsafe way closes the ways outside", _is_closed(site, person), str(person.id))
        else:
            person.address, person.code = "", ""


def add_to_concern(site: Site) -> People | None:
    """She adds words to what she told us, or takes it back."""
    row = site.pick(
        select(Concern.id, Concern.by_id).where(Concern.raised_at > site.now - timedelta(days=60)).order_by(Concern.id)
    )
    if row is None or not site.cast.is_here(row.by_id):
        return None
    person, words = site.cast.people[row.by_id], f"one more thing {site.rng.randrange(99)}"
    if site.chance(0.3):
        site.do(person, lambda session, actor, now: own_concerns.take_back(session, actor, row.id, now=now))
    else:
        site.do(person, lambda session, actor, now: own_concerns.add_words(session, actor, row.id, words, now=now))
    return (person.id,)


def write_to_staff(site: Site) -> People | None:
    """Somebody writes to the coordinators, or asks to be contacted soon."""
    person = site.draw([one for one in site.cast.here(Role.REQUESTER, Role.SUPPORTER) if one.thing_id is not None])
    if person is None:
        return None
    once = str(site.rng.random())
    if site.chance(0.2):
        how = site.rng.choice(list(talking.How))
        site.do(
            person,
            lambda session, actor, now: talking.ask_for_contact(session, actor, how, "soon, please", once, now=now),
        )
    else:
        site.do(person, lambda session, actor, now: talking.write(session, actor, "a question", once, now=now))
    return (person.id,)


def _is_closed(site: Site, person: Person) -> bool:
    record = select(SafeContact.closed_at).where(SafeContact.user_id == person.id)
    return all(at is not None for at in site.ids(record))
