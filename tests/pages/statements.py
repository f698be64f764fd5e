"""Count what a page asks of the database, and fill a desk with many rows to see that the count stays."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from tests.pages.story import Story
from tests.programme.browsing import Browser
from webapp import clock
from webapp.domain.checkins import Urgency
from webapp.extensions import db, transaction
from webapp.models import (
    CheckIn,
    Introduction,
    Message,
    Proposal,
    Request,
    RequestAnswer,
    StoredRanking,
    Supporter,
    SupporterAnswer,
    User,
)

MOST = 12
"""The most statements that a page may need, the look at her sign-in included."""


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    said: list[str] = []

    def keep(_connection, _cursor, statement, *_rest) -> None:
        said.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", keep)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", keep)


def statements_of(app: Flask, browser: Browser, path: str) -> int:
    """Open a page twice, so that what is read once in a process is there, and count the second time."""
    assert browser.get(path).status_code == 200
    with counted(app) as said:
        assert browser.get(path).status_code == 200
    return len(said)


def fill_desk(story: Story, count: int) -> None:
    """Add this many to every queue of the desk: waiting, offers out, silent pairs, check-ins. Rows alone, for speed."""
    with story.app.app_context(), transaction() as session:
        for _ in range(count):
            supporter = _supporter(session)
            _request(session, "waiting")
            _proposal(session, story, _request(session, "proposed"), supporter, "offered")
            silent = _request(session, "matched")
            proposal = _proposal(session, story, silent, supporter, "accepted")
            _silent_pair(session, silent, proposal)


def _user(session: Session) -> UUID:
    key = uuid4().hex
    user = User(username=key, fs_uniquifier=key, active=True, language="en")
    session.add(user)
    session.flush()
    return user.id


def _request(session: Session, state: str) -> Request:
    request = Request(
        user_id=_user(session), state=state, questionnaire="recovery", questionnaire_version="1",
        started_at=clock.now(), waiting_since=clock.now(),
    )  # fmt: skip
    request.answers = [RequestAnswer(request_id=request.id, question="name", said={"answer": "Claire"})]
    session.add(request)
    session.flush()
    return request


def _supporter(session: Session) -> Supporter:
    supporter = Supporter(user_id=_user(session), state="active", capacity=2)
    supporter.answers = [SupporterAnswer(supporter_id=supporter.id, question="name", said={"answer": "Dee"})]
    session.add(supporter)
    session.flush()
    return supporter


def _proposal(session: Session, story: Story, request: Request, supporter: Supporter, state: str) -> Proposal:
    now = clock.now()
    ranking = StoredRanking(
        request_id=request.id, engine="1", weights="1", fit="1", made_at=now, made_by=story.coordinator.id
    )
    session.add(ranking)
    session.flush()
    proposal = Proposal(
        request_id=request.id, supporter_id=supporter.id, ranking_id=ranking.id, place=1, grains=1, state=state,
        expires_at=now,
    )  # fmt: skip
    proposal.told = {"requester": [], "supporter": []}
    session.add(proposal)
    session.flush()
    return proposal


def _silent_pair(session: Session, request: Request, proposal: Proposal) -> None:
    now = clock.now()
    pair = Introduction(
        request_id=request.id, supporter_id=proposal.supporter_id, proposal_id=proposal.id, introduced_at=now,
        first_contact_by=now - timedelta(days=1), until=now.date(),
    )  # fmt: skip
    session.add(pair)
    session.flush()
    due = CheckIn(introduction_id=pair.id, user_id=request.user_id, due_on=now.date(), state="answered")
    due.urgency, due.answered_at, due.said = Urgency.TODAY, now, {"safe": "no"}
    session.add(due)


def fill_conversation(story: Story, introduction_id, sender, count: int) -> None:
    with story.app.app_context(), transaction() as session:
        for _ in range(count):
            session.add(Message(introduction_id=introduction_id, sender_id=sender, sent_at=clock.now(), body="Hello"))
