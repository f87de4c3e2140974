"""How problems look in a return, on the sheet of results and on the cells alike."""

from collections.abc import Mapping
from dataclasses import dataclass

from xltrack.findings import Severity
from xltrack.language import Text


@dataclass(frozen=True, slots=True)
class Look:
    """How one severity looks: its name, a sign, fill and line in RGB, the kind of line around the cell."""

    name: Text
    sign: str
    fill: str
    line: str
    border: str


LOOKS: Mapping[Severity, Look] = {
    "error": Look(Text("Lỗi", "Error"), "●", "F8CBC8", "9C0006", "thin"),
    "warning": Look(Text("Cảnh báo", "Warning"), "▲", "FFE2A8", "9A5B00", "dashed"),
    "note": Look(Text("Ghi chú", "Note"), "○", "D9E6F5", "2F5F98", "dotted"),
}
"""Gravest first. Colour is never the only sign: the border differs as well, and errors are bold."""
