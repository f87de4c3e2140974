"""Keeps out of what is shown to people what must not be seen, or must not reach a terminal."""

import re

# A terminal would obey control characters, and some turn the direction of writing.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
# Twelve digits, however grouped if they begin with 0 as personal numbers do (Decree 137/2015/NĐ-CP: the code of the
# province, 001 to 096), and eleven that Excel left of them when it took them for a number.
_PERSONAL_ID = re.compile(r"(?<!\d)(?:\d{12}|0(?:[ .–-]?\d){11}|[1-9]\d{10})(?!\d)")
_KEPT = 3


def masked(text: str) -> str:
    """Return `text` with every number that may be a personal identification number reduced to its last three digits.

    Since 1 July 2025 the twelve-digit personal identification number serves households as a tax code
    (Circular 86/2024/TT-BTC), so it turns up where tax codes are asked for.
    """
    return _PERSONAL_ID.sub(lambda match: hidden(match[0]), text)


def hidden(number: str) -> str:
    """Return `number` without separators, with nothing but its last three digits to be seen."""
    digits = "".join(filter(str.isdecimal, number))
    return "•" * (len(digits) - _KEPT) + digits[-_KEPT:]


def visible(text: str) -> str:
    """Return `text` with "�" for every character that does something instead of being seen."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)
