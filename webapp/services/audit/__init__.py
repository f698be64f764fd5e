"""The audit: records of acts and readings in a keyed chain, its anchors outside the database, and its checks."""

from webapp.services.audit.checks import find_break
from webapp.services.audit.records import is_pending, last_number, last_verification, record, record_by_name

__all__ = ["find_break", "is_pending", "last_number", "last_verification", "record", "record_by_name"]
