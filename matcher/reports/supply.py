"""What the roster lacks, for programs: one JSON document or CSV. Tables for people: supply_tables.py."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from matcher import availability
from matcher.grains import points
from matcher.people import Need
from matcher.ranking.provenance import provenance
from matcher.ranking.roster import Roster
from matcher.reports.formats import as_csv, as_json
from matcher.supply.analysis import KindGain, PlaceGain, Supply
from matcher.supply.blockers import Obstacle
from matcher.supply.demands import Demand
from matcher.supply.gaps import Gap
from matcher.supply.marginal_gains import Gain
from matcher.supply.preference_costs import Open, Preference, Preferences

CSV_COLUMNS = (
    "list", "what", "way", "supporter", "count", "needs", "days",
    "matched", "points", "weeks", "value", "bound", "protects",
)  # fmt: skip


def supply_as_json(roster: Roster, found: Supply) -> str:
    """Write the stable JSON document."""
    return as_json(
        {
            **provenance(roster, roster.on),
            "objective": found.before.settings.objective,
            "floor": points(found.before.settings.floor),
            "matched": found.before.matched,
            "waiting": list(found.before.waiting),
            "folding": {"match": found.before.market.scale.match, "step": found.before.market.scale.step},
            "lacking": [_gap(roster, one) for one in found.gaps.lacking],
            "single": [{**_gap(roster, one), "supporter": one.supporter} for one in found.gaps.single],
            "gates": [_obstacle(one) for one in found.obstacles],
            "kinds": [_kind(roster, one) for one in found.kinds],
            "places": [_place(one) for one in found.places],
            **(_preferences(found.preferences) if found.preferences else {}),
        }
    )


def longest_wait(roster: Roster, needs: Iterable[Need]) -> int | None:
    """Return how many days the longest of these women has waited, None where it is known of none."""
    return max(((roster.on - need.waiting_since).days for need in needs if need.waiting_since), default=None)


def _demand(roster: Roster, demand: Demand) -> dict[str, Any]:
    said: dict[str, Any] = {"question": demand.question, "options": list(demand.options)}
    if demand.text:
        said["text"] = demand.text
    if demand.zone:
        said |= {"hours": availability.write_hours(frozenset(demand.beside)), "zone": demand.zone}
    if demand.is_starred:
        said["steady"] = True
    if demand.differs:
        said["differs"] = True
    return said


def _gap(roster: Roster, gap: Gap) -> dict[str, Any]:
    return {
        "combination": [_demand(roster, demand) for demand in gap.combination],
        "count": len(gap.needs),
        "needs": [need.id for need in gap.needs],
        "days": longest_wait(roster, gap.needs),
    }


def _obstacle(one: Obstacle) -> dict[str, Any]:
    return {
        "gates": list(one.gates),
        "count": len(one.needs),
        "needs": list(one.needs),
        "lets_in": len(one.offers),
        "offers": [] if one.protects else list(one.offers),
        "protects": one.protects,
    }


def _kind(roster: Roster, one: KindGain) -> dict[str, Any]:
    return {
        "kind": [_demand(roster, demand) for demand in one.kind],
        "could_have": one.could_have,
        "waiting": one.waiting,
        "one": _gain(one.one),
        "two": _gain(one.two),
    }


def _place(one: PlaceGain) -> dict[str, Any]:
    return {"offer": one.offer, "free": one.free, **_gain(one.gain)}


def _gain(gain: Gain) -> dict[str, Any]:
    return {
        "matched": gain.matched,
        "points": points(gain.grains),
        "weeks": gain.weeks,
        "needs": list(gain.needs),
        "value": gain.value,
        "bound": gain.bound,
    }


def _preferences(found: Preferences) -> dict[str, Any]:
    return {
        "need": found.need,
        "now": _open(found.now),
        "wishes": [_preference(one) for one in found.costs],
        "safe": [{"gate": one.gate, "away": one.away, "alone": one.alone} for one in found.safe],
    }


def _preference(one: Preference) -> dict[str, Any]:
    ways = {way: _open(found) for way, found in one.ways.items()}
    return {"question": one.question, "option": one.option, "said": one.said, "ways": ways}


def _open(found: Open) -> dict[str, Any]:
    return {"passing": found.passing, "best": None if found.best is None else points(found.best)}


# CSV


def supply_as_csv(roster: Roster, found: Supply) -> str:
    """Write a row for each finding, its list named in the first column."""
    rows = [*_rows_of_gaps(roster, found), *_rows_of_gains(found), *_rows_of_preferences(found.preferences)]
    return as_csv([CSV_COLUMNS, *([row.get(column, "") for column in CSV_COLUMNS] for row in rows)])


def _rows_of_gaps(roster: Roster, found: Supply) -> Iterator[dict[str, Any]]:
    for name, gaps in (("lacking", found.gaps.lacking), ("single", found.gaps.single)):
        for one in gaps:
            women = {"count": len(one.needs), "needs": _ids(need.id for need in one.needs)}
            days = longest_wait(roster, one.needs)
            what = {"list": name, "what": _brief(one.combination), "supporter": one.supporter or ""}
            yield {**what, **women, "days": "" if days is None else days}
    for obstacle in found.obstacles:
        said = {"list": "gates", "what": _ids(obstacle.gates), "count": len(obstacle.needs)}
        yield {**said, "needs": _ids(obstacle.needs), "protects": "yes" if obstacle.protects else "no"}


def _rows_of_gains(found: Supply) -> Iterator[dict[str, Any]]:
    for kind in found.kinds:
        for places, gain in ((1, kind.one), (2, kind.two)):
            yield {"list": "kinds", "what": _brief(kind.kind), "way": places, **_gain_cells(gain)}
    for place in found.places:
        yield {"list": "places", "supporter": place.offer, **_gain_cells(place.gain)}


def _gain_cells(gain: Gain) -> dict[str, Any]:
    return {**_gain(gain), "points": f"{points(gain.grains):.5f}", "needs": _ids(gain.needs)}


def _rows_of_preferences(found: Preferences | None) -> Iterator[dict[str, Any]]:
    if found is None:
        return
    for one in found.costs:
        for way, left in one.ways.items():
            best = "" if left.best is None else f"{points(left.best):.5f}"
            what = {"list": "wishes", "what": "; ".join([one.question, *([one.option] if one.option else [])])}
            yield {**what, "way": way, "count": left.passing, "points": best}
    for safe in found.safe:
        yield {"list": "safe", "what": safe.gate, "count": safe.away, "protects": "yes"}


def _brief(combination: Sequence[Demand]) -> str:
    """Write demands as ids: question=option|option, then what stands beside them."""
    return "; ".join(f"{one.question}={'|'.join((*one.options, *_beside(one)))}" for one in combination)


def _beside(demand: Demand) -> Iterator[str]:
    if demand.text:
        yield demand.text
    if demand.beside:
        yield availability.write_hours(frozenset(demand.beside)).replace("; ", "|")


def _ids(ids: Iterable[str]) -> str:
    return "; ".join(ids)
