"""The world behind the doors: three pairs brought forward together, kept at each stage, put back after each try."""

import hashlib
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from seeds.load import SECRET, give_second_lock
from tests.pages.story import Person, Story
from tests.pages.women import turn_clock
from tests.programme.browsing import ORIGIN, PASSPHRASE, Browser
from tests.programme.fixtures import browser_of, open_account
from tests.security.doors.people import NAMES, SEEN, UNSAFE, WITH_CODE_WORD, give_address
from tests.security.doors.raised import let_go_away, raise_concerns
from tests.security.doors.table import Stage, Who
from tests.services.worlds import said
from webapp import clock
from webapp.domain import details as detail_rules
from webapp.domain.access import VISITOR, Actor, Role
from webapp.domain.notices import Notice
from webapp.domain.notices import State as NoticeState
from webapp.domain.tasks import Desk, Kind, Soon
from webapp.extensions import db, transaction
from webapp.models import CheckIn, OutboxRow, Proposal, SignIn, User
from webapp.security import afterwards, departures, offered_names
from webapp.security.factors import present_code
from webapp.services import (
    accounts,
    checkins,
    choices,
    conversations,
    offers,
    outbox,
    proposals,
    rankings,
    requests,
    tasks,
    work,
)
from webapp.services.accounts import passkeys, phone_words, recovery, reset_links
from webapp.services.pairs import agreements, details, meetings
from webapp.services.safety import closed_files
from webapp.services.threads import talking

Things = dict[str, str]


@dataclass
class Kept:
    """A stage: the whole database, the hour, the things of each file, and everybody's cookies."""

    database: sqlite3.Connection
    ahead: timedelta
    things: dict[Who, Things]
    cookies: dict[Who, dict]


class World:
    """Everybody at their browsers, on a site that can be put back to any stage."""

    def __init__(self, app: Flask) -> None:
        self.app, self.stages = app, {}
        with app.app_context():
            self.file = sqlite3.connect(db.engine.url.database, isolation_level=None)
        self.digests: dict[tuple[str, ...], str] = {}
        self.digested_at = -1
        self.ahead, self.things = timedelta(), {Who.WOMAN: {}, Who.OTHER_WOMAN: {}, Who.MY_OWN_FILE: {}}
        turn_clock()
        self.story = Story(app)
        self.browsers: dict[Who, Browser] = {who: app.test_client() for who in Who}
        self._people()
        for stage, step in zip(Stage, self._steps(), strict=True):
            step()
            self._keep(stage)

    def _steps(self):
        yield lambda: None
        yield lambda: self._each(self._begin)
        yield lambda: self._each(self._send)
        yield lambda: self._each(self._show)
        yield lambda: self._each(self._want_none)
        yield lambda: self._each(self._choose)
        yield self._introduce
        yield lambda: self._each(self._answer)
        yield lambda: self._each(lambda *one: let_go_away(*one, robin=self.robin, asked=self.asked))
        yield lambda: self._each(lambda *one: raise_concerns(*one, closer=self.sam))

    # The story

    def _people(self) -> None:
        robin, noor = self.story.coordinator, self.story._person("noor", Role.COORDINATOR)
        pat = self.story._person(NAMES[Who.APPROVER], Role.APPROVER)
        with self.app.app_context(), transaction() as session:
            both = session.get_one(User, noor.id)
            both.roles.append(accounts.find_role(session, Role.REQUESTER))
            self.link = accounts.make_link(session, VISITOR, Role.SUPPORTER, now=clock.now())
        open_account(self.app, NAMES[Who.BARE], Role.COORDINATOR, locked=False)
        claire, ana = (self.story._person(NAMES[who], Role.REQUESTER) for who in (Who.WOMAN, Who.OTHER_WOMAN))
        self.women = {
            Who.WOMAN: claire,
            Who.OTHER_WOMAN: ana,
            Who.MY_OWN_FILE: Actor(noor.id, frozenset({Role.COORDINATOR, Role.REQUESTER})),
        }
        self.sam, kim = (self.story._person(name, Role.COORDINATOR) for name in ("sam", NAMES[Who.CLOSED]))
        with self.app.app_context(), transaction() as session:
            closed_files.close(session, claire.id, [kim.id], now=clock.now())
        self.everybody = [robin, noor, pat, claire, ana, kim]
        for who, woman in self.women.items():
            self.things[who]["user_id"] = str(woman.id)
        with self.app.app_context(), transaction() as session:
            give_second_lock(session, claire, clock.now())
            for who, woman in ((Who.WOMAN, claire), (Who.MY_OWN_FILE, self.women[Who.MY_OWN_FILE])):
                key, now = {"public_key": b"", "sign_count": 0, "transports": (), "name": "my phone"}, clock.now()
                passkeys.add(session, woman, credential_id=str(who).encode(), now=now, **key)
                self.things[who]["passkey_id"] = str(passkeys.list_own(session, woman)[0].id)
        dee, bee, fay = (self.story.supporter(name, capacity=3) for name in ("Dee", "Bee", "Fay"))
        self.asked: dict[Who, list[Person]] = {
            Who.WOMAN: [dee, bee],
            Who.OTHER_WOMAN: [bee, fay],
            Who.MY_OWN_FILE: [fay, bee],
        }
        self.robin = robin
        self.everybody += [dee.actor, bee.actor, fay.actor]
        self._ways_back(claire, noor, pat)

    def _ways_back(self, claire: Actor, noor: Actor, pat: Actor) -> None:
        now = clock.now()
        with self.app.test_request_context(), transaction() as session:
            for person in self.everybody:
                phone_words.set_phone_words(session, person, "candle river", now=now)
            for person in self.everybody:
                give_address(session, person)
            code = recovery.make_code(session, claire, now=now)
            offered = offered_names.offer(session, "en")
            for who, person in ((Who.WOMAN, claire), (Who.MY_OWN_FILE, noor)):
                user = session.get_one(User, person.id)
                hour_code = reset_links.make_link(session, self.robin, user, reset_links.DESK, now=now)
                self.things[who]["hour_code"] = hour_code
        for things in self.things.values():
            things |= {"recovery_code": code, "offered": offered}

    def _each(self, step) -> None:
        for who, things in self.things.items():
            with self.app.app_context(), transaction() as session:
                step(session, self.women[who], things, who)

    def _begin(self, session, woman, things, who) -> None:
        row = requests.start_request(session, woman, time_zone="America/Toronto", now=clock.now())
        session.flush()
        requests.answer_questions(session, woman, row.id, said(WITH_CODE_WORD, "requester"), now=clock.now())
        things["cover_supporter_id"] = str(self.asked[Who.WOMAN][1].thing_id)
        things["request_id"], things["supporter_id"] = str(row.id), str(self.asked[who][0].thing_id)

    def _send(self, session, woman, things, _who) -> None:
        requests.send_request(session, woman, UUID(things["request_id"]), now=clock.now())
        session.flush()
        things["notice_id"] = str(self._unsent(session, woman))
        made = rankings.rank_request(session, self.robin, UUID(things["request_id"]), now=clock.now())
        session.flush()
        things["ranking_id"], things["gate"] = str(made.id), "capacity"

    def _unsent(self, session, woman) -> UUID:
        outbox.put(session, Notice.YOU_HAVE_A_MESSAGE, dedupe=str(woman.id), due_at=clock.now(), to=woman.id)
        session.flush()
        row = session.scalars(select(OutboxRow).filter_by(to_user_id=woman.id, kind=Notice.YOU_HAVE_A_MESSAGE)).one()
        row.state, row.code, row.settled_at = NoticeState.FAILED, "line_cut", clock.now()
        return row.id

    def _show(self, session, _woman, things, who) -> None:
        chosen, ranking_id = [person.thing_id for person in self.asked[who]], UUID(things["ranking_id"])
        proposals.approve_proposals(
            session, self.robin, ranking_id, chosen, override="she_asked", has_read_names=True, now=clock.now()
        )  # fmt: skip
        session.flush()
        of = {one.supporter_id: one.id for one in session.scalars(select(Proposal).filter_by(ranking_id=ranking_id))}
        things["proposal_id"], things["next_proposal_id"] = (str(of[one]) for one in chosen)

    def _want_none(self, session, woman, things, _who) -> None:
        request_id, none = UUID(things["request_id"]), choices.NOBODY
        choices.choose(session, woman, request_id, ordered=[], instead=none, now=clock.now())

    def _choose(self, session, woman, things, _who) -> None:
        """She tapped by mistake, brings them back, and chooses."""
        order = [UUID(things["proposal_id"]), UUID(things["next_proposal_id"])]
        request_id = UUID(things["request_id"])
        choices.bring_back(session, woman, request_id, now=clock.now())
        choices.choose(session, woman, request_id, ordered=order, instead=None, now=clock.now())

    def _introduce(self) -> None:
        self._each(self._accept)
        clock.move(timedelta(days=4))
        self.ahead += timedelta(days=4)
        self._each(self._arrange)

    def _accept(self, session, woman, things, who) -> None:
        supporter, now = self.asked[who][0].actor, clock.now()
        pair = offers.accept_proposal(session, supporter, UUID(things["proposal_id"]), now=now)
        conversations.write_message(session, woman, pair.id, "Only the two of us read this.", now=now)
        planned = select(CheckIn).filter_by(introduction_id=pair.id).order_by(CheckIn.due_on)
        hers = [one.id for one in session.scalars(planned.filter_by(user_id=woman.id))]
        theirs = session.scalars(planned.filter_by(user_id=supporter.id)).first()
        things["introduction_id"], things["supporter_checkin_id"] = str(pair.id), str(theirs.id)
        things["checkin_id"], things["later_checkin_id"] = str(hers[0]), str(hers[1])

    def _arrange(self, session, woman, things, who) -> None:
        """Let each release a way, her propose a time and terms, and both accept another time."""
        pair, dee, now = UUID(things["introduction_id"]), self.asked[who][0].actor, clock.now()
        for person, name in ((woman, "detail_id"), (dee, "supporter_detail_id")):
            made = details.release(session, person, pair, detail_rules.Kind.NUMBER, "416 555 0100", now=now)
            things[name] = str(made.id)
        first, second, third = free_starts(session, woman, pair)[:3]
        for start, name in ((first, "meeting_id"), (second, "met_meeting_id")):
            made = meetings.propose(
                session, woman, pair, way="site_messages", minutes=30, starts_at=start, now=now
            )  # fmt: skip
            things[name] = str(made.id)
        meetings.accept(session, dee, pair, UUID(things["met_meeting_id"]), now=now)
        things["starts"] = third.isoformat()
        things["agreement_id"] = str(agreements.propose(session, woman, pair, {"weeks": 12}, now=now).id)

    def _answer(self, session, woman, things, _who) -> None:
        now, checkin, pair = clock.now(), UUID(things["checkin_id"]), UUID(things["introduction_id"])
        checkins.answer_checkin(session, woman, checkin, UNSAFE, now=now)
        about = {"about": woman.id, "thing": pair, "introduction_id": pair}
        for name, desk in (("task_id", Desk.COORDINATORS), ("approval_id", Desk.APPROVER)):
            kind = Kind.SILENCE if desk is Desk.COORDINATORS else Kind.WITHOUT_SUPPORTER
            task = tasks.open_task(session, woman, kind, **about, soon=Soon.TODAY, desk=desk, now=now)
            things[name] = str(task.id)
        talking.write(session, woman, "A word to the coordinators.", "1", now=now)
        talking.answer(session, self.robin, woman.id, "A word back.", "2", seen=None, now=now)

    # Keeping and putting back

    def _keep(self, stage: Stage) -> None:
        for who, name in NAMES.items():
            self.browsers[who]._cookies.clear()
            assert self.browsers[who].sign_in(name).status_code == 303
        self._sign_out_and_keep_cookie()
        self._stop_between_the_steps()
        with self.app.app_context(), transaction() as session:
            work.begin_beat(session, "the worker of this stage", now=clock.now())
        for who, things in self.things.items():
            other = browser_of(self.app, username=NAMES[who])
            with self.app.app_context(), transaction() as session:
                found = select(SignIn.id).where(SignIn.token_hash == accounts.hash_token(other.token() or ""))
                things["sign_in_id"] = str(session.scalars(found).one())
        self.browsers[Who.BETWEEN].next_code()  # so that none counts as used
        things = {
            who: {"token": self.link, "screen": "start", "part": "ways", "filename": "site.css", **one}
            for who, one in self.things.items()
        }
        self._open_a_form()
        copy = sqlite3.connect(":memory:")
        self.file.backup(copy)
        cookies = {who: dict(browser._cookies) for who, browser in self.browsers.items()}
        self.stages[stage] = Kept(copy, self.ahead, things, cookies)

    def _open_a_form(self) -> None:
        for who in Who:
            if who is not Who.SIGNED_OUT:
                assert self.browsers[who].get("/about").status_code == 200
        assert len(set(map(raw_field, self.browsers.values()))) == len(Who)

    def _sign_out_and_keep_cookie(self) -> None:
        browser = self.browsers[Who.SIGNED_OUT]
        browser._cookies.clear()
        assert browser.sign_in(NAMES[Who.WOMAN]).status_code == 303
        browser.get("/about")
        kept = dict(browser._cookies)
        assert browser.send("/sign-out").status_code == 303
        browser._cookies = kept

    def _stop_between_the_steps(self) -> None:
        browser = self.browsers[Who.BETWEEN]
        browser._cookies.clear()
        answer = browser.send("/sign-in", username=NAMES[Who.WOMAN], passphrase=PASSPHRASE)
        assert answer.location == "/second-step"
        browser.username = NAMES[Who.WOMAN]

    def turn_to(self, stage: Stage) -> Kept:
        """Put everything back to a stage, with the code that fits at its hour, however long the building took."""
        kept = self.stages[stage]
        afterwards.wait(self.app)
        departures.of(self.app).forget()
        kept.database.backup(self.file)
        self.digests = {}  # the number tells of the writing of others only
        turn_clock()
        clock.move(kept.ahead)
        code, _ = present_code(SECRET)
        for things in kept.things.values():
            things["code"] = code
        return kept

    def browser(self, stage: Stage, who: Who) -> Browser:
        """Return somebody's browser with the cookies of a stage."""
        self.browsers[who]._cookies = dict(self.stages[stage].cookies[who])
        return self.browsers[who]

    def digest(self, without: Iterable[str] = ()) -> str:
        """Return one hash of every row of every table, without the tries and without when a sign-in was last seen.

        SQLite tells by a number whether any other connection has written since; only then it is worked out anew.
        """
        afterwards.wait(self.app)
        (written,) = self.file.execute("PRAGMA data_version").fetchone()
        if self.digested_at != written:
            self.digests, self.digested_at = {}, written
        left_out = tuple(without)
        if left_out not in self.digests:
            self.digests[left_out] = self._work_out(left_out)
        return self.digests[left_out]

    def records(self) -> int:
        """Return how many records the audit has."""
        (count,) = self.file.execute("SELECT count(*) FROM audit_records").fetchone()
        return int(count)

    def _work_out(self, without: Iterable[str]) -> str:
        whole = hashlib.sha256()
        tables = [row[0] for row in self.file.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")]
        for table in tables:
            if table in ("tries", *without):
                continue
            left_out = SEEN.get(table, set())
            columns = [row[1] for row in self.file.execute(f"PRAGMA table_info({table})") if row[1] not in left_out]
            whole.update(f"{table}|{columns}".encode())
            for row in sorted(map(repr, self.file.execute(f"SELECT {', '.join(columns)} FROM {table}"))):
                whole.update(row.encode())
        return whole.hexdigest()


def free_starts(session, woman: Actor, pair: UUID) -> list:
    """List when the two could begin to talk."""
    choice = meetings.read_choice(session, woman, pair, now=clock.now())
    return choice.shared.starts("site_messages", 30, choice.zone, now=clock.now())


def raw_field(browser: Browser) -> str:
    """Return what the hidden field of a browser's forms is made of."""
    with browser.session_transaction(base_url=ORIGIN) as kept:
        return str(kept["csrf_token"])
