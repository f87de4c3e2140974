"""What findings may show of a cell: messages travel by mail and stay in the store (Law 91/2025/QH15)."""

import re

from xltrack.findings.masking import hidden, masked
from xltrack.forms import Column

_SEPARATORS = re.compile(r"[\s.–-]")
# Identity cards had nine digits until 2021; a tax code that lost its first zero has nine as well, but agrees.
_OLD_CARD = 9


def sayable(column: Column, text: str) -> str:
    """Return `text` as findings may show it: contacts and personal identification numbers are hidden."""
    if column.personal:
        return f"{text[:2]}…"
    digits = _SEPARATORS.sub("", text)
    if column.checksum and digits.isdecimal() and len(digits) == _OLD_CARD:
        # What knows the check digits takes long to import, and few texts have so many digits.
        from xltrack.reading.identifiers import is_tax_code  # noqa: PLC0415

        if not is_tax_code(f"0{digits}"):
            return hidden(digits)
    return masked(text) if column.type == "string" else text
