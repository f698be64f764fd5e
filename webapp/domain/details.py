"""Ways to reach somebody outside the site, which she may release to the one with whom she is introduced."""

import re
from enum import StrEnum

LONGEST = 120
_NUMBER = re.compile(r"\+?[0-9][0-9 ().-]{4,22}(?: ?(?:x|ext\.?|poste) ?[0-9]{1,6})?", re.IGNORECASE)
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


class Kind(StrEnum):
    """What a way to reach her is; OTHER is told in her own words."""

    NUMBER = "number"
    EMAIL = "email"
    OTHER = "other"


def fits(kind: Kind, said: str) -> bool:
    """Say whether what she wrote can be such a way, so that a slip is seen before it is shown to somebody.

    >>> fits(Kind.NUMBER, "+1 (416) 555-0199"), fits(Kind.NUMBER, "call me"), fits(Kind.EMAIL, "dee@example")
    (True, False, False)
    """
    if not said or len(said) > LONGEST:
        return False
    match kind:
        case Kind.NUMBER:
            return _NUMBER.fullmatch(said) is not None
        case Kind.EMAIL:
            return _ADDRESS.fullmatch(said) is not None
        case Kind.OTHER:
            return True
