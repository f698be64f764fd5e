"""The compiled scan comes to the plain one's numbers for everybody; where anything is wrong, the plain one goes."""

from pathlib import Path
from random import Random

import numpy as np
import pytest

from matcher import backends
from matcher.ranking.roster import Roster
from matcher.ranking.scan import CompiledScan, PlainScan, ScanResult, agree
from tests.matcher.roster.test_columns import filled, fitted
from tests.matcher.worlds.commands import given, inside, write_programme
from tests.matcher.worlds.generated import World
from tests.matcher.worlds.pairs import need, offer, roster

COMPILED = backends.compiled().scan
SIZES = (0, 1, 63, 64, 65, 129, 8 * 1024, 8 * 1024 + 65)


def both(roster: Roster, invented: World) -> list[tuple[PlainScan, CompiledScan]]:
    assert COMPILED is not None
    plain = [roster._plain_scan(one, None) for one in invented.needs]
    return [(one, CompiledScan(one.encoded, one.query, one.avoided, COMPILED, roster._compiler)) for one in plain]


def head(found: ScanResult, top: int) -> list[tuple[int, int]]:
    """Return who is among the best, ties at the last place too."""
    least = sorted(found.grains.tolist())[-top:][:1]
    pairs = zip(found.rows.tolist(), found.grains.tolist(), strict=True)
    return [(row, grains) for row, grains in pairs if least and grains >= least[0]]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("seed", range(4))
def test_every_size_comes_out_the_same(seed: int, size: int) -> None:
    invented = filled(seed, size, gated=seed % 2 > 0)
    held = fitted(invented)
    for plain, compiled in both(held, invented):
        assert agree(plain, compiled)
        for top in (1, 3, 40):
            assert head(compiled.found(top), top) == head(plain.found(None), top)
            assert compiled.found(top)[2:] == plain.found(None)[2:]


@pytest.mark.parametrize("seed", range(40))
def test_any_questionnaire_comes_out_the_same(seed: int) -> None:
    invented = filled(100 + seed, 70, gated=seed % 3 > 0)
    held = fitted(invented)
    for plain, compiled in both(held, invented):
        assert agree(plain, compiled)
        rows = np.array(Random(seed).sample(range(70), 9))
        assert np.array_equal(plain.by_line(rows), compiled.by_line(rows))


def test_a_roster_with_room_for_more_comes_out_the_same() -> None:
    invented = filled(1, 64)
    held = fitted(invented)
    for one in invented.later:
        held.add(one)
    held.remove(invented.offers[0].id)
    assert held.columns_.packed(*[held.on] * 2).small.shape[0] > held.columns_.count
    assert all(agree(plain, compiled) for plain, compiled in both(held, invented))


class Wrong:
    """A compiled scan that is one grain off."""

    @staticmethod
    def best(*about: object) -> object:
        rows, grains, *counts = COMPILED.best(*about)  # type: ignore[union-attr]
        return rows, grains + 1, *counts

    by_term = staticmethod(lambda *about: COMPILED.by_term(*about))  # type: ignore[union-attr]


class WrongAmongTheBest(Wrong):
    """A compiled scan that is right of everybody, and finds nobody where the best alone are asked for."""

    @staticmethod
    def best(*about: object) -> object:
        rows, grains, *counts = COMPILED.best(*about)  # type: ignore[union-attr]
        return (rows[:0], grains[:0], *counts) if about[3] else (rows, grains, *counts)


class Broken:
    """A compiled scan that cannot be compiled."""

    @staticmethod
    def best(*about: object) -> object:
        raise RuntimeError("no such instruction")


@pytest.mark.parametrize(
    ("scan", "problem"),
    [(Wrong, backends.OTHER_NUMBERS), (WrongAmongTheBest, backends.OTHER_NUMBERS), (Broken, "no such instruction")],
)
def test_a_scan_that_cannot_be_trusted_is_never_used(scan: type, problem: str, monkeypatch: pytest.MonkeyPatch) -> None:
    held = roster(offer(), offer("another"))
    right = [(one.offer, one.grains) for one in held.rank(need()).candidates]
    monkeypatch.setattr(backends, "_current", [backends.PLAIN._replace(name="compiled", scan=scan)])
    held = roster(offer(), offer("another"))
    assert [(one.offer, one.grains) for one in held.rank(need()).candidates] == right
    assert backends.current().name == "plain"
    assert problem in str(backends.current().note)


def test_a_command_says_once_that_its_scan_could_not_be_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_programme(tmp_path)
    monkeypatch.setattr(backends, "_current", [backends.PLAIN])
    plain = inside(*given(tmp_path, "rank"))
    monkeypatch.setattr(backends, "_current", [backends.PLAIN._replace(name="compiled", scan=Wrong)])
    said = inside(*given(tmp_path, "rank"))
    assert (said.code, said.out) == (0, plain.out)
    assert (
        said.notes.removeprefix(plain.notes).count(backends.OTHER_NUMBERS)
        == said.notes.count(backends.OTHER_NUMBERS)
        == 1
    )


def test_without_numba_nothing_is_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backends, "_current", [backends.PLAIN])
    held = roster(offer())
    assert isinstance(held._scan(need(), None), PlainScan)


@pytest.mark.parametrize("way", [backends.PLAIN, backends.compiled()], ids=["plain", "compiled"])
def test_who_has_no_zone_shares_no_hours_though_all_others_have_one(
    way: backends.Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backends, "_current", [way])
    held = roster(offer("known"), offer("from the start", time_zone=None), offer("later"))
    assert _points_for_hours(held, "known") > 0
    assert _points_for_hours(held, "from the start") == 0
    held.update(offer("later", time_zone=None))
    assert _points_for_hours(held, "later") == 0


def _points_for_hours(held: Roster, offer_id: str) -> int:
    lines = held.stand(need(), offer_id).candidate.lines
    return sum(points.grains for points in lines if points.line.part == "availability")


@pytest.mark.parametrize("way", [backends.PLAIN, backends.compiled()], ids=["plain", "compiled"])
def test_a_room_that_nobody_had_before_is_scored(way: backends.Backend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backends, "_current", [way])
    held = roster(offer("one"), offer("other"))
    held.rank(need())
    larger = offer("one", capacity=9, load=2)
    held.update(larger)
    fresh = roster(larger, offer("other"))
    assert [one.earned for one in held.rank(need()).candidates] == [one.earned for one in fresh.rank(need()).candidates]
