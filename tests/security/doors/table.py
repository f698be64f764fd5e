"""Every route of the site, and which of twelve people may go through it: one row for each, or more for more things.

`python -m tests.security.doors` tries them all and prints the figures.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Who(StrEnum):
    """Those who try every door. The things behind it are the woman's; for MY_OWN_FILE they are her own."""

    VISITOR = "visitor"
    WOMAN = "the woman herself"
    OTHER_WOMAN = "another woman"
    SUPPORTER = "her supporter"
    OTHER_SUPPORTER = "another supporter"
    COORDINATOR = "a coordinator"
    CLOSED = "a coordinator to whom the woman's file is closed"
    MY_OWN_FILE = "a coordinator whose own file it is"
    APPROVER = "the approver"
    SIGNED_OUT = "a signed-out cookie"
    BETWEEN = "the woman between two steps of a sign-in"
    BARE = "a coordinator without a second lock"


class Stage(StrEnum):
    """How far everybody's request has come."""

    NEW = "an account"
    DRAFT = "a draft"
    WAITING = "waiting, ranked"
    SHOWN = "people shown"
    PASSED_BY = "none of these"
    OFFERED = "an offer is open"
    INTRODUCED = "introduced, a check-in is due"
    ANSWERED = "a check-in says not safe"
    AWAY = "her supporter is away, another is asked"
    HELD = "a concern is raised, and the pair rests"


@dataclass(frozen=True)
class Door:
    """One row: who may, at which stage it can be seen, and the form that goes through.

    `things` puts another thing of hers into the address; `closed` is the answer where nobody may and no sign-in helps;
    `keeps` says that going through stores nothing; None, that it depends on what is there.
    """

    endpoint: str
    method: str
    may: frozenset[Who]
    stage: Stage = Stage.OFFERED
    form: Mapping[str, str] = field(default_factory=dict)
    things: Mapping[str, str] = field(default_factory=dict)
    closed: int | None = None
    keeps: bool | None = False


ALL = frozenset(Who)
NOBODY: frozenset[Who] = frozenset()
STRANGERS = frozenset({Who.SIGNED_OUT, Who.VISITOR, Who.BETWEEN})
PRESENT = ALL - STRANGERS
SIGNED_IN = PRESENT - {Who.BARE}
BETWEEN = frozenset({Who.BETWEEN})
SHE = frozenset({Who.WOMAN, Who.MY_OWN_FILE})
WOMEN = SHE | {Who.OTHER_WOMAN}
SUPPORTERS = frozenset({Who.SUPPORTER, Who.OTHER_SUPPORTER})
HER_SUPPORTER = frozenset({Who.SUPPORTER})
WHO_COVERS = frozenset({Who.OTHER_SUPPORTER})
PAIR = frozenset({Who.WOMAN, Who.SUPPORTER, Who.MY_OWN_FILE})
DESK = frozenset({Who.COORDINATOR, Who.MY_OWN_FILE, Who.CLOSED})
STAFF = frozenset({Who.COORDINATOR})
APPROVER = frozenset({Who.APPROVER})
HERS_OR_NOBODYS = frozenset({Who.VISITOR, Who.SIGNED_OUT, Who.BETWEEN, Who.WOMAN, Who.MY_OWN_FILE})
"""A code of an hour is for one person: whoever is signed in as another does not get through."""

PASSPHRASE = "river stones are warm in June"
CHOOSES = {"passphrase": PASSPHRASE, "again": PASSPHRASE}
OPENS = {"username": "somebody.new", **CHOOSES}
TAKES_NAME = {"offered": "<offered>", **CHOOSES}
HERSELF = {"present": PASSPHRASE}
BY_HOUR_CODE = {"token": "hour_code"}
NEW_CHOICE = {"passphrase": "warm rivers are stones in May", "again": "warm rivers are stones in May"}
BY_RECOVERY_CODE = {"username": "w-claire", "code": "<recovery_code>", **NEW_CHOICE}
NUMBER = {"kind": "number", "said": "416 555 0199"}
A_TIME = {"way": "site_messages", "minutes": "30", "starts": "<starts>"}
OF_HERS = {"detail_id": "supporter_detail_id"}
ON_THE_PHONE = {"words": "candle river"}
OF_SUPPORTER = {"checkin_id": "supporter_checkin_id"}
NOT_YET_DUE = {"checkin_id": "later_checkin_id"}
MET = {"meeting_id": "met_meeting_id"}
LEFT_TO_THE_APPROVER = {"task_id": "approval_id"}
ABOUT_STAFF = {"concern_id": "staff_concern_id"}
JUST_TOLD = {"concern_id": "new_concern_id"}
TO_CLOSE = {"concern_id": "closing_concern_id"}
OF_APPROVER = {"task_id": "staff_task_id"}
NEXT_IN_LINE = {"proposal_id": "next_proposal_id"}


def get(endpoint: str, may: frozenset[Who], stage: Stage = Stage.OFFERED, **more: object) -> Door:
    """Write a row for reading."""
    return Door(endpoint, "GET", may, stage, **more)  # type: ignore[arg-type]


def post(endpoint: str, may: frozenset[Who], stage: Stage = Stage.OFFERED, **more: object) -> Door:
    """Write a row for a form."""
    return Door(endpoint, "POST", may, stage, **more)  # type: ignore[arg-type]


DOORS = (
    get("static", ALL),
    get("public.home", ALL),
    get("public.about", ALL),
    get("public.help_now", ALL),
    get("public.safety", ALL),
    get("public.before", ALL),
    get("public.components", NOBODY, closed=404),
    post("public.choose_language", ALL, form={"language": "fr", "back": "/about"}, keeps=True),
    get("leaving.leave", ALL),
    get("health.show_health", ALL),
    get("accounts.show_sign_in", ALL),
    post("accounts.sign_in", ALL, form={"username": "w-claire", "passphrase": PASSPHRASE}),
    post("accounts.sign_out", PRESENT),
    post("quiet.stay", SIGNED_IN, keeps=True),
    post("quiet.end", ALL, form={"to_keep_for": "/questions/start", "q-name": "Claire"}, keeps=True),
    post("quiet.forget", SIGNED_IN, keeps=True),
    get("accounts.show_open", ALL),
    post("accounts.open_account", ALL, form=TAKES_NAME),
    get("accounts.show_setup", ALL),
    post("accounts.use_setup", ALL, form=OPENS),
    get("accounts.show_account", SIGNED_IN),
    get("accounts.show_sessions", SIGNED_IN),
    get("accounts.show_passphrase", SIGNED_IN),
    post("accounts.change_passphrase", SIGNED_IN, form={**HERSELF, **NEW_CHOICE}),
    get("accounts.show_code", SIGNED_IN),
    post("accounts.make_code", SIGNED_IN, form=HERSELF),
    get("accounts.show_phone_words", SIGNED_IN),
    post("accounts.set_phone_words", SIGNED_IN, form={"said": "blue kettle", **HERSELF}),
    post("accounts.forget_phone_words", SIGNED_IN),
    get("accounts.show_close", SIGNED_IN),
    post("accounts.close_account", SIGNED_IN, form=HERSELF),
    post("accounts.ask_to_leave", SUPPORTERS, Stage.INTRODUCED),
    get("accounts.show_closed", ALL),
    # Ways back in
    get("accounts.show_forgotten", ALL),
    post("accounts.use_code", ALL, form=BY_RECOVERY_CODE),
    get("accounts.show_come_back", ALL),
    get("accounts.show_enter_code", ALL),
    post("accounts.enter_code", ALL, form={"code": "0123 4567 89AB"}, keeps=True),
    get("accounts.show_reset", HERS_OR_NOBODYS, things=BY_HOUR_CODE),
    post("accounts.use_reset", HERS_OR_NOBODYS, form=NEW_CHOICE, things=BY_HOUR_CODE),
    get("helping.show_by_name", DESK),
    post("helping.try_by_name", DESK, form={"username": "w-ana", **ON_THE_PHONE}),
    get("helping.show_by_request", STAFF, Stage.WAITING),
    post("helping.try_by_request", STAFF, Stage.WAITING, form=ON_THE_PHONE),
    post("accounts.end_session", SHE),
    post("accounts.end_others", SIGNED_IN),
    # Second locks: one's own, from the page that leads there; a signature that none has made is taken from nobody
    get("second_step.show_step", BETWEEN),
    post("second_step.finish_with_code", BETWEEN, form={"code": "<code>"}),
    post("second_step.finish_with_passkey", BETWEEN, form={"credential": "{}"}, keeps=None),
    get("second_step.show_passkey", ALL),
    post("second_step.begin_with_passkey", ALL, form={"credential": "{}"}, keeps=True),
    get("factors.show_locks", PRESENT),
    get("factors.show_again", PRESENT),
    post("factors.prove_again", PRESENT, form={"passphrase": PASSPHRASE}, keeps=None),
    post("factors.begin_codes", PRESENT),
    get("factors.show_codes", PRESENT),
    get("factors.draw_codes", PRESENT),
    post("factors.confirm_codes", PRESENT, form={"code": "123456"}, keeps=True),
    post("factors.remove_codes", PRESENT, keeps=None),
    post("factors.make_recovery_codes", PRESENT, keeps=None),
    get("factors.show_new_passkey", PRESENT),
    post("factors.add_passkey", PRESENT, form={"name": "my phone", "credential": "{}"}, keeps=True),
    post("factors.remove_passkey", SHE),
    get("home.show_home", SIGNED_IN),
    # Her request
    post("questions.start", WOMEN, Stage.NEW),
    get("questions.show_screen", WOMEN, Stage.DRAFT),
    post("questions.keep_screen", WOMEN, Stage.DRAFT, form={"q-adult": "yes", "q-name": "Claire"}),
    get("questions.show_summary", WOMEN, Stage.DRAFT),
    get("safe_contact.show_contact", WOMEN),
    get("safe_contact.show_part", WOMEN),
    post("safe_contact.keep_part", WOMEN, form={"ways": "email", "address": "c@example.org"}),
    post("safe_contact.confirm", WOMEN),
    post("safe_contact.close", WOMEN),
    post("questions.send", WOMEN, Stage.DRAFT),
    get("questions.show_sent", WOMEN, Stage.WAITING),
    get("requests.show_state", WOMEN, Stage.WAITING),
    get("requests.show_withdraw", WOMEN, Stage.WAITING),
    post("requests.withdraw", WOMEN, Stage.WAITING),
    post("requests.rest", WOMEN, Stage.WAITING),
    post("requests.go_on", WOMEN, Stage.WAITING, keeps=True),
    get("choosing.show_cards", WOMEN, Stage.SHOWN),
    post("choosing.choose", WOMEN, Stage.SHOWN, form={"instead": "choose_for_me"}),
    post("choosing.pass_by", WOMEN, Stage.SHOWN, form={"card": "<proposal_id>"}, keeps=None),
    get("choosing.show_differs", WOMEN, Stage.PASSED_BY),
    post("choosing.say_differs", WOMEN, Stage.PASSED_BY, form={"ticks": "age", "more": "Somebody older"}),
    post("choosing.bring_back", WOMEN, Stage.PASSED_BY),
    post("choosing.unask", WOMEN),
    # The supporter who is asked; whom she ranked second is not asked yet
    get("offers.show_offers", SUPPORTERS),
    get("offers.show_offer", HER_SUPPORTER),
    get("offers.show_offer", NOBODY, things=NEXT_IN_LINE),
    post("offers.accept_offer", HER_SUPPORTER),
    post("offers.accept_offer", NOBODY, things=NEXT_IN_LINE),
    post("offers.decline_offer", HER_SUPPORTER),
    post("offers.decline_offer", NOBODY, things=NEXT_IN_LINE),
    # A supporter's break, and who covers meanwhile: named at the desk, asked by the woman
    get("breaks.show_break", SUPPORTERS),
    post("breaks.begin", SUPPORTERS, Stage.INTRODUCED),
    post("breaks.come_back", SUPPORTERS, Stage.AWAY, keeps=None),
    post("meanwhile.answer", SHE, Stage.AWAY, form={"cover": "<cover_id>", "answer": "no"}),
    get("meanwhile.show_ask", WHO_COVERS, Stage.AWAY),
    post("meanwhile.accept", WHO_COVERS, Stage.AWAY),
    post("meanwhile.decline", WHO_COVERS, Stage.AWAY),
    get("desk.show_cover", STAFF, Stage.INTRODUCED),
    post("desk.name_cover", STAFF, Stage.INTRODUCED, form={"supporter": "<cover_supporter_id>"}),
    post("desk.end_cover", STAFF, Stage.AWAY),
    # The pair
    get("introductions.show_introduction", PAIR, Stage.INTRODUCED),
    post("introductions.write_message", PAIR, Stage.INTRODUCED, form={"body": "Hello."}),
    get("introductions.show_folding", PAIR, Stage.INTRODUCED),
    post("introductions.fold", PAIR, Stage.INTRODUCED, form={"folded": "y"}),
    post("introductions.open_conversation", PAIR, Stage.INTRODUCED, form={"passphrase": PASSPHRASE}),
    post("introductions.mark_seen", PAIR, Stage.INTRODUCED),
    get("introductions.show_reach", PAIR, Stage.INTRODUCED),
    post("introductions.look_at_detail", PAIR, Stage.INTRODUCED, form=NUMBER, keeps=True),
    post("introductions.release_detail", PAIR, Stage.INTRODUCED, form=NUMBER),
    post("introductions.take_back", SHE, Stage.INTRODUCED),
    post("introductions.take_back", HER_SUPPORTER, Stage.INTRODUCED, things=OF_HERS),
    get("introductions.show_times", PAIR, Stage.INTRODUCED),
    post("introductions.propose_time", PAIR, Stage.INTRODUCED, form=A_TIME),
    post("introductions.accept_time", HER_SUPPORTER, Stage.INTRODUCED),
    post("introductions.decline_time", HER_SUPPORTER, Stage.INTRODUCED),
    post("introductions.call_time_off", SHE, Stage.INTRODUCED),
    post("introductions.call_time_off", PAIR, Stage.INTRODUCED, things=MET),
    get("introductions.show_calendar", PAIR, Stage.INTRODUCED, things=MET),
    get("introductions.download", PAIR, Stage.INTRODUCED, things=MET),
    post("introductions.say_talked", PAIR, Stage.INTRODUCED, form={"talked": "yes"}),
    get("introductions.show_agreement", PAIR, Stage.INTRODUCED),
    post("introductions.propose_terms", PAIR, Stage.INTRODUCED, form={"often": "weekly", "weeks": "12"}),
    post("introductions.agree", HER_SUPPORTER, Stage.INTRODUCED),
    post("introductions.put_off", PAIR, Stage.INTRODUCED),
    get("changing.show_change", PAIR, Stage.INTRODUCED),
    post("changing.end", PAIR, Stage.INTRODUCED, form={"then": "rest"}),
    post("changing.say_goodbye", PAIR, Stage.INTRODUCED, form={"goodbye": ""}, keeps=True),
    post("changing.pause", PAIR, Stage.INTRODUCED, form={"weeks": "1"}),
    post("changing.resume", PAIR, Stage.INTRODUCED, keeps=True),
    post("changing.say_wish", PAIR, Stage.INTRODUCED, form={"wish": "part"}, keeps=True),
    post("checkins.begin_checkin", PAIR, Stage.INTRODUCED, keeps=True),
    get("checkins.show_lines", WOMEN, Stage.INTRODUCED),
    get("checkins.show_checkin", SHE, Stage.INTRODUCED),
    get("checkins.show_checkin", HER_SUPPORTER, Stage.INTRODUCED, things=OF_SUPPORTER),
    get("checkins.show_checkin", NOBODY, Stage.INTRODUCED, things=NOT_YET_DUE),
    post("checkins.answer_checkin", SHE, Stage.INTRODUCED, form={"safe": "yes"}),
    post("checkins.answer_checkin", HER_SUPPORTER, Stage.INTRODUCED, form={"feeling": "fine"}, things=OF_SUPPORTER),
    post("checkins.answer_checkin", NOBODY, Stage.INTRODUCED, form={"safe": "yes"}, things=NOT_YET_DUE),
    post("checkins.skip_checkin", SHE, Stage.INTRODUCED),
    post("checkins.skip_checkin", HER_SUPPORTER, Stage.INTRODUCED, things=OF_SUPPORTER),
    post("checkins.skip_checkin", NOBODY, Stage.INTRODUCED, things=NOT_YET_DUE),
    # Where notices go: for those who work here
    # What is not right: for everybody, and what she told us for her alone
    get("concerns.show_new", SIGNED_IN),
    post("concerns.tell", SIGNED_IN, form={"kind": "other"}),
    get("concerns.show_received", SIGNED_IN),
    get("concerns.list_told", SIGNED_IN),
    post("concerns.prove_again", SIGNED_IN, form={"passphrase": PASSPHRASE}, keeps=None),
    get("concerns.show_told", SHE, Stage.HELD),
    post("concerns.add_words", SHE, Stage.HELD, form={"said": "One more thing."}),
    post("concerns.take_back", SHE, Stage.HELD),
    get("notices.show_address", SUPPORTERS | DESK | APPROVER),
    post(
        "notices.give_address",
        SUPPORTERS | DESK | APPROVER,
        form={"address": "a@example.org", "zone": "America/Toronto"},
    ),
    post("notices.try_code", SUPPORTERS | DESK | APPROVER, form={"digits": "1234 5678"}),
    post("notices.forget_address", SUPPORTERS | DESK | APPROVER, keeps=None),
    # The desk: never one's own file
    get("desk.show_hold", STAFF | APPROVER, Stage.INTRODUCED),
    post("desk.hold_pair", STAFF | APPROVER, Stage.INTRODUCED, form={"reason": "safety"}),
    post("desk.lift_hold", STAFF | APPROVER, Stage.HELD, form={"lifted": "safe"}),
    post("desk.let_hold_stand", STAFF | APPROVER, Stage.HELD),
    get("desk.show_concern", STAFF, Stage.HELD),
    get("desk.show_concern", APPROVER, Stage.HELD, things=ABOUT_STAFF),
    post("desk.look_after_concern", STAFF, Stage.HELD, things=JUST_TOLD),
    post("desk.look_after_concern", APPROVER, Stage.HELD, things=ABOUT_STAFF),
    post("desk.add_to_concern", STAFF, Stage.HELD, form={"what": "note", "said": "Called."}),
    post("desk.close_file", APPROVER, Stage.HELD, form={"staff": "<staff_id>"}, things=ABOUT_STAFF),
    post("desk.propose_to_close", STAFF, Stage.HELD, form={"came_of_it": "You two talked."}),
    post("desk.propose_to_close", APPROVER, Stage.HELD, form={"came_of_it": "We talked."}, things=ABOUT_STAFF),
    post("desk.confirm_close", STAFF, Stage.HELD, things=TO_CLOSE),
    post("desk.send_concern_back", STAFF, Stage.HELD, form={"why": "Nobody asked Dee."}, things=TO_CLOSE),
    get("desk.show_task", APPROVER, Stage.HELD, things=OF_APPROVER),
    get("desk.show_desk", DESK),
    get("desk.show_request", STAFF, Stage.WAITING),
    get("desk.show_request", NOBODY, Stage.DRAFT),
    get("safe_contact.show_code_word", STAFF, Stage.WAITING),
    get("safe_contact.show_code_word", NOBODY, Stage.DRAFT),
    post("notices.try_again", STAFF, Stage.WAITING),
    post("notices.give_up", STAFF, Stage.WAITING),
    post("desk.rank_request", STAFF, Stage.WAITING),
    get("desk.show_ranking", STAFF, Stage.WAITING),
    get("desk.show_profile", STAFF, Stage.WAITING),
    get("desk.show_profile", NOBODY, Stage.DRAFT),
    get("desk.show_gate", STAFF, Stage.WAITING),
    post("desk.approve", STAFF, Stage.WAITING, form={"supporters": "<supporter_id>", "reason": "she_asked"}),
    get("desk.show_task", STAFF, Stage.ANSWERED),
    post("desk.finish_task", STAFF, Stage.ANSWERED, form={"act": "talked"}),
    post("desk.take_back", STAFF, Stage.SHOWN, form={"card": "all", "reason": "mistake"}),
    get("desk.show_approvals", APPROVER, Stage.ANSWERED),
    get("desk.show_task", APPROVER, Stage.ANSWERED, things=LEFT_TO_THE_APPROVER),
    post("desk.finish_task", APPROVER, Stage.ANSWERED, form={"act": "talked"}, things=LEFT_TO_THE_APPROVER),
    # A thread: the approver's only while something is left to her; who stands in for whom
    get("threads.show_own", WOMEN | SUPPORTERS, Stage.ANSWERED),
    post("threads.write", WOMEN | SUPPORTERS, Stage.ANSWERED, form={"body": "Hello."}),
    get("threads.show_soon", WOMEN | SUPPORTERS, Stage.ANSWERED),
    post("threads.ask_for_contact", WOMEN | SUPPORTERS, Stage.ANSWERED, form={"how": "here"}),
    get("desk.show_thread", STAFF | APPROVER, Stage.ANSWERED),
    get("desk.show_thread", STAFF, Stage.WAITING),
    post("desk.answer", STAFF | APPROVER, Stage.ANSWERED, form={"body": "Hello."}),
    get("desk.show_me", DESK | APPROVER),
    post("desk.choose_deputy", DESK | APPROVER, form={"deputy": "nobody"}),
    post("desk.go_away", DESK | APPROVER),
    post("desk.come_back", DESK | APPROVER),
    get("desk.show_look_again", STAFF, Stage.WAITING),
    post("desk.look_again", STAFF, Stage.WAITING, form={"day": "2026-12-01"}),
    get("desk.show_checkin", STAFF, Stage.ANSWERED),
    get("desk.show_checkin", NOBODY, Stage.INTRODUCED),
    get("desk.show_pair", STAFF, Stage.INTRODUCED),
    post("desk.end_pair", STAFF, Stage.INTRODUCED, form={"why": "she_asked", "then": "rest"}),
    post("desk.lift_rest", STAFF, Stage.INTRODUCED, keeps=True),
    post("desk.lift_rest", DESK, Stage.WAITING, keeps=True),  # before they are a pair she is a coordinator like any
)
