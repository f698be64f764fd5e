"""What every template knows of this request: who is here, the programme's name, the hidden field of its forms."""

from typing import Any

from flask import Flask, current_app, g
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from webapp.domain.access import VISITOR, Role, Standing
from webapp.extensions import db, only_reading
from webapp.services import programmes

NAME_BEFORE_SETUP = "Pairwell"


def init_app(app: Flask) -> None:
    """Give every template what it needs."""
    app.context_processor(surroundings)
    app.jinja_env.globals["csrf_field"] = csrf_field


def surroundings() -> dict[str, Any]:
    """Return what every template knows."""
    actor = g.get("actor", VISITOR)
    return {
        "programme_name": programme_name(),
        "role": next((role for role in reversed(Role) if role in actor.roles), None),
        "signed_in": actor.id is not None,
        "lacks_lock": actor.standing is Standing.BARE,
    }


def csrf_field() -> Markup:
    """Return the hidden field that every form carries."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


def programme_name() -> str:
    """Return the programme's name, read once in each process."""
    kept = current_app.extensions.setdefault("programme", {})
    if "name" not in kept:
        name = _read_name()
        if name is None:
            return NAME_BEFORE_SETUP
        kept["name"] = name
    return str(kept["name"])


def _read_name() -> str | None:
    promised = only_reading.set(True)
    try:
        with Session(db.engine) as session, session.begin():
            return programmes.read_name(session)
    except SQLAlchemyError:  # a page about a failing database must not fail for a name
        return None
    finally:
        only_reading.reset(promised)
