"""What the C library does with memory that is free again."""

import ctypes
from contextlib import suppress

# M_MMAP_THRESHOLD in <malloc.h> of glibc.
_THRESHOLD = -3
_LARGE = 128 * 1024


def give_back_large() -> None:
    """Have pieces of 128 kB or more go back to the system as soon as they are free, where the C library is glibc.

    It begins like that, but moves its bound up to the largest piece that was freed, and then keeps for each thread what
    answers of workers once took.
    """
    # Other systems have no such function, and Windows no such library.
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).mallopt(_THRESHOLD, _LARGE)
