"""Binary heaps of (key, item) in two arrays, least first, equal keys by item: they give back what heapq would.

A heap is the slice of both arrays that begins at `base` and has `size`: so many heaps fit into one pair of arrays.
"""

from numba import njit


@njit(cache=True, nogil=True)
def push(keys, items, base, size, key, item):
    """Add one; return the new size. There must be room for it."""
    here = size
    while here > 0:
        above = (here - 1) >> 1
        if keys[base + above] < key or (keys[base + above] == key and items[base + above] <= item):
            break
        keys[base + here], items[base + here] = keys[base + above], items[base + above]
        here = above
    keys[base + here], items[base + here] = key, item
    return size + 1


@njit(cache=True, nogil=True)
def sink(keys, items, base, size, key, item):
    """Replace the least. The heap must not be empty."""
    here = 0
    while True:
        below = 2 * here + 1
        if below >= size:
            break
        left, right = base + below, base + below + 1
        if below + 1 < size and (
            keys[right] < keys[left] or (keys[right] == keys[left] and items[right] < items[left])
        ):
            below += 1
        if keys[base + below] > key or (keys[base + below] == key and items[base + below] >= item):
            break
        keys[base + here], items[base + here] = keys[base + below], items[base + below]
        here = below
    keys[base + here], items[base + here] = key, item


@njit(cache=True, nogil=True)
def drop_least(keys, items, base, size):
    """Remove the least, which stands at `base`; return the new size."""
    last = base + size - 1
    if size > 1:
        sink(keys, items, base, size - 1, keys[last], items[last])
    return size - 1
