"""Forms that nobody would send by hand, at every address that takes one, by whoever may: none is answered by a 5xx.

The names and values of real pages, and forms that would go through, are mixed with NUL, signs of other directions,
half signs, huge numbers, megabytes, repeated fields, files and bodies that are no form. `python -m tests.proofs G4`.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote_from_bytes

from flask import Flask
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.pages.story import Story
from tests.programme.browsing import PASSPHRASE, Browser
from tests.programme.databases import Databases, OnSqlite, serve_postgres, settings_for
from tests.programme.fixtures import run
from tests.proofs.counts import Count
from tests.security.doors.table import DOORS, Door, Stage, Who
from tests.security.doors.tried import routes_of
from tests.security.doors.world import World

Pair = tuple[str, str]
STRANGE = (
    *(
        "\0",
        "Claire\0",
        "\u202eeman",
        "\u200f\u0627\u0644\u0633\u0644\u0627\u0645",
        "\ud800",
        "a\udfffb",
        "\U0001f9d1" * 50,
    ),
    *("1e999", "-1", "9" * 400, "0x10", "NaN", "٣", "1" * 5000, "2026-02-31", "99999-01-01", "24:61"),
    *("null", "true", "[]", "{}", "<script>", "';--", "%s%n", "{{7*7}}", "../../etc/passwd", "\r\nSet-Cookie: a=b"),
    *(
        "00000000-0000-4000-8000-000000000000",
        "not-a-uuid",
        "//evil.example",
        "\n/about",
        " ",
        "\t",
        "",
        "e\u0301" * 200,
    ),
)
KINDS = ("urlencoded",) * 7 + ("multipart", "files", "json", "nonsense", "broken multipart")
MEGABYTE = "x" * 1024 * 1024
SHORT, LONG = 1_000, 10_000


@dataclass(frozen=True)
class Target:
    """One address, who sends, and the names and values that her pages know."""

    path: str
    who: str
    names: tuple[str, ...]
    values: tuple[str, ...]
    right: tuple[Pair, ...] = ()


@dataclass
class Seen:
    """What was answered."""

    answers: Counter[int] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)

    def note(self, target: Target, status: int, fields: Sequence[Pair], kind: str) -> None:
        """Keep an answer, and of a failure what led to it."""
        self.answers[status] += 1
        if status >= 500:
            told = [(name[:40], value[:40]) for name, value in fields]
            self.failed.append(f"{status} {target.path} by {target.who}, {kind}: {told!r}")


def forms(target: Target) -> st.SearchStrategy[tuple[list[Pair], str, bool]]:
    """Draw the fields of a form, how it is sent, and whether its hidden field is right."""
    name = st.one_of(st.sampled_from(target.names), st.sampled_from(target.names), st.sampled_from(STRANGE))
    text = st.text(st.characters(codec=None, exclude_categories=()), max_size=200)
    known = st.sampled_from(target.values or ("",))
    value = st.one_of(known, known, st.sampled_from(STRANGE), text, st.integers().map(str))
    large = st.sampled_from([*[""] * 49, MEGABYTE])
    fields = st.lists(st.tuples(name, value), max_size=14)
    strange = st.lists(st.sampled_from(STRANGE), min_size=len(target.right), max_size=len(target.right))
    nearly = st.builds(partly_replaced, st.just(target.right), strange, st.integers(0, 2 ** len(target.right)))
    mixed = st.builds(lambda pairs, more: [*pairs, ("body", more)] if more else pairs, fields, large)
    whole = st.one_of(mixed, nearly) if target.right else mixed
    return st.tuples(whole, st.sampled_from(KINDS), st.sampled_from([True] * 9 + [False]))


def partly_replaced(right: Sequence[Pair], strange: Sequence[str], which: int) -> list[Pair]:
    """Return a form that would go through, but for some values."""
    chosen = zip(right, strange, range(len(right)), strict=True)
    return [(name, other if which >> place & 1 else value) for (name, value), other, place in chosen]


def send(browser: Browser, path: str, fields: Sequence[Pair], kind: str, *, right: bool) -> int:
    """Send a form as a server would hand it over; return the status of the answer."""
    token = browser.hidden_field() if right else "wrong"
    body, content = encoded([("csrf_token", token), *fields], kind)
    return browser.post(path, data=body, content_type=content).status_code


def encoded(fields: Sequence[Pair], kind: str) -> tuple[bytes, str]:
    """Write fields into a body of this kind; half signs become the bytes that no text has."""
    pairs = [(raw(name), raw(value)) for name, value in fields]
    if kind in ("multipart", "files"):
        file = b'; filename="a.txt"' if kind == "files" else b""
        parts = [
            b'--line\r\nContent-Disposition: form-data; name="'
            + name.replace(b'"', b"").replace(b"\r", b"").replace(b"\n", b"")
            + b'"'
            + (file if number else b"")
            + b"\r\n\r\n"
            + value
            + b"\r\n"
            for number, (name, value) in enumerate(pairs)
        ]
        return b"".join(parts) + b"--line--\r\n", "multipart/form-data; boundary=line"
    urlencoded = b"&".join(
        quote_from_bytes(name).encode() + b"=" + quote_from_bytes(value).encode() for name, value in pairs
    )
    types = {
        "urlencoded": "application/x-www-form-urlencoded",
        "json": "application/json",
        "nonsense": "application/x-www-form-urlencoded; charset=utf-99",
        "broken multipart": "multipart/form-data",
    }
    return urlencoded if kind != "json" else b"[" * 500, types[kind]


def raw(text: str) -> bytes:
    """Return a text as bytes, half signs too."""
    return text.encode("utf-8", "surrogatepass")


def names_and_values(pages: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return every name and every value of the controls of some pages."""
    text = "".join(pages)
    names = set(re.findall(r'\bname="([^"]+)"', text)) - {"csrf_token", "viewport", "format-detection"}
    values = {value for value in re.findall(r'\bvalue="([^"]*)"', text) if len(value) < 80}
    return tuple(sorted(names | {"body", "username"})), tuple(sorted(values))


def try_one(browser: Browser, target: Target, seen: Seen, times: int, number: int) -> None:
    """Send so many generated forms to one address."""

    @seed(number)
    @settings(
        max_examples=times,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(drawn=forms(target))
    def sending(drawn: tuple[list[Pair], str, bool]) -> None:
        fields, kind, right = drawn
        seen.note(target, send(browser, target.path, fields, kind, right=right), fields, kind)

    sending()


# On SQLite every stage of the story is put back after each address


def at_every_stage(app: Flask, seen: Seen, times: int) -> None:
    """Send forms to every address, at the stage where it can be seen, by everybody who may."""
    world = World(app)
    routes, number = routes_of(app), 0
    known: dict[tuple[Stage, Who], tuple[tuple[str, ...], tuple[str, ...]]] = {}
    for stage in Stage:
        things = world.turn_to(stage).things
        for door in (door for door in DOORS if door.method == "POST" and door.stage is stage):
            for who in sorted(door.may):
                mine = things.get(who, things[Who.WOMAN])
                right = tuple((name, mine.get(value.strip("<>"), value)) for name, value in door.form.items())
                for path in paths(routes[door.endpoint, "POST"].rule, door, mine):
                    number += 1
                    world.turn_to(stage)
                    if (stage, who) not in known:
                        known[stage, who] = names_and_values(pages_of(world.browser(stage, who), things, who))
                    target = Target(path, who, *known[stage, who], right)
                    try_one(world.browser(stage, who), target, seen, times, number)


def paths(rule: str, door: Door, things: dict[str, str]) -> Iterator[str]:
    """Fill an address; one of the questions is filled with every screen."""
    screens = ("start", "safety", "reach", "talking", "times", "support") if "screen" in rule else ("",)
    for screen in screens:
        filled = {**things, "screen": screen or things.get("screen", "")}
        yield re.sub(
            r"<(?:\w+:)?(\w+)>", lambda name, known=filled: known.get(door.things.get(name[1], name[1]), "x"), rule
        )


def pages_of(browser: Browser, things: dict[Who, dict[str, str]], who: Who) -> list[str]:
    """Return the pages on which somebody finds forms."""
    mine = things.get(who, things[Who.WOMAN])
    places = ["/sign-in", "/begin", "/people", "/desk", *(f"/questions/{one}" for one in ("start", "support", "times"))]
    places += [f"/together/{mine['introduction_id']}"] if "introduction_id" in mine else []
    places += [f"/check-ins/{mine['checkin_id']}"] if "checkin_id" in mine else []
    places += [f"/desk/rankings/{mine['ranking_id']}"] if "ranking_id" in mine else []
    return [answer.text for answer in map(browser.get, places) if answer.status_code == 200]


# On PostgreSQL the story goes on: what a form changes stays changed


RIGHT: dict[str, tuple[Pair, ...]] = {
    "sign-in": (("username", "w-ana"), ("passphrase", PASSPHRASE)),
    "begin": (("username", "somebody.new"), ("passphrase", PASSPHRASE), ("again", PASSPHRASE)),
    "messages": (("body", "Hello."),),
    "start": (("q-adult", "yes"), ("q-name", "Claire")),
    "language": (("language", "fr"), ("back", "/about")),
    "approve": (("supporters", "x"), ("reason", "she_asked")),
    "people": (("instead", "choose_for_me"),),
}


def on_a_running_site(app: Flask, seen: Seen, times: int) -> None:
    """Send forms by a woman, a supporter, a coordinator and a visitor to the addresses that are theirs."""
    story = Story(app)
    dee, bee = story.supporter("Dee"), story.supporter("Bee")
    claire, ana, eve = (story.woman(name) for name in ("Claire", "Ana", "Eve"))
    pair, offer, ranking = story.introduced(claire, dee), story.offered(ana, bee), story.ranked(eve)
    addresses = {
        None: ("/sign-in", "/begin", "/language", "/setup/x"),
        "w-claire": (f"/together/{pair}/messages", f"/together/{pair}/check-in", "/questions", "/questions/start"),
        "w-ana": ("/people", "/questions/support", "/account/sessions/end-others", "/language"),
        "s-bee": (f"/offers/{offer}/decline", f"/offers/{offer}/accept", "/language"),
        "robin": (f"/desk/rankings/{ranking}/approve", f"/desk/requests/{eve.thing_id}/rank", "/language"),
    }
    for number, (who, places) in enumerate(addresses.items()):
        for path in places:
            browser = story.browser(who) if who else app.test_client()
            pages = [
                browser.get(place).text for place in ("/sign-in", "/begin", "/people", "/questions/support", "/next")
            ]
            target = Target(path, who or "a visitor", *names_and_values(pages), RIGHT.get(path.rsplit("/")[-1], ()))
            try_one(browser, target, seen, times, 10_000 + number)


def sites(databases: Databases, folder: OnSqlite) -> Iterator[Flask]:
    """Run a site that answers as in production: no limit on tries, no error that is shown to its developer."""
    for app in run(settings_for(databases.ready(), folder.folder, rate_limits=False)):
        app.testing = False
        app.config["PROPAGATE_EXCEPTIONS"] = False
        yield app


def try_all(wanted: int, *, with_postgres: bool = True) -> Seen:
    """Send about so many forms, three quarters of them at every stage of the story."""
    seen, on_sqlite = Seen(), OnSqlite()
    for app in sites(on_sqlite, on_sqlite):
        at_every_stage(app, seen, times=max(1, wanted * 3 // 4 // ADDRESSES))
    if with_postgres:
        serving = serve_postgres()
        for app in sites(next(serving), on_sqlite):
            on_a_running_site(app, seen, times=max(1, wanted // 4 // 18))
        next(serving, None)
    on_sqlite.close()
    return seen


ADDRESSES = 90
"""About how many addresses there are at all stages, by everybody who may."""


def prove(*, long: bool) -> Count:
    """Count the forms that were sent, and the answers that say that we failed."""
    seen = try_all(LONG if long else SHORT)
    for failure in seen.failed[:20]:
        print(failure)
    answered = ", ".join(f"{status}: {count:,}" for status, count in sorted(seen.answers.items()))
    return Count(seen.answers.total(), len(seen.failed), f"answers {answered}; both databases")
