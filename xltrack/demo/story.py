"""Tells in a dozen lines what the demo made, what was found wrong, what came out, and what to try next."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import get_args

import polars as pl

from xltrack.demo.writing import Written
from xltrack.findings import hint, message, severity
from xltrack.forms import Schemas
from xltrack.language import Lang, Text
from xltrack.pipeline.model import FileResult
from xltrack.rollup import Rollup
from xltrack.rollup.plan36 import STAGES
from xltrack.rollup.summary import counted, millions, target_of

_SIZED = Text(
    "quy mô dựng theo số đã công bố: hơn 6.400 doanh nghiệp, 102 mô hình điểm",
    "sized to the published totals: more than 6,400 enterprises, 102 pilot models",
)
ISSUED = STAGES.index("issued")
"""The stage of a Plan 36 plan from which on it is issued, under way or completed."""
PLANS_BY = "2021-2025"
"""The period of the target for provinces with a plan that the years of the demo belong to."""


@dataclass(frozen=True)
class Outcome:
    """What the demo made: the workbooks `written`, the result of each in `files`, templates and national figures."""

    directory: Path
    written: tuple[Written, ...]
    files: tuple[FileResult, ...]
    templates: tuple[Path, ...]
    rollup: Rollup
    schemas: Schemas

    @property
    def years(self) -> list[int]:
        """Return the years reported on."""
        return sorted({work.year for work in self.written})

    @property
    def refused(self) -> list[FileResult]:
        """Return the files that were rejected."""
        return [file for file in self.files if file.verdict == "rejected"]

    @property
    def missing(self) -> list[tuple[int, str]]:
        """Return the provinces that sent nothing: year and code."""
        absent = self.rollup.coverage.filter(
            (pl.col("state") == "missing") & (pl.col("unit_group") == "province")
        )
        return [(row["year"], row["unit_code"]) for row in absent.iter_rows(named=True)]

    @property
    def provinces_with_plan(self) -> int:
        """Return how many of the 34 provinces have a Plan 36 plan issued, under way or completed."""
        stage = pl.col("stage") >= ISSUED
        return self.rollup.plan36.filter((pl.col("view") == "34") & pl.col("counted") & stage).height

    def reconciled(self, measure: str, period: str, view: str = "34", **cut: str) -> tuple[int, int, int]:
        """Return sum over units, counted in several, national: of the provinces as they are after the merger."""
        same = {"measure": measure, "period": period, "view": view, "figures_kind": "actual"} | cut
        row = self.rollup.reconciliation.filter(**same).row(0, named=True)
        return row["sum_over_units"], row["counted_in_several"], row["national"]

    def story(self, lang: Lang) -> str:
        """Return the story in `lang`, one sentence a line."""
        return "\n".join(line.to(lang) for line in _lines(self))


def _lines(done: Outcome) -> Iterator[Text]:
    yield _made(done)
    yield from _found(done)
    yield _merged(done)
    yield _missing(done)
    yield from _figures(done)
    yield _files(done)
    yield from _next(done)


def _made(done: Outcome) -> Text:
    first, last = done.years[0], done.years[-1]
    span = f"{first}" if first == last else f"{first}–{last}"
    units = len({(work.unit, work.year) for work in done.written})
    files, rows = len(done.written), sum(work.rows for work in done.written)
    return Text(
        f"Số liệu DỰNG THỬ, không có thật. Năm {span}: {_vi(units)} báo cáo tỉnh gửi bằng {_vi(files)} tệp Excel, "
        f"{_vi(rows)} dòng.",
        f"MADE-UP data, nothing of it is real. {span}: {units:,} provincial returns sent as {files:,} Excel files, "
        f"{rows:,} rows.",
    )


def _found(done: Outcome) -> Iterator[Text]:
    verdicts = Counter(file.verdict for file in done.files)
    grades = Counter(severity(finding) for file in done.files for finding in file.findings)
    rejected, accepted = verdicts["rejected"], verdicts["accepted"]
    yield Text(
        f"Kiểm tra: chấp nhận {accepted} tệp, từ chối {rejected} tệp có lỗi và các tỉnh đó đã gửi lại; "
        f"{grades['error']} lỗi, {grades['warning']} cảnh báo, {grades['note']} ghi chú.",
        f"Validation: {accepted} files accepted, {rejected} refused for errors and then sent again, corrected; "
        f"{grades['error']} errors, {grades['warning']} warnings, {grades['note']} notes.",
    )
    yield _example(done.refused)


def _example(refused: Sequence[FileResult]) -> Text:
    """Return one finding as the sender would read it, of the newest file refused."""
    file = refused[-1]
    finding = next((f for f in file.findings if f.code == "XLT401"), file.findings[0])
    place = f"{file.path.name} {finding.sheet}!{finding.cell}"
    return Text(
        f"  Ví dụ {place}: {message(finding, 'vi')} → {hint(finding, 'vi')}",
        f"  Example {place}: {message(finding, 'en')} → {hint(finding, 'en')}",
    )


def _merged(done: Outcome) -> Text:
    taken = [(file.unit, file.round) for file in done.files if file.verdict == "accepted"]
    returns = len(set(taken))
    replaced = len(taken) - returns
    late = sum(finding.code == "XLT127" for file in done.files for finding in file.findings)
    return Text(
        f"Hợp nhất: {_vi(returns)} báo cáo có hiệu lực; {replaced} tệp được lần gửi sau thay thế, {late} tệp đến muộn.",
        f"Merged: {returns:,} returns stand; replaced by a later sending: {replaced}; late: {late}.",
    )


def _missing(done: Outcome) -> Text:
    names = [(year, done.schemas.units.by_code[code].name) for year, code in done.missing]
    return Text(
        "Chưa gửi: "
        + ", ".join(f"{name.vi} ({year})" for year, name in names)
        + "; các bộ không có trong bản dựng thử.",
        "Missing: "
        + ", ".join(f"{name.en} ({year})" for year, name in names)
        + "; ministries are no part of the demo.",
    )


def _figures(done: Outcome) -> Iterator[Text]:
    if len(done.years) > 1:
        yield _five_years(done)
        yield _growth(done)
    last = done.years[-1]
    for period in ("2021-2025", str(last)) if len(done.years) > 1 else (str(last),):
        yield _sums(done, period)
    yield _money(done, str(last))
    plans = done.provinces_with_plan
    aims = Text(*(target_of(done.rollup, "PROVINCES-PLAN36", PLANS_BY, lang) for lang in get_args(Lang)))
    yield Text(
        f"Kế hoạch 36: {plans} trên 34 tỉnh đã ban hành (mục tiêu đến 2025: {aims.vi}).",
        f"Plan 36: issued in {plans} of 34 provinces (target by 2025: {aims.en}).",
    )
    if len(done.years) == 1:
        yield Text(
            "Chạy không có --quick để dựng cả 2021–2025, " + _SIZED.vi + ".",
            "Run it without --quick for all of 2021–2025, " + _SIZED.en + ".",
        )


def _sums(done: Outcome, period: str) -> Text:
    """Return how the provinces of either view add up to the same number of enterprises."""
    found, *_ = counted(done.rollup, "enterprises_supported", period)
    in_63, in_34 = found.equation("63"), found.equation("34")
    return Text(
        f"Doanh nghiệp {period.replace('-', '–')}, {in_63.vi}; {in_34.vi}.",
        f"Enterprises {period.replace('-', '–')}, {in_63.en}; {in_34.en}.",
    )


def _money(done: Outcome, period: str) -> Text:
    """Return that money adds up by unit in both views, in millions."""
    sums = {view: done.reconciled("funding", period, view, funding_kind="disbursed") for view in ("63", "34")}
    state = done.rollup.figure("funding_state", period, funding_kind="disbursed")
    amounts = (sums["63"][0], sums["34"][0], sums["34"][2], state)
    vi, en = ([millions(amount, lang) for amount in amounts] for lang in get_args(Lang))
    return Text(
        f"Giải ngân {period}, triệu đồng: cộng 63 tỉnh {vi[0]} = cộng 34 tỉnh {vi[1]} = cả nước {vi[2]}, trong đó "
        f"NSNN {vi[3]}.",
        f"Disbursed {period}, million VND: sum over 63 provinces {en[0]} = sum over 34 provinces {en[1]} = national "
        f"{en[2]}, of which state budget {en[3]}.",
    )


def _five_years(done: Outcome) -> Text:
    enterprises = done.rollup.figure("enterprises_supported", "2021-2025")
    pilots = done.rollup.figure("pilot_models", "2021-2025")
    return Text(
        f"Cả nước 2021–2025: {_vi(enterprises)} doanh nghiệp, {pilots} mô hình điểm ({_SIZED.vi}).",
        f"The nation 2021–2025: {enterprises:,} enterprises, {pilots} pilot models ({_SIZED.en}).",
    )


def _growth(done: Outcome) -> Text:
    counts = [done.rollup.figure("enterprises_supported", str(year)) for year in done.years]
    rates = [100 * (now / before - 1) for before, now in pairwise(counts)]
    pairs = list(zip(done.years[1:], counts[1:], rates, strict=True))
    aims = Text(*(target_of(done.rollup, "ENT-GROWTH", "2021-2030", lang) for lang in get_args(Lang)))
    vi = "".join(f" → {year}: {_vi(count)} (+{_vi(rate)}%)" for year, count, rate in pairs)
    en = "".join(f" → {year}: {count:,} (+{rate:.1f}%)" for year, count, rate in pairs)
    return Text(
        f"  Từng năm, mục tiêu tăng {aims.vi}%: {done.years[0]}: {_vi(counts[0])}{vi}.",
        f"  By year, target +{aims.en}%: {done.years[0]}: {counts[0]:,}{en}.",
    )


def _files(done: Outcome) -> Text:
    place = done.directory
    return Text(
        f"Mở bằng Excel: {place / 'tong-hop-quoc-gia.xlsx'}, trang Tổng quan rồi các trang Pivot. "
        f"Tệp khác: .csv bên cạnh, {place / 'goi-ve'}, {place / 'bieu-mau'}, {place / 'national.duckdb'}.",
        f"Open in Excel: {place / 'tong-hop-quoc-gia.xlsx'}, the sheet Tổng quan, then those named Pivot. "
        f"Other files: .csv beside it, {place / 'goi-ve'}, {place / 'bieu-mau'}, {place / 'national.duckdb'}.",
    )


def _next(done: Outcome) -> Iterator[Text]:
    """Yield what to type next; the file named is one with mistakes in it."""
    wrong = done.refused[-1].path
    store, page = _typed(done.directory / "national.duckdb"), _typed(done.directory / "bao-cao.html")
    yield Text("Thử tiếp:", "Try next:")
    for command in (
        f"xltrack validate {_typed(wrong)} --return {_typed(done.directory / 'tra-loi')}",
        f"xltrack merge {_typed(wrong.parent)} --store {store} --received {wrong.parent.name}",
        f"xltrack report --store {store} -o {page}",
        f"xltrack template {done.missing[0][1]} --year {done.years[-1] + 1}",
    ):
        yield Text(f"  {command}", f"  {command}")


def _typed(path: Path) -> str:
    """Return `path` as it is typed in a command line."""
    return f'"{path}"' if " " in str(path) else str(path)


def _vi(number: float) -> str:
    """Return `number` as Vietnamese write it; one decimal if it is no integer."""
    text = f"{number:,}" if isinstance(number, int) else f"{number:,.1f}"
    return text.translate(str.maketrans(",.", ".,"))
