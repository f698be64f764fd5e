"""A passkey in software: it makes a key and signs what a page asks, or something else where a test says so."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from tests.programme.browsing import ORIGIN

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """One key on one device."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    count: int = 0
    user: str | None = None

    def make(self, options: dict[str, Any], *, origin: str = ORIGIN) -> str:
        """Answer a page that asks for a new passkey."""
        self.user = options["user"]["id"]
        client = self._client("webauthn.create", options["challenge"], origin)
        point = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)}
        attested = bytes(16) + len(self.id).to_bytes(2) + self.id + cbor2.dumps(public)
        data = self._data(options["rp"]["id"], PRESENT | VERIFIED | ATTESTED) + attested
        made = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._said({"clientDataJSON": client, "attestationObject": made})

    def sign(
        self, options: dict[str, Any], *, origin: str = ORIGIN, flags: int = PRESENT | VERIFIED, **other: str
    ) -> str:
        """Answer a page that asks for a passkey; `rp` and `challenge` put something else in."""
        self.count += 1
        client = self._client("webauthn.get", other.get("challenge", options["challenge"]), origin)
        data = self._data(other.get("rp", options["rpId"]), flags)
        signed = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        said = {"clientDataJSON": client, "authenticatorData": data, "signature": signed}
        return self._said(said | ({"userHandle": base64url_to_bytes(self.user)} if self.user else {}))

    def _client(self, kind: str, challenge: str, origin: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": False}).encode()

    def _data(self, host: str, flags: int) -> bytes:
        return hashlib.sha256(host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4)

    def _said(self, response: dict[str, bytes]) -> str:
        name = bytes_to_base64url(self.id)
        kept = {key: bytes_to_base64url(value) for key, value in response.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": kept})
