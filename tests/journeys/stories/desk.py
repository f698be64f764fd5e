"""The coordinator and the approver at the desk."""

import re
from typing import Self

from playwright.sync_api import Locator

from tests.journeys.stories.person import Person, whole
from tests.journeys.stories.words import neat, say

WITH_PLACE = re.compile(r"\d+\. (\w+)")
"""How a row of a ranking begins: her place and her name."""


class AtTheDesk(Person):
    """One of the staff."""

    def looks_after_the_concern(self, of: str) -> Self:
        self.opens_task("A concern", of)
        self.presses("Look at it").presses("I look after it now")
        return self.reads("is being looked after")

    def opens_task(self, why: str, of: str) -> Self:
        """Open the task of this kind that is about somebody; its clock stands beside it."""
        self.comes_back().presses_queue("For you to do")
        line = self.page.locator("main li").filter(has_text=of).filter(has=self._exact(say(self.language, why)))
        assert line.count() == 1, f"{line.count()} such tasks\n{self.sight}"
        return self._follows(line.get_by_role("link").first).reads(why, "until %(moment)s")

    def presses_queue(self, label: str) -> Self:
        """Open a queue by its name; beside the name stands how many wait there."""
        link = self.page.locator("main nav li a").filter(has=self._exact(say(self.language, label)))
        return self._follows(self._there(link, label))

    def _exact(self, text: str) -> Locator:
        return self.page.get_by_text(whole(text))


class Coordinator(AtTheDesk):
    """She looks for women who fit; what the engine orders, she decides."""

    def opens_request_of(self, name: str) -> Self:
        return self.comes_back().presses_queue("Waiting").presses_name(name)

    def shows_the_first(self, many: int, name: str) -> list[str]:
        """Rank for a woman who waits, and show her the first on the list. Return their names."""
        self.opens_request_of(name).presses("See who could be there for her")
        self.reads("The order is advice. You decide what she sees, and she chooses.")
        boxes = self.page.locator("main table").get_by_role("checkbox").all()[:many]
        for box in boxes:
            box.check()
        rows = self.page.locator("main table").get_by_role("rowheader").all_inner_texts()[:many]
        self.presses("Show her these")
        return [WITH_PLACE.match(neat(row))[1] for row in rows]  # type: ignore[index]

    def does_what_is_to_do(self, why: str, of: str, note: str = "") -> Self:
        """Look after a task and say what was done."""
        self.opens_task(why, of).ticks("I talked with her", about="What did you do?")
        if note:
            self.writes("A note, if you like", note)
        return self.presses("Done")

    def answers_in_the_thread(self, of: str, words: str, reply: str) -> Self:
        self.comes_back().presses_queue("Words unanswered").presses_name(of).reads_words(words)
        return self.writes("Your words", reply).presses("Send").reads_words(reply)

    # A concern

    def adds(self, what: str, words: str) -> Self:
        """Write something to a concern: a note, or words to her."""
        self.ticks(what, about="What do you add?").writes("Your words", words).presses("Keep it")
        return self.reads_words(words)

    def adds_what_she_did(self, did: str, words: str) -> Self:
        self.unfolds("If you did something: what?").ticks(did)
        return self.adds("Something that I did", words).reads(did)

    def proposes_to_close_it(self, words: str) -> Self:
        """Nobody closes a concern alone."""
        self.writes("What came of it, in words to her", words).presses("Ask a second person")
        return self.reads("You proposed this. Somebody else is asked to confirm it.")


class Approver(AtTheDesk):
    """She confirms what nobody decides alone."""

    def confirms_the_end(self, of: str, words: str) -> Self:
        self.comes_back().reads("A concern to close with you").presses_name(of)
        self.presses("Look at it").reads("To close with a second person").reads_words(words)
        return self.presses("Confirm, and close it").reads("closed by two")
