"""The second step of a sign-in, and the sign-in by a passkey alone."""
