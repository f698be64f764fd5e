"""A pair with a coordinator beside it, for tests of concerns and holds; and what came to the desk."""

from datetime import datetime

from tests.services.worlds import NOW, World
from webapp.domain.access import Actor, Role
from webapp.domain.concerns import Kind
from webapp.domain.tasks import Kind as TaskKind
from webapp.models import Concern, Introduction, Task, User
from webapp.services import accounts, offers
from webapp.services.safety import concerns
from webapp.services.safety.concerns import Told
from webapp.services.tasks.order import place_of


def staff(world: World, session, role: Role = Role.COORDINATOR) -> Actor:
    return with_role(session, world.person(session, role), role)


def with_role(session, actor: Actor, role: Role) -> Actor:
    user = session.get_one(User, actor.id)
    user.roles.append(accounts.find_role(session, role))
    session.flush()
    return actor


class Pair:
    """Two who are introduced, and a coordinator who works there."""

    def __init__(self, world: World, session) -> None:
        self.world, self.robin = world, with_role(session, world.coordinator, Role.COORDINATOR)
        self.dee, _ = world.supporter(session, capacity=3)
        self.claire, self.request_id = world.request(session)
        self.id = self.introduce(session, self.claire, self.request_id)

    def introduce(self, session, woman, request_id):
        offer = self.world.offered(session, woman, request_id)
        pair = offers.accept_proposal(session, self.dee, offer, now=NOW)
        session.flush()
        return pair.id

    def raised(self, session, told: Told, who: Actor | None = None, **more) -> Concern:
        concern = concerns.raise_concern(session, who or self.claire, told, now=more.pop("now", NOW), **more)
        session.flush()
        return concern


def state_of(session, pair) -> str:
    session.expire_all()
    return session.get_one(Introduction, pair.id).state


def tasks_of(session, kind: TaskKind) -> list[Task]:
    return [one for one in session.query(Task).order_by(Task.opened_at) if place_of(one).kind == kind]


def soon_said(session, kind: TaskKind) -> datetime:
    (task,) = tasks_of(session, kind)
    return place_of(task).due_at


DANGER, REACH, WORRY, STAFF, OTHER = Kind
