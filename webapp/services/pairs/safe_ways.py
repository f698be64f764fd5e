"""What she has said of being reached outside the site, where something here could leave it.

One place, so that the record of her safe contact can take the place of her first answers.
"""

from webapp.crypto.keyring import CannotDecrypt
from webapp.domain.details import Kind
from webapp.models import Introduction
from webapp.services.answers import answers_of

ASKED = "reach"
SAFE_BY = {
    Kind.NUMBER: frozenset({"call", "text_message"}),
    Kind.EMAIL: frozenset({"email"}),
    Kind.OTHER: frozenset({"call", "text_message", "email"}),
}


def is_safe_for_her(introduction: Introduction, kind: Kind) -> bool:
    """Say whether the woman has marked that she can be reached like this; what is not known is not safe."""
    try:
        said = answers_of(introduction.request).get(ASKED, {}).get("answer", ())
    except CannotDecrypt:
        return False
    return not SAFE_BY[kind].isdisjoint(said)
