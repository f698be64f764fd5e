"""What every page is made of: layout, components, styles, fonts, the exit script, and the words they share.

`set_up` gives the templates everything that does not depend on who is signed in.
"""

from typing import Any

from flask import Flask, url_for
from flask_babel import gettext

from webapp.content import crisis, programme
from webapp.crypto.fields import Unreadable
from webapp.ui import dates, language
from webapp.ui.errors import errors_of
from webapp.ui.forms import refuse_unkeepable_address


def asset(name: str) -> str:
    """Return the address of a static file; security/headers.py adds the hash of its content."""
    return url_for("static", filename=name)


def set_up(app: Flask) -> None:
    """Give an app's templates the files, the crisis lines, the programme's words and the language."""
    Unreadable.in_words = staticmethod(lambda: gettext("cannot be read"))
    lines, defaults = crisis.load(), programme.load()
    app.jinja_env.globals.update(asset=asset, crisis=lines, programme=defaults, errors_of=errors_of)
    app.jinja_env.filters.update(
        say_day=dates.say_day, say_date=dates.say_date, say_moment=dates.say_moment, say_list=language.say_list
    )
    app.before_request(refuse_unkeepable_address)
    jinja: Any = app.jinja_env  # its extension for translations adds the method
    jinja.install_gettext_callables(language.say, language.say_number, newstyle=True)
    app.context_processor(lambda: {"current_language": language.current()})
