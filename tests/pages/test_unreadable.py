"""One damaged byte takes no page down: each sealed column is damaged in turn, and every page is opened by everybody."""

import pytest
from sqlalchemy import select, update

from tests.pages.statements import Pages
from tests.pages.story import Story
from tests.programme.browsing import words_of
from tests.programme.databases import OnSqlite, settings_for
from tests.programme.fixtures import run
from webapp import clock
from webapp.crypto.fields import REGISTRY
from webapp.extensions import Base, transaction
from webapp.jobs import fields as look
from webapp.models import (
    ContactDetail,
    Hold,
    Introduction,
    Message,
    NoneOfThese,
    NoticeAddress,
    PairView,
    Passkey,
    PhoneWords,
    Proposal,
    Request,
    StoredRanking,
    Task,
)
from webapp.services import keys, matching
from webapp.services.accounts import kept_words
from webapp.services.tasks import order

DESK = "/desk?queue=waiting"


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Everybody of the pages, on a site of their own, with something in every sealed column."""
    databases = OnSqlite()
    for app in run(settings_for(databases.ready(), tmp_path_factory.mktemp("site"))):
        made = Pages(Story(app))
        made.fill(2)
        away = made.story.woman("Pia")
        with app.app_context(), transaction() as session:
            session.add(
                Message(introduction_id=made.pair, sender_id=made.met.actor.id, sent_at=clock.now(), body="Hello")
            )
            pair = session.get_one(Introduction, made.pair)
            pair.ending, pair.wishes = {"by": "requester"}, {"requester": "part"}
            session.get_one(Task, made.task).done = {"act": "talked", "note": ""}
            of_her = {"introduction_id": made.pair, "user_id": made.met.actor.id}
            detail = {"kind": "number", "said": "555-0100"}
            session.add(ContactDetail(**of_her, released_at=clock.now(), said=detail))
            session.add(PairView(**of_her, wishes={"folded": True}))
            for one in session.scalars(select(Proposal)):
                one.override_note = one.taken_back_note = "They know each other"
            for passed in session.scalars(select(NoneOfThese)):
                passed.differs = {"ticks": ["age"], "words": "Somebody older"}
            session.get_one(Request, made.asking.thing_id).look_again = {"reason": "looking", "word": "Patience."}
            fill_account(session, made.met.actor, away.actor, made.story.coordinator)
            session.add(hold_of(made.pair))
        made.browsers = {}
        yield made
    databases.close()


def hold_of(pair):
    """Return a hold that was lifted."""
    hold = Hold(introduction_id=pair, held_at=clock.now(), lifted_at=clock.now(), asked=0)
    hold.said = hold.lifted = {"reason": "safety", "by": "", "note": ""}
    return hold


def fill_account(session, actor, away, staff):
    """Give accounts everything that is sealed in one; whoever is away has the passkey, which no test can press."""
    now = clock.now()
    address = NoticeAddress(user_id=staff.id, said_at=now)
    address.said = {"address": "dee@example.org", "zone": "America/Toronto", "code": "12345678"}
    session.add(address)
    session.add(PhoneWords(user_id=actor.id, made_at=now, words="blue kettle"))
    session.add(
        Passkey(
            user_id=away.id, credential_id=b"1", public_key=b"", sign_count=0, transports="", made_at=now, name="phone"
        )
    )
    kept_words.keep(session, actor.id, "/questions/start", [("q-name", "Mona")], now=now)


def table_of(field):
    return Base.metadata.tables[field.table]


@pytest.fixture
def damaged(pages):
    """Return a function that spoils one byte in every row of a column; all is put back afterwards."""
    kept = {}

    def damage(field):
        table, column = table_of(field), table_of(field).c[field.column]
        with pages.story.app.app_context(), transaction() as session:
            rows = session.execute(select(table.c.id, column).where(column.is_not(None))).all()
            assert rows, f"nothing in {field.table}.{field.name}"
            for row_id, sealed in rows:
                put(session, field, row_id, sealed[:20] + bytes([sealed[20] ^ 1]) + sealed[21:])
        kept[field] = rows
        matching.keeper.forget()
        return rows

    yield damage
    with pages.story.app.app_context():
        for field, rows in kept.items():
            with transaction() as session:
                for row_id, sealed in rows:
                    put(session, field, row_id, sealed)
        look.run(clock.now())
    matching.keeper.forget()


def put(session, field, row_id, sealed):
    table = table_of(field)
    session.execute(update(table).where(table.c.id == row_id).values({field.column: sealed}))


def browser(pages, username):
    if username not in pages.browsers:
        pages.browsers[username] = pages.story.browser(username)
    return pages.browsers[username]


@pytest.fixture(scope="module")
def paths(pages):
    return list(pages.paths(pages.story.ranked(pages.asking)))


@pytest.mark.parametrize("place", sorted(REGISTRY), ids=".".join)
def test_a_damaged_column_takes_no_page_down(pages, paths, damaged, place):
    field = REGISTRY[place]
    rows = damaged(field)
    with pages.story.app.app_context():
        assert look.run(clock.now()) == len(rows)
    for _, username, path in paths:
        answer = browser(pages, username).get(path)
        assert answer.status_code in (200, 409), (path, answer.status_code)
        if answer.status_code == 409:
            assert "This cannot be read now" in answer.text
    assert "Cannot be read" in browser(pages, "robin").get(DESK).text
    with pages.story.app.app_context(), transaction() as session:
        (fault,) = keys.find_faults(session)
        assert fault.what == f"{len(rows)} of {'.'.join(place)} cannot be read"


def test_nothing_is_told_where_all_can_be_read(pages):
    with pages.story.app.app_context():
        look.run(clock.now())
    assert "Cannot be read" not in browser(pages, "robin").get(DESK).text


def test_a_name_says_in_its_place_that_it_cannot_be_read_in_both_languages(pages, damaged):
    damaged(REGISTRY["requests", "name"])
    robin = browser(pages, "robin")
    assert ">cannot be read<" in robin.get(DESK).text
    robin.send("/language", language="fr")
    french = robin.get(DESK).text
    robin.send("/language", language="en")
    assert ">illisible<" in french


def test_a_damaged_message_stands_between_the_others(pages, damaged):
    rows = damaged(REGISTRY["messages", "body"])
    page = browser(pages, pages.met.username).get(f"/together/{pages.pair}")
    assert page.status_code == 200
    assert page.text.count("cannot be read") == len(rows)


def test_a_supporter_who_cannot_be_read_is_left_out_and_named_on_the_desk(pages, damaged):
    field = REGISTRY["supporters", "answers"]
    damaged(field)
    with pages.story.app.app_context():
        look.run(clock.now())
    assert "Dee" in words_of(browser(pages, "robin").get(DESK))
    ranking = pages.story.ranked(pages.asking)
    assert browser(pages, "robin").get(f"/desk/rankings/{ranking}").status_code == 200
    with pages.story.app.app_context(), transaction() as session:
        content = session.get_one(StoredRanking, ranking).content
    assert str(pages.dee.thing_id) not in str(content)


def test_her_damaged_answers_are_told_to_her_and_never_written_over(pages, damaged):
    field = REGISTRY["requests", "answers"]
    damaged(field)
    her = browser(pages, pages.asking.username)
    told = her.send("/questions/support", **{"q-topics": ["alcohol"]})
    assert told.status_code == 409
    assert "tell your coordinator" in told.text
    assert "your answers" in words_of(told)
    with pages.story.app.app_context(), transaction() as session:
        assert all("requests.answers" in place for place in keys.find_unreadable(session))
    assert her.get("/questions/withdraw").status_code == 200


def test_a_task_that_cannot_be_read_stands_first(pages, damaged):
    damaged(REGISTRY["tasks", "said"])
    order.keeper.forget()
    page = browser(pages, "robin").get("/desk?queue=tasks")
    order.keeper.forget()
    assert page.status_code == 200
    assert "Something that cannot be read" in page.text


def test_a_no_goes_through_though_her_answers_are_damaged(pages, damaged):
    damaged(REGISTRY["requests", "answers"])
    answer = browser(pages, pages.dee.username).send(f"/offers/{pages.offer}/decline")
    assert answer.status_code == 303
