"""Everything that can happen in these years, a line each: what, how often beside the others, what it records."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from tests.simulation.years import absences, desk, pairs, supporters, telling, women
from tests.simulation.years.site import Site
from webapp.domain.audited import Act


@dataclass(frozen=True)
class Happening:
    """One kind of event: its weight, what does it, and the records of which one at least must be left.

    `then` is what she does as soon as the worker has run.
    """

    name: str
    weight: float
    act: Callable[[Site], tuple[UUID | None, ...] | None]
    leaves: tuple[Act, ...] = ()
    then: Callable[[Site], tuple[UUID | None, ...] | None] | None = None


DONE_AT_THE_DESK = (
    *(Act.TASK_DONE, Act.WORDS_WRITTEN, Act.CONCERN_CHANGED, Act.CONCERN_CLOSED),
    *(Act.PAIR_HELD, Act.PAIR_LIFTED, Act.INTRODUCTION_ENDED),
)
TABLE = (
    Happening("a woman comes", 1.1, women.come, (Act.ACCOUNT_OPENED,)),
    Happening("a draft is sent", 0.1, women.send_later, (Act.REQUEST_SENT,)),
    Happening("a woman comes back", 0.6, women.come_back, (Act.REQUEST_SENT,)),
    Happening("a woman vanishes", 0.15, women.vanish),
    Happening("a woman closes her account", 0.06, women.close_account, (Act.ACCOUNT_CLOSED,)),
    Happening("answers change", 1.2, women.change_answers, (Act.QUESTIONS_ANSWERED,)),
    Happening("she says how she may be reached", 2.0, women.say_how_reached, (Act.SAFE_CONTACT_SET,)),
    Happening("she says that it is right", 9.0, women.say_it_is_right, (Act.SAFE_CONTACT_CONFIRMED,)),
    Happening("she closes every way outside", 0.3, women.close_outside),
    Happening("she chooses", 4.0, women.choose, (Act.PEOPLE_CHOSEN, Act.NOBODY_CHOSEN)),
    Happening("she passes a card by", 0.6, women.pass_by, (Act.PROPOSAL_PASSED_BY,)),
    Happening("she un-asks", 0.4, women.unask, (Act.PROPOSAL_WITHDRAWN, Act.PROPOSAL_FELL_AWAY)),
    Happening("she brings cards back", 0.5, women.bring_back, (Act.PEOPLE_BROUGHT_BACK,)),
    Happening("she says what should differ", 0.4, women.say_what_differs, (Act.WHAT_SHOULD_DIFFER_SAID,)),
    Happening("a request rests", 0.5, women.pause, (Act.REQUEST_PAUSED,)),
    Happening("a request goes on", 0.8, women.go_on, (Act.REQUEST_RESUMED,)),
    Happening("a request is taken back", 0.15, women.withdraw, (Act.REQUEST_WITHDRAWN,)),
    Happening("a supporter joins", 0.06, supporters.join, (Act.SUPPORTER_ENROLLED,)),
    Happening("a supporter says yes", 2.6, supporters.say_yes, (Act.PROPOSAL_ACCEPTED,)),
    Happening("a supporter says no", 0.7, supporters.say_no, (Act.PROPOSAL_DECLINED,)),
    Happening("an address is given", 0.5, supporters.give_address, (Act.NOTICE_ADDRESS_GIVEN,), supporters.type_code),
    Happening("an address is taken away", 0.02, supporters.forget_address, (Act.NOTICE_ADDRESS_FORGOTTEN,)),
    Happening("a supporter asks to leave", 0.02, supporters.ask_to_leave, (Act.WISH_TO_LEAVE,)),
    Happening("a supporter leaves", 0.1, supporters.leave, (Act.ACCOUNT_CLOSED,)),
    Happening("a supporter vanishes", 0.02, supporters.vanish),
    Happening("a supporter takes a break", 0.15, absences.take_break, (Act.BREAK_BEGUN,)),
    Happening("she is back from her break", 0.3, absences.come_back, (Act.BREAK_ENDED,)),
    Happening("a woman answers who covers", 1.5, absences.answer_meanwhile, (Act.COVER_CHANGED,)),
    Happening("who is asked to cover answers", 1.5, absences.answer_ask, (Act.COVER_CHANGED,)),
    Happening("one writes", 26.0, pairs.write, (Act.MESSAGE_WRITTEN,)),
    Happening("one tries to write in vain", 0.6, pairs.write_while_it_rests),
    Happening("a time is proposed", 3.0, pairs.propose_time, (Act.TIME_PROPOSED,)),
    Happening("a time is decided", 3.0, pairs.decide_time,
              (Act.TIME_ACCEPTED, Act.TIME_DECLINED, Act.TIME_CALLED_OFF, Act.TIME_TAKEN_BACK)),
    Happening("one says whether they talked", 5.0, pairs.say_talked, (Act.TALK_SAID,)),
    Happening("terms are proposed", 0.6, pairs.propose_terms, (Act.TERMS_PROPOSED, Act.AGREED_ON_TERMS)),
    Happening("terms are agreed on", 0.6, pairs.agree, (Act.AGREED_ON_TERMS,)),
    Happening("terms are put off", 0.2, pairs.put_off),
    Happening("a conversation is folded", 0.2, pairs.fold, (Act.CONVERSATION_FOLDED,)),
    Happening("a way to be reached is released", 0.7, pairs.release, (Act.DETAIL_RELEASED,)),
    Happening("it is taken back", 0.2, pairs.take_detail_back, (Act.DETAIL_TAKEN_BACK,)),
    Happening("a pair rests", 0.4, pairs.pause, (Act.INTRODUCTION_PAUSED,)),
    Happening("a pair goes on", 0.4, pairs.resume, (Act.INTRODUCTION_RESUMED,)),
    Happening("go on or part", 1.2, pairs.say_wish, (Act.WISH_SAID,)),
    Happening("one ends the pair", 0.25, pairs.end, (Act.INTRODUCTION_ENDED,)),
    Happening("a late goodbye", 0.2, pairs.say_goodbye, (Act.GOODBYE_WRITTEN,)),
    Happening("a check-in is answered", 5.0, telling.answer_checkin, (Act.CHECK_IN_ANSWERED,)),
    Happening("one has something to tell", 0.4, telling.tell, (Act.CHECK_IN_ANSWERED,)),
    Happening("a check-in is skipped", 0.4, telling.skip_checkin, (Act.CHECK_IN_SKIPPED,)),
    Happening("a concern is raised", 0.5, telling.raise_concern, (Act.CONCERN_RAISED,)),
    Happening("more is said of a concern", 0.3, telling.add_to_concern),
    Happening("words to the coordinators", 1.2, telling.write_to_staff, (Act.WORDS_WRITTEN,)),
    Happening("people are shown", 6.0, desk.show_people, (Act.SUPPORTERS_RANKED,)),
    Happening("a card is taken back", 0.15, desk.take_card_back, (Act.PROPOSAL_TAKEN_BACK,)),
    Happening("a day is named", 0.6, desk.name_a_day, (Act.LOOK_AGAIN_SET,)),
    Happening("a task is done", 14.0, desk.settle, DONE_AT_THE_DESK),
    Happening("the desk holds a pair", 0.15, desk.hold, (Act.PAIR_HELD,)),
    Happening("the desk lifts a hold", 0.3, desk.lift, (Act.PAIR_LIFTED,)),
    Happening("the desk ends a pair", 0.3, desk.end_pair, (Act.INTRODUCTION_ENDED,)),
    Happening("a deputy is chosen", 0.1, desk.choose_deputy, (Act.DEPUTY_CHOSEN,)),
    Happening("one of the desk is away", 0.12, desk.go_away, (Act.STAFF_AWAY,)),
    Happening("she is back", 0.1, desk.come_back, (Act.STAFF_BACK,)),
    Happening("a coordinator vanishes", 0.002, desk.vanish),
    Happening("a closed file is tried", 0.1, desk.open_closed_file),
)  # fmt: skip
WEIGHTS = [one.weight for one in TABLE]
