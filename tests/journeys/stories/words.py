"""What people read on the site, in their language: found by its English words, so that a story is told once."""

import re
from functools import cache

from babel.messages.pofile import read_po

from webapp.services import matching
from webapp.ui.language import FOLDER

VALUE = re.compile(r"%\((\w+)\)s")
FRENCH = FOLDER / "fr/LC_MESSAGES/messages.po"


class NoSuchWords(LookupError):
    """Raised for words that the site does not have, or has in several texts."""


def say(language: str, words: str) -> str:
    """Return the whole text of the site that has these English words in it, in a language. Raises NoSuchWords."""
    text = _find(words)
    return text if language == "en" else _texts()[text]


def pattern(language: str, words: str, values: dict[str, str]) -> re.Pattern[str]:
    """Return what fits a text of the site; a value that is not given may be anything short."""
    parts = VALUE.split(neat(say(language, words)))
    said = [
        re.escape(part) if place % 2 == 0 else re.escape(neat(values[part])) if part in values else "(.{1,120}?)"
        for place, part in enumerate(parts)
    ]
    return re.compile("".join(said))


def neat(text: str) -> str:
    """Return a text as an eye reads it: each space is one space."""
    return " ".join(text.split())


@cache
def _find(words: str) -> str:
    if words in _texts():
        return words
    found = [text for text in _texts() if words in text]
    if len(found) != 1:
        raise NoSuchWords(words, found)
    return found[0]


@cache
def _texts() -> dict[str, str]:
    """Pair every English text of the site, and every label of the questionnaire, with its French."""
    asked = matching.questionnaire()
    pairs = {}
    for question in (*asked.screen, *asked.question):
        for one in (question, *(getattr(question, "options", None) or ())):
            pairs[one.label["en"]] = one.label["fr"]
        words = getattr(question, "words", None)
        for told in (words.shared, words.hoped) if words else ():
            pairs |= {_as_msgid(told["en"]): _as_msgid(told["fr"])} if told else {}
    with FRENCH.open("rb") as file:
        return pairs | {one.id: one.string for one in read_po(file, "fr") if isinstance(one.id, str) and one.id}


def _as_msgid(sentence: str) -> str:
    """Write the options that a sentence of the questionnaire takes in as the site's own texts write theirs."""
    return sentence.replace("{options}", "%(options)s")
