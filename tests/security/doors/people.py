"""Who stands behind the doors: the name of each, what they have said, and what a visit may move."""

from tests.security.doors.table import Who
from tests.services.worlds import HERS

WITH_CODE_WORD = {**HERS, "code_word": "lantern"}
NAMES = {
    Who.WOMAN: "w-claire",
    Who.OTHER_WOMAN: "w-ana",
    Who.SUPPORTER: "s-dee",
    Who.OTHER_SUPPORTER: "s-bee",
    Who.COORDINATOR: "robin",
    Who.MY_OWN_FILE: "noor",
    Who.APPROVER: "pat",
    Who.BARE: "lou",
}
UNSAFE = {"listened": "mostly", "safe": "not_sure"}
SEEN = {"sign_ins": {"seen_at"}, "threads": {"seen_at"}}
"""What a visit may move at any time; the tries that slow guessing down are left out whole."""
