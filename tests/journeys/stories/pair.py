"""What either of a pair does on their page: write, say how they talk, plan a time, answer a check-in, say goodbye."""

from typing import Self

from tests.journeys.stories.person import Person, whole

STATEMENTS = ("I feel listened to.", "I feel respected.", "We talk about what matters to me.")


class OneOfTwo(Person):
    """One of two women who have both said yes."""

    def sees_heading(self, heading: str) -> bool:
        return self.page.get_by_role("heading", name=whole(self._said(heading, {}))).count() > 0

    def is_asked(self, question: str) -> bool:
        label = self._said(question, {})
        group = self.page.get_by_role("group", name=whole(label))
        return group.or_(self.page.get_by_role("textbox", name=whole(label))).count() > 0

    def is_with(self, name: str) -> Self:
        """Stand on the page of the two."""
        return self.reads("You and %(name)s", name=name)

    # Words

    def writes_to_her(self, words: str) -> Self:
        return self.writes("Your message", words).presses("Send").reads_words(words)

    def cannot_write(self) -> Self:
        assert not self.asks("Your message"), f"{self.name} can still write"
        return self

    # How they talk

    def proposes_how_they_talk(self) -> Self:
        """Once a week, in this site, for twelve weeks."""
        self.presses("Say how").ticks("messages in this site", about="How would you like to talk?")
        self.ticks("once a week", about="How often?").ticks_weeks("12").presses("Propose this")
        return self.reads("has not answered yet.")

    def ticks_weeks(self, weeks: str) -> Self:
        self.page.get_by_role("radio", name=weeks).first.check()
        return self

    def agrees(self, name: str) -> Self:
        self.reads("%(name)s proposes how you two could talk", name=name)
        return self.presses("I agree").reads("You both agreed on this on %(day)s.")

    # Times

    def proposes_an_evening(self) -> str:
        """Look for a time that both marked, take the first, and return it as it is shown."""
        self.presses("Find a time to talk").ticks("messages in this site", about="How would you like to talk?")
        self.ticks("%(minutes)s minutes", about="For how long?", minutes="30").presses("Show the times")
        times = self.page.get_by_role("combobox").locator("option").all_inner_texts()[1:]
        self.page.get_by_role("combobox").select_option(label=times[0])
        self.presses("Propose this time").reads("You proposed")
        return times[0]

    def accepts_the_time(self, name: str) -> Self:
        self.reads("%(name)s proposes a time to talk", name=name).presses("Yes, that suits me")
        return self.reads("You talk")

    def puts_it_in_a_calendar(self) -> str:
        """Download the file after reading what it says, and return what is in it."""
        self.presses("Put it in a calendar").reads("The file says “Appointment” and the time.")
        with self.page.expect_download() as download:
            self._pressable(self._said("Download the file", {})).first.click()
        return download.value.path().read_text()

    def says_that_they_talked(self) -> Self:
        self.reads("Did you talk on %(moment)s?")
        return self.presses("Yes")

    # Check-ins

    def answers_a_check_in(self, *, words: str = "", **said: str) -> Self:
        """Open the check-in that is ready; tick how it was, and write a line where there is one to write."""
        self.presses("A short check-in is ready for you").reads("Coordinators read this, %(name)s never does.")
        return self.fills_in(words=words, **said)

    def fills_in(self, *, words: str = "", listened: str = "", next: str = "", safe: str = "") -> Self:
        asked = {"I feel listened to.": listened, "What would you like next?": next}
        asked["Is the way we contact you still safe?"] = safe
        for question, answer in asked.items():
            if answer:
                self.ticks(answer, about=question)
        if words:
            self.writes("Is there more? A line in your own words", words)
        return self.presses("Send")

    # What is not right, and what should change

    def says_that_she_goes_too_far(self, name: str, words: str) -> Self:
        """Say it from the page of the two."""
        self.presses("Something is not right with %(name)s", name=name)
        self.reads("About %(name)s.", "The other person is never told that you wrote to us.", name=name)
        self.ticks("She frightens me, or goes too far").writes("In your own words, if you like", words)
        return self.presses("Send").reads("We have it. Thank you for telling us.")

    def leaves_a_last_word(self, words: str) -> Self:
        return self.writes("A last word, if you like", words).presses("Send").reads_words(words)

    def would_like_to_go_on(self) -> Self:
        self.reads("Your time together is meant to end on that day.")
        return self.presses("Go on together")

    def would_like_to_part(self) -> Self:
        self.reads("Your time together is meant to end on that day.")
        return self.presses("Part on that day").reads("You two are saying goodbye. You can still write.")
