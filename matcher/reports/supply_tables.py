"""What the roster lacks, for people: five short lists, the most pressing first, and what one woman's wishes cost."""

from collections.abc import Iterable, Sequence

from matcher import availability
from matcher.explanations.messages import Message, in_words
from matcher.grains import points
from matcher.people import Need
from matcher.ranking.gate_counts import Gatekeeper
from matcher.ranking.roster import Roster
from matcher.reports.supply import longest_wait
from matcher.reports.text_tables import aligned, footer, language, named, waiting_time, wrapped
from matcher.roster import bitmaps
from matcher.supply.analysis import KindGain, PlaceGain, Supply
from matcher.supply.blockers import Obstacle
from matcher.supply.demands import Demand, who_is_free
from matcher.supply.gaps import Gap
from matcher.supply.marginal_gains import Gain
from matcher.supply.preference_costs import Open, Preference, Preferences

MOST_SHOWN = 12
IDS_SHOWN = 8


def supply_as_table(roster: Roster, found: Supply, asked: Need | None = None) -> str:
    """Write what the roster lacks for people; `asked` is the woman whose wishes were priced."""
    blocks = [
        _title(roster, found),
        _gaps(
            roster, "Asked for, and brought by nobody who is active, in date and has a free place:", found.gaps.lacking
        ),
        _gaps(roster, "Brought by one supporter alone:", found.gaps.single),
        *_obstacles(roster, found.obstacles),
        _kinds(roster, found.kinds),
        _places(found.places),
        _preferences(roster, asked, found.preferences) if asked and found.preferences else [],
        [footer(roster)],
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _title(roster: Roster, found: Supply) -> list[str]:
    matched, waiting = found.before.matched, len(found.before.waiting)
    free, everyone = bitmaps.size(who_is_free(Gatekeeper(roster))), roster.columns_.count
    return [
        f"Supply: in a round, {matched} of {matched + waiting} requests have a supporter.",
        f"{free} of {everyone} supporters are active, in date and have a free place.",
    ]


def _gaps(roster: Roster, title: str, gaps: Sequence[Gap]) -> list[str]:
    rows = [
        [str(len(one.needs)), _days(roster, one.needs), one.supporter or "", _say(roster, one.combination)]
        for one in gaps[:MOST_SHOWN]
    ]
    return _listed(title, ["women", "longest wait", "supporter", "combination"], rows, len(gaps))


def _days(roster: Roster, needs: Iterable[Need]) -> str:
    days = longest_wait(roster, needs)
    return "" if days is None else f"{days} days"


def _listed(title: str, header: Sequence[str], rows: Sequence[Sequence[str]], everything: int) -> list[str]:
    """Lay a list out; columns that say nothing are left away, what is not shown is counted."""
    if not rows:
        return []
    kept = [column for column in range(len(header)) if any(row[column] for row in rows)]
    laid = aligned([[row[column] for column in kept] for row in (header, *rows)], left=len(kept))
    more = [f"  and {everything - len(rows)} more (--format json lists all)"] if everything > len(rows) else []
    return [title, *laid, *more]


# In words


def _say(roster: Roster, combination: Sequence[Demand]) -> str:
    """Say a combination in the order of the questionnaire, topics of the same question together."""
    by_question = dict[str, list[Demand]]()
    for question in roster.questionnaire.question:
        for demand in combination:
            if demand.question == question.id:
                by_question.setdefault(question.id, []).append(demand)
    said = [_words(roster, _as_message(roster, listed)) for listed in by_question.values()]
    return "; ".join(said) or _words(roster, Message("demand_nothing"))


def _words(roster: Roster, message: Message) -> str:
    return in_words(message, roster.questionnaire, language(roster))


def _as_message(roster: Roster, listed: Sequence[Demand]) -> Message:
    demand, values = listed[0], {"question": listed[0].question}
    if len(listed) > 1:
        return Message("demand_all", {**values, "options": [option for one in listed for option in one.options]})
    other = "_other" if demand.differs else ""
    if demand.text:
        return Message(f"demand{other}_text", {**values, "text": demand.text})
    if demand.zone:
        return _hours_as_message(demand)
    key = "demand_steady" if demand.is_starred else f"demand{other}"
    return Message(key, {**values, "any_of": list(demand.options)})


def _hours_as_message(demand: Demand) -> Message:
    hours = availability.write_hours(frozenset(demand.beside))
    key = "demand_parts_and_hours" if hours and demand.options else "demand_parts" if demand.options else "demand_hours"
    values = {"question": demand.question, "any_of": list(demand.options)}
    return Message(key, {**values, "hours": hours, "zone": demand.zone})


# Gates


def _obstacles(roster: Roster, obstacles: Sequence[Obstacle]) -> list[list[str]]:
    remedied = [one for one in obstacles if not one.protects]
    protecting = [one for one in obstacles if one.protects]
    rows = [[str(len(one.needs)), named(roster, one.gates), _ids(one.offers)] for one in remedied[:MOST_SHOWN]]
    title = "Nobody passes for some women. What alone, or with one other thing, would let somebody in:"
    safe = [[str(len(one.needs)), named(roster, one.gates)] for one in protecting[:MOST_SHOWN]]
    kept = "Counted alone, and never to be opened, because it keeps somebody safe:"
    return [
        _listed(title, ["women", "what keeps supporters out", "who would be let in"], rows, len(remedied)),
        _listed(kept, ["women", "what keeps supporters out"], safe, len(protecting)),
    ]


def _ids(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - IDS_SHOWN} more" if len(ids) > IDS_SHOWN else ""
    return ", ".join(ids[:IDS_SHOWN]) + more


# Gains


def _kinds(roster: Roster, kinds: Sequence[KindGain]) -> list[str]:
    if not kinds:
        return []
    lines = ["What one new supporter would bring, by solving the round again with her:"]
    header = ["#", "with one place", "with two places", "whom she would be there for"]
    rows = [
        [str(place), _gained(one.one), _second(one), _ids(one.two.needs)] for place, one in enumerate(kinds, start=1)
    ]
    lines += aligned([header, *rows], left=len(header))
    for place, one in enumerate(kinds, start=1):
        lines += wrapped(f"{place:2} ", _say(roster, one.kind))
    return lines


def _places(places: Sequence[PlaceGain]) -> list[str]:
    telling = [one for one in places if one.gain.value]
    rows = [[one.offer, str(one.free), _gained(one.gain), _gap(one.gain)] for one in telling[:MOST_SHOWN]]
    title = "What one more place of a supporter who is here would bring:"
    return _listed(title, ["supporter", "free now", "one more place", "what its price says"], rows, len(telling))


def _gained(gain: Gain) -> str:
    women = f"{gain.matched:+d} {'woman' if abs(gain.matched) == 1 else 'women'}, " if gain.matched else ""
    weeks = f", {gain.weeks:+d} {'week' if abs(gain.weeks) == 1 else 'weeks'} of waiting ended" if gain.weeks else ""
    return f"{women}{points(gain.grains):+.2f} points{weeks}" if gain.value else "nothing"


def _second(one: KindGain) -> str:
    return "no more" if one.two.value == one.one.value else _gained(one.two)


def _gap(gain: Gain) -> str:
    return "the same" if gain.value == gain.bound else f"at most {gain.bound / gain.value:.2f} times that"


# One woman


def _preferences(roster: Roster, asked: Need, found: Preferences) -> list[str]:
    days = waiting_time(asked, roster.on)
    best = "" if found.now.best is None else f", the best with {points(found.now.best):.2f} points"
    waits = f", waiting {days}" if days else ""
    count = found.now.passing
    who = "1 supporter is" if count == 1 else f"{count} supporters are"
    lines = [f"Request {asked.id}{waits}: {who} open to her{best}. Each thing changed alone:"]
    rows = [[_what(roster, one), _variants(roster, one)] for one in found.costs]
    lines += aligned([["what she said", "how many are open to her"], *rows], left=2) if rows else []
    safe = [
        _words(roster, Message("keeps_safe", {"gate": one.gate, "away": one.away, "alone": one.alone}))
        for one in found.safe
    ]
    return [*lines, *wrapped("Keeps her safe, and stays: ", "; ".join(safe))]


def _what(roster: Roster, one: Preference) -> str:
    if one.option is None:
        return _words(roster, Message("what_she_said", {"question": one.question}))
    return _words(roster, Message("which_she_said", {"question": one.question, "option": one.option}))


def _variants(roster: Roster, one: Preference) -> str:
    return ", ".join(_variant(roster, variant, found) for variant, found in one.ways.items())


def _variant(roster: Roster, variant: str, found: Open) -> str:
    values = {"way": variant, "passing": found.passing}
    if found.best is None:
        return _words(roster, Message("open_this_way", values))
    return _words(roster, Message("open_and_best", {**values, "points": points(found.best)}))
