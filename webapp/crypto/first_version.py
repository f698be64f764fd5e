"""Envelopes of version 1, for the migration that leaves them behind and for the way back. They bound the row alone."""

import json
import os
from typing import Any

from cryptography.exceptions import InvalidTag

from webapp.crypto.keyring import HEADER_BYTES, NONCE_BYTES, CannotDecrypt, KeyRing


def open_first(ring: KeyRing, envelope: bytes, place: str) -> Any:
    """Decrypt an envelope of version 1. Raises CannotDecrypt."""
    if len(envelope) <= HEADER_BYTES or envelope[0] != 1 or envelope[1] not in ring.numbers:
        raise CannotDecrypt(place)
    try:
        nonce, sealed = envelope[2:HEADER_BYTES], envelope[HEADER_BYTES:]
        return json.loads(ring.cipher(envelope[1]).decrypt(nonce, sealed, place.encode()))
    except InvalidTag:
        raise CannotDecrypt(place) from None


def seal_first(ring: KeyRing, value: Any, place: str) -> bytes:
    """Encrypt a value as version 1 did."""
    nonce, plain = os.urandom(NONCE_BYTES), json.dumps(value, ensure_ascii=False).encode()
    return bytes((1, ring.current)) + nonce + ring.cipher(ring.current).encrypt(nonce, plain, place.encode())
