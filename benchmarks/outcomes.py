"""What ways of assigning came to, and the rows that tell it: each outcome beside others of the same people."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil
from statistics import fmean

from benchmarks.measuring import Found, Row
from benchmarks.mixes import NAMES
from benchmarks.tasks import Size

OURS = ("fast", "plain")


@dataclass(frozen=True)
class Outcome:
    """What one way came to, for one mix, size and objective."""

    mix: str
    size: Size
    objective: str
    way: str
    found: Found

    @property
    def case(self) -> tuple[str, Size]:
        """Return what outcomes must share to be compared."""
        return self.mix, self.size

    @property
    def named(self) -> Row:
        """Name it, as the first cells of a row."""
        return self.mix, str(self.size), self.objective, self.way

    @property
    def whole(self) -> float:
        """Return the seconds from the people to the pairs."""
        return float(self.found.get("scores", 0) + self.found["solve"])

    def __str__(self) -> str:
        return " ".join((*self.named, str({name: said for name, said in self.found.items() if name != "lowest"})))


class Outcomes:
    """All that was found, to be looked up."""

    def __init__(self, done: Iterable[Outcome]) -> None:
        self.done = sorted(done, key=lambda one: (NAMES.index(one.mix), one.size.one_place, one.size.needs))
        self._of = {(*one.case, one.objective, one.way): one for one in self.done}

    def of(self, name: str, size: Size, objective: str, way: str) -> Outcome | None:
        """Find what a way came to, if it came to something."""
        found = self._of.get((name, size, objective, way))
        return found if found and "failed" not in found.found else None

    def at(self, name: str, size: Size, objective: str, way: str) -> Outcome:
        """Return what a way came to. Raises KeyError where it came to nothing."""
        found = self.of(name, size, objective, way)
        if found is None:
            raise KeyError(name, size, objective, way)
        return found

    def largest(self, name: str, objective: str, way: str) -> Outcome:
        """Return what a way came to at the largest size. Raises KeyError where it came to nothing."""
        sizes = [one.size for one in self.done if self.of(name, one.size, objective, way)]
        if not sizes:
            raise KeyError(name, objective, way)
        return self.at(name, max(sizes, key=lambda size: (size.needs, size.offers)), objective, way)

    def beside(self, one: Outcome, way: str, objective: str | None = None) -> Outcome | None:
        """Find what another way came to in the same case, if it came to something."""
        return self.of(*one.case, objective or one.objective, way)

    def best_of_ours(self, one: Outcome, objective: str) -> Outcome | None:
        """Find the answer of the engine in the same case."""
        return self.beside(one, "fast", objective) or self.beside(one, "plain", objective)

    def rows(self, row: Callable[[Outcome], Row | None], ways: Sequence[str] = ()) -> Iterator[Row]:
        """Give a row for each outcome, those that could not be measured named as such."""
        for one in self.done:
            if ways and one.way not in ways:
                continue
            if "failed" in one.found:
                yield [*one.named, f"failed: {one.found['failed'][:60]}"]
            elif made := row(one):
                yield made

    # Tables

    def time(self, one: Outcome) -> Row:
        """Say how long it took and what memory, beside the dense ways."""
        scipy, lapx = (self.beside(one, way) for way in ("scipy", "lapx"))
        scoring = f"{one.found['scores']:.2f}" if "scores" in one.found else ""
        return [
            *(*one.named, f"{one.whole:.2f}", scoring),
            *(_times(other, one) for other in (scipy, lapx)),
            _solves(scipy, one),
            f"{one.found['peak']:,}",
            f"{scipy.found['peak'] / one.found['peak']:.1f}" if scipy and scipy is not one else "",
            str(one.found.get("gap", "")),
            self._value(one),
        ]

    def _value(self, one: Outcome) -> str:
        ours = self.best_of_ours(one, one.objective)
        if ours is None:
            return ""
        same = one.found["value"] == ours.found["value"]
        return "equal" if same else f"{one.found['value'] / ours.found['value']:.4%}"

    def beside_ten_thousand(self, one: Outcome) -> Row | None:
        """Say how many times as long it took as the round of 10,000 x 10,000 in the same run."""
        smaller = self.of(one.mix, replace(one.size, needs=10_000, offers=10_000), one.objective, one.way)
        if smaller is None or one.size.needs <= smaller.size.needs:
            return None
        return [*one.named, f"{one.whole:.1f}", f"{one.whole / smaller.whole:.1f}", f"{one.found['peak']:,}"]

    def answer(self, one: Outcome) -> Row | None:
        """Say who is matched and how well, beside the engine's fair round and its best total."""
        fair, total = (self.best_of_ours(one, objective) for objective in ("fair", "total"))
        if one.way == "plain" and self.beside(one, "fast"):
            return None
        matched, points = one.found["matched"], one.found["total"]
        return [
            *(*one.named, f"{one.whole:.2f}", f"{matched:,}"),
            f"{fair.found['matched'] - matched:+,}" if fair else "",
            *(
                f"{points:,.0f}",
                *(f"{ours.found['total'] / points - 1:+.2%}" if ours else "" for ours in (fair, total)),
            ),
            *(f"{one.found['worst']:.2f}", f"{one.found['quantile']:.2f}"),
        ]

    def proof(self, one: Outcome) -> Row:
        """Say what one change costs, and the checks."""
        found, whole = one.found, one.whole
        again = f"{found['again']:.2f}" if found["gap again"] == 0 else "not proved"
        return [
            *(*one.named, f"{whole:.2f}", f"{1e3 * found['change']:.3f}", f"{whole / max(found['change'], 1e-7):,.0f}"),
            *(again, f"{found['again'] / whole:.2f}"),
            *(f"{found['verify']:.2f}", f"{found['verify'] / whole:.2f}", "yes" if found["holds"] else "NO"),
        ]

    def fairness(self, one: Outcome) -> Row | None:
        """Set a fair round beside the one of the best total."""
        total = self.beside(one, one.way, "total")
        if one.objective != "fair" or total is None:
            return None
        ratios = (one.whole / total.whole, *(one.found[of] / total.found[of] for of in ("worst", "quantile", "total")))
        time, worst, quantile, points = (f"{ratio:.4f}" for ratio in ratios)
        return [
            *(one.mix, str(one.size), one.way, time[:-2]),
            *(f"{one.found['matched']:,}", f"{total.found['matched']:,}", worst, quantile, points),
            *(f"{one.found['worst']:.2f}", f"{_worst_of_as_many(total.found, one.found['matched']):.2f}"),
        ]


def _times(other: Outcome | None, one: Outcome) -> str:
    """Say how many times the whole of one the other takes to solve alone, its scores not counted."""
    return f"{other.found['solve'] / one.whole:.2f}" if other and other is not one else ""


def _worst_of_as_many(found: Found, many: int) -> float:
    """Return the mean of the worst twentieth of so many women, of whom those without a supporter count 0."""
    count = ceil(many / 20)
    nobody = [0.0] * max(0, many - found["matched"])
    lowest: list[float] = (nobody + found["lowest"])[:count]
    return fmean(lowest) if lowest else 0.0


def _solves(other: Outcome | None, one: Outcome) -> str:
    """Say how many times the solve of one, when all scores are there, the other takes to solve."""
    is_ours = one.way in OURS and "scores" in one.found
    return f"{other.found['solve'] / one.found['solve']:.1f}" if other and is_ours else ""
