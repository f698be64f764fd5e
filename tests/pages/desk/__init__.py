"""Pages of the desk: queues, requests, rankings, cards taken back, tasks."""
