"""Every guard is switched off in turn, and a test must turn red: `make guards-bite`."""
