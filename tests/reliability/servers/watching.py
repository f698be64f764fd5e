"""Watch each statement that reaches PostgreSQL: are rows locked in the one order, before a change, the chain last?"""

import re
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Engine, event

from webapp.services.locking import ORDER

TABLES = [kind.__tablename__ for kind in ORDER]
LOCK = re.compile(r"\sFROM (\w+)\s.*FOR (NO KEY )?UPDATE", re.DOTALL)
CHANGE = re.compile(r"^(UPDATE|DELETE FROM|INSERT INTO) (\w+)")
CHAIN = "pg_advisory_xact_lock"
SEEN = "what this transaction has locked"


class Watch:
    """Tells each statement that breaks the order, once a connection begins to be watched."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self.tell, self.locks = tell, 0

    def begin(self) -> None:
        """Look at every connection of this process from now on."""
        event.listen(Engine, "begin", self._forget)
        event.listen(Engine, "before_cursor_execute", self._see)

    def end(self) -> None:
        """Look away."""
        event.remove(Engine, "begin", self._forget)
        event.remove(Engine, "before_cursor_execute", self._see)

    def _forget(self, connection: Connection) -> None:
        connection.info[SEEN] = []

    def _see(self, connection: Connection, _cursor: Any, statement: str, *_rest: Any) -> None:
        if connection.dialect.name != "postgresql":
            return
        seen: list[str] = connection.info.setdefault(SEEN, [])
        if CHAIN in statement:
            seen.append(CHAIN)
        elif (lock := LOCK.search(statement)) is not None:
            self._locked(seen, lock[1])
        elif (change := CHANGE.match(statement)) is not None and change[2] in TABLES:
            self._changed(seen, change[1], change[2])

    def _locked(self, seen: list[str], table: str) -> None:
        self.locks += 1
        later = TABLES[TABLES.index(table) + 1 :] if table in TABLES else []
        for held in (*later, CHAIN):
            if held in seen:
                self.tell(f"{table} locked after {held}")
        seen.append(table)

    def _changed(self, seen: list[str], how: str, table: str) -> None:
        if how != "INSERT INTO" and not {table, f"new {table}"} & {*seen}:
            self.tell(f"{how} {table} without its lock")
        if CHAIN in seen:
            self.tell(f"{table} changed after the chain was locked")
        if how == "INSERT INTO":
            seen.append(f"new {table}")
