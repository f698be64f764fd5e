"""Notices that leave, through the job and through real workers."""
