"""What a page may promise somebody of notices: asked of the gate itself, so that no page says otherwise."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from webapp.config import MailSettings
from webapp.domain.notices import Notice
from webapp.domain.safe_contact import Channel, Wording
from webapp.services.notices import gate

ANY = frozenset({Notice.YOU_HAVE_A_MESSAGE})


def is_told_by_mail(session: Session, user_id: UUID, settings: MailSettings, *, now: datetime) -> bool:
    """Say whether a notice would reach her by e-mail, at once or in her next hours."""
    if not settings.is_there:
        return False
    verdict = gate.decide(session, user_id, Channel.EMAIL, ANY, Wording.NEUTRAL, now=now)
    return not isinstance(verdict, gate.Refusal)
