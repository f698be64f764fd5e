"""What happens without anyone's click."""
