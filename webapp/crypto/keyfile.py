"""The key file while the site runs: a new key in it is taken up at once, without a restart."""

import logging
from pathlib import Path

from webapp.config import BadKeys, Keys
from webapp.crypto.keyring import KeyRing

log = logging.getLogger(__name__)


def ring_of(keys: Keys) -> KeyRing:
    """Make the ring of an installation's keys."""
    return KeyRing(keys.fields, keys.current, keys.blind)


class KeyFile:
    """Watches one key file. Keys may be added and dropped; one that changed under its number is not taken up."""

    def __init__(self, path: Path, keys: Keys) -> None:
        self.path, self.keys = path, keys
        self._seen: tuple[int, int] | None = None

    def newer(self) -> KeyRing | None:
        """Return the ring of the file where it has changed since the last look, else None."""
        seen = self._look()
        if seen == self._seen:
            return None
        self._seen = seen
        try:
            keys = Keys.read(self.path)
        except BadKeys as bad:
            log.error("the key file has changed and is not taken up: %s", bad)
            return None
        if not _agree(self.keys, keys):
            log.error("the key file %s has other keys under the same numbers and is not taken up", self.path)
            return None
        self.keys = keys
        return ring_of(keys)

    def _look(self) -> tuple[int, int] | None:
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ino


def _agree(old: Keys, new: Keys) -> bool:
    both = old.fields.keys() & new.fields.keys()
    return old.blind == new.blind and all(old.fields[number] == new.fields[number] for number in both)
