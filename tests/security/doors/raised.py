"""The last stage of the world behind the doors: each woman has raised three concerns, and her pair rests."""

from uuid import UUID

from webapp import clock
from webapp.domain.concerns import Kind
from webapp.domain.tasks import Kind as TaskKind
from webapp.services import tasks
from webapp.services.safety import concerns, handling
from webapp.services.safety.concerns import Told


def raise_concerns(session, woman, things, _who, *, closer) -> None:
    """Let her raise one that holds, one that is about to be closed, and one for the approver alone."""
    now, pair = clock.now(), UUID(things["introduction_id"])
    kinds = {"concern_id": Told(Kind.DANGER, pair), "closing_concern_id": Told(Kind.OTHER)}
    kinds["staff_concern_id"] = Told(Kind.STAFF)
    raised = {name: concerns.raise_concern(session, woman, told, now=now).id for name, told in kinds.items()}
    handling.propose(session, closer, raised["closing_concern_id"], "You two talked.", now=now)
    things |= {name: str(one) for name, one in raised.items()}
    things["staff_id"] = str(closer.id)
    things["staff_task_id"] = str(tasks.id_of(TaskKind.CONCERN, raised["staff_concern_id"]))
