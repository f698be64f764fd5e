"""A supporter at her phone: she is asked, says yes, and is there; when it ends she is asked how she is."""

from typing import Self

from tests.journeys.stories.pair import OneOfTwo


class Supporter(OneOfTwo):
    """She has lived it, and is trained to walk beside somebody."""

    def accepts(self, name: str) -> Self:
        """Read the small card of a woman who hopes for her, and say yes."""
        self.comes_back().reads("Someone hopes for you").presses_name(name)
        self.reads("%(name)s hopes to talk with you", "This is all that you see of her", name=name)
        return self.presses("Accept").is_with(name)

    def goes_to(self, name: str) -> Self:
        """Open the page of her and a woman."""
        return self.comes_back().presses_name(name)

    def is_asked_how_she_is(self, name: str) -> Self:
        """After an ending: a few ticks of her own."""
        self.comes_back().presses("How is it with %(name)s?", name=name).reads("How was it with %(name)s?", name=name)
        self.ticks("fine", about="How are you after your last talk?")
        self.ticks("yes", about="Do you have someone to talk to about how it is for you?")
        return self.presses("Send").reads("Thank you", "Only coordinators can read it.")
