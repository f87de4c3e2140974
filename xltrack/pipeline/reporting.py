"""Writes the national report: as a page for a browser, or as the draft in Word that is sent upward."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import polars as pl

from xltrack.documents.page import write_page
from xltrack.documents.subject import Subject
from xltrack.errors import UnknownName
from xltrack.files import replace_file
from xltrack.forms import PeriodKind, Schemas, load_schemas
from xltrack.hanoi import until
from xltrack.language import Lang, Text
from xltrack.pipeline.naming import one_unit
from xltrack.rollup import Rollup
from xltrack.rollup.compute import national
from xltrack.rollup.coverage import RECEIVED
from xltrack.rollup.lineage import make_lineage
from xltrack.store import open_store

PAGE, WORD = ".html", ".docx"


@dataclass(frozen=True, slots=True)
class Edition:
    """Which draft in Word is wanted: of which `year` (None: the newest), of which `unit` (a code or name; None: all).

    `template` is the Word file with the text around the figures, by default the one that is shipped.
    """

    year: int | None = None
    unit: str | None = None
    template: Path | None = None


def write_report(
    store: Path | str,
    output: Path | str,
    edition: Edition | None = None,
    *,
    period: PeriodKind = "annual",
    lang: Lang = "vi",
    schemas: Path | None = None,
    as_of: date | None = None,
) -> Rollup:
    """Write the report of the store at the path `store` to `output`, and return the figures that it tells.

    The ending of `output` says the form: .html, a page that holds all it needs, or .docx, the draft of `edition` in the
    form of Decree 30/2020/NĐ-CP. With `as_of`, a day (to its end in Hà Nội) or a moment, the figures are those of what
    had come by then. Raises UnknownName for another ending, a unit or round of which there is nothing, a placeholder of
    the template that there is none of; StoreError, OutputError. A measure whose sums do not reconcile is named and left
    out.
    """
    target, wanted = Path(output), edition or Edition()
    write = _writer(target)
    _check_edition(target, wanted)
    declared = load_schemas(schemas)
    with (
        open_store(Path(store), declared, read_only=True, as_of=until(as_of) if as_of else None) as opened,
        national(opened, declared, period, leave_out=True) as made,
    ):
        told = target.suffix.lower() == PAGE
        result = replace(made, lineage=make_lineage(opened)) if told else made
    write(result, declared, target, lang, wanted)
    return result


def write_blank_report(output: Path | str, *, of_unit: bool = False, lang: Lang = "vi") -> None:
    """Write the template of the draft in Word to `output` (.docx), with its placeholders.

    With `of_unit` it is that of one unit's report. Raises UnknownName for another ending, OutputError.
    """
    from xltrack.documents.word import blank_word_report

    if Path(output).suffix.lower() != WORD:
        raise _no_form(Path(output), WORD)
    replace_file(Path(output), blank_word_report(lang, of_unit=of_unit))


def _page(rollup: Rollup, schemas: Schemas, path: Path, lang: Lang, _: Edition) -> None:
    write_page(rollup, schemas, path, lang)


def _word(rollup: Rollup, schemas: Schemas, path: Path, lang: Lang, edition: Edition) -> None:
    from xltrack.documents.word import word_report

    unit = one_unit(edition.unit, schemas) if edition.unit else None
    subject = Subject(rollup, schemas, lang, _year(rollup, edition), unit)
    _check_reported(subject)
    replace_file(path, word_report(subject, edition.template))


def _check_reported(subject: Subject) -> None:
    """Raise UnknownName for a unit of which there is no return: a report of it would be one of nothing."""
    unit, rollup = subject.unit, subject.rollup
    if unit is None:
        return
    received = rollup.coverage.filter(unit_code=unit.code, year=subject.year, period_kind=rollup.period_kind)
    counted = rollup.figures.filter(unit_code=unit.code, period=subject.period)
    if counted.is_empty() and received.filter(pl.col("state").is_in(RECEIVED)).is_empty():
        period = subject.named(subject.period)
        kind = Text(f"báo cáo {period.vi} của đơn vị", f"return for {period.en} of the unit")
        hint = Text("Xem `xltrack status`.", "See `xltrack status`.")
        raise UnknownName(kind=kind, name=unit.code, hint=hint)


Write = Callable[[Rollup, Schemas, Path, Lang, Edition], None]
DOCUMENTS: Mapping[str, Write] = {PAGE: _page, WORD: _word}


def _writer(output: Path) -> Write:
    found = DOCUMENTS.get(output.suffix.lower())
    if found is None:
        raise _no_form(output, *DOCUMENTS)
    return found


def _no_form(output: Path, *endings: str) -> UnknownName:
    kind = Text("dạng báo cáo", "form of report")
    hint = Text(f"Dùng một trong: {', '.join(endings)}.", f"Use one of {', '.join(endings)}.")
    return UnknownName(kind=kind, name=output.suffix or output.name, hint=hint)


def _check_edition(output: Path, wanted: Edition) -> None:
    """Raise UnknownName for what only the draft in Word knows: the page shows every year and unit by itself."""
    if output.suffix.lower() == PAGE and wanted != Edition():
        asked = next(name for name in ("year", "unit", "template") if getattr(wanted, name) is not None)
        hint = Text(
            "Trang này có mọi năm và mọi đơn vị, chọn ngay trên trang. Chỉ báo cáo .docx có lựa chọn ấy.",
            "The page has all years and units, to choose from in it. Only a report in .docx has that option.",
        )
        raise UnknownName(kind=Text("lựa chọn của .html", "option of .html"), name=f"--{asked}", hint=hint)


def _year(rollup: Rollup, wanted: Edition) -> int:
    """Return the year asked for, by default the newest, if any return is of its round."""
    has_span = rollup.period_kind == "five_year"
    periods = [period for period in rollup.figures["period"].unique() if ("-" in period) == has_span]
    known = sorted(int(period[-4:]) for period in periods)
    if not known or (wanted.year and wanted.year not in known):
        years = ", ".join(str(year) for year in known)
        listed = Text(years or "không năm nào", years or "no year")
        hint = Text(
            f"Kho dữ liệu có báo cáo loại kỳ này của năm: {listed.vi}. Chọn loại kỳ khác bằng --period.",
            f"The store has returns of this kind for: {listed.en}. Choose another kind with --period.",
        )
        name = f"{rollup.period_kind} {wanted.year or ''}".strip()
        raise UnknownName(kind=Text("báo cáo của kỳ", "return of the round"), name=name, hint=hint)
    return wanted.year or known[-1]
