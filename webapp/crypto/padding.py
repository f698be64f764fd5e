"""Padding before sealing, so that the length of a ciphertext does not tell what was said.

Four bytes say how long the text is; zeros fill it up to a step: 64 bytes, doubled up to 4,096, then every 4,096 more.
Below 4,096 bytes there are seven lengths to be seen instead of thousands, and nothing costs more than twice its length.
A field whose values are nearly alike starts at a step that holds them all.
"""

LENGTH_BYTES = 4
FIRST_STEP, LAST_STEP = 64, 4096


def pad(plain: bytes, least: int = FIRST_STEP) -> bytes:
    """Fill a text up to its step, which is at least `least`."""
    said = len(plain).to_bytes(LENGTH_BYTES, "big") + plain
    return said.ljust(step_for(len(said), least), b"\0")


def unpad(padded: bytes) -> bytes:
    """Take the filling away. Raises ValueError for what was never padded."""
    length = int.from_bytes(padded[:LENGTH_BYTES], "big")
    if length > len(padded) - LENGTH_BYTES:
        raise ValueError("longer than what is there")
    return padded[LENGTH_BYTES : LENGTH_BYTES + length]


def step_for(length: int, least: int = FIRST_STEP) -> int:
    """Return the step up to which a text of this length is filled.

    >>> [step_for(length) for length in (5, 64, 65, 4096, 4097, 9000)]
    [64, 64, 128, 4096, 8192, 12288]
    """
    step = max(FIRST_STEP, least)
    while step < length and step < LAST_STEP:
        step *= 2
    return step if length <= step else -(-length // LAST_STEP) * LAST_STEP
