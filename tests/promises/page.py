"""What is promised, as docs/promises.md shows it. Run `python -m tests.promises.page` to write the page anew."""

import sys
from collections.abc import Iterable
from itertools import groupby

from tests.architecture.house import ROOT
from tests.promises.listed import Listed, Promise, read
from tests.promises.sentences import places, sounds_like_a_promise, where_of

PAGE = ROOT / "docs" / "promises.md"
OPENING = """# What is promised, and what holds it

A promise is a sentence on a page that says what will happen, when, or who reads what. Written by
`python -m tests.promises.page` from `tests/promises/lists`; the pages are found by reading the templates. A test fails
for a sentence that sounds like a promise and is not listed, for one that no page says any more, and for a test that is
gone ([decision 34](decisions/0034-promises.md)).

{promises} promises, in {said} sentences, held by {tests} tests. Of {all} sentences {caught} have a word of promises;
{none} of these promise nothing, and {people} are kept by people, where no code can hold them (the last list).
"""
PEOPLE = "people"


def written() -> str:
    """Write the page."""
    listed = read()
    subjects = groupby(listed.promises, key=lambda one: one.subject)
    said = "".join(_subject(name, promises) for name, promises in subjects)
    kept = "".join(f"- {_line(one)} ({_pages([one])})\n" for one in listed.nothing[PEOPLE])
    return f"{_opening(listed)}{said}\n## Kept by people\n\n{kept}"


def _opening(listed: Listed) -> str:
    nothing = {reason: len(said) for reason, said in listed.nothing.items()}
    return OPENING.format(
        promises=len(listed.promises),
        said=len({said for one in listed.promises for said in one.says}),
        tests=len({name for one in listed.promises for name in one.held_by}),
        all=len(places()),
        caught=sum(map(sounds_like_a_promise, places())),
        none=sum(nothing.values()) - nothing[PEOPLE],
        people=nothing[PEOPLE],
    )


def _subject(name: str, promises: Iterable[Promise]) -> str:
    return f"\n## {name.replace('-', ' ').capitalize()}\n" + "".join(map(_promise, promises))


def _promise(one: Promise) -> str:
    said = "".join(f"- {_line(sentence)}\n" for sentence in one.says)
    tests = ", ".join(f"`{name}`" for name in one.held_by)
    return f"\n### {one.id}\n\n{said}\nOn: {_pages(one.says)}. Held by: {tests}.\n"


def _pages(says: Iterable[str]) -> str:
    return ", ".join(sorted({where_of(path) for said in says for path in places().get(said, ())}))


def _line(said: str) -> str:
    return " ".join(said.split()).replace("|", "\\|").replace("<", "&lt;")


def main() -> int:
    """Write the page to docs/promises.md."""
    PAGE.write_text(written(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
