"""What the arrival of a workbook decides: its cut-off date (XLT126) and the due date of its round (XLT127)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from xltrack.checking.wording import day
from xltrack.findings import Finding
from xltrack.hanoi import in_hanoi, is_day
from xltrack.language import Text

if TYPE_CHECKING:
    from xltrack.checking.rows import Rows
    from xltrack.reading.model import Workbook


@dataclass(frozen=True, slots=True)
class Deadline:
    """A `finding` that is one if the return came on the wrong side of a day: for XLT126 before it, for XLT127 after it.

    Of its facts those are missing which the arrival gives.
    """

    finding: Finding
    day: date

    def on(self, received: datetime) -> Finding | None:
        """Return what is to be said of a return received at `received` (without a zone: Hà Nội time), None: nothing."""
        here = in_hanoi(received)
        if self.finding.code == "XLT126":
            return self._with({"received": day(here.date())}) if here.date() < self.day else None
        return (
            self._with({"received": _moment(here), "due": day(self.day)}) if here.date() > self.day else None
        )

    def _with(self, facts: Mapping[str, object]) -> Finding:
        return replace(self.finding, facts={**self.finding.facts, **facts})


def on_arrival(deadlines: Iterable[Deadline], received: datetime | None) -> Iterator[Finding]:
    """Yield what is to be said of a return received at `received`; None: nothing."""
    if received is not None:
        yield from (found for deadline in deadlines if (found := deadline.on(received)))


def deadlines_on(cover: "Rows", workbook: "Workbook") -> Iterator[Deadline]:
    """Yield what the arrival decides of `workbook`, with the one row of its `cover`.

    "Before 30 November" (letter 4258/BKHCN-TĐC) means received by 29 November 23:59:59 in Hà Nội. An estimate
    may name a cut-off to come; an actual figure cannot.
    """
    if workbook.cover is None or cover.frame.is_empty():
        return
    cut_off: date | None = cover.frame["cut_off_date"][0] if "cut_off_date" in cover.frame.columns else None
    if cut_off is not None and workbook.cover.figures_kind == "actual":
        yield Deadline(cover.finding("XLT126", 0, "cut_off_date", {"cut_off": day(cut_off)}), cut_off)
    yield Deadline(
        cover.finding("XLT127", 0, cover.sheet.columns[0].id, {}), workbook.cover.round.on_time_until
    )


def _moment(when: datetime) -> Text:
    shown = day(when.date())
    if is_day(when):
        return Text(f"ngày {shown.vi}", f"on {shown.en}")
    return Text(f"lúc {when:%H:%M} ngày {shown.vi}", f"at {when:%H:%M} on {shown.en}")
