"""What somebody is told of the links by which her passphrase can be chosen."""

from datetime import datetime

from webapp.ui.dates import say_moment
from webapp.ui.language import say as _


def say_reset_link(at: datetime, *, was_used: bool) -> str:
    """Say that her passphrase was chosen by a link, or that one was given out and not used so far."""
    if was_used:
        return _("Your passphrase was set anew on %(moment)s, with a code from a coordinator or from those who run this site. If that was not you, call the coordinator.") % {"moment": say_moment(at)}  # fmt: skip  # noqa: E501
    return _("On %(moment)s a coordinator, or those who run this site, gave out a code with which your passphrase can be chosen. It has not been used. If it was not you who asked, set new words for the phone, and call the coordinator.") % {"moment": say_moment(at)}  # fmt: skip  # noqa: E501
