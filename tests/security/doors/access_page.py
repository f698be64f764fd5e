"""Who may do what, as docs/access.md shows it: `python -m tests.security.doors.access_page` writes the page anew."""

import sys
from dataclasses import dataclass
from enum import StrEnum
from uuid import uuid4

from tests.architecture.house import ROOT
from tests.proofs.counts import Count
from webapp.domain.access import RULES, Action, Actor, Relation, Role, Subject, may

PAGE = ROOT / "docs" / "access.md"
ROLES: tuple[Role | None, ...] = (None, *Role)
OPENING = """# Who may do what

Written by `python -m tests.security.doors.access_page` from the rules in `webapp/domain/access.py`; a test compares
the two. `tests/security/doors/table.py` says the same for every route, and `python -m tests.security.doors` tries
them all.

What is not named here is denied. A refusal looks like a page that does not exist, for what is not hers and for what
is not there alike; a visitor who asks for a page is led to the sign-in.

"""
RELATIONS = {
    Relation.ANYONE: "nobody in particular: there is no file behind it",
    Relation.OWNER: "it must be her own",
    Relation.PARTY: "she must be one of the two",
    Relation.STAFF: "it must be of others: nobody works on a file that is her own, or of a pair that she is part of",
}


def written() -> str:
    """Write the page."""
    head = ["To do", *(role or "visitor" for role in ROLES), "Relation"]
    rows = [head, ["---", *([":-:"] * len(ROLES)), "---"], *map(_row, Action)]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    told = "\n".join(f"- **{relation}**: {says}." for relation, says in RELATIONS.items())
    return f"{OPENING}{table}\n\nRelations:\n\n{told}\n"


def _row(action: Action) -> list[str]:
    relation = RULES[action][1]
    return [action, *("yes" if _may_at_all(role, action) else "" for role in ROLES), relation]


def _may_at_all(role: Role | None, action: Action) -> bool:
    """Ask the rules themselves, with a thing to which this person stands as the relation asks."""
    actor = Actor(uuid4(), frozenset({role})) if role else Actor(None)
    mine = frozenset({actor.id} if actor.id else ())
    nearest = {
        Relation.OWNER: Subject(owner=actor.id),
        Relation.PARTY: Subject(parties=mine),
        Relation.STAFF: Subject(owner=uuid4()),
    }
    return may(actor, action, nearest.get(RULES[action][1], Subject()))


def prove(*, long: bool) -> Count:
    """A2: hold the rules, for every role, action and relation to the thing, against the page; a page parsed anew."""
    said = _read_page()
    cells = [(role, action, relation) for role in ROLES for action in Action for relation in Standing]
    wrong = [
        cell for cell in cells if _may(*cell) is not (said[cell[1]].allows(cell[0]) and cell[2].meets(said[cell[1]]))
    ]
    return Count(len(cells), len(wrong))


class Standing(StrEnum):
    """How somebody stands to a thing."""

    HERS = "her own"
    SHARED = "of a pair that she is part of"
    OTHERS = "of others"
    NOBODYS = "nobody's"

    def meets(self, said: "Said") -> bool:
        """Say whether this is what a row of the page asks for."""
        wanted = {"anyone": set(Standing), "owner": {Standing.HERS}, "party": {Standing.SHARED}}
        return self in wanted.get(said.relation, {Standing.OTHERS, Standing.NOBODYS})


@dataclass(frozen=True)
class Said:
    """One row of the page: the roles that may, and the relation."""

    roles: frozenset[str]
    relation: str

    def allows(self, role: Role | None) -> bool:
        """Say whether the page lets this role do it at all."""
        return (role or "visitor") in self.roles


def _read_page() -> dict[str, Said]:
    lines = [line.strip("| ").split(" | ") for line in PAGE.read_text(encoding="utf-8").splitlines() if line[:1] == "|"]
    head, rows = [cell.strip() for cell in lines[0]], lines[2:]
    cells = [[cell.strip() for cell in row] for row in rows]
    return {
        row[0]: Said(frozenset(name for name, cell in zip(head, row, strict=True) if cell == "yes"), row[-1])
        for row in cells
    }


def _may(role: Role | None, action: Action, standing: Standing) -> bool:
    actor = Actor(uuid4(), frozenset({role})) if role else Actor(None)
    me = actor.id or uuid4()
    things = {
        Standing.HERS: Subject(owner=me),
        Standing.SHARED: Subject(parties=frozenset({me, uuid4()})),
        Standing.OTHERS: Subject(owner=uuid4(), parties=frozenset({uuid4(), uuid4()})),
        Standing.NOBODYS: Subject(),
    }
    return may(actor, action, things[standing])


def main() -> int:
    """Write the page to docs/access.md."""
    PAGE.write_text(written(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
