"""Finds out which part of a workbook is which (ISO 29500-2), whatever the parts are called."""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from xltrack.intake.archive import Parts
from xltrack.intake.markup import MAIN, parse, root_of
from xltrack.intake.model import State, damaged, refused, too_many, unusual
from xltrack.intake.naming import folded, name_of, named, sheet
from xltrack.intake.styles import is_on
from xltrack.language import Text

OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEETS: Final = 256
RELATIONS: Final = 65_535  # Excel allows 65,530 hyperlinks on a sheet
NAMED_RANGES: Final = 50_000
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_ATTACHED: Final = "customxml"
_TYPES: Final = f"{_PACKAGE}/content-types"
_RELATIONSHIP: Final = f"{_PACKAGE}/relationships Relationship"
_SPREADSHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_WORKBOOKS: Final = {f"{_SPREADSHEET}.sheet.main+xml", f"{_SPREADSHEET}.template.main+xml"}
_WORKSHEET: Final = f"{MAIN} worksheet"
_SHEET_ROOTS: Final = {_WORKSHEET, f"{MAIN} chartsheet"}
_WHERE: Final = {"sheets": ["workbook"], "sheet": ["workbook", "sheets"], "workbookPr": ["workbook"]}
_STATES: Final[Mapping[str, State]] = {"hidden": "hidden", "veryHidden": "veryHidden"}
_MAIN_PART: Final = "xl/workbook.xml"


@dataclass(frozen=True, slots=True)
class Relation:
    """A relationship of a part: its type, its target as written, and the part that is; "" for what is outside."""

    id: str
    type: str
    written: str
    part: str

    @property
    def kind(self) -> str:
        """Return the last word of the type, folded."""
        return self.type.rpartition("/")[2].casefold()


@dataclass(frozen=True, slots=True)
class Structure:
    """Which part is which: worksheets and their states by tab, shared strings, styles; the date system.

    `recalculates` says that formulas are to be calculated when the file is opened: what is saved may be no result.
    `attached` are parts with data of other programs, which no reader of workbooks needs.
    """

    worksheets: Mapping[str, str]
    states: Mapping[str, State]
    strings: str | None
    styles: str | None
    date_1904: bool
    recalculates: bool
    attached: frozenset[str] = frozenset()


def relations(markup: Mapping[str, bytes], part: str) -> tuple[Relation, ...]:
    """Return the relationships of `part` ("" for the package); raises Refused."""
    folder, name = posixpath.split(part)
    holder = posixpath.join(folder, "_rels", f"{name}.rels")
    found: dict[str, Relation] = {}

    def start(element: str, attributes: dict[str, str]) -> None:
        if element == _RELATIONSHIP:
            relation = _relation(folder, attributes)
            if relation.id in found:
                raise unusual("có hai liên kết cùng mã", "two relationships have the same id")
            found[relation.id] = relation
            if len(found) > RELATIONS:
                raise too_many(RELATIONS, "liên kết", "relationships")
        elif element != f"{_RELATIONSHIP}s":
            raise unusual("có liên kết kiểu lạ", "there is a relationship of a strange kind")

    if holder in markup:
        with named(name_of(holder)):
            parse(markup[holder], start)
    return tuple(found.values())


def content_types(parts: Parts) -> dict[str, str]:
    """Return the content type of every part that has one; raises Refused."""
    exact: dict[str, str] = {}
    endings: dict[str, str] = {}

    def start(element: str, attributes: dict[str, str]) -> None:
        kind = attributes.get("ContentType", "")
        if element == f"{_TYPES} Override":
            part = folded(attributes.get("PartName", "").lstrip("/"))
            if exact.setdefault(part, kind) != kind:
                raise unusual("một thành phần có hai loại", "a part has two types")
            if len(exact) > RELATIONS:
                raise too_many(RELATIONS, "loại thành phần", "types of parts")
        elif element == f"{_TYPES} Default":
            endings[attributes.get("Extension", "").casefold()] = kind

    with named(name_of("[content_types].xml")):
        parse(parts.markup["[content_types].xml"], start)
    kinds = {part: exact.get(part) or endings.get(part.rpartition(".")[2], "") for part in parts.written}
    return {part: kind for part, kind in kinds.items() if kind}


def read_structure(parts: Parts) -> Structure:
    """Return where the parts of the workbook are; raises Refused if there is none."""
    main = _main_part(parts)
    related = {relation.id: relation for relation in relations(parts.markup, main)}
    book = _read_book(parts.markup[main])
    sheets = {tab: _sheet(parts, tab, related.get(tab_id)) for tab, (tab_id, _) in book.tabs.items()}
    worksheets = {tab: part for tab, part in sheets.items() if _is_worksheet(parts, tab, part)}
    if len(set(worksheets.values())) != len(worksheets):
        raise unusual("hai trang dùng chung một nội dung", "two sheets share one content")
    strings = _only(parts, related, "sharedStrings", "sst")
    styles = _only(parts, related, "styles", "styleSheet")
    states = {tab: state for tab, (_, state) in book.tabs.items()}
    attached = frozenset(relation.part for relation in related.values() if relation.kind == _ATTACHED)
    return Structure(worksheets, states, strings, styles, book.dates == [True], book.recalculates, attached)


def _relation(folder: str, attributes: Mapping[str, str]) -> Relation:
    written = attributes.get("Target", "")
    path = posixpath.normpath(posixpath.join("/", folder, written.replace("\\", "/")))
    part = "" if attributes.get("TargetMode") == "External" else folded(path.lstrip("/"))
    return Relation(attributes.get("Id", ""), attributes.get("Type", ""), written, part)


def _main_part(parts: Parts) -> str:
    mains = [one for one in relations(parts.markup, "") if one.type == f"{OFFICE}/officeDocument"]
    if len(mains) != 1 or mains[0].part not in parts.markup:
        raise damaged("không tìm thấy danh sách trang", "it has no list of sheets")
    kind = content_types(parts).get(mains[0].part, "")
    if kind not in _WORKBOOKS:
        said = Text(f"tài liệu loại {kind or 'lạ'}", f"a document of type {kind or 'unknown'}")
        raise refused("XLT101", kind=said)
    _require_root(parts, mains[0].part, "workbook")
    return mains[0].part


class _Book:
    """The state of one pass over the list of sheets: relation and state of each by its tab; what holds for all."""

    def __init__(self) -> None:
        self.tabs: dict[str, tuple[str, State]] = {}
        self.dates: list[bool] = []
        self.recalculates = False
        self._folded: set[str] = set()
        self._names = 0
        self._above: list[str] = []

    def start(self, element: str, attributes: dict[str, str]) -> None:
        local = element.removeprefix(f"{MAIN} ")
        if self._above != _WHERE.get(local, self._above):
            raise unusual(f"thành phần {local} đứng sai chỗ", f"an element {local} where it does not belong")
        self._above.append(local)
        if local == "sheet":
            self._sheet(attributes)
        elif local == "workbookPr":
            self.dates.append(attributes.get("date1904", "0") in ("1", "true"))
        elif local == "calcPr":
            is_done = is_on(attributes.get("calcCompleted", "1"))
            self.recalculates = is_on(attributes.get("fullCalcOnLoad", "0")) or not is_done
        elif local == "definedName":
            self._names += 1
            if self._names > NAMED_RANGES:
                raise too_many(NAMED_RANGES, "tên vùng", "defined names")

    def end(self, _: str) -> None:
        self._above.pop()

    def _sheet(self, attributes: Mapping[str, str]) -> None:
        tab = attributes.get("name", "")
        if tab.casefold() in self._folded:  # Excel compares them so
            raise damaged(f"có hai trang cùng tên “{tab}”", f"two sheets have the same name “{tab}”")
        state = _STATES.get(attributes.get("state", ""), "visible")
        self._folded.add(tab.casefold())
        self.tabs[tab] = (attributes.get(f"{OFFICE} id", ""), state)
        if len(self.tabs) > SHEETS:
            raise too_many(SHEETS, "trang", "sheets")


def _read_book(xml: bytes) -> _Book:
    book = _Book()
    with named(name_of(_MAIN_PART)):
        parse(xml, book.start, None, book.end)
    if not book.tabs:
        raise damaged("sổ tính không có trang nào", "the workbook has no sheets")
    if len(book.dates) > 1:
        raise unusual("hệ ngày tháng được khai báo hai lần", "it declares its system of dates twice")
    return book


def _is_worksheet(parts: Parts, tab: str, part: str) -> bool:
    """Return whether the sheet `tab` has cells, by what it is and not by its relationship; a chart alone has none."""
    with named(sheet(tab)):
        kind = root_of(parts.markup[part])
        if kind not in _SHEET_ROOTS:
            raise unusual("không phải trang tính hay biểu đồ", "it is neither a worksheet nor a chart")
    return kind == _WORKSHEET


def _sheet(parts: Parts, tab: str, relation: Relation | None) -> str:
    """Return the part of the sheet `tab`; raises Refused if it is not there."""
    if relation is None or relation.part not in parts.markup:
        place = sheet(tab)
        raise damaged(f"thiếu nội dung của {place.vi}", f"the content of {place.en} is missing")
    return relation.part


def _only(parts: Parts, related: Mapping[str, Relation], kind: str, root: str) -> str | None:
    """Return the one part of the workbook that is of this `kind`, if it is there."""
    found = [
        one.part for one in related.values() if one.type == f"{OFFICE}/{kind}" and one.part in parts.markup
    ]
    if len(found) > 1:
        names = name_of(found[0])
        raise unusual(f"{names.vi} có hai bản", f"there are two of {names.en}")
    for part in found:
        _require_root(parts, part, root)
        return part
    return None


def _require_root(parts: Parts, part: str, name: str) -> None:
    if root_of(parts.markup[part]) != f"{MAIN} {name}":
        place = name_of(part)
        raise unusual(f"{place.vi} có cấu trúc lạ", f"{place.en} is built in an unknown way")
