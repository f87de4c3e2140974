"""An analyst's workbook with what no library keeps: its parts are written by hand, as Excel names and relates them."""

import io
import struct
import zlib

from tests.own_workbook import CACHE, OLD, Own
from xltrack.excel.opc import MAIN, OFFICE, Package
from xltrack.excel.pivot import Measure, Pivot, Place, Table, add_pivots, shown_cells

X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
X15 = "http://schemas.microsoft.com/office/spreadsheetml/2010/11/main"
MICROSOFT = "http://schemas.microsoft.com/office"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
REPORT, OTHER, BOOK = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet3.xml", "xl/workbook.xml"

PARTS = [  # (from, kind of relationship, name, content type, content)
    (REPORT, f"{MICROSOFT}/2007/relationships/slicer", "xl/slicers/slicer{}.xml", "application/vnd.ms-excel.slicer+xml",
     f'<slicers xmlns="{X14}"><slicer name="Kỳ" cache="Slicer_Kỳ" caption="Kỳ" rowHeight="241300"/></slicers>'),
    (BOOK, f"{MICROSOFT}/2007/relationships/slicerCache", "xl/slicerCaches/slicerCache{}.xml",
     "application/vnd.ms-excel.slicerCache+xml",
     (f'<slicerCacheDefinition xmlns="{X14}" name="Slicer_Kỳ" sourceName="Kỳ"><pivotTables><pivotTable tabId="1" '
     'name="pv"/></pivotTables><data><tabular pivotCacheId="1"><items count="1"><i x="0" s="1"/></items></tabular>'
     "</data></slicerCacheDefinition>")),
    (REPORT, f"{MICROSOFT}/2011/relationships/timeline", "xl/timelines/timeline{}.xml",
     "application/vnd.ms-excel.timeline+xml",
     (f'<timelines xmlns="{X15}"><timeline name="Ngày" cache="NativeTimeline_Ngày" caption="Ngày" level="0" '
     'selectionLevel="0"/></timelines>')),
    (BOOK, f"{MICROSOFT}/2011/relationships/timelineCache", "xl/timelineCaches/timelineCache{}.xml",
     "application/vnd.ms-excel.timelineCache+xml",
     (f'<timelineCacheDefinition xmlns="{X15}" name="NativeTimeline_Ngày" sourceName="Ngày"><pivotTables><pivotTable '
     'tabId="1" name="pv"/></pivotTables><state minimalRefreshVersion="6" lastRefreshVersion="6" pivotCacheId="1" '
     'filterType="unknown"><bounds startDate="2024-01-01T00:00:00" endDate="2026-01-01T00:00:00"/></state>'
     "</timelineCacheDefinition>")),
    (BOOK, f"{OFFICE}/connections", "xl/connections.xml", f"{SHEET_TYPE}.connections+xml",
     (f'<connections xmlns="{MAIN}"><connection id="1" name="Query - Giá" type="5" refreshedVersion="6"><dbPr '
     'connection="Provider=Microsoft.Mashup.OleDb.1;Location=Giá" command="SELECT * FROM [Giá]"/></connection>'
     "</connections>")),
    (REPORT, f"{MICROSOFT}/2017/10/relationships/threadedComment", "xl/threadedComments/threadedComment{}.xml",
     "application/vnd.ms-excel.threadedcomments+xml",
     (f'<ThreadedComments xmlns="{MICROSOFT}/spreadsheetml/2018/threadedcomments"><threadedComment ref="A20" '
     'dT="2025-01-01T00:00:00.00" personId="{00000000-0000-0000-0000-000000000001}" '
     'id="{00000000-0000-0000-0000-000000000002}"><text>Xem lại</text></threadedComment></ThreadedComments>')),
    (BOOK, f"{MICROSOFT}/2017/10/relationships/person", "xl/persons/person.xml", "application/vnd.ms-excel.person+xml",
     (f'<personList xmlns="{MICROSOFT}/spreadsheetml/2018/threadedcomments"><person displayName="An" '
     'id="{00000000-0000-0000-0000-000000000001}" userId="an" providerId="None"/></personList>')),
    (REPORT, f"{OFFICE}/ctrlProp", "xl/ctrlProps/ctrlProp{}.xml", "application/vnd.ms-excel.controlproperties+xml",
     f'<formControlPr xmlns="{X14}" objectType="Drop" dropStyle="combo" dx="16" fmlaLink="$A$30" sel="1" val="0"/>'),
    (BOOK, f"{OFFICE}/customXml", "customXml/item1.xml", "application/xml", "<sở xmlns='vi'>Khoa học</sở>"),
    (BOOK, f"{MICROSOFT}/2006/relationships/vbaProject", "xl/vbaProject.bin", "application/vnd.ms-office.vbaProject",
     "macro"),
    (REPORT, f"{OFFICE}/printerSettings", "xl/printerSettings/printerSettings{}.bin",
     f"{SHEET_TYPE}.printerSettings", "A4"),
]  # fmt: skip


def laden():
    """Return a workbook (.xlsm) with two pivots over one cache that keeps its records, a pivot chart and much more."""
    own = Own()
    other = own.book.add_worksheet("Theo kỳ")
    own.data.data_validation("C4:C6", {"validate": "list", "source": ["2024", "2025"]})
    own.data.conditional_format("D4:D6", {"type": "data_bar", "data_bar_2010": True})
    own.report.insert_image("H30", "chấm.png", {"image_data": io.BytesIO(_png())})
    over_rows = own.book.add_chart({"type": "bar"})
    over_rows.add_series({"values": "='Số liệu'!$D$4:$D$6", "categories": "='Số liệu'!$B$4:$B$6"})
    own.report.insert_chart("H40", over_rows)
    own.table().bells_and_whistles()
    table = Table("dl_thu", OLD)
    money = Measure("Số tiền", "Cộng", "#,##0")
    pivots = [
        Pivot("pv", table, ("Kỳ",), money),
        Pivot("pv2", table, ("Kỳ",), money, filters={"Đơn vị": None}),
    ]
    for sheet, top, pivot in ((own.report, 3, pivots[0]), (other, 0, pivots[1])):
        for cell in shown_cells(pivot, "vi"):
            sheet.write(top + cell.row, cell.column, cell.value)
    own.book.close()
    package = Package(own.content.getvalue())
    places = [Place(pivots[0], "Báo cáo", (3, 0)), Place(pivots[1], "Theo kỳ", (0, 0))]
    add_pivots(package, places, "vi")
    _with_records(package)
    _with_pivot_chart(package)
    for source, kind, name, content_type, content in PARTS:
        package.relate(source, kind, package.add(name, content.encode(), content_type))
    listing = package.read("[Content_Types].xml")
    package.write("[Content_Types].xml", listing.replace(
        b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    ))  # fmt: skip
    return package.to_bytes()


def _with_records(package):
    """Let the cache keep its rows, and somebody else have refreshed it, as Excel leaves it."""
    units = Table("dl_thu", OLD).items("Đơn vị")
    rows = "".join(
        f'<r><x v="{units.index(unit)}"/><x v="0"/><n v="{money}"/></r>' for unit, _, money in OLD.rows()
    )
    content = f'<pivotCacheRecords xmlns="{MAIN}" count="{OLD.height}">{rows}</pivotCacheRecords>'
    part = package.add(
        "xl/pivotCache/pivotCacheRecords{}.xml", content.encode(), f"{SHEET_TYPE}.pivotCacheRecords+xml"
    )
    root = package.tree(CACHE)
    root.set(f"{{{OFFICE}}}id", package.relate(CACHE, f"{OFFICE}/pivotCacheRecords", part))
    root.set("recordCount", str(OLD.height))
    root.set("refreshedBy", "An")
    for name in ("saveData", "refreshOnLoad"):
        del root.attrib[name]
    package.write_tree(CACHE, root)


def _with_pivot_chart(package):
    chart = package.read("xl/charts/chart2.xml")
    source = '<c:pivotSource><c:name>[so.xlsm]Báo cáo!pv</c:name><c:fmtId val="0"/></c:pivotSource>'.encode()
    package.write("xl/charts/chart2.xml", chart.replace(b"<c:chart>", source + b"<c:chart>", 1))


def _png():
    """Return a picture of one grey dot."""

    def chunk(kind, content):
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0\x80")) + chunk(b"IEND", b"")
