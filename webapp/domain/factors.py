"""The second step of a sign-in: whose role requires it, how a code is written, and how long each part of it holds."""

import unicodedata
from collections.abc import Collection
from datetime import timedelta
from enum import StrEnum

from webapp.domain.access import Role

REQUIRED_OF = frozenset({Role.COORDINATOR, Role.APPROVER})
HOLDS = timedelta(minutes=5)
"""How long a sign-in waits for its second step, a challenge for its answer, and how long a proof is fresh."""
SETTING_UP = timedelta(minutes=15)
"""How long the secret of new codes can be read by her who sets them up."""
RECOVERY_CODES = 10
CODE_DIGITS, RECOVERY_DIGITS = 6, 12
LONGEST_NAME, MOST_PASSKEYS = 40, 10


class Proof(StrEnum):
    """By what a sign-in was proved; it is kept with the sign-in."""

    PASSPHRASE = "passphrase"  # noqa: S105
    CODE = "passphrase and code"
    RECOVERY = "passphrase and recovery code"
    SECOND_PASSKEY = "passphrase and passkey"
    PASSKEY = "passkey"


def is_enough(proof: str, roles: Collection[Role]) -> bool:
    """Say whether a sign-in that was proved in this way may use these roles."""
    return proof != Proof.PASSPHRASE or not REQUIRED_OF & set(roles)


def neat_code(said: str) -> str:
    """Write a code in the one way in which it is compared and kept: its digits alone, of whatever script."""
    plain = unicodedata.normalize("NFKC", said)
    kept = "".join(sign for sign in plain if not (sign.isspace() or unicodedata.category(sign) in ("Pd", "Cf")))
    return "".join(str(unicodedata.digit(sign)) if sign.isdecimal() else sign for sign in kept)


def is_code(neat: str) -> bool:
    """Say whether this looks like a code of an app."""
    return len(neat) == CODE_DIGITS and neat.isascii() and neat.isdigit()


def is_recovery_code(neat: str) -> bool:
    """Say whether this looks like a recovery code."""
    return len(neat) == RECOVERY_DIGITS and neat.isascii() and neat.isdigit()


def in_fours(text: str) -> str:
    """Write a long code in groups of four, as people read it."""
    return " ".join(text[place : place + 4] for place in range(0, len(text), 4))
