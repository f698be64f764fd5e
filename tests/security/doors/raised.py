"""The last stages of the world behind the doors: two supporters are away, and each woman has raised three concerns."""

from uuid import UUID

from sqlalchemy import select

from tests.security.doors.table import Who
from webapp import clock
from webapp.domain.concerns import Kind
from webapp.domain.tasks import Kind as TaskKind
from webapp.models import Cover
from webapp.services import tasks
from webapp.services.absences import asking, breaks, naming
from webapp.services.safety import concerns, handling
from webapp.services.safety.concerns import Told


def let_go_away(session, woman, things, who, *, robin, asked) -> None:
    """Let her supporter go on a break, and the woman ask for Bee meanwhile; Bee's own woman stays as she is."""
    if who is Who.OTHER_WOMAN:
        return
    pair, now = UUID(things["introduction_id"]), clock.now()
    naming.name_at_desk(session, robin, pair, UUID(things["cover_supporter_id"]), has_read_names=False, now=now)
    breaks.begin(session, asked[who][0].actor, None, now=now)
    session.flush()
    asking.show(session, pair, now=now)
    cover = session.scalars(select(Cover).filter_by(introduction_id=pair)).one()
    assert asking.want(session, woman, pair, cover.id, now=now)
    things["cover_id"] = str(cover.id)


def raise_concerns(session, woman, things, _who, *, closer) -> None:
    """Let her raise one that holds, one that is about to be closed, and one for the approver alone."""
    now, pair = clock.now(), UUID(things["introduction_id"])
    kinds = {"concern_id": Told(Kind.DANGER, pair), "closing_concern_id": Told(Kind.OTHER)}
    kinds |= {"new_concern_id": Told(Kind.OTHER, words="One thing more"), "staff_concern_id": Told(Kind.STAFF)}
    raised = {name: concerns.raise_concern(session, woman, told, now=now).id for name, told in kinds.items()}
    handling.look_after(session, closer, raised["concern_id"], now=now)  # before that no hold is lifted
    handling.propose(session, closer, raised["closing_concern_id"], "You two talked.", now=now)
    things |= {name: str(one) for name, one in raised.items()}
    things["staff_id"] = str(closer.id)
    things["staff_task_id"] = str(tasks.id_of(TaskKind.CONCERN, raised["staff_concern_id"]))
