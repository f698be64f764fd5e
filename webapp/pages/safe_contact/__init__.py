"""How we may reach her: her own page, open at every hour, one part of it a screen."""
