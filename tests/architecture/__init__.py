"""Rules of the house that other projects keep in wikis, each shown to be able to fail."""
