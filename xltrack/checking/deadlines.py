"""What the arrival of a workbook decides: cut-off date (XLT126), due date (XLT127), day of signing (XLT576)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from xltrack.checking.wording import day
from xltrack.findings import Finding
from xltrack.hanoi import HANOI, in_hanoi, is_day
from xltrack.language import Text

if TYPE_CHECKING:
    from xltrack.checking.rows import Rows
    from xltrack.reading.model import Workbook


@dataclass(frozen=True, slots=True)
class Deadline:
    """A `finding` that is one if the return came on the wrong side of a day: for XLT127 after it, else before it.

    Of its facts those are missing which the arrival gives.
    """

    finding: Finding
    day: date

    def on(self, received: datetime | None) -> Finding | None:
        """Return what is to be said of a return received at `received` (without a zone: Hà Nội time), None: nothing.

        Where nobody says when it came, it was signed by today at the latest.
        """
        if self.finding.code == "XLT576":
            return self._signed(received)
        return None if received is None else self._received(in_hanoi(received))

    def _signed(self, received: datetime | None) -> Finding | None:
        here = in_hanoi(received or datetime.now(HANOI))
        shown = day(here.date())
        arrival = (
            Text(f"ngày nhận tệp {shown.vi}", f"the day of receipt, {shown.en}")
            if received
            else Text(f"hôm nay {shown.vi}", f"today, {shown.en}")
        )
        return self._with({"arrival": arrival}) if here.date() < self.day else None

    def _received(self, here: datetime) -> Finding | None:
        if self.finding.code == "XLT126":
            return self._with({"received": day(here.date())}) if here.date() < self.day else None
        return (
            self._with({"received": _moment(here), "due": day(self.day)}) if here.date() > self.day else None
        )

    def _with(self, facts: Mapping[str, object]) -> Finding:
        return replace(self.finding, facts={**self.finding.facts, **facts})


def on_arrival(deadlines: Iterable[Deadline], received: datetime | None) -> Iterator[Finding]:
    """Yield what is to be said of a return received at `received` (None: nobody says when)."""
    yield from (found for deadline in deadlines if (found := deadline.on(received)))


def deadlines_on(cover: "Rows", workbook: "Workbook") -> Iterator[Deadline]:
    """Yield what the arrival decides of `workbook`, with the one row of its `cover`.

    "Before 30 November" (letter 4258/BKHCN-TĐC) means received by 29 November 23:59:59 in Hà Nội. An estimate
    may name a cut-off to come; an actual figure cannot.
    """
    if workbook.cover is None or cover.frame.is_empty():
        return
    cut_off, signed = (_date(cover, column) for column in ("cut_off_date", "signed_on"))
    if cut_off is not None and workbook.cover.figures_kind == "actual":
        yield Deadline(cover.finding("XLT126", 0, "cut_off_date", {"cut_off": day(cut_off)}), cut_off)
    if signed is not None:
        yield Deadline(cover.finding("XLT576", 0, "signed_on", {"signed": day(signed)}), signed)
    yield Deadline(
        cover.finding("XLT127", 0, cover.sheet.columns[0].id, {}), workbook.cover.round.on_time_until
    )


def _date(cover: "Rows", column: str) -> date | None:
    return cover.frame[column][0] if column in cover.frame.columns else None


def _moment(when: datetime) -> Text:
    shown = day(when.date())
    if is_day(when):
        return Text(f"ngày {shown.vi}", f"on {shown.en}")
    return Text(f"lúc {when:%H:%M} ngày {shown.vi}", f"at {when:%H:%M} on {shown.en}")
