"""Fields bound to their parent and padded: answers in one document, urgency sealed, notes to overrides, key checks.

Everything sealed is read with the keys and sealed anew, in this one transaction. A field that cannot be read stops it,
named, and nothing is changed. Run it while the site is stopped: docs/decisions/0021 says how long it takes.
"""
# ruff: noqa: S608  # the names of tables and columns are our own

from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from alembic import op

from webapp.crypto import keyring
from webapp.crypto.fields import Encrypted
from webapp.crypto.first_version import open_first, seal_first
from webapp.crypto.keyring import CannotDecrypt

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

PEOPLE = (("requests", "request_answers", "request_id"), ("supporters", "supporter_answers", "supporter_id"))
KEPT = {
    ("messages", "body"): (("introduction_id", "sender_id"), 256),
    ("checkins", "said"): (("introduction_id", "user_id"), 256),
    ("rankings", "content"): (("request_id",), 4096),
    ("proposals", "told"): (("request_id", "supporter_id"), 1024),
}
"""The fields that stay where they are, with the parent that is bound in and the least length."""
URGENT = ("today", "next working day")
REASONS = ("she_asked", "known_fit", "continuity", "language_nuance", "ranking_misses")
OVERRIDE = f"override IN ({', '.join(map(repr, REASONS))})"
SPAN = "id BETWEEN :first AND :last"
BATCH = 100
"""How many rows are in memory at once: old rankings are large."""
Values = dict[str, Any]


def upgrade() -> None:
    """Add what is new, carry everything over, drop what was."""
    op.create_table(
        "key_checks",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_key_checks")),
    )
    op.create_table(
        "unreadable_fields",
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_unreadable_fields")),
    )
    for people, answers, key in PEOPLE:
        _add_sealed(people, "name_sealed", "answers_sealed")
        _gather_answers(people, answers, key)
        op.drop_table(answers)
    op.add_column("checkins", sa.Column("needs_look", sa.Boolean(), nullable=False, server_default=sa.false()))
    _add_sealed("checkins", "urgency_sealed")
    _add_sealed("proposals", "override_note_sealed")
    for (table, name), (parent, least) in KEPT.items():
        _seal_anew(table, name, parent, _from_first(table, name), _field(table, name, parent, least).seal)
    _seal_urgency()
    _note_overrides()
    _change_columns()


def downgrade() -> None:
    """Take everything back to version 1."""
    for people, answers, key in reversed(PEOPLE):
        _make_answers(people, answers, key)
        _spread_answers(people, answers, key)
    _unseal_urgency()
    for (table, name), (parent, least) in KEPT.items():
        _seal_anew(table, name, parent, _field(table, name, parent, least).open, _to_first(table, name))
    _change_columns_back()
    op.drop_table("unreadable_fields")
    op.drop_table("key_checks")


def _add_sealed(table: str, *columns: str) -> None:
    for column in columns:
        op.add_column(table, sa.Column(column, sa.LargeBinary(), nullable=True))


def _change_columns() -> None:
    op.drop_index(op.f("ix_checkins_urgency"), "checkins")
    with op.batch_alter_table("checkins") as table:
        table.drop_column("urgency")
        table.alter_column("needs_look", existing_type=sa.Boolean(), existing_nullable=False, server_default=None)
    op.create_index(op.f("ix_checkins_needs_look"), "checkins", ["needs_look"])
    with op.batch_alter_table("proposals") as table:
        table.create_check_constraint(op.f("ck_proposals_override_is_known"), OVERRIDE)


def _change_columns_back() -> None:
    with op.batch_alter_table("proposals") as table:
        table.drop_constraint(op.f("ck_proposals_override_is_known"), type_="check")
        table.drop_column("override_note_sealed")
    op.drop_index(op.f("ix_checkins_needs_look"), "checkins")
    with op.batch_alter_table("checkins") as table:
        table.drop_column("needs_look")
        table.drop_column("urgency_sealed")
        table.alter_column("urgency", existing_type=sa.String(20), existing_nullable=False, server_default=None)
    op.create_index(op.f("ix_checkins_urgency"), "checkins", ["urgency"])
    for people, _answers, _key in PEOPLE:
        with op.batch_alter_table(people) as table:
            table.drop_column("name_sealed")
            table.drop_column("answers_sealed")


# Reading and sealing


def _batches(table: str, query: str) -> Iterator[list[sa.RowMapping]]:
    """Read a query a batch at a time; it says `BETWEEN :first AND :last` of the ids of this table."""
    connection, last = op.get_bind(), None
    while True:
        after = "WHERE id > :last" if last is not None else ""
        page = sa.text(f"SELECT id FROM {table} {after} ORDER BY id LIMIT {BATCH}")
        ids = list(connection.execute(page, {"last": last} if after else {}).scalars())
        if not ids:
            return
        first, last = ids[0], ids[-1]
        yield list(connection.execute(sa.text(query), {"first": first, "last": last}).mappings())


def _uuid(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)


def _key(value: Any) -> Any:
    """Write an id as the column has it: SQLite keeps 32 signs."""
    return value if op.get_bind().dialect.name == "postgresql" else _uuid(value).hex


def _update(table: str, changes: list[Values]) -> None:
    """Change the rows with these ids."""
    if changes:
        columns = ", ".join(f"{column} = :{column}" for column in changes[0] if column != "id_")
        op.get_bind().execute(sa.text(f"UPDATE {table} SET {columns} WHERE id = :id_"), changes)


def _field(table: str, name: str, parent: tuple[str, ...], least: int) -> Encrypted:
    """Describe a field as it is from this revision on, apart from the models, which change later."""
    field = Encrypted(parent=parent, least=least)
    field.table, field.name, field.column = table, name, f"{name}_sealed"
    return field


def _place(table: str, name: str, row: Mapping[str, Any], parent: tuple[str, ...]) -> str:
    return "|".join((f"{table}.{name}", *(str(_uuid(row[column])) for column in ("id", *parent))))


def _must(read: Callable[[bytes, str], Any], sealed: bytes, place: str) -> Any:
    try:
        return read(bytes(sealed), place)
    except CannotDecrypt:
        raise RuntimeError(
            f"{place} cannot be read with these keys, so nothing was changed. Is PAIRWELL_KEYS the key file of this "
            "database? If only this field is damaged, restore its row from a backup or delete it, and run this again."
        ) from None


def _from_first(table: str, name: str) -> Callable[[bytes, str], Any]:
    return lambda sealed, place: open_first(keyring.ring(), sealed, _first_place(table, name, place))


def _to_first(table: str, name: str) -> Callable[[Any, str], bytes]:
    return lambda value, place: seal_first(keyring.ring(), value, _first_place(table, name, place))


def _first_place(table: str, name: str, place: str) -> str:
    return f"{table}.{name}|{place.split('|')[1]}"


def _seal_anew(
    table: str,
    name: str,
    parent: tuple[str, ...],
    read: Callable[[bytes, str], Any],
    seal: Callable[[Any, str], bytes],
) -> None:
    column = f"{name}_sealed"
    columns = ", ".join(("id", *parent, column))
    asked = f"SELECT {columns} FROM {table} WHERE {column} IS NOT NULL AND {SPAN}"
    for rows in _batches(table, asked):
        changes = []
        for row in rows:
            place = _place(table, name, row, parent)
            changes.append({column: seal(_must(read, row[column], place), place), "id_": _key(row["id"])})
        _update(table, changes)


# Answers


def _gather_answers(people: str, answers: str, key: str) -> None:
    """Put all answers of a person into one document, and her name beside it."""
    asked = (
        f"SELECT p.id, p.user_id, a.id AS answer_id, a.question, a.said_sealed FROM {people} p "
        f"JOIN {answers} a ON a.{key} = p.id WHERE p.id BETWEEN :first AND :last ORDER BY p.id"
    )
    for rows in _batches(people, asked):
        _update(
            people, [_gathered(people, answers, list(hers)) for _, hers in groupby(rows, key=lambda row: row["id"])]
        )


def _gathered(people: str, answers: str, hers: list[sa.RowMapping]) -> Values:
    read = _from_first(answers, "said")
    said = {
        row["question"]: _must(read, row["said_sealed"], f"{answers}.said|{_uuid(row['answer_id'])}")
        for row in hers
        if row["said_sealed"] is not None
    }
    return {**_sealed_answers(people, hers[0], said), "id_": _key(hers[0]["id"])}


def _sealed_answers(people: str, person: Mapping[str, Any], said: dict[str, Any]) -> Values:
    name = said.pop("name", None)
    places = {field: _place(people, field, person, ("user_id",)) for field in ("name", "answers")}
    seal_name = _field(people, "name", ("user_id",), 128).seal
    return {
        "name_sealed": seal_name(name["answer"], places["name"]) if name else None,
        "answers_sealed": _field(people, "answers", ("user_id",), 4096).seal(said, places["answers"]),
    }


def _spread_answers(people: str, answers: str, key: str) -> None:
    """Put every answer back into a row of its own."""
    into = f"INSERT INTO {answers} (id, {key}, question, said_sealed) VALUES (:id, :person, :question, :said)"
    asked = f"SELECT id, user_id, name_sealed, answers_sealed FROM {people} WHERE {SPAN}"
    for persons in _batches(people, asked):
        made = [row for person in persons for row in _spread(people, answers, person)]
        if made:
            op.get_bind().execute(sa.text(into), made)


def _spread(people: str, answers: str, person: sa.RowMapping) -> Iterator[Values]:
    seal, said = _to_first(answers, "said"), {}
    for name in ("answers", "name"):
        if person[f"{name}_sealed"] is not None:
            place = _place(people, name, person, ("user_id",))
            read = _must(_field(people, name, ("user_id",), 64).open, person[f"{name}_sealed"], place)
            said |= read if name == "answers" else {"name": {"answer": read, "stars": []}}
    for question, answer in said.items():
        new = uuid4()
        sealed = seal(answer, f"{answers}.said|{new}")
        yield {"id": _key(new), "person": _key(person["id"]), "question": question, "said": sealed}


def _make_answers(people: str, answers: str, key: str) -> None:
    whose = {"requests": "a_request", "supporters": "a_supporter"}[people]
    op.create_table(
        answers,
        sa.Column(key, sa.Uuid(), nullable=False),
        sa.Column("question", sa.String(length=80), nullable=False),
        sa.Column("said_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint([key], [f"{people}.id"], name=op.f(f"fk_{answers}_{key}_{people}"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{answers}")),
        sa.UniqueConstraint(key, "question", name=f"one_answer_per_question_of_{whose}"),
    )
    op.create_index(op.f(f"ix_{answers}_{key}"), answers, [key])


# Urgency and overrides


def _seal_urgency() -> None:
    parent = ("introduction_id", "user_id")
    field = _field("checkins", "urgency", parent, 64)

    columns = "id, introduction_id, user_id, urgency, settled_at"
    asked = f"SELECT {columns} FROM checkins WHERE state = 'answered' AND {SPAN}"
    for rows in _batches("checkins", asked):
        changes = []
        for row in rows:
            sealed = field.seal(row["urgency"], _place("checkins", "urgency", row, parent))
            waits = row["urgency"] in URGENT and row["settled_at"] is None
            changes.append({"urgency_sealed": sealed, "needs_look": waits, "id_": _key(row["id"])})
        _update("checkins", changes)


def _unseal_urgency() -> None:
    op.add_column("checkins", sa.Column("urgency", sa.String(length=20), nullable=False, server_default="none"))
    parent = ("introduction_id", "user_id")
    field = _field("checkins", "urgency", parent, 64)

    columns = "id, introduction_id, user_id, urgency_sealed"
    asked = f"SELECT {columns} FROM checkins WHERE urgency_sealed IS NOT NULL AND {SPAN}"
    for rows in _batches("checkins", asked):
        read = [(row, _place("checkins", "urgency", row, parent)) for row in rows]
        said = [(row, _must(field.open, row["urgency_sealed"], place)) for row, place in read]
        _update("checkins", [{"urgency": urgency, "id_": _key(row["id"])} for row, urgency in said])


def _note_overrides() -> None:
    """Where a reason was no code but words, seal the words as the note."""
    parent = ("request_id", "supporter_id")
    field = _field("proposals", "override_note", parent, 1024)

    asked = f"SELECT id, request_id, supporter_id, override FROM proposals WHERE NOT {OVERRIDE} AND {SPAN}"
    for rows in _batches("proposals", asked):
        changes = []
        for row in rows:
            note = field.seal(row["override"], _place("proposals", "override_note", row, parent))
            changes.append({"override": REASONS[-1], "override_note_sealed": note, "id_": _key(row["id"])})
        _update("proposals", changes)
