"""Text messages: off. No text leaves by itself; a number that a woman gives is for coordinators to use.

How a programme adds them is in docs/decisions/0028-notices-that-leave.md: a class with `send(permit, letter, clock)`.
"""
