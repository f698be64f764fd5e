"""Real servers and workers as processes, behind a proxy, and with strangers who try to stop them."""
