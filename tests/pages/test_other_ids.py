"""Questions are found by their role: with every id of the questionnaire changed, every page says the same."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from matcher import load_questionnaire
from matcher.questionnaire.columns import SIDES
from tests.matcher.worlds.small_programme import write
from tests.pages.story import IN_DATE
from tests.programme.browsing import words_of
from tests.programme.databases import OnSqlite, settings_for
from tests.programme.fixtures import browser_of, open_account, run
from tests.programme.questionnaires import OTHER, asking, default_text, with_other_ids
from tests.services.worlds import NOW, said
from webapp import clock
from webapp.domain import supporters as supporter_rules
from webapp.domain.access import Actor, Role
from webapp.extensions import transaction
from webapp.models import Introduction, Proposal, Request, StoredRanking
from webapp.services import matching, supporters
from webapp.services.engine.people import need_of

UNTIL = dict.fromkeys(("trained_until", "cleared_until", "agreed_until", "supervised_until"), IN_DATE)
FACTS = {"state": supporter_rules.State.ACTIVE, "capacity": 2, "time_zone": "America/Toronto", **UNTIL}
TEXTS = {"name": "Claire", "pronouns": "she", "code_word": "Purple lantern", "town": "Windsor", "hope": "One calm week"}


def hers(p: str) -> dict[str, dict[str, Any]]:
    """Return what she answers, screen by screen; `p` stands before every id."""
    said = {name: {f"q-{p}{name}": text} for name, text in TEXTS.items()}
    ways, safe = [f"{p}in_site", f"{p}call"], [f"{p}weekday_evening"]
    return {
        "start": {f"q-{p}adult": "yes", **said["name"], **said["pronouns"]},
        "safety": {f"q-{p}device_safe": "no"},
        "reach": {f"q-{p}reach": ways, f"q-{p}safe_hours": safe, **said["code_word"]},
        "talking": {f"q-{p}languages": [f"{p}en"], f"q-{p}modes": [f"{p}site_messages", f"{p}phone"]},
        "times": {f"q-{p}availability": [f"{p}weekday_morning", f"{p}weekday_evening"]},
        "support": {f"q-{p}topics": [f"{p}alcohol", f"{p}grief"], f"q-{p}topics-star": [f"{p}alcohol"]},
        "wishes": {f"q-{p}wishes-{p}close_in_age": "nice"},
        "limits": {
            f"q-{p}different_town": "yes",
            f"q-{p}not_with": "Dee from Kenora",
            f"q-{p}not_now": [f"{p}parenting"],
            **said["town"],
        },
        "hope": said["hope"],
    }


def theirs(p: str, name: str, topics: str) -> dict[str, str]:
    """Return what a supporter answered."""
    return {
        f"{p}name": name, f"{p}hello": f"I am {name}, and I like tea.", f"{p}languages": f"{p}en",
        f"{p}modes": f"{p}site_messages; {p}phone", f"{p}availability": "Mon-Fri 08:00-22:00", f"{p}town": "Kenora",
        f"{p}topics": topics, f"{p}months_steady": f"{p}alcohol=36; {p}grief=36",
        f"{p}card": f"{p}topics",
    }  # fmt: skip


class Visit:
    """One programme from the first question to the pair, and what every page on the way said."""

    def __init__(self, app: Flask, p: str) -> None:
        self.app, self.p, self.told = app, p, {}
        clock.set_right()
        clock.stop()  # pages say the minute, and a slow machine takes more than one
        clock.move(NOW - clock.now())
        matching.keeper.forget()
        self.robin = Actor(open_account(app, "robin", Role.COORDINATOR), frozenset({Role.COORDINATOR}))
        for name, topics in (("Dee", f"{p}alcohol; {p}grief"), ("Ana", f"{p}alcohol")):
            self.enrol(name, topics)
        self.she = browser_of(app, username=self.account("w-claire", Role.REQUESTER))

    def account(self, username: str, role: Role) -> str:
        open_account(self.app, username, role)
        return username

    def enrol(self, name: str, topics: str) -> None:
        user_id = open_account(self.app, f"s-{name}".lower(), Role.SUPPORTER)
        with self.app.app_context(), transaction() as session:
            answers = said(theirs(self.p, name, topics), "supporter")
            supporters.enrol_supporter(session, self.robin, user_id, answers, now=clock.now(), **FACTS)

    def note(self, what: str, answer: Any, until: str = "</html>") -> None:
        words = re.sub(r"\bfit [0-9a-f]{16}\b", "fit", words_of(answer))  # a fit is hashed with the ids in it
        self.told[what] = (answer.status_code, words.split(until)[0])

    def only(self, model: type[Any]) -> UUID:
        with self.app.app_context(), transaction() as session:
            return session.query(model.id).scalar()

    def answer(self) -> None:
        self.she.send("/questions")
        for screen, name, length in (("start", "name", 81), ("hope", "hope", 201)):
            fields = {f"q-{self.p}{name}": "x" * length}
            self.note(f"too long: {name}", self.she.send(f"/questions/{self.p}{screen}", **fields))
            screen = "start" if name == "name" else "hope"
        for screen, fields in hers(self.p).items():
            address = self.she.send(f"/questions/{self.p}{screen}", **fields).location
            self.note(f"after {screen}", self.she.get(address))
        self.note("summary", self.she.get("/questions/summary"))
        self.note("code word", self.she.send("/account/phone-words", said="purple LANTERN"), until="Words for")
        self.she.send("/questions/send")
        self.note("sent", self.she.get("/questions/sent"))

    def show(self) -> None:
        desk, request_id = browser_of(self.app, username="robin"), self.only(Request)
        self.note("desk", desk.get("/desk"))
        self.note("request", desk.get(f"/desk/requests/{request_id}"))
        desk.send(f"/desk/requests/{request_id}/rank")
        ranking = f"/desk/rankings/{self.only(StoredRanking)}"
        page = desk.get(ranking)
        self.note("ranking", page)
        first = page.text.split('name="supporters" value="')[1].split('"')[0]
        self.note("names unread", desk.send(f"{ranking}/approve", supporters=[first]))
        desk.send(f"{ranking}/approve", supporters=[first], has_read_names="y")

    def meet(self) -> None:
        self.note("cards", self.she.get("/people"))
        proposal_id = self.only(Proposal)
        self.she.send("/people", pick=proposal_id)
        dee = browser_of(self.app, username="s-dee")
        self.note("offer", dee.get(f"/offers/{proposal_id}"))
        dee.send(f"/offers/{proposal_id}/accept")
        for who, browser in (("her", self.she), ("Dee", dee)):
            self.note(f"together: {who}", browser.get(f"/together/{self.only(Introduction)}"))

    def need(self) -> tuple[Any, ...]:
        with self.app.app_context(), transaction() as session:
            need = need_of(session, session.query(Request).one(), now=clock.now())
            return need.safe_hours, {question.removeprefix(self.p) for question in need.answers}


@contextmanager
def visited(databases: OnSqlite, folder: Path, text: str, p: str) -> Iterator[Visit]:
    """Go the whole way on a site that asks what a file says."""
    folder.mkdir()
    with asking(text, folder), contextmanager(run)(settings_for(databases.ready(), folder)) as app:
        visit = Visit(app, p)
        visit.answer()
        visit.show()
        visit.meet()
        yield visit


@pytest.fixture(scope="module")
def visits(on_sqlite: OnSqlite, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Return what was told and understood with the usual ids, and with others."""
    found = []
    for text, p in ((default_text(), ""), (with_other_ids(), OTHER)):
        with visited(on_sqlite, tmp_path_factory.mktemp("site") / "instance", text, p) as visit:
            found.append({**visit.told, "need": visit.need()})
    return found


def test_every_page_says_the_same_whatever_the_ids_of_the_questions_are(visits: list[dict[str, Any]]) -> None:
    usual, other = visits
    assert list(other) == list(usual)
    for page, told in usual.items():
        assert other[page] == told, page


@pytest.mark.parametrize(
    ("place", "status", "words"),
    [
        ("too long: name", 422, "up to 80 characters"),
        ("too long: hope", 422, "up to 200 characters"),
        ("after safety", 200, "You told us that this device may not be safe."),
        ("summary", 200, "Weekday evenings (6 to 9)"),
        ("code word", 422, "These are your code word."),
        ("desk", 200, "Claire"),
        ("request", 200, "One calm week"),
        ("ranking", 200, "Dee"),
        ("names unread", 422, "Read whom she does not want to meet"),
        ("cards", 200, "I am Dee, and I like tea."),
        ("offer", 200, "Claire"),
        ("offer", 200, "Pronouns: she"),
        ("offer", 200, "She would rather not talk about this: parenting."),
        ("together: her", 200, "Dee"),
        ("together: Dee", 200, "Claire"),
    ],
)
def test_what_hangs_on_a_role_is_there(visits: list[dict[str, Any]], place: str, status: int, words: str) -> None:
    for told in visits:
        assert told[place][0] == status
        assert words in told[place][1]


def test_her_safe_hours_are_understood_by_their_role(visits: list[dict[str, Any]]) -> None:
    for told in visits:
        assert len(told["need"][0]) == 5 * 3 * 2


def test_no_id_is_the_usual_one(tmp_path: Path) -> None:
    other = load_questionnaire(write(tmp_path, "other.toml", with_other_ids()))
    ids = {one.id for question in other.question for one in (question, *question.options)}
    assert {one for one in ids if not one.startswith(OTHER)} == {"yes", "no"}
    assert all(screen.startswith(OTHER) for side in SIDES for screen in other.screens_of(side))
