"""Tasks: what a person at the desk must do by a time. Acts are in keeping, their order in order.

Who looks after them is in owners, how they go to another in passing, who stands in for whom in cover.
"""

from webapp.services.tasks.keeping import (
    FoundTask,
    close_kinds,
    close_of_pair,
    close_things,
    desks_of,
    find_open,
    find_opened,
    finish,
    id_of,
    is_open,
    last_done_of_pair,
    list_places,
    open_at_the_desk,
    open_task,
    read_page,
    read_task,
    record_reading,
    was_opened,
)

__all__ = [
    "FoundTask",
    "close_kinds",
    "close_of_pair",
    "close_things",
    "desks_of",
    "find_open",
    "find_opened",
    "finish",
    "id_of",
    "is_open",
    "last_done_of_pair",
    "list_places",
    "open_at_the_desk",
    "open_task",
    "read_page",
    "read_task",
    "record_reading",
    "was_opened",
]
