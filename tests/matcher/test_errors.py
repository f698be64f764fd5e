"""What faults say: every key that the code uses has words in both languages, and nothing is said that is never used.

The source is read with ast: a key is a text `room.plain_words` whose room stands in the files of texts.
"""

import ast
import re
import string
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from matcher.errors import TEXTS, BadAnswer, Fault, Phrase, Place, Refused

ENGINE = TEXTS[0].parent
TOLD = ("Fault", "BadAnswer", "BadCell", "Finding", "refuse_one")
"""What is made with a key of a fault first or second, and its values by name or as a table."""
LANGUAGES = ("en", "fr")
NO_ROOMS = ("colon", "joined", "place", "phrase")
OF_THE_SYSTEM = r"E[A-Z]+|[a-z_]+_type|too_short|string_too_long|greater_than(_equal)?|(value|literal)_error"
"""Phrases for what the system or pydantic says, whose keys are theirs."""


def _read() -> dict[str, Any]:
    texts: dict[str, Any] = {}
    for path in TEXTS:
        for room, said in tomllib.loads(path.read_text(encoding="utf-8")).items():
            assert not texts.get(room, {}).keys() & said.keys(), f"{room} of {path.name} says again what is said"
            texts.setdefault(room, {}).update(said)
    return texts


READ = _read()
FAULTS = {f"{room}.{key}": said for room in READ.keys() - set(NO_ROOMS) for key, said in READ[room].items()}
SENTENCES = {
    **{f"{key} {what}": text for key, said in FAULTS.items() for what, text in said.items()},
    **{f"{room}.{key}": text for room in ("place", "phrase") for key, text in READ[room].items()},
}
FILES = sorted(ENGINE.rglob("*.py"))
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in FILES}


def fields(text: str) -> set[str]:
    """Name the values that a text asks for."""
    return {re.split(r"[.\[]", name)[0] for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def constants(node: ast.AST) -> Iterator[str]:
    """Go through the texts that stand in a part of the source."""
    return (one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str))


def calls(*names: str) -> Iterator[tuple[str, ast.Call]]:
    """Go through the calls of these names, each with where it stands."""
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _name(node.func) in names:
                yield f"{path.relative_to(ENGINE)}:{node.lineno}", node


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"Phrase.{node.attr}" if _name(node.value) == "Phrase" else node.attr
    return node.id if isinstance(node, ast.Name) else ""


def keys_of(call: ast.Call) -> list[str]:
    """List the keys of faults that a call may give."""
    return [
        text for argument in call.args for text in constants(argument) if re.fullmatch(r"[a-z_]+\.[a-z_0-9]+", text)
    ]


def values_of(call: ast.Call) -> set[str] | None:
    """Name the values that a call gives; None where they come from elsewhere."""
    if any(keyword.arg is None for keyword in call.keywords):
        return None
    tables = [argument for argument in call.args[1:] if isinstance(argument, ast.Dict)]
    if _name(call.func) == "Finding":
        if len(call.args) > 1 and isinstance(call.args[1], ast.Name):
            return None
        return {key for table in tables for node in table.keys if node for key in constants(node)}
    return {keyword.arg for keyword in call.keywords if keyword.arg}


# The texts


def test_there_are_texts_of_every_room():
    assert len(FAULTS) > 200
    assert len(TREES) > 100


def test_every_fault_has_a_problem_and_a_remedy():
    assert [key for key, said in FAULTS.items() if said.keys() != {"problem", "remedy"}] == []


def test_every_text_is_said_in_english_and_in_french_with_the_same_values():
    assert {where for where, text in SENTENCES.items() if tuple(text) != LANGUAGES} == set()
    assert {where for where, text in SENTENCES.items() if fields(text["en"]) != fields(text["fr"])} == set()


def test_texts_quote_and_join_their_values_in_the_ways_that_there_are():
    written = " ".join(text[language] for text in SENTENCES.values() for language in LANGUAGES)
    parts = [part for part in string.Formatter().parse(written) if part[1] is not None]
    assert {conversion for *_, conversion in parts} == {None, "q"}
    assert {joined for _, _, joined, _ in parts} == {"", *READ["joined"]} - {"commas"}


BOTH = {"place.question", "place.option", "place.id"}
"""Texts that are the same in both languages."""


def test_no_french_text_is_the_english_one():
    same = {where: text["en"] for where, text in SENTENCES.items() if text["en"] == text["fr"]}
    assert {where for where, text in same.items() if re.search(r"\w", re.sub(r"{[^}]*}", "", text))} == BOTH


MISPRINTS = re.compile(r"[^\u00a0\d]:(?!\w)| :|«(?!\u00a0)|(?<!\u00a0)»|[ \u00a0][;?!](?!\u00a0)|\w'")
"""What French has not: a plain blank before a colon or inside quotes, any blank before ; ? !, a typed apostrophe."""


def test_french_is_printed_as_it_should_be():
    printed = {where: re.sub(r"{[^}]*}", "x", text["fr"]) for where, text in SENTENCES.items()}
    assert {where: text for where, text in printed.items() if MISPRINTS.search(text)} == {}


@pytest.mark.parametrize("text", ["ici : oui", "ici: oui", "« oui »", "oui ?", "oui\u00a0!", "l'heure"])
def test_a_misprint_is_seen(text: str) -> None:
    assert MISPRINTS.search(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_problems_are_no_sentences_and_remedies_are(language: str) -> None:
    said = {where: text[language] for where, text in SENTENCES.items()}
    problems = {where: text for where, text in said.items() if where.endswith(" problem")}
    remedies = {where: text for where, text in said.items() if where.endswith(" remedy")}
    assert {where for where, text in problems.items() if text.endswith(".")} == set()
    assert {where for where, text in remedies.items() if not re.fullmatch(r"[A-ZÀÉ«{].*[.?\"}]", text)} == set()


# The code


def test_every_key_that_the_code_uses_has_words_and_every_word_is_used():
    used = {text for tree in TREES.values() for text in constants(tree) if text in FAULTS}
    named = {key: where for where, call in calls(*TOLD, "_fault", "Unknown") for key in keys_of(call)}
    assert {key: where for key, where in named.items() if key not in FAULTS} == {}
    assert FAULTS.keys() - used == set()


def test_every_phrase_and_place_that_the_code_uses_has_words_and_every_word_is_used():
    phrases = {text for _, call in calls("Phrase.of", "_BadSpan") for text in _first(call)}
    parts = {
        keyword.arg for _, call in calls("Place", "and_then", "_fault") for keyword in call.keywords if keyword.arg
    }
    said = {text for tree in TREES.values() for text in constants(tree)}
    assert phrases - READ["phrase"].keys() == set()
    assert parts - READ["place"].keys() == set()
    assert {key for key in READ["phrase"].keys() - said if not re.fullmatch(OF_THE_SYSTEM, key)} == set()
    assert READ["place"].keys() - parts - said == set()


def _first(call: ast.Call) -> list[str]:
    return list(constants(call.args[0])) if call.args else []


def test_every_text_is_given_the_values_that_it_asks_for():
    given = [(where, key, values_of(call)) for where, call in calls(*TOLD) for key in keys_of(call)]
    lacking = {
        f"{where} {key}": asked - values
        for where, key, values in given
        for asked in [fields(FAULTS[key]["problem"]["en"]) | fields(FAULTS[key]["remedy"]["en"])]
        if values is not None and asked - values
    }
    assert lacking == {}
    assert len(given) > 200


def test_every_phrase_is_given_the_values_that_it_asks_for():
    lacking = {
        f"{where} {key}": fields(READ["phrase"][key]["en"]) - values
        for where, call in calls("Phrase.of", "_BadSpan")
        for key in _first(call)
        if (values := values_of(call)) is not None and fields(READ["phrase"][key]["en"]) - values
    }
    assert lacking == {}


# How they are said


def test_a_fault_is_said_in_each_language_and_compared_by_what_it_says() -> None:
    place = Place("needs.csv", row=3, column="topics")
    fault = Fault(place, "answers.twice", option="grief")
    assert str(fault) == "needs.csv row 3 column 'topics': 'grief' stands there twice. Write it once."
    assert fault.say("fr") == (
        "needs.csv ligne 3 colonne «\u00a0topics\u00a0»\u00a0: «\u00a0grief\u00a0» y figure deux fois. "
        "Écrivez-le une seule fois."
    )
    assert fault.say("de") == str(fault)
    assert (fault.place, fault.problem, fault.remedy) == (str(place), "'grief' stands there twice", "Write it once.")
    assert fault == BadAnswer("answers.twice", option="grief").at(place)
    assert fault != BadAnswer("answers.twice", option="beer").at(place)
    assert str(Refused([fault, fault])) == f"{fault}\n{fault}"


@pytest.mark.parametrize(
    ("values", "english", "french"),
    [
        (["a"], "'a'", "«\u00a0a\u00a0»"),
        (["a", "b"], "'a' and 'b'", "«\u00a0a\u00a0» et «\u00a0b\u00a0»"),
        (
            ["a", "b", Phrase.of("more", count=2)],
            "'a', 'b' and 2 more",
            "«\u00a0a\u00a0», «\u00a0b\u00a0» et 2 de plus",
        ),
    ],
)
def test_a_list_is_joined_as_its_text_says(values: list[Any], english: str, french: str) -> None:
    fault = Fault("f", "answers.no_equals", items=values, example="a=1")
    assert fault.problem == f"{english} has no '='"
    assert fault.say("fr").startswith(f"f\u00a0: {french} n’a pas de signe")


def test_a_value_with_braces_is_said_as_it_is():
    fault = Fault("{f}", "answers.twice", option="{option} {0} {")
    assert str(fault) == "{f}: '{option} {0} {' stands there twice. Write it once."


def test_what_is_wrong_inside_another_fault_is_said_in_its_language():
    inside = BadAnswer("shape.no_number")
    fault = Fault("f", "checks.bad_hours", problem=inside)
    assert fault.problem == "hours: a number is needed"
    assert fault.say("fr").startswith("f\u00a0: hours\u00a0: il faut un nombre. ")


def test_each_file_of_texts_is_found():
    assert [path.name for path in TEXTS] == sorted(path.name for path in Path(ENGINE).glob("faults*.toml"))
    assert len(TEXTS) > 1
