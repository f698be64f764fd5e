"""The ways out. Only webapp/services/notices/delivery.py may call one, and each sends only what the gate permits."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from webapp.content.letters import Letter
from webapp.services.notices.gate import Permit

Clock = Callable[[], datetime]


class NotSent(Exception):
    """Raised for what did not leave: a code, never an address; `is_final` where trying again is of no use.

    `is_line` says that the way itself is closed, so that the others need not be tried now.
    """

    def __init__(self, code: str, *, is_final: bool = False, is_line: bool = False) -> None:
        super().__init__(code)
        self.code, self.is_final, self.is_line = code, is_final, is_line


class Sender(Protocol):
    """A way out. See text_messages.py for how another one is added."""

    def send(self, permit: Permit, letter: Letter, *, clock: Clock) -> None:
        """Send one letter. Raises NotSent, and NotPermitted where the permit does not hold."""
