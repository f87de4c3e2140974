"""Puts a reminder into words: what a unit still owes in a round, and by when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from xltrack.forms import Round, Schemas
from xltrack.language import Lang, Text
from xltrack.report.answer import OFFICE
from xltrack.report.reply import moment, round_name, unit_name
from xltrack.report.writing import Filling, TemplateName
from xltrack.store import UnitState, UnitStatus

OWING: Final[Mapping[UnitState, Text]] = {
    "missing": Text(
        "Đến {known}, chưa nhận được {round} của quý cơ quan.", "By {known} no {round} had come from you."
    ),
    "rejected": Text(
        "Đến {known}, {round} của quý cơ quan đã đến nhưng CHƯA được chấp nhận: đề nghị sửa theo thư trả lời đã "
        "gửi và "
        "gửi lại.",
        "By {known} your {round} had come but is NOT accepted yet: please mend it as the answer to it says, and "
        "send it "
        "again.",
    ),
    "incomplete": Text(
        "Đến {known}, mới nhận được {round} của một phần các tỉnh nay là {name}.",
        "By {known} the {round} had come from only some of the provinces that now are {name}.",
    ),
}
"""What is said of a unit in the states in which it is reminded; what is held waits for us, not for its sender."""
_LEFT: Final = Text("còn {count} ngày", "in {count} days")
_LAST_DAY: Final = Text("hôm nay là ngày cuối", "which is today")
_LATE: Final = Text("đã quá {count} ngày", "{count} days ago")


@dataclass(frozen=True, slots=True)
class Reminder:
    """Who is reminded of which round, on which day; `known` is the moment up to which it is known what has come."""

    unit: UnitStatus
    round: Round
    day: date
    known: datetime

    @property
    def template(self) -> TemplateName:
        """Return which template says it: before or after the last day on which a return is on time."""
        return "remind_after" if self.day > self.round.on_time_until else "remind_before"


def reminder_filling(reminder: Reminder, schemas: Schemas, lang: Lang, office: str | None) -> Filling:
    """Return what a template of reminders may name, in `lang`."""
    unit, due = reminder.unit, reminder.round.on_time_until
    facts = {
        "round": round_name(reminder.round, schemas, lang),
        "known": moment(reminder.known, lang),
        "name": unit.name.to(lang),
    }
    words = {
        "unit": unit_name(unit.name, lang),
        "standing": OWING[unit.state].to(lang).format(**facts),
        "round": facts["round"],
        "known": facts["known"],
        "due": f"{due:%d/%m/%Y}",
        "days": _days((due - reminder.day).days).to(lang),
        "form": schemas.form().id,
        "office": office or OFFICE.to(lang),
    }
    return Filling(words, {})


def _days(left: int) -> Text:
    sentence = _LAST_DAY if left == 0 else _LEFT if left > 0 else _LATE
    count = abs(left)
    english = sentence.en.format(count=count)
    return Text(
        sentence.vi.format(count=count), english.replace("1 days", "1 day") if count == 1 else english
    )
