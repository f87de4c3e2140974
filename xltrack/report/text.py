"""Findings as text that an analyst reads in a terminal or pastes into a mail."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, zip_longest

from xltrack.findings import Finding, Severity, hint, message, severity
from xltrack.language import Lang, Text
from xltrack.reading import REASONS, Ignored, Ledger
from xltrack.report.received import ReceivedFile

SHOWN_PER_CODE = 5
"""So many findings of one code are written out for each sheet; the rest is counted."""

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
}
PASSED_OVER = Text("BỎ QUA", "PASSED OVER")
_TO_DO = {
    "rejected": Text("Phải sửa và gửi lại", "To be mended and sent again"),
    "unreadable": Text("Không đọc được", "Could not be read"),
    "quarantined": Text("Bị cách ly", "Quarantined"),
    "held": Text("Chờ quyết định", "Held for a decision"),
}
_WHOLE_FILE = Text("(cả tệp)", "(whole file)")
_NO_DATA = Text("Ô không phải dữ liệu", "Cells of other things")


def as_text(files: Sequence[ReceivedFile], lang: Lang, *, ledger: bool = False, quiet: bool = False) -> str:
    """Return the results of `files`, each with its findings by sheet, and a last line that counts verdicts.

    `ledger` adds where the cells stand that are no data; `quiet` leaves out the files in which nothing was found.
    """
    shown = [file for file in files if file.findings or not quiet]
    lines = [line for file in shown for line in _file(file, lang, ledger)]
    return "\n".join([*lines, summary(files, lang)])


def summary(files: Sequence[ReceivedFile], lang: Lang) -> str:
    """Return how many files there are of each verdict, and by name those that somebody must send again or decide."""
    verdicts = Counter(_verdict(file) for file in files)
    kinds = (*VERDICTS.values(), PASSED_OVER)
    parts = ", ".join(f"{kind.to(lang).lower()} {verdicts[kind]}" for kind in kinds if verdicts[kind])
    total = Text(f"{len(files)} tệp", f"{len(files)} file{'' if len(files) == 1 else 's'}").to(lang)
    lines = [f"{total}: {parts or Text('không thấy tệp nào', 'none found').to(lang)}"]
    for verdict, title in _TO_DO.items():
        named = [
            file.path.name for file in files if file.verdict == verdict and _verdict(file) is not PASSED_OVER
        ]
        lines += [f"{title.to(lang)}: {', '.join(named)}"] if named and len(files) > 1 else []
    return "\n".join(lines)


def _verdict(file: ReceivedFile) -> Text:
    return PASSED_OVER if file.is_passed_over else VERDICTS[file.verdict]


def _file(file: ReceivedFile, lang: Lang, ledger: bool) -> Iterator[str]:
    counts = Counter(severity(finding) for finding in file.findings)
    found = ", ".join(f"{counts[s]} {name.to(lang)}" for s, name in SEVERITIES.items() if counts[s])
    identity = " · ".join(part for part in (file.form, file.unit, file.round) if part)
    yield f"{file.path}"
    yield f"  {_verdict(file).to(lang)}" + "".join(f" · {part}" for part in (identity, found) if part)
    if file.ledger.cells:
        yield f"  {_ledger(file.ledger, lang)}"
    yield from by_sheet(file.findings, lang)
    if ledger:
        yield from _ignored(file.ledger.places, lang)
    yield ""


def _ledger(book: Ledger, lang: Lang) -> str:
    ignored = book.cells - book.mapped
    return Text(
        f"{book.cells} ô có nội dung = {book.mapped} ô dữ liệu + {ignored} ô không phải dữ liệu",
        f"cells with content: {book.cells} = {book.mapped} of data + {ignored} of other things",
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
    """Yield the lines that tell `findings`: sheet by sheet, code by code, the first few of each and how many more."""
    sheets: dict[str | None, dict[str, list[Finding]]] = defaultdict(lambda: defaultdict(list))
    for finding in findings:
        sheets[finding.sheet][finding.code].append(finding)
    for sheet, codes in sheets.items():
        yield f"  {sheet or _WHOLE_FILE.to(lang)}"
        for same in sorted(codes.values(), key=lambda group: list(SEVERITIES).index(severity(group[0]))):
            yield from _same_code(same, lang)


def _same_code(findings: Sequence[Finding], lang: Lang) -> Iterator[str]:
    shown = findings[:SHOWN_PER_CODE]
    for finding, following in zip_longest(shown, shown[1:]):
        place = finding.cell or (f"{Text('dòng', 'row').to(lang)} {finding.row}" if finding.row else "")
        yield f"    {place:<6} {SEVERITIES[severity(finding)].to(lang)} {finding.code}: {message(finding, lang)}"
        if following is None or hint(following, lang) != hint(finding, lang):
            yield f"           → {hint(finding, lang)}"
    more = len(findings) - len(shown)
    if more > 0:
        counted = Text(
            f"… và {more} chỗ nữa cùng mã {findings[0].code}", f"… and {more} more {findings[0].code}"
        )
        yield f"           {counted.to(lang)}"
