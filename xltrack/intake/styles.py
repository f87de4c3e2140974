"""Says what the formats of cells mean: a date, a percentage, struck through, a font of a legacy encoding."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final, Literal, NamedTuple

from xltrack.intake.markup import MAIN, parse
from xltrack.intake.model import damaged, too_many, unusual
from xltrack.intake.places import number_of

# Excel specifications and limits: unique cell formats.
FORMATS: Final = 65_490
Marks = frozenset[str]
NO_MARKS: Final = Marks()
# Excel takes 255 letters, of which the file may need more to write one.
NAME_LETTERS: Final = 1_024
UNDEFINED: Final = Marks({"undefined"})
_PERCENT: Final = Marks({"percent"})
FONT_MARKS: Final = Marks({"struck", "tcvn3", "vni"})
_SECTIONS: Final = set("styleSheet numFmts fonts fills cellStyleXfs cellXfs cellStyles dxfs".split())
Moment = Literal["", "date", "duration"]
# Texts within a number format, and characters that stand for themselves or for a width.
_TEXT: Final = re.compile(r'"[^"]*"|[\\_*].')
# Those too, colours and conditions.
_LITERAL: Final = re.compile(_TEXT.pattern + r"|\[[^\[\]]*\]?")
_ELAPSED: Final = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
# What a number format writes beside the digits: in quotation marks, behind a backslash, as a currency, or as it is.
_WRITTEN: Final = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|[_*].|\[[^\[\]]*\]|(;)|(.)', re.DOTALL)
# Commas behind the last digit: each divides what is shown by a thousand.
_DIVIDING: Final = re.compile(r"[0#?](,+)(?![0#?,])")
BESIDE: Final = "beside:"
DIVIDED: Final = "divided:"
# ISO 29500-1, 18.8.30.
_BUILT_IN: Final = {
    **dict.fromkeys(("9", "10"), "0%"),
    **dict.fromkeys((str(number) for number in (*range(14, 23), 45, 47)), "d"),
    "46": "[h]:mm:ss",
}
_LEGACY: Final = {".vn": "tcvn3", "vni-": "vni"}


class Format(NamedTuple):
    """A cell format: its marks, and whether a number is shown as a moment ("date") or a span of time ("duration")."""

    marks: Marks = NO_MARKS
    moment: Moment = ""


def format_of(style: str | None, formats: Sequence[Format]) -> Format:
    """Return the format numbered `style` among `formats`; a cell that names none has the first."""
    if style is None:
        return formats[0] if formats else Format()
    number = number_of(style)
    return Format(UNDEFINED) if number is None or number >= len(formats) else formats[number]


def read_styles(xml: bytes) -> tuple[Format, ...]:
    """Return the cell formats in `xml`, in the order of their numbers; raises Refused."""
    reader = _Styles()
    parse(xml, reader.start)
    return tuple(reader.formats)


def font_marks(name: str, struck: bool) -> Marks:
    """Return what the font `name` says of the text: "tcvn3" or "vni" for legacy encodings, "struck"."""
    start = name[:NAME_LETTERS].strip()[:4].casefold()
    found = {mark for prefix, mark in _LEGACY.items() if start.startswith(prefix)}
    return Marks(found | {"struck"} if struck else found)


def moment_of(code: str) -> Moment:
    """Return as what the number format `code` shows a number, by the first of its sections."""
    if _ELAPSED.search(_TEXT.sub("", code).partition(";")[0]):
        return "duration"
    shown = _LITERAL.sub("", code).partition(";")[0].casefold()
    return "date" if set("dmyhs") & set(shown) or "a/p" in shown else ""


def is_on(value: str) -> bool:
    """Return whether the truth value `value` of an attribute is true."""
    return value in ("1", "true", "on")


class _Styles:
    """The state of one pass over the styles."""

    def __init__(self) -> None:
        self.formats: list[Format] = []
        self._section = self._name = ""
        self._struck = False
        self._sections: set[str] = set()
        self._fonts: list[Marks] = []
        self._codes = dict(_BUILT_IN)
        self._shown = cache(_shown)

    def start(self, element: str, attributes: Mapping[str, str]) -> None:
        local = element.removeprefix(f"{MAIN} ")
        if not self._section and local != "styleSheet":
            raise damaged(
                "danh sách định dạng có cấu trúc lạ", "its list of formats is built in an unknown way"
            )
        if local in _SECTIONS:
            if local in self._sections:
                raise unusual(f"có hai lần {local}", f"it has {local} twice")
            self._sections.add(local)
            self._section = local
        elif self._section == "fonts":
            self._font(local, attributes)
        elif local == "numFmt" and self._section == "numFmts":
            self._codes[attributes.get("numFmtId", "")] = _short(attributes.get("formatCode", ""))
        elif local == "xf" and self._section == "cellXfs":
            self._format(attributes)

    def _font(self, local: str, attributes: Mapping[str, str]) -> None:
        value = attributes.get("val", "")
        if local == "font":
            self._name, self._struck = "", False
            if len(self._fonts) == FORMATS:
                raise too_many(FORMATS, "phông chữ", "fonts")
            self._fonts.append(NO_MARKS)
        elif local == "name":
            self._name = _short(value)
        elif local == "strike":
            self._struck = is_on(value or "1")
        if self._fonts:
            self._fonts[-1] = font_marks(self._name, self._struck)

    def _format(self, attributes: Mapping[str, str]) -> None:
        if len(self.formats) == FORMATS:
            raise too_many(FORMATS, "định dạng ô", "cell formats")
        font = number_of(attributes.get("fontId", "0"))
        marks = NO_MARKS if font is None or font >= len(self._fonts) else self._fonts[font]
        shown = self._shown(self._codes.get(attributes.get("numFmtId", "0"), ""))
        self.formats.append(Format(marks | shown.marks, shown.moment))


def _shown(code: str) -> Format:
    """Return what the number format `code` says."""
    moment = moment_of(code)
    percent = _PERCENT if "%" in _LITERAL.sub("", code) else NO_MARKS
    return Format(percent if moment else percent | _unit_marks(code), moment)


def _unit_marks(code: str) -> Marks:
    """Return what the number format `code` adds to a number: a text beside it, the thousands it is divided by."""
    written = ""
    for quoted, escaped, currency, end, bare in _WRITTEN.findall(code):
        if end:
            break
        written += quoted or escaped or currency or (bare if bare == "$" or not bare.isascii() else "")
    dividing = _DIVIDING.search(_LITERAL.sub("", code).partition(";")[0])
    says_unit = any(sign.isalpha() or unicodedata.category(sign) == "Sc" for sign in written)
    found = {f"{BESIDE}{written.strip()}"} if says_unit else set()
    return Marks(found | {f"{DIVIDED}{len(dividing[1])}"} if dividing else found)


def _short(name: str) -> str:
    if len(name) > NAME_LETTERS:
        raise unusual(
            f"tên phông chữ hoặc định dạng số dài hơn {NAME_LETTERS} ký tự",
            f"the name of a font, or a number format, is longer than {NAME_LETTERS} letters",
        )
    return name
