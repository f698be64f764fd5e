"""Change the key of a site while people read and write, and kill the resealing again and again.

The site, its command line and the killed processes are real; the reader and writer is this process, never restarted.
"""

import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import func, insert, select

from tests.proofs.counts import Count
from webapp import create_app
from webapp.config import Keys, Settings
from webapp.crypto import keyring
from webapp.crypto.keyring import CannotDecrypt
from webapp.extensions import db, reading, transaction
from webapp.models import Request, User
from webapp.services import keys

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Site:
    """An installation in a folder of its own: its commands run as processes, its app in this one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {**os.environ, "PAIRWELL_INSTANCE": str(folder), "PAIRWELL_HTTPS": "0"}
        self.environment.pop("PAIRWELL_DATABASE", None)
        self.run("setup", "--name", "Riverside")
        kept = Keys.read(self.key_path)
        database = f"sqlite:///{folder / 'pairwell.db'}"
        self.app: Flask = create_app(Settings(folder, database, kept, hash_kib=1024, key_path=self.key_path))

    @property
    def key_path(self) -> Path:
        return self.folder / "keys.json"

    def start(self, *command: str) -> "subprocess.Popen[str]":
        flask = [sys.executable, "-m", "flask", "--app", "webapp", *command]
        return subprocess.Popen(
            flask, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def run(self, *command: str, succeeds: bool = True) -> str:
        process = self.start(*command)
        said, _ = process.communicate(timeout=600)
        assert (process.returncode == 0) is succeeds, said
        return said

    def uses(self, number: int) -> int:
        with self.app.app_context(), reading() as session:
            return sum(keys.count_uses(session, number).values())

    def unreadable(self) -> int:
        with self.app.app_context(), reading() as session:
            return len(list(keys.find_unreadable(session)))


def fill(site: Site, fields: int) -> list[UUID]:
    """Put people into the site, two sealed fields each."""
    users, people = [], []
    for number in range(fields // 2):
        row = {"id": uuid4(), "user_id": uuid4()}
        users.append({"id": row["user_id"], "username_key": f"u{number}", "fs_uniquifier": f"u{number}"})
        asked = Request(**row)
        asked.name, asked.answers = f"Name {number}", {"hope": {"answer": f"hope {number}", "stars": []}}
        sealed = {"name_sealed": asked.name_sealed, "answers_sealed": asked.answers_sealed}
        people.append({**row, **sealed, "state": "withdrawn", "questionnaire": "q", "questionnaire_version": "1"})
    with site.app.app_context(), transaction() as session:
        session.execute(insert(User), [{**one, "active": True, "language": "en"} for one in users])
        started = {"started_at": NOW, "time_zone": "America/Toronto", "version": 1}
        session.execute(insert(Request), [{**one, **started} for one in people])
    return [one["id"] for one in people]


class Life(threading.Thread):
    """Somebody who reads and writes all the while, and counts what went wrong."""

    def __init__(self, site: Site, ids: list[UUID]) -> None:
        super().__init__()
        self.site, self.ids, self.ends = site, ids, threading.Event()
        self.reads = self.writes = 0
        self.lost: list[str] = []

    def run(self) -> None:
        chance = random.Random(7)
        written: dict[UUID, str] = {}
        while not self.ends.is_set():
            one = chance.choice(self.ids)
            try:
                self._act(one, written, write=chance.random() < 0.2)
            except CannotDecrypt as unreadable:
                self.lost.append(str(unreadable))
            time.sleep(0.002)

    def _act(self, one: UUID, written: dict[UUID, str], *, write: bool) -> None:
        with self.site.app.app_context(), transaction() as session:
            person = session.get_one(Request, one)
            if person.answers["hope"]["answer"] != written.get(one, person.answers["hope"]["answer"]):
                self.lost.append(f"{one}: what was written last is gone")
            self.reads += 1
            if write:
                words = f"new {self.writes}"
                person.answers = {"hope": {"answer": words, "stars": []}}
                self.writes += 1
        if write:
            written[one] = words


def kill_again_and_again(site: Site, kills: int) -> int:
    """Start the resealing and kill it at any moment, this often. Return how often it was really under way."""
    chance, hit = random.Random(3), 0
    while hit < kills:
        process = site.start("keys", "reseal")
        before = site.uses(1)
        while process.poll() is None and site.uses(1) == before:
            time.sleep(0.005)
        time.sleep(chance.random() * 0.05)
        hit += process.poll() is None
        process.kill()
        process.communicate()
        if site.uses(1) == 0:
            break
    return hit


def prove(*, long: bool) -> Count:
    """Rotate, reseal with kills, drop the old key; everything is readable and nothing that was written is lost."""
    fields, kills = (20_000, 20) if long else (1_000, 3)
    before = keyring.ring() if keyring.is_set() else None
    with tempfile.TemporaryDirectory(prefix="pairwell-") as folder:
        site = Site(Path(folder) / "site")
        try:
            return _prove(site, fields, kills)
        finally:
            with site.app.app_context():
                db.session.remove()
                db.engine.dispose()
            if before is not None:
                keyring.use(before)


def _prove(site: Site, fields: int, kills: int) -> Count:
    life = Life(site, fill(site, fields))
    life.start()
    try:
        site.run("keys", "rotate")
        refused = site.run("keys", "drop", "1", "--site-is-stopped", succeeds=False)
        killed = kill_again_and_again(site, kills)
        site.run("keys", "reseal")
        left = site.uses(1)
        site.run("keys", "drop", "1", "--site-is-stopped")
    finally:
        life.ends.set()
        life.join()
    with site.app.app_context(), transaction() as session:
        there = session.scalar(select(func.count()).select_from(Request).where(Request.name_sealed.is_not(None))) or 0
    failures = site.unreadable() + len(life.lost) + left + ("still seals" not in refused) + (2 * there != fields)
    failures += Keys.read(site.key_path).fields.keys() != {2}
    note = f"{fields:,} fields, killed {killed} times, {life.reads:,} reads and {life.writes:,} writes meanwhile"
    return Count(fields, failures, note)
