"""Two or more acts that meet, and the same form many times at once: what is sent, and which answers each may get."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.reliability.races.cast import (
    Cast,
    accept,
    answer,
    approve,
    choose,
    confirm,
    decline,
    hold,
    lift,
    settle,
    tell,
    withdraw,
    write,
)
from tests.reliability.servers.fleet import Shot
from webapp import clock
from webapp.domain.access import VISITOR, Role
from webapp.extensions import transaction
from webapp.services import accounts

WON, LOST = 303, 409
GONE = 410
BY_TEN, BY_FIFTY = 10, 50


@dataclass(frozen=True)
class Aim:
    """One form, and the answers that it may get. Hers is never refused by the database's doing: only WON."""

    shot: Shot
    may: tuple[int, ...] = (WON,)


@dataclass(frozen=True)
class Round:
    """What is sent at the same moment; `wins` is how many of all must win, where that is certain.

    `once` is an act that must have happened exactly once, by the audit.
    """

    aims: Sequence[Aim]
    wins: int | None = None
    once: str | None = None


Race = Callable[[Cast], Round]


def approve_x_approve(cast: Cast) -> Round:
    """Two women are shown the same two supporters, in opposite order."""
    first, second = cast.fresh(0, "dee"), cast.fresh(1, "eve")
    here = approve(cast, cast.story.ranked(first), [cast.dee, cast.eve])
    there = approve(cast, cast.story.ranked(second), [cast.eve, cast.dee], cast.sam)
    return Round([Aim(here), Aim(there)])


def approve_x_approve_of_one(cast: Cast) -> Round:
    """Two coordinators show people to the same woman."""
    ranking = cast.story.ranked(cast.fresh(0))
    shots = [approve(cast, ranking, [one], who) for one, who in ((cast.dee, cast.robin), (cast.eve, cast.sam))]
    return Round([Aim(shot, (WON, LOST)) for shot in shots], wins=1)


def accept_x_withdraw(cast: Cast) -> Round:
    woman = cast.fresh(0)
    offer = cast.offered(woman, cast.dee)
    return Round([Aim(accept(cast, cast.dee, offer), (WON, LOST)), Aim(withdraw(cast, woman))])


def accept_x_expiry(cast: Cast) -> Round:
    """The worker, another process, ends the offer at the moment of the yes."""
    offer = cast.offered_until(cast.fresh(0), 0.4, cast.dee, cast.eve)
    return Round([Aim(accept(cast, cast.dee, offer), (WON, LOST))])


def decline_x_expiry(cast: Cast) -> Round:
    offer = cast.offered_until(cast.fresh(0), 0.4, cast.dee, cast.eve)
    return Round([Aim(decline(cast, cast.dee, offer), (WON, LOST))])


def decline_x_decline(cast: Cast) -> Round:
    """Two supporters of two women say no at once; each is the other's next."""
    first, second = cast.fresh(0, "dee"), cast.fresh(1, "eve")
    here, there = cast.offered(first, cast.dee, cast.eve), cast.offered(second, cast.eve, cast.dee)
    return Round([Aim(decline(cast, cast.dee, here)), Aim(decline(cast, cast.eve, there))])


def last_place(cast: Cast) -> Round:
    """Three women hope for the one place of the same supporter."""
    cast.places(cast.dee, 1)
    women = [cast.fresh(number) for number in range(3)]
    offers = [cast.offered(woman, cast.dee) for woman in women]
    return Round([Aim(accept(cast, cast.dee, offer), (WON, LOST)) for offer in offers], wins=1)


def choose_x_withdraw(cast: Cast) -> Round:
    woman = cast.fresh(0)
    cast.story.shown(woman, cast.dee, cast.eve)
    return Round([Aim(choose(cast, woman)), Aim(withdraw(cast, woman))])


def choose_x_choose(cast: Cast) -> Round:
    """Two women ask for the same two at once."""
    women = [cast.fresh(0, "dee"), cast.fresh(1, "eve")]
    for woman in women:
        cast.story.shown(woman, cast.dee, cast.eve)
    return Round([Aim(choose(cast, woman)) for woman in women])


def approve_x_withdraw(cast: Cast) -> Round:
    woman = cast.fresh(0)
    shot = approve(cast, cast.story.ranked(woman), [cast.dee, cast.eve])
    return Round([Aim(shot, (WON, LOST, 404)), Aim(withdraw(cast, woman))])


def message_x_withdraw(cast: Cast) -> Round:
    woman = cast.fresh(0)
    pair = cast.story.introduced(woman, cast.dee)
    return Round([Aim(write(cast, cast.dee, pair, "Are you there?"), (WON, LOST)), Aim(withdraw(cast, woman))])


def message_x_message(cast: Cast) -> Round:
    woman = cast.fresh(0)
    pair = cast.story.introduced(woman, cast.dee)
    return Round([Aim(write(cast, who, pair, f"I am {who.username}")) for who in (woman, cast.dee)])


def answered_x_settled(cast: Cast) -> Round:
    """Her answer lays the check-in on the desk; before that there is nothing to settle."""
    woman = cast.fresh(0)
    checkin = cast.due(cast.story.introduced(woman, cast.dee), woman)
    return Round([Aim(answer(cast, woman, checkin)), Aim(settle(cast, checkin), (WON, 404))])


def settled_x_settled(cast: Cast) -> Round:
    woman = cast.fresh(0)
    checkin = cast.due(cast.story.introduced(woman, cast.dee), woman)
    (first,) = cast.fleet.fire([answer(cast, woman, checkin)])
    assert first.status == WON
    return Round([Aim(settle(cast, checkin, who)) for who in (cast.robin, cast.sam)])


# A pair that rests


def told_x_message(cast: Cast) -> Round:
    """She says that she is afraid at the moment of a message to her; the message comes before the hold, or never."""
    woman = cast.fresh(0)
    pair = cast.story.introduced(woman, cast.dee)
    return Round([Aim(tell(cast, woman, pair)), Aim(write(cast, cast.dee, pair, "Where are you?"), (WON, LOST))])


def told_x_told(cast: Cast) -> Round:
    """Both of the two say so at once: one hold."""
    woman = cast.fresh(0)
    pair = cast.story.introduced(woman, cast.dee)
    return Round([Aim(tell(cast, who, pair)) for who in (woman, cast.dee)], once="pair held")


def told_x_withdraw(cast: Cast) -> Round:
    woman = cast.fresh(0)
    pair = cast.story.introduced(woman, cast.dee)
    return Round([Aim(tell(cast, cast.dee, pair)), Aim(withdraw(cast, woman))])


def told_x_accept(cast: Cast) -> Round:
    """A supporter says yes to another woman while a pair of hers is put on hold."""
    woman = cast.fresh(0)
    pair, offer = cast.story.introduced(woman, cast.dee), cast.offered(cast.fresh(1), cast.dee)
    return Round([Aim(tell(cast, woman, pair)), Aim(accept(cast, cast.dee, offer))])


def hold_x_told(cast: Cast) -> Round:
    """The desk holds a pair at the moment in which one of the two asks for it."""
    woman = cast.fresh(0)
    pair = cast.story.introduced(woman, cast.dee)
    return Round([Aim(hold(cast, pair), (WON, LOST)), Aim(tell(cast, woman, pair))], once="pair held")


def lift_x_lift(cast: Cast) -> Round:
    pair = cast.held(cast.fresh(0), cast.dee)
    shots = [lift(cast, pair, who) for who in (cast.robin, cast.sam)]
    return Round([Aim(shot, (WON, LOST)) for shot in shots], wins=1, once="pair lifted")


def lift_x_told(cast: Cast) -> Round:
    """The desk lets them go on while she asks for the hold: both are taken, in one order or the other."""
    woman = cast.fresh(0)
    pair = cast.held(woman, cast.dee)
    return Round([Aim(lift(cast, pair)), Aim(tell(cast, woman, pair))])


def confirm_x_confirm(cast: Cast) -> Round:
    concern = cast.to_close(cast.fresh(0))
    shots = [confirm(cast, concern, who) for who in (cast.robin, cast.sam)]
    return Round([Aim(shot, (WON, LOST)) for shot in shots], wins=1, once="concern closed")


# The same form many times at once: every answer is a way on, and the effect is one


def ten_begun_requests(cast: Cast) -> Round:
    woman = cast.fresh(0)
    cast.fleet.fire([withdraw(cast, woman)])
    return Round([Aim(Shot(cast.at(woman), "/questions"))] * BY_TEN, once="request started")


def ten_sent(cast: Cast) -> Round:
    """The draft is a whole one: sent ten times, it waits once."""
    woman = cast.fresh(0, sent=False)
    return Round([Aim(Shot(cast.at(woman), "/questions/send"))] * BY_TEN, once="request sent")


def ten_withdrawn(cast: Cast) -> Round:
    woman = cast.fresh(0)
    cast.offered(woman, cast.dee)
    return Round([Aim(withdraw(cast, woman))] * BY_TEN, once="request withdrawn")


def ten_chosen(cast: Cast) -> Round:
    woman = cast.fresh(0)
    cast.story.shown(woman, cast.dee, cast.eve)
    return Round([Aim(choose(cast, woman))] * BY_TEN, once="people chosen")


def ten_accepted(cast: Cast) -> Round:
    offer = cast.offered(cast.fresh(0), cast.dee)
    return Round([Aim(accept(cast, cast.dee, offer))] * BY_TEN, once="introduction opened")


def ten_declined(cast: Cast) -> Round:
    offer = cast.offered(cast.fresh(0), cast.dee, cast.eve)
    return Round([Aim(decline(cast, cast.dee, offer))] * BY_TEN, once="proposal declined")


def ten_approved(cast: Cast) -> Round:
    ranking = cast.story.ranked(cast.fresh(0))
    return Round([Aim(approve(cast, ranking, [cast.dee, cast.eve]), (WON, LOST))] * BY_TEN, wins=1)


def ten_answered(cast: Cast) -> Round:
    woman = cast.fresh(0)
    checkin = cast.due(cast.story.introduced(woman, cast.dee), woman)
    return Round([Aim(answer(cast, woman, checkin))] * BY_TEN, once="check-in answered")


def ten_skipped(cast: Cast) -> Round:
    woman = cast.fresh(0)
    checkin = cast.due(cast.story.introduced(woman, cast.dee), woman)
    return Round([Aim(Shot(cast.at(woman), f"/check-ins/{checkin}/skip"))] * BY_TEN, once="check-in skipped")


def ten_begun(cast: Cast) -> Round:
    woman = cast.fresh(0)
    pair = cast.story.introduced(woman, cast.dee)
    return Round([Aim(Shot(cast.at(woman), f"/together/{pair}/check-in"))] * BY_TEN, once="check-in begun")


def ten_written(cast: Cast) -> Round:
    woman = cast.fresh(0)
    pair = cast.story.introduced(woman, cast.dee)
    return Round([Aim(write(cast, woman, pair, "Hello, I am glad."))] * BY_TEN, once="message written")


def ten_told(cast: Cast) -> Round:
    """One form: one concern, and one hold."""
    woman = cast.fresh(0)
    pair = cast.story.introduced(woman, cast.dee)
    return Round([Aim(tell(cast, woman, pair, once="one form"))] * BY_TEN, once="concern raised")


def fifty_on_one_link(cast: Cast) -> Round:
    """A link that works once, opened by fifty at the same moment."""
    with cast.fleet.app.app_context(), transaction() as session:
        token = accounts.make_link(session, VISITOR, Role.SUPPORTER, now=clock.now())
    nobody, words = cast.fleet.visitor(None), "river stones are warm in June"
    names = (f"{token[:8].lower().strip('-_')}-{number}" for number in range(BY_FIFTY))
    fields = [{"username": f"n{name}".replace("_", "-"), "passphrase": words, "again": words} for name in names]
    return Round([Aim(Shot(nobody, f"/setup/{token}", one), (WON, GONE)) for one in fields], wins=1, once="link used")


OPPOSITE: tuple[Race, ...] = (
    approve_x_approve, approve_x_approve_of_one, accept_x_withdraw, accept_x_expiry, decline_x_expiry,
    decline_x_decline, last_place, choose_x_withdraw, choose_x_choose, approve_x_withdraw, message_x_withdraw,
    message_x_message, answered_x_settled, settled_x_settled, told_x_message, told_x_told, told_x_withdraw,
    told_x_accept, hold_x_told, lift_x_lift, lift_x_told, confirm_x_confirm,
)  # fmt: skip
SAME: tuple[Race, ...] = (
    ten_begun_requests, ten_sent, ten_withdrawn, ten_chosen, ten_accepted, ten_declined, ten_approved, ten_answered,
    ten_skipped, ten_begun, ten_written, ten_told, fifty_on_one_link,
)  # fmt: skip
