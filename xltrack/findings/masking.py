"""Keeps out of what is shown to people what must not be seen, or must not reach a terminal."""

import re

# A terminal would obey control characters, and some turn the direction of writing.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
# Twelve digits, however grouped if they begin with 0 as personal numbers do (Decree 137/2015/NĐ-CP: the code of the
# province, 001 to 096), and eleven that Excel left of them when it took them for a number.
_PERSONAL_ID = re.compile(r"(?<!\d)(?:\d{12}|0(?:[ .–-]?\d){11}|[1-9]\d{10})(?!\d)")
# Of mobile numbers only those that say what they are: tax codes have ten digits too (as rule XLT562 asks).
_DIGITS = r"[ .-]{0,2}[35789](?:[ .-]{0,2}\d){8}(?!\d)"
_WORD = r"\b(?:s?đt|s?dt|đtdđ|dtdd|điện thoại|dien thoai|di động|di dong|mobile|tel|zalo|liên hệ|lien he)"
_MOBILE = re.compile(rf"({_WORD}[^\d+]{{0,20}})((?:0|\+?84){_DIGITS})|((?<!\d)\+84{_DIGITS})", re.IGNORECASE)
_MAILBOX = re.compile(r"[\w.+-]+(?=@[\w-]+(?:\.[\w-]+)+)")
_KEPT = 3
_KEPT_OF_NAME = 2


def masked(text: str) -> str:
    """Return `text` with what may be a person's own reduced to its last digits or first letters.

    These are personal identification numbers, mobile telephone numbers behind a word such as "điện thoại" or behind
    "+84", and names before the @ of mailboxes. Since 1 July 2025 the twelve-digit personal identification number serves
    households as a tax code (Circular 86/2024/TT-BTC), so it turns up where tax codes are asked for.
    """
    text = _PERSONAL_ID.sub(lambda match: hidden(match[0]), text)
    if "@" in text:
        text = _MAILBOX.sub(lambda match: f"{match[0][:_KEPT_OF_NAME]}…", text)
    return _MOBILE.sub(lambda match: (match[1] or "") + hidden(match[2] or match[3]), text)


def hidden(number: str) -> str:
    """Return `number` without separators, with nothing but its last three digits to be seen."""
    digits = "".join(filter(str.isdecimal, number))
    return "•" * (len(digits) - _KEPT) + digits[-_KEPT:]


def visible(text: str) -> str:
    """Return `text` with "�" for every character that does something instead of being seen."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)
