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
from webapp.models.agreements import Agreement, PairView
from webapp.models.audit import AuditCheckpoint, AuditHead, AuditRecord, AuditVerification
from webapp.models.checkins import CheckIn
from webapp.models.concerns import Concern, ConcernEntry, Hold
from webapp.models.conversations import Message
from webapp.models.covers import Cover
from webapp.models.factors import OneTimeCode, Passkey, PendingSignIn, RecoveryCode, SpentChallenge
from webapp.models.introductions import Introduction
from webapp.models.kept_words import KeptWords
from webapp.models.keys import KeyCheck, UnreadableField
from webapp.models.limits import Tries, WrongTries
from webapp.models.meetings import ContactDetail, Meeting, TalkLog
from webapp.models.outbox import NoticeAddress, OutboxRow
from webapp.models.programmes import Programme, RosterFit
from webapp.models.proposals import NoneOfThese, Proposal, StoredRanking
from webapp.models.requests import Request
from webapp.models.safe_contact import SafeContact
from webapp.models.staff import ClosedFile, StaffMember
from webapp.models.supporters import Supporter
from webapp.models.tasks import Task
from webapp.models.threads import Thread, ThreadWord
from webapp.models.work import JobFailure, JobRun, WorkerBeat

__all__ = [
    "Agreement",
    "AuditCheckpoint",
    "AuditHead",
    "AuditRecord",
    "AuditVerification",
    "CheckIn",
    "ClosedFile",
    "Concern",
    "ConcernEntry",
    "ContactDetail",
    "Cover",
    "Hold",
    "Introduction",
    "JobFailure",
    "JobRun",
    "KeptWords",
    "KeyCheck",
    "LeavingWish",
    "Meeting",
    "Message",
    "NoneOfThese",
    "NoticeAddress",
    "OneTimeCode",
    "OneTimeLink",
    "OutboxRow",
    "PairView",
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
    "SafeContact",
    "SignIn",
    "SpentChallenge",
    "StaffMember",
    "StoredRanking",
    "Supporter",
    "TalkLog",
    "Task",
    "Thread",
    "ThreadWord",
    "Tries",
    "UnreadableField",
    "User",
    "WorkerBeat",
    "WrongTries",
]
