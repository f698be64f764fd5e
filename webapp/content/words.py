"""Plain words in English and French, from which passphrases and words for the phone are offered: words.toml."""

import tomllib
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("words.toml")
LANGUAGES = ("en", "fr")
FEWEST = 2048
"""So many words make eleven bits each."""


@cache
def load(path: Path = FILE) -> dict[str, tuple[str, ...]]:
    """Read the words of each language. Raises ValueError for a list that is too short or holds a word twice."""
    said = tomllib.loads(path.read_text(encoding="utf-8"))
    read = {language: tuple(said[language].split()) for language in LANGUAGES}
    for language, words in read.items():
        if len(set(words)) < max(FEWEST, len(words)):
            raise ValueError(f"{path.name}: {language} needs {FEWEST} different words, and has {len(set(words))}")
    return read
