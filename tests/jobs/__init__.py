"""What happens without anyone's click, with real worker processes that are killed, cut off and locked out."""
