"""What women do before they are introduced: come, send, say how they may be reached, choose, change their minds."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import or_, select

from seeds.load import _answers
from tests.simulation.years.cast import Person, Word
from tests.simulation.years.site import Site, looking
from webapp.domain import proposals, requests
from webapp.domain.access import VISITOR, Actor, Role
from webapp.domain.proposals import Difference
from webapp.domain.requests import OPEN
from webapp.domain.safe_contact import Channel, Contact, Others
from webapp.models import NoneOfThese, Proposal, Request, SafeContact
from webapp.services import accounts, choices, matching
from webapp.services import requests as asking
from webapp.services.accounts import closing
from webapp.services.cards import differences
from webapp.services.safety import changing

NEEDED = {"adult": "yes", "device_safe": "yes", "reach": "in_site"}
LEAVES_BEFORE_SENDING = 0.1
EVERY_HOUR = frozenset(range(336))
People = tuple[UUID | None, ...]


def come(site: Site) -> People | None:
    """A woman opens an account and begins; most send at once, some leave before."""
    row = site.rng.choice(site.cast.women)
    number = site.cast.came
    zone = row.cells["time_zone"] or "America/Toronto"
    language = "fr" if row.cells["languages"].startswith("fr") else "en"
    account = site.do(
        Person("", VISITOR),
        lambda session, actor, now: accounts.create_user(
            session, actor, username=f"woman-{number}", password_hash="none", role=Role.REQUESTER,
            language=language, now=now,
        ).id,
    )  # fmt: skip
    person = Person(f"W{number}", Actor(account, frozenset({Role.REQUESTER})), row, zone, word=Word())
    site.cast.add(person)
    _begin(site, person)
    if not site.chance(LEAVES_BEFORE_SENDING):
        _send(site, person)
    return (person.id,)


def _begin(site: Site, woman: Person) -> None:
    """Start a request and answer: her needs are those of the row."""
    row = woman.cells
    assert row is not None
    needed = {question: matching.read_cell(question, cell, "requester") for question, cell in NEEDED.items()}
    name = {"name": matching.read_cell("name", woman.name, "requester")}

    def act(session, actor, now):
        request = asking.start_request(session, actor, time_zone=woman.zone, now=now)
        session.flush()
        answers = {**_answers(row, "requester"), **needed, **name}
        asking.answer_questions(session, actor, request.id, answers, now=now)
        return request.id

    woman.thing_id = site.do(woman, act)


def _send(site: Site, woman: Person) -> None:
    """Send the request; where she has no record yet, her answers are what she says of being reached."""
    request_id = woman.thing_id
    known = site.rows(select(SafeContact.id).where(SafeContact.user_id == woman.id))
    site.do(woman, lambda session, actor, now: asking.send_request(session, actor, request_id, now=now) and None)
    if not known:
        with looking() as session:
            said = asking.answers_of(session.get_one(Request, request_id)).get("safe_hours")
        woman.word = Word(hours=frozenset(said["answer"]) if said else frozenset(), said_at=site.now)


def send_later(site: Site) -> People | None:
    """A draft is sent after all."""
    woman = _one_in(site, requests.State.DRAFT)
    if woman is None:
        return None
    _send(site, woman)
    return (woman.id,)


def come_back(site: Site) -> People | None:
    """A woman whose request is over begins another one."""
    open_ = select(Request.user_id).where(Request.state.in_(sorted(OPEN)))
    over = set(site.ids(select(Request.user_id).where(Request.user_id.not_in(open_))))
    woman = site.draw([one for one in site.cast.here(Role.REQUESTER) if one.id in over])
    if woman is None:
        return None
    _begin(site, woman)
    _send(site, woman)
    return (woman.id,)


def vanish(site: Site) -> People | None:
    """A woman never looks in again."""
    woman = site.draw(site.cast.here(Role.REQUESTER))
    if woman is None:
        return None
    woman.vanished_at = site.now
    return (woman.id,)


def close_account(site: Site) -> People | None:
    """A woman closes her account, wherever she stands."""
    woman = site.draw(site.cast.here(Role.REQUESTER))
    if woman is None:
        return None
    site.do(woman, lambda session, actor, now: closing.close_account(session, actor, now=now) and None)
    woman.has_left, woman.word = True, Word()
    return (woman.id,)


def change_answers(site: Site) -> People | None:
    """She changes when or how she can talk, or whom she must not meet; another's answers are taken for hers."""
    woman = _one_in(site, requests.State.DRAFT, requests.State.WAITING, requests.State.PAUSED)
    if woman is None:
        return None
    other = site.rng.choice(site.cast.women)
    changed = _answers(other, "requester")
    kept = {one: changed.get(one) for one in site.rng.sample(("availability", "modes", "topics", "wishes"), 2)}
    kept = {one: said for one, said in kept.items() if said is not None}
    if site.chance(0.2):
        kept["not_with"] = matching.read_cell("not_with", "my sister Ana", "requester")
    site.do(
        woman,
        lambda session, actor, now: asking.answer_questions(session, actor, woman.thing_id, kept, now=now) and None,
    )
    return (woman.id,)


# How she may be reached


def say_how_reached(site: Site) -> People | None:
    """She says anew by which ways and in which hours she may be reached: a change opens nothing that had run out."""
    woman = site.draw([one for one in site.cast.here(Role.REQUESTER) if one.thing_id is not None])
    if woman is None:
        return None
    addresses = {}
    if site.chance(0.7):
        addresses[Channel.EMAIL] = f"{woman.name.lower()}-{site.rng.randrange(9)}@example.net"
    if site.chance(0.2):
        addresses[Channel.TEXT] = "+14165550123"
    hours = EVERY_HOUR if site.chance(0.3) else frozenset(site.rng.sample(range(336), 60))
    others = site.rng.choice((None, Others.NOBODY, Others.NOBODY, Others.SOMEBODY, Others.NOT_SURE))
    contact = Contact(addresses=addresses, hours=hours, others=others)
    is_new = not site.rows(select(SafeContact.id).where(SafeContact.user_id == woman.id))
    site.do(woman, lambda session, actor, now: changing.keep(session, actor, contact, now=now))
    before = woman.word or Word()
    woman.word = Word(
        addresses.get(Channel.EMAIL), hours, others in (Others.SOMEBODY, Others.NOT_SURE),
        site.now if is_new else before.said_at, before.is_closed and not is_new,
    )  # fmt: skip
    if woman.word.address:
        site.cast.by_address[woman.word.address] = woman
    return (woman.id,)


def say_it_is_right(site: Site) -> People | None:
    """She says that all of it is right as it stands: it counts for another while."""
    woman = site.draw([one for one in site.cast.here(Role.REQUESTER) if one.word and one.word.said_at])
    if woman is None or woman.word is None:
        return None
    site.do(woman, lambda session, actor, now: changing.confirm(session, actor, now=now))
    woman.word.said_at, woman.word.is_closed = site.now, False
    return (woman.id,)


def close_outside(site: Site) -> People | None:
    """She closes every way that leaves the site."""
    woman = site.draw([one for one in site.cast.here(Role.REQUESTER) if one.word and one.word.said_at])
    if woman is None or woman.word is None:
        return None
    site.do(woman, lambda session, actor, now: changing.close(session, actor, now=now))
    woman.word.is_closed = True
    return (woman.id,)


# Her cards


def choose(site: Site) -> People | None:
    """She puts one to three cards in order, wants nobody, or lets the order of the list decide."""
    woman = _with_cards(site)
    if woman is None:
        return None
    cards = _shown(site, woman)
    drawn = site.rng.random()
    instead = choices.NOBODY if drawn < 0.08 else choices.CHOOSE_FOR_ME if drawn < 0.2 else None
    ordered = [] if instead else site.rng.sample(cards, site.rng.randint(1, len(cards)))
    site.do(
        woman,
        lambda session, actor, now: choices.choose(
            session, actor, woman.thing_id, ordered=ordered, instead=instead, now=now
        ),
    )
    return (woman.id,)


def pass_by(site: Site) -> People | None:
    """She lets one card go, or says that she may know her: the same act."""
    woman = _with_cards(site)
    if woman is None:
        return None
    card = site.rng.choice(_shown(site, woman))
    site.do(woman, lambda session, actor, now: choices.pass_by(session, actor, woman.thing_id, card, now=now))
    return (woman.id,)


def unask(site: Site) -> People | None:
    """She takes back that somebody is asked."""
    asked = select(Request.user_id).join(Proposal, Proposal.request_id == Request.id)
    found = site.cast.those_here(site.ids(asked.where(Proposal.state == proposals.State.OFFERED)))
    woman = site.draw(found)
    if woman is None:
        return None
    site.do(woman, lambda session, actor, now: choices.unask(session, actor, woman.thing_id, now=now))
    still = select(Proposal.id).where(Proposal.request_id == woman.thing_id, Proposal.state == proposals.State.OFFERED)
    site.promise("un-asked: nobody is asked any more", not site.rows(still), str(woman.id))
    return (woman.id,)


def bring_back(site: Site) -> People | None:
    """She tapped "none of these" by mistake, a few minutes ago."""
    woman = _said_none(site, within=proposals.UNDO_WITHIN)
    if woman is None:
        return None
    site.do(woman, lambda session, actor, now: choices.bring_back(session, actor, woman.thing_id, now=now))
    return (woman.id,)


def say_what_differs(site: Site) -> People | None:
    """She says what should be different in those whom she is shown next."""
    woman = _said_none(site, within=timedelta(days=9))
    if woman is None:
        return None
    ticks = [one.value for one in site.rng.sample(list(Difference), 2)]
    site.do(
        woman,
        lambda session, actor, now: differences.say_what_differs(
            session, actor, woman.thing_id, ticks=ticks, words="somebody closer to me", now=now
        ),
    )
    return (woman.id,)


def pause(site: Site) -> People | None:
    """She lets her request rest."""
    woman = _one_in(site, requests.State.WAITING, requests.State.PROPOSED)
    if woman is None:
        return None
    site.do(woman, lambda session, actor, now: asking.pause_request(session, actor, woman.thing_id, now=now))
    return (woman.id,)


def go_on(site: Site) -> People | None:
    """She goes on with it."""
    woman = _one_in(site, requests.State.PAUSED)
    if woman is None:
        return None
    site.do(woman, lambda session, actor, now: asking.resume_request(session, actor, woman.thing_id, now=now))
    return (woman.id,)


def withdraw(site: Site) -> People | None:
    """She takes her request back."""
    woman = _one_in(site, *sorted(OPEN))
    if woman is None:
        return None
    site.do(woman, lambda session, actor, now: asking.withdraw_request(session, actor, woman.thing_id, now=now))
    return (woman.id,)


def _one_in(site: Site, *states: str) -> Person | None:
    """Draw a woman who still does something and whose request stands so."""
    found = site.rows(select(Request.user_id, Request.id).where(Request.state.in_(states)).order_by(Request.id))
    known = [(site.cast.people[row.user_id], row.id) for row in found if site.cast.is_here(row.user_id)]
    if not known:
        return None
    woman, woman.thing_id = site.rng.choice(known)
    return woman


def _with_cards(site: Site) -> Person | None:
    """Draw one who has cards to choose from and asks nobody."""
    asking_now = select(Proposal.request_id).where(Proposal.state == proposals.State.OFFERED)
    shown = select(Request.user_id).join(Proposal, Proposal.request_id == Request.id)
    shown = shown.where(Proposal.state == proposals.State.SHOWN, or_(Request.id.not_in(asking_now))).distinct()
    return site.draw(site.cast.those_here(sorted(site.ids(shown))))


def _shown(site: Site, woman: Person) -> list[UUID]:
    mine = select(Proposal.id).where(Proposal.request_id == woman.thing_id, Proposal.state == proposals.State.SHOWN)
    return site.ids(mine.order_by(Proposal.place))


def _said_none(site: Site, *, within: timedelta) -> Person | None:
    said = select(Request.user_id).join(NoneOfThese, NoneOfThese.request_id == Request.id)
    said = said.where(NoneOfThese.at > site.now - within, Request.state == requests.State.WAITING)
    return site.draw(site.cast.those_here(sorted(set(site.ids(said)))))
