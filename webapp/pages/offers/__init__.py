"""The supporter's start: offers that wait for her answer, the women she is there for, check-ins that are due."""
