"""What findings may show of a cell: messages travel by mail and stay in the store (Law 91/2025/QH15)."""

from xltrack.findings.masking import masked
from xltrack.forms import Column


def sayable(column: Column, text: str) -> str:
    """Return `text` as findings may show it: contacts and personal identification numbers are hidden."""
    if column.personal:
        return f"{text[:2]}…"
    return masked(text) if column.type == "string" else text
