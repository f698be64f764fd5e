"""One-time codes and passkeys by Flask-Security: its factory of secrets and codes, and its choices for passkeys.

Its pages and its storing stay off: services/accounts/factors.py keeps what is kept. An app shows our neutral name,
never the programme's.
"""

import io
import secrets
from typing import Any, cast
from uuid import UUID

import segno
from flask import Flask, current_app
from flask_security import Totp, UserMixin, WebauthnUtil
from passlib.exc import UsedTokenError
from passlib.totp import TOTP, TotpMatch
from sqlalchemy.orm import Session, object_session
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from webapp import clock
from webapp.domain.factors import RECOVERY_CODES, RECOVERY_DIGITS, Proof, in_fours, is_code, is_recovery_code, neat_code
from webapp.models import OneTimeCode
from webapp.services.accounts import factors

LABEL = "Pairwell"
STEP_SECONDS = 30


class Codes(Totp):
    """Codes by our clock, each moment used once. What the library calls the user is the row of her codes."""

    def __init__(self) -> None:
        super().__init__({"1": secrets.token_hex()}, LABEL)
        self._totp = TOTP.using(issuer=LABEL, now=lambda: clock.now().timestamp())

    def generate_totp_secret(self) -> str:
        """Make a secret. It is sealed like every field by the column that keeps it, so the library seals nothing."""
        made: str = self._totp.new().to_json(encrypt=False)
        return made

    def generate_recovery_codes(self, number: int) -> list[str]:
        """Make recovery codes of digits alone, so that they fit the same field and the keys for numbers of a phone."""
        return [in_fours(f"{secrets.randbelow(10**RECOVERY_DIGITS):0{RECOVERY_DIGITS}}") for _ in range(number)]

    def get_last_counter(self, user: Any) -> int | None:
        """Return the last moment whose code was used."""
        last: int | None = user.last_counter
        return last

    def set_last_counter(self, user: Any, tmatch: TotpMatch) -> None:
        """Use a moment up. Raises UsedTokenError where somebody else was quicker with it."""
        session = object_session(user)
        if session is None or not factors.take_counter(session, user.id, tmatch.counter):
            raise UsedTokenError


class Keys(WebauthnUtil):
    """Passkeys of every kind: the phone's own too, which the library would refuse. Each can be found without a name."""

    def authenticator_selection(self, user: object, usage: str) -> AuthenticatorSelectionCriteria:
        """Say which keys may be added."""
        return AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=self.user_verification(user, [usage])
        )

    def user_verification(self, user: object, usage: list[str]) -> UserVerificationRequirement:
        """Ask the key to make sure of its owner: always where it is the only step, where it can beside a passphrase."""
        return UserVerificationRequirement.REQUIRED if "first" in usage else UserVerificationRequirement.PREFERRED


def init_app(app: Flask) -> None:
    """Make both, once."""
    app.extensions["codes"], app.extensions["keys"] = Codes(), Keys(app)


def codes() -> Codes:
    """Return what makes and checks codes."""
    made: Codes = current_app.extensions["codes"]
    return made


def keys() -> Keys:
    """Return what the site asks of passkeys."""
    made: Keys = current_app.extensions["keys"]
    return made


def new_secret() -> str:
    """Make the secret that an app and the site are going to share."""
    return codes().generate_totp_secret()


def secret_of(typed: str) -> str:
    """Return the secret that is written like this (letters A to Z, digits 2 to 7): for people who are invented."""
    made: str = TOTP(key=typed, format="base32").to_json(encrypt=False)
    return made


def present_code(typed: str) -> tuple[str, int]:
    """Return the code of such a secret now, and for how many seconds it is the present one."""
    shown = TOTP(key=typed, format="base32").generate(clock.now().timestamp())
    return shown.token, round(shown.expire_time - clock.now().timestamp())


def new_recovery_codes() -> list[str]:
    """Make recovery codes, as they are shown once."""
    return codes().generate_recovery_codes(RECOVERY_CODES)


def secret_in_fours(secret: str) -> str:
    """Write a secret as it is typed into an app."""
    return in_fours(codes().get_totp_b32_key(secret))


def draw(secret: str, username: str) -> bytes:
    """Draw the square that an app reads with the camera, as SVG."""
    drawn = io.BytesIO()
    uri = codes().get_totp_uri(username, secret)
    segno.make_qr(uri, error="m").save(drawn, kind="svg", scale=4, border=4, dark="#000", light="#fff")
    return drawn.getvalue()


def takes(row: OneTimeCode, said: str) -> bool:
    """Check a code and use it up: the present one, the one before and the one after are right, each only once."""
    neat, hers = neat_code(said), cast("UserMixin", row)
    return is_code(neat) and codes().verify_totp(neat, row.secret, hers, window=STEP_SECONDS)


def proof_by_code(session: Session, user_id: UUID, said: str) -> Proof | None:
    """Check a code of her app or a recovery code, and use it up; None where it is wrong or was used already."""
    row, neat = factors.find_codes(session, user_id), neat_code(said)
    if row is not None and takes(row, neat):
        return Proof.CODE
    if is_recovery_code(neat) and factors.take_recovery_code(session, user_id, neat, now=clock.now()):
        return Proof.RECOVERY
    return None
