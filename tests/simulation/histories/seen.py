"""What people see of each other, asked of the services: nothing of how to be reached before both said yes."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import select

from tests.simulation.years.asked import Breach, Look, Rule
from tests.simulation.years.cast import Person
from webapp.models import ContactDetail, Introduction, Message, Proposal, Request, Supporter
from webapp.services import conversations, offers
from webapp.services.acting import Missing
from webapp.services.cards import standing
from webapp.services.pairs import details

BEFORE, ELSE = "how to be reached, seen before both said yes", "what two have, seen by another"
OPEN = ("introduced", "in contact", "ending")


def before_both_said_yes(look: Look) -> Iterator[Breach]:
    """On an offer and on a card stands no address of either, whatever each has said of how she is reached."""
    asked = select(Request, Supporter.user_id, Proposal.state).join(Proposal.request).join(Proposal.supporter)
    for request, supporter_id, state in look.session.execute(asked.where(Proposal.state.in_(("shown", "offered")))):
        woman, supporter = look.cast.people[request.user_id], look.cast.people[supporter_id]
        look.count()
        seen = [(supporter, woman, offers.list_offer_cards(look.session, supporter.actor, now=look.now))]
        if woman.is_here:
            seen.append((woman, supporter, standing.read_standing(look.session, woman.actor, request, now=look.now)))
        for reader, other, what in seen:
            if any(one in repr(what) for one in _ways_to(look, other)):
                yield Breach(f"{reader.name} reads how {other.name} is reached, {state}", (reader.id, other.id))


def _ways_to(look: Look, person: Person) -> list[str]:
    """List every way to reach somebody that the site knows."""
    released = look.session.scalars(select(ContactDetail).where(ContactDetail.user_id == person.id))
    own = (person.address, (person.word.address if person.word else None) or "")
    return [one for one in (*own, *(row.said["said"] for row in released)) if one]


def by_nobody_else(look: Look) -> Iterator[Breach]:
    """What one of a pair released and wrote is read by the other while they may be in contact, and by nobody else."""
    both = select(Introduction.id, Introduction.state, Request.user_id, Supporter.user_id)
    for pair, state, *two in look.session.execute(both.join(Introduction.request).join(Introduction.supporter)):
        look.count()
        for person in look.cast.people.values():
            if person.id not in two:
                yield from _read_by_a_stranger(look, person, pair)
            elif state not in OPEN and details.read_ways(look.session, person.actor, pair).hers:
                yield Breach(f"{person.name} reads a way to the other of a pair that is {state}", (person.id,))


def _read_by_a_stranger(look: Look, person: Person, pair: UUID) -> Iterator[Breach]:
    if look.session.scalar(select(Message.id).where(Message.introduction_id == pair).limit(1)) is None:
        return
    for read in (details.read_ways, conversations.read_talk):
        try:
            read(look.session, person.actor, pair)
            yield Breach(f"{person.name} reads of a pair that is not hers", (person.id,))
        except Missing:
            pass


RULES = (
    Rule(BEFORE, before_both_said_yes),
    Rule(ELSE, by_nobody_else),
)
