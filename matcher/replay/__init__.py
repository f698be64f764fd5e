"""What would have been: a stream of requests under another policy, day by day, and the figures of it."""
