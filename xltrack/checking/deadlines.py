"""Compares the arrival of a workbook with its cut-off date (XLT126) and the due date of its round (XLT127)."""

from collections.abc import Iterator
from datetime import date, datetime

from xltrack.checking.rows import Located, Rows
from xltrack.checking.wording import day
from xltrack.hanoi import in_hanoi, is_day
from xltrack.language import Text
from xltrack.reading.model import Workbook


def check_arrival(workbook: Workbook, file: int, cover: Rows, received: datetime) -> Iterator[Located]:
    """Yield XLT126 and XLT127 for one workbook received at `received` (without a zone: Hà Nội time).

    "Before 30 November" (letter 4258/BKHCN-TĐC) means received by 29 November 23:59:59 in Hà Nội. An estimate
    may name a cut-off to come; an actual figure cannot.
    """
    if workbook.cover is None:
        return
    here = in_hanoi(received)
    at = next((at for at, (number, _) in enumerate(cover.places) if number == file), None)
    if at is None:
        return
    cut_off: date | None = cover.frame["cut_off_date"][at] if "cut_off_date" in cover.frame.columns else None
    if cut_off is not None and workbook.cover.figures_kind == "actual" and cut_off > here.date():
        facts = {"cut_off": day(cut_off), "received": day(here.date())}
        yield file, cover.finding("XLT126", at, "cut_off_date", facts)
    due = workbook.cover.round.on_time_until
    if here.date() > due:
        yield (
            file,
            cover.finding(
                "XLT127", at, cover.sheet.columns[0].id, {"received": _moment(here), "due": day(due)}
            ),
        )


def _moment(when: datetime) -> Text:
    shown = day(when.date())
    if is_day(when):
        return Text(f"ngày {shown.vi}", f"on {shown.en}")
    return Text(f"lúc {when:%H:%M} ngày {shown.vi}", f"at {when:%H:%M} on {shown.en}")
