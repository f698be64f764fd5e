"""Names for women are given by the site, so that nobody can ask it which names are there.

A name is drawn, signed, and taken within the hour by whoever sends it back; nobody types one.
"""

import secrets

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy.orm import Session

from webapp.services import accounts
from webapp.services.accounts.recovery import offer_words

HOLDS_SECONDS = 3600
WORDS, NUMBERS = 2, range(10, 100)


def offer(session: Session, language: str) -> str:
    """Return the signed form of a name that nobody has."""
    while True:
        name = "-".join([*offer_words(language, WORDS).split(), str(secrets.choice(NUMBERS))])
        if accounts.find_user(session, name) is None:
            return str(_signer().dumps(name))


def read(offered: str) -> str | None:
    """Return the name of a signed form; None for one that is too old or was not signed here."""
    try:
        return str(_signer().loads(offered, max_age=HOLDS_SECONDS))
    except BadSignature:
        return None


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="offered-name")
