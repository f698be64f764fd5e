"""What should differ in those whom she is shown next, in words: she ticks them, and the coordinator reads them."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l

from webapp.domain.proposals import Difference

DIFFERENCES = {
    Difference.AGE: _l("Her age"),
    Difference.LIFE_NOW: _l("Her life now"),
    Difference.LANGUAGES: _l("The languages"),
    Difference.WAY_OF_TALKING: _l("The way of talking"),
    Difference.CLOSER: _l("What she has lived: closer to mine"),
    Difference.FURTHER: _l("Someone further along"),
    Difference.STRANGER: _l("Someone who cannot know me"),
    Difference.OTHER: _l("Something else"),
}


def say_ticks(ticks: Iterable[str]) -> list[str]:
    """Say what was ticked, in the order of the page; what is not known any more is left out."""
    ticked = set(ticks)
    return [str(words) for code, words in DIFFERENCES.items() if code in ticked]
