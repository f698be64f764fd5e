"""Who may do what, as data: an action, the roles that may try it, and how the person must be related to the thing.

Unknown actions are denied. Pages declare the action of each route; services ask again with the thing in hand.
"""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What a person is to the programme; nobody signed in is a visitor.

    The approver looks at what a coordinator may not decide alone, or is herself a part of.
    """

    REQUESTER = "requester"
    SUPPORTER = "supporter"
    APPROVER = "approver"
    COORDINATOR = "coordinator"


class Action(StrEnum):
    """Everything that can be done on the site."""

    READ_PUBLIC = "read public pages"
    LEAVE = "leave the site"
    ASK_HEALTH = "ask whether the site is well"
    CHOOSE_LANGUAGE = "choose a language"
    SIGN_IN = "sign in"
    SIGN_OUT = "sign out"
    STAY = "stay signed in"
    KEEP_WORDS = "keep one's unsent words"
    FORGET_WORDS = "throw one's unsent words away"
    OPEN_ACCOUNT = "open an account"
    USE_SETUP_LINK = "use a setup link"
    SEE_HOME = "see what is next"
    SEE_SESSIONS = "see one's sign-ins"
    END_SESSION = "end a sign-in"
    SEE_ACCOUNT = "see one's account"
    CHANGE_PASSPHRASE = "change one's passphrase"  # noqa: S105
    KEEP_WAYS_BACK = "keep ways back into one's account"
    USE_WAY_BACK = "come back without a passphrase"
    SEE_NOTICE_ADDRESS = "see where one's notices go"
    CHANGE_NOTICE_ADDRESS = "change where one's notices go"
    CLOSE_ACCOUNT = "close one's account"
    ASK_TO_LEAVE = "ask to leave as a supporter"
    LET_BACK_IN = "let somebody back in"
    FINISH_SIGN_IN = "finish a sign-in"
    SEE_FACTORS = "see one's second locks"
    CHANGE_FACTORS = "change one's second locks"
    ANSWER_QUESTIONS = "answer questions"
    SEE_SAFE_CONTACT = "see how one may be reached"
    CHANGE_SAFE_CONTACT = "change how one may be reached"
    SEND_REQUEST = "send a request"
    WITHDRAW_REQUEST = "withdraw a request"
    PAUSE_REQUEST = "let a request rest, and go on with it"
    SEE_CARDS = "see the cards"
    CHOOSE_CARD = "choose a card"
    CHANGE_CHOICE = "change one's choice"
    SAY_WHAT_DIFFERS = "say what should differ"
    SEE_OFFER = "see an offer"
    ANSWER_OFFER = "answer an offer"
    SEE_BREAK = "see one's break"
    TAKE_BREAK = "take a break as a supporter, and come back"
    ANSWER_ABSENCE = "say whether one would like somebody meanwhile"
    NAME_COVER = "name who covers for a supporter, and end it"
    SEE_INTRODUCTION = "see an introduction"
    CHANGE_PAIR = "pause, go on with or end a pair"
    READ_MESSAGES = "read the messages of a pair"
    WRITE_MESSAGE = "write a message"
    FOLD_CONVERSATION = "fold a conversation away"
    RELEASE_DETAILS = "release how to be reached"
    MEET = "arrange a time to talk"
    SAY_TALKED = "say whether the two talked"
    AGREE = "agree on how the two talk"
    BEGIN_CHECKIN = "begin a check-in"
    SEE_OWN_LINES = "see how it has been over time"
    SEE_CHECKIN = "see a check-in"
    ANSWER_CHECKIN = "answer a check-in"
    SEE_DESK = "see the desk"
    READ_REQUEST = "read a request"
    READ_CODE_WORD = "read a code word"
    RANK = "rank the supporters for a request"
    APPROVE_PROPOSALS = "approve proposals"
    TAKE_CARD_BACK = "take a card back"
    READ_CHECKIN = "read a check-in on the desk"
    SETTLE_NOTICE = "try a notice again or give it up"
    READ_PAIR = "read about a pair on the desk"
    LIFT_REST = "let a supporter be suggested again"
    END_PAIR_AT_DESK = "end a pair at the desk"
    SEE_TASKS = "see what must be done at the desk"
    FINISH_TASK = "say what was done at the desk"
    RAISE_CONCERN = "say that something is not right"
    SEE_CONCERN = "see what one told us"
    ADD_TO_CONCERN = "add to what one told us"
    READ_CONCERN = "read a concern at the desk"
    HANDLE_CONCERN = "look after a concern"
    CLOSE_CONCERN = "confirm the end of a concern"
    SEE_HOLD = "see at the desk whether a pair rests"
    HOLD_PAIR = "let a pair rest, and go on"
    SEE_APPROVALS = "see what must be done by the approver"
    SEE_COVER = "see who stands in for one"
    CHANGE_COVER = "say who stands in for one, and when one is away"
    SEE_THREAD = "read what one wrote with the coordinators"
    WRITE_TO_STAFF = "write to the coordinators"
    ASK_FOR_CONTACT = "ask to be contacted soon"
    READ_THREAD = "read what somebody wrote with the coordinators"
    ANSWER_THREAD = "write to somebody as a coordinator"
    LOOK_AGAIN = "name a day on which is looked again"


class Relation(StrEnum):
    """How a person must be related to the thing."""

    ANYONE = "anyone"
    OWNER = "owner"
    PARTY = "party"
    STAFF = "staff"


class Standing(StrEnum):
    """How far a sign-in has come. Whoever stands between its two steps is a visitor still."""

    WHOLE = "whole"
    BETWEEN = "between the two steps of a sign-in"
    BARE = "signed in without the second lock that her role requires"


@dataclass(frozen=True)
class Actor:
    """The person who acts: her id and roles. A visitor has neither."""

    id: UUID | None
    roles: frozenset[Role] = frozenset()
    standing: Standing = Standing.WHOLE


@dataclass(frozen=True)
class Subject:
    """What access looks at in a thing: whose it is, and who else is a party to it."""

    owner: UUID | None = None
    parties: frozenset[UUID] = frozenset()


VISITOR = Actor(None)
_EVERYONE = frozenset({None, *Role})
_SIGNED_IN = frozenset(Role)
_WORKING_HERE = frozenset(Role) - {Role.REQUESTER}
_STAFF = frozenset({Role.COORDINATOR, Role.APPROVER})
_HELPED = frozenset({Role.REQUESTER, Role.SUPPORTER})

RULES: dict[Action, tuple[frozenset[Role | None], Relation]] = {
    Action.READ_PUBLIC: (_EVERYONE, Relation.ANYONE),
    Action.LEAVE: (_EVERYONE, Relation.ANYONE),
    Action.ASK_HEALTH: (_EVERYONE, Relation.ANYONE),
    Action.CHOOSE_LANGUAGE: (_EVERYONE, Relation.ANYONE),
    Action.SIGN_IN: (_EVERYONE, Relation.ANYONE),
    Action.OPEN_ACCOUNT: (_EVERYONE, Relation.ANYONE),
    Action.USE_SETUP_LINK: (_EVERYONE, Relation.ANYONE),
    Action.SIGN_OUT: (_SIGNED_IN, Relation.ANYONE),
    Action.STAY: (_SIGNED_IN, Relation.ANYONE),
    Action.KEEP_WORDS: (_EVERYONE, Relation.ANYONE),
    Action.FORGET_WORDS: (_SIGNED_IN, Relation.ANYONE),
    Action.SEE_HOME: (_SIGNED_IN, Relation.ANYONE),
    Action.SEE_SESSIONS: (_SIGNED_IN, Relation.ANYONE),
    Action.END_SESSION: (_SIGNED_IN, Relation.OWNER),
    Action.SEE_ACCOUNT: (_SIGNED_IN, Relation.OWNER),
    Action.CHANGE_PASSPHRASE: (_SIGNED_IN, Relation.OWNER),
    Action.KEEP_WAYS_BACK: (_SIGNED_IN, Relation.OWNER),
    Action.USE_WAY_BACK: (_EVERYONE, Relation.ANYONE),
    Action.SEE_NOTICE_ADDRESS: (_WORKING_HERE, Relation.OWNER),
    Action.CHANGE_NOTICE_ADDRESS: (_WORKING_HERE, Relation.OWNER),
    Action.CLOSE_ACCOUNT: (_SIGNED_IN, Relation.OWNER),
    Action.ASK_TO_LEAVE: (frozenset({Role.SUPPORTER}), Relation.OWNER),
    Action.LET_BACK_IN: (frozenset({Role.COORDINATOR}), Relation.STAFF),
    Action.FINISH_SIGN_IN: (frozenset(), Relation.ANYONE),
    Action.SEE_FACTORS: (_SIGNED_IN, Relation.OWNER),
    Action.CHANGE_FACTORS: (_SIGNED_IN, Relation.OWNER),
    Action.ANSWER_QUESTIONS: (frozenset({Role.REQUESTER}), Relation.OWNER),
    Action.SEE_SAFE_CONTACT: (frozenset({Role.REQUESTER}), Relation.OWNER),
    Action.CHANGE_SAFE_CONTACT: (frozenset({Role.REQUESTER}), Relation.OWNER),
    Action.SEND_REQUEST: (frozenset({Role.REQUESTER}), Relation.OWNER),
    Action.WITHDRAW_REQUEST: (frozenset({Role.REQUESTER}), Relation.OWNER),
    Action.PAUSE_REQUEST: (frozenset({Role.REQUESTER}), Relation.OWNER),
    Action.SEE_CARDS: (frozenset({Role.REQUESTER}), Relation.OWNER),
    Action.CHOOSE_CARD: (frozenset({Role.REQUESTER}), Relation.OWNER),
    Action.CHANGE_CHOICE: (frozenset({Role.REQUESTER}), Relation.OWNER),
    Action.SAY_WHAT_DIFFERS: (frozenset({Role.REQUESTER}), Relation.OWNER),
    Action.SEE_OFFER: (frozenset({Role.SUPPORTER}), Relation.OWNER),
    Action.ANSWER_OFFER: (frozenset({Role.SUPPORTER}), Relation.OWNER),
    Action.SEE_BREAK: (frozenset({Role.SUPPORTER}), Relation.OWNER),
    Action.TAKE_BREAK: (frozenset({Role.SUPPORTER}), Relation.OWNER),
    Action.ANSWER_ABSENCE: (frozenset({Role.REQUESTER}), Relation.OWNER),
    Action.NAME_COVER: (frozenset({Role.COORDINATOR}), Relation.STAFF),
    Action.SEE_INTRODUCTION: (frozenset({Role.REQUESTER, Role.SUPPORTER}), Relation.PARTY),
    Action.CHANGE_PAIR: (frozenset({Role.REQUESTER, Role.SUPPORTER}), Relation.PARTY),
    Action.READ_MESSAGES: (frozenset({Role.REQUESTER, Role.SUPPORTER}), Relation.PARTY),
    Action.WRITE_MESSAGE: (frozenset({Role.REQUESTER, Role.SUPPORTER}), Relation.PARTY),
    Action.FOLD_CONVERSATION: (frozenset({Role.REQUESTER, Role.SUPPORTER}), Relation.PARTY),
    Action.RELEASE_DETAILS: (frozenset({Role.REQUESTER, Role.SUPPORTER}), Relation.PARTY),
    Action.MEET: (frozenset({Role.REQUESTER, Role.SUPPORTER}), Relation.PARTY),
    Action.SAY_TALKED: (frozenset({Role.REQUESTER, Role.SUPPORTER}), Relation.PARTY),
    Action.AGREE: (frozenset({Role.REQUESTER, Role.SUPPORTER}), Relation.PARTY),
    Action.BEGIN_CHECKIN: (frozenset({Role.REQUESTER, Role.SUPPORTER}), Relation.PARTY),
    Action.SEE_OWN_LINES: (frozenset({Role.REQUESTER}), Relation.OWNER),
    Action.SEE_CHECKIN: (frozenset({Role.REQUESTER, Role.SUPPORTER}), Relation.OWNER),
    Action.ANSWER_CHECKIN: (frozenset({Role.REQUESTER, Role.SUPPORTER}), Relation.OWNER),
    Action.SEE_DESK: (frozenset({Role.COORDINATOR}), Relation.STAFF),
    Action.READ_REQUEST: (frozenset({Role.COORDINATOR}), Relation.STAFF),
    Action.READ_CODE_WORD: (frozenset({Role.COORDINATOR}), Relation.STAFF),
    Action.RANK: (frozenset({Role.COORDINATOR}), Relation.STAFF),
    Action.APPROVE_PROPOSALS: (frozenset({Role.COORDINATOR}), Relation.STAFF),
    Action.TAKE_CARD_BACK: (frozenset({Role.COORDINATOR}), Relation.STAFF),
    Action.READ_CHECKIN: (_STAFF, Relation.STAFF),
    Action.SETTLE_NOTICE: (frozenset({Role.COORDINATOR}), Relation.STAFF),
    Action.READ_PAIR: (frozenset({Role.COORDINATOR}), Relation.STAFF),
    Action.LIFT_REST: (frozenset({Role.COORDINATOR}), Relation.STAFF),
    Action.END_PAIR_AT_DESK: (frozenset({Role.COORDINATOR}), Relation.STAFF),
    Action.SEE_TASKS: (_STAFF, Relation.STAFF),
    Action.FINISH_TASK: (_STAFF, Relation.STAFF),
    Action.RAISE_CONCERN: (_SIGNED_IN, Relation.OWNER),
    Action.SEE_CONCERN: (_SIGNED_IN, Relation.OWNER),
    Action.ADD_TO_CONCERN: (_SIGNED_IN, Relation.OWNER),
    Action.READ_CONCERN: (_STAFF, Relation.STAFF),
    Action.HANDLE_CONCERN: (_STAFF, Relation.STAFF),
    Action.CLOSE_CONCERN: (_STAFF, Relation.STAFF),
    Action.SEE_HOLD: (_STAFF, Relation.STAFF),
    Action.HOLD_PAIR: (_STAFF, Relation.STAFF),
    Action.SEE_APPROVALS: (frozenset({Role.APPROVER}), Relation.STAFF),
    Action.SEE_COVER: (_STAFF, Relation.OWNER),
    Action.CHANGE_COVER: (_STAFF, Relation.OWNER),
    Action.SEE_THREAD: (_HELPED, Relation.OWNER),
    Action.WRITE_TO_STAFF: (_HELPED, Relation.OWNER),
    Action.ASK_FOR_CONTACT: (_HELPED, Relation.OWNER),
    Action.READ_THREAD: (_STAFF, Relation.STAFF),
    Action.ANSWER_THREAD: (_STAFF, Relation.STAFF),
    Action.LOOK_AGAIN: (frozenset({Role.COORDINATOR}), Relation.STAFF),
}


WITHOUT_SECOND_LOCK = frozenset({Action.SIGN_OUT, Action.SEE_FACTORS, Action.CHANGE_FACTORS})
"""All that is open, beside what is open to visitors, until the second lock is there that a role requires."""


def may_try(actor: Actor, action: Action) -> bool:
    """Say whether a person's roles allow an action at all, before the thing is known."""
    roles, _ = RULES.get(action, (frozenset(), Relation.OWNER))
    if action is Action.FINISH_SIGN_IN:  # no role may; whoever stands between the steps may
        return actor.standing is Standing.BETWEEN
    held: frozenset[Role | None] = actor.roles or frozenset({None})
    if actor.standing is Standing.BARE and action not in WITHOUT_SECOND_LOCK:
        held = frozenset({None})
    return bool(roles & held)


def may(actor: Actor, action: Action, subject: Subject) -> bool:
    """Say whether a person may do this to that. Nobody sees her own file as staff."""
    if not may_try(actor, action):
        return False
    _, relation = RULES[action]
    match relation:
        case Relation.ANYONE:
            return True
        case Relation.OWNER:
            return actor.id is not None and subject.owner == actor.id
        case Relation.PARTY:
            return actor.id is not None and actor.id in subject.parties
        case Relation.STAFF:
            return actor.id not in {subject.owner, *subject.parties}
