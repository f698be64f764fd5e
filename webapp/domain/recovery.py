"""The ways back for somebody who has lost her passphrase: her recovery code, and her words for the phone.

A code has 24 signs of 32 kinds: 120 bits. The words are for one call, and never the code word that we say first.
"""

import unicodedata
from datetime import timedelta

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: without the letters that are taken for digits, or for one another."""
CODE_SIGNS, A_GROUP = 24, 4
LINK_SIGNS = 12
"""The code in a link of an hour is read out on the phone: 60 bits."""
PHONE_WORDS_OFFERED = 2
SHORTEST_PHONE_WORDS, LONGEST_PHONE_WORDS = 8, 80
PHONE_TRIES_A_DAY = 3
FRESH = timedelta(minutes=10)
"""So long after her passphrase was typed she may make a code without typing it again."""
TOLD_FOR = timedelta(days=30)
"""So long her account page says that her passphrase was set anew by a link."""

_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})


def neat_code(said: str) -> str:
    """Write a code in the one way in which it is hashed: small letters, spaces and hyphens make no difference."""
    signs = unicodedata.normalize("NFKC", said).upper().translate(_READ_AS)
    return "".join(sign for sign in signs if sign in SIGNS)


def show_code(signs: str) -> str:
    """Write a code in groups, as it is shown and printed.

    >>> show_code("0123456789ABCDEFGHJKMNPQ")
    '0123-4567-89AB-CDEF-GHJK-MNPQ'
    """
    return "-".join(signs[start : start + A_GROUP] for start in range(0, len(signs), A_GROUP))


def neat_phone_words(said: str) -> str:
    """Write words in the one way in which they are compared: as heard, so without capitals, accents and signs."""
    apart = unicodedata.normalize("NFKD", said).casefold()
    heard = "".join(letter if letter.isalnum() else " " for letter in apart if not unicodedata.combining(letter))
    return " ".join(heard.split())


def are_phone_words(said: str) -> bool:
    """Say whether words can serve on the phone: two at least, and not too short to be guessed at."""
    neat = neat_phone_words(said)
    return " " in neat and SHORTEST_PHONE_WORDS <= len(neat) <= LONGEST_PHONE_WORDS
