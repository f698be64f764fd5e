"""The coordinator and the approver at the desk."""

from typing import Self

from tests.journeys.stories.person import Person
from tests.journeys.stories.words import neat, say


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
        return self._follows(link.first)

    def _exact(self, text: str):
        return self.page.get_by_text(neat(text), exact=True)


class Coordinator(AtTheDesk):
    """She looks for women who fit; what the engine orders, she decides."""

    def opens_request_of(self, name: str) -> Self:
        return self.comes_back().presses_queue("Waiting").presses(name)

    def shows_the_first(self, many: int, name: str) -> list[str]:
        """Rank for a woman who waits, and show her the first on the list. Return their names."""
        self.opens_request_of(name).presses("See who could be there for her")
        self.reads("The order is advice. You decide what she sees, and she chooses.")
        boxes = self.page.locator("main table").get_by_role("checkbox")
        names = [self._named(box.get_attribute("id") or "") for box in boxes.all()[:many]]
        self.ticks(*names).presses("Show her these")
        return [one.split()[-1] for one in names]

    def _named(self, box_id: str) -> str:
        return neat(self.page.locator(f"label[for='{box_id}']").text_content() or "")

    def does_what_is_to_do(self, why: str, of: str, note: str = "") -> Self:
        """Look after a task and say what was done."""
        self.opens_task(why, of).ticks("I talked with her", about="What did you do?")
        if note:
            self.writes("A note, if you like", note)
        return self.presses("Done")

    def answers_in_the_thread(self, of: str, words: str, reply: str) -> Self:
        self.comes_back().presses_queue("Words unanswered").presses(of).reads_words(words)
        return self.writes("Your words", reply).presses("Send").reads_words(reply)
