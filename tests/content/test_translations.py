"""Every text of the site has a French one: none missing, none left over, placeholders alike, compiled as written."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
FRENCH = ROOT / "webapp/translations/fr/LC_MESSAGES"
KEYWORDS = dict.fromkeys(("_", "_l", "gettext", "lazy_gettext")) | {"ngettext": (1, 2)}
PLACEHOLDER = re.compile(r"%\(\w+\)s")
WRONG_SIGNS = (
    (re.compile(r"[ \u00a0\u202f][?!;]"), "a space before ? ! or ;"),
    (re.compile(r"(?<!\u00a0):(?!//)(?=\s|$)"), "no unbroken space before a colon"),
    (re.compile(r"«(?!\u00a0)|(?<!\u00a0)»|[“”]"), "quotation marks of another language"),
    (re.compile(r"\w'\w"), "a straight apostrophe"),
)
MsgId = str | tuple[str, ...]


@cache
def said_in_the_code() -> dict[MsgId, str]:
    """Every msgid of the site with the place where it is said."""
    with (ROOT / "webapp/translations/babel.cfg").open(encoding="utf-8") as mapping:
        methods, options = parse_mapping_cfg(mapping)
    folder = str(ROOT / "webapp")
    below = [(pattern.removeprefix("webapp/"), method) for pattern, method in methods]
    options = {pattern.removeprefix("webapp/"): set_ for pattern, set_ in options.items()}
    found = extract_from_dir(folder, below, options, KEYWORDS)
    return {msgid: f"{path}:{line}" for path, line, msgid, _comments, _context in found}


@cache
def french() -> dict[MsgId, Message]:
    with (FRENCH / "messages.po").open("rb") as written:
        return messages_in(read_po(written, locale="fr"))


def messages_in(catalogue: Catalog) -> dict[MsgId, Message]:
    return {key_of(message.id): message for message in catalogue if message.id}


def key_of(said: object) -> MsgId:
    return tuple(said) if isinstance(said, list | tuple) else str(said)


def forms(said: object) -> tuple[str, ...]:
    return tuple(said) if isinstance(said, list | tuple) else (str(said),)


def test_texts_are_found():
    assert len(said_in_the_code()) > 300


def test_no_text_is_said_where_nothing_finds_it():
    """Within an f-string the extractor sees no call: such a text would stand in English on a French page."""
    hidden = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in sorted((ROOT / "webapp").rglob("*.py"))
        for text in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in KEYWORDS
    ]
    assert hidden == []


def test_every_text_has_a_french_one():
    missing = [
        f"{place}: {msgid}"
        for msgid, place in said_in_the_code().items()
        if msgid not in french() or not all(forms(french()[msgid].string)) or french()[msgid].fuzzy
    ]
    assert missing == []


def test_no_french_text_is_left_over():
    assert sorted(map(str, french().keys() - said_in_the_code().keys())) == []


def test_placeholders_are_the_same():
    differing = [
        msgid
        for msgid, message in french().items()
        if {frozenset(PLACEHOLDER.findall(form)) for form in forms(message.string)}
        - {frozenset(PLACEHOLDER.findall(form)) for form in forms(msgid)}
    ]
    assert differing == []


@pytest.mark.parametrize(("sign", "said"), WRONG_SIGNS, ids=[said for _, said in WRONG_SIGNS])
def test_french_sets_its_signs(sign, said):
    wrong = [form for message in french().values() for form in forms(message.string) if sign.search(form)]
    assert wrong == [], said


def test_what_is_compiled_is_what_is_written(tmp_path):
    with (FRENCH / "messages.po").open("rb") as written, (tmp_path / "compiled").open("wb") as compiled:
        write_mo(compiled, read_po(written, locale="fr"))
    with (tmp_path / "compiled").open("rb") as expected, (FRENCH / "messages.mo").open("rb") as shipped:
        want, have = messages_in(read_mo(expected)), messages_in(read_mo(shipped))
    stale = {msgid for msgid in want.keys() | have.keys() if strings(want, msgid) != strings(have, msgid)}
    assert stale == set(), "pybabel compile -d webapp/translations"


def strings(messages: dict[MsgId, Message], msgid: MsgId) -> object:
    return forms(messages[msgid].string) if msgid in messages else None
