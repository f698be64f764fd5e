"""The room of a pair on a site of the programme's choice: none unless the programme names one, random, its own."""

from webapp.content import programme
from webapp.crypto import keyring
from webapp.models import Introduction
from webapp.services.pairs.holding import is_open

LENGTH = 24
"""Signs of a room's name: 96 bits that nobody guesses."""


def room_of(introduction: Introduction) -> str | None:
    """Return the link to the room of a pair; None where the programme has no rooms, or the two may not talk now.

    The name is a keyed hash, so that nothing of it is kept; a turn more makes it another.
    """
    template = programme.load().room
    if not template or not is_open(introduction):
        return None
    name = keyring.ring().fingerprint(f"room|{introduction.id}|{introduction.room_turn}")[:LENGTH]
    return template.replace(programme.ROOM, name)
