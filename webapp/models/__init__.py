"""Columns, constraints, relationships; one file per table group. Rules live in domain, acts in services."""

from webapp.models import roster  # noqa: F401  # it notices every change of a supporter
from webapp.models.accounts import (
    LeavingWish,
    OneTimeLink,
    PhoneTry,
    PhoneWords,
    ResetLink,
    ReturnCode,
    Role,
    SignIn,
    User,
)
from webapp.models.audit import AuditCheckpoint, AuditHead, AuditRecord, AuditVerification
from webapp.models.checkins import CheckIn
from webapp.models.concerns import Concern, ConcernEntry, Hold
from webapp.models.conversations import Message
from webapp.models.factors import OneTimeCode, Passkey, PendingSignIn, RecoveryCode, SpentChallenge
from webapp.models.introductions import Introduction
from webapp.models.kept_words import KeptWords
from webapp.models.keys import KeyCheck, UnreadableField
from webapp.models.limits import Tries, WrongTries
from webapp.models.outbox import OutboxRow
from webapp.models.programmes import Programme, RosterFit
from webapp.models.proposals import Proposal, StoredRanking
from webapp.models.requests import Request
from webapp.models.staff import ClosedFile, StaffMember
from webapp.models.supporters import Supporter
from webapp.models.tasks import Task
from webapp.models.work import JobFailure, JobRun, WorkerBeat

__all__ = [
    "AuditCheckpoint",
    "AuditHead",
    "AuditRecord",
    "AuditVerification",
    "CheckIn",
    "ClosedFile",
    "Concern",
    "ConcernEntry",
    "Hold",
    "Introduction",
    "JobFailure",
    "JobRun",
    "KeptWords",
    "KeyCheck",
    "LeavingWish",
    "Message",
    "OneTimeCode",
    "OneTimeLink",
    "OutboxRow",
    "Passkey",
    "PendingSignIn",
    "PhoneTry",
    "PhoneWords",
    "Programme",
    "Proposal",
    "RecoveryCode",
    "Request",
    "ResetLink",
    "ReturnCode",
    "Role",
    "RosterFit",
    "SignIn",
    "SpentChallenge",
    "StaffMember",
    "StoredRanking",
    "Supporter",
    "Task",
    "Tries",
    "UnreadableField",
    "User",
    "WorkerBeat",
    "WrongTries",
]
