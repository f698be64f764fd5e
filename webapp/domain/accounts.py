"""What a name to sign in with may look like, how long a passphrase must be, and how long a link holds."""

import re
import unicodedata
from datetime import timedelta

SHORTEST_NAME, LONGEST_NAME = 3, 40
SHORTEST_PASSPHRASE, LONGEST_PASSPHRASE = 12, 1000
LINK_HOLDS = timedelta(days=3)

_NAME = re.compile(r"[^\W_]([\w.-]*[^\W_])?")


def neat_name(said: str) -> str:
    """Write a name in the one way in which it is kept: capitals and kinds of letters make no difference."""
    return unicodedata.normalize("NFKC", said).strip().casefold()


def is_name(neat: str) -> bool:
    """Say whether a name has letters or digits, and dots, hyphens or underscores only between them."""
    return SHORTEST_NAME <= len(neat) <= LONGEST_NAME and _NAME.fullmatch(neat) is not None


def neat_passphrase(said: str) -> str:
    """Write a passphrase in the one way in which it is hashed, whatever keyboard its accents came from."""
    return unicodedata.normalize("NFKC", said)


def is_long_enough(passphrase: str) -> bool:
    """Say whether a passphrase may be used. Any character may stand in it."""
    return SHORTEST_PASSPHRASE <= len(passphrase) <= LONGEST_PASSPHRASE
