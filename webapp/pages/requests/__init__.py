"""Her request: the questions one topic at a time, the summary, sending it, where it stands, and taking it back."""
