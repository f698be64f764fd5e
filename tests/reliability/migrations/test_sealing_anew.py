"""Migration 0004 carries older sealed values into bound, padded fields, and back; a wrong key changes nothing."""

import uuid
from datetime import UTC, date, datetime
from types import SimpleNamespace

import flask_migrate
import pytest
from sqlalchemy import MetaData, select

from tests.programme.databases import settings_for
from webapp import create_app
from webapp.config import Keys
from webapp.crypto import keyring
from webapp.crypto.first_version import open_first, seal_first
from webapp.extensions import db, transaction
from webapp.models import CheckIn, Message, Proposal, Request, StoredRanking, Supporter, Task
from webapp.services.answers import answers_of

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ANSWERS = {
    "name": {"answer": "Zoé", "stars": []},
    "topics": {"answer": ["alcohol"], "stars": ["alcohol"]},
    "not_with": {"answer": "my boss", "stars": []},
}


@pytest.fixture
def older(database, tmp_path):
    """A site on a database of revision 0003, with a row in each table that holds something sealed."""
    app = create_app(settings_for(database.empty(), tmp_path))
    with app.app_context():
        flask_migrate.upgrade(revision="0003")
        yield SimpleNamespace(**fill())
        db.session.remove()
        db.engine.dispose()


def reflected():
    found = MetaData()
    found.reflect(db.engine)
    return found.tables


def fill():
    ids = {
        name: uuid.uuid4() for name in ("user", "request", "supporter", "ranking", "proposal", "pair", "late", "calm")
    }
    tables = reflected()
    with db.engine.begin() as connection:

        def put(table, **row):
            kinds = {column.name: column.type.__class__.__name__ for column in tables[table].columns}
            sqlite = connection.dialect.name == "sqlite"
            made = {
                name: value.hex
                if sqlite and isinstance(value, uuid.UUID) and "UUID" not in kinds[name].upper()
                else value
                for name, value in row.items()
            }
            connection.execute(tables[table].insert().values(made))

        def sealed(field, row_id, value):
            return seal_first(keyring.ring(), value, f"{field}|{row_id}")

        put("users", id=ids["user"], username="zoe", active=True, fs_uniquifier="z", language="en")
        put("requests", id=ids["request"], user_id=ids["user"], state="matched", questionnaire="q",
            questionnaire_version="1", time_zone="America/Toronto", started_at=NOW, version=1)  # fmt: skip
        put("supporters", id=ids["supporter"], user_id=ids["user"], state="active", time_zone="America/Toronto",
            capacity=1, taken=1, strain=0, version=1)  # fmt: skip
        for people, whose in (("request", "request"), ("supporter", "supporter")):
            for question, said in ANSWERS.items():
                new = uuid.uuid4()
                put(f"{people}_answers", id=new, question=question, **{f"{whose}_id": ids[people]},
                    said_sealed=sealed(f"{people}_answers.said", new, said))  # fmt: skip
        put("rankings", id=ids["ranking"], request_id=ids["request"], engine="1", weights="1", fit="1", made_at=NOW,
            made_by=ids["user"],
            content_sealed=sealed("rankings.content", ids["ranking"], {"candidates": []}))  # fmt: skip
        put("proposals", id=ids["proposal"], request_id=ids["request"], supporter_id=ids["supporter"],
            ranking_id=ids["ranking"], state="accepted", place=1, grains=1, override="she knows her from church",
            told_sealed=sealed("proposals.told", ids["proposal"], {"requester": []}), version=1)  # fmt: skip
        put("introductions", id=ids["pair"], request_id=ids["request"], supporter_id=ids["supporter"],
            proposal_id=ids["proposal"], state="in contact", introduced_at=NOW, first_contact_by=NOW,
            until=NOW.date(), version=1)  # fmt: skip
        for name, urgency, day in (("late", "today", 1), ("calm", "none", 2)):
            put("checkins", id=ids[name], introduction_id=ids["pair"], user_id=ids["user"], due_on=date(2026, 11, day),
                state="answered", urgency=urgency, answered_at=NOW,
                said_sealed=sealed("checkins.said", ids[name], {"safe": "no"}))  # fmt: skip
        put("messages", id=(one := uuid.uuid4()), introduction_id=ids["pair"], sender_id=ids["user"], sent_at=NOW,
            body_sealed=sealed("messages.body", one, "Hello"))  # fmt: skip
    return ids


def test_everything_sealed_is_there_afterwards(older):
    flask_migrate.upgrade()
    assert "request_answers" not in reflected()
    with transaction() as session:
        for person in (session.get(Request, older.request), session.get(Supporter, older.supporter)):
            assert answers_of(person) == ANSWERS
        assert session.scalars(select(Message)).one().body == "Hello"
        assert session.get(StoredRanking, older.ranking).content == {"candidates": []}
        proposal = session.get(Proposal, older.proposal)
        assert (proposal.override, proposal.override_note) == ("ranking_misses", "she knows her from church")
        assert proposal.told == {"requester": []}
        late, calm = session.get(CheckIn, older.late), session.get(CheckIn, older.calm)
        assert (late.urgency, late.said) == ("today", {"safe": "no"})
        assert calm.urgency == "none"
        assert [task.said["thing"] for task in session.scalars(select(Task))] == [str(late.id)]


def test_the_way_back_gives_everything_its_own_row_again(older):
    flask_migrate.upgrade(revision="0004")
    flask_migrate.downgrade(revision="0003")
    tables = reflected()
    with db.engine.connect() as connection:
        for table, key in (("request_answers", "request_id"), ("supporter_answers", "supporter_id")):
            rows = connection.execute(select(tables[table])).mappings().all()
            assert len({str(row[key]) for row in rows}) == 1
            read = {
                row["question"]: open_first(
                    keyring.ring(), bytes(row["said_sealed"]), f"{table}.said|{uuid.UUID(str(row['id']))}"
                )
                for row in rows
            }
            assert read == ANSWERS
        urgencies = connection.execute(select(tables["checkins"].c.urgency)).scalars().all()
        assert sorted(urgencies) == ["none", "today"]
    flask_migrate.upgrade()
    with transaction() as session:
        assert answers_of(session.get(Request, older.request)) == ANSWERS


def test_a_wrong_key_changes_nothing(older, caplog):
    before = keyring.ring()
    other = Keys.fresh()
    keyring.use(keyring.KeyRing(other.fields, other.current, other.blind))
    try:
        with pytest.raises(SystemExit):
            flask_migrate.upgrade(revision="0004")
    finally:
        keyring.use(before)
    assert "nothing was changed" in caplog.text
    assert "request_answers" in reflected()
    assert "key_checks" not in reflected()
    flask_migrate.upgrade(revision="0004")
