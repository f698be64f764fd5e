"""Acts of a pair that meet others, and the same form of a pair many times at once."""

from tests.reliability.races.aims import BY_TEN, LOST, WON, Aim, Round
from tests.reliability.races.cast import (
    Cast,
    agree,
    decide,
    propose,
    release,
    say_talked,
    withdraw,
    write,
)


def message_x_withdraw(cast: Cast) -> Round:
    woman = cast.fresh(0)
    pair = cast.story.introduced(woman, cast.dee)
    return Round([Aim(write(cast, cast.dee, pair, "Are you there?"), (WON, LOST)), Aim(withdraw(cast, woman))])


def message_x_message(cast: Cast) -> Round:
    woman = cast.fresh(0)
    pair = cast.story.introduced(woman, cast.dee)
    return Round([Aim(write(cast, who, pair, f"I am {who.username}")) for who in (woman, cast.dee)])


def time_accepted_x_taken_back(cast: Cast) -> Round:
    """She takes her proposal back, or calls off what was just accepted: she always gets her way."""
    woman = cast.fresh(0)
    pair = cast.story.introduced(woman, cast.dee)
    meeting = cast.proposed(pair, woman)
    yes, no = decide(cast, cast.dee, pair, meeting, "accept"), decide(cast, woman, pair, meeting, "call-off")
    return Round([Aim(yes, (WON, LOST)), Aim(no)])


def time_accepted_x_withdraw(cast: Cast) -> Round:
    woman = cast.fresh(0)
    pair = cast.story.introduced(woman, cast.dee)
    yes = decide(cast, cast.dee, pair, cast.proposed(pair, woman), "accept")
    return Round([Aim(yes, (WON, LOST)), Aim(withdraw(cast, woman))])


def release_x_withdraw(cast: Cast) -> Round:
    """A way to be reached is released at the moment at which the pair ends: none may stay."""
    woman = cast.fresh(0)
    pair = cast.story.introduced(woman, cast.dee)
    shots = [release(cast, cast.dee, pair), withdraw(cast, woman)]
    return Round([Aim(shots[0], (WON, LOST)), Aim(shots[1])])


def agree_x_withdraw(cast: Cast) -> Round:
    woman = cast.fresh(0)
    pair = cast.story.introduced(woman, cast.dee)
    yes = agree(cast, cast.dee, pair, cast.terms(pair, woman))
    return Round([Aim(yes, (WON, LOST)), Aim(withdraw(cast, woman))])


def talked_x_talked(cast: Cast) -> Round:
    """Both say at once that they talked."""
    woman = cast.fresh(0)
    pair = cast.story.introduced(woman, cast.dee)
    return Round([Aim(say_talked(cast, who, pair)) for who in (woman, cast.dee)])


def ten_written(cast: Cast) -> Round:
    woman = cast.fresh(0)
    pair = cast.story.introduced(woman, cast.dee)
    return Round([Aim(write(cast, woman, pair, "Hello, I am glad."))] * BY_TEN, once="message written")


def ten_proposed_times(cast: Cast) -> Round:
    woman = cast.fresh(0)
    pair = cast.story.introduced(woman, cast.dee)
    shot = propose(cast, woman, pair, cast.first_start(pair, woman))
    return Round([Aim(shot)] * BY_TEN, once="time proposed")


def ten_accepted_times(cast: Cast) -> Round:
    woman = cast.fresh(0)
    pair = cast.story.introduced(woman, cast.dee)
    shot = decide(cast, cast.dee, pair, cast.proposed(pair, woman), "accept")
    return Round([Aim(shot)] * BY_TEN, once="time accepted")


def ten_released(cast: Cast) -> Round:
    woman = cast.fresh(0)
    pair = cast.story.introduced(woman, cast.dee)
    return Round([Aim(release(cast, woman, pair))] * BY_TEN, once="detail released")


def ten_agreed(cast: Cast) -> Round:
    woman = cast.fresh(0)
    pair = cast.story.introduced(woman, cast.dee)
    return Round([Aim(agree(cast, cast.dee, pair, cast.terms(pair, woman)))] * BY_TEN, once="agreed on terms")
