"""Names of time zones: a place or UTC is one; of any other word it is said what to write."""

import re
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

import pytest

from matcher.errors import Place
from matcher.questionnaire.time_zones import is_zone, refusal_of
from tests.matcher.worlds.small_programme import well_said


def what_to_write(name: str) -> tuple[str, str]:
    (fault,) = well_said([refusal_of(name).at(Place(column="time_zone"))])
    return fault.problem, fault.remedy


IN_UTC = {"UTC", "UCT", "Universal", "Zulu", "Etc/UTC", "Etc/UCT", "Etc/Universal", "Etc/Zulu"}
COUNTRIES = {
    *(
        "Cuba",
        "Egypt",
        "Eire",
        "GB",
        "GB-Eire",
        "Hongkong",
        "Iceland",
        "Iran",
        "Israel",
        "Jamaica",
        "Japan",
        "Kwajalein",
    ),
    *("Libya", "NZ", "NZ-CHAT", "Navajo", "PRC", "Poland", "Portugal", "ROC", "ROK", "Singapore", "Turkey", "W-SU"),
}


@cache
def iana_names() -> list[str]:
    return resources.files("tzdata").joinpath("zones").read_text(encoding="utf-8").split()


def test_a_zone_is_a_place_or_utc_and_the_same_on_every_machine() -> None:
    known = ("America/Toronto", "UTC", "Asia/Kathmandu", "Canada/Eastern", "US/Pacific", *IN_UTC, *COUNTRIES)
    wrong = ("", "Toronto", "america/toronto/x", "America", "../UTC", "/etc/localtime", "x" * 300, "a\0b", "zone.tab")
    assert [name for name in known if not is_zone(name)] == []
    assert [name for name in wrong if is_zone(name)] == []


@pytest.mark.parametrize("name", ["localtime", "posixrules", "right/America/Toronto"])
def test_what_only_some_machines_know_is_no_zone(name: str) -> None:
    assert not is_zone(name)


def test_of_the_iana_names_those_without_a_place_are_refused() -> None:
    refused = {name for name in iana_names() if not is_zone(name)}
    placed = {name for name in iana_names() if "/" in name and not name.startswith("Etc/")}
    assert set(iana_names()) - refused == placed | COUNTRIES | IN_UTC
    assert {"EST", "MST", "HST", "EST5EDT", "CET", "EET", "GMT", "Etc/GMT+5", "Etc/GMT", "Factory"} <= refused


def test_a_word_of_north_america_would_be_an_hour_beside_in_summer() -> None:
    july = datetime(2026, 7, 6, 12, tzinfo=UTC)
    assert july.astimezone(ZoneInfo("EST")).utcoffset() != july.astimezone(ZoneInfo("America/Toronto")).utcoffset()


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("EST", "America/Toronto or America/New_York"),
        ("est", "America/Toronto or America/New_York"),
        ("ET", "America/Toronto or America/New_York"),
        ("EST5EDT", "America/Toronto or America/New_York"),
        ("Eastern", "America/Toronto or America/New_York"),
        ("(UTC-05:00) Eastern Time (US & Canada)", "America/Toronto or America/New_York"),
        ("heure de l’Est", "America/Toronto or America/New_York"),
        ("HNE", "America/Toronto or America/New_York"),
        ("MST", "America/Edmonton, America/Denver or, without summer time, America/Phoenix"),
        ("CST", "America/Winnipeg, America/Chicago or, without summer time, America/Regina"),
        ("PDT", "America/Vancouver or America/Los_Angeles"),
        ("Heure du Pacifique", "America/Vancouver or America/Los_Angeles"),
        ("Terre-Neuve", "America/St_Johns"),
        ("HST", "Pacific/Honolulu"),
        ("GMT", "Europe/London, Europe/Dublin or, without summer time, UTC"),
        ("WET", "Europe/Lisbon"),
        ("Etc/Greenwich", "Europe/London"),
        ("BST", "Europe/London"),
        ("CET", "Europe/Paris"),
        ("EET", "Europe/Athens"),
        ("IST", "Asia/Kolkata"),
    ],
)
def test_of_a_word_that_is_no_place_the_places_are_named_that_people_mean(name: str, remedy: str) -> None:
    problem, said = what_to_write(name)
    assert problem == "this names no place, so nobody can tell when its clocks change"
    assert said.startswith("Write a place, for example ")
    assert remedy in said
    assert all(map(is_zone, re.findall(r"\w+/\w+", said)))


@pytest.mark.parametrize(
    "name", ["GMT+1", "GMT+5", "Etc/GMT+5", "Etc/GMT-14", "UTC-5", "UTC −05:00", "+0530", "-5", "GMT+0"]
)
def test_a_distance_from_utc_is_no_place_and_nobody_guesses_its_sign(name: str) -> None:
    problem, said = what_to_write(name)
    assert problem == "this is a distance from UTC: no place, and no summer time"
    assert said == "Write a place, for example America/Toronto."


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        *[("america/toronto", "America/Toronto"), ("America / Toronto", "America/Toronto"), ("utc", "UTC")],
        *[("America/New York", "America/New_York"), ("AMERICA\xa0/ ST JOHNS", "America/St_Johns")],
        *[
            ("America/Tornto", "America/Toronto"),
            ("Amercia/Toronto", "America/Toronto"),
            ("canada/eastern", "Canada/Eastern"),
        ],
    ],
)
def test_a_slip_in_a_real_name_is_known(name: str, meant: str) -> None:
    assert what_to_write(name) == (
        "this is not a time zone",
        f"Did you mean {meant!r}? Use an IANA name, for example America/Toronto.",
    )


@pytest.mark.parametrize("name", ["London", "Perth", "Victoria", "East", "Factory", "my own", "x" * 500, "?"])
def test_a_town_alone_may_be_another_and_is_not_guessed(name: str) -> None:
    assert what_to_write(name) == ("this is not a time zone", "Use an IANA name, for example America/Toronto.")
