"""Who may do what as docs/access.md shows it. Run `python -m tests.security.access_page` to write the page anew."""

import sys
from uuid import uuid4

from tests.architecture.house import ROOT
from webapp.domain.access import RULES, Action, Actor, Relation, Role, Subject, may

PAGE = ROOT / "docs" / "access.md"
ROLES: tuple[Role | None, ...] = (None, *Role)
OPENING = """# Who may do what

Written by `python -m tests.security.access_page` from the rules in `webapp/domain/access.py`; a test compares the two.
`tests/security/doors.py` says the same for every route, and `python -m tests.security.doors` tries them all.

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


def main() -> int:
    """Write the page to docs/access.md."""
    PAGE.write_text(written(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
