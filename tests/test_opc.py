"""A package is edited where it is asked to be, and nowhere else."""

import io
import zipfile
import zlib
from concurrent.futures import ThreadPoolExecutor
from itertools import accumulate, zip_longest

import pytest

from tests.sheets import PACKAGE
from tests.workbook_parts import relationships
from xltrack.excel import packed as packing
from xltrack.excel.opc import OFFICE, Package, PackageError, parse


def packed(**replaced):
    """Return a package: a workbook that leads to two sheets; both lead to one picture, the second to a table too."""
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/XL/Sheets/two.xml" ContentType="sheet"/></Types>',
        "_rels/.rels": relationships(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": "<workbook/>",
        "xl/_rels/workbook.xml.rels": relationships(
            ("worksheet", "sheets/one.xml"), ("worksheet", "/xl/sheets/two.xml")
        ),
        "xl/sheets/one.xml": "<one/>",
        "xl/sheets/_rels/one.xml.rels": relationships(("image", "../media/picture.png")),
        "xl/sheets/Two.xml": "<two  a = '1'/>",
        "xl/sheets/_rels/Two.xml.rels": relationships(
            ("image", "../media/picture.png"), ("table", "../tables/table1.xml")
        ),
        "xl/media/picture.png": "picture" * 100,
        "xl/tables/table1.xml": "<table/>",
    } | replaced
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        for number, (name, text) in enumerate(parts.items()):
            entry = zipfile.ZipInfo(name, (2024, 5, number + 1, 12, 0, 0))
            entry.compress_type = zipfile.ZIP_STORED if name.endswith("png") else zipfile.ZIP_DEFLATED
            package.writestr(entry, text)
    return content.getvalue()


def unpacked(content):
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def test_what_is_not_touched_keeps_bytes_order_date_and_packing():
    package = Package(packed())
    package.write("xl/workbook.xml", b"<other/>")
    before, after = (zipfile.ZipFile(io.BytesIO(one)) for one in (packed(), package.to_bytes()))
    told = [
        [(entry.filename, entry.date_time, entry.compress_type) for entry in one.infolist()]
        for one in (before, after)
    ]
    assert told[0] == told[1]
    changed = {name for name in before.namelist() if before.read(name) != after.read(name)}
    assert changed == {"xl/workbook.xml"}


def test_a_part_is_found_however_its_name_is_spelt():
    package = Package(packed())
    assert package.read("/XL/sheets/two.XML") == b"<two  a = '1'/>"
    assert package.related("xl/workbook.xml", "worksheet") == "xl/sheets/one.xml"
    assert [one.target for one in package.relations("xl/sheets/two.xml")] == [
        "xl/media/picture.png",
        "xl/tables/table1.xml",
    ]
    with pytest.raises(PackageError, match="no part"):
        package.read("xl/sheets/three.xml")


def test_a_new_part_gets_a_free_name_a_type_and_a_free_id():
    package = Package(packed())
    part = package.add("xl/tables/table{}.xml", b"<table/>", "a table")
    id_ = package.relate("xl/sheets/Two.xml", f"{OFFICE}/table", part)
    assert (part, id_) == ("xl/tables/table2.xml", "rId3")
    assert package.relate("xl/tables/table2.xml", f"{OFFICE}/queryTable", "xl/q.xml") == "rId1"
    parts = unpacked(package.to_bytes())
    assert b'PartName="/xl/tables/table2.xml" ContentType="a table"' in parts["[Content_Types].xml"]
    assert b'Target="../tables/table2.xml"' in parts["xl/sheets/_rels/Two.xml.rels"]
    assert b'Target="../q.xml"' in parts["xl/tables/_rels/table2.xml.rels"]


def test_an_id_that_is_taken_is_not_given_again():
    listing = relationships(("a", "a.xml"), ("b", "b.xml")).replace('"r1"', '"rId3"')
    package = Package(packed(**{"xl/_rels/workbook.xml.rels": listing}))
    assert package.relate("xl/workbook.xml", f"{OFFICE}/styles", "xl/styles.xml") == "rId4"


def test_with_a_part_goes_what_only_it_led_to():
    package = Package(packed())
    package.leave("xl/workbook.xml", "xl/sheets/Two.xml")
    parts = unpacked(package.to_bytes())
    gone = set(unpacked(packed())) - set(parts)
    assert gone == {"xl/sheets/Two.xml", "xl/sheets/_rels/Two.xml.rels", "xl/tables/table1.xml"}
    assert b"two.xml" not in parts["[Content_Types].xml"]
    assert b"two.xml" not in parts["xl/_rels/workbook.xml.rels"]


def test_a_part_that_another_leads_to_stays():
    package = Package(packed())
    package.leave("xl/sheets/one.xml", "xl/media/picture.png")
    assert "xl/media/picture.png" in package
    package.leave("xl/sheets/Two.xml", "xl/media/picture.png")
    assert "xl/media/picture.png" not in package


def test_a_place_outside_is_no_part():
    outside = relationships(("image", "https://example.org/a")).replace(
        "Target=", 'TargetMode="External" Target='
    )
    package = Package(packed(**{"xl/_rels/workbook.xml.rels": outside}))
    assert [one.target for one in package.relations("xl/workbook.xml")] == [None]


def test_entities_are_not_resolved_and_a_dtd_is_refused():
    with pytest.raises(PackageError, match="DTD"):
        parse(b'<!DOCTYPE a [<!ENTITY v "999">]><a>&v;</a>')


@pytest.mark.parametrize("instead", [{}, {"deflating": zlib}], ids=["as here", "where there is no wheel"])
def test_what_is_packed_piece_by_piece_is_read_and_written_as_if_it_had_come_whole(instead, monkeypatch):
    for name, module in instead.items():
        monkeypatch.setattr(packing, name, module)
    package = Package(packed())
    whole = "".join(f"<row>{number}</row>" for number in range(20_000)).encode()
    lengths = (0, 1, 70_000, 0, 65_536, 7, 100_000, 255)
    starts = [0, *accumulate(lengths)]
    pieces = [whole[start:end] for start, end in zip(starts, [*starts[1:], None], strict=True)]
    with ThreadPoolExecutor(2) as threads:
        made = list(threads.map(packing.piece, pieces[::2]))
    given = [one for pair in zip_longest(made, pieces[1::2]) for one in pair if one is not None]
    package.write_pieces("xl/sheets/one.xml", given)
    assert package.read("xl/sheets/one.xml") == whole
    content = package.to_bytes()
    assert unpacked(content)["xl/sheets/one.xml"] == whole
    assert Package(content).read("xl/sheets/one.xml") == whole
    assert len(content) < len(whole) / 4
