"""Workbooks that are as heavy as the limits allow, or just more: they must neither fill a machine nor take long.

Each is one large part: a beginning, one block again and again, an end; so that it is made in a moment.
"""

import random
import struct
import zlib
from collections.abc import Callable, Mapping

from tests.hostile import BOOK_RELS, MIB, SHEET, STRINGS_PART, STYLES_PART, WORKBOOK, compound
from tests.sheets import MAIN, PACKAGE
from tests.workbook_parts import PARTS, book, changed, relationships, strict
from tests.zips import Item, deflated, flushed, plain, zipped
from xltrack.intake.package import SHEETS
from xltrack.intake.places import LETTERS_OF
from xltrack.intake.worksheet import AREA, COLUMNS, ROWS

PART = 62 * MIB
OTHER = "xl/other.xml"
COMMENTS = "xl/comments1.xml"
PROPERTIES = "docProps/custom.xml"
SHEET_RELS = "xl/worksheets/_rels/sheet1.xml.rels"
BEGIN = f'<worksheet xmlns="{MAIN}"><sheetData>'
END = "</sheetData></worksheet>"
RECORDS = 999_500
TAGS = 6_000_000
LINE = "{} " + "x" * 40


def pieces(form: str, count: int) -> str:
    """Return `form` over and over with other numbers, always the same ones, so that it does not pack too well."""
    numbers = random.Random(1322)
    return "".join(form.format(numbers.randrange(10_000_000)) for _ in range(count))


def big(
    name: str, start: str, block: str, end: str, times: int = 0, beside: Mapping[str, str] | None = None
) -> bytes:
    """Return a workbook with `name`, made of `block` so many times over, or as often as is allowed; parts `beside`."""
    head, middle, tail = start.encode(), block.encode(), end.encode()
    times = times or min(PART // len(middle), (TAGS - 1_000) // (middle.count(b"<") or 1))
    stream = flushed(head) + flushed(middle) * times + deflated(tail)
    crc = zlib.crc32(head)
    for _ in range(times):
        crc = zlib.crc32(middle, crc)
    said = {"size": len(head) + times * len(middle) + len(tail), "crc": zlib.crc32(tail, crc)}
    others = {key: part for key, part in (PARTS | dict(beside or {})).items() if key != name}
    return zipped([*plain(others), Item(name, packed=stream, local=said, central=said)])


def cells(form: str) -> bytes:
    """Return a workbook with as many cells of this `form` as a workbook may have, in rows of 500."""
    times = min(RECORDS, (TAGS - 9_000) // form.count("<")) // 500
    return big(SHEET, BEGIN, f"<row>{pieces(form, 500)}</row>", END, times)


def on_sheet(name: str, kind: str, start: str, block: str, end: str) -> bytes:
    return big(name, start, block, end, beside={SHEET_RELS: relationships((kind, f"/{name}"))})


def _table_of_large_fields() -> bytes:
    """Return a workbook whose directory is full of empty fields."""
    extra = {"extra": struct.pack("<2H", 9, 0) * 16_000}
    return zipped([*plain(PARTS), *(Item(f"a/{at}", method=0, central=extra) for at in range(350))])


def _three_sheets(mebibytes: int, encoding: str) -> list[Item]:
    """Return three sheets of so many MiB each, as items."""
    items = []
    for number in range(1, 4):
        block = f"<row>{pieces('<c><v>{}</v></c>', 500)}</row>"
        content = BEGIN + block * (mebibytes * MIB // len(block.encode(encoding))) + END
        raw = content.encode(encoding)
        items.append(Item(f"xl/worksheets/big{number}.xml", raw, packed=deflated(raw)))
    return items


def _three_sheets_alone(mebibytes: int, encoding: str) -> bytes:
    related = [("worksheet", f"worksheets/big{number}.xml") for number in range(1, 4)]
    parts = changed({SHEET: None, BOOK_RELS: relationships(*related), WORKBOOK: book("S", "T", "U")})
    return zipped([*plain(strict(parts)), *_three_sheets(mebibytes, encoding)])


def _many_sheets(count: int, rows: Callable[[int], str]) -> bytes:
    """Return a workbook of `count` worksheets, of which each has what `rows` makes of its number."""
    tabs = [f"S{number}" for number in range(1, count + 1)]
    related = [("worksheet", f"worksheets/big{number}.xml") for number in range(1, count + 1)]
    parts = changed({SHEET: None, BOOK_RELS: relationships(*related), WORKBOOK: book(*tabs)})
    sheets = {
        f"xl/worksheets/big{number}.xml": f"{BEGIN}{rows(number)}{END}" for number in range(1, count + 1)
    }
    return zipped(plain(parts | sheets))


def _wide_rows(seed: int) -> str:
    """Return rows of a hundred columns each, with styles, numbers and blank cells, in another order for each `seed`."""
    chance = random.Random(seed)
    columns = sorted(chance.sample(range(COLUMNS), 100))
    ways = ("/>", ' s="0"/>', "><v>1</v></c>", ' s="0"><v>1</v></c>')
    return "".join(
        f'<row r="{at}">'
        + "".join(f'<c r="{LETTERS_OF[column]}{at}"{chance.choice(ways)}' for column in columns)
        + "</row>"
        for at in range(1, 9)
    )


def _far_corners(_: int) -> str:
    """Return two rows with the corners of the largest area that is allowed."""
    return "".join(
        f'<row r="{at}"><c r="A{at}"><v>1</v></c><c r="{LETTERS_OF[AREA // ROWS - 1]}{at}"><v>1</v></c></row>'
        for at in (1, ROWS)
    )


HEAVY: dict[str, Callable[[], bytes]] = {
    "one remark": lambda: big(OTHER, "<a><!--", pieces(LINE, 9_999), "--></a>"),
    "one attribute": lambda: big(OTHER, '<a b="', pieces(LINE, 9_999), '"/>'),
    "elements": lambda: big(OTHER, "<a>", pieces('<b c="{}"/>', 9_999), "</a>"),
    "attributes of one element": lambda: big(OTHER, "<a", "".join(f' b{n}=""' for n in range(400_000)), "/>", 1),
    "one value in a cell": lambda: big(
        SHEET, f"{BEGIN}<row><c><v>", pieces("{}" + "0" * 40, 9_999), f"</v></c></row>{END}",
    ),
    "one formula": lambda: big(
        SHEET, f"{BEGIN}<row><c><f>", pieces("{}|[" + "x" * 40, 9_999), f"</f></c></row>{END}",
    ),
    "blank strings": lambda: big(
        STRINGS_PART, f'<sst xmlns="{MAIN}">', "<si><t> </t></si><si/>" * 500 + pieces("<si/><!--{}-->", 500),
        "</sst>",
    ),
    "runs of strings": lambda: big(
        STRINGS_PART, f'<sst xmlns="{MAIN}">', pieces('<si><r><rPr><strike/></rPr><t>{}</t></r></si>', 9_999),
        "</sst>",
    ),
    "many wide sheets": lambda: _many_sheets(SHEETS, _wide_rows),
    "cells in far corners": lambda: _many_sheets(8, _far_corners),
    "errors": lambda: cells('<c t="e"><v>#REF!{}</v></c>'),
    "hidden rows": lambda: big(SHEET, BEGIN, pieces('<row hidden="1" ht="{}"/>', 9_999), END, 104),
    "hidden columns": lambda: big(
        SHEET, f'<worksheet xmlns="{MAIN}"><cols>', pieces('<col min="{0}" max="{0}" hidden="1"/>', 9_999),
        "</cols><sheetData/></worksheet>",
    ),
    "merges": lambda: big(
        SHEET, f'<worksheet xmlns="{MAIN}"><sheetData/><mergeCells>',
        pieces('<mergeCell ref="A{0}:B{0}"/>', 9_999), "</mergeCells></worksheet>",
    ),
    "fonts": lambda: big(
        STYLES_PART, f'<styleSheet xmlns="{MAIN}"><fonts>', pieces('<font><sz val="{}"/></font>', 9_999),
        "</fonts></styleSheet>",
    ),
    "sheets": lambda: big(
        WORKBOOK, f'<workbook xmlns="{MAIN}"><sheets>', pieces('<sheet name="{}"/>', 9_999),
        "</sheets></workbook>",
    ),
    "types": lambda: big(
        "[Content_Types].xml", f'<Types xmlns="{PACKAGE}/content-types">',
        pieces('<Override PartName="{}" ContentType="a"/>', 99_999), "</Types>",
    ),
    "properties": lambda: big(
        PROPERTIES, "<a>", pieces('<b:property xmlns:b="urn:b" name="{0}">{0}</b:property>', 99_999), "</a>",
        beside={"_rels/.rels": relationships(("officeDocument", WORKBOOK), ("custom-properties", PROPERTIES))},
    ),
    "links": lambda: big(
        "xl/externalLinks/_rels/e.xml.rels", f'<Relationships xmlns="{PACKAGE}/relationships">',
        pieces('<Relationship Id="{0}" Target="{0}" TargetMode="External"/>', 50_000), "</Relationships>",
        1, {"xl/externalLinks/e.xml": f'<externalLink xmlns="{MAIN}"/>'},
    ),
    "ends of tags and bars": lambda: big(
        STRINGS_PART, f'<sst xmlns="{MAIN}">', f"<si><t>{pieces('>>>>{}', 2_600)}|</t></si>", "</sst>", 300
    ),
    "a number format of many formats": lambda: big(
        STYLES_PART,
        f'<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="200" formatCode="{"0" * 1_024}"/></numFmts><cellXfs>',
        '<xf numFmtId="200"/>' * 655, "</cellXfs></styleSheet>", 99,
    ),
    "a drawing related many times": lambda: big(
        "xl/d.xml", '<d:wsDr xmlns:d="urn:d">', pieces('<d:a b="{}"/>', 9_999), "</d:wsDr>", 40,
        {SHEET_RELS: relationships(*[("drawing", "/xl/d.xml")] * 20_000)},
    ),
    "properties related many times": lambda: big(
        PROPERTIES, "<a>", pieces('<b c="{}"/>', 9_999), "</a>", 20,
        beside={
            "_rels/.rels": relationships(
                ("officeDocument", WORKBOOK), *[("custom-properties", PROPERTIES)] * 20_000
            )
        },
    ),
    "picture": lambda: zipped([*plain(PARTS), Item("xl/media/a.png", random.Random(1).randbytes(24 * MIB), 0)]),
    "sheets in UTF-16 and the strict form": lambda: _three_sheets_alone(15, "utf-16"),
    "sheets in the strict form": lambda: _three_sheets_alone(12, "utf-8"),
    "fields in the directory": _table_of_large_fields,
    "text": lambda: b"1;2\r\n" * (5 * MIB),
    "page": lambda: b"<html>" + b"<!--" * (6 * MIB),
    "mail": lambda: b"From: a\r\n" + b"x: y\r\n" * (4 * MIB),
    "compound file": lambda: compound(content="Workbook\0".encode("utf-16-le") * (1 * MIB)),
    "ends of zips": lambda: b"PK\3\4" + b"PK\5\6" * (6 * MIB),
}  # fmt: skip
