"""Every sentence that somebody may read, with the files where it stands; and the rule what sounds like a promise.

Read from the templates and modules of the site, the questionnaire, and the letters: nothing is typed here.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg

from tests.architecture.house import ROOT

KEYWORDS = dict.fromkeys(("_", "_l", "gettext", "lazy_gettext")) | {"ngettext": (1, 2)}
WORDED = ("matcher/questionnaire/recovery.toml", "matcher/explanations/messages.toml", "webapp/content/letters.toml")
"""Files of words beside the catalogue; lines of crisis.toml tell of others, and stand there with source and date."""
WORDS = (
    r"will|shall|would|nobody|no one|never|nothing|none|always|only|alone|cannot|at once|right away|straight away|now",
    r"until|within|by itself|by themselves|any more|no longer|as before|once|minutes?|hours?|days?|weeks?|months?|years?",
    r"reads?|sees?|seen|shown?|told|tells?|learns?|knows?|hears?|asks?|asked|answers|answered|writes?|calls?",
    r"looks?|keeps?|kept|stays?|deleted?|gone|goes|comes|leaves|sends?|sent|closed?|closes|ends?|ended|stops?|rests?|counts?",
    r"waits?|passes|passed|taken|lost|recorded?|sealed|encrypted|hidden|aim|promised?|suggested|gets?|decides?|can|may",
)
SOUNDS = re.compile(rf"\b({'|'.join(WORDS)})\b", re.IGNORECASE)
LEAST = 4
"""A text of fewer words is a label, not a sentence, unless it ends like one."""


def sounds_like_a_promise(text: str) -> bool:
    """Say whether a text says what happens, when, or who reads what: it is a sentence and has one of the WORDS."""
    is_sentence = len(re.findall(r"[\w’']+", text)) >= LEAST or text.endswith((".", "!"))
    return is_sentence and SOUNDS.search(text) is not None


@cache
def places() -> Mapping[str, frozenset[str]]:
    """Return every sentence with the files where it stands; of a plural the form for one."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for path, said in [*_in_the_catalogue(), *_in_files_of_words()]:
        found[said].add(path)
    return {said: frozenset(where) for said, where in found.items()}


def _in_the_catalogue() -> Iterator[tuple[str, str]]:
    with (ROOT / "webapp/translations/babel.cfg").open(encoding="utf-8") as mapping:
        methods, options = parse_mapping_cfg(mapping)
    below = [(pattern.removeprefix("webapp/"), method) for pattern, method in methods]
    options = {pattern.removeprefix("webapp/"): set_ for pattern, set_ in options.items()}
    for path, _line, said, _comments, _context in extract_from_dir(str(ROOT / "webapp"), below, options, KEYWORDS):
        yield f"webapp/{path}", said if isinstance(said, str) else said[0]


def _in_files_of_words() -> Iterator[tuple[str, str]]:
    for path in WORDED:
        for said in _english(tomllib.loads((ROOT / path).read_text(encoding="utf-8"))):
            yield path, said


def _english(found: Any) -> Iterator[str]:
    """Go through every English text, whatever it hangs under: `en = "..."`, or a table of texts named en."""
    if isinstance(found, list):
        for one in found:
            yield from _english(one)
    elif isinstance(found, dict):
        for key, one in found.items():
            texts = one.values() if isinstance(one, dict) and key == "en" else [one]
            yield from (text for text in texts if key == "en" and isinstance(text, str))
            yield from () if key == "en" else _english(one)


def where_of(path: str) -> str:
    """Name a file as docs/promises.md does: short, and a page by its template.

    >>> where_of("webapp/pages/offers/templates/offers/offer.html"), where_of("webapp/ui/hours_words.py")
    ('offers/offer', 'ui/hours_words.py')
    """
    short = re.sub(r"^webapp/(pages/\w+/templates/|ui/templates/|pages/)?|^matcher/", "", path)
    return Path(short).with_suffix("").as_posix() if short.endswith(".html") else short
