"""Rows that are no records are known for what they are; rows that are records are never taken for anything else."""

import pytest

from tests.sheets import write_xlsxwriter
from tests.test_reading import SCHEMAS, read, said, sheets
from xltrack.findings import message
from xltrack.reading.codes import several

TOOLS = SCHEMAS.code_lists["tools"]
SEVERAL = r"""
ISO 9001, 5S, Lean               | ISO-9001 5S LEAN
ISO 9001 và 5S                   | ISO-9001 5S
1) ISO 9001 2) 5S                | ISO-9001 5S
1. ISO 9001\n2. 5S               | ISO-9001 5S
- ISO 9001\n- Lean               | ISO-9001 LEAN
ISO 9001 & 14001                 | ISO-9001 ISO-14001
ISO 9001/14001                   | ISO-9001 ISO-14001
ISO/IEC 17025; ISO 9001.         | ISO-17025 ISO-9001
ISO/IEC 17025                    |
ISO 9001, chưa rõ                |
Sàng lọc, sắp xếp                |
Chứng nhận, công bố hợp chuẩn    |
5S, 5 S                          |
"""


@pytest.mark.parametrize("line", SEVERAL.strip().splitlines())
def test_c9_a_list_in_one_cell_is_told_from_one_name_with_a_comma(line):
    text, codes = (part.strip() for part in line.split("|"))
    assert [code.code for code in several(TOOLS, text.replace("\\n", "\n"), None, None)] == codes.split()


def test_c9_several_codes_in_one_cell_are_named_one_by_one(tmp_path):
    applications = """
    | application_id | programme | tax_code    | tool_code        | status     |
    | HT001          | '1322     | '0100233488 | ISO 9001, và 5S  | Hoàn thành |
    | HT002          | '1322     | '0100233488 | ISO 9001         | Hoàn thành |
    """
    book = read(write_xlsxwriter(tmp_path / "a.xlsx", sheets(applications=applications)))
    assert said(book) == [("XLT227", "AP_DUNG", "D5")]
    found = next(f for f in book.findings if f.code == "XLT227")
    assert "ISO-9001 – ISO 9001" in message(found, "vi")
    assert "5S – 5S" in message(found, "en")
    assert book.tables["applications"].frame["tool_code"].to_list() == [None, "ISO-9001"]
