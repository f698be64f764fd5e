"""The runner needs mutmut, which is for developers alone; nothing in it is a test."""

collect_ignore = ["runner.py"]
