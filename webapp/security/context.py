"""What every template knows of this request: who is here, the programme's name, the hidden field of its forms."""

import logging
from typing import Any

from flask import Flask, current_app, g
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from webapp import clock
from webapp.config import Settings
from webapp.content import programme
from webapp.domain.access import VISITOR, Actor, Role, Standing
from webapp.extensions import db, only_reading, reading
from webapp.security.sessions import may_be_signed_in
from webapp.services import programmes
from webapp.services.notices import outlook
from webapp.services.threads.people import HELPED

NAME_BEFORE_SETUP = "Pairwell"
WARNED_BEFORE = 8
"""Seconds of warning for each quiet minute of a sign-in: of fifteen minutes the last two."""

log = logging.getLogger(__name__)


def init_app(app: Flask, settings: Settings) -> None:
    """Give every template what it needs, and see that the file with the programme's name is there."""
    app.context_processor(surroundings)
    app.jinja_env.globals.update(csrf_field=csrf_field, told_by_mail=told_by_mail)
    if programme.read_name(settings.name_file) is None and all(path.exists() for path in settings.database_files[:1]):
        with app.app_context():
            write_name_down(settings)


def surroundings() -> dict[str, Any]:
    """Return what every template knows."""
    actor, left = g.get("actor", VISITOR), g.get("quiet_left")
    return {
        "programme_name": programme_name(),
        "role": next((role for role in reversed(Role) if role in actor.roles), None),
        "is_helped": bool(HELPED & actor.roles),
        "has_news": g.get("has_news", False),
        "lacks_lock": actor.standing is Standing.BARE,
        "signed_in": may_be_signed_in(),
        "quiet_left": int(left.total_seconds()) if left is not None else None,
        "quiet_warning": round(current_app.config["SETTINGS"].idle_minutes * WARNED_BEFORE),
        "kept_words": g.get("kept_words"),
    }


def csrf_field() -> Markup:
    """Return the hidden field that every form carries."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


def told_by_mail() -> bool:
    """Say whether an e-mail tells whoever is here of something new, now or in her hours. Only pages that say so ask."""
    actor: Actor = g.get("actor", VISITOR)
    if actor.id is None:
        return False
    with reading() as session:
        return outlook.is_told_by_mail(session, actor.id, current_app.config["SETTINGS"].mail, now=clock.now())


def programme_name() -> str:
    """Return the programme's name as its file says it; the database is not asked."""
    path = current_app.config["SETTINGS"].name_file
    kept = current_app.extensions.setdefault("programme", {})
    try:
        written_at = path.stat().st_mtime_ns
    except OSError:
        written_at = None
    if "name" not in kept or (written_at is not None and kept["written_at"] != written_at):
        kept["name"], kept["written_at"] = programme.read_name(path) or kept.get("name"), written_at
    return str(kept["name"] or NAME_BEFORE_SETUP)


def write_name_down(settings: Settings) -> None:
    """Write the name that the database has into its file, at the start of a site that has none yet."""
    promised = only_reading.set(True)
    try:
        with Session(db.engine) as session, session.begin():
            name = programmes.read_name(session)
        if name is not None:
            programme.write_name(settings.name_file, name)
    except (SQLAlchemyError, OSError) as error:  # the site starts without it: help needs no name
        log.info("the programme's name was not written down: %s", type(error).__name__)
    finally:
        only_reading.reset(promised)
        db.engine.dispose()
