"""Reads the XML of a package: its relationships, workbook, strings and properties."""

import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from xml.parsers import expat

from xltrack.intake.model import Refused, State, damaged
from xltrack.language import Text

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_OFFICE_DOCUMENT = f"{_R}/officeDocument"
_WORKSHEET = f"{_R}/worksheet"
_WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_OTHER_TYPES = {
    "application/vnd.ms-excel.sheet.macroEnabled.main+xml": Text(
        "tệp Excel có macro (.xlsm)", "an Excel workbook with macros (.xlsm)"
    ),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml": Text(
        "tệp mẫu Excel (.xltx)", "an Excel template (.xltx)"
    ),
    "application/vnd.ms-excel.template.macroEnabled.main+xml": Text(
        "tệp mẫu Excel có macro (.xltm)", "an Excel template with macros (.xltm)"
    ),
    "application/vnd.ms-excel.addin.macroEnabled.main+xml": Text(
        "tiện ích Excel (.xlam)", "an Excel add-in (.xlam)"
    ),
}  # fmt: skip
_STATES: Mapping[str, State] = {"hidden": "hidden", "veryHidden": "veryHidden"}
# Half characters and U+FFFF are none: readers leave them as they stand.
_ESCAPE = re.compile(r"_x(?![Dd][89A-Fa-f]|[Ff]{3}[EeFf])([0-9A-Fa-f]{4})_")

Start = Callable[[str, dict[str, str]], None]
Characters = Callable[[str], None]
End = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Structure:
    """Which part is which: worksheets and their states by tab, shared strings, styles; the date system."""

    worksheets: Mapping[str, str]
    states: Mapping[str, State]
    strings: str | None
    styles: str | None
    date_1904: bool


def parse(
    xml: bytes, start: Start | None = None, characters: Characters | None = None, end: End | None = None
) -> None:
    """Run expat over `xml`, names as "namespace local"; raises Refused for a DTD or XML that is not well formed."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = start
    parser.CharacterDataHandler = characters
    parser.EndElementHandler = end
    try:
        parser.Parse(xml, True)
    except (
        expat.ExpatError,
        LookupError,
        ValueError,
    ) as failure:  # the latter two for an encoding that is none
        raise damaged(f"nội dung XML hỏng ({failure})", f"its XML is broken ({failure})") from failure


def read_structure(parts: Mapping[str, bytes]) -> Structure:
    """Return where the parts of the workbook are; raises Refused if its main part is no plain .xlsx workbook."""
    main = _main_part(parts)
    kinds = _content_types(parts["[Content_Types].xml"])
    _require_workbook(kinds.get(f"/{main}".casefold(), ""))
    targets = relationships(parts, main)
    sheets, date_1904 = _workbook(parts[main])
    worksheets = {}
    for tab, (relation, _) in sheets.items():
        kind, target = targets.get(relation, ("", ""))
        if kind == _WORKSHEET:
            if target not in parts:
                raise damaged(f"thiếu nội dung của trang {tab}", f"the content of sheet {tab} is missing")
            worksheets[tab] = target
    states = {tab: state for tab, (_, state) in sheets.items()}
    parts_of = {kind: target for kind, target in targets.values() if target in parts}
    strings, styles = parts_of.get(f"{_R}/sharedStrings"), parts_of.get(f"{_R}/styles")
    return Structure(worksheets, states, strings, styles, date_1904)


def relationships(parts: Mapping[str, bytes], part: str) -> dict[str, tuple[str, str]]:
    """Return the relationships of `part` ("" for the package): type and target part by id."""
    folder, name = posixpath.split(part)
    found: dict[str, tuple[str, str]] = {}

    def start(element: str, attributes: dict[str, str]) -> None:
        if element.endswith(" Relationship") and attributes.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", "")))
            found[attributes.get("Id", "")] = (attributes.get("Type", ""), target.lstrip("/"))

    parse(parts.get(posixpath.join(folder, "_rels", f"{name}.rels"), b"<none/>"), start)
    return found


def custom_properties(xml: bytes) -> dict[str, str]:
    """Return the custom document properties in `xml` as text by name."""
    found: dict[str, str] = {}
    name = ""

    def start(element: str, attributes: dict[str, str]) -> None:
        nonlocal name
        if element.endswith(" property"):
            name = attributes.get("name", "")

    def characters(text: str) -> None:
        if name and text.strip():
            found[name] = found.get(name, "") + text

    parse(xml, start, characters)
    return found


def decoded(text: str) -> str:
    """Return `text` of a cell with the escapes of ISO 29500 (`_x000D_`) resolved."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)


def is_content(text: str) -> bool:
    """Return whether `text` of a cell is more than white space."""
    return bool(decoded(text).strip()) if "_x" in text else bool(text.strip())


def _refuse_doctype(*_: object) -> None:
    raise damaged(
        "tệp khai báo DTD, điều mà Excel không bao giờ làm", "it declares a DTD, which Excel never does"
    )


def _main_part(parts: Mapping[str, bytes]) -> str:
    kinds = dict(relationships(parts, "").values())
    if any(kind.startswith(_STRICT) for kind in kinds):
        raise Refused("XLT104", kind=Text("tệp Excel dạng Strict Open XML", "a Strict Open XML workbook"))
    main = kinds.get(_OFFICE_DOCUMENT, "")
    if main not in parts:
        raise damaged("không tìm thấy nội dung sổ tính", "it holds no workbook")
    return main


def _require_workbook(kind: str) -> None:
    if kind in _OTHER_TYPES:
        raise Refused("XLT104", kind=_OTHER_TYPES[kind])
    if kind != _WORKBOOK_TYPE:
        raise Refused(
            "XLT101", kind=Text(f"tài liệu loại {kind or 'lạ'}", f"a document of type {kind or 'unknown'}")
        )


def _content_types(xml: bytes) -> dict[str, str]:
    found: dict[str, str] = {}
    defaults: dict[str, str] = {}

    def start(element: str, attributes: dict[str, str]) -> None:
        if element.endswith(" Override"):
            found[attributes.get("PartName", "").casefold()] = attributes.get("ContentType", "")
        elif element.endswith(" Default"):
            defaults[attributes.get("Extension", "").casefold()] = attributes.get("ContentType", "")

    parse(xml, start)
    if defaults.get("xml") == _WORKBOOK_TYPE:
        found.setdefault("/xl/workbook.xml", _WORKBOOK_TYPE)
    return found


def _workbook(xml: bytes) -> tuple[dict[str, tuple[str, State]], bool]:
    """Return the relation and the state of each sheet by its tab, and whether dates count from 1904."""
    sheets: dict[str, tuple[str, State]] = {}
    date_1904 = False

    def start(element: str, attributes: dict[str, str]) -> None:
        nonlocal date_1904
        if element == f"{MAIN} sheet":
            tab = attributes.get("name", "")
            if tab in sheets:
                raise damaged("có hai trang cùng tên", "two sheets have the same name")
            state = _STATES.get(attributes.get("state", ""), "visible")
            sheets[tab] = (attributes.get(f"{_R} id", ""), state)
        elif element == f"{MAIN} workbookPr":
            date_1904 = attributes.get("date1904", "0") in ("1", "true")

    parse(xml, start)
    if not sheets:
        raise damaged("sổ tính không có trang nào", "the workbook has no sheets")
    return sheets, date_1904
