"""Columns, constraints, relationships; one file per table group. Rules live in domain, acts in services."""

from webapp.models.accounts import OneTimeLink, Role, SignIn, User
from webapp.models.audit import AuditRecord
from webapp.models.checkins import CheckIn
from webapp.models.conversations import Message
from webapp.models.introductions import Introduction
from webapp.models.kept_words import KeptWords
from webapp.models.limits import Tries
from webapp.models.outbox import OutboxRow
from webapp.models.programmes import Programme, RosterFit
from webapp.models.proposals import Proposal, StoredRanking
from webapp.models.requests import Request, RequestAnswer
from webapp.models.supporters import Supporter, SupporterAnswer

__all__ = [
    "AuditRecord",
    "CheckIn",
    "Introduction",
    "KeptWords",
    "Message",
    "OneTimeLink",
    "OutboxRow",
    "Programme",
    "Proposal",
    "Request",
    "RequestAnswer",
    "Role",
    "RosterFit",
    "SignIn",
    "StoredRanking",
    "Supporter",
    "SupporterAnswer",
    "Tries",
    "User",
]
