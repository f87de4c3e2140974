"""Looks over the texts of a workbook: which say nothing, and which are struck through or in a legacy font."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from xltrack.intake.markup import MAIN, is_content, parse
from xltrack.intake.model import damaged
from xltrack.intake.styles import Marks, font_marks, is_on

STRINGS: Final = 1_500_000
_LOCAL: Final = {f"{MAIN} {name}": name for name in ("sst", "si", "t", "r", "rPh", "rPr", "strike", "rFont")}


@dataclass(frozen=True, slots=True)
class Rich:
    """What all runs of a text have in common; `inherits` if one of them has the font of its cell."""

    marks: Marks
    inherits: bool

    def within(self, font: Marks) -> Marks:
        """Return the marks of the text in a cell whose font has the marks `font`."""
        return self.marks & font if self.inherits else self.marks


@dataclass(frozen=True, slots=True)
class Strings:
    """The shared strings of a workbook: how many, the numbers of the blank ones, what the runs of others say."""

    count: int = 0
    blank: frozenset[int] = frozenset()
    rich: Mapping[int, Rich] = field(default_factory=dict)


class Runs:
    """Follows one text through its runs; readings of characters (`rPh`) are no part of it."""

    __slots__ = ("_font", "_in_text", "_inherits", "_marks", "_phonetic", "_plain", "_struck", "text")

    def __init__(self) -> None:
        self.open()

    def open(self) -> None:
        """Begin a new text."""
        self.text = self._font = ""
        self._in_text = self._phonetic = self._inherits = self._struck = False
        self._plain = True
        self._marks: Marks | None = None

    def start(self, local: str, attributes: Mapping[str, str]) -> None:
        """Take the element `local` that begins within the text."""
        self._in_text = local == "t" and not self._phonetic
        if local in ("r", "rPh"):
            self._phonetic = local == "rPh"
            self._plain = True
        elif local == "rPr":
            self._plain = self._struck = False
            self._font = ""
        elif local == "strike":
            self._struck = is_on(attributes.get("val", "1"))
        elif local == "rFont":
            self._font = attributes.get("val", "")

    def characters(self, text: str) -> None:
        """Take a piece of text."""
        if not self._in_text:
            return
        self.text += text
        if self._plain:
            self._inherits = True
        elif text.strip():
            marks = font_marks(self._font, self._struck)
            self._marks = marks if self._marks is None else self._marks & marks

    def end(self) -> None:
        """Take the end of an element."""
        self._in_text = False

    @property
    def rich(self) -> Rich | None:
        """Return what its runs say; None where all of it has the font of the cell."""
        return None if self._marks is None else Rich(self._marks, self._inherits)


def read_strings(xml: bytes) -> Strings:
    """Return what is to be known of the shared strings in `xml`; raises Refused."""
    reader = _Strings()
    parse(xml, reader.start, reader.runs.characters, reader.end)
    return Strings(reader.count, frozenset(reader.blank), reader.rich)


class _Strings:
    """The state of one pass over the shared strings."""

    def __init__(self) -> None:
        self.count = 0
        self.blank: set[int] = set()
        self.rich: dict[int, Rich] = {}
        self.runs = Runs()

    def start(self, element: str, attributes: Mapping[str, str]) -> None:
        local = _LOCAL.get(element, "")
        if local == "si":
            self.runs.open()
        elif local == "sst":
            _check_count(attributes.get("uniqueCount", "0"))
        else:
            self.runs.start(local, attributes)

    def end(self, element: str) -> None:
        self.runs.end()
        if _LOCAL.get(element) == "si":
            if not is_content(self.runs.text):
                self.blank.add(self.count)
            elif self.runs.rich is not None:
                self.rich[self.count] = self.runs.rich
            self.count += 1


def _check_count(declared: str) -> None:
    if not declared.isdecimal() or int(declared) > STRINGS:
        raise damaged("số chuỗi ký tự khai báo không hợp lý", "it declares an implausible number of strings")
