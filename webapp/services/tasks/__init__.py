"""Tasks: what a person at the desk must do by a time. Acts are in keeping, their order in order, owners in owners."""

from webapp.services.tasks.keeping import (
    FoundTask,
    close_things,
    desk_of,
    desks_of,
    find,
    finish,
    has_somebody,
    id_of,
    is_open,
    open_at_the_desk,
    open_task,
    pass_over,
    read_page,
    read_task,
    record_reading,
)

__all__ = [
    "FoundTask",
    "close_things",
    "desk_of",
    "desks_of",
    "find",
    "finish",
    "has_somebody",
    "id_of",
    "is_open",
    "open_at_the_desk",
    "open_task",
    "pass_over",
    "read_page",
    "read_task",
    "record_reading",
]
