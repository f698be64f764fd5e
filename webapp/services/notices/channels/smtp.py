"""Mail by a server. The only module of this program that speaks SMTP."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress

from webapp.config import MailSettings, Security
from webapp.content.letters import Letter
from webapp.domain.safe_contact import Channel
from webapp.services.notices.channels import Clock, NotSent
from webapp.services.notices.channels.letters import domain_of, write
from webapp.services.notices.gate import Permit

FINAL = 500
"""From this number on, a server's answer means that trying again is of no use."""


class Server:
    """A mail server, spoken to over a closed line with a certificate that is checked."""

    def __init__(self, settings: MailSettings) -> None:
        self.settings = settings

    def send(self, permit: Permit, letter: Letter, *, clock: Clock) -> None:
        """Send one letter. Raises NotSent, NotPermitted."""
        to = permit.hold(Channel.EMAIL, now=clock())
        message = write(letter, to, self.settings, now=clock())
        with closing(self._open()) as server:
            permit.hold(Channel.EMAIL, now=clock())  # a slow line may have taken her hour
            with _saying_what_failed(is_line=False):
                server.sendmail(self.settings.sender, [to], message.as_bytes())
            with suppress(smtplib.SMTPException, OSError):  # what was taken is taken, however the line ends
                server.quit()

    def _open(self) -> smtplib.SMTP:
        """Connect, close the line to others, and sign in. Raises NotSent, with nothing left open."""
        with _saying_what_failed(is_line=True), ExitStack() as open_:
            server = self._connect()
            open_.callback(server.close)
            if self.settings.security is Security.STARTTLS:
                self._close_line(server)
            if self.settings.user:
                server.login(self.settings.user, self.settings.password)
            open_.pop_all()
            return server

    def _connect(self) -> smtplib.SMTP:
        said = self.settings
        me = domain_of(said)
        if said.security is Security.TLS:
            return smtplib.SMTP_SSL(
                said.host, said.port, local_hostname=me, timeout=said.seconds, context=self._context()
            )  # fmt: skip
        return smtplib.SMTP(said.host, said.port, local_hostname=me, timeout=said.seconds)

    def _close_line(self, server: smtplib.SMTP) -> None:
        try:
            server.starttls(context=self._context())
        except smtplib.SMTPResponseException as refused:  # said so plainly, or somebody between us says it
            raise NotSent(f"no_starttls_{refused.smtp_code}", is_line=True) from None

    def _context(self) -> ssl.SSLContext:
        file = self.settings.certificates
        return ssl.create_default_context(cafile=str(file) if file else None)


@contextmanager
def _saying_what_failed(*, is_line: bool) -> Iterator[None]:
    try:
        yield
    except ssl.SSLCertVerificationError:
        raise NotSent("certificate_not_trusted", is_line=True) from None
    except smtplib.SMTPRecipientsRefused as refused:
        ((number, _said),) = refused.recipients.values()
        raise NotSent(f"address_refused_{number}", is_final=number >= FINAL) from None
    except smtplib.SMTPAuthenticationError as refused:
        raise NotSent(f"sign_in_refused_{refused.smtp_code}", is_line=True) from None
    except smtplib.SMTPNotSupportedError:
        raise NotSent("no_starttls", is_line=True) from None
    except smtplib.SMTPServerDisconnected:
        raise NotSent("line_cut", is_line=is_line) from None
    except (smtplib.SMTPConnectError, smtplib.SMTPHeloError, smtplib.SMTPSenderRefused) as refused:
        raise NotSent(f"server_refused_{refused.smtp_code}", is_line=True) from None
    except smtplib.SMTPResponseException as refused:
        raise NotSent(f"letter_refused_{refused.smtp_code}", is_final=refused.smtp_code >= FINAL) from None
    except ssl.SSLError:
        raise NotSent("no_closed_line", is_line=True) from None
    except (smtplib.SMTPException, OSError) as error:
        raise NotSent(f"no_answer_{type(error).__name__.lower()}"[:40], is_line=True) from None
