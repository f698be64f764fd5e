"""What one of a pair can change: pause and go on, end it in one step, a last word, and what happens on the last day."""
