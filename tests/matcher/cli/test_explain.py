"""`python -m matcher explain`: its three voices, its formats, and what a woman never reads about a supporter."""

import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest

from tests.matcher.worlds.commands import NEEDS, OFFERS, Said, given, inside, process, write_people, write_programme
from tests.matcher.worlds.small_programme import QUESTIONS, changed, questionnaire, request

SHARED, GAPS = {"her_shared", "her_further", "her_times"}, {"her_missing", "her_few_hours", "her_not_said", "her_keeps"}
ASKING = request(
    id="r1", topics="alcohol*; moving; grief", faith="cedar", wants="same_faith=nice; near=nice; mourned=nice",
    pastimes="music; books", town="Perth", not_now="drugs", apart="no", waiting_since="2026-10-01",
)  # fmt: skip
CARDS = {"shut": "-", "blank": "", "topics": "show_topics", "faith": "show_faith", "both": "show_topics; show_faith"}
PAIRS = [{**OFFERS[0], "id": card, "card": opened, "town": "Antigonish"} for card, opened in CARDS.items()]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_programme(tmp_path_factory.mktemp("programme"))
    write_people(folder, [*OFFERS, *PAIRS], [ASKING])
    return folder


def arguments(folder: Path, offer: str, *more: str) -> list[str]:
    return given(folder, "explain", "--need", "r1", "--offer", offer, *more)


def explained(folder: Path, offer: str, voice: str, *more: str) -> list[dict[str, Any]]:
    """Give the messages of an explanation."""
    said = inside(*arguments(folder, offer, "--voice", voice, "--format", "json", *more))
    messages: list[dict[str, Any]] = said.json["messages"]
    return messages


def words(question_id: str) -> set[str]:
    """List every id and label of a question's options."""
    options = questionnaire().by_id[question_id].options
    return {word for option in options for word in (option.id, *option.label.values())}


# To the woman who asks


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("offer", [*CARDS, "bertha", "anna", "zoe"])
def test_she_never_reads_a_number_and_at_most_three_shared_things_and_one_gap(
    folder: Path, offer: str, language: str
) -> None:
    told = explained(folder, offer, "requester", "--language", language)
    keys = [message["key"] for message in told]
    assert set(keys) <= SHARED | GAPS
    assert 1 <= sum(key in SHARED for key in keys) <= 3
    assert sum(key in GAPS for key in keys) == 1
    for message in told:
        assert not re.search(r"[\d%]", message["text"]), message["text"]
        assert all(isinstance(value, str | list) for value in message["values"].values())


SECRETS = {"shut": "topics faith", "blank": "topics faith", "topics": "faith", "faith": "topics", "both": ""}


@pytest.mark.parametrize("form", ["table", "csv", "json"])
@pytest.mark.parametrize("card", SECRETS)
def test_what_her_card_does_not_open_never_appears(folder: Path, card: str, form: str) -> None:
    said = inside(*arguments(folder, card, "--voice", "requester", "--format", form)).out
    secret = {word for question in SECRETS[card].split() for word in words(question)} | {"Antigonish", "drugs", "pills"}
    if card in ("shut", "blank", "topics"):
        secret |= {"same_faith", "same faith"}
    if card in ("shut", "blank", "faith"):
        secret |= {"mourned", "a mourner"}
    assert sorted(word for word in secret if re.search(rf"\b{re.escape(word)}\b", said)) == []


def test_what_her_card_opens_appears(folder: Path) -> None:
    told = {message["text"] for message in explained(folder, "both", "requester")}
    assert "She has lived: wine and beer and a new town." in told
    assert any("same faith" in text for text in told)
    assert "Elle a vécu : vin et bière et une nouvelle ville." in {
        message["text"] for message in explained(folder, "both", "requester", "--language", "fr")
    }


def test_hours_that_a_questionnaire_calls_sensitive_are_kept_too(tmp_path: Path) -> None:
    write_programme(tmp_path, changed('kind = "availability"', 'kind = "availability"\nsensitive = true'))
    write_people(tmp_path, PAIRS, [{**ASKING, "hours": "Mon 18:00-20:30"}])
    for message in explained(tmp_path, "shut", "requester"):
        assert "evening" not in message["text"]
        assert message["key"] != "her_few_hours"


@pytest.mark.parametrize("voice", ["requester", "supporter"])
@pytest.mark.parametrize("offer", ["late", "away", "full", "london"])
def test_why_a_pair_is_ruled_out_is_told_to_neither_of_them(folder: Path, offer: str, voice: str) -> None:
    (message,) = explained(folder, offer, voice)
    assert (message["key"], message["values"]) == ("not_proposed", {})


# To the supporter and the coordinator


def test_the_supporter_hears_what_is_starred_and_nothing_else_that_is_sensitive(folder: Path) -> None:
    said = inside(*arguments(folder, "both", "--voice", "supporter")).out
    assert "wine and beer" in said
    hidden = words("faith") | {"grief", "mourning", "a new town", "pills", "same faith", "Perth"}
    assert sorted(word for word in hidden if word in said) == []
    assert not re.search(r"\d|%", said)


def test_what_she_answered_in_confidence_is_not_told_to_the_supporter(tmp_path: Path) -> None:
    open_, kept = 'id = "pastimes"', 'id = "pastimes"\nsensitive = true'
    told = {}
    for questions in (QUESTIONS, changed(open_, kept)):
        write_programme(tmp_path, questions)
        write_people(tmp_path, PAIRS, [ASKING])
        told[questions] = inside(*arguments(tmp_path, "both", "--voice", "supporter")).out
    assert ["music" in said for said in told.values()] == [True, False]


def test_the_coordinator_hears_the_score_every_part_and_the_gates(folder: Path) -> None:
    told = explained(folder, "both", "coordinator")
    parts = [message["values"] for message in told if message["key"] == "part"]
    assert [part["part"] for part in parts] == ["topics", "wishes", "life", "availability", "interests", "headroom"]
    assert told[0]["key"] == "stands"
    assert sum(part["points"] for part in parts) == told[0]["values"]["points"]
    out = explained(folder, "away", "coordinator")
    assert [message["values"]["gate"] for message in out if message["key"] == "gate_fails"] == ["status", "tongues"]


def test_the_score_told_is_the_score_ranked(folder: Path) -> None:
    ranked = inside(*given(folder, "rank", "--format", "json", "--top", "99")).json["rankings"][0]["candidates"]
    for place, candidate in enumerate(ranked, start=1):
        first = explained(folder, candidate["offer"], "coordinator")[0]["values"]
        assert (first["points"], first["place"], first["places"]) == (candidate["score"], place, len(ranked))


# Documents


def test_json_is_one_document_with_the_stated_keys(folder: Path) -> None:
    said = inside(*arguments(folder, "both", "--voice", "requester", "--language", "fr", "--format", "json"))
    heading = ["engine", "on", "questionnaire", "weights", "fit", "need", "offer", "voice", "language", "messages"]
    assert said.code == 0
    assert list(said.json) == heading
    assert [said.json[key] for key in ("on", "need", "offer", "voice", "language")] == [
        *("2026-11-23", "r1", "both", "requester", "fr"),
    ]
    assert all(list(message) == ["key", "values", "text"] for message in said.json["messages"])
    assert re.fullmatch(r"\d+\.\d\d s\n", said.err)


def test_csv_and_text_say_the_same_as_json(folder: Path) -> None:
    for voice in ("requester", "supporter", "coordinator"):
        told = explained(folder, "both", voice)
        rows = csv.reader(io.StringIO(inside(*arguments(folder, "both", "--voice", voice, "--format", "csv")).out))
        assert list(rows) == [["key", "text"], *([message["key"], message["text"]] for message in told)]
        lines = inside(*arguments(folder, "both", "--voice", voice)).out.splitlines()
        assert [line.strip() for line in lines] == [message["text"] for message in told]


def test_the_coordinator_and_english_come_without_being_asked_for(folder: Path) -> None:
    asked = inside(*arguments(folder, "both", "--voice", "coordinator", "--language", "en"))
    assert inside(*arguments(folder, "both")).out == asked.out


def test_letters_beyond_ascii_come_out_right_on_a_machine_set_to_c(folder: Path) -> None:
    more = ("--voice", "requester", "--language", "fr")
    said = process(*arguments(folder, "both", *more), LANG="C", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert said.code == 0
    assert "Elle a vécu : vin et bière" in said.out
    assert said.out == inside(*arguments(folder, "both", *more)).out


# What is refused


def refused(said: Said) -> str:
    assert (said.code, said.out) == (1, "")
    fault, last = said.err.splitlines()
    assert last == "1 fault; nothing was done."
    return fault


def test_a_request_or_supporter_that_is_not_there_is_refused(folder: Path) -> None:
    assert refused(inside(*arguments(folder, "nobody"))) == (
        "refused: offers.csv: there is no supporter 'nobody'. Give the id of one of its rows."
    )
    assert refused(inside(*arguments(folder, "both", "--need", "both"))) == (
        "refused: needs.csv: there is no request 'both'. Give the id of one of its rows."
    )


def test_of_a_misspelt_id_the_remedy_names_the_one_that_was_meant(tmp_path: Path) -> None:
    people = write_programme(tmp_path)
    write_people(people, [{**OFFERS[0], "id": one} for one in ("bertha", "s11", "s21")], NEEDS)

    def remedy(need: str, offer: str) -> str:
        return inside(*given(people, "explain", "--need", need, "--offer", offer)).err

    both = remedy("R02", "Berhta")
    assert "needs.csv: there is no request 'R02'. Did you mean 'r2'? Give the id" in both
    assert "offers.csv: there is no supporter 'Berhta'. Did you mean 'bertha'? Give the id" in both
    assert both.endswith("2 faults; nothing was done.\n")
    assert "Did you mean 's11'?" in remedy("r1", "S-011")
    for doubtful in ("s31", "s1", "", "~"):
        assert "Did you mean" not in remedy("r1", doubtful), doubtful


def test_a_language_that_the_questionnaire_lacks_is_refused(tmp_path: Path) -> None:
    english = re.sub(r", fr = \"[^\"]*\"\}", "}", changed('languages = ["en", "fr"]', 'languages = ["en"]'))
    assert english.count("fr = ") < QUESTIONS.count("fr = ")
    write_programme(tmp_path, english)
    write_people(tmp_path, PAIRS, [ASKING])
    assert refused(inside(*arguments(tmp_path, "both", "--language", "fr"))) == (
        "refused: q.toml: has no 'fr' texts. It speaks en."
    )


def test_hours_that_lie_in_no_day_part_are_told_without_empty_brackets(tmp_path: Path) -> None:
    write_programme(tmp_path)
    night = "Sun 01:00-04:00"
    write_people(tmp_path, [{**OFFERS[0], "hours": night}], [{**NEEDS[0], "hours": night}])
    pair = ("--need", NEEDS[0]["id"], "--offer", OFFERS[0]["id"])
    told = inside(*given(tmp_path, "explain", *pair, "--voice", "coordinator")).out
    (line,) = [line for line in told.splitlines() if "3 h a week in common" in line]
    assert line.endswith("3 h a week in common")
    assert line.startswith("  ")
