"""A workbook with current rows under the tables that it took from us; what cannot be done safely is refused by name."""

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO

from lxml import etree

from xltrack.excel.age import Age
from xltrack.excel.opc import MAIN, Element, Package, PackageError, serialise
from xltrack.excel.pivot.spec import Table
from xltrack.excel.properties_xml import custom_property, seal
from xltrack.excel.refresh.ages import tell_age
from xltrack.excel.refresh.caches import Caches
from xltrack.excel.refresh.joins import join_pivots
from xltrack.excel.refresh.native import NativeTable, Refused, native_tables
from xltrack.excel.refresh.references import follow_in_charts, left_behind
from xltrack.excel.refresh.replace import replace_rows, stretched
from xltrack.excel.refresh.strings import drop_unused_strings
from xltrack.excel.spots import spot_of
from xltrack.excel.workbook_xml import WorkbookXml
from xltrack.findings.outputs import UNIT, is_unsaved_output
from xltrack.forms import PeriodKind
from xltrack.language import Text

Given = Mapping[str, Sequence[Table]]
"""The tables with their current rows by name, once per language of the headings."""
_COMPOUND = b"\xd0\xcf\x11\xe0"
"""How a file begins that is no zip: an old workbook, or one with a password ([MS-CFB], 2.2)."""
_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_NUMBERED = re.compile(r"[_ ]?\d+$")
_BEFORE_CALCULATION = ("sheets", "functionGroups", "externalReferences", "definedNames")
_AREA = re.compile(r"^(?P<sheet>'(?:[^']|'')+'|[^'!]+)!(?P<area>\$?[A-Z]+\$?\d+:\$?[A-Z]+\$?\d+)$")


@dataclass(frozen=True, slots=True)
class Change:
    """One table: how many rows it had and has."""

    table: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Fresh:
    """What changed in a workbook, how many pivots show it, what cannot be promised, and the tabs."""

    changes: tuple[Change, ...]
    pivots: int
    warnings: tuple[Text, ...]
    tabs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FreshFile:
    """A workbook with current rows, as bytes, and what changed in it."""

    content: bytes
    fresh: Fresh


def with_current_rows(
    content: bytes, given: Given, *, scrub: bool = True, age: Age | None = None
) -> FreshFile:
    """Return the workbook `content` with the rows of `given` under its tables of these names.

    Only the rows and the range of such a table change, what ends with it, and the caches over it; with `scrub` old rows
    do not stay behind in caches and shared texts. With the `age` of the rows, pages of fixed figures of a national
    workbook say so where theirs are others. Every other part keeps its bytes. Raises Refused.
    """
    with _opened(content) as package:
        fresh = _fresh(package, given, scrub=scrub)
        if age:
            tell_age(package, age)
        if scrub:
            drop_unused_strings(package)
        if is_unsaved_output(content):
            seal(package)
        return FreshFile(_unharmed(package, content), fresh)


def check_openable(content: bytes) -> None:
    """Raise Refused for a workbook that a program would ask a password for, or that a signature seals."""
    with _opened(content) as package:
        _check_signature(package)
        _check_whole(package)
        sharing = package.tree(package.main()).find(f"{{{MAIN}}}fileSharing")
        if sharing is not None and {"reservationPassword", "hashValue"} & set(sharing.attrib):
            raise Refused(
                Text(
                    "tệp đòi mật khẩu khi sửa; hãy bỏ mật khẩu hoặc dùng --with file",
                    "the file asks a password of whoever changes it; remove that, or use --with file",
                )
            )


@contextmanager
def _opened(content: bytes) -> Iterator[Package]:
    try:
        package = Package(content)
        _check_kind(package)
        yield package
    except zipfile.BadZipFile as failure:
        raise Refused(_no_workbook(content)) from failure
    except (PackageError, etree.XMLSyntaxError) as failure:
        raise Refused(
            Text(f"cấu trúc tệp khác thường ({failure})", f"the file is built unusually ({failure})")
        ) from failure


def _check_kind(package: Package) -> None:
    """Raise Refused for workbooks of other kinds than the transitional one of ISO/IEC 29500."""
    if "mimetype" in package:
        raise Refused(_other_kind("OpenDocument (.ods)"))
    main = package.main()
    if main.casefold().endswith(".bin"):
        raise Refused(_other_kind("Excel Binary (.xlsb)"))
    if package.tree(main).tag == f"{{{_STRICT}}}workbook":
        raise Refused(_other_kind("Strict Open XML"))


def _other_kind(kind: str) -> Text:
    return Text(
        f"tệp ở dạng {kind}; hãy lưu lại dạng Excel Workbook (.xlsx) hoặc (.xlsm)",
        f"the file is {kind}; save it as Excel Workbook (.xlsx) or (.xlsm)",
    )


def _no_workbook(content: bytes) -> Text:
    if content.startswith(_COMPOUND):
        return Text(
            "tệp có mật khẩu, hoặc là .xls đời cũ: bỏ mật khẩu, lưu dạng .xlsx rồi chạy lại",
            "the file has a password or is an old .xls: remove the password, save it as .xlsx and run this again",
        )
    return Text("tệp không phải sổ tính .xlsx", "the file is no .xlsx workbook")


def _fresh(package: Package, given: Given, *, scrub: bool) -> Fresh:
    _check_signature(package)
    _check_whole(package)
    pivots = 0
    warnings: list[Text] = []
    changes: list[Change] = []
    tables = native_tables(package)
    found = fitting(tables, given)
    joined = join_pivots(package, [table for table, _ in found])
    for table, rows in found:
        _check_comments(package, table)
        now = replace_rows(package, table, rows.frame)
        touched = Caches(package, joined, table, now, rows).tell(scrub=scrub)
        pivots += touched.pivots
        warnings += (*touched.warnings, *left_behind(package, table, now))
        follow_in_charts(package, table, now, scrub=scrub)
        changes.append(change_of(table, rows))
        _adjust_workbook(package, table, now)
    told = (*joined.told, *warnings, *copies(tables, given), *_elsewhere(package))
    tabs = tuple(sheet.tab for sheet in WorkbookXml(package).sheets)
    return Fresh(tuple(changes), pivots, told, tabs)


def fitting(tables: Iterable[NativeTable], given: Given) -> list[tuple[NativeTable, Table]]:
    """Return those of `tables` that take rows from us, each with its rows; raises Refused where none does."""
    folded = {name.casefold(): frames for name, frames in given.items()}
    ours = [table for table in tables if table.name.casefold() in folded]
    if not ours:
        names = ", ".join(given)
        raise Refused(
            Text(f"không có bảng nào trong các bảng {names}", f"it has none of the tables {names}"),
        )
    return [(table, _fitting(table, folded[table.name.casefold()])) for table in ours]


def copies(tables: Iterable[NativeTable], given: Given) -> Iterator[Text]:
    """Yield what is to be told of tables that are copies of ours: Excel numbers the name of a copied table."""
    known = {name.casefold() for name in given}
    for table in tables:
        if table.name.casefold() not in known and _NUMBERED.sub("", table.name.casefold()) in known:
            yield Text(
                f"bảng {table.name} (trang “{table.tab}”) là bản sao, giữ số cũ; hãy xóa, hoặc dùng bảng gốc",
                f'table {table.name} (sheet "{table.tab}") is a copy and keeps the former rows; delete it, or use the '
                "original",
            )


def change_of(table: NativeTable, rows: Table) -> Change:
    """Return how many rows `table` had, and has with `rows`."""
    return Change(table.name, table.last_data - table.first_data + 1, rows.frame.height)


def check_rounds(said: PeriodKind | None, kind: PeriodKind) -> None:
    """Raise Refused for a workbook that is of other rounds: its pages would be headed by what its pivots are not."""
    if said not in (None, kind):
        raise Refused(
            Text(
                f"sổ này của kỳ `{said}`, không phải `{kind}`", f"it is of the rounds `{said}`, not `{kind}`"
            )
        )


def _check_signature(package: Package) -> None:
    if any(name.casefold().startswith("_xmlsignatures/") for name in package.names()):
        raise Refused(
            Text(
                "tệp có chữ ký số, sửa đổi sẽ làm mất hiệu lực; hãy dùng bản chưa ký",
                "the file is signed digitally, and a change would void that; use a copy without signature",
            )
        )


def _check_whole(package: Package) -> None:
    """Raise Refused for the workbook of one unit: the rows of all others must not get into it."""
    unit = custom_property(package, UNIT)
    if unit:
        raise Refused(
            Text(
                f"đây là sổ của riêng đơn vị {unit}; hãy làm mới bằng `xltrack rollup --unit {unit} -o`",
                f"it is the workbook of {unit} alone; make it anew with `xltrack rollup --unit {unit} -o`",
            )
        )


def _fitting(table: NativeTable, tables: Sequence[Table]) -> Table:
    """Return the rows whose headings the table has; raises Refused for columns that nobody can fill."""
    if table.is_external:
        raise Refused(
            Text(
                f"bảng {table.name} lấy số từ truy vấn, hãy cập nhật bằng Excel",
                f"table {table.name} is filled by a query; refresh it in Excel",
            )
        )
    if not table.has_headings:
        raise Refused(
            Text(
                f"bảng {table.name} không có dòng tiêu đề; hãy bật lại trong Excel",
                f"table {table.name} has no row of headings; show it again in Excel",
            )
        )
    lacking = [
        [name for name in table.headings if name not in given.frame.columns and name not in table.formulas]
        for given in tables
    ]
    fewest = min(range(len(tables)), key=lambda place: len(lacking[place]))
    if lacking[fewest]:
        columns = ", ".join(lacking[fewest])
        raise Refused(
            Text(
                f"bảng {table.name} có cột không lấy được từ kho: {columns}; nếu là cột công thức thì bảng không còn "
                "giữ công thức của cột (LibreOffice bỏ khi lưu): hãy gõ lại trong Excel; nếu không, xóa hoặc đặt lại "
                "tên cột",
                f"table {table.name} has columns that the store lacks: {columns}; if they are calculated, the table "
                "has lost the formula of the column (LibreOffice drops it on saving): type it again in Excel; else "
                "delete or rename them",
            )
        )
    return tables[fewest]


def _adjust_workbook(package: Package, before: NativeTable, now: NativeTable) -> None:
    """Let names that ended with the table's data end with it now, and have formulas worked out anew."""
    part = package.main()
    root = package.tree(part)
    untouched = serialise(root)
    for entry in root.iterfind(f"{{{MAIN}}}definedNames/{{{MAIN}}}definedName"):
        found = _AREA.match(entry.text or "")
        if found and found["sheet"].strip("'").replace("''", "'") == before.tab:
            entry.text = f"{found['sheet']}!{stretched(found['area'], before, now.last_data)}"
    _calculation(root).set("fullCalcOnLoad", "1")
    if serialise(root) != untouched:
        package.write_tree(part, root)
    chain = package.related(part, "calcChain")
    if chain and (before.formulas or before.has_totals or _calculates(package.tree(chain), before)):
        package.leave(part, chain)


def _calculates(chain: Element, table: NativeTable) -> bool:
    """Return whether the chain of calculation names cells like those of the table (calcChain, 18.6.2).

    Excel repairs a file whose chain names a cell without a formula; it makes a chain anew where there is none.
    """
    spots = (spot_of(entry.get("r") or "") for entry in chain.iter(f"{{{MAIN}}}c"))
    return any(spot is not None and table.holds(spot) for spot in spots)


def _calculation(root: Element) -> Element:
    """Return how the workbook is calculated (calcPr), which stands behind these (ISO/IEC 29500-1, 18.2.27)."""
    found = root.find(f"{{{MAIN}}}calcPr")
    if found is None:
        before = {f"{{{MAIN}}}{tag}" for tag in _BEFORE_CALCULATION}
        place = max(at for at, child in enumerate(root, 1) if child.tag in before)
        found = etree.Element(f"{{{MAIN}}}calcPr")
        root.insert(place, found)
    return found


def _elsewhere(package: Package) -> Iterator[Text]:
    kinds = {relation.kind for relation in package.relations(package.main())}
    if "connections" in kinds:
        yield Text(
            "sổ tính còn kết nối dữ liệu riêng, chỉ Excel cập nhật được",
            "the workbook has connections of its own, which only Excel can refresh",
        )


def _unharmed(package: Package, before: bytes) -> bytes:
    """Return the package as bytes, after every part that nobody changed has been compared with what it was."""
    content = package.to_bytes()
    with zipfile.ZipFile(BytesIO(before)) as old, zipfile.ZipFile(BytesIO(content)) as new:
        for name in old.namelist():
            if not package.is_changed(name) and new.read(name) != old.read(name):
                raise PackageError(f"{name} would be harmed")
    return content


def _check_comments(package: Package, table: NativeTable) -> None:
    """Let no comment lie in the rows that go: it would stand beside another row afterwards."""
    for relation in package.relations(table.sheet):
        if (
            relation.kind in ("comments", "threadedComment")
            and relation.target
            and relation.target in package
        ):
            for entry in package.tree(relation.target).iter("{*}comment", "{*}threadedComment"):
                spot = spot_of(entry.get("ref") or "")
                place = f"{table.tab}!{entry.get('ref')}"
                if spot and table.holds(spot):
                    raise Refused(
                        Text(
                            f"có ghi chú ở ô {place} trong bảng {table.name}; hãy chuyển ra ngoài",
                            f"there is a comment at {place} in table {table.name}; move it out",
                        )
                    )
