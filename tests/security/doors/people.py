"""Who stands behind the doors: the name of each, what they have said, and what a visit may move."""

from sqlalchemy import select

from tests.security.doors.table import Who
from tests.services.worlds import HERS
from webapp import clock
from webapp.domain.access import Actor
from webapp.models import NoticeAddress

WITH_CODE_WORD = {**HERS, "code_word": "lantern"}
NAMES = {
    Who.WOMAN: "w-claire",
    Who.OTHER_WOMAN: "w-ana",
    Who.SUPPORTER: "s-dee",
    Who.OTHER_SUPPORTER: "s-bee",
    Who.COORDINATOR: "robin",
    Who.MY_OWN_FILE: "noor",
    Who.APPROVER: "pat",
    Who.BARE: "lou",
    Who.CLOSED: "kim",
}
UNSAFE = {"listened": "mostly", "safe": "not_sure"}
SEEN = {"sign_ins": {"seen_at"}, "threads": {"seen_at"}}
"""What a visit may move at any time; the tries that slow guessing down are left out whole."""


def give_address(session, person: Actor) -> None:
    """Let somebody's notices go to an address, once a code is typed."""
    if session.scalars(select(NoticeAddress).filter_by(user_id=person.id)).first() is None:
        row = NoticeAddress(user_id=person.id, said_at=clock.now())
        row.said = {"address": "a@example.org", "zone": "America/Toronto", "code": "12345678"}
        session.add(row)
