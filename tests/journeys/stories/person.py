"""Somebody with a phone, who does only what a person can: she reads, presses, ticks and writes by what she sees."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Self

from playwright.sync_api import Locator, Page

from tests.journeys.second_step import pass_second_step
from tests.journeys.stories.album import Album
from tests.journeys.stories.words import neat, pattern, say
from tests.programme.browsing import PASSPHRASE


@dataclass
class Person:
    """Somebody at her own phone. She knows one address: that of the first page."""

    page: Page
    site: str
    language: str
    album: Album
    name: str
    username: str = ""
    passphrase: str = PASSPHRASE

    # What she sees

    @property
    def sight(self) -> str:
        """All that stands on her page; what is folded away is not there."""
        return neat(self.page.inner_text("body"))

    def reads(self, *sentences: str, **values: str) -> Self:
        """Check that words of the site stand on her page. A value that is not given may be anything."""
        sight = self.sight
        for one in sentences:
            assert pattern(self.language, one, values).search(sight), f"{self.name} does not read: {one}\n{sight}"
        return self

    def reads_words(self, *words: str) -> Self:
        """Check that words which somebody wrote stand on her page."""
        sight = self.sight
        for one in words:
            assert neat(one) in sight, f"{self.name} does not read: {one}\n{sight}"
        return self

    def does_not_read(self, *sentences: str, **values: str) -> Self:
        """Check that words of the site do not stand on her page."""
        sight = self.sight
        for one in sentences:
            assert not pattern(self.language, one, values).search(sight), f"{self.name} reads: {one}\n{sight}"
        return self

    def finds(self, sentence: str, **values: str) -> str:
        """Return the first value in a sentence of the site that she reads."""
        found = pattern(self.language, sentence, values).search(self.sight)
        assert found is not None, f"{self.name} does not read: {sentence}\n{self.sight}"
        return found[1]

    def can_press(self, label: str, **values: str) -> bool:
        return self._pressable(self._said(label, values)).count() > 0

    def asks(self, label: str) -> bool:
        """Say whether something on her page can be filled in that is called so."""
        return self.page.get_by_label(whole(self._said(label, {}))).count() > 0

    # What she does

    def presses(self, label: str, *, about: str = "", **values: str) -> Self:
        """Press the button or link with these words, and look at the page behind it. `about` says whose, in a list."""
        name = self._said(label, values)
        if about:
            name = neat(f"{name}{say(self.language, ':')} {say(self.language, about)}")
        return self._follows(self._there(self._pressable(name), name))

    def presses_name(self, name: str) -> Self:
        """Press the name of somebody."""
        return self._follows(self._there(self._pressable(name), name))

    def opens(self, words: str) -> Self:
        """Open the first line of a list that has these words in it."""
        line = self.page.locator("main li").filter(has_text=_loose(say(self.language, words)))
        return self._follows(self._there(line.get_by_role("link"), words))

    def unfolds(self, summary: str) -> Self:
        self.page.locator("summary").filter(has_text=say(self.language, summary)).first.click()
        return self

    def ticks(self, *options: str, about: str = "", **values: str) -> Self:
        """Tick options by their words, of one question where the same words stand below several."""
        where = self.page.locator("main")
        if about:
            where = self.page.get_by_role("group", name=whole(self._said(about, {})))
        for one in options:
            label = self._said(one, values)
            box = where.get_by_role("radio", name=whole(label))
            self._there(box.or_(where.get_by_role("checkbox", name=whole(label))), label).check()
        return self

    def writes(self, label: str, text: str) -> Self:
        name = self._said(label, {})
        self._there(self.page.get_by_label(whole(name)), name).fill(text)
        return self

    def arrives(self) -> Self:
        """Open the first page of the site."""
        self.page.goto(self.site + "/", wait_until="domcontentloaded")
        return self._looks()

    def comes_back(self) -> Self:
        """Come to the site again, sign in where that is asked, and see what is next."""
        self.arrives().presses("What is next" if self.can_press("What is next") else "Sign in")
        return self.signs_in() if self.asks("Passphrase") else self

    def signs_in(self) -> Self:
        self.writes("Name", self.username).writes("Passphrase", self.passphrase).presses("Sign in")
        pass_second_step(self.page, self.site, self.username)
        return self

    # How it is done

    def _said(self, label: str, values: dict[str, str]) -> str:
        text = say(self.language, label)
        return neat(text % values if values else text)

    def _pressable(self, name: str) -> Locator:
        for place in map(self.page.locator, ("main", "header", "body")):
            found = _either([place.get_by_role(role, name=whole(name)) for role in ("button", "link")])
            if found.count():
                break
        return found

    def _there(self, found: Locator, name: str) -> Locator:
        """Return the first that was found; where nothing was, say what stands on the page instead."""
        assert found.count(), f"{self.name} finds no “{name}” on {self.page.url}\n{self.sight}"
        return found.first

    def _follows(self, control: Locator) -> Self:
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            control.click()
        return self._looks()

    def _looks(self) -> Self:
        self.album.keep(self.page, self.name)
        return self


def _either(found: Sequence[Locator]) -> Locator:
    return reduce(lambda one, other: one.or_(other), found)


def whole(text: str) -> re.Pattern[str]:
    """Fit the whole of a name; a large first letter where the site has a small one is a matter of looks."""
    return re.compile(rf"^\s*{_loose(text).pattern}\s*$", re.IGNORECASE)


def _loose(text: str) -> re.Pattern[str]:
    """Let each space be any space, as an eye does, and a colon stand with or without one before it."""
    words = text.replace(":", " : ").split()
    return re.compile(r"\s+".join(map(re.escape, words)).replace(r"\s+:", r"\s*:"))
