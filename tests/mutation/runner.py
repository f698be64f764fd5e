"""A pytest plugin that collects the tests once, learns what they reach, and gives each mutant a process of its own.

mutmut's own runner starts pytest anew for every mutant, which takes longer than the test that notices it, and asks at
each call of the engine which mutant is meant. Here a mutant's code is put in place of the function's, and nothing asks.
"""

import functools
import gc
import json
import os
import signal
import time
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest
from coverage import Coverage
from mutmut.mutation import trampoline

ASKED, FOUND, LEARNED, FAILED = Path("asked.json"), Path("found.json"), Path("learned.json"), Path("failed.txt")
SURVIVED, KILLED = 0, 1
# A survivor needs as long as all the tests that reach it; who goes on for three times that and this is in a loop.
PATIENCE, PATIENCE_S = 3, 20

Reached = dict[str, dict[int, list[str]]]
"""Which tests reach each line, by file."""

ORIGINALS: list[tuple[FunctionType, dict[str, FunctionType]]] = []


def _keep(mutants: dict[str, FunctionType], is_classmethod: bool = False) -> Callable[[FunctionType], FunctionType]:
    """Stand in for mutmut's trampoline, which would slow every call: leave the function as it is and remember it."""

    def remember(original: FunctionType) -> FunctionType:
        ORIGINALS.append((original, mutants))
        return original

    return remember


trampoline.wrap_in_trampoline = _keep  # type: ignore[assignment]


class Runner:
    """Runs the tests that reach each mutant, the quickest first, until one fails."""

    def __init__(self, session: pytest.Session) -> None:
        """Take the tests that were collected."""
        self.config = session.config
        self.items = {item.nodeid: item for item in session.items}
        self.originals = {f"{one.__module__}.{name}": one for one, mutants in ORIGINALS for name in mutants}
        self.mutants = {f"{one.__module__}.{name}": it for one, found in ORIGINALS for name, it in found.items()}
        self.caches = list(_caches())
        self.seconds: dict[str, float] = {}
        self.reached: Reached = {}

    def run(self, mutants: Sequence[str], workers: int) -> None:
        """Learn what each test reaches, then try the mutants, and write down what became of them."""
        self._learn()
        self._run_without_a_mutant()
        running: dict[int, tuple[str, float]] = {}
        found: dict[str, tuple[int | None, float]] = {}
        for mutant in mutants:
            tests = self._tests_of(mutant)
            if not tests:
                found[mutant] = None, 0.0
                continue
            if len(running) == workers:
                _await_one(running, found)
            running[self._start(mutant, tests)] = mutant, time.monotonic()
        while running:
            _await_one(running, found)
        FOUND.write_text(json.dumps(found), encoding="utf-8")

    def _learn(self) -> None:
        """Run every test once in a process of its own, so that nothing stays in the memory of this one."""
        self.config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]
        if not _is_newest(LEARNED):
            _in_a_process_of_its_own(self._listen)
        learned = json.loads(LEARNED.read_text(encoding="utf-8"))
        self.seconds = learned["seconds"]
        names = list(self.seconds)
        for file, lines in learned["reached"].items():
            self.reached[file] = {int(line): [names[number] for number in numbers] for line, numbers in lines.items()}

    def _listen(self) -> None:
        listener = _Listener(self.caches)
        self.config.pluginmanager.register(listener)
        listener.coverage.start()
        self._run(list(self.items.values()), FAILED)
        listener.coverage.stop()
        learned = {"seconds": listener.seconds, "reached": listener.reached()}
        LEARNED.write_text(json.dumps(learned), encoding="utf-8")

    def _run_without_a_mutant(self) -> None:
        """See that it is no fault of the order in which mutants are tried, the quickest test first, if one fails."""
        in_order = sorted(self.items, key=self.seconds.__getitem__)
        _in_a_process_of_its_own(lambda: self._run([self.items[test] for test in in_order], FAILED))

    def _tests_of(self, mutant: str) -> list[pytest.Item]:
        """Return the tests that reach the changed line, the quickest first.

        Of a statement over several lines Python may report the first alone: the last line reached before is meant.
        """
        if mutant not in self.originals:  # no test loads its module
            return []
        code = self.originals[mutant].__code__
        lines = self.reached.get(code.co_filename, {})
        within = [line for line in sorted(lines) if line in _lines_of(code) and any(lines[line])]
        before = bisect_right(within, _changed_line(code, self.mutants[mutant].__code__))
        tests = lines[within[max(before - 1, 0)]] if within else []
        return [self.items[test] for test in sorted(tests, key=self.seconds.__getitem__)]

    def _start(self, mutant: str, tests: Sequence[pytest.Item]) -> int:
        child = os.fork()
        if not child:
            signal.alarm(int(PATIENCE * sum(self.seconds[item.nodeid] for item in tests)) + PATIENCE_S)
            _forget(self.caches)
            original, changed = self.originals[mutant], self.mutants[mutant]
            original.__code__, original.__defaults__ = changed.__code__, changed.__defaults__
            original.__kwdefaults__ = changed.__kwdefaults__
            self._run(tests)
            os._exit(SURVIVED)
        return child

    def _run(self, items: Sequence[pytest.Item], note: Path | None = None) -> None:
        plugins = self.config.pluginmanager
        plugins.unregister(plugins.get_plugin("terminalreporter"))
        plugins.register(_EndAtTheFirstFailure(note))
        for item, following in pairwise([*items, None]):
            assert item
            self.config.hook.pytest_runtest_protocol(item=item, nextitem=following)


class _EndAtTheFirstFailure:
    def __init__(self, note: Path | None = None) -> None:
        self.note = note

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            if self.note:
                self.note.write_text(f"{report.nodeid}\n{report.longreprtext}\n", encoding="utf-8")
            os._exit(KILLED)


class _Listener:
    """Notes how long each test takes, set-up and all, and which lines of the engine it reaches."""

    def __init__(self, caches: list[Any]) -> None:
        self.seconds: dict[str, float] = {}
        self.caches = caches
        self.coverage = Coverage(data_file=None, include=["*/matcher/*"], omit=["*/tests/*"], config_file=False)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        _forget(self.caches)
        self.coverage.switch_context(item.nodeid)
        started = time.monotonic()
        done = yield
        self.seconds[item.nodeid] = time.monotonic() - started
        return done

    def reached(self) -> dict[str, dict[int, list[int]]]:
        """Return the tests that reach each line, by their numbers among those that were heard, for each file."""
        numbers, data = {test: number for number, test in enumerate(self.seconds)}, self.coverage.get_data()
        return {
            file: {
                line: sorted(numbers[test] for test in tests if test)
                for line, tests in data.contexts_by_lineno(file).items()
            }
            for file in data.measured_files()
        }


def _in_a_process_of_its_own(act: Callable[[], None]) -> None:
    child = os.fork()
    if not child:
        act()
        os._exit(SURVIVED)
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
        pytest.exit(f"a test fails without any mutant: {FAILED.read_text(encoding='utf-8')}", returncode=1)


def _is_newest(file: Path) -> bool:
    # mutmut writes notes beside what it has mutated; all other files it copies anew each time.
    sources = [*Path("matcher").rglob("*.meta"), *Path("tests/matcher").rglob("*.py")]
    return file.exists() and file.stat().st_mtime > max(source.stat().st_mtime for source in sources)


def _caches() -> Iterator[Any]:
    """Find what remembers results: filled by an earlier test, it would hide what a later one reaches."""
    for one in gc.get_objects():
        if isinstance(one, functools._lru_cache_wrapper) and one.__module__.startswith("matcher."):
            yield one


def _forget(caches: list[Any]) -> None:
    for one in caches:
        one.cache_clear()


@functools.cache
def _lines_of(code: CodeType) -> frozenset[int]:
    inner = [one for one in code.co_consts if isinstance(one, CodeType)]
    own = {line for _, _, line in code.co_lines() if line}
    return frozenset(own.union(*map(_lines_of, inner)))


@functools.cache
def _text_of(file: str) -> list[str]:
    return Path(file).read_text(encoding="utf-8").splitlines()


def _changed_line(original: CodeType, changed: CodeType) -> int:
    """Return the line of a function where its mutant first differs; the line of its name if that is nowhere below."""
    text = _text_of(original.co_filename)
    one, other = _definition(text, original), _definition(text, changed)
    for below in range(1, max(_lines_of(original)) - one):
        if text[one + below] != text[other + below]:
            return one + below + 1
    return one + 1


def _definition(text: Sequence[str], code: CodeType) -> int:
    first = code.co_firstlineno - 1
    return next(
        number for number in range(first, len(text)) if text[number].lstrip().startswith(("def ", "async def "))
    )


def _await_one(running: dict[int, tuple[str, float]], found: dict[str, tuple[int | None, float]]) -> None:
    child, status = os.wait()
    mutant, started = running.pop(child)
    found[mutant] = os.waitstatus_to_exitcode(status), time.monotonic() - started
    FOUND.write_text(json.dumps(found), encoding="utf-8")


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool:
    """Run mutants instead of tests."""
    asked = json.loads(ASKED.read_text(encoding="utf-8"))
    Runner(session).run(asked["mutants"], asked["workers"])
    return True
