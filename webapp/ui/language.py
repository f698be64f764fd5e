"""Which language a page speaks: the one she chose, else the first of her browser's that we have, else English."""

from collections.abc import Sequence

from babel.lists import format_list
from flask import has_request_context, request, session

LANGUAGES = ("en", "fr")
DEFAULT = "en"
_KEY = "language"


def current() -> str:
    """Return the language of this request; also what Flask-Babel asks for."""
    if not has_request_context():
        return DEFAULT
    chosen = session.get(_KEY)
    if chosen in LANGUAGES:
        return str(chosen)
    return request.accept_languages.best_match(LANGUAGES) or DEFAULT


def choose(language: str) -> None:
    """Keep a language for this visit; one that we do not have changes nothing."""
    if language in LANGUAGES:
        session[_KEY] = language


def say_list(words: Sequence[str]) -> str:
    """Say several words as a list in the language of the page."""
    return format_list(words, locale=current())
