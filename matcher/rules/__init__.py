"""What the questionnaire's rules say of a pair: gates, wishes, shared hours."""
