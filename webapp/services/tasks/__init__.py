"""Tasks: what a person at the desk must do by a time. Acts are in keeping, their order in order, owners in owners."""

from webapp.services.tasks.keeping import (
    FoundTask,
    close_of_pair,
    close_things,
    find_opened,
    finish,
    id_of,
    is_open,
    open_at_the_desk,
    open_task,
    read_page,
    read_task,
    record_reading,
    was_opened,
)

__all__ = [
    "FoundTask",
    "close_of_pair",
    "close_things",
    "find_opened",
    "finish",
    "id_of",
    "is_open",
    "open_at_the_desk",
    "open_task",
    "read_page",
    "read_task",
    "record_reading",
    "was_opened",
]
