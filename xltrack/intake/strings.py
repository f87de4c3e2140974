"""Looks over the texts of a workbook: which say nothing, and which are struck through or in a legacy font."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Final

from xltrack.intake.markup import MAIN, decoded, parse
from xltrack.intake.model import Refused, damaged, overgrown, too_many, unusual
from xltrack.intake.styles import Marks, font_marks, is_on

STRINGS: Final = 1_000_000
# Excel specifications and limits: characters that a cell can contain.
LETTERS: Final = 32_767
_SHOWN: Final = 30
_NAMES: Final = "sst si t r rPh rPr strike rFont phoneticPr extLst".split()
_LOCAL: Final = {f"{MAIN} {name}": name for name in _NAMES}
# So many numerals are kept: to make one takes longer than to find what it stands for.
_KEPT: Final = 2**16
SPACE: Final = " \t\r\n"
"""White space of XML: at the ends of a text it counts only where the file says so."""
_SPACE: Final = "http://www.w3.org/XML/1998/namespace space"
# Which elements may stand at which depth of the list.
_AT: Final = {0: {"sst"}, 1: {"si", "extLst"}}
_ANY: Final = {None, *_NAMES}
# Which elements may stand in a text, a run of it, and a reading of its characters.
_WITHIN: Final = {"": {"t", "r", "rPh", "phoneticPr"}, "r": {"t", "rPr"}, "rPh": {"t"}}


@dataclass(frozen=True, slots=True)
class Rich:
    """What all runs of a text have in common; `inherits` if one of them has the font of its cell."""

    marks: Marks
    inherits: bool

    def within(self, font: Marks) -> Marks:
        """Return the marks of the text in a cell whose font has the marks `font`."""
        return self.marks & font if self.inherits else self.marks


@dataclass(frozen=True)
class Strings:
    """The shared strings of a workbook as people read them, the numbers of the blank ones, what the runs of others say.

    `is_plain` says that no two readers could take them differently.
    """

    texts: Sequence[str] = ()
    blank: frozenset[int] = frozenset()
    rich: Mapping[int, Rich] = field(default_factory=dict)
    is_plain: bool = True

    @property
    def count(self) -> int:
        """Return how many there are."""
        return len(self.texts)

    @cached_property
    def telling(self) -> frozenset[int]:
        """Return the numbers of those that are blank or have runs."""
        return self.blank.union(self.rich)

    @cached_property
    def by_numeral(self) -> Mapping[bytes, str]:
        """Return the texts by their numbers as programs write them; without a number, the text is ""."""
        known = dict(zip(_numerals(self.count), self.texts, strict=False))
        known[b""] = ""
        return known

    @cached_property
    def telling_numerals(self) -> frozenset[bytes]:
        """Return the same of those that are telling."""
        return frozenset(map(_numeral, self.telling))


class Runs:
    """Follows one text through its runs; readings of characters (`rPh`) are no part of it.

    White space at the ends of a run counts only where the file says so (`xml:space`), as in Excel. `is_strange`
    tells of elements that do not belong in a text, which readers would take differently.
    """

    __slots__ = (
        "_font",
        "_inherits",
        "_keeps",
        "_marks",
        "_piece",
        "_plain",
        "_stack",
        "_struck",
        "is_strange",
        "text",
    )

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Begin a new text."""
        self.text = self._piece = self._font = ""
        self._stack = [""]
        self._keeps = self._inherits = self._struck = self.is_strange = False
        self._plain = True
        self._marks: Marks | None = None

    def start(self, element: str, attributes: Mapping[str, str]) -> None:
        """Take `element`, which begins within the text."""
        local, parent = _LOCAL.get(element, "other"), self._stack[-1]
        self._stack.append(local)
        if local == "t" and "rPr" in self._stack:
            self.is_strange = True
        elif "rPr" in self._stack[:-1]:
            self._note(local, attributes)
        elif local not in _WITHIN.get(parent, ()):
            self.is_strange = True
        elif local == "t":
            self._keeps = attributes.get(_SPACE) == "preserve"
        else:
            self._plain, self._struck, self._font = local != "rPr", False, ""

    def _note(self, local: str, attributes: Mapping[str, str]) -> None:
        if local == "strike":
            self._struck = is_on(attributes.get("val", "1"))
        elif local == "rFont":
            self._font = attributes.get("val", "")

    def characters(self, text: str) -> None:
        """Take a piece of text."""
        if self._stack[-1] == "t" and "rPh" not in self._stack:
            self._piece += text

    def end(self) -> None:
        """Take the end of an element."""
        if self._stack.pop() != "t" or not self._piece:
            return
        self.text += self._piece if self._keeps else self._piece.strip(SPACE)
        if self._plain:
            self._inherits = True
        elif self._piece.strip():
            marks = font_marks(self._font, self._struck)
            self._marks = marks if self._marks is None else self._marks & marks
        self._piece = ""

    @property
    def rich(self) -> Rich | None:
        """Return what its runs say; None where all of it has the font of the cell."""
        return None if self._marks is None else Rich(self._marks, self._inherits)


def read_strings(xml: bytes) -> Strings:
    """Return what is to be known of the shared strings in `xml`; raises Refused."""
    texts: list[str] = []
    blank: set[int] = set()
    rich: dict[int, Rich] = {}
    known: dict[Rich, Rich] = {}  # many runs say the same few things

    def visit(runs: Runs) -> None:
        require_short(runs.text)
        text, found = decoded(runs.text), runs.rich
        if not text.strip():
            blank.add(len(texts))
        elif found is not None:
            rich[len(texts)] = known.setdefault(found, found)
        texts.append(text)
        if len(texts) > STRINGS:
            raise too_many(STRINGS, "chuỗi ký tự", "texts")

    _walk(xml, visit)
    return Strings(texts, frozenset(blank), rich, is_plain=False)


def require_short(text: str, ref: str = "") -> None:
    """Raise Refused for a `text` longer than a cell can hold; it stands in the cell `ref`, or "" if in several."""
    if len(text) > LETTERS:
        start = " ".join(text[:_SHOWN].split())
        number = f"{LETTERS:,}"
        raise overgrown(
            f"{f'ô {ref}' if ref else 'một ô'} có hơn {number.replace(',', '.')} ký tự, bắt đầu bằng “{start}…”",
            f"{f'cell {ref}' if ref else 'a cell'} has more than {number} letters, beginning with “{start}…”",
        )


def _numerals(count: int) -> Iterable[bytes]:
    """Return the numbers below `count`, or some more, as programs write them."""
    return _kept_numerals(1 << count.bit_length()) if count < _KEPT else map(_numeral, range(count))


@cache
def _kept_numerals(count: int) -> Sequence[bytes]:
    return tuple(map(_numeral, range(count)))


def _numeral(number: int) -> bytes:
    return b"%d" % number


def _walk(xml: bytes, visit: Callable[[Runs], None]) -> None:
    """Call `visit` with every shared string in its order."""
    runs = Runs()
    depth, inside, is_over = 0, False, False

    def start(element: str, attributes: dict[str, str]) -> None:
        nonlocal depth, inside, is_over
        local = _LOCAL.get(element)
        if inside:
            runs.start(element, attributes)
        elif local not in _AT.get(depth, _ANY) or (is_over and (depth == 1 or local == "si")):
            raise _strange()  # readers count as a string whatever is called so
        elif depth == 1:
            inside, is_over = local == "si", local == "extLst"
            runs.begin()
        elif depth == 0:
            _check_declared(attributes)
        depth += 1

    def end(_: str) -> None:
        nonlocal depth, inside
        depth -= 1
        if runs.is_strange:
            raise _strange()
        if depth > 1 and inside:
            runs.end()
        elif inside:
            visit(runs)
            inside = False

    parse(xml, start, runs.characters, end)


def _check_declared(attributes: Mapping[str, str]) -> None:
    """Raise Refused for a number of strings that readers would find memory for before there is one string."""
    for declared in (attributes.get("uniqueCount", "0"), attributes.get("count", "0")):
        if not (declared.isascii() and declared.isdecimal()) or int(declared[:20]) > STRINGS:
            raise unusual(
                "số chuỗi ký tự khai báo không hợp lý", "it declares an implausible number of strings"
            )


def _strange() -> Refused:
    return damaged(
        "danh sách chuỗi ký tự có cấu trúc lạ", "its list of shared strings is built in an unknown way"
    )
