"""The key ring: AES-256-GCM with a key number in each envelope, bound to the place where the ciphertext belongs.

Envelope: one byte version, one byte key number, twelve bytes nonce, then the ciphertext with its tag. Version 1 bound
the row alone and was not padded; migration 0004 sealed everything anew, and nothing else reads it.
"""

import hashlib
import hmac
import os
from collections.abc import Callable, Iterator, Mapping
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VERSION = 2
NONCE_BYTES = 12
HEADER_BYTES = 2 + NONCE_BYTES
CHECK = b"the keys of this database"
"""The known value by which a key shows that it is the one."""


class CannotDecrypt(Exception):
    """Raised for a value that was altered, moved to another place, or whose key is missing."""


class KeyRing:
    """Encrypts with the current key, decrypts with any key that it holds; `named` are secrets for fingerprints."""

    def __init__(
        self, keys: Mapping[int, bytes], current: int, blind: bytes, named: Mapping[str, bytes] | None = None
    ) -> None:
        self._ciphers = {number: AESGCM(key) for number, key in keys.items()}
        self._named = {"blind": blind, **(named or {})}
        self._derived: dict[str, bytes] = {}
        self.current = current

    @property
    def numbers(self) -> list[int]:
        """List the numbers of the keys that it holds."""
        return sorted(self._ciphers)

    def cipher(self, number: int) -> AESGCM:
        """Return the cipher of a key that is there."""
        return self._ciphers[number]

    def encrypt(self, plain: bytes, place: str) -> bytes:
        """Encrypt bytes for one place, `table.column|row|parent`."""
        return self._encrypt_with(self.current, plain, place)

    def _encrypt_with(self, number: int, plain: bytes, place: str) -> bytes:
        header, nonce = bytes((VERSION, number)), os.urandom(NONCE_BYTES)
        return header + nonce + self._ciphers[number].encrypt(nonce, plain, header + place.encode())

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
        return hmac.new(self._named["blind"], text.encode(), hashlib.sha256).hexdigest()

    def derive(self, purpose: str) -> bytes:
        """Return the key of one purpose, made from the blind key; no fingerprint of a text can be equal to it."""
        if purpose not in self._derived:
            self._derived[purpose] = HKDF(SHA256(), 32, salt=None, info=purpose.encode()).derive(self._named["blind"])
        return self._derived[purpose]

    def name(self, purpose: str, said: str) -> UUID:
        """Return the id that what was said has for one purpose: the same each time, and telling nothing of it."""
        digest = hmac.new(self.derive(purpose), said.encode(), hashlib.sha256).digest()
        return UUID(bytes=digest[:16], version=4)

    # Check values: what a database keeps of its keys, to know them again

    def check_names(self) -> Iterator[str]:
        """Name every key: those of fields by number, the others by what they are for."""
        yield from (f"field key {number}" for number in self.numbers)
        yield from (f"{name} key" for name in self._named)

    def check_value(self, name: str) -> bytes:
        """Make the check value of a key."""
        if (number := number_in(name)) is not None:
            return self._encrypt_with(number, CHECK, name)
        return hmac.digest(self._named[name.removesuffix(" key")], CHECK + name.encode(), "sha256")

    def is_proved_by(self, name: str, value: bytes) -> bool:
        """Say whether a check value was made with the key of this name."""
        if (number := number_in(name)) is None:
            return hmac.compare_digest(self.check_value(name), value)
        try:
            return value[1:2] == bytes((number,)) and self.decrypt(value, name) == CHECK
        except CannotDecrypt:
            return False


def number_in(name: str) -> int | None:
    """Return the number of a field key; None for the other keys.

    >>> number_in("field key 2"), number_in("blind key")
    (2, None)
    """
    return int(name.removeprefix("field key ")) if name.startswith("field key ") else None


_ring: KeyRing | None = None
_newer: Callable[[], KeyRing | None] | None = None
_prove: Callable[[], object] | None = None


def use(
    ring: KeyRing, *, newer: Callable[[], KeyRing | None] | None = None, prove: Callable[[], object] | None = None
) -> None:
    """Set the ring of this process.

    `newer` looks whether the key file has changed and returns its ring then; `prove` runs before the first use.
    """
    global _ring, _newer, _prove
    _ring, _newer, _prove = ring, newer, prove


def is_set() -> bool:
    """Say whether this process has a ring."""
    return _ring is not None


def ring() -> KeyRing:
    """Return the ring of this process as the key file has it now. Raises RuntimeError before one is set."""
    global _ring, _prove
    if _ring is None:
        raise RuntimeError("no key ring is set")
    if _prove is not None:
        _prove()
        _prove = None
    if _newer is not None and (newer := _newer()) is not None:
        _ring = newer
    return _ring
