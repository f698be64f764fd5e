"""What happens without anyone's click. Every module here with `EVERY` and `run(now)` is a job that the worker finds.

`run` does what is due at that moment, each act in its own transaction (`acts.do_each`), and returns how many it did.
A job that can take long without acts says for how long nobody else may take it over: `LEASE`.
"""
