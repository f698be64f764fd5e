"""Count what every page asks of the database, at 10 rows and at 1,000: python -m tests.pages.statements prints it.

The women, supporters and pairs of PAGES are a small story of their own beside the rows that only fill.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from tests.pages.safety.many_concerns import fill_concerns
from tests.pages.story import Story
from tests.programme.browsing import Browser
from tests.programme.databases import OnSqlite, settings_for
from tests.programme.fixtures import run
from webapp import clock
from webapp.domain import concerns as concern_rules
from webapp.domain.access import Actor, Role
from webapp.domain.checkins import Urgency
from webapp.domain.tasks import Desk, Kind, Soon
from webapp.extensions import db, transaction
from webapp.models import (
    Agreement,
    CheckIn,
    Cover,
    Introduction,
    LeavingWish,
    Meeting,
    Message,
    OutboxRow,
    Proposal,
    Request,
    StoredRanking,
    Supporter,
    TalkLog,
    User,
)
from webapp.services import checkins, choices, requests, tasks
from webapp.services.absences import asking, breaks, naming
from webapp.services.desk.queues import Queue
from webapp.services.pairs import meetings
from webapp.services.safety import concerns
from webapp.services.safety.concerns import Told
from webapp.services.threads import talking

MOST = 22
"""The most statements that a page may need, the look at her sign-in and five for a record of reading included.

What is read of somebody at the desk asks each time whether her file is closed: for a request three times.
"""
Seen = dict[str, int]


class Pages:
    """Every page that reads the database, each with somebody who may open it."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.drafting, self.choosing = story.woman("Ada"), story.woman("Clara")
        self.asking = story.woman("Berta", code_word="lantern", safe_hours="weekday_evening")
        with story.app.app_context(), transaction() as session:
            requests.withdraw_request(session, self.drafting.actor, self.drafting.thing_id, now=clock.now())
            requests.start_request(session, self.drafting.actor, time_zone="America/Toronto", now=clock.now())
        self.dee = story.supporter("Dee", capacity=3)
        self.met = story.woman("Mona")
        clock.move(-timedelta(days=4))
        self.pair = story.introduced(self.met, self.dee)
        clock.set_right()
        with story.app.app_context(), transaction() as session:
            self.due = checkins.list_due(session, self.met.actor, on=clock.now().date())[0].id
        with story.app.app_context(), transaction() as session:
            self.meeting = _planned(session, self.pair, self.met.actor, self.dee.actor)
            self.task = tasks.open_task(
                session, self.met.actor, Kind.SILENCE, about=self.met.actor.id, thing=self.pair, soon=Soon.TODAY,
                introduction_id=self.pair, now=clock.now(),
            ).id  # fmt: skip
            told = Told(concern_rules.Kind.OTHER, self.pair, words="The times never suit.")
            self.concern = concerns.raise_concern(session, self.met.actor, told, now=clock.now()).id
        story._person("pat", Role.APPROVER)
        with story.app.app_context(), transaction() as session:
            for person in (self.asking, self.dee):
                talking.write(session, person.actor, "Hello.", "1", now=clock.now())
                talking.answer(session, story.coordinator, person.actor.id, "Hello.", "2", seen=None, now=clock.now())
        self._let_go_away()
        self.shown = story.shown(self.choosing, self.dee)
        self.hoping, self.passing = story.woman("Olga"), story.woman("Petra")
        self.offer = story.offered(self.hoping, self.dee)
        story.shown(self.passing, self.dee)
        with story.app.app_context(), transaction() as session:
            none = {"ordered": [], "instead": choices.NOBODY, "now": clock.now()}
            choices.choose(session, self.passing.actor, self.passing.thing_id, **none)

    def _let_go_away(self) -> None:
        """Let another supporter go on a break, and her woman ask for Eve meanwhile."""
        story, now = self.story, clock.now()
        gus, self.eve, self.left = story.supporter("Gus"), story.supporter("Eve"), story.woman("Rosa")
        self.alone = story.introduced(self.left, gus)
        with story.app.app_context(), transaction() as session:
            naming.name_at_desk(session, story.coordinator, self.alone, self.eve.thing_id, has_read_names=True, now=now)
            breaks.begin(session, gus.actor, None, now=now)
        with story.app.app_context(), transaction() as session:
            asking.show(session, self.alone, now=now)
            self.cover = session.scalars(select(Cover.id).where(Cover.introduction_id == self.alone)).one()
            asking.want(session, self.left.actor, self.alone, self.cover, now=now)

    def count(self) -> Seen:
        """Count the statements of each page, a fresh ranking among them."""
        ranking = self.story.ranked(self.asking)
        seen = {}
        for name, username, path in self.paths(ranking):
            seen[name] = statements_of(self.story.app, self.story.browser(username), path)
        return seen

    def paths(self, ranking: UUID) -> Iterator[tuple[str, str, str]]:
        """List every page: its name, who opens it, and its address."""
        yield from ((f"/desk?queue={queue}", "robin", f"/desk?queue={queue}") for queue in Queue)
        yield "/desk/tasks/...", "robin", f"/desk/tasks/{self.task}"
        yield from self._of_concerns()
        yield "/desk/pairs/...", "robin", f"/desk/pairs/{self.pair}"
        yield "/check-ins", self.met.username, "/check-ins"
        yield "/approvals", "pat", "/approvals"
        yield "/break", self.dee.username, "/break"
        yield "/desk/pairs/.../cover", "robin", f"/desk/pairs/{self.pair}/cover"
        yield from self._of_absences()
        yield "/desk/me", "robin", "/desk/me"
        yield "/desk/people/.../thread", "robin", f"/desk/people/{self.asking.actor.id}/thread"
        yield "/desk/requests/.../look-again", "robin", f"/desk/requests/{self.asking.thing_id}/look-again"
        yield "/coordinator", self.asking.username, "/coordinator"
        yield "/coordinator for a supporter", self.dee.username, "/coordinator"
        yield "/coordinator/soon", self.asking.username, "/coordinator/soon"
        yield "/desk/requests/...", "robin", f"/desk/requests/{self.asking.thing_id}"
        yield "/desk/requests/.../profile", "robin", f"/desk/requests/{self.asking.thing_id}/profile"
        yield "/desk/requests/... with people", "robin", f"/desk/requests/{self.choosing.thing_id}"
        yield "/desk/rankings/...", "robin", f"/desk/rankings/{ranking}"
        yield "/offers", self.dee.username, "/offers"
        yield "/offers/...", self.dee.username, f"/offers/{self.offer}"
        yield "/together/... for a supporter", self.dee.username, f"/together/{self.pair}"
        yield "/together/...", self.met.username, f"/together/{self.pair}"
        for part in ("/reach", "/times", "/times?way=site_messages&minutes=30", "/agreement", "/folding"):
            yield f"/together/...{part}", self.met.username, f"/together/{self.pair}{part}"
        yield "/together/.../calendar", self.met.username, f"/together/{self.pair}/times/{self.meeting}/calendar"
        yield "/together/.../change", self.met.username, f"/together/{self.pair}/change"
        yield "/check-ins/...", self.met.username, f"/check-ins/{self.due}"
        yield "/how-to-reach-me", self.asking.username, "/how-to-reach-me"
        for part in ("ways", "hours", "words"):
            yield f"/how-to-reach-me/{part}", self.asking.username, f"/how-to-reach-me/{part}"
        yield "/desk/requests/.../code-word", "robin", f"/desk/requests/{self.asking.thing_id}/code-word"
        yield "/account/notices", "robin", "/account/notices"
        yield "/people", self.choosing.username, "/people"
        yield "/people while one is asked", self.hoping.username, "/people"
        yield "/people with nobody", self.passing.username, "/people"
        yield "/people/differs", self.passing.username, "/people/differs"
        yield "/questions/state while asked", self.hoping.username, "/questions/state"
        yield "/desk/requests/... after none", "robin", f"/desk/requests/{self.passing.thing_id}"
        yield "/questions/support", self.drafting.username, "/questions/support"
        yield "/questions/summary", self.asking.username, "/questions/summary"
        yield "/questions/sent", self.asking.username, "/questions/sent"
        yield "/questions/state", self.asking.username, "/questions/state"
        yield "/questions/withdraw", self.asking.username, "/questions/withdraw"
        for path in (
            "/account",
            "/account/sign-ins",
            "/account/recovery-code",
            "/account/phone-words",
            "/account/close",
        ):
            yield path, self.asking.username, path

    def _of_absences(self) -> Iterator[tuple[str, str, str]]:
        yield "/together/... while she is away", self.left.username, f"/together/{self.alone}"
        yield "/offers while asked to cover", self.eve.username, "/offers"
        yield "/offers/meanwhile/...", self.eve.username, f"/offers/meanwhile/{self.cover}"

    def _of_concerns(self) -> Iterator[tuple[str, str, str]]:
        yield "/desk/concerns/...", "robin", f"/desk/concerns/{self.concern}"
        yield "/desk/pairs/.../hold", "robin", f"/desk/pairs/{self.pair}/hold"
        yield "/tell", self.met.username, f"/tell?about={self.pair}"
        yield "/told", self.met.username, "/told"
        yield "/told/...", self.met.username, f"/told/{self.concern}"

    def fill(self, count: int) -> None:
        """Add this many rows to every list that a page could show."""
        fill_desk(self.story, count)
        fill_conversation(self.story, self.pair, self.met.actor.id, count)
        fill_concerns(self.story, self.concern, self.met.actor, count)
        fill_meetings(self.story, self.pair, self.met.actor.id, count)
        fill_thread(self.story, self.asking.actor, count)


def count_at_ten_and_a_thousand(story: Story) -> tuple[Seen, Seen]:
    """Count every page with 10 rows in every list, and again with 1,000."""
    pages = Pages(story)
    pages.fill(10)
    ten = pages.count()
    pages.fill(990)
    return ten, pages.count()


def too_many(seen: Seen) -> Seen:
    """Return the pages that need more statements than they may."""
    return {page: count for page, count in seen.items() if count > MOST}


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
    """Add this many to every queue of the desk: waiting, offers out, silent pairs, check-ins, wishes to leave."""
    with story.app.app_context(), transaction() as session:
        for _ in range(count):
            supporter = _supporter(session)
            _request(session, "waiting")
            _proposal(session, story, _request(session, "proposed"), supporter, "offered")
            silent = _request(session, "matched")
            proposal = _proposal(session, story, silent, supporter, "accepted")
            _silent_pair(session, silent, proposal)
            session.add(LeavingWish(user_id=supporter.user_id, asked_at=clock.now()))
            _task(session, silent)
            _unsent(session, supporter)


def _unsent(session: Session, supporter: Supporter) -> None:
    kept = {"payload": {}, "state": "failed", "code": "line_cut", "attempts": 8}
    to, now = supporter.user_id, clock.now()
    session.add(OutboxRow(kind="a message", to_user_id=to, dedupe=str(to), due_at=now, settled_at=now, **kept))


def _task(session: Session, request: Request) -> None:
    """Open a task at each desk: the words of somebody, and what is left to the approver."""
    woman = Actor(request.user_id, frozenset({Role.REQUESTER}))
    talking.write(session, woman, "Hello.", "1", now=clock.now())
    about = {"about": request.user_id, "thing": request.id, "soon": Soon.TODAY, "desk": Desk.APPROVER}
    tasks.open_task(session, Actor(None), Kind.CONCERN, **about, now=clock.now())


def _user(session: Session) -> UUID:
    key = uuid4().hex
    user = User(username=key, fs_uniquifier=key, active=True, language="en")
    session.add(user)
    session.flush()
    return user.id


def _request(session: Session, state: str) -> Request:
    request = Request(
        user_id=_user(session), state=state, questionnaire="recovery", questionnaire_version="1",
        started_at=clock.now(), waiting_since=clock.now(), looking_since=clock.now(),
    )  # fmt: skip
    request.name = "Claire"
    session.add(request)
    session.flush()
    return request


def _supporter(session: Session) -> Supporter:
    supporter = Supporter(user_id=_user(session), state="active", capacity=2)
    supporter.name = "Dee"
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


def fill_meetings(story: Story, introduction_id, person, count: int) -> None:
    """Add this many talks that were, with what she said of each, and as many agreements of former times."""
    with story.app.app_context(), transaction() as session:
        for number in range(count):
            at, which = clock.now() - timedelta(days=20 + number), {"introduction_id": introduction_id}
            meeting = Meeting(**which, proposed_by=person, proposed_at=at, starts_at=at, state="accepted")
            meeting.how = {"way": "site_messages", "minutes": "30"}
            session.add(meeting)
            session.flush()
            said = {"talked": "yes"}
            log = TalkLog(**which, user_id=person, meeting_id=meeting.id, on_day=at.date(), said_at=at, said=said)
            terms = Agreement(**which, proposed_by=person, proposed_at=at, terms={"weeks": 12})
            session.add_all([log, terms])


def _planned(session: Session, pair: UUID, woman: Actor, supporter: Actor) -> UUID:
    now = clock.now()
    choice = meetings.read_choice(session, woman, pair, now=now)
    starts = choice.shared.starts("site_messages", 30, choice.zone, now=now)[0]
    how = {"way": "site_messages", "minutes": 30, "starts_at": starts}
    meeting = meetings.propose(session, woman, pair, **how, now=now)
    meetings.accept(session, supporter, pair, meeting.id, now=now)
    return meeting.id


def fill_thread(story: Story, woman: Actor, count: int) -> None:
    with story.app.app_context(), transaction() as session:
        for number in range(count):
            talking.write(session, woman, f"Hello, {number}", uuid4().hex, now=clock.now())


def main(say: Callable[[str], object] = print) -> int:
    """Print what every page asks at 10 rows and at 1,000."""
    databases = OnSqlite()
    try:
        for app in run(settings_for(databases.ready(), databases.folder)):
            ten, thousand = count_at_ten_and_a_thousand(Story(app))
    finally:
        databases.close()
    say(f"{'page':<32}{'10 rows':>8}{'1,000 rows':>12}")
    for page, few in ten.items():
        say(f"{page:<32}{few:>8}{thousand[page]:>12}")
    return int(any(count > ten[page] for page, count in thousand.items()) or bool(too_many(thousand)))


if __name__ == "__main__":
    sys.exit(main())
