"""Fields that cannot be read, said in words: which they are, and for the desk whose."""

from collections.abc import Iterable
from itertools import groupby

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from webapp.crypto.fields import UNREADABLE
from webapp.services.keys import Unread

FIELDS = {
    "requests.name": _l("the name of a woman who asks"),
    "requests.answers": _l("the answers of a woman who asks; she cannot be matched until they are restored"),
    "supporters.name": _l("the name of a supporter; she is left out of rankings"),
    "supporters.answers": _l("the answers of a supporter; she is left out of rankings"),
    "rankings.content": _l("a ranking that was kept; you can make it again"),
    "proposals.told": _l("what a woman and a supporter were told about each other"),
    "proposals.override_note": _l("a note about an order that was left"),
    "proposals.taken_back_note": _l("a note about a card that was taken back"),
    "none_of_these.differs": _l("what a woman said should be different"),
    "checkins.said": _l("the answers of a check-in"),
    "checkins.urgency": _l("how urgent a check-in is; it counts as today"),
    "tasks.said": _l("what must be done for somebody; it counts as most urgent"),
    "tasks.done": _l("what was done for somebody"),
    "concerns.said": _l("what somebody told us; she must be asked"),
    "concern_entries.said": _l("what was said or done about something that somebody told us"),
    "holds.said": _l("why a pair rests"),
    "holds.lifted": _l("why a pair could go on"),
    "covers.told": _l("what a woman and who covers for her supporter were told about each other"),
    "introductions.ending": _l("how a pair ended"),
    "introductions.wishes": _l("what two of a pair would like next"),
    "thread_words.said": _l("words between the coordinators and somebody"),
    "requests.look_again": _l("why it takes longer for a woman who asks, and a word to her"),
    "messages.body": _l("a message of a pair"),
    "contact_details.said": _l("a way to reach somebody; she can take it back and release it again"),
    "meetings.how": _l("how two talk at a planned time; the time itself stands"),
    "talk_logs.said": _l("what somebody said of a talk; she can say it again"),
    "agreements.terms": _l("what two agreed on; they can propose it again"),
    "pair_views.wishes": _l("how somebody wants her page of a pair; it is locked until she chooses again"),
    "users.username": _l("the name with which somebody signs in; she can still sign in with it"),
    "phone_words.words": _l("words for the phone; she can set others on her account page"),
    "one_time_codes.secret": _l("a second lock; who runs the site can take it away, and she sets up another"),
    "passkeys.name": _l("the name of a passkey; the passkey itself works"),
    "safe_contacts.said": _l("how a woman may be reached; until she tells us again, nothing leaves the site for her"),
    "notice_addresses.said": _l("where somebody’s notices go; she can give the address once more on her account page"),
    "kept_words.form": _l("words that somebody had typed when her sign-in ended; they are forgotten within the hour"),
}
"""Every sealed field in words; one without says its table and name."""
HERS = {"requests.name": _l("the name that you gave"), "requests.answers": _l("your answers")}
"""The same, said to the woman herself."""


def say_unread(found: Iterable[Unread]) -> list[tuple[str, int, str]]:
    """Say each field with how many of it cannot be read, and the names behind them where they are known."""
    said = []
    for field, rows in groupby(sorted(found, key=lambda one: one.field), key=lambda one: one.field):
        here = list(rows)
        names = ", ".join(one.name for one in here if one.name and one.name is not UNREADABLE)
        said.append((name_field(field), len(here), names))
    return said


def name_field(field: str, *, to_her: bool = False) -> str:
    """Name a field, given as table.field, in words."""
    if to_her and field in HERS:
        return str(HERS[field])
    return str(FIELDS[field]) if field in FIELDS else gettext("a field, %(field)s", field=field)
