"""How each door is tried: who may gets through and leaves no more than allowed; a refusal changes and tells nothing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from uuid import uuid4

from flask import Flask
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.programme.browsing import Browser
from tests.programme.databases import OnSqlite, settings_for
from tests.programme.fixtures import run
from tests.security.doors.table import DOORS, Door, Stage, Who
from tests.security.doors.world import Things, World
from webapp.security.headers import ALWAYS

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH")
REFUSED = frozenset({303, 400, 404, 405})
LEADS_TO = {Who.BETWEEN: "/second-step", Who.BARE: "/account/locks"}
"""Where a refusal leads those whose sign-in is not whole; visitors it leads to the sign-in."""
READ_ONLY_EXCEPT = ("sign_ins", "audit_records", "audit_heads", "pair_views")
"""What reading may leave: that she was here, who read what, and how far she has seen a conversation."""
REFUSED_EXCEPT = ("audit_records", "audit_heads")
"""What a refusal may leave: the record that there was one."""
NO_RECORD = "left no record in the audit"


@dataclass
class Tried:
    """What came of it."""

    routes: set[tuple[str, str]] = field(default_factory=set)
    cells: set[tuple[str, ...]] = field(default_factory=set)
    sent: int = 0
    twins: int = 0
    forged: int = 0
    reads: int = 0
    dressed: set[tuple[str, str, int]] = field(default_factory=set)
    recorded: int = 0
    wrong: list[str] = field(default_factory=list)

    def figures(self) -> dict[str, int]:
        """Count: routes, cells (a row's address, who, method, stage), requests sent, and what was wrong."""
        return {
            "routes": len(self.routes),
            "cells": len(self.cells),
            "requests": self.sent,
            "wrong": len(self.wrong),
        }

    def wrong_with(self, words: str) -> int:
        """Count what was wrong in one way."""
        return sum(words in one for one in self.wrong)


@cache
def try_all_alone() -> Tried:
    """Try every door on a site of its own."""
    databases = OnSqlite()
    try:
        for app in run(settings_for(databases.ready(), databases.folder)):
            return Trial(app).everything()
    finally:
        databases.close()
    raise AssertionError


def routes_of(app: Flask) -> dict[tuple[str, str], Rule]:
    """Return every route by its endpoint and the method that it is for."""
    rules = list(app.url_map.iter_rules())
    return {(rule.endpoint, way): rule for rule in rules for way in (rule.methods or set()) - {"HEAD", "OPTIONS"}}


def rows_and_routes_apart(app: Flask) -> list[str]:
    """Name the routes without a row, and the rows without a route."""
    rows = {(door.endpoint, door.method) for door in DOORS}
    return [" ".join(one) for one in sorted(rows ^ set(routes_of(app)))]


class Trial:
    """One go through the table."""

    def __init__(self, app: Flask) -> None:
        self.world, self.tried = World(app), Tried()
        self.routes = routes_of(app)
        self.tried.routes = set(self.routes)
        self.tried.wrong += [f"no row or no route: {one}" for one in rows_and_routes_apart(app)]
        self.roads = app.url_map.bind("localhost", url_scheme="https")

    def everything(self) -> Tried:
        """Go stage by stage, so that the database is put back only after something changed."""
        for stage in Stage:
            self.stage, self.kept = stage, self.world.turn_to(stage)
            self.before = self.world.digest()
            self.before_refusal = self.world.digest(REFUSED_EXCEPT)
            for door in DOORS:
                for who in Who:
                    self._try_here(door, who)
        return self.tried

    def _try_here(self, door: Door, who: Who) -> None:
        path = self._path(door, who)
        if path is None or (door.endpoint, door.method) not in self.routes:
            return
        if door.stage is self.stage:
            self._other_methods(door, who, path)
            if who in door.may:
                self._through(door, who, path)
                return
        if door.stage is self.stage or not may_ever(door, who):
            self._refused(door, who, path)

    def _path(self, door: Door, who: Who, *, absent: bool = False) -> str | None:
        things = self._things(who)
        rule = self.routes.get((door.endpoint, door.method))
        path = rule.rule if rule else ""
        for name in rule.arguments if rule else ():
            value = things.get(door.things.get(name, name))
            if value is None:
                return None
            value = str(uuid4()) if absent and name.endswith("_id") else value
            path = re.sub(rf"<(\w+:)?{name}>", value, path)
        return path

    def _things(self, who: Who) -> Things:
        return self.kept.things[who if who is Who.MY_OWN_FILE else Who.WOMAN]

    def _form(self, door: Door, who: Who) -> dict[str, str]:
        things = self._things(who)
        return {name: things.get(value.strip("<>"), value) for name, value in door.form.items()}

    def _say(self, door: Door, who: Who, what: str, way: str = "") -> None:
        self.tried.wrong.append(f"{way or door.method} {door.endpoint} | {who} | {self.stage} | {what}")

    def _send(self, who: Who, way: str, path: str, form: dict[str, str] | None = None) -> TestResponse:
        self.tried.sent += 1
        answer = self.world.browser(self.stage, who).open(path, method=way, data=form)
        self._dressed(who, way, path, answer)
        return answer

    def _dressed(self, who: Who, way: str, path: str, answer: TestResponse) -> None:
        """See that an answer carries every header once; nothing but a static file may be kept."""
        try:
            endpoint = self.roads.match(path, method=way)[0]
        except HTTPException:
            endpoint = path
        self.tried.dressed.add((endpoint, who, answer.status_code))
        lacks = [name for name, value in ALWAYS.items() if answer.headers.getlist(name) != [value]]
        if endpoint != "static" and answer.headers.get("Cache-Control") != "no-store":
            lacks.append("Cache-Control")
        if lacks:
            self.tried.wrong.append(f"{way} {endpoint} | {who} | {answer.status_code} | header {lacks}")

    def _with_field(self, who: Who, form: dict[str, str]) -> dict[str, str]:
        return {"csrf_token": self._browser(who).hidden_field(), **form}

    def _browser(self, who: Who) -> Browser:
        return self.world.browser(self.stage, who)

    def _count(self, door: Door, who: Who, way: str) -> None:
        rule = self.routes[door.endpoint, door.method].rule
        self.tried.cells.add((rule, *sorted(door.things.values()), who, way, self.stage))

    def _nothing_changed(self, door: Door, who: Who, why: str, way: str = "") -> None:
        if self.world.digest(REFUSED_EXCEPT) != self.before_refusal:
            self._say(door, who, f"{why}, and the database changed", way)
            self.world.turn_to(self.stage)

    # Refusals

    def _refused(self, door: Door, who: Who, path: str) -> None:
        for way in ways_of(door):
            self._count(door, who, way)
            for form in self._forms(door, who):
                before = self.world.records()
                answer = self._send(who, way, path, form)
                if leaves_record(door, who, way) and door.stage is self.stage:
                    self._recorded(door, who, before, "a refusal")
                expected = refusal_of(door, who)
                if answer.status_code != expected:
                    self._say(door, who, f"{answer.status_code} instead of the refusal {expected}", way)
                if expected == 303 and not (answer.location or "").startswith(LEADS_TO.get(who, "/sign-in")):
                    self._say(door, who, f"sent to {answer.location}", way)
                self._nothing_changed(door, who, "refused", way)
                self._like_one_that_is_not_there(door, who, way, path, form, answer)

    def _forms(self, door: Door, who: Who) -> Iterator[dict[str, str] | None]:
        if door.method == "GET":
            yield None
            return
        yield self._with_field(who, self._form(door, who))
        if door.form and door.stage is self.stage:
            yield self._with_field(who, {})

    def _like_one_that_is_not_there(
        self, door: Door, who: Who, way: str, path: str, form: dict[str, str] | None, answer: TestResponse
    ) -> None:
        elsewhere = self._path(door, who, absent=True)
        if elsewhere is None or elsewhere == path:
            return
        self.tried.twins += 1
        absent = self._send(who, way, elsewhere, form)
        if seen(absent, elsewhere) != seen(answer, path):
            self._say(door, who, f"{answer.status_code} but {absent.status_code} where there is nothing", way)
        self._nothing_changed(door, who, "nothing there", way)

    def _other_methods(self, door: Door, who: Who, path: str) -> None:
        rule = self.routes[door.endpoint, door.method].rule
        own = {way for (_, way), other in self.routes.items() if other.rule == rule}
        for way in METHODS:
            if way in own or (way == "HEAD" and "GET" in own) or (rule, who, way, self.stage) in self.tried.cells:
                continue
            self._count(door, who, way)
            answer = self._send(who, way, path, self._with_field(who, self._form(door, who)))
            expected = {405} if self._not_allowed(path, way) else REFUSED
            if answer.status_code not in expected:
                self._say(door, who, f"{answer.status_code} for a method that is not its own", way)
            self._nothing_changed(door, who, "not its method", way)

    def _not_allowed(self, path: str, way: str) -> bool:
        try:
            self.roads.match(path, method=way)
        except MethodNotAllowed:
            return True
        except HTTPException:
            return False
        return False

    def _recorded(self, door: Door, who: Who, before: int, what: str) -> None:
        self.tried.recorded += 1
        if self.world.records() <= before:
            self._say(door, who, f"{what} that {NO_RECORD}")

    # Those who may

    def _through(self, door: Door, who: Who, path: str) -> None:
        if door.method == "GET":
            self._read(door, who, path)
        else:
            self._change(door, who, path)
        if self.world.digest() != self.before:
            self.world.turn_to(self.stage)

    def _read(self, door: Door, who: Who, path: str) -> None:
        before = self.world.digest(READ_ONLY_EXCEPT)
        statuses = []
        for way in ways_of(door):
            self._count(door, who, way)
            self.tried.reads += 1
            answer = self._send(who, way, path)
            statuses.append(answer.status_code)
            if not is_through(answer):
                self._say(door, who, f"{answer.status_code} {answer.location or ''} instead of the page", way)
            if way == "HEAD" and answer.data:
                self._say(door, who, "a body for HEAD", way)
            if self.world.digest(READ_ONLY_EXCEPT) != before:
                self._say(door, who, "reading changed the database", way)
            if self.world.digest() != self.before:
                self.world.turn_to(self.stage)
        if len(set(statuses)) > 1:
            self._say(door, who, f"GET and HEAD differ: {statuses}")

    def _change(self, door: Door, who: Who, path: str) -> None:
        self._count(door, who, door.method)
        form = self._form(door, who)
        another = Who.COORDINATOR if who is not Who.COORDINATOR else Who.WOMAN
        for name, token in (("no", None), ("a wrong", "wrong"), ("another's", self._browser(another).hidden_field())):
            self.tried.forged += 1
            answer = self._send(who, "POST", path, {**form, "csrf_token": token} if token else form)
            if answer.status_code != 400:
                self._say(door, who, f"{answer.status_code} with {name} hidden field")
            self._nothing_changed(door, who, f"{name} hidden field")
        before = self.world.records()
        answer = self._send(who, "POST", path, self._with_field(who, form))
        if self.world.digest(REFUSED_EXCEPT) != self.before_refusal:
            self._recorded(door, who, before, "an act")
        if not is_through(answer):
            self._say(door, who, f"{answer.status_code} {answer.location or ''} instead of going through")
        is_as_before = self.world.digest(REFUSED_EXCEPT) == self.before_refusal
        if door.keeps is not None and is_as_before is not door.keeps:
            self._say(door, who, "stored something" if door.keeps else "went through and stored nothing")


def may_ever(door: Door, who: Who) -> bool:
    """Say whether somebody may go through this route at some stage."""
    return any(who in one.may for one in DOORS if (one.endpoint, one.method) == (door.endpoint, door.method))


def leaves_record(door: Door, who: Who, way: str) -> bool:
    """Say whether a refusal must be recorded: an act of somebody who is signed in, on what is there and never hers.

    Whoever's sign-in is not whole yet is led to where it becomes so, whatever she asked for.
    """
    return way == "POST" and who not in (Who.VISITOR, Who.SIGNED_OUT, *LEADS_TO) and not may_ever(door, who)


def ways_of(door: Door) -> tuple[str, ...]:
    """Return the methods in which a row is tried; HEAD is a GET without the page."""
    return ("HEAD", "GET") if door.method == "GET" else ("POST",)


def refusal_of(door: Door, who: Who) -> int:
    """Return the answer of a refusal: a sign-in where that can help, else a page that is not there."""
    if door.closed:
        return door.closed
    if who is Who.SIGNED_OUT:
        return 400 if Who.VISITOR in door.may else 303
    if who is Who.BARE and door.endpoint.startswith(("factors.", "accounts.show_reset", "accounts.use_reset")):
        return 404  # these are open to her; the thing behind it is not hers
    return 303 if who is Who.VISITOR or who in LEADS_TO else 404


def is_through(answer: TestResponse) -> bool:
    """Say whether an answer is a page, or leads on to one."""
    leads_on = answer.status_code in (302, 303) and not (answer.location or "").startswith("/sign-in")
    return answer.status_code == 200 or leads_on


def seen(answer: TestResponse, path: str) -> tuple[int, str | None, str]:
    """Return what can be seen of an answer, without its own address and the hidden fields, which differ each time."""
    text = re.sub(r'(name="csrf_token" value=")[^"]*', r"\1", answer.text).replace(path, "HERE")
    return answer.status_code, answer.location, text
