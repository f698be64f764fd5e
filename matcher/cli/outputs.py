"""Writing a file beside the printed result, so that no other file is ever lost by it."""

from pathlib import Path

from matcher.cli.arguments import refuse_one


def write_beside(path: Path, text: str, *, what: str) -> None:
    """Write a file of ours, over an older one of the same kind alone. Raises Refused.

    `what` names the kind. Two files are of the same kind where their first two words are the same: `{ "engine":` of a
    certificate, `<svg xmlns=...` of a plot.
    """
    try:
        if path.exists() and not _begins_alike(path, text):
            refuse_one(str(path), f"a file of this name is there, and it is no {what}", "Name a new file.")
        path.write_text(text, encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "the name cannot be used"
        refuse_one(str(path), f"the {what} cannot be written ({reason})", "Name a file that can.")


def _begins_alike(path: Path, text: str) -> bool:
    begins = " ".join(text.split(maxsplit=2)[:2]).encode()[:20]
    with path.open("rb") as file:
        return b" ".join(file.read(200).split(maxsplit=2)[:2])[:20] in (begins, b"")
