"""The coordinator's desk: queues with clocks, a request in words, a ranking, what she is shown, check-ins to settle."""
