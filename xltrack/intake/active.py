"""Finds what could act when a person opens the workbook, and what it takes from elsewhere."""

import html
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Final
from urllib.parse import unquote

from xltrack.findings import Finding
from xltrack.intake.archive import Parts
from xltrack.intake.grammar import START
from xltrack.intake.markup import MAIN, parse, root_of
from xltrack.intake.model import Refused, unusual
from xltrack.intake.package import content_types, relations
from xltrack.language import Text

_MACROS: Final = "XLT108"
_OBJECTS: Final = "XLT110"
_CONNECTIONS: Final = "XLT111"
_VBA: Final = (_MACROS, Text("macro VBA", "VBA macros"))
_XLM: Final = (_MACROS, Text("trang macro Excel 4.0", "an Excel 4.0 macro sheet"))
_EMBEDDED: Final = (_OBJECTS, Text("đối tượng hoặc tệp nhúng (OLE)", "an embedded object or file (OLE)"))
_CONTROL: Final = (_OBJECTS, Text("điều khiển ActiveX", "an ActiveX control"))
_QUERY: Final = (_CONNECTIONS, Text("kết nối dữ liệu hoặc truy vấn", "a data connection or query"))
_DDE: Final = (
    _CONNECTIONS,
    Text("liên kết tới chương trình khác (DDE, OLE)", "a link to another program (DDE, OLE)"),
)

# The last word of a relationship's type, or a piece of a part's content type or name.
_BY_RELATION: Final = {
    "vbaproject": _VBA,
    "xlmacrosheet": _XLM,
    "xlintlmacrosheet": _XLM,
    "dialogsheet": _XLM,
    "oleobject": _EMBEDDED,
    "package": _EMBEDDED,
    "control": _CONTROL,
    "activexcontrolbinary": _CONTROL,
    "connections": _QUERY,
    "querytable": _QUERY,
}
_BY_TYPE: Final = {
    "vbaproject": _VBA,
    "macrosheet": _XLM,
    "sheet.macroenabled": (_MACROS, Text("kiểu tệp .xlsm", "the file type .xlsm")),
    "template.macroenabled": (_MACROS, Text("kiểu tệp .xltm", "the file type .xltm")),
    "addin.macroenabled": (_MACROS, Text("kiểu tệp .xlam", "the file type .xlam")),
    "oleobject": _EMBEDDED,
    "activex": _CONTROL,
    "connections+xml": _QUERY,
    "querytable+xml": _QUERY,
}
_REFERENCE: Final = rb"&#(?:0*124|[xX]0*7[cC]);"
_BAR_BY_NUMBER: Final = re.compile(_REFERENCE)
_BAR: Final = re.compile(rb"\||" + _REFERENCE)
_TAG: Final = "(?:f|formula[12]?|definedName|calculatedColumnFormula)"
_START: Final = re.compile(rb"""<(?:[^"'<>]++|"[^"]*"|'[^']*')*+>""")
_END: Final = re.compile(rb"</(?:[^\s<>/:]++:)?%s\s*>" % _TAG.encode())
_FORMULA: Final = re.compile(f"(?:.* )?{_TAG}")
_LINK: Final = f"{MAIN} externalLink"
# The outermost element is at once seen to be another.
_NO_LINK: Final = re.compile(START.pattern + rb"(?![^\s<>/]*externalLink)[^!]")
# Texts, names of sheets, names of columns: a bar in them means nothing.
_QUOTED: Final = re.compile(r""""[^"]*"|'[^']*'|\[[^\[\]]*\]""")


# Excel's 8,192 characters, each written as a reference.
_LONGEST: Final = 8_192 * 8


def find_active(parts: Parts) -> tuple[Finding, ...]:
    """Return what of the workbook could act, one finding a code; raises Refused for parts that are not well formed."""
    found: dict[str, dict[Text, None]] = {}
    for code, what in _marks(parts):
        found.setdefault(code, {})[what] = None
    return tuple(Finding(code, facts={"found": tuple(what)}) for code, what in sorted(found.items()))


def linked_files(markup: Mapping[str, bytes]) -> tuple[str, ...]:
    """Return the other workbooks that formulas refer to, as the file names them."""
    links = [one for part in _link_parts(markup) for one in relations(markup, part) if not one.part]
    return tuple(dict.fromkeys(unquote(link.written).removeprefix("file:///") for link in links))


def _marks(parts: Parts) -> Iterator[tuple[str, Text]]:
    for kind in _kinds_of_relations(parts.markup):
        if kind in _BY_RELATION:
            yield _BY_RELATION[kind]
    for kind in content_types(parts).values():
        yield from _marks_of(kind.casefold())
    for part in parts.compound:
        yield from _marks_of(part) or [_EMBEDDED]
    if any(_has_program_link(parts.markup[part]) for part in _link_parts(parts.markup)):
        yield _DDE
    yield from (_DDE for xml in parts.markup.values() if _has_dde_formula(xml))


def _marks_of(said: str) -> list[tuple[str, Text]]:
    return [mark for piece, mark in _BY_TYPE.items() if piece in said]


def _kinds_of_relations(markup: Mapping[str, bytes]) -> Iterator[str]:
    for holder in markup:
        folder, _, name = holder.rpartition("_rels/")
        if name.endswith(".rels"):
            yield from (relation.kind for relation in relations(markup, folder + name.removesuffix(".rels")))


def _link_parts(markup: Mapping[str, bytes]) -> list[str]:
    """Return the parts that are links to elsewhere, whatever they are called and whatever names them."""
    return [part for part, xml in markup.items() if not _NO_LINK.match(xml) and _is_link(xml)]


def _is_link(xml: bytes) -> bool:
    with suppress(Refused):  # what is broken is refused when its turn comes, under the name that people know
        return root_of(xml) == _LINK
    return False


def _has_program_link(xml: bytes) -> bool:
    """Return whether an external link leads to a program instead of a workbook."""
    found = False

    def start(element: str, _: dict[str, str]) -> None:
        nonlocal found
        found = found or element in (f"{MAIN} ddeLink", f"{MAIN} oleLink")

    parse(xml, start)
    return found


def _has_dde_formula(xml: bytes) -> bool:
    """Return whether a formula in `xml` asks another program for its value, as in "cmd|' /c calc'!A1"."""
    # Far quicker than to look for both at once, and for a single byte than for anything else.
    if b"|" not in xml and not (b"#" in xml and _BAR_BY_NUMBER.search(xml)):
        return False
    if b"<!" in xml or xml.count(b"<?") > 1:  # a section or a remark may stand in the middle of a formula
        with suppress(Refused):  # what is not well formed is told of where it is read
            return _has_barred_formula(xml)
        return False
    return any(_is_barred(html.unescape(formula.decode("utf-8", "replace"))) for formula in _with_bars(xml))


def _with_bars(xml: bytes) -> Iterator[bytes]:
    """Yield the formulas with a bar in them; from bar to the end of its text, so that nothing is gone over twice."""
    bar = _BAR.search(xml)
    while bar:
        end = xml.find(b"<", bar.end())
        if end < 0:
            return
        if _END.match(xml, end):
            begin = xml.rfind(b"<", 0, bar.start())
            if end - begin > _LONGEST:
                raise unusual("công thức dài hơn Excel cho phép", "a formula longer than Excel allows")
            yield _START.sub(b"", xml[begin:end], 1)
        bar = _BAR.search(xml, end)


def _has_barred_formula(xml: bytes) -> bool:
    formula: list[str] = []
    is_open = found = False

    def start(element: str, _: dict[str, str]) -> None:
        nonlocal is_open
        is_open = _FORMULA.fullmatch(element) is not None

    def characters(text: str) -> None:
        if is_open:
            formula.append(text)

    def end(_: str) -> None:
        nonlocal is_open, found
        found = found or _is_barred("".join(formula))
        formula.clear()
        is_open = False

    parse(xml, start, characters, end)
    return found


def _is_barred(formula: str) -> bool:
    return "|" in _QUOTED.sub("", formula)
