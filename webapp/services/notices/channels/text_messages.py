"""Text messages: off. No text leaves by itself; a number that a woman gives is for coordinators to use.

A programme that wants them writes a class like this one, with the address of its provider in the settings, and names it
in `delivery.senders`. The gate already decides for `Channel.TEXT` by the woman's record; what is new is only the way
out, and the sentence of `letters.toml`, which must fit one text message and say as little.

    class TextMessages:
        def send(self, permit: Permit, letter: Letter, *, clock: Clock) -> None:
            number = permit.hold(Channel.TEXT, now=clock())     # raises NotPermitted
            ...                                                 # hand number and letter.text to the provider
"""
