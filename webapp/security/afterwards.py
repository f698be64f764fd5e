"""Small acts that follow an answer: one thread of the process does them, tries again, and gives up in time.

Nothing here is ever waited for by somebody who is leaving. What must not be lost is written down elsewhere as well.
"""

import logging
import os
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

FIRST_PAUSE, LONGEST_PAUSE = 0.25, 15.0
MOST_WAITING, FEW_WAITING = 1_000, 20

log = logging.getLogger(__name__)


@dataclass(order=True)
class _Task:
    due: float
    act: Callable[[], object] = field(compare=False)
    until: float = field(compare=False)
    pause: float = field(compare=False, default=FIRST_PAUSE)


class Afterwards:
    """The queue and the thread of one site in one process."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._tasks: queue.PriorityQueue[_Task] = queue.PriorityQueue(MOST_WAITING)
        self._lock, self._process, self._is_stopping = threading.Lock(), 0, False

    def do(self, act: Callable[[], object], *, within: float = 0) -> None:
        """Do this soon; where the database refuses it, again and again `within` so many seconds. Never waits.

        What is tried only once is left out while much is waiting, so that it stands in nobody's way.
        """
        if not within and self._tasks.qsize() > FEW_WAITING:
            return
        now = time.monotonic()
        self._put(_Task(now, act, now + within))
        with self._lock:
            if self._process != os.getpid():  # a process that was forked has no thread yet
                self._process = os.getpid()
                threading.Thread(target=self._run, name="afterwards", daemon=True).start()

    def wait(self) -> None:
        """Wait until everything is done, in tests."""
        self._tasks.join()

    def stop(self) -> None:
        """Let go of what waits, where the site ends."""
        self._is_stopping = True
        self._tasks.join()

    def _run(self) -> None:
        while True:
            task = self._tasks.get()
            time.sleep(max(0, min(FIRST_PAUSE, task.due - time.monotonic())))
            if not self._is_stopping:
                again = task if task.due > time.monotonic() else self._try(task)
                self._put(again)
            self._tasks.task_done()

    def _put(self, task: _Task | None) -> None:
        try:
            if task is not None:
                self._tasks.put_nowait(task)
        except queue.Full:
            log.warning("too much is waiting to be done afterwards; one act was left out")

    def _try(self, task: _Task) -> _Task | None:
        try:
            with self._app.app_context():
                task.act()
        except SQLAlchemyError as error:
            now = time.monotonic()
            log.info("not done afterwards: %s", type(error).__name__)
            longer = min(LONGEST_PAUSE, task.pause * 2)
            return _Task(now + task.pause, task.act, task.until, longer) if now + task.pause < task.until else None
        except Exception as error:  # the thread outlives whatever one act does
            log.error("failed afterwards: %s", type(error).__name__)
        return None


def init_app(app: Flask) -> None:
    """Give the site its queue."""
    app.extensions["afterwards"] = Afterwards(app)


def of(app: Flask) -> Afterwards:
    """Return the queue of a site."""
    queue_: Afterwards = app.extensions["afterwards"]
    return queue_


def wait(app: Flask) -> None:
    """Wait until everything is done, in tests."""
    of(app).wait()
