"""A lane of its own for whoever leaves or asks for help: threads that nothing else may take.

Threads that wait for a locked or mute database are soon all of them; the exit would then stand in their line.
"""

from typing import Any

from waitress.task import ThreadedTaskDispatcher

FREE_LANE = frozenset({"/", "/about", "/before", "/help", "/leave", "/private-browsing"})
"""The addresses that need nothing, and what they carry: /static/."""
LANE_THREADS = 2


class TwoLanes(ThreadedTaskDispatcher):  # type: ignore[misc] # waitress has no types
    """The threads of waitress, and a few more for what needs nothing. Hand it to `create_server(_dispatcher=...)`."""

    def __init__(self, threads: int) -> None:
        super().__init__()
        self.free_lane = ThreadedTaskDispatcher()
        self.set_thread_count(threads)
        self.free_lane.set_thread_count(LANE_THREADS)

    def add_task(self, task: Any) -> None:
        """Send a connection with a request into its lane."""
        if is_free(task):
            self.free_lane.add_task(task)
        else:
            super().add_task(task)

    def shutdown(self, cancel_pending: bool = True, timeout: int = 5) -> bool:
        """Stop both lanes."""
        self.free_lane.shutdown(cancel_pending, timeout)
        return bool(super().shutdown(cancel_pending, timeout))


def is_free(task: Any) -> bool:
    """Say whether what waits first on a connection needs nothing."""
    requests = getattr(task, "requests", None)
    path = str(getattr(requests[0], "path", "")) if requests else ""
    return path in FREE_LANE or path.startswith("/static/")
