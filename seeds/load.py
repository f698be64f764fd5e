"""Load the invented programme through the services: accounts, supporters, requests, then the story."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Literal
from uuid import UUID

from sqlalchemy.orm import Session

from seeds import people
from seeds.people import UNTIL, Row
from webapp.domain import supporters as supporter_rules
from webapp.domain.access import VISITOR, Actor, Role
from webapp.security.factors import secret_of
from webapp.services import accounts, matching, requests, supporters
from webapp.services.accounts import factors
from webapp.services.matching import Said
from webapp.services.safety import records

STATES = {state.value: state for state in supporter_rules.State}
NOON = time(12, tzinfo=UTC)
ASKED_AGAIN = timedelta(days=7)
"""So long ago the invented women last said that the way they are reached is still right."""
SECRET = "PAIRWELLRIVERSIDE2345PAIRWELL234"  # noqa: S105  # invented people only
RECOVERY = tuple(f"2026 1123 {number:04}" for number in range(1001, 1011))


class Programme:
    """What has been loaded: who is who, so that the story can go on."""

    def __init__(self, session: Session, password_hash: str, now: datetime) -> None:
        self.session, self.password_hash, self.now = session, password_hash, now
        self.coordinator = self.account("coordinator", Role.COORDINATOR)
        give_second_lock(session, self.coordinator, now)
        self.supporters: dict[str, tuple[Actor, UUID]] = {}
        self.women: dict[str, tuple[Actor, UUID]] = {}

    def account(self, username: str, role: Role, language: str = "en") -> Actor:
        """Open an account; everybody invented has the same passphrase."""
        user = accounts.create_user(
            self.session,
            VISITOR,
            username=username,
            password_hash=self.password_hash,
            role=role,
            language=language,
            now=self.now,
        )
        return Actor(user.id, frozenset({role}))


def give_second_lock(session: Session, actor: Actor, now: datetime) -> None:
    """Give somebody invented the second lock that her role requires, with a secret that everybody may know."""
    begun = factors.begin_codes(session, actor, secret_of(SECRET), now=now)
    factors.confirm_codes(session, actor, begun, now=now)
    factors.keep_recovery_codes(session, actor, list(RECOVERY), now=now)


def load(session: Session, password_hash: str, *, now: datetime) -> Programme:
    """Load everybody: supporters first, then the women who wait."""
    programme = Programme(session, password_hash, now)
    for row in people.read("supporters", now.date()):
        programme.supporters[row.id] = _supporter(programme, row)
    session.flush()
    for row in people.read("requests", now.date()):
        programme.women[row.id] = _request(programme, row)
    matching.fit_anew(session, now=now)
    return programme


def _supporter(programme: Programme, row: Row) -> tuple[Actor, UUID]:
    actor = programme.account(row.id, Role.SUPPORTER, _language(row))
    enrolled = supporters.enrol_supporter(
        programme.session,
        programme.coordinator,
        actor.id or UUID(int=0),
        _answers(row, "supporter"),
        now=programme.now,
        state=STATES.get(row.cells["status"], supporter_rules.State.ON_A_BREAK),
        time_zone=row.cells["time_zone"] or "America/Toronto",
        capacity=int(row.number("capacity", "1")),
        strain=Decimal(row.number("strain", "0")),
        last_matched=row.day("last_matched"),
        **{name: row.day(name) for name in UNTIL},
    )
    return actor, enrolled.id


def _request(programme: Programme, row: Row) -> tuple[Actor, UUID]:
    session, actor = programme.session, programme.account(row.id, Role.REQUESTER, _language(row))
    since = datetime.combine(row.day("waiting_since") or programme.now.date(), NOON)
    request = requests.start_request(session, actor, time_zone=row.cells["time_zone"] or "America/Toronto", now=since)
    session.flush()
    requests.answer_questions(session, actor, request.id, {**_answers(row, "requester")}, now=since)
    requests.send_request(session, actor, request.id, now=since)
    session.flush()
    records.still_safe(session, actor, request.user_id, now=max(since, programme.now - ASKED_AGAIN))
    return actor, request.id


def _language(row: Row) -> str:
    return "fr" if row.cells["languages"].split(";")[0].strip() == "fr" else "en"


def _answers(row: Row, side: Literal["requester", "supporter"]) -> dict[str, Said]:
    asked = {question.id for question in matching.questionnaire().asked_of(side)}
    read: Callable[[str], Said | None] = lambda column: matching.read_cell(column, row.cells[column], side)  # noqa: E731
    answers = {column: read(column) for column in row.cells if column in asked}
    return {column: said for column, said in answers.items() if said is not None}
