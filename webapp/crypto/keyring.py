"""The key ring: AES-256-GCM with a key number in each envelope, bound to the place where the ciphertext belongs.

Envelope: one byte version, one byte key number, twelve bytes nonce, then the ciphertext with its tag. Version 1 bound
the row alone and was not padded; migration 0004 sealed everything anew, and nothing else reads it.
"""

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VERSION = 2
NONCE_BYTES = 12
HEADER_BYTES = 2 + NONCE_BYTES


class CannotDecrypt(Exception):
    """Raised for a value that was altered, moved to another place, or whose key is missing."""


class KeyRing:
    """Encrypts with the current key, decrypts with any key that it holds."""

    def __init__(self, keys: dict[int, bytes], current: int, blind: bytes) -> None:
        self._ciphers = {number: AESGCM(key) for number, key in keys.items()}
        self._blind = blind
        self._derived: dict[str, bytes] = {}
        self.current = current

    def holds(self, number: int) -> bool:
        """Say whether a key is there."""
        return number in self._ciphers

    def cipher(self, number: int) -> AESGCM:
        """Return the cipher of a key that is there."""
        return self._ciphers[number]

    def encrypt(self, plain: bytes, place: str) -> bytes:
        """Encrypt bytes for one place, `table.column|row|parent`."""
        header, nonce = bytes((VERSION, self.current)), os.urandom(NONCE_BYTES)
        return header + nonce + self._ciphers[self.current].encrypt(nonce, plain, header + place.encode())

    def decrypt(self, envelope: bytes, place: str) -> bytes:
        """Decrypt bytes that were encrypted for this very place. Raises CannotDecrypt."""
        if len(envelope) <= HEADER_BYTES or envelope[0] != VERSION or envelope[1] not in self._ciphers:
            raise CannotDecrypt(place)
        nonce, sealed = envelope[2:HEADER_BYTES], envelope[HEADER_BYTES:]
        try:
            return self._ciphers[envelope[1]].decrypt(nonce, sealed, envelope[:2] + place.encode())
        except InvalidTag:
            raise CannotDecrypt(place) from None

    def fingerprint(self, text: str) -> str:
        """Return a keyed hash of a text, to find it again without storing it."""
        return hmac.new(self._blind, text.encode(), hashlib.sha256).hexdigest()

    def derive(self, purpose: str) -> bytes:
        """Return the key of one purpose, made from the blind key; no fingerprint of a text can be equal to it."""
        if purpose not in self._derived:
            self._derived[purpose] = HKDF(SHA256(), 32, salt=None, info=purpose.encode()).derive(self._blind)
        return self._derived[purpose]


_ring: KeyRing | None = None


def use(ring: KeyRing) -> None:
    """Set the ring of this process."""
    global _ring
    _ring = ring


def ring() -> KeyRing:
    """Return the ring of this process. Raises RuntimeError before one is set."""
    if _ring is None:
        raise RuntimeError("no key ring is set")
    return _ring
