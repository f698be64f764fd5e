"""How long the server waits for whoever is slow, and how many connections one address may hold.

A channel is waitress's name for one open connection. It buffers what comes in, so a thread of the site is only ever
busy with a request that has arrived whole.
"""

import time
from collections import Counter
from typing import Any, ClassVar

from waitress.channel import HTTPChannel

LONGEST_REQUEST = 60.0
"""Seconds from the first byte of a request to its last."""
FROM_ONE_ADDRESS = 100


class PatientChannel(HTTPChannel):  # type: ignore[misc] # waitress has no types
    """A connection that is closed where a request takes too long to arrive."""

    begun: float | None = None

    def received(self, data: bytes) -> bool:
        """Take what came in, and note when the request began that is not whole yet."""
        kept: bool = super().received(data)
        self.begun = None if self.request is None else self.begun or time.monotonic()
        return kept

    def readable(self) -> bool:
        """Say whether more may come; asked at least once a second."""
        if self.begun is not None and time.monotonic() - self.begun > LONGEST_REQUEST:
            self.will_close = True
        return bool(super().readable())


class CountedChannel(PatientChannel):
    """A connection of which one address may hold only so many: for a site without a proxy in front."""

    open_from: ClassVar[Counter[str]] = Counter()
    counted: str | None = None

    def __init__(self, server: Any, sock: Any, addr: Any, adj: Any, map: Any = None) -> None:
        super().__init__(server, sock, addr, adj, map=map)
        self.counted = str(addr[0])
        self.open_from[self.counted] += 1
        if self.open_from[self.counted] > FROM_ONE_ADDRESS:
            self.will_close = True

    def del_channel(self, map: Any = None) -> None:
        """Forget a connection that is closed."""
        super().del_channel(map)
        if self.counted is not None:
            self.open_from[self.counted] -= 1
            if not self.open_from[self.counted]:
                del self.open_from[self.counted]
            self.counted = None
