"""What a remedy begins with: the text or the id that was probably meant; and texts listed in a sentence."""

from collections.abc import Iterable, Mapping, Sequence

from matcher.errors import NOTHING, Phrase
from matcher.text import LONGEST_QUOTED, MOST_QUOTED, alike, nearest


def did_you_mean(wrong: Sequence[str], known: Iterable[str] | Mapping[str, object]) -> Phrase:
    """Ask whether what is near was meant, as the beginning of a remedy; nothing where nothing is.

    >>> str(did_you_mean(["alcool"], ["alcohol"])), str(did_you_mean(["alcool", "beer"], ["alcohol"]))
    ("Did you mean 'alcohol'? ", "Did you mean 'alcohol' for 'alcool'? ")
    """
    near = [(one, found) for one in wrong[:MOST_QUOTED] if (found := nearest(one, known)) is not None]
    if not near:
        return NOTHING
    if len(wrong) == 1:
        return Phrase.of("did_you_mean", near=near[0][1])
    return Phrase.of("did_you_mean_each", near=[Phrase.of("one_for_another", near=two, typed=one) for one, two in near])


def some_of(texts: Sequence[str]) -> list[str | Phrase]:
    """List texts for a sentence: of many the first ten, of long ones the beginning.

    >>> [str(one) for one in some_of(["a"] * 12)][9:]
    ['a', '2 more']
    """
    named: list[str | Phrase] = [text[:LONGEST_QUOTED] for text in texts[:MOST_QUOTED]]
    more = len(texts) - len(named)
    return [*named, *([Phrase.of("more", count=more)] if more else [])]


def hint(wrong: str, ids: Iterable[str]) -> Phrase:
    """Ask whether the one id that is like it was meant; nothing where none is, or several are.

    >>> str(hint("R2", ["r02", "r31"])), str(hint("R2", ["r02", "r2"])), str(hint("s99", ["s09", "s31"]))
    ("Did you mean 'r02'? ", '', '')
    """
    meant = alike(wrong, ids)
    return Phrase.of("did_you_mean", near=meant[0]) if len(meant) == 1 else NOTHING
