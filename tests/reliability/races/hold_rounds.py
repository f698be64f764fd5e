"""Acts that meet around a pair that rests, and around a concern: what is sent, and which answers each may get."""

from tests.reliability.races.aims import BY_TEN, LOST, WON, Aim, Round
from tests.reliability.races.cast import Cast, accept, confirm, hold, lift, tell, withdraw, write


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
    return Round([Aim(tell(cast, woman, pair)), Aim(accept(cast, cast.dee, offer), (WON, LOST))])


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
    return Round([Aim(lift(cast, pair), (WON, LOST)), Aim(tell(cast, woman, pair))])


def confirm_x_confirm(cast: Cast) -> Round:
    concern = cast.to_close(cast.fresh(0))
    shots = [confirm(cast, concern, who) for who in (cast.robin, cast.sam)]
    return Round([Aim(shot, (WON, LOST)) for shot in shots], wins=1, once="concern closed")


def ten_told(cast: Cast) -> Round:
    """One form: one concern, and one hold."""
    woman = cast.fresh(0)
    pair = cast.story.introduced(woman, cast.dee)
    return Round([Aim(tell(cast, woman, pair, once="one form"))] * BY_TEN, once="concern raised")
