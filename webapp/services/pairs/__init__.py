"""What the two of a pair, and the desk, can do once both said yes. Who the two are is in services/introductions."""
