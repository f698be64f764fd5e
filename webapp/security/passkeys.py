"""What a browser and a passkey say to each other through the site: challenges, what is asked, and whether it is true.

A challenge is signed, names its purpose and its one browser, holds five minutes and is answered once. Nothing is stored
until it is answered.
"""

import ipaddress
import secrets
from dataclasses import dataclass
from uuid import UUID

import webauthn
from flask import current_app, request, session
from flask_wtf.csrf import generate_csrf
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy.orm import Session
from webauthn.helpers import (
    options_to_json,
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import AuthenticatorTransport, PublicKeyCredentialDescriptor

from webapp import clock
from webapp.domain.factors import HOLDS
from webapp.models import Passkey, User
from webapp.security.factors import LABEL, keys
from webapp.services.accounts import Known, know, passkeys

SIGN_IN, SECOND_STEP, ADD = "sign in", "second step", "add"
MALFORMED = (WebAuthnException, BadData, ValueError, TypeError, KeyError, IndexError, AttributeError)
"""What the library raises for an answer that is refused, or that no browser would send."""


@dataclass(frozen=True)
class NewKey:
    """A passkey that has just been made, and proved."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: tuple[str, ...]


def are_possible() -> bool:
    """Say whether this site has a name: for an address of numbers no browser makes a passkey."""
    try:
        ipaddress.ip_address(host().strip("[]"))
    except ValueError:
        return True
    return False


def host() -> str:
    """Return the name for which passkeys are made: that of the site, without its port."""
    name, _, port = request.host.rpartition(":")
    return name if name and port.isdigit() else request.host


def ask_for_new(user_id: UUID, username: str, known: list[Passkey]) -> str:
    """Write what a browser needs to make a passkey, as JSON."""
    return options_to_json(
        webauthn.generate_registration_options(
            rp_id=host(),
            rp_name=LABEL,
            user_id=user_id.bytes,
            user_name=username,
            challenge=_challenge(ADD, str(user_id)),
            authenticator_selection=keys().authenticator_selection(None, "secondary"),
            exclude_credentials=[_described(one) for one in known],
        )
    )


def ask(purpose: str, who: str = "", known: list[Passkey] | None = None) -> str:
    """Write what a browser needs to use a passkey, as JSON; `known` are those of the one who is expected."""
    return options_to_json(
        webauthn.generate_authentication_options(
            rp_id=host(),
            challenge=_challenge(purpose, who),
            allow_credentials=[_described(one) for one in known or []],
            user_verification=keys().user_verification(None, [_usage(purpose)]),
        )
    )


def check_new(writing: Session, said: str, user_id: UUID) -> NewKey | None:
    """Check a passkey that a browser says it has made; None for anything that is not true, late, or said twice."""
    try:
        credential = parse_registration_credential_json(said)
        challenge = _open(credential.response.client_data_json, ADD, str(user_id))
        proved = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=host(),
            expected_origin=keys().origin(),
        )
    except MALFORMED:
        return None
    if not passkeys.spend(writing, challenge, now=clock.now()):
        return None
    transports = tuple(one.value for one in credential.response.transports or [])
    return NewKey(proved.credential_id, proved.credential_public_key, proved.sign_count, transports)


def check(writing: Session, said: str, purpose: str, who: str = "", *, of: UUID | None = None) -> Known | None:
    """Return whose passkey has answered; None for anything that is not true, late, said twice, or of another person.

    `of` is who must own it. A count that went back is refused, and told to the owner.
    """
    try:
        credential = parse_authentication_credential_json(said)
        challenge = _open(credential.response.client_data_json, purpose, who)
        passkey = passkeys.find(writing, credential.raw_id)
        if passkey is None or (of is not None and passkey.user_id != of):
            return None
        proved = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=host(),
            expected_origin=keys().origin(),
            credential_public_key=passkey.public_key,
            credential_current_sign_count=0,  # `use` compares it, in one step with storing the new one
            require_user_verification=_usage(purpose) == "first",
        )
    except MALFORMED:
        return None
    return _take(writing, passkey, challenge, proved.new_sign_count)


def _take(writing: Session, passkey: Passkey, challenge: bytes, sign_count: int) -> Known | None:
    now, known = clock.now(), know(writing.get_one(User, passkey.user_id))  # before `use`, which waits for a removal
    if not passkeys.spend(writing, challenge, now=now):
        return None
    if not passkeys.use(writing, passkey.id, sign_count, now=now):
        passkeys.note_count(writing, passkey, now=now)
        return None
    return known


def _usage(purpose: str) -> str:
    return "first" if purpose == SIGN_IN else "secondary"


def _challenge(purpose: str, who: str) -> bytes:
    return _signer().dumps([purpose, who, round(clock.now().timestamp()), secrets.token_urlsafe(16)]).encode()


def _open(client_data: bytes, purpose: str, who: str) -> bytes:
    """Return the challenge that was answered, where it is one of ours, for this. Raises ValueError or BadData."""
    challenge: bytes = parse_client_data_json(client_data).challenge
    said_purpose, said_who, made, _ = _signer().loads(challenge)
    age = clock.now().timestamp() - made
    if (said_purpose, said_who) != (purpose, who) or age > HOLDS.total_seconds():
        raise ValueError("a challenge for something else, or too old")
    return challenge


def _signer() -> URLSafeSerializer:
    """Sign for this browser alone: what its hidden fields are made of is known to no other."""
    generate_csrf()
    key = current_app.secret_key
    assert key is not None
    return URLSafeSerializer(key, salt=f"passkeys|{session['csrf_token']}")


def _described(passkey: Passkey) -> PublicKeyCredentialDescriptor:
    known = {one.value for one in AuthenticatorTransport}
    transports = [AuthenticatorTransport(one) for one in passkey.transports.split() if one in known]
    return PublicKeyCredentialDescriptor(id=passkey.credential_id, transports=transports or None)
