"""Every act and reading that leaves a record in the audit, and the name of one that was refused."""

from enum import StrEnum
from typing import NewType

from webapp.domain.access import Action

Refusal = NewType("Refusal", str)


class Act(StrEnum):
    """What was done, as the audit names it; whose it was, and on which thing, stands beside it."""

    ACCOUNT_CLOSED = "account closed"
    ACCOUNT_OPENED = "account opened"
    AUDIT_ANCHORED_ANEW = "audit anchored anew"
    CHECK_IN_ANSWERED = "check-in answered"
    CHECK_IN_BEGUN = "check-in begun"
    CHECK_IN_READ = "check-in read"
    CHECK_IN_SETTLED = "check-in settled"
    CHECK_IN_SKIPPED = "check-in skipped"
    CODES_BEGUN = "codes begun"
    CONCERN_CHANGED = "concern changed"
    CONCERN_CLOSED = "concern closed"
    CONCERN_RAISED = "concern raised"
    CONCERN_READ = "concern read"
    FILE_CLOSED = "file closed"
    FIRST_STEP_DONE = "first step done"
    INTRODUCTION_ENDED = "introduction ended"
    INTRODUCTION_OPENED = "introduction opened"
    LINK_MADE = "link made"
    LINK_USED = "link used"
    MESSAGE_READ = "message read"
    MESSAGE_WRITTEN = "message written"
    NOBODY_CHOSEN = "nobody chosen"
    OFFER_READ = "offer read"
    PAIR_HELD = "pair held"
    PAIR_LIFTED = "pair lifted"
    PAIR_READ = "pair read"
    PASSKEY_COUNT_WENT_BACK = "passkey count went back"
    PASSPHRASE_CHANGED = "passphrase changed"  # noqa: S105
    PASSPHRASE_WRONG = "passphrase wrong"  # noqa: S105
    PEOPLE_CHOSEN = "people chosen"
    PHONE_WORDS_FORGOTTEN = "phone words forgotten"
    PHONE_WORDS_SET = "phone words set"
    PHONE_WORDS_TRIED = "phone words tried"
    PROGRAMME_BEGUN = "programme begun"
    PROPOSAL_ACCEPTED = "proposal accepted"
    PROPOSAL_DECLINED = "proposal declined"
    PROPOSAL_EXPIRED = "proposal expired"
    PROPOSAL_OFFERED = "proposal offered"
    PROPOSAL_SHOWN = "proposal shown"
    PROPOSAL_WITHDRAWN = "proposal withdrawn"
    PROVED_AGAIN = "proved again"
    QUESTIONS_ANSWERED = "questions answered"
    QUEUE_READ = "queue read"
    RECOVERY_CODES_MADE = "recovery codes made"
    RECOVERY_CODE_MADE = "recovery code made"
    RECOVERY_CODE_USED = "recovery code used"
    REQUEST_READ = "request read"
    REQUEST_SENT = "request sent"
    REQUEST_STARTED = "request started"
    REQUEST_WITHDRAWN = "request withdrawn"
    RESET_LINK_MADE = "reset link made"
    RESET_LINK_USED = "reset link used"
    SECOND_LOCKS_RESET = "second locks reset"
    SECOND_LOCK_ADDED = "second lock added"
    SECOND_LOCK_REMOVED = "second lock removed"
    SECOND_STEP_REFUSED = "second step refused"
    SIGNED_IN = "signed in"
    SIGNED_OUT = "signed out"
    SIGN_IN_ENDED = "sign-in ended"
    SUPPORTERS_RANKED = "supporters ranked"
    SUPPORTER_ENROLLED = "supporter enrolled"
    TASK_DONE = "task done"
    TASK_OPENED = "task opened"
    TASK_PASSED_ON = "task passed on"
    TASK_READ = "task read"
    WISH_TO_LEAVE = "wish to leave"


def refused(action: Action) -> Refusal:
    """Name an act that was asked for and refused."""
    return Refusal(f"refused: {action}")
