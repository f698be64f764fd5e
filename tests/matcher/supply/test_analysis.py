"""What the roster lacks, in small programmes where the answers are known by counting."""

from datetime import date
from pathlib import Path

import pytest

from matcher.errors import Refused
from matcher.grains import FULL_SCORE, GRAINS_A_POINT
from matcher.people import Need
from matcher.questionnaire import weights
from matcher.questionnaire.loading import load
from matcher.questionnaire.schema import Questionnaire
from matcher.ranking.roster import Roster
from matcher.rules.gates import can_be_remedied
from matcher.spreadsheets.people import read_needs, read_offers
from matcher.supply.analysis import supply
from matcher.supply.blockers import obstacles
from matcher.supply.demands import demands
from matcher.supply.gaps import Gap, gaps
from matcher.supply.preference_costs import preferences
from tests.matcher.worlds.small_programme import (
    MORE,
    QUESTIONS,
    WEIGHTS,
    changed,
    questionnaire,
    request,
    sheet,
    supporter,
    write,
)

ON = date(2026, 11, 23)
Row = dict[str, str]
Said = list[tuple[str, list[str]]]

ANNA = supporter(id="anna", topics="alcohol")
BEA = supporter(id="bea", topics="grief", hours="weekend")
CLARA = supporter(id="clara", tongues="ojibwe", capacity="1", load="1")
R1 = request(id="r1", tongues="ojibwe", waiting_since="2026-10-01")
R2 = request(id="r2", hours="Sat 11:00-13:00", waiting_since="2026-11-02")
R3 = request(id="r3", hours="evening", waiting_since="2026-11-16")


def programme(
    folder: Path, offers: list[Row], needs: list[Row], questions: Questionnaire | None = None
) -> tuple[Roster, tuple[Need, ...]]:
    """Read sheets as the commands do, and fit the roster."""
    questions = questions or questionnaire()
    columns = ["id", *(["capacity", "load"] if any("load" in row for row in offers) else [])]
    listed = list(dict.fromkeys([*columns, *(column for row in offers for column in row)]))
    write(folder, "w.toml", WEIGHTS)
    write(folder, "offers.csv", sheet(*offers, columns=listed))
    write(folder, "needs.csv", sheet(*needs, columns=list(dict.fromkeys(["id", *(c for row in needs for c in row)]))))
    people = read_offers(folder / "offers.csv", questions)
    asking = read_needs(folder / "needs.csv", questions, on=ON)
    assert (people.faults, asking.faults) == ((), ())
    weighed = weights.load(questions, folder / "w.toml")
    return Roster(questionnaire=questions, weights=weighed, on=ON).fit(people.everyone), asking.everyone


def told(found: tuple[Gap, ...]) -> Said:
    """Write combinations as text, with the women behind each."""
    written = [" + ".join("/".join(one.options) or one.text for one in lack.combination) for lack in found]
    return [(text, [need.id for need in lack.needs]) for text, lack in zip(written, found, strict=True)]


# Rare combinations


def test_a_number_that_must_be_another_is_brought_by_whoever_has_another(tmp_path: Path) -> None:
    text = QUESTIONS + MORE % ("number", "both", "gate:differs", 'when = "apart"')
    questions = load(write(tmp_path, "q.toml", text))
    asks = request(id="a", hours="evening", apart="yes", town="Perth", more="30")
    same = {**ANNA, "town": "Ottawa", "more": "30.0"}
    roster, needs = programme(tmp_path, [same], [asks], questions)
    assert told(gaps(roster, needs).lacking) == [("30", ["a"])]
    roster, needs = programme(tmp_path, [same, {**same, "id": "bea", "more": "31"}], [asks], questions)
    assert told(gaps(roster, needs).lacking) == []


def test_the_smallest_combination_that_nobody_brings_is_told(tmp_path: Path) -> None:
    found = gaps(*programme(tmp_path, [ANNA, BEA, CLARA], [R1, R2, R3]))
    assert told(found.lacking) == [("ojibwe", ["r1"]), ("weekend + alcohol", ["r2"])]


def test_what_hangs_on_one_supporter_names_her_the_most_women_first(tmp_path: Path) -> None:
    found = gaps(*programme(tmp_path, [ANNA, BEA, CLARA], [R1, R2, R3]))
    assert told(found.single) == [("alcohol", ["r1", "r2", "r3"]), ("evening", ["r1", "r3"]), ("weekend", ["r2"])]
    assert [one.supporter for one in found.single] == ["anna", "anna", "bea"]


def test_of_as_many_women_those_who_have_waited_longest_come_first(tmp_path: Path) -> None:
    late, early = request(id="a", tongues="french"), request(id="b", tongues="ojibwe")
    needs = [{**late, "waiting_since": "2026-11-20"}, {**early, "waiting_since": "2026-11-01"}]
    assert told(gaps(*programme(tmp_path, [ANNA], needs)).lacking) == [("ojibwe", ["b"]), ("french", ["a"])]


@pytest.mark.parametrize(
    "gone", [{"status": "on a break"}, {"trained_until": "2026-11-22"}, {"load": "1"}, {"status": ""}]
)
def test_who_is_away_out_of_date_or_full_brings_nothing(tmp_path: Path, gone: Row) -> None:
    usual = {"status": "active", "trained_until": "2027-01-01", "load": "0"}
    speaks = {**ANNA, **usual, "id": "odah", "tongues": "ojibwe"}
    needs = [{**R1, "hours": "evening"}]
    assert told(gaps(*programme(tmp_path, [{**ANNA, **usual}, speaks], needs)).lacking) == []
    roster, asking = programme(tmp_path, [{**ANNA, **usual}, {**speaks, **gone}], needs)
    assert told(gaps(roster, asking).lacking) == [("ojibwe", ["r1"])]


def test_with_nobody_free_it_is_anybody_at_all_who_lacks(tmp_path: Path) -> None:
    found = gaps(*programme(tmp_path, [CLARA], [R1, R3]))
    assert told(found.lacking) == [("", ["r1", "r3"])]
    assert found.single == ()


def test_a_starred_topic_is_asked_for_with_its_months_and_alone(tmp_path: Path) -> None:
    new = supporter(id="new", topics="alcohol; moving", months_steady="alcohol=3; moving=3")
    starred, plain = request(id="a", topics="alcohol*; moving"), request(id="b", topics="alcohol; moving")
    found = gaps(*programme(tmp_path, [new, BEA], [starred, plain]))
    assert told(found.lacking) == [("alcohol", ["a"])]
    assert [demand.is_starred for lack in found.lacking for demand in lack.combination] == [True]
    assert ("alcohol", ["b"]) in told(found.single)


def test_another_town_is_a_place_that_she_asks_for(tmp_path: Path) -> None:
    here, there = supporter(id="here", town="Perth"), supporter(id="there", town="Ottawa", topics="grief")
    asks = request(id="a", apart="yes", town="Perth", hours="evening")
    does_not = request(id="b", apart="no", town="Perth", hours="evening")
    found = gaps(*programme(tmp_path, [here, there], [asks, does_not]))
    assert told(found.lacking) == [("alcohol + Perth", ["a"])]
    assert ("Perth", ["a"]) in told(found.single)


def test_hours_outside_every_day_part_are_kept_as_they_are(tmp_path: Path) -> None:
    night = supporter(id="night", hours="Mon 02:00-05:00")
    asks = request(id="a", hours="Mon 03:00-05:00; Mon 18:00-19:00")
    roster, needs = programme(tmp_path, [night], [asks])
    assert gaps(roster, needs).lacking == ()
    (hours,) = demands(needs[0], roster.questionnaire)["hours"]
    assert (hours.options, hours.beside) == (("evening",), (6, 7, 8, 9))


def test_what_she_left_out_asks_nothing_of_the_roster(tmp_path: Path) -> None:
    silent = request(id="a", tongues="", topics="-", hours="")
    assert told(gaps(*programme(tmp_path, [ANNA, BEA], [silent])).lacking) == []


# Gates


def test_the_gate_that_would_let_somebody_in_is_told_with_whom(tmp_path: Path) -> None:
    bea = {**BEA, "topics": "alcohol; grief"}
    found = obstacles(*programme(tmp_path, [ANNA, bea, CLARA], [R1, R2]))
    assert [(one.gates, one.needs, one.offers, one.protects) for one in found] == [
        (("capacity",), ("r1",), ("clara",), False),
        (("tongues",), ("r1",), ("anna",), False),
    ]


def test_two_gates_are_told_where_neither_alone_would_do(tmp_path: Path) -> None:
    needs = [{**R1, "hours": "weekend"}]
    (found,) = obstacles(*programme(tmp_path, [ANNA], needs))
    assert (found.gates, found.needs) == (("hours", "tongues"), ("r1",))
    assert obstacles(*programme(tmp_path, [ANNA], [{**needs[0], "ways": "phone", "never": "anna"}])) == ()


def test_a_pair_of_gates_protects_if_one_of_the_two_does(tmp_path: Path) -> None:
    (found,) = obstacles(*programme(tmp_path, [ANNA], [{**R1, "hours": "evening", "never": "anna"}]))
    assert (found.gates, found.protects) == (("never", "tongues"), True)


def test_a_gate_that_protects_is_counted_and_stands_last(tmp_path: Path) -> None:
    never = request(id="a", never="anna; bea")
    town = request(id="b", apart="yes", town="Perth", hours="evening")
    needs = [never, town, {**R1, "hours": "evening"}]
    roster, asking = programme(tmp_path, [{**ANNA, "town": "Perth"}], needs)
    found = obstacles(roster, asking)
    assert [(one.gates, one.protects) for one in found] == [
        (("tongues",), False),
        (("never",), True),
        (("town",), True),
    ]
    assert all(can_be_remedied(gate, roster.questionnaire) for one in found if not one.protects for gate in one.gates)


# New supporters and more places


def test_the_kind_that_would_serve_two_is_first(tmp_path: Path) -> None:
    needs = [
        request(id="a", tongues="ojibwe", topics="grief*", waiting_since="2026-11-09"),
        request(id="b", tongues="ojibwe", topics="alcohol*", hours="weekend", waiting_since="2026-11-02"),
        request(id="c", tongues="french", topics="alcohol*", waiting_since="2026-11-16"),
    ]
    roster, asking = programme(tmp_path, [BEA], needs)
    found = supply(roster, asking)
    first = found.kinds[0]
    assert {demand.question: set(demand.options) for demand in first.kind if demand.question != "topics"} == {
        "tongues": {"ojibwe"},
        "ways": {"chat"},
        "hours": {"evening", "weekend"},
    }
    assert {option for demand in first.kind if demand.question == "topics" for option in demand.options} == {
        "alcohol",
        "grief",
    }
    assert (first.could_have, first.waiting, first.one.matched, first.two.matched) == (2, 2, 1, 2)
    assert (first.two.needs, first.two.weeks) == (("b", "a"), 5)
    assert all(kind.two.matched == 1 for kind in found.kinds[1:])


def test_a_kind_brings_what_her_musts_ask_for_and_comes_from_another_town(tmp_path: Path) -> None:
    asks = request(id="a", wants="same_faith=must; mourned=must", faith="river", apart="yes", town="Perth")
    roster, needs = programme(tmp_path, [{**ANNA, "town": "Perth"}], [{**asks, "town": "一宮"}])
    (kind,) = supply(roster, needs).kinds
    assert kind.one.matched == 1
    assert {("faith", ("river",)), ("topics", ("grief",))} <= {(one.question, one.options) for one in kind.kind}


@pytest.mark.parametrize(
    ("kind", "hers", "theirs"), [("text", "Perth", "Ottawa"), ("number", "0", "7.5"), ("number", "2.50", "0")]
)
def test_a_kind_answers_as_she_does_where_her_must_looks_at_a_text_or_number(
    tmp_path: Path, kind: str, hers: str, theirs: str
) -> None:
    alike = '{id = "alike", of = "more", label = {en = "the same", fr = "pareil"}},\n  {id = "same_faith"'
    text = changed('{id = "same_faith"', alike) + MORE % (kind, "both", "none", "")
    questions = load(write(tmp_path, "q.toml", text))
    asks = request(id="a", hours="evening", wants="alike=must", more=hers)
    roster, needs = programme(tmp_path, [{**ANNA, "more": theirs}], [asks], questions)
    found = supply(roster, needs)
    assert (found.before.matched, [one.one.matched for one in found.kinds]) == (0, [1])
    assert [one.text for one in found.kinds[0].kind if one.question == "more"] == [hers]


def test_a_must_on_a_question_that_also_keeps_apart_draws_somebody_who_answers_as_she_does(tmp_path: Path) -> None:
    alike = '{id = "alike", of = "town", label = {en = "the same", fr = "pareil"}},\n  {id = "same_faith"'
    questions = load(write(tmp_path, "q.toml", changed('{id = "same_faith"', alike)))
    asks = request(id="a", hours="evening", wants="alike=must", town="Perth")
    roster, needs = programme(tmp_path, [{**ANNA, "town": "Ottawa"}], [asks], questions)
    found = supply(roster, needs)
    assert (found.before.matched, [one.one.matched for one in found.kinds]) == (0, [1])
    assert [(one.text, one.differs) for one in found.kinds[0].kind if one.question == "town"] == [("Perth", False)]


def test_one_more_place_is_worth_its_price_where_women_queue(tmp_path: Path) -> None:
    needs = [request(id=one, waiting_since=f"2026-11-0{day}") for one, day in (("a", 2), ("b", 9))]
    roster, asking = programme(
        tmp_path, [{**BEA, "id": "ada", "capacity": "1", "load": "0"}, {**ANNA, "capacity": "2", "load": "1"}], needs
    )
    found = {one.offer: one for one in supply(roster, asking).places}
    assert list(found) == ["anna", "ada"]
    anna = found["anna"]
    assert (anna.free, anna.gain.matched, anna.gain.weeks, anna.gain.needs) == (1, 1, 2, ("a", "b"))
    assert anna.gain.value == anna.gain.bound == anna.price > 0
    assert found["ada"].gain.value == found["ada"].price == 0


def test_below_the_floor_nobody_new_would_be_there_for_her(tmp_path: Path) -> None:
    roster, needs = programme(tmp_path, [BEA], [R1])
    (kind,) = supply(roster, needs, floor=90).kinds
    assert kind.one.grains >= 90 * GRAINS_A_POINT
    assert supply(roster, needs, floor=100).kinds == ()


def test_the_numbers_have_room_for_two_more_places(tmp_path: Path) -> None:
    roster, needs = programme(tmp_path, [ANNA], [{**R3, "id": f"r{n}"} for n in range(5)])
    scale = supply(roster, needs, objective="most").before.market.scale
    assert scale.match == 1 + (1 + 2) * FULL_SCORE


def test_who_is_full_is_priced_too_and_who_is_away_is_not(tmp_path: Path) -> None:
    away = {**CLARA, "id": "away", "status": "on a break"}
    roster, needs = programme(tmp_path, [{**CLARA, "status": "active", "topics": "alcohol"}, away], [R1])
    (clara,) = supply(roster, needs).places
    assert (clara.offer, clara.free, clara.gain.matched) == ("clara", 0, 1)


# One woman's wishes


def test_what_a_must_costs_and_what_keeps_her_safe(tmp_path: Path) -> None:
    offers = [supporter(id=f"s{n}", faith="cedar", town="Perth" if n < 2 else "Ottawa") for n in range(4)]
    offers += [supporter(id=f"f{n}", faith="river", town="Perth") for n in range(2)]
    asks = request(id="a", wants="same_faith=must; mourned=nice", faith="cedar", apart="yes", town="Perth", never="s3")
    roster, (need,) = programme(tmp_path, [*offers, supporter(id="far", faith="river", town="Ottawa")], [asks])
    found = preferences(roster, need)
    assert found.now.passing == 1
    costs = {(one.question, one.option): {way: left.passing for way, left in one.ways.items()} for one in found.costs}
    assert costs["wants", "same_faith"] == {"must": 1, "nice": 2, "left_out": 2}
    assert costs["wants", "mourned"] == {"nice": 1, "must": 1, "left_out": 1}
    assert costs["tongues", None] == {"as_said": 1, "open": 1}
    assert {(one.gate, one.away, one.alone) for one in found.safe} == {("never", 1, 1), ("town", 4, 2)}
    assert not {one.question for one in found.costs} & {one.gate for one in found.safe}


def test_a_star_is_priced_unless_a_gate_looks_at_it(tmp_path: Path) -> None:
    roster, (need,) = programme(tmp_path, [ANNA, BEA], [request(id="a", topics="alcohol*; grief", hours="evening")])
    assert all(one.said != "star" for one in preferences(roster, need).costs)
    without = questionnaire().remade(question=tuple(q for q in questionnaire().question if q.id != "months_steady"))
    offers = [{key: cell for key, cell in row.items() if key != "months_steady"} for row in (ANNA, BEA)]
    roster, (need,) = programme(tmp_path, offers, [request(id="a", topics="alcohol*; grief", hours="evening")], without)
    (star,) = [one for one in preferences(roster, need).costs if one.said == "star"]
    assert star.ways["star"].passing == star.ways["plain"].passing == 1
    assert (star.ways["star"].best or 0) > (star.ways["plain"].best or 0)


# Nothing to tell


def test_nobody_waits_and_nobody_is_there(tmp_path: Path) -> None:
    found = supply(*programme(tmp_path, [], []))
    assert (found.gaps.lacking, found.gaps.single, found.obstacles, found.kinds, found.places) == ((), (), (), (), ())
    found = supply(*programme(tmp_path, [ANNA], []))
    assert (found.gaps.lacking, found.gaps.single, found.obstacles, found.kinds) == ((), (), (), ())
    assert [one.gain.value for one in found.places] == [0]
    found = supply(*programme(tmp_path, [], [R1]))
    assert told(found.gaps.lacking) == [("", ["r1"])]
    assert (found.obstacles, found.places) == ((), ())
    assert [kind.one.matched for kind in found.kinds] == [1]


def test_everybody_served_as_well_as_can_be_leaves_nothing_to_recruit(tmp_path: Path) -> None:
    twins = [supporter(id=one, topics="alcohol", stage="starting") for one in ("anna", "ada")]
    found = supply(*programme(tmp_path, twins, [request(id="a", hours="evening", stage="starting")]))
    assert [one.gain.value for one in found.places] == [0, 0]
    assert (found.gaps.lacking, found.gaps.single, found.obstacles, found.kinds) == ((), (), (), ())


def test_an_id_that_nobody_has_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="there is no such request"):
        supply(*programme(tmp_path, [ANNA], [R1]), need_id="r9")
