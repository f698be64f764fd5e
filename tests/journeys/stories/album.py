"""Pictures of every page that somebody looks at in a story, where STORY_PICTURES names a folder for them."""

import os
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

WIDTHS = (360, 1280)


@dataclass
class Album:
    """The pictures of one story, numbered as it is told."""

    story: str
    taken: int = 0

    def keep(self, page: Page, name: str) -> None:
        """Keep a picture of a page at both widths."""
        folder = os.environ.get("STORY_PICTURES")
        if not folder:
            return
        self.taken += 1
        Path(folder).mkdir(parents=True, exist_ok=True)
        for width in WIDTHS[::-1]:
            page.set_viewport_size({"width": width, "height": 800})
            page.screenshot(path=Path(folder) / f"{self.story}-{self.taken:03}-{name}-{width}.png", full_page=True)
