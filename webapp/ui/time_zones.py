"""The clocks by which people here live, in words."""

from flask_babel import lazy_gettext as _l

TIME_ZONES = {
    "America/St_Johns": _l("Newfoundland"),
    "America/Halifax": _l("Atlantic (Halifax, Moncton)"),
    "America/Toronto": _l("Eastern (Toronto, Montréal, Iqaluit)"),
    "America/Winnipeg": _l("Central (Winnipeg)"),
    "America/Regina": _l("Saskatchewan"),
    "America/Edmonton": _l("Mountain (Edmonton, Yellowknife)"),
    "America/Whitehorse": _l("Yukon"),
    "America/Vancouver": _l("Pacific (Vancouver)"),
}
DEFAULT_ZONE = "America/Toronto"
