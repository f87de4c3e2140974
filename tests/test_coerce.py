"""What people type becomes what they mean, or a finding; never something else."""

import math
from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sheets import cell_of
from xltrack.findings import Finding, message
from xltrack.forms import Code, CodeList, Column, Reference, Sheet, load_schemas
from xltrack.language import Text
from xltrack.reading.cells import ErrorValue, Uncalculated, raw_text
from xltrack.reading.codes import Viewpoint
from xltrack.reading.coerce import coerce
from xltrack.reading.numbers import of_number, read_amount, shown
from xltrack.reading.text import clean, is_ditto, is_nothing
from xltrack.reading.values import Setting

NAME = Text("Tên", "Name")
MILLION = 1_000_000


def column(kind, pattern=None, **declared):
    schema = {"pattern": pattern} if pattern else {}
    return Column("x", kind, NAME, NAME, required=False, schema=schema, **declared)


COLUMNS = {
    "text": column("string"),
    "whole": column("integer"),
    "number": column("number"),
    "date": column("date"),
    "yes/no": column("boolean"),
    "money": column("integer", money=True),
    "tax code": column("string", checksum="vn-mst"),
    "code": column("string", references=Reference(None, {"": ("tasks", "task_id")})),
    "period": column("string", pattern="^20[0-9]{2}(-20[0-9]{2})?$"),
    "start": column("date", period_day="first"),
    "end": column("date", period_day="last"),
    "phone": column("string", contact="phone"),
    "email": column("string", contact="email"),
}

TYPED = """
whole   | 5             | 5
whole   | 5.0           | 5
whole   | 5.5           | XLT302
whole   | '5            | 5
whole   | '1.234        | 1234
whole   | '1,234        | XLT304 1.234 1,234
whole   | '1.250.000    | 1250000
whole   | '1,250,000    | 1250000
whole   | '1 250 000    | 1250000
whole   | '1200.000     | XLT304 1.200.000 1.200
whole   | '1200,000     | XLT304 1.200.000 1.200
whole   | '12500.000    | XLT304 12.500.000 12.500
whole   | '(1200.000)   | XLT304 -1.200.000 -1.200
whole   | '0.125        | XLT302
whole   | '1\u2009250\u202f000 | 1250000
whole   | '1’250’000     | 1250000
whole   | '–5           | -5
whole   | '"            | XLT322
whole   | '(1.000)      | -1000
whole   | '-5           | -5
whole   | '−5           | -5
whole   | '5,0          | 5
whole   | '5,5          | XLT302
whole   | '12 người     | XLT301
whole   | '12.34.567    | XLT301
whole   | '(5           | XLT301
whole   | '5)           | XLT301
whole   | 'abc          | XLT301
whole   | 'năm 2025     | XLT301
whole   | TRUE          | XLT301
whole   | 2025-03-01    | XLT301
whole   | 1e300         | XLT352
whole   | 1234567890123456 | XLT352
whole   | '1.234.567.890.123.456 | 1234567890123456
whole   | 0             | 0
whole   | '0            | 0
whole   | '-            | nothing
whole   | 'N/A          | nothing
whole   | 'không có     | XLT355 1
whole   | 'KHÔNG CÓ     | XLT355 1
whole   | 'Không.       | XLT355 1
whole   | 'na           | nothing
money   | 'không phát sinh | XLT355 1
number  | 'nil          | XLT355 1
number  | 'không áp dụng | nothing
date    | 'không        | nothing
whole   | 'chưa có      | nothing
number  | 0.15          | 0.15
number  | '1,5          | 1.5
number  | '1.5          | 1.5
number  | '0.125        | 0.125
number  | '0,125        | 0.125
number  | '1.234        | XLT304 1.234 1,234
number  | '1.234,5      | 1234.5
number  | '1,234.5      | 1234.5
number  | '1234.567     | XLT304 1.234.567 1.234,567
number  | '1234.56      | 1234.56
number  | '1 250.5      | 1250.5
number  | '1 250.500    | XLT304 1.250.500 1.250,5
number  | '1.250,500    | XLT304 1.250.500 1.250,5
number  | '1,250.125    | XLT304 1.250.125 1.250,125
number  | '1.250.000,125 | XLT304 1.250.000.125 1.250.000,125
number  | '1.250.000,0000 | 1250000.0
number  | '1 250,5 7    | XLT301
number  | '1.250,000,000 | XLT301
number  | '1200.000.000 | XLT301
number  | '1.250.000,5  | 1250000.5
number  | '15%          | XLT313 15% 15 0,15
number  | '15,5 phần trăm | XLT313 15,5% 15,5 0,155
number  | 1e15          | XLT352
number  | '1'250'000,5  | 1250000.5
number  | ''1234,5      | 1234.5
number  | '1.250.000,5 kg | XLT301
number  | '1,5-2        | XLT301
number  | '>5           | XLT301
number  | '(-5)         | XLT301
number  | '5 + 3        | XLT301
number  | '１２          | XLT301
number  | '½            | XLT301
number  | '5 triệu      | XLT301
number  | '1E+09        | XLT301
money   | 5             | 5000000
money   | 1.15          | 1150000
money   | 0.1           | 100000
money   | 1250.5        | 1250500000
money   | 0.0000001     | XLT310 0,1
money   | '5            | 5000000
money   | '1.234        | 1234000000
money   | '1,234        | XLT304 1.234 1,234
money   | '1,25         | 1250000
money   | '1200.000     | XLT304 1.200.000 1.200
money   | '2500.000 đồng | XLT304 2.500.000 2.500
money   | '1200.000đ    | XLT304 1.200.000 1.200
money   | '1200,000 triệu | XLT304 1.200.000 1.200
money   | '1 250.500    | XLT304 1.250.500 1.250,5
money   | '1.250 tỷ     | 1250000000000 XLT315 1.250.000.000.000
money   | '1.250.000 đ  | 1250000 XLT315 1.250.000
money   | '1.250.000VNĐ | 1250000 XLT315 1.250.000
money   | '5 triệu      | 5000000 XLT315 5.000.000
money   | '5 tr         | 5000000 XLT315 5.000.000
money   | '1,25 tỷ      | 1250000000 XLT315 1.250.000.000
money   | '5 TRIỆU      | 5000000 XLT315 5.000.000
money   | '5trđ         | 5000000 XLT315 5.000.000
money   | '5 tr.đ       | 5000000 XLT315 5.000.000
money   | '5 tr. đồng   | 5000000 XLT315 5.000.000
money   | '1,25 tỉ      | 1250000000 XLT315 1.250.000.000
money   | '1,25 ty      | 1250000000 XLT315 1.250.000.000
money   | '1.250.000 vnđ | 1250000 XLT315 1.250.000
money   | '1.250.000 VND | 1250000 XLT315 1.250.000
money   | '1.250.000₫   | 1250000 XLT315 1.250.000
money   | '1.250.000 đồng | 1250000 XLT315 1.250.000
money   | '(1.000) đ    | -1000 XLT315 -1.000
money   | '-5 triệu     | -5000000 XLT315 -5.000.000
money   | '1 tỷ 250 triệu | 1250000000 XLT315 1.250.000.000
money   | '2 tỷ 50 triệu 300 nghìn đồng | 2050300000 XLT315 2.050.300.000
money   | '250 triệu 1 tỷ | XLT301
money   | '1 tỷ 250     | XLT301
money   | '1 tỷ -250 triệu | XLT301
money   | '5 triệu/năm  | XLT301
money   | '5-6 triệu    | XLT301
money   | '1,234 tỷ     | XLT304 1.234 1,234
money   | '10%          | XLT301
money   | 1e15          | XLT352
money   | '1,25 tỷ đồng | 1250000000 XLT315 1.250.000.000
money   | '500 nghìn    | 500000 XLT315 500.000
money   | '0,5 đ        | XLT310 0,5
money   | '5 bao        | XLT301
money   | '5 triệu 200  | XLT301
money   | 'khoảng 5     | XLT301
date    | 2025-03-01    | 2025-03-01
date    | 2025-03-01T14:30 | 2025-03-01
date    | '01/03/2025   | 2025-03-01
date    | '1/3/2025     | 2025-03-01
date    | '1.3.2025     | 2025-03-01
date    | '1-3-2025     | 2025-03-01
date    | '1 / 3 / 2025 | 2025-03-01
date    | '2025-03-01   | 2025-03-01
date    | '2025-03-01T00:00:00 | 2025-03-01
date    | 'ngày 1 tháng 3 năm 2025 | 2025-03-01
date    | 'Ngày 01/3/2025 | 2025-03-01
date    | 45717         | 2025-03-01 XLT332 2025-03-01 1
date    | '29/02/2025   | XLT350
date    | '03/15/2025   | XLT350
date    | '05.03.24     | 2024-03-05 XLT316 2024-03-05
date    | '1/3/25       | 2025-03-01 XLT316 2025-03-01
date    | '1/3/99       | XLT303
date    | '1/3/05       | XLT303
date    | '24/03/05     | XLT303
date    | '31/11/2025   | XLT350
date    | '15/03/2025 10:30 | 2025-03-15
date    | '15/03/2025 10:30:15 | 2025-03-15
date    | 20250315      | XLT303
date    | '20250315     | XLT303
date    | '31/02/24     | XLT350
date    | '5/3/2024 (thứ Ba) | XLT303
date    | '01/03/20025  | XLT317
date    | '01/03/2568   | XLT317
date    | '29/02/1900   | XLT350
date    | 1900-02-28    | XLT317
date    | '5.2025       | XLT303
date    | 60            | XLT303
date    | 'chưa có      | nothing
date    | '-nt-         | XLT322
start   | 'tháng 3/2024 | 2024-03-01 XLT318 2024-03-01 2024-03-01 2024-03-31
start   | 'Tháng 03 năm 2024 | 2024-03-01 XLT318 2024-03-01 2024-03-01 2024-03-31
start   | '3/2024       | 2024-03-01 XLT318 2024-03-01 2024-03-01 2024-03-31
start   | 'T3/2024      | 2024-03-01 XLT318 2024-03-01 2024-03-01 2024-03-31
start   | 'quý I/2025   | 2025-01-01 XLT318 2025-01-01 2025-01-01 2025-03-31
start   | 'Q4.2025      | 2025-10-01 XLT318 2025-10-01 2025-10-01 2025-12-31
start   | '2024         | 2024-01-01 XLT318 2024-01-01 2024-01-01 2024-12-31
start   | 2024          | 2024-01-01 XLT318 2024-01-01 2024-01-01 2024-12-31
start   | 42020         | 2015-01-16 XLT332 2015-01-16 1
start   | 42010.0       | 2015-01-06 XLT332 2015-01-06 1
start   | 32024         | XLT303
start   | '42020        | XLT303
start   | '122024       | XLT303
start   | 122024        | XLT303
start   | '3 2024       | XLT303
start   | 'T32024       | XLT303
start   | 'T3 2024      | 2024-03-01 XLT318 2024-03-01 2024-03-01 2024-03-31
start   | 'tháng 3 năm 2024 | 2024-03-01 XLT318 2024-03-01 2024-03-01 2024-03-31
start   | '3 năm 2024   | XLT303
start   | '03-2024      | 2024-03-01 XLT318 2024-03-01 2024-03-01 2024-03-31
start   | 'tháng 3/2009 | 2009-03-01 XLT318 2009-03-01 2009-03-01 2009-03-31
start   | 1999          | 1999-01-01 XLT318 1999-01-01 1999-01-01 1999-12-31
start   | 'năm 2024     | 2024-01-01 XLT318 2024-01-01 2024-01-01 2024-12-31
start   | '6 tháng đầu năm 2025 | 2025-01-01 XLT318 2025-01-01 2025-01-01 2025-06-30
end     | 'tháng 2/2024 | 2024-02-29 XLT318 2024-02-29 2024-02-01 2024-02-29
end     | 'Quý III năm 2024 | 2024-09-30 XLT318 2024-09-30 2024-07-01 2024-09-30
end     | '6 tháng cuối năm 2025 | 2025-12-31 XLT318 2025-12-31 2025-07-01 2025-12-31
end     | '2024         | 2024-12-31 XLT318 2024-12-31 2024-01-01 2024-12-31
end     | 'quý V/2025   | XLT303
end     | 'tháng 13/2024 | XLT303
end     | '1900         | XLT317
end     | 'tháng 3/2109 | XLT317
end     | 'cuối năm     | XLT303
end     | 45717         | 2025-03-01 XLT332 2025-03-01 1
end     | '15/03/2025   | 2025-03-15
date    | '1/3-2025     | XLT303
date    | 'tháng 3/2025 | XLT303
date    | 'Quý III/2024 | XLT303
date    | '2025         | XLT303
date    | 2025          | XLT303
date    | 45717.5       | XLT303
date    | TRUE          | XLT303
date    | '01/03/0205   | XLT317
date    | '01/03/2205   | XLT317
date    | 1905-03-01    | XLT317
yes/no  | TRUE          | True
yes/no  | FALSE         | False
yes/no  | 1             | True
yes/no  | 0             | False
yes/no  | 'Có           | True
yes/no  | 'co           | True
yes/no  | 'x            | True
yes/no  | '✓            | True
yes/no  | 'Không        | False
yes/no  | 'chưa         | False
yes/no  | '-            | nothing
yes/no  | '✔            | True
yes/no  | 'Đúng         | True
yes/no  | 'C            | True
yes/no  | 'K            | False
yes/no  | 'Y            | True
yes/no  | 'n            | False
yes/no  | 'х            | True
yes/no  | '1            | True
yes/no  | '0            | False
yes/no  | 'Không có     | False
yes/no  | 'N/A          | nothing
yes/no  | '–            | nothing
yes/no  | 'có lẽ        | XLT305
yes/no  | 2             | XLT305
text    | '  Công ty A  | Công ty A
text    | 'Công ty      | Công ty
text    | 'Hoà Bình     | Hoà Bình
text    | 'a\u200bb          | ab
text    | 2025          | 2025
text    | 12.5          | 12.5
text    | 1e15          | XLT312
text    | 'n/a          | nothing
text    | 'Không.       | nothing
text    | ''            | nothing
text    | 'Không áp dụng | nothing
text    | 'Không khí    | Không khí
text    | 'như trên     | XLT322
text    | '-nt-         | XLT322
text    | 'Ðắk Lắk      | Đắk Lắk
text    | 'ðồng         | đồng
text    | 'a_x000D_     | a
text    | 'hoà thuỷ     | hoà thuỷ
text    | '=1+1         | =1+1
text    | '+84 204 3854 | +84 204 3854
text    | '@SUM(A1)     | @SUM(A1)
text    | '\u200b\u00a0   | nothing
text    | '0            | 0
text    | 2025-03-01    | 01/03/2025 XLT353 1
text    | 2025-03-01T14:30 | 01/03/2025 14:30:00 XLT353 1
text    | TRUE          | TRUE XLT354
text    | 'TRUE         | TRUE
text    | 84.01         | 84.01
text    | 'Na           | Na
text    | 'Trống        | Trống
text    | 'nil          | nil
text    | '(trống)      | nothing
code    | 'na           | nothing
code    | TRUE          | TRUE XLT354
phone   | 2025-03-01    | 01/03/2025 XLT353 1
tax code | '0100233488  | 0100233488
tax code | 100233488    | 0100233488 XLT311 0100233488
tax code | '100233488   | 0100233488 XLT311 0100233488
tax code | 100233489    | 100233489
tax code | '0100233488001 | 0100233488-001
tax code | '0100233488-001 | 0100233488-001
tax code | '0100 233 488 | 0100233488
tax code | '0100.233.488 | 0100233488
tax code | 3600000000   | 3600000000
tax code | 79086012345  | XLT356
tax code | '79.086.012.345 | XLT356
tax code | 99086012345  | 99086012345
tax code | '079.086.012.345 | 079086012345
tax code | '001200012345 | 001200012345
tax code | '1.01E+09    | XLT351
tax code | 1e15         | XLT312
tax code | 'chưa rõ     | chưa rõ
tax code | '0100233488.0 | 0100233488
tax code | '100233488.0  | 0100233488 XLT311 0100233488
tax code | ''0100233488  | 0100233488
tax code | 0100233488   | 0100233488 XLT311 0100233488
tax code | 100233488001 | 0100233488-001 XLT311 0100233488-001
tax code | '100233488001 | 0100233488-001 XLT311 0100233488-001
tax code | 999999999999 | 999999999999
tax code | '0100233488–001 | 0100233488-001
tax code | '０１００２３３４８８ | 0100233488
tax code | '1,01E+9     | XLT351
tax code | 2025-03-01   | XLT324
tax code | '-nt-        | XLT322
code    | 123           | 123
code    | '123          | 123
code    | '0123         | 0123
code    | '219E01       | 219E01
code    | ''            | nothing
code    | ''HT01        | HT01
code    | '1.0E+12      | XLT351
code    | 1e15          | XLT312
code    | 1.1           | 1.1 XLT325
code    | '1.10         | 1.10
code    | '1.0          | 1.0
code    | 'НТ-001       | HT-001 XLT321 HT-001
code    | 'ΗΤ001        | HT001 XLT321 HT001
code    | 'Жук          | Жук
code    | 'HT–001       | HT-001
code    | 'HÒA-01       | HOÀ-01
code    | 'HOÀ-01       | HOÀ-01
code    | 'Quỳ-01       | Quỳ-01
code    | 2025-05-03    | XLT324
period  | 2025          | 2025
period  | '2021 - 2025  | 2021-2025
period  | '2021–2025    | 2021-2025
period  | '2021 đến 2025 | 2021 đến 2025
phone   | 2043854123    | 02043854123 XLT330
phone   | 912345678     | 0912345678 XLT330
phone   | '0204 3854 123 - 0912 345 678 | 0204 3854 123 - 0912 345 678
phone   | '+84 204 3854 123 | +84 204 3854 123
phone   | 'tel:02043854123 | 02043854123
phone   | 'gặp văn thư  | gặp văn thư XLT331
email   | 'mailto:a@so.gov.vn | a@so.gov.vn
email   | 'a@so.gov.vn; b@so.gov.vn | a@so.gov.vn; b@so.gov.vn
email   | 'a.so.gov.vn  | a.so.gov.vn XLT331
"""


def lines(table):
    return [tuple(part.strip() for part in line.split("|")) for line in table.strip().splitlines()]


@pytest.fixture(scope="module")
def setting():
    lists = load_schemas().code_lists
    return Setting(lists["currency_units"], lists["yes_no"], factor=MILLION)


def sheet_of(*columns):
    return Sheet("s", "S", NAME, NAME, "table", columns, (), 500, {})


def read(columns, cells, setting):
    return both_ways(sheet_of(*columns), cells, setting)


def both_ways(sheet, cells, setting, marks=None):
    """Return what is read of `cells` one by one, having seen that it is the same where they are read as a whole.

    Whether each cell is made into a value, or each different one and these are spread, makes no difference either.
    """
    rows = range(5, 5 + len(next(iter(cells.values()))))
    found = coerce(sheet, rows, cells, setting, marks)
    for each_different in (True, False):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("xltrack.reading.filled._FEW", 0)
            patch.setattr("xltrack.reading.filled._REPEATED", 0 if each_different else math.inf)
            whole = coerce(sheet, rows, cells, setting, marks)
        assert whole.frame.equals(found.frame)
        assert [*whole.raw.filled] == [*found.raw.filled]
        assert all(whole.raw[name].equals(found.raw[name]) for name in found.raw.filled)
        assert (whole.oddities, whole.cells) == (found.oddities, found.cells)
    return found


@pytest.mark.parametrize(
    ("kind", "typed", "expected"), lines(TYPED), ids=lambda text: text.strip("'") or "blank"
)
def test_a_cell_becomes_what_it_means_or_a_finding(kind, typed, expected, setting):
    found = read([COLUMNS[kind]], {"x": [cell_of(typed)]}, setting)
    value = found.frame["x"][0]
    said = [
        " ".join(
            [odd.code, *(fact.vi if isinstance(fact, Text) else str(fact) for fact in odd.facts.values())]
        )
        for odd in found.oddities
    ]
    meant = [] if value is None else [str(value)]
    assert " ".join(meant + said) == ("" if expected == "nothing" else expected)


@pytest.mark.parametrize("last", ["", 0.5, 1e15, -1e15, 2**63, True, "12", ErrorValue("#REF!")])
def test_numbers_stand_among_the_texts_as_their_sender_would_write_them(last, setting):
    cells = [0.0, -0.0, 7, -5.0, 999_999_999_999_999.0, "", last]
    raw = read([COLUMNS["number"]], {"x": cells}, setting).raw["x"]
    assert raw[:6].to_list() == ["0", "0", "7", "-5", "999999999999999", None]
    assert raw[6] == (raw_text(last) or None)


@pytest.mark.parametrize("kind", COLUMNS)
def test_an_error_value_and_a_formula_without_value_are_found_in_every_column(kind, setting):
    found = read([COLUMNS[kind]], {"x": [ErrorValue("#REF!"), Uncalculated("=B5*2"), ""]}, setting)
    assert [(odd.at, odd.code) for odd in found.oddities] == [(0, "XLT308"), (1, "XLT309")]
    assert "công thức" not in message(Finding("XLT308", value="#REF!"), "vi"), (
        "it may have been pasted as a value"
    )
    assert found.frame["x"].to_list() == [None, None, None]
    assert found.raw["x"].to_list() == ["#REF!", "=B5*2", None]


def test_money_is_exact_where_binary_fractions_are_not(setting):
    thousandths = [at / 1000 for at in range(1, 100_000, 7)]
    found = read([COLUMNS["money"]], {"x": thousandths}, setting)
    assert found.oddities == ()
    assert found.frame["x"].to_list() == [at * 1000 for at in range(1, 100_000, 7)]


def test_a_sum_with_binary_noise_is_read_as_excel_shows_it(setting):
    found = read([COLUMNS["money"]], {"x": [0.1 + 0.2, 1.1 * 3]}, setting)
    assert found.frame["x"].to_list() == [300_000, 3_300_000]


def test_a_workbook_of_the_1904_system_counts_serials_from_1904(setting):
    found = read([COLUMNS["date"]], {"x": [45717 - 1462]}, replace(setting, date_1904=True))
    assert found.frame["x"][0] == date(2025, 3, 1)


def test_frames_have_the_declared_types_whatever_stands_in_the_cells(setting):
    columns = [replace(declared, id=kind) for kind, declared in COLUMNS.items()]
    found = read(columns, {kind: ["", "?!"] for kind in COLUMNS}, setting)
    types = {
        "whole": pl.Int64(), "money": pl.Int64(), "number": pl.Float64(), "date": pl.Date(), "start": pl.Date(),
        "end": pl.Date(), "yes/no": pl.Boolean(),
    }  # fmt: skip
    assert found.frame.schema == {
        "_row": pl.Int32(),
        **{kind: types.get(kind, pl.String()) for kind in COLUMNS},
    }
    assert {kind: found.raw[kind].to_list() for kind in COLUMNS} == {kind: [None, "?!"] for kind in COLUMNS}
    assert found.frame["_row"].to_list() == [5, 6]


def test_a_column_absent_from_the_file_is_null_and_typed(setting):
    columns = [COLUMNS["text"], replace(COLUMNS["date"], id="absent")]
    found = read(columns, {"x": ["a"]}, setting)
    assert found.frame["absent"].to_list() == [None]
    assert found.frame.schema["absent"] == pl.Date()


K = CodeList(
    "vsic", Text("Ngành", "Sectors"), "code_label",
    (
        Code("K", Text("Tài chính, ngân hàng", "Finance"), "2018", valid_to=date(2025, 11, 14)),
        Code("K", Text("Viễn thông", "Telecommunications"), "2025", valid_from=date(2025, 11, 15)),
        Code("01", Text("Hà Nội", "Ha Noi"), "", ("TP Hà Nội",)),
        Code("T63-27", Text("Bắc Ninh", "Bac Ninh"), "", valid_to=date(2025, 6, 30)),
        Code("T34-24", Text("Bắc Ninh", "Bac Ninh"), "", ("24",), valid_from=date(2025, 7, 1)),
    ),
)  # fmt: skip
CODED = """
'01          |      |           | 01
1            |      |           | 01
'ha noi      |      |           | 01
'TP. HÀ NỘI  |      |           | 01
'01 – Hà Nội |      |           | 01
'K           | 2018 |           | K
'K           |      |           | K
'Bắc Ninh    |      |           | XLT307 “T63-27 – Bắc Ninh”, “T34-24 – Bắc Ninh”
'Bắc Ninh    |      | 2026      | T34-24
'Bắc Ninh    |      | 2024      | T63-27
'Bắc Ninh    |      | 2025      | XLT307 “T63-27 – Bắc Ninh”, “T34-24 – Bắc Ninh”
'Viễn thong  |      |           | K
'Tài chính ngân hang | |        | K
'Tài chánh   |      |           | XLT306 Ngành “Tài chính, ngân hàng”
'zzzz        |      |           | XLT306 Ngành không có
'y           |      |           | XLT306 Ngành không có
'nin         |      |           | XLT306 Ngành không có
24           |      |           | T34-24
'24          |      |           | T34-24
2.4          |      |           | XLT306 Ngành “Bắc Ninh”
-24          |      |           | XLT306 Ngành “Bắc Ninh”
'2.4         |      |           | XLT306 Ngành “Bắc Ninh”
'-24         |      |           | XLT306 Ngành “Bắc Ninh”
'2/4         |      |           | XLT306 Ngành “Bắc Ninh”
'01.0        |      |           | XLT306 Ngành “Hà Nội”
0.1          |      |           | XLT306 Ngành “Hà Nội”
'-           |      |           | nothing
"""


@pytest.mark.parametrize(("typed", "parent", "year", "expected"), lines(CODED))
def test_a_code_is_found_under_all_its_spellings(typed, parent, year, expected, setting):
    declared = column("string", code_list="vsic", code_parent="parent")
    viewpoint = Viewpoint(date(int(year), 1, 1), date(int(year), 12, 31)) if year else None
    here = replace(setting, lists={"x": K}, viewpoint=viewpoint)
    found = read(
        [declared, replace(COLUMNS["text"], id="parent")], {"x": [cell_of(typed)], "parent": [parent]}, here
    )
    value = found.frame["x"][0]
    said = [f"{odd.code} {' '.join(fact.vi for fact in odd.facts.values())}" for odd in found.oddities]
    assert " ".join(([value] if value else []) + said) == ("" if expected == "nothing" else expected)


def test_an_open_list_keeps_what_is_not_in_it(setting):
    declared = column("string", code_list="vsic", code_open=True)
    found = read([declared], {"x": ["DP-01", "ha noi"]}, replace(setting, lists={"x": K}))
    assert found.frame["x"].to_list() == ["DP-01", "01"]
    assert found.oddities == ()


vietnamese = st.text("aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạằắ HÒA.,-–()/012345678\n", max_size=20)
odd_text = st.text("aạ\u200b\u00a0\u0323\u0301\t \r\n-–x", max_size=8) | vietnamese


@given(st.lists(odd_text, min_size=1, max_size=6))
def test_reading_texts_in_bulk_is_reading_them_one_by_one(texts):
    found = read([COLUMNS["text"]], {"x": texts}, Setting(K, K))
    plain = [clean(text) for text in texts]
    assert found.frame["x"].to_list() == [
        None if is_nothing(text, is_free=True) or is_ditto(text) else text for text in plain
    ]


@given(odd_text)
def test_cleaning_twice_is_cleaning_once(text):
    assert clean(clean(text)) == clean(text)


@given(
    # What a contact should look like stays a warning, however often it is read.
    st.sampled_from(sorted(set(COLUMNS) - {"phone", "email"})),
    st.one_of(odd_text, st.integers(-(10**9), 10**9), st.dates(), st.booleans()),
)
def test_reading_its_own_output_changes_nothing(kind, cell):
    lists = load_schemas().code_lists
    here = Setting(lists["currency_units"], lists["yes_no"], factor=1)
    once = read([COLUMNS[kind]], {"x": [cell]}, here).frame["x"][0]
    again = read([COLUMNS[kind]], {"x": ["" if once is None else once]}, here)
    assert again.frame["x"][0] == once
    assert again.oddities == ()


@given(st.decimals(-(10**12), 10**12, places=2))
def test_a_number_shown_in_vietnamese_is_read_as_that_number(number):
    amount = read_amount(shown(number).vi)
    assert amount is not None
    assert number in (amount.grouped, amount.decimal)


@given(st.floats(-1e14, 1e14, allow_nan=False))
def test_the_raw_text_of_a_number_is_that_number(number):
    assert float(raw_text(number)) == float(of_number(number))
    assert "e" not in raw_text(number).lower()
