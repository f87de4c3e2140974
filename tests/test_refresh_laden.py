"""Workbooks that Excel, LibreOffice and people leave behind are refreshed, or refused by name; nothing else changes."""

import io
import re
import zipfile

import pytest

from tests.laden_workbook import laden
from tests.own_workbook import CACHE, Own
from tests.test_refresh import NEW, faults, fresh, parts, shown
from xltrack.excel.opc import MAIN, OFFICE, Package
from xltrack.excel.pivot import Table
from xltrack.excel.refresh import Refused, with_current_rows

pytestmark = pytest.mark.filterwarnings(
    "ignore:.* extension is not supported"
)  # openpyxl says what it would drop
DATA, REPORT, BOOK = "xl/worksheets/sheet2.xml", "xl/worksheets/sheet1.xml", "xl/workbook.xml"
BY_NAME = b'<worksheetSource name="dl_thu"/>'


@pytest.fixture(scope="module")
def full():
    return laden()


@pytest.fixture(scope="module")
def own():
    return Own().table().bells_and_whistles().saved()


def edited(content, **changes):
    """Return a workbook with one text of each part (`sheet1`, `workbook` …) replaced: (before, after)."""
    package = Package(content)
    for part in list(package.names()):
        stem = part.rpartition("/")[2].removesuffix(".xml")
        if stem in changes:
            before, after = (text.encode() for text in changes[stem])
            assert before in package.read(part), f"{part} has no {before!r}"
            package.write(part, package.read(part).replace(before, after, 1))
    return package.to_bytes()


def told(content, rows=NEW):
    return with_current_rows(content, {"dl_thu": [Table("dl_thu", rows)]}).fresh


def test_slicers_timelines_controls_macros_and_the_rest_stay_byte_for_byte(full, tmp_path):
    before, after = parts(full), parts(fresh(full))
    assert {name for name in before if before[name] != after.get(name)} == {
        BOOK, DATA, "xl/tables/table1.xml", "xl/sharedStrings.xml", CACHE, "xl/charts/chart1.xml",
        "[Content_Types].xml", "xl/pivotCache/pivotCacheRecords1.xml",
        "xl/pivotCache/_rels/pivotCacheDefinition1.xml.rels",
    }  # fmt: skip
    assert set(before) - set(after) == {"xl/pivotCache/pivotCacheRecords1.xml"}
    kept = ("slicer", "timeline", "ctrlProp", "connections", "threadedComment", "person", "item1", "vbaProject",
            "printerSettings", "image", "vmlDrawing", "comments", "chart2", "drawing", "pivotTable2")  # fmt: skip
    assert [word for word in kept if not any(word in name for name in after)] == []
    assert faults(full, tmp_path / "so.xlsm") == faults(fresh(full), tmp_path / "moi.xlsm")


def test_nothing_of_a_row_that_is_gone_stays_in_any_part(full):
    gone = "Mật".encode()
    assert {name for name, content in parts(full).items() if gone in content} == {
        "xl/sharedStrings.xml", CACHE, "xl/charts/chart1.xml",
    }  # fmt: skip
    assert [name for name, content in parts(fresh(full)).items() if gone in content] == []
    fields = re.findall(r"<cacheField .*?</cacheField>", parts(fresh(full))[CACHE].decode())
    assert re.findall(r'v="(.*?)"', fields[0]) == ["Hà Nội", "Huế", "…3"], "pivots refer to items by number"
    assert re.findall(r'v="(.*?)"', fields[1]) == ["2024"], "a slicer refers to them too"
    assert 'minValue="2" maxValue="40"' in fields[2]


def test_both_pivots_of_one_cache_show_the_new_totals_in_libreoffice(full, office, tmp_path):
    (tmp_path / "moi.xlsm").write_bytes(fresh(full))
    pivots = office.pivots(tmp_path / "moi.xlsm")
    assert {name: pivot["cells"][-1][1] for name, pivot in pivots.items()} == {"pv": 102.0, "pv2": 102.0}


def test_a_laden_workbook_does_not_grow(full):
    once = fresh(full)
    assert parts(fresh(once)) == parts(once)
    back = fresh(fresh(once, NEW.head(1)), NEW)
    assert parts(back)[DATA] == parts(once)[DATA]


def test_a_workbook_that_libreoffice_saved_is_joined_again_and_shows_the_totals(own, office, tmp_path):
    (tmp_path / "so.xlsx").write_bytes(own)
    saved = office.save_as(tmp_path / "so.xlsx", tmp_path / "lo.xlsx").read_bytes()
    assert b'sheet="' in parts(saved)[CACHE]
    (tmp_path / "moi.xlsx").write_bytes(fresh(saved))
    assert BY_NAME in parts(fresh(saved))[CACHE]
    assert shown(fresh(saved)) == shown(fresh(own))
    assert office.pivots(tmp_path / "moi.xlsx")["pv"]["cells"][-1][1] == 102.0


def test_what_ends_with_the_table_ends_with_it_afterwards_in_new_formats_and_charts_too(full):
    after = parts(fresh(full))
    sheet, chart = after[DATA].decode(), after["xl/charts/chart1.xml"].decode()
    assert re.findall(r'sqref="(.*?)"', sheet) == ["D4:D8", "C4:C8"]
    assert re.findall(r"<xm:sqref>(.*?)</xm:sqref>", sheet) == ["D4:D8"]
    assert re.findall(r"<c:f>(.*?)</c:f>", chart) == ["'Số liệu'!$B$4:$B$8", "'Số liệu'!$D$4:$D$8"]


@pytest.mark.parametrize(
    ("source", "now", "warns"),
    [
        ('name="DL_THU"', 'name="DL_THU"', False),
        ('name="dl_thu[#All]"', 'name="dl_thu[#All]"', False),
        ('name="vung"', 'name="vung"', False),
        ('ref="B3:D6" sheet="Số liệu"', 'name="dl_thu"', False),
        ('ref="B:D" sheet="Số liệu"', 'ref="B:D" sheet="Số liệu"', False),
        ('ref="A1:F500" sheet="Số liệu"', 'ref="A1:F500" sheet="Số liệu"', False),
        ('ref="B3:C6" sheet="Số liệu"', 'ref="B3:C6" sheet="Số liệu"', True),
        ('ref="B3:D5" sheet="Số liệu"', 'ref="B3:D5" sheet="Số liệu"', True),
    ],
)
def test_a_pivot_is_found_however_it_names_the_cells(own, source, now, warns):
    area = (
        "<definedName name=\"vung\">'Số liệu'!$D$4:$D$6",
        "<definedName name=\"vung\">'Số liệu'!$B$3:$D$6",
    )
    content = edited(own, pivotCacheDefinition1=('name="dl_thu"', source), workbook=area)
    after = told(content)
    assert f"<worksheetSource {now}/>" in parts(fresh(content))[CACHE].decode()
    assert 'refreshOnLoad="1"' in parts(fresh(content))[CACHE].decode()
    assert after.pivots == 1
    assert any("change its source to dl_thu" in warning.en for warning in after.warnings) == warns


@pytest.mark.parametrize(
    "source",
    [
        'ref="B3:D6" sheet="Báo cáo"',
        'ref="B20:D26" sheet="Số liệu"',
        'name="khác"',
        f'xmlns:r="{OFFICE}" r:id="rId9" name="dl_thu"',
    ],
)
def test_a_pivot_over_something_else_is_left_alone(own, source):
    content = edited(own, pivotCacheDefinition1=('name="dl_thu"', source))
    assert told(content).pivots == 0
    assert parts(fresh(content))[CACHE] == parts(content)[CACHE]


def test_formulas_over_cells_by_address_are_told_and_those_by_name_are_not():
    own = Own().table()
    own.report.write_formula("A1", "=SUM(dl_thu[Số tiền])")
    assert told(own.saved()).warnings == ()
    own = Own().table()
    own.report.write_formula("A1", "=SUM('Số liệu'!$D$4:$D$6)")
    own.data.write_formula("H1", "=COUNTA(B4:B6)+D5")
    told_of = [warning.en for warning in told(own.saved()).warnings]
    assert ["'Số liệu'!$D$4:$D$6" in told_of[0], "(B4:B6)" in told_of[1], len(told_of)] == [True, True, 2]


@pytest.mark.parametrize("name", ["dl_thu2", "dl_thu_1", "DL_THU15"])
def test_a_copy_of_a_table_keeps_its_rows_and_that_is_told(name):
    own = Own().table()
    own.report.add_table("H10:I11", {"name": name})
    (warning,) = told(own.saved()).warnings
    assert f'{name} (sheet "Báo cáo") is a copy' in warning.en


def test_a_chain_of_calculation_names_no_cell_that_has_lost_its_formula(own):
    package = Package(own)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"
    package.relate(BOOK, f"{OFFICE}/calcChain", package.add("xl/calcChain.xml", b"", kind))
    for cell, stays in (("A22", True), ("C5", False)):
        package.write(
            "xl/calcChain.xml", f'<calcChain xmlns="{MAIN}"><c r="{cell}" i="1"/></calcChain>'.encode()
        )
        assert ("xl/calcChain.xml" in parts(fresh(package.to_bytes()))) == stays


def single_quotes(xml):
    return re.sub(rb'="([^"<>\']*)"', rb"='\1'", xml)


def utf_16(xml):
    return xml.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")


@pytest.mark.parametrize("rewritten", [single_quotes, utf_16])
def test_however_its_xml_is_written_rows_and_texts_are_the_same(own, rewritten):
    package = Package(own)
    for part in (DATA, REPORT):
        package.write(part, rewritten(package.read(part)))
    assert shown(fresh(package.to_bytes())) == shown(fresh(own))
    assert (
        parts(fresh(package.to_bytes()))["xl/sharedStrings.xml"] == parts(fresh(own))["xl/sharedStrings.xml"]
    )


def test_a_text_with_a_formula_or_a_comment_beside_it_is_not_lost(own):
    (index,) = re.findall(r'<c r="A4" t="s"><v>(\d+)</v>', parts(own)[REPORT].decode())
    plain = f'<c r="A4" t="s"><v>{index}</v></c>'
    for odd in (
        f'<c r="A4" t="s"><f>B4</f><v>{index}</v></c>',
        f'<c r="A4" t="s"><!-- x --><v>{index}</v></c>',
    ):
        after = parts(fresh(edited(own, sheet1=(plain, odd))))
        assert after["xl/sharedStrings.xml"] == parts(fresh(own))["xl/sharedStrings.xml"]


def test_a_workbook_that_does_not_say_how_it_is_calculated_is_calculated_anew(own):
    (said,) = re.findall(r"<calcPr.*?/>", parts(own)[BOOK].decode())
    after = parts(fresh(edited(own, workbook=(said, ""))))[BOOK].decode()
    assert re.search(r'</definedNames><calcPr fullCalcOnLoad="1"/>', after)


STRICT = ("schemas.openxmlformats.org/spreadsheetml/2006", "purl.oclc.org/ooxml/spreadsheetml")


def attributes(text):
    """Return the edit that gives the table more attributes."""
    return 'totalsRowShown="0"', f'totalsRowShown="0" {text}'


def archive(**entries):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        for name, text in entries.items():
            made.writestr(name, text)
    return content.getvalue()


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda _own: archive(mimetype="application/vnd.oasis.opendocument.spreadsheet"), "OpenDocument"),
        (lambda own: edited(own, workbook=STRICT), "Strict Open XML"),
        (lambda own: edited(own, table1=attributes('headerRowCount="0"')), "no row of headings"),
        (lambda own: edited(own, table1=attributes('tableType="queryTable"')), "filled by a query"),
        (lambda _own: b"", "no .xlsx workbook"),
        (lambda own: own[: len(own) // 2], "no .xlsx workbook"),
    ],
)
def test_what_is_of_another_kind_is_refused_by_name(own, spoil, reason):
    with pytest.raises(Refused, match=re.escape(reason)):
        fresh(spoil(own))
