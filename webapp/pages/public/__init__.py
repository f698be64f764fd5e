"""What anyone may read: home, before you begin, about, numbers to call, private browsing; and the language."""
