"""An optional column more is one hand-edited file: everything else follows from it."""

import json
import shutil
from pathlib import Path

import duckdb
import openpyxl
import pytest

from xltrack import merge, roll_up, validate, write_templates
from xltrack.forms import load_schemas, shipped

BARCODE = "8930000000012"
COLUMN = {
    "title": "Mã vạch sản phẩm",
    "x-title-en": "Product barcode",
    "description": "Mã GS1 của sản phẩm chính.",
    "x-help-en": "GS1 code of the main product.",
    "type": "string",
    "pattern": "^893[0-9]{10}$",
    "x-width": 18,
    "x-example": BARCODE,
}
COVER = {"cut_off_date": "14/11/2025", "figures_kind": "Thực hiện"}
PRODUCT = {"product_id": "SP01", "product_name": "Vải thiều sấy", "product_level": "Tỉnh"}


@pytest.fixture
def with_column(tmp_path):
    """A copy of the schemas in which one file, and no other, was edited: key_products has a barcode."""
    copied = Path(shutil.copytree(shipped("schemas"), tmp_path / "schemas"))
    sheet = copied / "forms" / "XLT-1322" / "key_products.json"
    declared = json.loads(sheet.read_text(encoding="utf-8"))
    declared["properties"]["barcode"] = COLUMN
    sheet.write_text(json.dumps(declared, ensure_ascii=False), encoding="utf-8")
    return copied


def fill(path: Path, schemas: Path, product: dict[str, str]) -> None:
    """Type the cover and one key product, as a person would with another program."""
    book = openpyxl.load_workbook(path)
    cover = {book["BIA"].cell(row, 1).value: row for row in range(1, book["BIA"].max_row + 1)}
    for column, entry in COVER.items():
        book["BIA"].cell(cover[column], 3).value = entry
    columns = [column.id for column in load_schemas(schemas).form().by_id["key_products"].columns]
    for column, entry in product.items():
        book["SAN_PHAM"].cell(5, columns.index(column) + 1).value = entry
    book.save(path)


@pytest.mark.parametrize(("barcode", "codes"), [(BARCODE, set()), ("123", {"XLT402"})])
def test_the_new_column_goes_through_the_whole_loop(with_column, tmp_path, barcode, codes):
    (path,) = write_templates(["T34-24"], 2025, "annual", tmp_path, schemas=with_column)
    fill(path, with_column, PRODUCT | {"barcode": barcode})
    (result,) = validate([path], schemas=with_column).files
    found = {(finding.code, finding.cell) for finding in result.findings if finding.column == "barcode"}
    assert found == {(code, "J5") for code in codes}
    if codes:
        return
    store = tmp_path / "national.duckdb"
    (merged,) = merge([path], store, schemas=with_column).files
    assert merged.verdict == "accepted", merged.findings
    roll_up(store, tmp_path / "national.xlsx", schemas=with_column)
    with duckdb.connect(store, read_only=True) as connection:
        assert connection.execute("SELECT barcode, _sheet, _row FROM key_products").fetchall() == [
            (barcode, "SAN_PHAM", 5)
        ]


def test_a_store_made_before_the_column_learns_it(with_column, tmp_path):
    (before,) = write_templates(["T34-01"], 2025, "annual", tmp_path / "before")
    fill(before, shipped("schemas"), PRODUCT)
    (after,) = write_templates(["T34-24"], 2025, "annual", tmp_path / "after", schemas=with_column)
    fill(after, with_column, PRODUCT | {"barcode": BARCODE})
    store = tmp_path / "national.duckdb"
    assert merge([before], store).in_order
    assert merge([after], store, schemas=with_column).in_order
    with duckdb.connect(store, read_only=True) as connection:
        barcodes = connection.execute("SELECT barcode FROM key_products ORDER BY 1 NULLS FIRST").fetchall()
    assert barcodes == [(None,), (BARCODE,)]
