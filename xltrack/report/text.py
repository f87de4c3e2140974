"""Findings as text that an analyst reads in a terminal or pastes into a mail."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from xltrack.findings import Finding, Severity, severity
from xltrack.findings.masking import visible
from xltrack.forms import Schemas, load_schemas
from xltrack.language import Lang, Text, grouped
from xltrack.reading import REASONS, Ignored, Ledger
from xltrack.report.about import about
from xltrack.report.alike import NAMED, Group, Place, groups_by_sheet
from xltrack.report.received import ReceivedFile

SEVERITIES: dict[Severity, Text] = {
    "error": Text("lỗi", "error"),
    "warning": Text("cảnh báo", "warning"),
    "note": Text("ghi chú", "note"),
}
VERDICTS = {
    "accepted": Text("CHẤP NHẬN", "ACCEPTED"),
    "partial": Text("CHẤP NHẬN MỘT PHẦN", "PARTIAL"),
    "held": Text("CHỜ QUYẾT ĐỊNH", "HELD"),
    "rejected": Text("TỪ CHỐI", "REJECTED"),
    "quarantined": Text("CÁCH LY", "QUARANTINED"),
    "unreadable": Text("KHÔNG ĐỌC ĐƯỢC", "UNREADABLE"),
    "duplicate": Text("ĐÃ CÓ", "DUPLICATE"),
    "passed_over": Text("BỎ QUA", "PASSED OVER"),
}
_TO_DO = {
    "rejected": Text("Phải sửa và gửi lại", "To be mended and sent again"),
    "unreadable": Text("Không đọc được", "Could not be read"),
    "quarantined": Text("Bị cách ly", "Quarantined"),
    "held": Text("Chờ quyết định", "Held for a decision"),
}
_WHOLE_FILE = Text("(cả tệp)", "(whole file)")
_NO_DATA = Text("Ô không phải dữ liệu", "Cells of other things")


def as_text(
    files: Sequence[ReceivedFile],
    lang: Lang,
    schemas: Schemas | None = None,
    *,
    ledger: bool = False,
    quiet: bool = False,
) -> str:
    """Return the results of `files`, each with its findings by sheet, and a last line that counts verdicts.

    Units and rounds are named by `schemas` (None: those shipped). `ledger` adds where the cells stand that are no data;
    `quiet` leaves out the files in which nothing was found.
    """
    known = schemas or load_schemas()
    shown = [file for file in files if file.findings or not quiet]
    lines = [line for file in shown for line in _file(file, known, lang, ledger)]
    return "\n".join([*lines, summary(files, lang)])


def summary(files: Sequence[ReceivedFile], lang: Lang) -> str:
    """Return how many files there are of each verdict, and by name those that somebody must send again or decide."""
    verdicts = Counter(file.verdict for file in files)
    parts = ", ".join(
        f"{word.to(lang).lower()} {verdicts[verdict]}"
        for verdict, word in VERDICTS.items()
        if verdicts[verdict]
    )
    total = Text(f"{len(files)} tệp", f"{len(files)} file{'' if len(files) == 1 else 's'}").to(lang)
    lines = [f"{total}: {parts or Text('không thấy tệp nào', 'none found').to(lang)}"]
    for verdict, title in _TO_DO.items():
        named = [visible(file.path.name) for file in files if file.verdict == verdict]
        lines += [f"{title.to(lang)}: {', '.join(named)}"] if named and len(files) > 1 else []
    return "\n".join(lines)


def counted(counts: Mapping[Severity, int], lang: Lang) -> str:
    """Return how many findings there are of each severity, the gravest first: "5 errors, 1 warning"."""
    said = (_number_of(SEVERITIES[one], counts[one], lang) for one in SEVERITIES if counts.get(one))
    return ", ".join(said)


def _number_of(name: Text, count: int, lang: Lang) -> str:
    plural = "s" if lang == "en" and count != 1 else ""
    return f"{grouped(count, lang)} {name.to(lang)}{plural}"


def heading(file: ReceivedFile, schemas: Schemas, lang: Lang) -> tuple[str, str]:
    """Return the path of `file`; and its verdict, who reports what in it, and how many findings there are."""
    counts = Counter(severity(finding) for finding in file.findings)
    found = counted(counts, lang)
    waived = sum(finding.waiver is not None for finding in file.findings)
    found += Text(f", {waived} được miễn trừ", f", {waived} waived").to(lang) if waived else ""
    parts = (VERDICTS[file.verdict].to(lang), about(file, schemas, lang), found)
    return visible(str(file.path)), " · ".join(part for part in parts if part)


def ledger_lines(file: ReceivedFile, lang: Lang, places: bool) -> Iterator[str]:
    """Yield how the cells of `file` add up, if it was read, and with `places` where those are that are no data."""
    if file.ledger.cells:
        yield f"  {_ledger(file.ledger, lang)}"
    if places:
        yield from _ignored(file.ledger.places, lang)


def _file(file: ReceivedFile, schemas: Schemas, lang: Lang, ledger: bool) -> Iterator[str]:
    path, verdict = heading(file, schemas, lang)
    yield from (path, f"  {verdict}")
    yield from by_sheet(file.findings, lang)
    yield from ledger_lines(file, lang, ledger)
    yield ""


def _ledger(book: Ledger, lang: Lang) -> str:
    cells, mapped, ignored = (
        grouped(count, lang) for count in (book.cells, book.mapped, book.cells - book.mapped)
    )
    return Text(
        f"{cells} ô có nội dung = {mapped} ô dữ liệu + {ignored} ô không phải dữ liệu",
        f"cells with content: {cells} = {mapped} of data + {ignored} of other things",
    ).to(lang)


def _ignored(places: Iterable[Ignored], lang: Lang) -> Iterator[str]:
    """Yield, worksheet by worksheet, what the cells are that are no data, how many and where."""
    yield f"  {_NO_DATA.to(lang)}"
    for tab, ignored in groupby(places, key=lambda place: place.tab):
        yield f"    {tab}"
        for place in ignored:
            further = Text(f" và {place.more} vùng nữa", f" and {place.more} more ranges").to(lang)
            where = ", ".join(place.ranges) + (further if place.more else "")
            yield f"    {place.cells:>7} {REASONS[place.reason].to(lang)}: {where}"


def by_sheet(findings: Iterable[Finding], lang: Lang) -> Iterator[str]:
    """Yield the lines that tell `findings`: sheet by sheet, what is alike together, at most so many places of each."""
    for sheet, groups in groups_by_sheet(findings, lang):
        yield f"  {sheet_name(sheet, lang)}"
        for group in groups:
            yield from _group(group, lang)


def _group(group: Group, lang: Lang) -> Iterator[str]:
    one = len(group.places) == 1
    where = place_of(group.places[0], lang) if one else count_of(group, lang)
    told = f": {group.message}" if group.message else ""
    yield f"    {where:<6} {SEVERITIES[group.severity].to(lang)} {group.code}{told}"
    if not one:
        yield from _places(group, lang)
    yield f"           → {group.hint}"


def _places(group: Group, lang: Lang) -> Iterator[str]:
    """Yield the places of `group`: a row for each with what is said of it alone, or one line of them all."""
    more = more_of(group, lang)
    places = [place_of(place, lang) for place in group.places]
    if not any(place.words for place in group.places):
        yield f"           {', '.join(places)}{f' {more}' if more else ''}"
        return
    heads = [("", *group.marks)] if group.marks else []
    rows = [*heads, *((at, *place.words) for at, place in zip(places, group.places, strict=True))]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "           " + "  ".join(map(str.ljust, row, widths)).rstrip()
    if more:
        yield f"           {more}"


def sheet_name(sheet: str | None, lang: Lang) -> str:
    """Return the tab `sheet`, or that the whole file is meant."""
    return _WHOLE_FILE.to(lang) if sheet is None else visible(sheet)


def place_of(place: Place, lang: Lang) -> str:
    """Return where `place` is: a cell, cells below each other, rows; "" for a whole sheet."""
    if not place.at or not place.at[0].isdecimal():
        return place.at
    first, _, last = place.at.partition(":")
    word = Text("dòng", "rows" if last else "row").to(lang)
    return f"{word} {first}–{last}" if last else f"{word} {first}"


def count_of(group: Group, lang: Lang) -> str:
    """Return how many findings `group` has."""
    return Text(f"{group.findings} chỗ", f"{group.findings} places").to(lang)


def more_of(group: Group, lang: Lang) -> str:
    """Return how many findings of `group` are not shown and where the first of them are, "" if all are shown."""
    if not group.rest:
        return ""
    where = ", ".join(place_of(place, lang) for place in group.rest[:NAMED])
    beyond = " …" if len(group.rest) > NAMED else ""
    return Text(f"… và {group.more} chỗ nữa: ", f"… and {group.more} more: ").to(lang) + where + beyond
