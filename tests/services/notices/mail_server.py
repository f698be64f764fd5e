"""A mail server for tests, over real sockets: it takes mail, refuses it, waits, cuts the line, shows a wrong paper."""

import datetime as dt
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from webapp.config import MailSettings, Security

SENDER = "updates@post.example.org"


@dataclass
class Paper:
    """A key and a certificate that vouches for itself, in files."""

    certificate: Path
    key: Path


def make_paper(folder: Path, host: str = "127.0.0.1") -> Paper:
    """Make a certificate for this machine, or for another one."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    with suppress(ValueError):
        host = ip_address(host)  # type: ignore[assignment]
    other = x509.DNSName(host) if isinstance(host, str) else x509.IPAddress(host)
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=2)).add_extension(x509.SubjectAlternativeName([other]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(key, hashes.SHA256())
    )  # fmt: skip
    paper = Paper(folder / f"{host}.pem", folder / f"{host}.key")
    paper.certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    paper.key.write_bytes(secret)
    return paper


@dataclass
class MailServer:
    """What it does is a word: take, refuse, grey, refuse_all, slow, cut, no_tls, full; `taken` is what it accepted."""

    paper: Paper | None = None
    does: str = "take"
    tls: bool = False
    delay: float = 0.0
    after_data: Callable[[], None] | None = None
    taken: list[tuple[str, str, str]] = field(default_factory=list)
    spoken: list[str] = field(default_factory=list)
    tried: int = 0

    def __post_init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.stopping = False
        threading.Thread(target=self._listen, daemon=True).start()

    def settings(self, **changed: object) -> MailSettings:
        """Return the settings by which the site sends here."""
        said = {
            "sender": SENDER, "host": "127.0.0.1", "port": self.port, "seconds": 3.0,
            "security": Security.TLS if self.tls else Security.STARTTLS if self.paper else Security.NONE,
            "certificates": self.paper.certificate if self.paper else None,
        }  # fmt: skip
        return MailSettings(**{**said, **changed})  # type: ignore[arg-type]

    def close(self) -> None:
        """Stop listening."""
        self.stopping = True
        self.socket.shutdown(socket.SHUT_RDWR)  # wakes whoever waits in accept
        self.socket.close()

    def _listen(self) -> None:
        while not self.stopping:
            try:
                line, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self._talk_until_cut, args=(line,), daemon=True).start()

    def _talk_until_cut(self, line: socket.socket) -> None:
        self.tried += 1
        with ExitStack() as open_, suppress(OSError, ssl.SSLError, ValueError):
            Talk(self, open_.enter_context(line), open_).run()


@dataclass
class Talk:
    """One conversation, on one line that may be closed to others on the way."""

    server: MailServer
    line: socket.socket
    open_: ExitStack
    sender: str = ""
    to: str = ""

    def run(self) -> None:
        """Speak until the other leaves."""
        if self.server.tls:
            self._close_line()
        self.file = self.open_.enter_context(self.line.makefile("rb"))
        if self.server.does == "slow":
            time.sleep(self.server.delay)
        self.say("421 not today" if self.server.does == "refuse_all" else "220 here")
        while (raw := self.file.readline()) and self._answer(raw.decode().strip()):
            pass

    def say(self, words: str) -> None:
        """Say a line, or several."""
        self.line.sendall(words.encode() + b"\r\n")

    def _close_line(self) -> None:
        assert self.server.paper is not None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.server.paper.certificate, self.server.paper.key)
        self.line = self.open_.enter_context(context.wrap_socket(self.line, server_side=True))
        self.file = self.open_.enter_context(self.line.makefile("rb"))

    def _answer(self, said: str) -> bool:
        self.server.spoken.append(said)
        does = self.server.does
        match said.upper().split(":")[0].split(" ")[0]:
            case "EHLO":
                offers = self.server.paper and not self.server.tls and does != "no_tls"
                self.say("250-here\r\n250 STARTTLS" if offers else "250 here")
            case "STARTTLS":
                self.say("220 go on")
                self._close_line()
            case "MAIL":
                self.sender = said
                self.say("250 fine")
            case "RCPT":
                self.to = said
                self.say({"refuse": "550 nobody here", "grey": "451 come back later"}.get(does, "250 fine"))
            case "DATA":
                self.say("354 go on")
                return self._take()
            case "QUIT":
                self.say("221 bye")
                return False
            case _:
                self.say("250 fine")
        return True

    def _take(self) -> bool:
        if self.server.does == "cut":
            self.file.readline()
            return False
        body = b""
        while (raw := self.file.readline()) not in (b".\r\n", b""):
            body += raw
        if self.server.does == "full":
            self.say("452 no room")
            return True
        self.server.taken.append((self.sender, self.to, body.decode()))
        if self.server.after_data is not None:
            self.server.after_data()
        self.say("250 taken")
        return True


@contextmanager
def mail_server(**said: object) -> Iterator[MailServer]:
    """Serve until the end of the block."""
    server = MailServer(**said)  # type: ignore[arg-type]
    try:
        yield server
    finally:
        server.close()
