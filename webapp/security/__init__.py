"""The web edge: who is here, what a route lets her try, what every response carries."""
