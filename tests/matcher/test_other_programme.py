"""Another programme without code: a mentoring scheme as three files, against its own rules reckoned anew."""

import csv
import random
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import maximum_bipartite_matching

from matcher.people import Need
from matcher.questionnaire import loading, weights
from matcher.ranking.roster import Roster
from matcher.rounds.solve import solve_round
from matcher.spreadsheets import column_maps
from matcher.spreadsheets.people import read_needs, read_offers
from tests.matcher.worlds.commands import ROOT
from tests.matcher.worlds.small_programme import sheet, write

PROGRAMME = ROOT / "seeds" / "other-programmes" / "civil-service"
OUTSIDE = ROOT.parent / "shared" / "data" / "cslgbt"
ON = date(2026, 11, 23)
GRADES = ("AA", "AO", "EO", "HEO", "SEO", "Grade 7", "Grade 6", "SCS1", "SCS2", "SCS3", "SCS4")
IDENTITIES = ("Lesbian", "Gay", "Bisexual or pansexual", "Asexual or aromantic", "Transgender", "Non-binary")
Person = Mapping[str, str]


def invented(draw: random.Random, word: str, number: int) -> dict[str, str]:
    """Invent one row of the scheme's export."""
    person = {
        "first name": word, "last name": f"{number:02d}", "email address": f"{word}.{number}@example.org",
        "both mentor and mentee": draw.choice(("yes", "no")), "job title": "Some role", "grade": draw.choice(GRADES),
        "organisation": f"Department of {draw.choice(('Tea', 'Rain', 'Maps'))}",
        "profession": draw.choice(("Policy", "Operations", "DDaT", "Security", "HR")), "biography": "My name, he said.",
    }  # fmt: skip
    if word == "mentee":
        wished = {"match with similar identity": draw.choice(("yes", "no"))}
        return {**person, **wished, "identity to match": draw.choice(("", *IDENTITIES))}
    return {**person, "characteristics": ", ".join(draw.sample(IDENTITIES, draw.randrange(4)))}


def points(mentee: Person, mentor: Person) -> int | None:
    """Reckon the points of a pair by the scheme's own rules; None where it may not be."""
    above = GRADES.index(mentor["grade"]) - GRADES.index(mentee["grade"])
    if above not in (1, 2) or mentee["organisation"] == mentor["organisation"]:
        return None
    shares = mentee["identity to match"] in filter(None, mentor["characteristics"].split(", "))
    wished = mentee["match with similar identity"] == "yes"
    return (10, 7)[above - 1] + 8 * (mentee["profession"] == mentor["profession"]) + 4 * (wished and shares)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read(mentees: Path, mentors: Path) -> tuple[Roster, tuple[Need, ...]]:
    """Read both exports by the map."""
    asked = loading.load(PROGRAMME / "questionnaire.toml")
    columns = column_maps.load(PROGRAMME / "columns.toml", asked)
    needs, offers = read_needs(mentees, asked, on=ON, columns=columns), read_offers(mentors, asked, columns=columns)
    assert needs.faults == offers.faults == ()
    weighed = weights.load(asked, PROGRAMME / "weights.toml")
    return Roster(questionnaire=asked, weights=weighed, on=ON).fit(offers.everyone), needs.everyone


def compared(mentees: Path, mentors: Path, step: int = 1) -> tuple[int, int]:
    """Compare every step-th mentee's whole ranking with the scheme's rules; count them, and those with a candidate."""
    roster, needs = read(mentees, mentors)
    known, served = rows(mentors), 0
    for need, mentee in list(zip(needs, rows(mentees), strict=True))[::step]:
        most = 22 if mentee["match with similar identity"] == "yes" else 18
        ranked = {c.offer: Decimal(c.grains) * most / 10_000_000 for c in roster.rank(need, len(known)).candidates}
        pairs = {f"{m['first name']} {m['last name']}": points(mentee, m) for m in known}
        assert {offer: round(value, 3) for offer, value in ranked.items()} == {
            offer: value for offer, value in pairs.items() if value is not None
        }
        served += bool(ranked)
    return len(needs), served


def test_invented_rows_of_the_same_shape_rank_as_the_scheme_says(tmp_path: Path) -> None:
    draw = random.Random(5)
    mentees = write(tmp_path, "mentees.csv", sheet(*(invented(draw, "mentee", number) for number in range(40))))
    mentors = write(tmp_path, "mentors.csv", sheet(*(invented(draw, "mentor", number) for number in range(40))))
    count, served = compared(mentees, mentors)
    assert count == 40
    assert 20 < served < 40  # the highest grades find nobody above them


@pytest.mark.parametrize(("size", "people", "most"), [("small", 50, 35), ("large", 500, 484)])
def test_the_outside_sheets_of_the_scheme_rank_as_it_says(size: str, people: int, most: int) -> None:
    folder = OUTSIDE / size
    if not folder.is_dir():
        pytest.skip(f"the outside data is not here: {OUTSIDE.relative_to(ROOT.parent)} beside the repository")
    step = people // 25
    assert compared(folder / "mentees.csv", folder / "mentors.csv", step) == (people, 25)
    mentors = rows(folder / "mentors.csv")
    allowed = [[points(one, mentor) is not None for mentor in mentors] for one in rows(folder / "mentees.csv")]
    assert all(map(any, allowed))
    assert int((maximum_bipartite_matching(csr_matrix(allowed), perm_type="column") >= 0).sum()) == most
    whole = solve_round(*read(folder / "mentees.csv", folder / "mentors.csv"), objective="most")
    assert (whole.matched, whole.gap) == (most, 0)
