"""Write unlikely words everywhere, and look for them in what a thief of the disk would have: files, WAL, dump (E2)."""

import base64
import sqlite3
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import psycopg
from flask import Flask
from sqlalchemy import func, select

from tests.pages.story import Story
from tests.programme.databases import OnPostgres, OnSqlite, serve_postgres, settings_for
from tests.programme.fixtures import run
from tests.proofs.counts import Count
from webapp import clock
from webapp.content import programme
from webapp.domain.access import Actor, Role
from webapp.domain.details import Kind
from webapp.extensions import db, transaction
from webapp.models import Request, StoredRanking, Supporter, Task
from webapp.services import answers, checkins, choices, conversations, offers, proposals, waiting
from webapp.services.pairs import agreements, details, talks
from webapp.services.threads import talking

HERS = {"name": "Quillabella", "hope": "zephyrmoth", "not_with": "Brontofax", "town": "Umbervale"}
THEIRS = {"name": "Xanthippa", "hello": "lanternfrog", "town": "Ochrewick"}
MESSAGE, NOTE, DETAIL, TERMS = "snowglobium", "pepperquartz", "heronwhistle", "marzipanlake"
TO_STAFF, FROM_STAFF, PATIENCE = "velvetgrist", "marzipundit", "thistlebrook"
ASKED = {"next": "change_something", "line": "glimmerpotato"}
WORDS = (
    *HERS.values(),
    *THEIRS.values(),
    MESSAGE,
    NOTE,
    DETAIL,
    TERMS,
    "about an hour",
    TO_STAFF,
    FROM_STAFF,
    PATIENCE,
    *ASKED.values(),
    "next working day",
)


def tell(app: Flask) -> None:
    """Let a pair meet, write and be asked, so that every sealed column holds one of the words."""
    story = Story(app)
    woman, other, dee, now = story.woman(), story.woman("Ada"), story.supporter(), clock.now()
    with app.app_context(), transaction() as session:
        for kind, person, words in ((Request, woman, HERS), (Supporter, dee, THEIRS)):
            row = session.get_one(kind, person.thing_id)
            said = {question: {"answer": text, "stars": []} for question, text in words.items()}
            answers.keep_answers(row, {**answers.answers_of(row), **said})
    with app.app_context(), transaction() as session:
        talking.ask_for_contact(session, woman.actor, talking.How.SAFE_WAYS, TO_STAFF, "1", now=now)
        talking.answer(session, story.coordinator, woman.actor.id, FROM_STAFF, "2", seen=None, now=now)
        day = programme.load().staffed.next_day(now.date() + timedelta(days=1))
        waiting.look_again_on(session, story.coordinator, other.thing_id, day, PATIENCE, now=now)
    with app.app_context(), transaction() as session:
        ranking = session.get_one(StoredRanking, story.ranked(woman))
        (made,) = proposals.approve_proposals(
            session, story.coordinator, ranking.id, [dee.thing_id], override="known_fit", note=NOTE,
            has_read_names=True, now=now,
        )  # fmt: skip
        session.flush()
        choices.choose(session, woman.actor, woman.thing_id, ordered=[made.id], instead=None, now=now)
        pair_id = offers.accept_proposal(session, dee.actor, made.id, now=now).id
        conversations.write_message(session, woman.actor, pair_id, MESSAGE, now=now)
        details.release(session, dee.actor, pair_id, Kind.OTHER, DETAIL, now=now)
        agreements.propose(session, woman.actor, pair_id, {"private": TERMS}, now=now)
        talks.say_talked(session, woman.actor, pair_id, talked=True, length="about an hour", now=now)
        checkin = checkins.begin_checkin(session, woman.actor, pair_id, now=now)
        checkins.answer_checkin(session, woman.actor, checkin, ASKED, now=now)
    _read_back(app, woman.actor, pair_id)


def _read_back(app: Flask, woman: Actor, pair_id: UUID) -> None:
    with app.app_context(), transaction() as session:
        assert Role.REQUESTER in woman.roles
        assert conversations.read_talk(session, woman, pair_id).messages[0].body == MESSAGE
        assert session.scalar(select(func.count()).select_from(Task)) >= 1


def found_in(content: bytes) -> list[str]:
    """Name the words that stand in some content, however they are written."""
    return [word for word in WORDS for written in ways(word) if written in content]


def ways(word: str) -> Iterator[bytes]:
    """Write a word as a file could hold it."""
    plain = word.encode()
    yield from (plain, plain.lower(), word.encode("utf-16-le"), plain.hex().encode(), plain.hex().upper().encode())
    yield from (base64.b64encode(plain + b"  ")[: len(plain) // 3 * 4], plain[::-1])


def files_of(url: str) -> Iterator[bytes]:
    """Read an SQLite database as files and as a dump, while the site still holds it open."""
    path = Path(url.removeprefix("sqlite:///"))
    for end in ("", "-wal", "-shm"):
        beside = Path(f"{path}{end}")
        assert beside.exists(), beside
        yield beside.read_bytes()
    with sqlite3.connect(path) as connection:
        yield "\n".join(connection.iterdump()).encode()


def dump_of(url: str) -> Iterator[bytes]:
    """Read every table of a PostgreSQL database as text."""
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (table,) in tables:
            with connection.cursor().copy(f"COPY {table} TO STDOUT") as copied:
                yield b"".join(bytes(block) for block in copied)


def search(url: str, folder: Path) -> tuple[int, list[str]]:
    """Tell the story on a database and search it. Returns how many words in how many places were looked for."""
    tried, found = 0, []
    for app in run(settings_for(url, folder)):
        tell(app)
        with app.app_context():
            db.session.remove()
        for content in files_of(url) if url.startswith("sqlite") else dump_of(url):
            tried += len(WORDS)
            found += found_in(content)
    return tried, found


def prove(*, long: bool) -> Count:
    """Search SQLite's files and dump, and PostgreSQL's tables."""
    tried, found = 0, []
    sqlite = OnSqlite()
    server = serve_postgres()
    postgres: OnPostgres = next(server)
    try:
        with tempfile.TemporaryDirectory() as folder:
            for databases in (sqlite, postgres):
                more, there = search(databases.ready(), Path(folder))
                tried, found = tried + more, found + there
    finally:
        sqlite.close()
        next(server, None)
    return Count(tried, len(found), "; ".join([f"{len(WORDS)} words, each in seven ways of writing", *found]))
