"""The parts of one small workbook, to be changed a little by each test."""

from collections.abc import Mapping

from tests.sheets import MAIN, PACKAGE, RELATIONS, SHEET_TYPE

STRICT = "http://purl.oclc.org/ooxml"
DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
CELLS = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>45000</v></c><c r="C1"><v>5</v></c></row>'
"""A text, a date and a number; the text is the first of the shared strings, the date has the second format."""

Parts = Mapping[str, str | bytes | None]


def relationships(*related: tuple[str, str], external: bool = False) -> str:
    """Return the part for relationships (kind, target), called r1, r2 …; a kind without scheme is one of Office."""
    mode = ' TargetMode="External"' if external else ""
    entries = "".join(
        f'<Relationship Id="r{number}" Type="{kind if ":" in kind else f"{RELATIONS}/{kind}"}" '
        f'Target="{target}"{mode}/>'
        for number, (kind, target) in enumerate(related, 1)
    )
    return f'{DECLARED}<Relationships xmlns="{PACKAGE}/relationships">{entries}</Relationships>'


def content_types(*overrides: tuple[str, str], book: str = SHEET_TYPE, main: str = "/xl/workbook.xml") -> str:
    """Return the part for content types: that of the workbook, and `overrides` (part, type)."""
    entries = "".join(
        f'<Override PartName="{part}" ContentType="{kind}"/>' for part, kind in ((main, book), *overrides)
    )
    return (
        f'{DECLARED}<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f"{entries}</Types>"
    )


def book(*tabs: str, more: str = "") -> str:
    """Return the workbook with the sheets `tabs`, whose relationships are r1, r2 …; `more` follows them."""
    sheets = "".join(f'<sheet name="{tab}" sheetId="{n}" r:id="r{n}"/>' for n, tab in enumerate(tabs, 1))
    return (
        f'{DECLARED}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{sheets}</sheets>{more}</workbook>'
    )


def worksheet(rows: str = CELLS, more: str = "") -> str:
    """Return a worksheet with the `rows` (XML); `more` follows them."""
    return f'{DECLARED}<worksheet xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheetData>{rows}</sheetData>{more}</worksheet>'


STRINGS = f'{DECLARED}<sst xmlns="{MAIN}" count="1" uniqueCount="1"><si><t>Tên</t></si></sst>'
STYLES = (
    f'{DECLARED}<styleSheet xmlns="{MAIN}"><fonts count="1"><font><name val="Arial"/></font></fonts>'
    '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>'
)
RELATED = (
    ("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml"), ("styles", "styles.xml"),
)  # fmt: skip
PARTS = {
    "[Content_Types].xml": content_types(),
    "_rels/.rels": relationships(("officeDocument", "xl/workbook.xml")),
    "xl/workbook.xml": book("S"),
    "xl/_rels/workbook.xml.rels": relationships(*RELATED),
    "xl/worksheets/sheet1.xml": worksheet(),
    "xl/sharedStrings.xml": STRINGS,
    "xl/styles.xml": STYLES,
}


def changed(changes: Parts) -> dict[str, str | bytes]:
    """Return the parts with `changes`; None takes a part away."""
    return {name: content for name, content in (PARTS | dict(changes)).items() if content is not None}


def beside(*related: tuple[str, str]) -> str:
    """Return the relationships of the workbook with `related` added."""
    return relationships(*RELATED, *related)


def strict(parts: Mapping[str, str | bytes]) -> dict[str, str | bytes]:
    """Return `parts` in the strict form of ISO 29500, which has other names for the same things."""
    return {
        name: text.replace(RELATIONS, f"{STRICT}/officeDocument/relationships").replace(
            MAIN, f"{STRICT}/spreadsheetml/main"
        )
        for name, text in parts.items()
        if isinstance(text, str)
    }


def prefixed(xml: str, prefix: str = "x") -> str:
    """Return `xml`, whose names have no prefix, with one before each."""
    body = xml.removeprefix(DECLARED).replace(' xmlns="', f' xmlns:{prefix}="')
    return DECLARED + body.replace("</", "<\0").replace("<", f"<{prefix}:").replace(
        f"<{prefix}:\0", f"</{prefix}:"
    )
