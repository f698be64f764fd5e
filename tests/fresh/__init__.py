"""A bare Debian, made for the occasion, in which the README's two commands must work: `make fresh`."""
