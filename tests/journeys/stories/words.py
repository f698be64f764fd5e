"""What people read on the site, in their language: found by the English words, so that a story is told once."""

import re
from functools import cache

from babel.support import Translations

from webapp.services import matching
from webapp.ui.language import FOLDER

VALUE = re.compile(r"%\((\w+)\)s")


class NoSuchWords(LookupError):
    """Raised for words that the site does not have in this language."""


def say(language: str, text: str) -> str:
    """Return what stands on a page for English words of the site. Raises NoSuchWords."""
    if language == "en":
        return text
    found: str = _catalogue(language).gettext(text) if _knows(language, text) else ""
    found = found or _asked().get(text, "")
    if not found:
        raise NoSuchWords(text)
    return found


def pattern(language: str, text: str, values: dict[str, str]) -> re.Pattern[str]:
    """Return what fits words of the site; a value that is not given may be anything short."""
    parts = VALUE.split(neat(say(language, text)))
    said = [
        re.escape(part) if place % 2 == 0 else re.escape(neat(values[part])) if part in values else "(.{1,120}?)"
        for place, part in enumerate(parts)
    ]
    return re.compile("".join(said))


def neat(text: str) -> str:
    """Return a text as an eye reads it: each space is one space."""
    return " ".join(text.split())


@cache
def _catalogue(language: str) -> Translations:
    return Translations.load(FOLDER, [language])


def _knows(language: str, text: str) -> bool:
    return bool(_catalogue(language).gettext(text) != text)


@cache
def _asked() -> dict[str, str]:
    """Pair every label of the questionnaire with its French."""
    pairs = {}
    asked = matching.questionnaire()
    for question in (*asked.screen, *asked.question):
        for one in (question, *(getattr(question, "options", None) or ())):
            pairs[one.label["en"]] = one.label["fr"]
    return pairs
