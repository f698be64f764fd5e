"""What happens without anyone's click: offers that expire."""
