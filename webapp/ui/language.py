"""Which language a page speaks: the one she chose, else the first of her browser's that we have, else English."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path

from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations
from flask import has_request_context, request, session

LANGUAGES = ("en", "fr")
DEFAULT = "en"
_KEY, _FOUND = "language", "pairwell.language"
FOLDER = Path(__file__).parents[1] / "translations"


def current() -> str:
    """Return the language of this request; also what Flask-Babel asks for."""
    if not has_request_context():
        return DEFAULT
    kept: dict[str, str] = request.environ
    if _FOUND not in kept:
        kept[_FOUND] = _find()
    return kept[_FOUND]


def _find() -> str:
    chosen = session.get(_KEY)
    if chosen in LANGUAGES:
        return str(chosen)
    return request.accept_languages.best_match(LANGUAGES) or DEFAULT


@cache
def _catalogue(language: str) -> NullTranslations:
    return Translations.load(FOLDER, [language])


def say(text: str) -> str:
    """Translate a text for a template. A page says some two hundred; so little is done for each."""
    return _catalogue(current()).ugettext(text)


def say_number(one: str, many: str, number: int) -> str:
    """Translate a text that has a form for one and another for many."""
    return _catalogue(current()).ungettext(one, many, number)


def warm() -> None:
    """Read the texts, numbers and dates of all languages before the first page needs them."""
    for language in LANGUAGES:
        _catalogue(language)
        format_decimal(1, locale=language)
        format_date(date(2026, 1, 1), locale=language)


def choose(language: str) -> None:
    """Keep a language for this visit; one that we do not have changes nothing."""
    if language in LANGUAGES:
        session[_KEY] = language
        request.environ[_FOUND] = language


def say_list(words: Sequence[str]) -> str:
    """Say several words as a list in the language of the page."""
    return format_list(words, locale=current())
