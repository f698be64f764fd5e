"""A woman who looks for somebody, at her phone: what she does on the way, each act with what she reads of it."""

from collections.abc import Mapping, Sequence
from typing import Self

from tests.journeys.stories.pair import OneOfTwo

HERS = "seven slow boats at noon"
Answers = Mapping[str, Sequence[str] | str]
"""What she answers: for each question the options that she ticks, or her own words."""


class Woman(OneOfTwo):
    """She decides at every step, and is never asked why."""

    def reads_who_reads_what(self) -> Self:
        """Read the page before anything is asked, and who sees what of her."""
        self.arrives().reads("One woman who has been there").presses("I would like a peer")
        return self.reads(
            "Nobody asks for your story.",
            "Nobody reads your answers before you send them.",
            "read what you write to each other here.",
            "If we believe that a child may be at risk of harm, we must call a children’s aid society.",
        )

    def opens_an_account(self) -> Self:
        """Take the name that is offered, choose a passphrase, and leave the recovery code for later."""
        self.presses("Begin").reads("To open an account you give no e-mail and no phone number")
        self.username, self.passphrase = self.page.inner_text("main p.offered >> nth=0").strip(), HERS
        self.writes("Choose a passphrase", HERS).writes("Passphrase again", HERS).presses("Continue")
        return self.reads("A recovery code").presses("Not now").reads("What is next")

    def answers(self, answers: Answers, *, until: str) -> Self:
        """Answer what she has an answer to and skip the rest, one screen after the other."""
        while not self.sees_heading(until):
            here = [question for question in answers if self.is_asked(question)]
            for question in here:
                self.answers_one(question, answers[question])
            skip = "Skip" if self.can_press("Skip") else "Clear and skip"
            self.presses("Continue" if here else skip)
        return self

    def answers_one(self, question: str, answer: Sequence[str] | str) -> Self:
        if isinstance(answer, str):
            return self.writes(question, answer)
        return self.ticks(*answer, about=question)

    def sends(self) -> Self:
        """Send what she said, and read when to come back."""
        self.reads("Nobody sees them until you send them.").presses("Send")
        return self.reads("The coordinator is looking for someone")

    def reads_when_to_come_back(self) -> str:
        """Return the day that her page names."""
        return self.finds("Come back on %(day)s. By then we aim to have looked, and this page says how it stands.")

    # The cards

    def sees_cards_of(self, *names: str) -> Self:
        self.comes_back().reads("Nobody whose card you see is told that you see it.")
        return self.reads_words(*names)

    def wants_none_of_these(self, *ticks: str, words: str) -> Self:
        """Refuse them all, and say what should differ."""
        self.presses("None of these").reads("They are not shown to you again. You keep your place.")
        self.ticks(*ticks).writes("Anything else, in your own words", words).presses("Send")
        return self.reads("The coordinator is looking for women who fit. You keep your place.")

    def asks_for(self, name: str) -> Self:
        self.presses("Ask %(name)s", name=name).reads("We have asked %(name)s", name=name)
        return self.reads(
            "She has 48 hours to answer.",
            "Come back on %(day)s. By then her two days are over, and this page says how it stands.",
        )

    def changes_her_mind(self) -> Self:
        """Take the asking back; the cards lie there again."""
        self.presses("Do not ask her")
        return self.reads("She is not asked any more, and she learns only that the offer is over.")

    # The coordinators

    def asks_the_coordinators(self, words: str) -> Self:
        """Write to them, and read by when somebody answers."""
        self.presses("Coordinators").reads("All coordinators of this programme can read it")
        self.writes("Your words", words).presses("Send").reads_words(words)
        return self.reads("Your words are with the coordinators. Somebody answers by %(moment)s. Look in here then.")

    def reads_what_the_coordinators_wrote(self) -> Self:
        """Something new is marked beside their name."""
        return self.presses_name(f"{self._said('Coordinators', {})} {self._said('new', {})}")
