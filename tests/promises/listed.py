"""The promises as they are listed, and the checks of the list: pure functions of sentences, promises and tests."""

import ast
import tomllib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from tests.architecture.house import ROOT

LISTS = Path(__file__).parent / "lists"
NOTHING = LISTS / "nothing"


@dataclass(frozen=True)
class Promise:
    """One promise: the sentences that say it, and the tests that hold it, as path::function."""

    subject: str
    id: str
    says: tuple[str, ...]
    held_by: tuple[str, ...]


@dataclass(frozen=True)
class Listed:
    """Everything that is listed; `nothing` has, by reason, the sentences that sound like a promise and are none."""

    promises: tuple[Promise, ...]
    nothing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def read() -> Listed:
    """Read every list; a subject is a file of its own. Raises TypeError for a key that is unknown or missing."""
    subjects = [(path.stem, _table(path)) for path in sorted(LISTS.glob("*.toml"))]
    promises = (_promise(name, **row) for name, table in subjects for row in table["promise"])
    nothing = {reason: tuple(said) for path in sorted(NOTHING.glob("*.toml")) for reason, said in _table(path).items()}
    return Listed(tuple(promises), nothing)


def _promise(subject: str, *, id: str, says: list[str], held_by: list[str]) -> Promise:
    return Promise(subject, id, tuple(says), tuple(held_by))


def _table(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def faults(
    listed: Listed, caught: Collection[str], standing: Collection[str], is_test: Mapping[str, bool]
) -> list[str]:
    """Say what is wrong. `caught` are the sentences that sound like promises, `standing` all; `is_test` by name."""
    return [*_unlisted(listed, caught), *_gone(listed, standing), *_untested(listed, is_test), *_twice(listed)]


def _unlisted(listed: Listed, caught: Iterable[str]) -> Iterator[str]:
    known = {said for one in listed.promises for said in one.says} | {
        s for some in listed.nothing.values() for s in some
    }
    yield from (f"listed nowhere: {said}" for said in caught if said not in known)


def _gone(listed: Listed, standing: Collection[str]) -> Iterator[str]:
    lists = [(one.id, one.says) for one in listed.promises] + list(listed.nothing.items())
    yield from (
        f"{name}: no page says it any more: {said}" for name, some in lists for said in some if said not in standing
    )


def _untested(listed: Listed, is_test: Mapping[str, bool]) -> Iterator[str]:
    for one in listed.promises:
        if not one.held_by or not one.says:
            yield f"{one.id}: a promise without a sentence or a test"
        yield from (f"{one.id}: no such test: {name}" for name in one.held_by if not is_test.get(name, False))


def _twice(listed: Listed) -> Iterator[str]:
    ids = Counter(one.id for one in listed.promises)
    yield from (f"{name}: this id is there twice" for name, times in ids.items() if times > 1)
    promised = {said for one in listed.promises for said in one.says}
    nothing = Counter(said for some in listed.nothing.values() for said in some)
    yield from (
        f"promises nothing, and is listed twice: {s}" for s, times in nothing.items() if times > 1 or s in promised
    )


def named_tests(listed: Listed) -> dict[str, bool]:
    """Say of every test that is named whether it is there; a parametrised one is named without its cases."""
    names = {name for one in listed.promises for name in one.held_by}
    return {name: name.partition("::")[2] in _functions(name.partition("::")[0]) for name in names}


@cache
def _functions(path: str) -> frozenset[str]:
    file = ROOT / path
    if not (path.startswith("tests/") and file.is_file()):
        return frozenset()
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return frozenset(one.name for one in tree.body if isinstance(one, ast.FunctionDef) and one.name.startswith("test_"))
