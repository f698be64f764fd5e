"""Two or more acts that meet, and the same form many times at once: what is sent, and which answers each may get."""

from tests.reliability.races.aims import BY_FIFTY, BY_TEN, GONE, LOST, WON, Aim, Race, Round
from tests.reliability.races.cast import (
    Cast,
    accept,
    answer,
    approve,
    bring_back,
    choose,
    decline,
    pass_by,
    settle,
    take_back,
    unask,
    want_none,
    withdraw,
)
from tests.reliability.races.hold_rounds import (
    confirm_x_confirm,
    hold_x_told,
    lift_x_lift,
    lift_x_told,
    ten_told,
    told_x_accept,
    told_x_message,
    told_x_told,
    told_x_withdraw,
)
from tests.reliability.races.pair_rounds import (
    agree_x_withdraw,
    message_x_message,
    message_x_withdraw,
    release_x_withdraw,
    talked_x_talked,
    ten_accepted_times,
    ten_agreed,
    ten_proposed_times,
    ten_released,
    ten_written,
    time_accepted_x_taken_back,
    time_accepted_x_withdraw,
)
from tests.reliability.servers.fleet import Shot
from webapp import clock
from webapp.domain.access import VISITOR, Role
from webapp.extensions import transaction
from webapp.services import accounts


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


def unask_x_accept(cast: Cast) -> Round:
    """She takes the asking back while the supporter says yes: a pair, or the cards again."""
    woman = cast.fresh(0)
    offer = cast.offered(woman, cast.dee, cast.eve)
    return Round([Aim(unask(cast, woman)), Aim(accept(cast, cast.dee, offer), (WON, LOST))])


def unask_x_decline(cast: Cast) -> Round:
    """The next in line is asked and then un-asked; or hers is taken back, and there is no answer to give."""
    woman = cast.fresh(0)
    offer = cast.offered(woman, cast.dee, cast.eve)
    return Round([Aim(unask(cast, woman)), Aim(decline(cast, cast.dee, offer), (WON, LOST))])


def take_back_x_choose(cast: Cast) -> Round:
    """The desk takes the cards back while she chooses from them: one of the two, and she is led on."""
    woman = cast.fresh(0)
    cast.story.shown(woman, cast.dee, cast.eve)
    return Round([Aim(take_back(cast, woman), (WON, LOST)), Aim(choose(cast, woman))])


def last_place_x_choose(cast: Cast) -> Round:
    """Dee's last place is given away while two others ask for her: nobody is left with a dead offer."""
    cast.places(cast.dee, 1)
    first, second, third = (cast.fresh(number) for number in range(3))
    offer = cast.offered(first, cast.dee)
    cast.story.shown(second, cast.dee, cast.eve)
    cast.story.shown(third, cast.dee)
    return Round([Aim(accept(cast, cast.dee, offer)), Aim(choose(cast, second)), Aim(choose(cast, third))])


def pass_by_x_choose(cast: Cast) -> Round:
    """In two tabs she lets a card go and asks for that woman: one of the two."""
    woman = cast.fresh(0)
    first, _ = cast.story.shown(woman, cast.dee, cast.eve)
    pick = Shot(cast.at(woman), "/people", {"pick": str(first)})
    return Round([Aim(pass_by(cast, woman, first)), Aim(pick)])


def bring_back_x_approve(cast: Cast) -> Round:
    """She tapped by mistake, while a coordinator shows her others: the one cards or the others, never both."""
    woman = cast.fresh(0)
    cast.story.shown(woman, cast.dee)
    cast.fleet.fire([want_none(cast, woman)])
    shot = approve(cast, cast.story.ranked(woman), [cast.eve])
    return Round([Aim(bring_back(cast, woman)), Aim(shot, (WON, LOST))])


def approve_x_withdraw(cast: Cast) -> Round:
    woman = cast.fresh(0)
    shot = approve(cast, cast.story.ranked(woman), [cast.dee, cast.eve])
    return Round([Aim(shot, (WON, LOST, 404)), Aim(withdraw(cast, woman))])


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


def ten_unasked(cast: Cast) -> Round:
    woman = cast.fresh(0)
    cast.offered(woman, cast.dee, cast.eve)
    return Round([Aim(unask(cast, woman))] * BY_TEN, once="proposal withdrawn")


def ten_passed_by(cast: Cast) -> Round:
    woman = cast.fresh(0)
    first, _ = cast.story.shown(woman, cast.dee, cast.eve)
    return Round([Aim(pass_by(cast, woman, first))] * BY_TEN, once="proposal passed by")


def ten_brought_back(cast: Cast) -> Round:
    woman = cast.fresh(0)
    cast.story.shown(woman, cast.dee, cast.eve)
    cast.fleet.fire([want_none(cast, woman)])
    return Round([Aim(bring_back(cast, woman))] * BY_TEN, once="people brought back")


def ten_taken_back(cast: Cast) -> Round:
    woman = cast.fresh(0)
    cast.story.shown(woman, cast.dee)
    return Round([Aim(take_back(cast, woman), (WON, LOST))] * BY_TEN, wins=1, once="proposal taken back")


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
    decline_x_decline, last_place, choose_x_withdraw, choose_x_choose, unask_x_accept, unask_x_decline,
    take_back_x_choose, last_place_x_choose, pass_by_x_choose, bring_back_x_approve, approve_x_withdraw,
    message_x_withdraw, message_x_message, time_accepted_x_taken_back, time_accepted_x_withdraw, release_x_withdraw,
    agree_x_withdraw, talked_x_talked, answered_x_settled, settled_x_settled, told_x_message, told_x_told,
    told_x_withdraw, told_x_accept, hold_x_told, lift_x_lift, lift_x_told, confirm_x_confirm,
)  # fmt: skip
SAME: tuple[Race, ...] = (
    ten_begun_requests, ten_sent, ten_withdrawn, ten_chosen, ten_unasked, ten_passed_by, ten_brought_back,
    ten_taken_back, ten_accepted, ten_declined, ten_approved, ten_answered, ten_skipped, ten_begun, ten_written,
    ten_proposed_times, ten_accepted_times, ten_released, ten_agreed, ten_told, fifty_on_one_link,
)  # fmt: skip
