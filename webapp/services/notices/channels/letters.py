"""A letter as a mail message: plain, neutral, and without anything that tells where or why it was written."""

from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from uuid import uuid4

from webapp.config import MailSettings
from webapp.content.letters import Letter
from webapp.domain.safe_contact import neat_address
from webapp.services.notices.channels import NotSent

POLICY = SMTP.clone(max_line_length=76)


def write(letter: Letter, to: str, settings: MailSettings, *, now: datetime) -> EmailMessage:
    """Write a letter to one address. Raises NotSent for one that is none: it could carry other headers."""
    if neat_address(to) != to:
        raise NotSent("bad_address", is_final=True)
    message = EmailMessage(policy=POLICY)
    message["From"] = Address(settings.sender_name, addr_spec=settings.sender)
    message["To"] = to
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(now.astimezone(UTC))
    message["Message-ID"] = f"<{uuid4()}@{domain_of(settings)}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text, cte="quoted-printable")
    return message


def domain_of(settings: MailSettings) -> str:
    """Return the domain of the sender: the only name of a place that a letter and its line may show."""
    return settings.sender.rpartition("@")[2]
