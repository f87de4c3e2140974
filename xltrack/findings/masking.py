"""Keeps out of what is shown to people what must not be seen, or must not reach a terminal."""

import re

# A terminal would obey control characters, and some turn the direction of writing.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_PERSONAL_ID = re.compile(r"(?<!\d)\d{9}(\d{3})(?!\d)")


def masked(text: str) -> str:
    """Return `text` with every number of exactly twelve digits reduced to its last three.

    Since 1 July 2025 the twelve-digit personal identification number serves households as a tax code
    (Circular 86/2024/TT-BTC), so it turns up where tax codes are asked for.
    """
    return _PERSONAL_ID.sub(r"•••••••••\1", text)


def visible(text: str) -> str:
    """Return `text` with "�" for every character that does something instead of being seen."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)
