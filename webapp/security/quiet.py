"""The end of quiet minutes: unsent words of some forms are kept for whoever wrote them, and shown when she is back.

A route says that its form holds such words by `@declares(..., keeps=...)`, which names the page that shows the form.
"""

from collections.abc import Iterable

from flask import Flask, current_app, g, request, session, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from webapp import clock
from webapp.extensions import aside, csrf, transaction
from webapp.security import sessions
from webapp.services.accounts import kept_words

SECRETS = frozenset({"passphrase", "again", "present", "code", "words"})
"""Fields that are neither kept for later nor written into a page: they are typed anew."""
NEVER_KEPT = SECRETS | {"csrf_token", "to_keep_for"}
MARKS = frozenset({"once", "seen"})
"""What makes a form one of its kind is no word of hers: the page that shows her words has marks of its own."""
POINTERS = frozenset({"pair", "message"})
"""Fields that say what the words are about: kept with them, and no words themselves."""
EMPTY_HANDED, KEPT, LOST = "1", "kept", "lost"
"""What the sign-in page is told: nothing was unsent, it is kept, or it could not be."""


def init_app(app: Flask) -> None:
    """Look for late words before the guard sends a visitor away, and for kept ones before a page shows its form."""
    app.before_request(keep_what_came_late)
    app.before_request(lay_words_out)


def keep_what_came_late() -> None:
    """Keep the words of a form that was sent after its sign-in had idled out. Raises CSRFError for a forged one."""
    view = current_app.view_functions.get(request.endpoint or "")
    if request.method != "POST" or g.actor.id is not None or getattr(view, "keeps", None) is None:
        return
    if sessions.LATE in session:
        csrf.protect()
        fields = [] if "skip" in request.form else list(request.form.items(multi=True))
        g.late = keep_words(request.path, fields)


def keep_words(path: str, fields: Iterable[tuple[str, str]]) -> str:
    """Keep the words of one form for whoever's sign-in idled out in this browser. Returns what came of it."""
    now = clock.now()
    words = [(name, value) for name, value in fields if name not in NEVER_KEPT | MARKS]
    if page_of(path) is None or not any(value.strip() for name, value in words if name not in POINTERS):
        return EMPTY_HANDED
    user_id = sessions.who_was_here(now)
    if user_id is None:
        return EMPTY_HANDED
    with aside() as writing:
        return KEPT if kept_words.keep(writing, user_id, path, words, now=now) else LOST


def page_of(path: str) -> str | None:
    """Return the address of the page that shows the form which is sent to this path; None where no words are kept."""
    try:
        endpoint, values = current_app.url_map.bind("").match(path, method="POST")
    except HTTPException:
        return None
    shown_by: str | None = getattr(current_app.view_functions[endpoint], "keeps", None)
    return url_for(shown_by, **values) if shown_by is not None else None


def lay_words_out() -> None:
    """Let the form of this page begin with what she typed before, where it is kept for her."""
    if request.method != "GET" or g.actor.id is None or not _shows_kept_form():
        return
    with transaction() as reading:
        kept = kept_words.find(reading, g.actor, now=clock.now())
    if kept is not None and page_of(kept.path) == request.path:
        g.kept_words, g.kept_fields = kept, MultiDict(kept.fields)


def _shows_kept_form() -> bool:
    views = current_app.view_functions.values()
    return request.endpoint in {getattr(view, "keeps", None) for view in views} - {None}


def has_words_here() -> bool:
    """Say whether this page begins with words that were kept."""
    return g.get("kept_words") is not None


def page_to_go_back_to() -> str | None:
    """Return, once after a sign-in, the page with the form whose words were kept."""
    if not session.pop(sessions.BACK, False):
        return None
    with transaction() as reading:
        kept = kept_words.find(reading, g.actor, now=clock.now())
    return page_of(kept.path) if kept is not None else None
