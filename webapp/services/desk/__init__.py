"""The coordinator's desk: its queues, and what she reads of one request or check-in."""

from webapp.services.desk.reading import read_checkin, read_request, record_reading, record_reading_of_checkin

__all__ = ["read_checkin", "read_request", "record_reading", "record_reading_of_checkin"]
