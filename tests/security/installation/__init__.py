"""The first command of an installation, and the files that it leaves."""
