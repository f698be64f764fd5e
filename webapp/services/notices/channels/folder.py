"""Mail into a folder, one file each, for demonstrations: nothing leaves the machine."""

import os
from pathlib import Path
from uuid import uuid4

from webapp.config import MailSettings
from webapp.content.letters import Letter
from webapp.domain.safe_contact import Channel
from webapp.services.notices.channels import Clock, NotSent
from webapp.services.notices.channels.letters import write
from webapp.services.notices.gate import Permit


class Folder:
    """A folder that only its owner may open."""

    def __init__(self, settings: MailSettings, folder: Path) -> None:
        self.settings, self.folder = settings, folder

    def send(self, permit: Permit, letter: Letter, *, clock: Clock) -> None:
        """Write one letter into a file. Raises NotSent, NotPermitted."""
        now = clock()
        to = permit.hold(Channel.EMAIL, now=now)
        message = write(letter, to, self.settings, now=now)
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            path = self.folder / f"{now:%Y%m%dT%H%M%S}-{uuid4().hex[:8]}.eml"
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(message.as_bytes())
        except OSError as error:
            raise NotSent(f"folder_{type(error).__name__.lower()}"[:40], is_line=True) from None
