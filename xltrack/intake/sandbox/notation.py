"""Plain values as JSON, as long as they do not need much more memory than their text."""

import json
import re
from typing import Any, Final

MOST_MEMORY: Final = 160 * 2**20
"""What the values of one text may need, by our reckoning, when they are read."""
# What Python needs at least: a list or a mapping, a string (two quotes), a number; and its place in a list.
_COSTS: Final = ((b"[", 90), (b"{", 230), (b'"', 30), (b",", 40), (b"null,", -32))
# Beside one character of an upper plane, each of its string takes four bytes.
_WIDE: Final = re.compile(rb"\\u[dD]")


def written(values: Any) -> bytes:
    """Return plain `values` as JSON; raises MemoryError for what `read` would not take."""
    text = json.dumps(values, separators=(",", ":")).encode()
    if memory_of(text) > MOST_MEMORY:
        raise MemoryError
    return text


def read(text: bytes) -> Any:
    """Return the plain values in the JSON `text`; raises ValueError, before it takes more memory than allowed."""
    if not text.isascii():
        raise ValueError("a letter that is not ASCII")
    if memory_of(text) > MOST_MEMORY:
        raise ValueError(f"values of {memory_of(text)} bytes")
    return json.loads(text)


def memory_of(text: bytes) -> int:
    """Return about how many bytes reading the JSON `text` takes; never much less than it does."""
    wide = 4 if _WIDE.search(text) else 1
    return (1 + wide) * len(text) + sum(cost * text.count(piece) for piece, cost in _COSTS)
