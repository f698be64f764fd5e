"""The only room of the site that imports the engine. What others need of it they get from services/matching.py."""
