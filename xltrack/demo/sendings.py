"""What arrives, and when: first sendings, corrections, replacements, latecomers."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import reduce
from pathlib import Path

from xltrack.demo.mistakes import CURRENCIES, DOUBTED, ESTIMATED, FORGOTTEN, LATE, REFUSED
from xltrack.demo.occasion import Occasion, Row
from xltrack.demo.programme import Programme
from xltrack.demo.returns import Return, build_return
from xltrack.hanoi import HANOI


def received(day: date) -> datetime:
    """Return the moment of arrival on `day`: four in the afternoon in Hà Nội."""
    return datetime.combine(day, time(16), HANOI)


@dataclass(frozen=True)
class Sending:
    """One workbook as it arrives: what stands in it, and the day on which it comes."""

    content: Return
    day: date

    @property
    def folder(self) -> Path:
        """Return where received files of this day lie, as "2025/2025-11-24"."""
        return Path(str(self.content.round.year)) / self.day.isoformat()

    @property
    def number(self) -> int:
        """Return the number of the sending, as on the cover."""
        number = self.content.cover["submission_no"]
        return number if isinstance(number, int) else 1


def sendings_of(about: Occasion, programme: Programme) -> tuple[Sending, ...]:
    """Return what a unit sends in a round, in order of arrival: one workbook, or a first one and its successor."""
    key = (about.unit.code, about.year)
    right = build_return(about, programme).with_cover(
        currency_unit=CURRENCIES.get(about.unit.code, "million")
    )
    first = date(about.year, 12, 3) if key in LATE else date(about.year, 11, 24)
    if key not in REFUSED and key not in FORGOTTEN and key not in ESTIMATED:
        return (Sending(DOUBTED[key](right) if key in DOUBTED else right, first),)
    again = right.with_cover(submission_no=2, signed_on=date(about.year, 11, 27))
    if key in ESTIMATED:
        year_end = date(about.year, 12, 14)
        estimate = right.with_cover(figures_kind="estimate", cut_off_date=year_end)
        actual = _brought_up_to(year_end, again).with_cover(signed_on=date(about.year, 12, 17))
        return Sending(estimate, first), Sending(actual, date(about.year, 12, 18))
    if key in FORGOTTEN:
        wrong = build_return(about, programme, leaving_out=FORGOTTEN[key])
    else:
        wrong = reduce(lambda sent, slip: slip(sent), REFUSED[key], right)
    return Sending(wrong, first), Sending(again, date(about.year, 11, 28))


def _brought_up_to(day: date, sent: Return) -> Return:
    """Return `sent` with its data up to `day`: work still under way goes on into spring, steps due by then are done."""
    spring = date(day.year + 1, 3, 31)

    def extended(row: Row) -> Row:
        late = row["status"] == "doing" and str(row["end_date"]) <= day.isoformat()
        return row | {"end_date": spring} if late else row

    def done(row: Row) -> Row:
        due = row.get("due_date", spring)
        late = row["status"] == "doing" and str(due) <= day.isoformat()
        return row | {"status": "completed", "done_on": due} if late else row

    rows = {
        "applications": [extended(row) for row in sent.rows["applications"]],
        "milestones": [done(row) for row in sent.rows["milestones"]],
    }
    return replace(sent, rows={**sent.rows, **rows}).with_cover(cut_off_date=day)
