"""Runs the whole loop: workbooks arrive, are checked, merged and rolled up."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from xltrack.demo.scale import MISSING_UNIT, YEARS
from xltrack.demo.sendings import received
from xltrack.demo.story import Outcome
from xltrack.demo.writing import Written, write_received
from xltrack.errors import OutputError
from xltrack.excel.national import write_national
from xltrack.files import reason_of
from xltrack.forms import load_schemas
from xltrack.intake.sandbox import kept_workers
from xltrack.language import Text
from xltrack.pipeline import FileResult, merge, roll_up, write_templates
from xltrack.pipeline.watching import Watch, silent
from xltrack.rollup import write_csv

RECEIVED, TEMPLATES, STORE, ROLLUP = "goi-ve", "bieu-mau", "national.duckdb", "tong-hop-quoc-gia"
RETURNS = "tra-loi"
"""Where the story proposes to write returns."""
MARK = "SO-LIEU-DUNG-THU.txt"
"""Lies in a folder that the demo made: it says what the folder is, and that the demo may replace it."""
_MARKED = Text(
    "Thư mục này do `xltrack demo` tạo ra. Mọi tên doanh nghiệp, mã số thuế, số liệu đều là dựng thử, không có thật.",
    "This folder was made by `xltrack demo`. All enterprises, tax codes and figures in it are invented.",
)


_MADE_UP = Text(
    "SỐ LIỆU DỰNG THỬ: mọi tên doanh nghiệp, mã số thuế và con số đều không có thật.",
    "MADE-UP DATA: no enterprise, tax code or figure in it is real.",
)


@dataclass(frozen=True)
class _Steps:
    """Joins the steps of several merges into one count for whoever watches."""

    watch: Watch
    before: int
    total: int

    def __call__(self, stage: str, done: int, total: int, item: str) -> None:  # noqa: ARG002  # as Watch declares it
        self.watch(stage, self.before + done, self.total, item)


def run_demo(directory: Path | str, *, quick: bool = False, watch: Watch = silent) -> Outcome:
    """Make the made-up programme in `directory` and return what came of it; `quick`: the round of 2025 alone.

    What an earlier run left in `directory` is replaced. Raises OutputError for a folder with other files in it.
    """
    place = Path(directory)
    _clear(place)
    written = write_received(place / RECEIVED, YEARS[-1:] if quick else YEARS, watch)
    next_year = max(work.year for work in written) + 1
    templates = write_templates(["T34-01", "T34-24", MISSING_UNIT], next_year, "annual", place / TEMPLATES)
    files = tuple(_merged(place, written, watch))
    table = place / f"{ROLLUP}.xlsx"
    rollup = roll_up(place / STORE)
    watch("rollup", 1, 1, "")
    write_national(rollup, load_schemas(), table, notice=_MADE_UP)
    write_csv(rollup, table.with_suffix(".csv"))
    return Outcome(place, written, files, templates, rollup, load_schemas())


def _merged(place: Path, written: Sequence[Written], watch: Watch) -> Iterator[FileResult]:
    """Merge what came on each day, in the order of the days, with the day as its arrival."""
    done = 0
    with kept_workers():
        for day, folder in _days(written):
            steps = _Steps(watch, done, len(written))
            result = merge([folder], place / STORE, received=received(day), watch=steps)
            done += len(result.files)
            yield from result.files


def _days(written: Sequence[Written]) -> list[tuple[date, Path]]:
    return sorted({(work.day, work.path.parent) for work in written})


def _clear(place: Path) -> None:
    """Make an empty, marked folder; refuse one whose files are somebody's own."""
    mark = place / MARK
    try:
        if place.exists() and not mark.exists() and any(place.iterdir()):
            reason = Text(
                "thư mục đang có tệp khác, `xltrack demo` không ghi đè",
                "the folder has other files in it, which stay",
            )
            raise OutputError(path=place, reason=reason)
        for name in (RECEIVED, TEMPLATES, RETURNS):
            shutil.rmtree(place / name, ignore_errors=True)
        for path in (STORE, f"{STORE}.wal", f"{STORE}.head", f"{ROLLUP}.xlsx", f"{ROLLUP}.csv"):
            (place / path).unlink(missing_ok=True)
        place.mkdir(parents=True, exist_ok=True)
        mark.write_text(f"{_MARKED.vi}\n{_MARKED.en}\n", encoding="utf-8")
    except OSError as failure:
        raise OutputError(path=place, reason=reason_of(failure)) from failure
