"""The one way home: where a person stands decides which page comes next."""
