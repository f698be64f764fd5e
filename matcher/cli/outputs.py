"""Writing a file beside the printed result, so that no other file is ever lost by it."""

from pathlib import Path

from matcher.cli.arguments import refuse_one
from matcher.errors import Phrase, reason_of


def write_beside(path: Path, text: str, *, what: str) -> None:
    """Write a file of ours, over an older one of the same kind alone. Raises Refused.

    `what` names the kind. Two files are of the same kind where their first two words are the same: `{ "engine":` of a
    certificate, `<svg xmlns=...` of a plot.
    """
    try:
        if path.exists() and not _begins_alike(path, text):
            refuse_one(str(path), "output.another_file", what=Phrase.of(what))
        path.write_text(text, encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = reason_of(error) if isinstance(error, OSError) else Phrase.of("unusable_name")
        refuse_one(str(path), "output.not_written", what=Phrase.of(what), reason=reason)


def _begins_alike(path: Path, text: str) -> bool:
    begins = " ".join(text.split(maxsplit=2)[:2]).encode()[:20]
    with path.open("rb") as file:
        return b" ".join(file.read(200).split(maxsplit=2)[:2])[:20] in (begins, b"")
