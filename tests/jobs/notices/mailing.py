"""People with addresses on a site that sends to a mail server of the test, and what became of each notice."""

from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import select, text

from tests.jobs.working import Place
from tests.pages.story import Person, Story
from tests.services.notices.mail_server import MailServer
from webapp import clock
from webapp.config import MailSettings
from webapp.domain.notices import Notice
from webapp.domain.safe_contact import Channel, Contact
from webapp.extensions import db, transaction
from webapp.jobs import deliver
from webapp.models import NoticeAddress, OutboxRow
from webapp.services import outbox
from webapp.services.notices import addresses
from webapp.services.safety import changing

ALWAYS = frozenset(range(336))
KEEPS_FROM = ("Bcc", "Cc", "Reply-To", "X-Mailer", "User-Agent", "Received")


def mail_through(app: Flask, settings: MailSettings) -> None:
    """Let a site send by these settings."""
    object.__setattr__(app.config["SETTINGS"], "mail", settings)


def environment(server: MailServer) -> dict[str, str]:
    """Return the variables by which a process of its own sends to this server."""
    said = server.settings()
    return {
        "PAIRWELL_MAIL_FROM": said.sender,
        "PAIRWELL_SMTP_HOST": said.host,
        "PAIRWELL_SMTP_PORT": str(said.port),
        "PAIRWELL_SMTP_SECURITY": str(said.security),
        "PAIRWELL_SMTP_SECONDS": "5",
        **({"PAIRWELL_SMTP_CA": str(said.certificates)} if said.certificates else {}),
    }


def reach(story: Story, person: Person, *, hours: frozenset[int] = ALWAYS) -> str:
    """Let a woman be reached by e-mail at these hours."""
    address = f"{person.username}@example.org"
    with story.app.app_context(), transaction() as session:
        changing.keep(session, person.actor, Contact({Channel.EMAIL: address}, hours), now=clock.now())
    return address


def prove_address(story: Story, person: Person, zone: str = "America/Toronto") -> str:
    """Let one who works here have given an address, and typed in its code."""
    address = f"{person.username}@example.org"
    with story.app.app_context(), transaction() as session:
        addresses.give_address(session, person.actor, address, zone, now=clock.now())
        session.flush()
        row = session.scalars(select(NoticeAddress).where(NoticeAddress.user_id == person.actor.id)).one()
        assert addresses.try_code(session, person.actor, row.said["code"], now=clock.now()) is addresses.Outcome.RIGHT
    settle_all(story.app)
    return address


def settle_all(app: Flask) -> None:
    """Let nothing be left of what was written until now."""
    with app.app_context(), transaction() as session:
        session.execute(text("DELETE FROM outbox"))


def put(app: Flask, person: Person, key: str, kind: Notice = Notice.YOU_HAVE_A_MESSAGE) -> None:
    """Write a notice to somebody."""
    with app.app_context(), transaction() as session:
        outbox.put(session, kind, dedupe=key, due_at=clock.now(), to=person.actor.id)


def rows(app: Flask) -> list[OutboxRow]:
    """Return every notice as it stands."""
    with app.app_context(), transaction() as session:
        found = list(session.scalars(select(OutboxRow).order_by(OutboxRow.due_at, OutboxRow.dedupe)))
        session.expunge_all()
        return found


def told(app: Flask) -> list[tuple[str, str | None]]:
    """Return the state and the code of each notice."""
    return sorted((row.state, row.code) for row in rows(app))


def let_pass(**time: float) -> None:
    """Let time pass."""
    clock.move(timedelta(**time))


def log_holds(place: Place, *words: str) -> list[str]:
    """Return which of these words a worker wrote into its log."""
    log = (
        (place.folder / "worker.log").read_text(encoding="utf-8") if Path(place.folder / "worker.log").exists() else ""
    )
    return [word for word in words if word in log]


def run(story: Story) -> int:
    """Let the job run once."""
    with story.app.app_context():
        try:
            return deliver.run(clock.now())
        finally:
            db.session.remove()


def to_whom(server: MailServer) -> list[str]:
    """Return to whom the server took letters, in order."""
    return [to.split("<")[1].rstrip(">").lower() for _, to, _ in server.taken]


def coordinator(story: Story) -> Person:
    """Return the coordinator as a person."""
    return Person("robin", story.coordinator, story.coordinator.id)
